// SPDX-License-Identifier: MIT
#include "desk/server/hub.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "desk/server/message.h"

namespace gainstage::desk {
namespace {

using std::chrono::milliseconds;

/// A hub whose outlets are written down.
class HubTest : public testing::Test {
 protected:
  Hub::Time now_{};
  Documents documents_;
  std::vector<std::pair<PageId, CloseReason>> closed_;
  std::vector<std::pair<Json, Reply>> commands_;
  std::vector<LiveCommand> controls_;
  std::vector<double> leads_;
  std::vector<double> heard_;
  Hub hub_{documents_,
           {.wake = [](PageId) {},
            .close = [this](PageId page, const CloseReason& reason) { closed_.emplace_back(page, reason); },
            .command = [this](Json message,
                              Reply reply) { commands_.emplace_back(std::move(message), std::move(reply)); },
            .control = [this](const LiveCommand& command) { controls_.push_back(command); },
            .lead_begins = [this](double lead_ms) { leads_.push_back(lead_ms); },
            .heard = [this](double fill_ms) { heard_.push_back(fill_ms); }}};

  HubTest() {
    documents_.set_session("{}");
    documents_.patch_state({{"phase", "opening"}});
    hub_.set_strips({"s0", "s1", "s2"}, 2);
  }

  void say(PageId page, const Json& message) { hub_.on_text(page, message.dump(), now_); }

  /// Everything that waits for the page.
  std::vector<std::string> read(PageId page) {
    std::vector<std::string> all;
    while (auto message = hub_.next_message(page)) all.push_back(message->bytes);
    return all;
  }

  Json reply(PageId page) {
    const auto all = read(page);
    return all.empty() ? Json() : Json::parse(all.back());
  }

  void open(PageId page) {
    hub_.on_page(page);
    read(page);
  }
};

AudioChunk chunk(std::uint64_t number) {
  return {.number = number, .block = {}, .samples = std::vector<float>(960)};
}

std::uint32_t sequence_of(const std::string& frame) {
  std::uint32_t sequence = 0;
  std::memcpy(&sequence, frame.data() + 4, sizeof sequence);
  return sequence;
}

TEST_F(HubTest, GreetsWithTheSessionAndTheState) {
  hub_.on_page(1);
  const auto all = read(1);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], R"({"event":"session","session":{}})");
  EXPECT_EQ(all[1], R"({"event":"state","revision":1,"state":{"phase":"opening"}})");
}

TEST_F(HubTest, SendsPatchesOneRevisionAfterAnother) {
  open(1);
  documents_.patch_state({{"phase", "ready"}});
  documents_.patch_state({{"undo", "Fader"}});
  const auto all = read(1);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], R"({"event":"state","revision":2,"patch":{"phase":"ready"}})");
  EXPECT_EQ(all[1], R"({"event":"state","revision":3,"patch":{"undo":"Fader"}})");
}

TEST_F(HubTest, GivesASlowPageTheNewestStateOnly) {
  open(1);
  for (int n = 0; n < 1000; ++n) documents_.patch_state({{"n", n}});
  const auto all = read(1);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(Json::parse(all[0]),
            Json({{"event", "state"}, {"revision", 1001}, {"state", {{"phase", "opening"}, {"n", 999}}}}));
}

TEST_F(HubTest, ConvergesHoweverSlowAPageIs) {
  open(1);
  Json page = {{"phase", "opening"}};
  std::uint64_t revision = 1;
  for (int n = 0; n < 500; ++n) {
    documents_.patch_state({{"n", n}, {"strips", {{"s" + std::to_string(n % 7), {{"fader_db", n}}}}}});
    // Reads one message every n % 5 changes.
    if (n % 5 != 0) continue;
    const auto message = hub_.next_message(1);
    ASSERT_TRUE(message);
    const Json event = Json::parse(message->bytes);
    if (event.contains("state")) {
      page = event["state"];
    } else {
      ASSERT_EQ(event["revision"], revision + 1);
      merge_keeping_nulls(page, event["patch"]);
    }
    revision = event["revision"];
  }
  for (const std::string& text : read(1)) {
    const Json event = Json::parse(text);
    if (event.contains("state")) {
      page = event["state"];
    } else {
      merge_keeping_nulls(page, event["patch"]);
    }
  }
  EXPECT_EQ(page, Json::parse(*documents_.read("state")));
}

TEST_F(HubTest, RepliesAfterTheStateThatTheCommandMade) {
  open(1);
  say(1, {{"id", 17}, {"do", "gain"}});
  ASSERT_EQ(commands_.size(), 1u);
  EXPECT_TRUE(read(1).empty());
  documents_.patch_state({{"undo", "Fader"}});
  commands_[0].second({});
  const auto all = read(1);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_NE(all[0].find("\"patch\""), std::string::npos);
  EXPECT_EQ(all[1], R"({"ok":true,"re":17})");
}

