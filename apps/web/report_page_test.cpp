// SPDX-License-Identifier: MIT
#include "report_page.h"

#include <gtest/gtest.h>

#include <string>

namespace gainstage {
namespace {

constexpr std::string_view small_page =
    R"(<body><script id="gainstage-report" type="application/json">null</script><script>draw()</script></body>)";

TEST(FillReportPage, PutsTheJsonInPlaceOfTheEmptyBlock) {
  EXPECT_EQ(
      fill_report_page(small_page, R"({"schema":"gainstage.report/1"})"),
      R"(<body><script id="gainstage-report" type="application/json">{"schema":"gainstage.report/1"}</script>)"
      R"(<script>draw()</script></body>)");
}

TEST(FillReportPage, ReplacesAReportThatIsThereAlready) {
  const std::string once = fill_report_page(small_page, R"({"name":"<a>"})");
  EXPECT_EQ(fill_report_page(once, R"({"name":"b"})"), fill_report_page(small_page, R"({"name":"b"})"));
}

TEST(FillReportPage, LetsNoNameEndTheBlock) {
  const std::string filled = fill_report_page(small_page, R"({"name":"</script><!--<script>run(1);"})");
  EXPECT_NE(filled.find(R"({"name":"\u003c/script>\u003c!--\u003cscript>run(1);"})"), std::string::npos);
  EXPECT_EQ(filled.find("<!--"), std::string::npos);
}

TEST(FillReportPage, KeepsOtherBytesAsTheyAre) {
  const std::string json = "{\"name\":\"Gitarre \xC3\xA4 \\\"links\\\" & \\u2028 $& $1\"}";
  EXPECT_NE(fill_report_page(small_page, json).find(json), std::string::npos);
}

TEST(FillReportPage, IsEmptyWithoutADataBlock) {
  EXPECT_EQ(fill_report_page("", "{}"), "");
  EXPECT_EQ(fill_report_page("<body></body>", "{}"), "");
  EXPECT_EQ(fill_report_page(R"(<script id="gainstage-report" type="application/json">null)", "{}"), "");
}

#if GAINSTAGE_TEST_HTML
TEST(ReportPage, IsOneWholePageWithADataBlock) {
  const std::string_view page = report_page();
  EXPECT_EQ(page.substr(0, 15), "<!doctype html>");
  EXPECT_NE(page.rfind("</html>"), std::string_view::npos);
  EXPECT_EQ(page.find('\0'), std::string_view::npos);
  EXPECT_GT(fill_report_page(page, "{}").size(), 10'000u);
}

TEST(ReportPage, HasItsDataBlockBeforeAnyCodeThatNamesIt) {
  const std::string_view page = report_page();
  EXPECT_EQ(page.find("gainstage-report\""), page.find("id=\"gainstage-report\"") + 4);
}

TEST(ReportPage, AllowsNoRequest) {
  EXPECT_NE(report_page().find("default-src 'none'"), std::string_view::npos);
}
#else
TEST(ReportPage, IsEmptyInABuildWithoutIt) { EXPECT_TRUE(report_page().empty()); }
#endif

}  // namespace
}  // namespace gainstage
