// The way in: source text or bytes to a syntax tree, or to the error that CPython 3.14 would
// report, with its message and positions.
//
//   ParseResult result = parse(source, {.mode = ParseMode::Exec});
//   if (!result.module) return raise(result.error);
//
// Never crashes, whatever the bytes. Needs at most a few MB of C stack: nesting is limited
// as CPython limits it. Pure: no global state but the decode hook; threads may parse at
// the same time.
#pragma once
#include "frontend/ast.h"

namespace dx::frontend {

enum class ParseMode : u8 {
  Exec,      // a module: ast::Module
  Eval,      // an expression: ast::Expression
  Single,    // one interactive statement: ast::Interactive
  FuncType,  // a type comment `(int, str) -> bool`: ast::FunctionType
};

struct ParseOptions {
  ParseMode mode = ParseMode::Exec;
  bool sourceIsText = false;  // from a str: is UTF-8, no BOM and no coding cookie are looked for
  std::string_view fileName;  // of a program that is read from a file: some reports differ
  bool typeComments = false;
  bool barryAsFlufl = false;          // from __future__ import barry_as_FLUFL
  bool dontImplyDedent = false;       // PyCF_DONT_IMPLY_DEDENT
  bool allowIncompleteInput = false;  // PyCF_ALLOW_INCOMPLETE_INPUT
  int featureVersion = 14;            // minor version whose syntax is accepted
  int maxIntDigits = 4300;            // sys.set_int_max_str_digits; 0: no limit
};

enum class ErrorKind : u8 {
  None,
  Syntax,
  Indentation,
  Tab,
  Incomplete,  // allowIncompleteInput: more lines may complete it (_IncompleteInputError)
  Memory,      // nested too deeply (MemoryError)
  Value,       // (not a SyntaxError) ValueError
  Overflow,    // OverflowError: a line or source too long
};

// The attributes of the exception. Columns count characters from 1 as `offset` does; 0 and -1
// mean what they mean in CPython (unknown); INT32_MIN is None.
struct SyntaxErrorInfo {
  ErrorKind kind = ErrorKind::None;
  std::string message;
  bool hasLocation = true;  // false: the exception has a message only
  i32 line = 0;
  i32 offset = 0;
  i32 endLine = 0;
  i32 endOffset = 0;
  bool hasText = true;
  bool beforeNamed = false;  // found before the tokenizer knew a file name: None in the arguments
  std::string text;          // UTF-8; invalid bytes replaced

  // What the exception's _metadata says, for suggestions of keywords: where the last complete
  // compound statement began (0: none), and the whole source, but not of a file.
  bool hasMetadata = false;
  i32 statementLine = 0;
  i32 statementCol = 0;
  std::string source;
};

// A SyntaxWarning that the parser issues; the compiler has its own. `line` is where it is
// reported. When a filter turns it into an error, `asError` is the SyntaxError to raise
// (located exactly for the first 200).
struct SyntaxWarningInfo {
  std::string message;
  i32 line = 0;
  SyntaxErrorInfo asError;
};

struct ParseResult {
  std::unique_ptr<ast::Arena> arena;  // owns `module`
  ast::Mod* module = nullptr;         // null: see `error`
  SyntaxErrorInfo error;
  std::vector<SyntaxWarningInfo> warnings;
  std::string encoding;  // of the source, normalized ("utf-8")
};

ParseResult parse(std::string_view source, const ParseOptions& options = {});

}  // namespace dx::frontend
