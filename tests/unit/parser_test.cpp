// The parser against what CPython 3.14 said (tools/gen_parser_cases.py), and its own contract.
#include "frontend/parser.h"

#include <gtest/gtest.h>

#include "case_file.h"
#include "frontend/dump.h"

namespace dx::frontend {
namespace {

const char* className(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Indentation:
      return "IndentationError";
    case ErrorKind::Tab:
      return "TabError";
    case ErrorKind::Incomplete:
      return "_IncompleteInputError";
    case ErrorKind::Memory:
      return "MemoryError";
    default:
      return "SyntaxError";
  }
}

std::string outcome(std::string_view source, const ParseOptions& options) {
  ParseResult result = parse(source, options);
  if (result.module) return dump(result.module);
  const SyntaxErrorInfo& e = result.error;
  return std::string(className(e.kind)) + "|" + e.message + "|" + std::to_string(e.line) + "|" +
         std::to_string(e.offset) + "|" + std::to_string(e.endLine) + "|" +
         std::to_string(e.endOffset) + "|" + e.text;
}

ParseMode modeOf(const std::string& name) {
  if (name == "eval") return ParseMode::Eval;
  if (name == "single") return ParseMode::Single;
  if (name == "func_type") return ParseMode::FuncType;
  return ParseMode::Exec;
}

std::string repeat(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; i++) out += text;
  return out;
}

SyntaxErrorInfo errorOf(std::string_view source, ParseOptions options = {}) {
  return parse(source, options).error;
}

TEST(Parser, cases_of_cpython_give_the_same_trees_and_errors) {
  auto cases = test::readCases("parser_cases.tsv");
  ASSERT_GT(cases.size(), 200u);
  for (const auto& fields : cases) {
    ASSERT_EQ(fields.size(), 3u);
    std::string source = test::toUtf8(test::unescape(fields[1]));
    std::string want = test::toUtf8(test::unescape(fields[2]));
    EXPECT_EQ(outcome(source, {.mode = modeOf(fields[0]), .sourceIsText = true}), want)
        << fields[1];
  }
}

TEST(Parser, cookie_decides_the_encoding) {
  ParseResult latin = parse("# coding: latin-1\nx = '\xe9'\n");
  ASSERT_TRUE(latin.module);
  EXPECT_EQ(latin.encoding, "iso-8859-1");
  auto* assign = ast::as<ast::Assign>(ast::as<ast::Module>(latin.module)->body[0]);
  EXPECT_EQ(ast::as<ast::Constant>(assign->value)->value.text->view(), "\xc3\xa9");
  ParseResult latin9 = parse("#!/bin/x\n# vim: set fileencoding=iso-8859-15 :\n'\xa4'\n");
  ASSERT_TRUE(latin9.module);
  ParseResult windows = parse("# coding=cp1252\n'\x80'\n");
  ASSERT_TRUE(windows.module);
  EXPECT_TRUE(parse("\xef\xbb\xbf# coding: utf-8\nx\n").module);
}

TEST(Parser, bytes_that_are_not_utf8_are_reported) {
  SyntaxErrorInfo e = errorOf("a\nb = '\xff'\n");
  EXPECT_EQ(e.line, 2);
  EXPECT_EQ(e.offset, 6);
  EXPECT_TRUE(e.message.starts_with("Non-UTF-8 code starting with '\\xff' on line 2"));
  EXPECT_EQ(errorOf("# coding: klingon\n").message, "unknown encoding: klingon");
  EXPECT_EQ(errorOf("\xef\xbb\xbf# coding: latin-1\n").message,
            "encoding problem: iso-8859-1 with BOM");
}

TEST(Parser, nul_bytes_are_refused) {
  SyntaxErrorInfo e = errorOf(std::string_view("a\0b", 3));
  EXPECT_EQ(e.message, "source code string cannot contain null bytes");
  EXPECT_FALSE(e.hasLocation);
  SyntaxErrorInfo inFile = errorOf(std::string_view("a\nb\0\n", 5), {.fileName = "f.py"});
  EXPECT_EQ(inFile.message, "source code cannot contain null bytes");
  EXPECT_EQ(inFile.line, 2);
}

