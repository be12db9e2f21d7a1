// str: split, rsplit, splitlines, join.
#include <algorithm>

#include "base/unicode.h"
#include "builtins/str.gen.h"
#include "runtime/small_text.h"

namespace dx {

namespace {

template <class U>
bool isSpaceUnit(U c) {
  return u32(c) < 0x80 ? c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31)
                       : unicodeIsSpace(c);
}

constexpr auto kSpace =
    simd::ByteSet(" \x85\xA0").addRange(9, 13).addRange(28, 31).withAbove(simd::Above::kSpaces);
constexpr auto kLinebreak =
    simd::ByteSet("\n\v\f\r\x1C\x1D\x1E\x85").withAbove(simd::Above::kSpaces);

void addPart(List* list, Str& s, i64 start, i64 end) {
  listAppend(list, Ref<>(pieceOf(&s, start, end)));
}

Ref<List> splitSpace(Str& s, i64 limit) {
  if (limit == INT64_MAX) {
    return withUnits(&s, [&](auto u) {
      auto isSpace = [](u32 c) { return unicodeIsSpace(c); };
      Ref<List> words = newList(i64(simd::countRuns<512>(u.p, size_t(u.n), kSpace, isSpace)));
      simd::eachRun<512>(u.p, size_t(u.n), kSpace, isSpace, [&](size_t from, size_t to) {
        words->items[words->size++] = pieceOf(&s, i64(from), i64(to)).release();
      });
      return words;
    });
  }
  Ref<List> list = newList(6);
  withUnits(&s, [&](auto u) {
    i64 i = 0;
    while (i < u.n) {
      while (i < u.n && isSpaceUnit(u[i])) i++;
      if (i == u.n) break;
      i64 start = i;
      if (limit-- <= 0) {  // the rest in one piece, with the space at its end
        addPart(list, s, start, u.n);
        break;
      }
      while (i < u.n && !isSpaceUnit(u[i])) i++;
      addPart(list, s, start, i);
    }
  });
  return list;
}

// How many parts there may be, when it is worth counting: most texts of a few lines are short.
i64 partsExpected(Str& s, u32 separator) {
  if (s.length < 64) return 4;
  if (kindOfBound(separator) > s.kind()) return 1;
  return 1 +
         withUnits(&s, [&](auto u) { return i64(simd::countUnit(u.p, size_t(u.n), separator)); });
}

Ref<List> splitText(Str& s, Str& sep, i64 limit) {
  Ref<List> list =
      newList(sep.length > 1 ? 6 : std::min(limit, partsExpected(s, sep.at(0)) - 1) + 1);
  i64 at = 0;
  if (sep.kind() <= s.kind()) {
    for (; limit > 0; limit--) {
      i64 hit = findStr(&s, &sep, at, s.length);
      if (hit < 0) break;
      addPart(list, s, at, hit);
      at = hit + sep.length;
    }
  }
  addPart(list, s, at, s.length);
  return list;
}

void reverseFrom(List* list) { std::reverse(list->items, list->items + list->size); }

Ref<List> rsplitSpace(Str& s, i64 limit) {
  if (limit == INT64_MAX) return splitSpace(s, limit);
  Ref<List> list = newList();
  withUnits(&s, [&](auto u) {
    i64 i = u.n;
    while (i > 0) {
      while (i > 0 && isSpaceUnit(u[i - 1])) i--;
      if (i == 0) break;
      i64 end = i;
      if (limit-- <= 0) {
        addPart(list, s, 0, end);
        break;
      }
      while (i > 0 && !isSpaceUnit(u[i - 1])) i--;
      addPart(list, s, i, end);
    }
  });
  reverseFrom(list);
  return list;
}

Ref<List> rsplitText(Str& s, Str& sep, i64 limit) {
  Ref<List> list = newList();
  i64 end = s.length;
  for (; limit > 0; limit--) {
    i64 hit = rfindStr(&s, &sep, 0, end);
    if (hit < 0) break;
    addPart(list, s, hit + sep.length, end);
    end = hit;
  }
  addPart(list, s, 0, end);
  reverseFrom(list);
  return list;
}

}  // namespace

static Result<Ref<>> splitWith(Thread& t, Str& self, Value sep, i64 maxsplit, bool fromRight) {
  i64 limit = maxsplit < 0 ? INT64_MAX : maxsplit;
  if (isNone(sep)) return Ref<>(fromRight ? rsplitSpace(self, limit) : splitSpace(self, limit));
  if (!isStr(sep)) return t.raise(kTypeError, "must be str or None, not {}", typeOf(sep));
  Str& by = *sep.as<Str>();
  if (by.length == 0) return t.raise(kValueError, "empty separator");
  return Ref<>(fromRight ? rsplitText(self, by, limit) : splitText(self, by, limit));
}

Result<Ref<>> str_split(Thread& t, Str& self, Value sep, i64 maxsplit) {
  return splitWith(t, self, sep, maxsplit, false);
}
Result<Ref<>> str_rsplit(Thread& t, Str& self, Value sep, i64 maxsplit) {
  return splitWith(t, self, sep, maxsplit, true);
}

Result<Ref<>> str_splitlines(Thread&, Str& self, bool keepends) {
  Ref<List> list = newList(partsExpected(self, '\n'));
  withUnits(&self, [&](auto u) {
    for (i64 i = 0; i < u.n;) {
      i64 start = i;
      for (;; i++) {
        i += i64(simd::findIn(u.p + i, size_t(u.n - i), kLinebreak));
        if (i == u.n || unicodeIsLinebreak(u[i])) break;
      }
      i64 end = i;
      if (i < u.n) i += u[i] == '\r' && i + 1 < u.n && u[i + 1] == '\n' ? 2 : 1;
      addPart(list, self, start, keepends ? i : end);
    }
  });
  return Ref<>(std::move(list));
}

Result<Ref<>> str_join(Thread& t, Str& self, Value iterable) {
  Ref<> items = TRY(sequenceFast(t, iterable, "can only join an iterable"));
  Values values = isList(items) ? valuesOf(items.as<List>()) : valuesOf(items.as<Tuple>());
  for (size_t i = 0; i < values.size(); i++)
    if (!isStr(values[i]))
      return t.raise(kTypeError, "sequence item {}: expected str instance, {} found", u64(i),
                     typeOf(values[i]));
  return Ref<>(TRY(joinStrs(t, &self, values)));
}

}  // namespace dx
