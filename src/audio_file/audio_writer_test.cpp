// SPDX-License-Identifier: MIT
#include "audio_file/audio_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <limits>

#include "audio_file/audio_reader.h"
#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr WriteFormat float_wav{.sample_format = SampleFormat::float32};

// A file system of its own, where the tests may make one (as root).
class SmallDisk {
 public:
  SmallDisk(const std::string& folder, unsigned long flags, const char* options) : folder_(folder) {
    std::filesystem::create_directory(folder);
    is_mounted_ = mount("none", folder.c_str(), "tmpfs", flags, options) == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_mounted() const { return is_mounted_; }

 private:
  std::string folder_;
  bool is_mounted_ = false;
};

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename());
  return names;
}

TEST(AudioWriter, LeavesNothingWhenItIsNotCommitted) {
  const TemporaryFolder folder;
  {
    auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(test::noise(2, 1'000).view()));
    ASSERT_EQ(folder.names().size(), 1u);
    EXPECT_THAT(folder.names()[0], HasSubstr(".a.wav.part-"));
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(AudioWriter, HasTheFinalNameOnlyOnceCommitted) {
  const TemporaryFolder folder;
  auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
  ASSERT_TRUE(writer->write(test::noise(2, 1'000).view()));
  EXPECT_FALSE(std::filesystem::exists(folder / "a.wav"));
  ASSERT_TRUE(writer->commit());
  EXPECT_THAT(folder.names(), ElementsAre("a.wav"));
}

TEST(AudioWriter, CopiesAFileOfAsManyBitsExactly) {
  for (const SampleFormat bits : {SampleFormat::pcm16, SampleFormat::pcm24}) {
    for (const Container container : {Container::wav, Container::flac}) {
      const TemporaryFolder folder;
      const WriteFormat format{.container = container, .sample_format = bits};
      ASSERT_TRUE(test::write_audio(folder / "a", format, test::noise(2, 10'000)));
      auto first = AudioReader::open(folder / "a");
      ASSERT_TRUE(first) << first.error().sentence;
      AudioBuffer samples(2, 10'000);
      ASSERT_EQ(first->read(samples.view()).value(), 10'000u);
      ASSERT_TRUE(test::write_audio(folder / "b", format, samples));
      EXPECT_TRUE(test::bytes_of(folder / "a") == test::bytes_of(folder / "b"));
    }
  }
}

TEST(AudioWriter, MakesTheSameBytesWhateverTheBlockSize) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(2, 70'000);
  for (const SampleFormat bits : {SampleFormat::pcm16, SampleFormat::pcm24, SampleFormat::float32}) {
    const WriteFormat format{.sample_format = bits};
    std::filesystem::remove(folder / "a");
    std::filesystem::remove(folder / "b");
    ASSERT_TRUE(test::write_audio(folder / "a", format, samples, 70'000));
    ASSERT_TRUE(test::write_audio(folder / "b", format, samples, 333));
    EXPECT_TRUE(test::bytes_of(folder / "a") == test::bytes_of(folder / "b"));
  }
}

TEST(AudioWriter, WritesNoTimeIntoTheFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(test::write_audio(folder / "a.wav", float_wav, test::noise(2, 1'000)));
  const std::string bytes = test::bytes_of(folder / "a.wav");
  EXPECT_EQ(bytes.substr(0, bytes.find("data")).find("PEAK"), std::string::npos);
}

TEST(AudioWriter, KeepsWithinOneAndAHalfStepsOfEverySample) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(2, 20'000);
  for (const auto& [bits, step] : {std::pair{SampleFormat::pcm16, 0x1p-15}, {SampleFormat::pcm24, 0x1p-23}}) {
    for (const Container container : {Container::wav, Container::flac}) {
      std::filesystem::remove(folder / "a");
      ASSERT_TRUE(test::write_audio(folder / "a", {.container = container, .sample_format = bits}, samples));
      auto reader = AudioReader::open(folder / "a");
      const auto read = test::read_all(*reader, 2).value();
      for (std::size_t i = 0; i < 20'000; ++i) {
        ASSERT_NEAR(read[1][i], samples.view().channel(1)[i], 1.5 * step + 0x1p-25);
      }
    }
  }
}

TEST(AudioWriter, CountsClippedSamplesOfIntegerFormatsOnly) {
  const TemporaryFolder folder;
  const AudioBuffer loud = test::noise(2, 1'000, 2.0f);
  auto integers = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
  ASSERT_TRUE(integers->write(loud.view()));
  EXPECT_GT(integers->clipped_samples(), 500u);
  auto floats = AudioWriter::create(folder / "b.wav", float_wav, Overwrite::no);
  ASSERT_TRUE(floats->write(loud.view()));
  EXPECT_EQ(floats->clipped_samples(), 0u);
}

TEST(AudioWriter, RefusesSamplesThatAreNotFinite) {
  const TemporaryFolder folder;
  AudioBuffer samples(2, 48'000);
  samples.view().channel(1)[24'000] = std::numeric_limits<float>::quiet_NaN();
  for (const WriteFormat& format : {WriteFormat{}, float_wav}) {
    auto writer = AudioWriter::create(folder / "a.wav", format, Overwrite::no);
    const auto result = writer->write(samples.view());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::bad_input);
    EXPECT_EQ(result.error().where.seconds, 0.5);
    EXPECT_THAT(result.error().sentence, HasSubstr("channel 2"));
  }
}

TEST(AudioWriter, RefusesWhatAFormatCannotHold) {
  const TemporaryFolder folder;
  const auto refusal = [&](const WriteFormat& format) {
    const auto writer = AudioWriter::create(folder / "a", format, Overwrite::no);
    EXPECT_FALSE(writer);
    return writer ? ErrorCode::io : writer.error().code;
  };
  const Container flac = Container::flac;
  EXPECT_EQ(refusal({.container = flac, .sample_format = SampleFormat::float32}), ErrorCode::usage);
  EXPECT_EQ(refusal({.container = flac, .channels = 9}), ErrorCode::usage);
  EXPECT_EQ(refusal({.container = flac, .sample_rate_hz = 700'000}), ErrorCode::usage);
  EXPECT_EQ(refusal({.container = flac, .sample_rate_hz = 88'201}), ErrorCode::usage);
  EXPECT_EQ(refusal({.sample_rate_hz = 44'100.5}), ErrorCode::usage);
  EXPECT_EQ(refusal({.channels = 0}), ErrorCode::usage);
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(AudioWriter, WritesEveryRateThatCanBeRead) {
  const TemporaryFolder folder;
  for (const double rate_hz : {8'000.0, 48'017.0, 65'535.0, 176'400.0, 192'000.0, 384'000.0}) {
    for (const Container container : {Container::wav, Container::flac}) {
      std::filesystem::remove(folder / "a");
      const auto written =
          test::write_audio(folder / "a", {.container = container, .sample_rate_hz = rate_hz, .channels = 1},
                            test::noise(1, 10'000));
      ASSERT_TRUE(written) << rate_hz << " Hz: " << written.error().sentence;
      EXPECT_EQ(AudioReader::open(folder / "a")->info().sample_rate_hz, rate_hz);
    }
  }
}

TEST(AudioWriter, DoesNotOverwriteUnlessAsked) {
  const TemporaryFolder folder;
  test::put_bytes(folder / "a.wav", "mine");
  const auto refused = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::io);
  EXPECT_THAT(refused.error().sentence, HasSubstr("exists"));
  auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::yes);
  ASSERT_TRUE(writer);
  EXPECT_EQ(test::bytes_of(folder / "a.wav"), "mine");
  ASSERT_TRUE(writer->commit());
  EXPECT_TRUE(AudioReader::open(folder / "a.wav"));
}

TEST(AudioWriter, DoesNotOverwriteAFileThatCameUpMeanwhile) {
  const TemporaryFolder folder;
  auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
  ASSERT_TRUE(writer);
  test::put_bytes(folder / "a.wav", "someone else's");
  const auto committed = writer->commit();
  ASSERT_FALSE(committed);
  EXPECT_THAT(committed.error().sentence, HasSubstr("exists"));
  writer = AudioWriter::create(folder / "b.wav", {}, Overwrite::no);
  EXPECT_EQ(test::bytes_of(folder / "a.wav"), "someone else's");
}

TEST(AudioWriter, SaysWhyAFolderTakesNoFile) {
  const TemporaryFolder folder;
  test::put_bytes(folder / "file", "x");
  std::filesystem::create_directory(folder / "taken.wav");
  for (const std::string& path : {folder / "file/a.wav", folder / "none/a.wav", std::string("/proc/a.wav"),
                                  folder / "taken.wav", std::string("")}) {
    const auto writer = AudioWriter::create(path, {}, Overwrite::yes);
    ASSERT_FALSE(writer) << path;
    EXPECT_EQ(writer.error().code, ErrorCode::io);
    EXPECT_EQ(writer.error().where.file, path);
  }
}

TEST(AudioWriter, TakesTheLongestNameAFolderTakes) {
  const TemporaryFolder folder;
  const std::string name = std::string(251, 'n') + ".wav";
  ASSERT_TRUE(test::write_audio(folder / name, {}, test::noise(2, 100)));
  EXPECT_THAT(folder.names(), ElementsAre(name));
}

TEST(AudioWriter, LeavesNothingOnAFullDisk) {
  const TemporaryFolder folder;
  const SmallDisk disk(folder / "disk", 0, "size=256k");
  if (!disk.is_mounted()) GTEST_SKIP() << "Only root can mount a disk to be filled.";
  for (const Container container : {Container::wav, Container::flac}) {
    const auto written =
        test::write_audio(folder / "disk/a", {.container = container}, test::noise(2, 200'000));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::io);
    EXPECT_THAT(written.error().sentence, HasSubstr("disk is full"));
    EXPECT_THAT(names_in(folder / "disk"), IsEmpty());
  }
  const auto written = write_file(folder / "disk/report.json", std::string(500'000, ' '), Overwrite::no);
  ASSERT_FALSE(written);
  EXPECT_THAT(names_in(folder / "disk"), IsEmpty());
}

// What FLAC still holds back is written while it is closed, where libsndfile does not look at the result.
TEST(AudioWriter, NoticesADiskThatIsFullOnlyWhenTheFileIsClosed) {
  const TemporaryFolder folder;
  const SmallDisk disk(folder / "disk", 0, "size=64k");
  if (!disk.is_mounted()) GTEST_SKIP() << "Only root can mount a disk to be filled.";
  auto writer = AudioWriter::create(folder / "disk/a.flac", {.container = Container::flac}, Overwrite::no);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(test::noise(2, 4'000).view()));
  test::put_bytes(folder / "disk/filler", std::string(200'000, 'x'));
  const auto committed = writer->commit();
  ASSERT_FALSE(committed);
  EXPECT_THAT(committed.error().sentence, HasSubstr("disk is full"));
  EXPECT_FALSE(std::filesystem::exists(folder / "disk/a.flac"));
}

TEST(AudioWriter, SaysThatAFolderIsReadOnly) {
  const TemporaryFolder folder;
  const SmallDisk disk(folder / "disk", MS_RDONLY, "");
  if (!disk.is_mounted()) GTEST_SKIP() << "Only root can mount a disk that is read-only.";
  const auto writer = AudioWriter::create(folder / "disk/a.wav", {}, Overwrite::no);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().sentence, HasSubstr("Read-only"));
}

TEST(AudioWriter, StopsAtALimitOfFileSize) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto written = test::write_audio(folder / "a.wav", {}, test::noise(2, 200'000));
    _exit(!written && written.error().code == ErrorCode::io && folder.names().empty() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(AudioWriter, LeavesNoFinalNameWhenItIsKilled) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
    (void)writer->write(test::noise(2, 100'000).view());
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.wav"));
  EXPECT_TRUE(
      test::write_audio(folder / "a.wav", {}, test::noise(2, 100)));  // What it left is in nobody's way.
}

TEST(WriteFile, WritesWholeOrNotAtAll) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_file(folder / "a.json", "{}\n", Overwrite::no));
  EXPECT_EQ(test::bytes_of(folder / "a.json"), "{}\n");
  EXPECT_FALSE(write_file(folder / "a.json", "new", Overwrite::no));
  EXPECT_EQ(test::bytes_of(folder / "a.json"), "{}\n");
  ASSERT_TRUE(write_file(folder / "a.json", "new", Overwrite::yes));
  EXPECT_EQ(test::bytes_of(folder / "a.json"), "new");
  EXPECT_THAT(folder.names(), ElementsAre("a.json"));
}

TEST(WriteFile, TakesTheRelativePathOfTheWorkingFolder) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto written = write_file("-a b.json", "x", Overwrite::no);
  std::filesystem::current_path(before);
  ASSERT_TRUE(written) << written.error().sentence;
  EXPECT_THAT(folder.names(), ElementsAre("-a b.json"));
}

}  // namespace
}  // namespace gainstage
