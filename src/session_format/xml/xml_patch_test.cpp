// SPDX-License-Identifier: MIT
#include "session_format/xml/xml_patch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gainstage {
namespace {

using ::testing::HasSubstr;

XmlText xml(std::string bytes) {
  auto read = XmlText::read(std::move(bytes));
  if (!read) throw std::runtime_error(read.error().sentence);
  return *std::move(read);
}

std::string between(const XmlText& text, ByteRange range) {
  return text.bytes().substr(range.begin, range.end - range.begin);
}

std::string sentence(std::string bytes, const XmlLimits& limits = {}) {
  const auto read = XmlText::read(std::move(bytes), limits);
  return read ? "" : read.error().sentence;
}

TEST(XmlPatch, FindsTheBytesBetweenTheQuotes) {
  const XmlText text = xml(R"(<a><b one="1" two = '2"' three='x &gt; y' four=""/></a>)");
  const pugi::xml_node b = text.root().child("b");
  EXPECT_EQ(between(text, *text.attribute_value(b, "one")), "1");
  EXPECT_EQ(between(text, *text.attribute_value(b, "two")), "2\"");
  EXPECT_EQ(between(text, *text.attribute_value(b, "three")), "x &gt; y");
  EXPECT_EQ(between(text, *text.attribute_value(b, "four")), "");
}

TEST(XmlPatch, TakesNoOtherAttributeForTheOneAskedFor) {
  const XmlText text = xml("<a note=\"value='7'\" xvalue='1' value2='2'\n\tvalue\n=\n'3'>value=\"4\"</a>");
  EXPECT_EQ(between(text, *text.attribute_value(text.root(), "value")), "3");
  const auto missing = text.attribute_value(text.root(), "alue");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().sentence, HasSubstr("no attribute alue"));
}

TEST(XmlPatch, TakesTheFirstOfTwoAttributesAsTheParserDoes) {
  const XmlText text = xml("<a v='1' v='2'/>");
  EXPECT_STREQ(text.root().attribute("v").value(), "1");
  EXPECT_EQ(between(text, *text.attribute_value(text.root(), "v")), "1");
}

TEST(XmlPatch, IsNotMisledByCommentsSectionsAndDeclarations) {
  const std::string bytes =
      "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\r\n<!DOCTYPE a [<!ELEMENT b ANY>]>\n"
      "<!-- <b v='no'/> --><a><![CDATA[<b v='no'/>]]><?b v='no'?><b w='&lt;b v=&quot;no&quot;'/>"
      "<b v='y\xC3\xA9s'/></a>";
  const XmlText text = xml(bytes);
  const pugi::xml_node b = text.root().find_child_by_attribute("v", "y\xC3\xA9s");
  ASSERT_TRUE(b);
  EXPECT_EQ(between(text, *text.attribute_value(b, "v")), "y\xC3\xA9s");
  EXPECT_EQ(text.line(b), 3u);
}

TEST(XmlPatch, FindsTextAndSections) {
  const XmlText text = xml("<a><b x='>'>0 1\n2 3\n</b><c> <![CDATA[5<6]]>\n</c><d/><e>1<f/></e><g></g></a>");
  EXPECT_EQ(between(text, *text.text(text.root().child("b"))), "0 1\n2 3\n");
  EXPECT_EQ(between(text, *text.text(text.root().child("c"))), "5<6");
  EXPECT_EQ(between(text, *text.text(text.root().child("g"))), "");
  EXPECT_FALSE(text.text(text.root().child("d")));
  EXPECT_FALSE(text.text(text.root().child("e")));
}

TEST(XmlPatch, ChangesNothingElse) {
  const std::string bytes = "<a><b v='1'/><b v='2'/>  <b v='3'/></a>\n\n";
  const XmlText text = xml(bytes);
  std::vector<XmlEdit> edits;
  for (const pugi::xml_node b : text.root().children()) {
    if (std::string_view(b.attribute("v").value()) == "2") continue;
    edits.insert(edits.begin(), {*text.attribute_value(b, "v"), escaped_xml("<'1 & 2'>")});
  }
  EXPECT_EQ(*apply_edits(bytes, edits),
            "<a><b v='&lt;&apos;1 &amp; 2&apos;&gt;'/><b v='2'/>  "
            "<b v='&lt;&apos;1 &amp; 2&apos;&gt;'/></a>\n\n");
  EXPECT_EQ(*apply_edits(bytes, {}), bytes);
}

TEST(XmlPatch, EscapesWhatTheParserReadsBack) {
  const std::string nasty = "a\"b'c<d>e&f\ng\th\r\xC3\xA9&amp;";
  const XmlText text = xml("<a v='" + escaped_xml(nasty) + "'/>");
  EXPECT_EQ(text.root().attribute("v").value(), nasty);
}

TEST(XmlPatch, RefusesEditsThatMeet) {
  EXPECT_FALSE(apply_edits("0123456789", {{{2, 5}, "x"}, {{4, 6}, "y"}}));
  EXPECT_FALSE(apply_edits("0123456789", {{{2, 5}, "x"}, {{2, 5}, "x"}}));
  EXPECT_FALSE(apply_edits("0123456789", {{{8, 11}, "x"}}));
}

TEST(XmlPatch, RefusesOtherEncodings) {
  EXPECT_THAT(sentence(std::string("\xFF\xFE<\0a\0", 6)), HasSubstr("UTF-16"));
  EXPECT_THAT(sentence(std::string("\0<\0a\0/\0>", 8)), HasSubstr("UTF-16"));
  EXPECT_THAT(sentence("<?xml version='1.0' encoding='iso-8859-1'?><a/>"), HasSubstr("ISO-8859-1"));
  EXPECT_THAT(sentence("<a v='\xE9'/>"), HasSubstr("Byte 6 of the XML is not UTF-8"));
  EXPECT_THAT(sentence("<a v='\xED\xA0\x80'/>"), HasSubstr("not UTF-8"));  // A surrogate.
  EXPECT_THAT(sentence("<a v='\xC0\xAF'/>"), HasSubstr("not UTF-8"));      // Longer than needed.
  EXPECT_THAT(sentence(std::string("<a>b\0c</a>", 10)), HasSubstr("zero"));
}

TEST(XmlPatch, SaysWhereBrokenXmlBreaks) {
  const auto read = XmlText::read("<a>\n<b>\n</a>");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().where.line, 3u);
  EXPECT_FALSE(sentence("").empty());
  EXPECT_FALSE(sentence("no xml").empty());
}

TEST(XmlPatch, ExpandsNoDeclaredEntities) {
  const XmlText text =
      xml("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;\"><!ENTITY d SYSTEM "
          "\"file:///etc/passwd\">]>"
          "<a v='&c;'>&d;</a>");
  EXPECT_STREQ(text.root().attribute("v").value(), "&c;");
  EXPECT_STREQ(text.root().child_value(), "&d;");
}

TEST(XmlPatch, RefusesWhatIsTooDeepWithoutRecursion) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  for (int i = 0; i < 1'000'000; ++i) deep += "</a>";
  EXPECT_THAT(sentence(deep), HasSubstr("deep"));
  EXPECT_THAT(sentence("<a><b><c/></b></a>", {.depth = 1}), HasSubstr("deep"));
  EXPECT_EQ(sentence("<a><b><c/></b><b><c/></b></a>", {.depth = 2}), "");
}

TEST(XmlPatch, RefusesWhatIsTooMuch) {
  EXPECT_THAT(sentence("<a></a>", {.bytes = 6}), HasSubstr("7 bytes"));
  EXPECT_THAT(sentence("<a b='1'><c/></a>", {.marks = 3}), HasSubstr("4 tags"));
}

}  // namespace
}  // namespace gainstage
