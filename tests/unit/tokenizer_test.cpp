// The token stream itself; what parsing makes of it is in parser_test.cpp.
#include "frontend/tokenizer.h"

#include <gtest/gtest.h>

#include "frontend/token_stream.h"

namespace dx::frontend {
namespace {

struct Seen {
  T type;
  std::string text;
  bool operator==(const Seen&) const = default;
};

void PrintTo(const Seen& seen, std::ostream* out) { *out << int(seen.type) << ":" << seen.text; }

std::vector<Seen> tokensOf(std::string_view source, Tokenizer::Options options = {},
                           SyntaxErrorInfo* error = nullptr) {
  Tokenizer tokenizer(source, options);
  std::vector<Seen> out;
  for (;;) {
    Token token = tokenizer.next();
    out.push_back({token.type, std::string(token.text)});
    if (token.type == T::ErrorToken && error) *error = tokenizer.error();
    if (token.type == T::EndMarker || token.type == T::ErrorToken) return out;
  }
}

TEST(Tokenizer, indentation_becomes_tokens) {
  std::vector<Seen> want = {{T::Name, "if"}, {T::Name, "a"},   {T::Colon, ":"},   {T::Newline, ""},
                            {T::Indent, ""}, {T::Name, "b"},   {T::Newline, ""},  {T::Dedent, ""},
                            {T::Name, "c"},  {T::Newline, ""}, {T::EndMarker, ""}};
  EXPECT_EQ(tokensOf("if a:\n  b\n\n # x\nc\n"), want);
}

TEST(Tokenizer, brackets_hide_newlines) {
  std::vector<Seen> want = {
      {T::LPar, "("}, {T::Name, "a"}, {T::RPar, ")"}, {T::Newline, ""}, {T::EndMarker, ""}};
  EXPECT_EQ(tokensOf("(\n a #\n)\n"), want);
}

TEST(Tokenizer, operators_take_the_longest_match) {
  std::vector<Seen> want = {{T::DoubleStarEqual, "**="}, {T::RightShiftEqual, ">>="},
                            {T::Ellipsis, "..."},        {T::Dot, "."},
                            {T::ColonEqual, ":="},       {T::RArrow, "->"},
                            {T::NotEqual, "!="},         {T::Exclamation, "!"},
                            {T::EndMarker, ""}};
  EXPECT_EQ(tokensOf("**= >>= ... . := -> != !"), want);
}

TEST(Tokenizer, fstrings_are_split) {
  std::vector<Seen> want = {
      {T::FStringStart, "rf'"}, {T::FStringMiddle, "a{"}, {T::LBrace, "{"},
      {T::Name, "b"},           {T::Exclamation, "!"},    {T::Name, "r"},
      {T::Colon, ":"},          {T::FStringMiddle, ">"},  {T::LBrace, "{"},
      {T::Name, "c"},           {T::RBrace, "}"},         {T::FStringMiddle, ""},
      {T::RBrace, "}"},         {T::FStringEnd, "'"},     {T::EndMarker, ""}};
  EXPECT_EQ(tokensOf("rf'a{{{b!r:>{c}}'"), want);
}

TEST(Tokenizer, fields_keep_their_source) {
  Tokenizer tokenizer("t'{ a + b = }'", {});
  for (;;) {
    Token token = tokenizer.next();
    ASSERT_NE(token.type, T::EndMarker);
    if (token.type != T::RBrace) continue;
    EXPECT_TRUE(token.hasMetadata);
    EXPECT_EQ(token.metadata, " a + b = ");
    break;
  }
}

TEST(Tokenizer, positions_are_bytes_of_the_line) {
  Tokenizer tokenizer("a\n \xc3\xa9 '''x\ny'''\n", {});
  Token token = tokenizer.next();
  tokenizer.next();  // newline
  tokenizer.next();  // indent
  token = tokenizer.next();
  EXPECT_EQ(token.line, 2);
  EXPECT_EQ(token.col, 1);
  EXPECT_EQ(token.endCol, 3);
  token = tokenizer.next();
  EXPECT_EQ(token.type, T::String);
  EXPECT_EQ(token.line, 2);
  EXPECT_EQ(token.col, 4);
  EXPECT_EQ(token.endLine, 3);
  EXPECT_EQ(token.endCol, 4);
}

TEST(Tokenizer, extra_tokens_show_comments_and_blank_lines) {
  std::vector<Seen> want = {{T::Comment, "# a"}, {T::Nl, "\n"},      {T::Nl, "\n"},
                            {T::Name, "b"},      {T::Comment, "#c"}, {T::Newline, ""},
                            {T::EndMarker, ""}};
  EXPECT_EQ(tokensOf("# a\n\nb #c\n", {.extraTokens = true}), want);
}

TEST(Tokenizer, type_comments_are_recognized) {
  auto tokens = tokensOf("a # type: int\n#type:ignore[b]\n", {.typeComments = true});
  EXPECT_EQ(tokens[1], (Seen{T::TypeComment, "int"}));
  EXPECT_EQ(tokens[3], (Seen{T::TypeIgnore, "[b]\n"}));
}

TEST(Tokenizer, bad_numbers_say_what_is_wrong) {
  SyntaxErrorInfo error;
  tokensOf("0b12", {}, &error);
  EXPECT_EQ(error.message, "invalid digit '2' in binary literal");
  EXPECT_EQ(error.offset, 4);
  tokensOf("012", {}, &error);
  EXPECT_EQ(error.message,
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for "
            "octal integers");
  tokensOf("1_a", {}, &error);
  EXPECT_EQ(error.message, "invalid decimal literal");
}

TEST(TokenStream, gives_what_tokenize_shows) {
  TokenStream stream("\xc3\xa9 = f'{{x}}'\r\nif a:\n  b", true);
  std::vector<std::string> seen;
  while (stream.next()) {
    const TokenInfo& t = stream.token();
    seen.push_back(std::to_string(t.type) + ":" + t.text + "@" + std::to_string(t.line) + "," +
                   std::to_string(t.col) + "-" + std::to_string(t.endCol));
  }
  std::vector<std::string> want = {
      "1:\xc3\xa9@1,0-1", "55:=@1,2-3", "59:f'@1,4-6", "60:{@1,6-7", "60:x}@1,8-10", "61:'@1,11-12",
      "4:\r\n@1,12-14",   "1:if@2,0-2", "1:a@2,3-4",   "55::@2,4-5", "4:\n@2,5-6",   "5:  @3,0-2",
      "1:b@3,2-3",        "4:@3,3-4",   "6:@4,0-0",    "0:@4,0-0"};
  EXPECT_EQ(seen, want);
  EXPECT_FALSE(stream.failed());
}

TEST(TokenStream, open_bracket_at_the_end_is_an_error) {
  TokenStream stream("(a\n", true);
  while (stream.next()) {
  }
  ASSERT_TRUE(stream.failed());
  EXPECT_EQ(stream.error().message, "unexpected EOF in multi-line statement");
}

TEST(Tokenizer, keywords_are_found_by_spelling) {
  EXPECT_EQ(keywordOf("while"), T::KwWhile);
  EXPECT_EQ(keywordOf("nonlocal"), T::KwNonlocal);
  EXPECT_EQ(keywordOf("whilst"), T::Name);
  EXPECT_EQ(keywordOf("match"), T::Name);
}

}  // namespace
}  // namespace dx::frontend
