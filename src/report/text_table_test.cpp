// SPDX-License-Identifier: MIT
#include "report/text_table.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

TEST(TextTable, AlignsColumns) {
  TextTable table({{"Name", Align::left}, {"dB", Align::right}});
  table.add({{"kick"}, {"-3.0"}});
  table.add({{"bass guitar"}, {"-12.5"}});
  EXPECT_EQ(table.text({false, 80}),
            "Name            dB\n"
            "kick          -3.0\n"
            "bass guitar  -12.5\n");
}

TEST(TextTable, CutsTheColumnThatMayShrink) {
  TextTable table({{"Name", Align::left, true}, {"dB", Align::right}});
  table.add({{"a very long name of a track"}, {"-3.0"}});
  EXPECT_EQ(table.text({false, 20}),
            "Name              dB\n"
            "a very long n…  -3.0\n");
}

TEST(TextTable, PutsNotesUnderTheirRow) {
  TextTable table({{"Name", Align::left}});
  table.add({{"kick"}});
  table.note("one two three");
  EXPECT_EQ(table.text({false, 11}), "Name\nkick\n    one two\n    three\n");
}

TEST(TextTable, IsPaintedOnlyWhereColourIsWanted) {
  EXPECT_EQ((TextStyle{false, 80}.paint("x", Ink::bad)), "x");
  EXPECT_EQ((TextStyle{true, 80}.paint("x", Ink::bad)), "\x1b[31mx\x1b[0m");
}

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("kick"), 4u);
  EXPECT_EQ(display_width("Überton"), 7u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);  // e and a combining acute accent.
  EXPECT_EQ(display_width("太鼓"), 4u);
  EXPECT_EQ(display_width("\xff\xfe"), 2u);
}

TEST(Printable, TakesOutWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J"),
            "\xEF\xBF\xBD"
            "2J");  // CSI of ISO 6429 in UTF-8.
  EXPECT_EQ(printable("caf\xE9"), "caf\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // A surrogate.
  EXPECT_EQ(printable("Café 太鼓"), "Café 太鼓");
}

TEST(Indented, MovesEveryLine) { EXPECT_EQ(indented("one two three", 9, 2), "  one two\n  three"); }

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("one two three four", 9, 2), "one two\n  three\n  four");
  EXPECT_EQ(wrapped("  one two three", 9, 2), "  one two\n  three");
  EXPECT_EQ(wrapped("one two", 0, 2), "one two");
  EXPECT_EQ(wrapped("", 9, 2), "");
}

}  // namespace
}  // namespace gainstage