TEST_F(HubTest, RepliesToNobodyWhoHasGone) {
  open(1);
  say(1, {{"id", 1}, {"do", "gain"}});
  hub_.on_gone(1);
  commands_[0].second({});
  EXPECT_FALSE(hub_.next_message(1));
}

TEST_F(HubTest, SaysWhyACommandFailed) {
  open(1);
  say(1, {{"id", "a"}, {"do", "gain"}});
  commands_[0].second(failure(ErrorCode::usage, "No."));
  EXPECT_EQ(reply(1), Json({{"re", "a"}, {"error", {{"code", "usage"}, {"sentence", "No."}}}}));
}

TEST_F(HubTest, ClosesWhatIsNoMessage) {
  for (const char* wrong :
       {"", "x", "[]", "null", "17", "{}", "{\"do\":1}", "{\"do\":null}", "{\"do\":\"ping\"",
        "{\"do\":\"ping\"}}", "{\"do\":\"ping\",\"id\":[]}", "{\"do\":\"ping\",\"id\":{}}",
        "{\"do\":\"\xff\"}", "{\"do\":\"gain\",\"db\":1e999}", "{\"do\":\"gain\",\"db\":NaN}"}) {
    closed_.clear();
    open(1);
    hub_.on_text(1, wrong, now_);
    ASSERT_EQ(closed_.size(), 1u) << wrong;
    EXPECT_EQ(closed_[0].second.code, CloseReason::Code::not_understood) << wrong;
  }
  EXPECT_TRUE(commands_.empty());
}