TEST(Parser, deep_nesting_ends_in_a_report) {
  EXPECT_TRUE(parse(repeat("(", 200) + "1" + repeat(")", 200)).module);
  EXPECT_EQ(errorOf(repeat("(", 201)).message, "too many nested parentheses");
  for (const char* prefix : {"-", "not ", "lambda: ", "2**", "a if b else "}) {
    EXPECT_EQ(errorOf(repeat(prefix, 100000) + "1").kind, ErrorKind::Memory) << prefix;
  }
  std::string blocks;
  for (int i = 0; i < 101; i++) blocks += repeat(" ", i) + "if a:\n";
  EXPECT_EQ(errorOf(blocks + repeat(" ", 101) + "b\n").message, "too many levels of indentation");
}

TEST(Parser, long_programs_take_linear_time) {
  EXPECT_TRUE(parse("a" + repeat(" + a", 100000)).module);
  EXPECT_TRUE(parse("if a: b\n" + repeat("elif c: d\n", 50000)).module);
  EXPECT_TRUE(parse("x = [" + repeat("1, ", 200000) + "]").module);
  EXPECT_FALSE(parse("x = [" + repeat("[a for ([b], ", 60) + "1").module);
  EXPECT_FALSE(parse(repeat("f(a=", 150) + "1 2" + repeat(")", 150)).module);
  EXPECT_FALSE(parse(repeat("{1: ", 150) + "1 2" + repeat("}", 150)).module);
  EXPECT_FALSE(parse(repeat("f\"{a[", 140)).module);
  EXPECT_FALSE(parse(repeat("f(a=t\"{*", 90)).module);
  EXPECT_TRUE(parse(repeat("'\\d'\n", 20000)).warnings.size() == 20000u);
  EXPECT_EQ(parse("x = [" + repeat("'\\d', ", 50000) + "]").warnings.size(), 50000u);
}

TEST(Parser, incomplete_input_is_told_from_wrong_input) {
  ParseOptions repl{
      .mode = ParseMode::Single, .dontImplyDedent = true, .allowIncompleteInput = true};
  for (const char* source : {"if a:", "(", "f(a,", "'''", "x = [1,\n", "if a:\n  b", "@a"}) {
    EXPECT_EQ(errorOf(source, repl).kind, ErrorKind::Incomplete) << source;
  }
  for (const char* source : {"a b\n", "1 = a\n", "'a\n", ")\n"}) {
    EXPECT_EQ(errorOf(source, repl).kind, ErrorKind::Syntax) << source;
  }
  EXPECT_TRUE(parse("if a:\n  b\n\n", repl).module);
}

TEST(Parser, escapes_and_numbers_warn_once_each) {
  ParseResult result = parse("x = ('\\d', b'\\400')\ny = 1if 2else 3\nf'\\q{a}'\n");
  ASSERT_TRUE(result.module);
  ASSERT_EQ(result.warnings.size(), 5u);
  EXPECT_EQ(result.warnings[0].message,
            "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. "
            "Did you mean \"\\\\d\"? A raw string is also an option.");
  EXPECT_EQ(result.warnings[0].asError.message,
            "\"\\d\" is an invalid escape sequence. Did you mean \"\\\\d\"? A raw string is also "
            "an option.");
  EXPECT_TRUE(result.warnings[1].message.starts_with("\"\\400\" is an invalid octal escape"));
  EXPECT_EQ(result.warnings[2].message, "invalid decimal literal");
  EXPECT_EQ(result.warnings[2].line, 2);
}

