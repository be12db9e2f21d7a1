#include "runtime/str_markup.h"

#include "base/unicode.h"
#include "runtime/errors.h"

namespace dx {

// The field behind an opening brace; *at is behind that brace, and afterwards behind the closing
// one.
static Result<void> parseField(Thread& t, const Str* s, i64* at, i64 end, MarkupPiece* out) {
  out->hasField = true;
  out->name.start = *at;
  u32 c = 0;
  while (*at < end) {
    c = s->at((*at)++);
    if (c == '{') return t.raise(kValueError, "unexpected '{{' in field name");
    if (c == '[') {
      while (*at < end && s->at(*at) != ']') (*at)++;
      continue;
    }
    if (c == '}' || c == ':' || c == '!') break;
  }
  out->name.end = *at - 1;
  if (c != '!' && c != ':') {
    if (c != '}') return t.raise(kValueError, "expected '}}' before end of string");
    return {};
  }
  if (c == '!') {
    if (*at >= end)
      return t.raise(kValueError, "end of string while looking for conversion specifier");
    out->conversion = s->at((*at)++);
    if (*at < end) {
      c = s->at((*at)++);
      if (c == '}') return {};
      if (c != ':') return t.raise(kValueError, "expected ':' after conversion specifier");
    }
  }
  out->spec.start = *at;
  for (int depth = 1; *at < end;) {
    c = s->at((*at)++);
    if (c == '{') {
      out->nestedSpec = true;
      depth++;
    } else if (c == '}' && --depth == 0) {
      out->spec.end = *at - 1;
      return {};
    }
  }
  return t.raise(kValueError, "unmatched '{{' in format spec");
}

Result<bool> nextMarkup(Thread& t, const Str* s, i64* at, i64 end, MarkupPiece* out) {
  *out = MarkupPiece();
  if (*at >= end) return false;
  out->literal.start = *at;
  u32 c = 0;
  bool brace = false;
  while (*at < end && !brace) {
    c = s->at((*at)++);
    brace = c == '{' || c == '}';
  }
  bool atEnd = *at >= end;
  out->literal.end = *at;
  if (!brace) return true;
  if (c == '}' && (atEnd || s->at(*at) != c))
    return t.raise(kValueError, "Single '}}' encountered in format string");
  if (c == '{' && atEnd) return t.raise(kValueError, "Single '{{' encountered in format string");
  if (s->at(*at) == c) {  // doubled: one of them is text
    (*at)++;
    return true;
  }
  out->literal.end--;
  TRY(parseField(t, s, at, end, out));
  return true;
}

Result<i64> markupInteger(Thread& t, const Str* s, StrSpan name) {
  if (name.empty()) return i64(-1);
  i64 n = 0;
  for (i64 i = name.start; i < name.end; i++) {
    int digit = unicodeToDecimal(s->at(i));
    if (digit < 0) return i64(-1);
    if (n > (INT64_MAX - digit) / 10)
      return t.raise(kValueError, "Too many decimal digits in format string");
    n = n * 10 + digit;
  }
  return n;
}

StrSpan markupFirst(const Str* s, StrSpan field, i64* rest) {
  i64 i = field.start;
  while (i < field.end && s->at(i) != '.' && s->at(i) != '[') i++;
  *rest = i;
  return {field.start, i};
}

Result<bool> nextFieldStep(Thread& t, const Str* s, i64* at, i64 end, FieldStep* out) {
  *out = FieldStep();
  if (*at >= end) return false;
  u32 c = s->at((*at)++);
  out->name.start = *at;
  if (c == '.') {
    out->isAttribute = true;
    while (*at < end && s->at(*at) != '.' && s->at(*at) != '[') (*at)++;
    out->name.end = *at;
  } else if (c == '[') {
    while (*at < end && s->at(*at) != ']') (*at)++;
    if (*at >= end) return t.raise(kValueError, "Missing ']' in format string");
    out->name.end = (*at)++;
    out->index = TRY(markupInteger(t, s, out->name));
  } else {
    return t.raise(kValueError, "Only '.' or '[' may follow ']' in format field specifier");
  }
  if (out->name.empty()) return t.raise(kValueError, "Empty attribute in format string");
  return true;
}

}  // namespace dx