TEST_F(HubTest, ClosesWhatIsNestedTooDeep) {
  open(1);
  const std::string deep =
      "{\"do\":\"gain\",\"x\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}";
  hub_.on_text(1, deep, now_);
  ASSERT_EQ(closed_.size(), 1u);
  EXPECT_TRUE(read_message(R"({"do":"save","x":"[[[[[[[[[[[[[[[[[[[[[[[[\"[[[["})"));
}

TEST_F(HubTest, ClosesWhoFloods) {
  open(1);
  for (int n = 0; n < 400; ++n) say(1, {{"do", "ping"}});
  EXPECT_TRUE(closed_.empty());
  say(1, {{"do", "ping"}});
  ASSERT_EQ(closed_.size(), 1u);
  EXPECT_EQ(closed_[0].second.code, CloseReason::Code::policy);
}

TEST_F(HubTest, LetsTwoHundredMessagesASecondThrough) {
  open(1);
  for (int n = 0; n < 6000; ++n) {
    now_ += milliseconds(5);
    say(1, {{"do", "ping"}});
    read(1);
  }
  EXPECT_TRUE(closed_.empty());
}

TEST_F(HubTest, ClosesWhoNeverReadsItsAnswers) {
  open(1);
  for (int n = 0; n < 2000 && closed_.empty(); ++n) {
    now_ += milliseconds(10);
    say(1, {{"id", n}, {"do", "gain"}});
  }
  ASSERT_EQ(closed_.size(), 1u);
  EXPECT_EQ(commands_.size(), 1000u);
}

TEST_F(HubTest, ClosesWhoPingsWithoutEnd) {
  open(1);
  for (int n = 0; n < 101; ++n) hub_.on_control_frame(1, now_);
  EXPECT_EQ(closed_.size(), 1u);
}

TEST_F(HubTest, CountsEachPagesAudioForItself) {
  open(1);
  open(2);
  say(1, {{"id", 1}, {"do", "listen"}, {"format", "float32"}});
  hub_.audio(chunk(100));
  say(2, {{"id", 1}, {"do", "listen"}, {"format", "int16"}});
  hub_.audio(chunk(101));
  hub_.audio(chunk(105));
  std::vector<std::uint32_t> one;
  std::vector<std::uint32_t> two;
  std::size_t bytes_of_two = 0;
  for (const std::string& frame : read(1)) {
    if (frame[0] == 1) one.push_back(sequence_of(frame));
  }
  for (const std::string& frame : read(2)) {
    if (frame[0] != 1) continue;
    two.push_back(sequence_of(frame));
    bytes_of_two = frame.size();
  }
  EXPECT_EQ(one, (std::vector<std::uint32_t>{0, 1, 5}));
  EXPECT_EQ(two, (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(bytes_of_two, 24u + 960u * 2u);
}

TEST_F(HubTest, DropsStaleAudioByAGap) {
  open(1);
  say(1, {{"do", "listen"}, {"format", "float32"}, {"lead_ms", 50}});
  for (std::uint64_t n = 0; n < 1000; ++n) hub_.audio(chunk(n));
  const auto all = read(1);
  // 50 ms and 150 ms more, in blocks of 10 ms.
  ASSERT_EQ(all.size(), 20u);
  EXPECT_EQ(sequence_of(all.front()), 980u);
  EXPECT_EQ(sequence_of(all.back()), 999u);
}

TEST_F(HubTest, SendsOtherThingsBetweenAudio) {
  open(1);
  say(1, {{"do", "listen"}, {"format", "float32"}});
  for (std::uint64_t n = 0; n < 4; ++n) hub_.audio(chunk(n));
  documents_.patch_state({{"undo", "Fader"}});
  hub_.meters("\x02 old");
  hub_.meters("\x02 new");
  const auto all = read(1);
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0][0], 1);
  EXPECT_EQ(all[1][0], '{');
  EXPECT_EQ(all[2][0], 1);
  EXPECT_EQ(all[3], "\x02 new");
}

TEST_F(HubTest, LetsTheFirstListenerLead) {
  open(1);
  open(2);
  say(1, {{"do", "listen"}, {"format", "float32"}, {"lead_ms", 40}});
  say(2, {{"do", "listen"}, {"format", "float32"}, {"lead_ms", 80}});
  say(1, {{"do", "heard"}, {"fill_ms", 33}, {"underruns", 0}});
  say(2, {{"do", "heard"}, {"fill_ms", 77}, {"underruns", 0}});
  EXPECT_EQ(heard_, std::vector<double>{33.0});
  hub_.on_gone(1);
  say(2, {{"do", "heard"}, {"fill_ms", 77}, {"underruns", 0}});
  EXPECT_EQ(heard_, (std::vector<double>{33.0, 77.0}));
  EXPECT_EQ(leads_, (std::vector<double>{40.0, 80.0}));
  say(2, {{"do", "listen"}, {"format", nullptr}});
  say(2, {{"do", "heard"}, {"fill_ms", 1}});
  EXPECT_EQ(heard_.size(), 2u);
}

TEST_F(HubTest, RefusesWrongFieldsAndGoesOn) {
  open(1);
  for (const Json& wrong : std::vector<Json>{{{"do", "listen"}},
                                             {{"do", "listen"}, {"format", "mp3"}},
                                             {{"do", "listen"}, {"format", "int16"}, {"lead_ms", 5}},
                                             {{"do", "listen"}, {"format", "int16"}, {"lead_ms", "60"}},
                                             {{"do", "heard"}},
                                             {{"do", "heard"}, {"fill_ms", -1}},
                                             {{"do", "watch"}, {"strip", "s9"}},
                                             {{"do", "watch"}, {"strip", 0}},
                                             {{"do", "watch"}, {"strip", "s0"}, {"tap", "master"}}}) {
    say(1, wrong);
    EXPECT_EQ(reply(1)["error"]["code"], "usage") << wrong;
  }
  EXPECT_TRUE(closed_.empty());
  EXPECT_TRUE(controls_.empty());
}

TEST_F(HubTest, SharesAProbeAmongPagesThatLookAtTheSame) {
  open(1);
  open(2);
  say(1, {{"do", "watch"}, {"strip", "s1"}, {"tap", "insert_in"}});
  say(2, {{"do", "watch"}, {"strip", "s1"}, {"tap", "insert_in"}});
  ASSERT_EQ(controls_.size(), 1u);
  EXPECT_EQ(controls_[0].strip, 1u);
  EXPECT_EQ(controls_[0].tap, LiveTap::insert_in);
  hub_.scope(0, {});
  EXPECT_EQ(read(1).size(), 1u);
  EXPECT_EQ(read(2).size(), 1u);
  hub_.on_gone(1);
  EXPECT_TRUE(hub_.is_watched(0));
  say(2, {{"do", "watch"}, {"strip", nullptr}});
  EXPECT_FALSE(hub_.is_watched(0));
  EXPECT_EQ(controls_.back().strip, LiveCommand::no_strip);
}

TEST_F(HubTest, CallsTheMasterByItsNumber) {
  open(1);
  say(1, {{"do", "watch"}, {"strip", "s2"}});
  hub_.scope(0, {});
  const std::string frame = read(1).at(0);
  EXPECT_EQ(frame.substr(0, 4), std::string("\x03\x00\xff\xff", 4));
  EXPECT_EQ(frame.size(), 28u + 4u * (4 * 31 + 256));
}

TEST_F(HubTest, LooksAtNoMoreThanItHasProbesFor) {
  std::vector<std::string> ids;
  for (int s = 0; s < 9; ++s) ids.push_back("s" + std::to_string(s));
  hub_.set_strips(ids, std::nullopt);
  for (PageId page = 1; page <= 9; ++page) {
    open(page);
    say(page, {{"id", 1}, {"do", "watch"}, {"strip", ids[page - 1]}});
  }
  EXPECT_TRUE(reply(8).contains("ok"));
  EXPECT_TRUE(reply(9).contains("error"));
}

TEST_F(HubTest, AnswersNoReportOfABufferUnlessAsked) {
  open(1);
  say(1, {{"do", "heard"}, {"fill_ms", 60}});
  EXPECT_TRUE(read(1).empty());
  say(1, {{"id", 3}, {"do", "heard"}, {"fill_ms", 60}});
  EXPECT_EQ(reply(1)["re"], 3);
}

}  // namespace
}  // namespace gainstage::desk
