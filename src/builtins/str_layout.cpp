// str: stripping, padding, tabs, and the format mini-language.
#include "base/format_spec.h"
#include "base/unicode.h"
#include "builtins/str.gen.h"

namespace dx {

// ---- strip ----

enum StripSide { kLeft = 1, kRight = 2 };

constexpr auto kNoSpace = simd::ByteSet(" \x85\xA0").addRange(9, 13).addRange(28, 31).complement();

static Result<Ref<>> strip(Thread& t, Str& self, Value chars, int sides, const char* name) {
  if (!isNone(chars) && !isStr(chars))
    return t.raise(kTypeError, "{} arg must be None or str", name);
  const Str* set = isNone(chars) ? nullptr : chars.as<Str>();
  i64 start = 0, end = self.length;
  withUnits(&self, [&](auto u) {
    auto drop = [&](u32 c) {
      return set ? findChar(set, c, 0, set->length) >= 0 : unicodeIsSpace(c);
    };
    if (sides & kLeft) {
      if (!set && end > 1 && drop(u[0])) start = i64(simd::findIn(u.p, size_t(end), kNoSpace));
      while (start < end && drop(u[start])) start++;
    }
    if (sides & kRight) {
      if (!set && end - start > 1 && drop(u[end - 1])) {
        i64 last = i64(simd::rfindIn(u.p + start, size_t(end - start), kNoSpace));
        if (last < end - start) end = start + last + 1;
      }
      while (start < end && drop(u[end - 1])) end--;
    }
  });
  return Ref<>(substring(&self, start, end));
}
Result<Ref<>> str_strip(Thread& t, Str& self, Value chars) {
  return strip(t, self, chars, kLeft | kRight, "strip");
}
Result<Ref<>> str_lstrip(Thread& t, Str& self, Value chars) {
  return strip(t, self, chars, kLeft, "lstrip");
}
Result<Ref<>> str_rstrip(Thread& t, Str& self, Value chars) {
  return strip(t, self, chars, kRight, "rstrip");
}

// ---- padding ----

Result<Ref<>> padStr(Thread& t, Str& s, i64 left, i64 right, u32 fill) {
  left = std::max<i64>(left, 0);
  right = std::max<i64>(right, 0);
  if (left == 0 && right == 0) return sameStr(s);
  if (left > INT64_MAX - s.length || right > INT64_MAX - s.length - left)
    return t.raise(kOverflowError, "padded string is too long");
  Ref<Str> r = newStr(left + s.length + right, std::max(maxChar(&s), fill));
  if (!r) return t.raiseMemory();
  fillUnits(r, 0, left, fill);
  copyAll(r, left, &s);
  fillUnits(r, left + s.length, right, fill);
  return Ref<>(std::move(r));
}

static Result<i64> fillChar(Thread& t, Value v) {
  if (!isStr(v))
    return t.raise(kTypeError, "The fill character must be a unicode character, not {}", typeOf(v));
  if (v.as<Str>()->length != 1)
    return t.raise(kTypeError, "The fill character must be exactly one character long");
  return i64(v.as<Str>()->at(0));
}

Result<Ref<>> str_ljust(Thread& t, Str& self, i64 width, Value fillchar) {
  u32 fill = u32(TRY(fillChar(t, fillchar)));
  return padStr(t, self, 0, width <= self.length ? 0 : width - self.length, fill);
}
Result<Ref<>> str_rjust(Thread& t, Str& self, i64 width, Value fillchar) {
  u32 fill = u32(TRY(fillChar(t, fillchar)));
  return padStr(t, self, width <= self.length ? 0 : width - self.length, 0, fill);
}
Result<Ref<>> str_center(Thread& t, Str& self, i64 width, Value fillchar) {
  u32 fill = u32(TRY(fillChar(t, fillchar)));
  if (width <= self.length) return sameStr(self);
  i64 margin = width - self.length;
  i64 left = margin / 2 + (margin & width & 1);
  return padStr(t, self, left, margin - left, fill);
}

Result<Ref<>> str_zfill(Thread& t, Str& self, i64 width) {
  if (width <= self.length) return sameStr(self);
  i64 zeros = width - self.length;
  Ref<> r = TRY(padStr(t, self, zeros, 0, '0'));
  u32 first = self.length ? self.at(0) : 0;
  if (first == '+' || first == '-') {  // the sign goes to the front
    fillUnits(r.as<Str>(), 0, 1, first);
    fillUnits(r.as<Str>(), zeros, 1, '0');
  }
  return r;
}

Result<Ref<>> str_expandtabs(Thread& t, Str& self, i32 tabsize) {
  if (findChar(&self, '\t', 0, self.length) < 0) return sameStr(self);
  i64 length = 0, column = 0;
  for (i64 i = 0; i < self.length; i++) {
    u32 c = self.at(i);
    i64 n = c != '\t' ? 1 : tabsize > 0 ? tabsize - column % tabsize : 0;
    if (n > kMaxStrBytes - length) return t.raise(kOverflowError, "new string is too long");
    length += n;
    column = c == '\n' || c == '\r' ? 0 : column + n;
  }
  Ref<Str> r = newStr(length, maxChar(&self));
  if (!r) return t.raiseMemory();
  i64 at = 0;
  column = 0;
  for (i64 i = 0; i < self.length; i++) {
    u32 c = self.at(i);
    i64 n = c != '\t' ? 1 : tabsize > 0 ? tabsize - column % tabsize : 0;
    fillUnits(r, at, n, c == '\t' ? ' ' : c);
    at += n;
    column = c == '\n' || c == '\r' ? 0 : column + n;
  }
  return Ref<>(std::move(r));
}

// ---- __format__ ----

Result<Ref<>> str___format__(Thread& t, Str& self, Str& text) {
  if (text.length == 0) return Ref<>(TRY(str(t, &self)));  // a subclass may have its own __str__
  FormatSpec spec;
  FormatError error =
      withUnits(&text, [&](auto u) { return parseFormatSpec(u.p, size_t(u.n), 's', &spec); });
  StringLayout layout;
  if (error == FormatError::kNone) error = formatString(spec, size_t(self.length), &layout);
  if (error != FormatError::kNone) {
    std::string message = formatErrorText(error, spec, toUtf8(&text), typeName(self.type));
    return t.raise(isOverflow(error) ? kOverflowError : kValueError, "{}", message);
  }
  Ref<Str> kept = substring(&self, 0, i64(layout.keep));
  return padStr(t, *kept, i64(layout.left), i64(layout.right), spec.fill);
}

}  // namespace dx