TEST(Parser, type_comments_are_kept_when_asked_for) {
  const char* source = "x = 1  # type: int\nfor a in b:  # type: str\n  pass\n# type: ignore[c]\n";
  ParseResult plain = parse(source);
  EXPECT_EQ(ast::as<ast::Assign>(ast::as<ast::Module>(plain.module)->body[0])->typeComment,
            nullptr);
  ParseResult result = parse(source, {.typeComments = true});
  ASSERT_TRUE(result.module);
  auto* module = ast::as<ast::Module>(result.module);
  EXPECT_EQ(ast::as<ast::Assign>(module->body[0])->typeComment->view(), "int");
  EXPECT_EQ(ast::as<ast::For>(module->body[1])->typeComment->view(), "str");
  ASSERT_EQ(module->typeIgnores.size(), 1u);
}

TEST(Parser, feature_version_refuses_newer_syntax) {
  EXPECT_EQ(errorOf("match a:\n  case b: c\n", {.featureVersion = 9}).message,
            "Pattern matching is only supported in Python 3.10 and greater");
  EXPECT_EQ(errorOf("(a := b)", {.featureVersion = 7}).message,
            "Assignment expressions are only supported in Python 3.8 and greater");
  EXPECT_EQ(errorOf("type A = b", {.featureVersion = 11}).message,
            "Type statement is only supported in Python 3.12 and greater");
}

TEST(Parser, barry_wants_the_diamond) {
  EXPECT_TRUE(parse("a <> b", {.barryAsFlufl = true}).module);
  EXPECT_EQ(errorOf("a != b", {.barryAsFlufl = true}).message,
            "with Barry as BDFL, use '<>' instead of '!='");
  EXPECT_TRUE(parse("from __future__ import barry_as_FLUFL\na <> b\n").module);
}

TEST(Parser, names_are_normalized_and_interned) {
  ParseResult result = parse("\xef\xac\x81 = fi\n");  // U+FB01, the ligature
  ASSERT_TRUE(result.module);
  auto* assign = ast::as<ast::Assign>(ast::as<ast::Module>(result.module)->body[0]);
  EXPECT_EQ(ast::as<ast::Name>(assign->targets[0])->id, ast::as<ast::Name>(assign->value)->id);
}

TEST(Parser, big_decimal_literals_are_limited) {
  EXPECT_EQ(errorOf(repeat("1", 4301)).offset, 0);
  EXPECT_TRUE(errorOf(repeat("1", 4301)).message.starts_with("Exceeds the limit (4300 digits)"));
  EXPECT_TRUE(parse(repeat("1", 4300)).module);
  EXPECT_TRUE(parse(repeat("1", 9000), {.maxIntDigits = 0}).module);
  EXPECT_TRUE(parse("0x" + repeat("1", 9000)).module);
}

TEST(Ast, metadata_describes_every_node) {
  for (int i = 0; i < ast::kKindCount; i++) {
    const ast::ClassInfo& info = ast::classInfo(ast::Kind(i));
    EXPECT_EQ(info.kind, ast::Kind(i));
    ast::Arena arena;
    ast::Node* node = ast::newNode(arena, ast::Kind(i));
    EXPECT_EQ(node->kind, ast::Kind(i));
    for (int f = 0; f < info.fieldCount; f++) EXPECT_LT(info.fields[f].offset, info.size);
  }
  EXPECT_STREQ(ast::classInfo(ast::ClassId::Dict).doc, "Dict(expr?* keys, expr* values)");
  EXPECT_EQ(ast::classOfValue(ast::ClassId::operator_, u8(ast::Operator::Pow)), ast::ClassId::Pow);
  EXPECT_EQ(ast::classInfo(ast::ClassId::Pow).base, ast::ClassId::operator_);
}

TEST(Ast, children_are_visited_in_field_order) {
  ParseResult result = parse("f(a, b=c)", {.mode = ParseMode::Eval});
  std::string seen;
  auto visit = [&](auto&& self, const ast::Node* node) -> void {
    if (auto* name = ast::dynAs<ast::Name>(node)) seen += name->id->view();
    ast::forEachChild(node, [&](const ast::Node* child) { self(self, child); });
  };
  visit(visit, result.module);
  EXPECT_EQ(seen, "fac");
}

}  // namespace
}  // namespace dx::frontend
