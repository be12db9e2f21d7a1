// Token kinds, with the numbers of CPython's `token` module, and keywords after them.
#pragma once
#include "base/base.h"

namespace dx::frontend {

enum class T : u8 {
  EndMarker,
  Name,
  Number,
  String,
  Newline,
  Indent,
  Dedent,
  LPar,
  RPar,
  LSqb,
  RSqb,
  Colon,
  Comma,
  Semi,
  Plus,
  Minus,
  Star,
  Slash,
  VBar,
  Amper,
  Less,
  Greater,
  Equal,
  Dot,
  Percent,
  LBrace,
  RBrace,
  EqEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Tilde,
  Circumflex,
  LeftShift,
  RightShift,
  DoubleStar,
  PlusEqual,
  MinEqual,
  StarEqual,
  SlashEqual,
  PercentEqual,
  AmperEqual,
  VBarEqual,
  CircumflexEqual,
  LeftShiftEqual,
  RightShiftEqual,
  DoubleStarEqual,
  DoubleSlash,
  DoubleSlashEqual,
  At,
  AtEqual,
  RArrow,
  Ellipsis,
  ColonEqual,
  Exclamation,
  Op,
  TypeIgnore,
  TypeComment,
  SoftKeyword,
  FStringStart,
  FStringMiddle,
  FStringEnd,
  TStringStart,
  TStringMiddle,
  TStringEnd,
  Comment,
  Nl,
  ErrorToken,
  Encoding,
  // Made by the parser out of Name.
  KwFalse = 80,
  KwNone,
  KwTrue,
  KwAnd,
  KwAs,
  KwAssert,
  KwAsync,
  KwAwait,
  KwBreak,
  KwClass,
  KwContinue,
  KwDef,
  KwDel,
  KwElif,
  KwElse,
  KwExcept,
  KwFinally,
  KwFor,
  KwFrom,
  KwGlobal,
  KwIf,
  KwImport,
  KwIn,
  KwIs,
  KwLambda,
  KwNonlocal,
  KwNot,
  KwOr,
  KwPass,
  KwRaise,
  KwReturn,
  KwTry,
  KwWhile,
  KwWith,
  KwYield,
};

// One token as the tokenizer gives it. Lines from 1; columns in bytes from 0, or -1 where a
// token has no text of its own (Indent, Dedent, an error at the end of input).
struct Token {
  T type = T::EndMarker;
  i32 line = 0;
  i32 col = -1;
  i32 endLine = 0;
  i32 endCol = -1;
  i32 level = 0;              // depth of brackets after this token
  std::string_view text;      // into the tokenizer's source
  std::string_view metadata;  // source of an f-string field, for `=` and t-strings
  bool hasMetadata = false;
};

// The keyword that `name` is, or T::Name.
T keywordOf(std::string_view name);

}  // namespace dx::frontend
