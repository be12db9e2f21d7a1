// The syntax of str.format: literal text, replacement fields, and the steps of a field's name
// ("Format String Syntax" of the library reference). Used by str.format and by module _string.
#pragma once
#include "runtime/str.h"

namespace dx {

struct StrSpan {  // units of the format string
  i64 start = 0, end = 0;
  bool empty() const { return start >= end; }
};

struct MarkupPiece {
  StrSpan literal;
  bool hasField = false;
  StrSpan name, spec;
  u32 conversion = 0;       // 0: none
  bool nestedSpec = false;  // the specification has fields itself
};

// Reads the next piece from *at on. False at the end; ValueError for bad syntax.
Result<bool> nextMarkup(Thread& t, const Str* format, i64* at, i64 end, MarkupPiece* out);

// The number that a name is: -1 if it is none, ValueError when too large.
Result<i64> markupInteger(Thread& t, const Str* s, StrSpan name);

struct FieldStep {
  bool isAttribute = false;
  StrSpan name;
  i64 index = -1;  // of an item step that is a number
};
// Splits a field's name: the first part, and where the steps begin.
StrSpan markupFirst(const Str* s, StrSpan field, i64* rest);
// The next ".name" or "[item]"; false at the end.
Result<bool> nextFieldStep(Thread& t, const Str* s, i64* at, i64 end, FieldStep* out);

}  // namespace dx
