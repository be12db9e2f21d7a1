// Finding text in text.
#include "runtime/str_units.h"

namespace dx {

namespace {

// One byte a character: the C library's memchr and memrchr are as fast as can be.
template <class U>
i64 findUnit(const U* p, i64 n, u32 ch) {
  if constexpr (sizeof(U) == 1) {
    auto* hit = static_cast<const u8*>(memchr(p, int(ch), size_t(n)));
    return hit ? hit - p : -1;
  } else {
    i64 at = i64(simd::findUnit(p, size_t(n), ch));
    return at < n ? at : -1;
  }
}
template <class U>
i64 rfindUnit(const U* p, i64 n, u32 ch) {
  if constexpr (sizeof(U) == 1) {
    auto* hit = static_cast<const u8*>(memrchr(p, int(ch), size_t(n)));
    return hit ? hit - p : -1;
  } else {
    i64 at = i64(simd::rfindUnit(p, size_t(n), ch));
    return at < n ? at : -1;
  }
}

// 2 <= m <= n.
template <class U>
i64 findUnits(const U* hay, i64 n, const U* needle, i64 m) {
  i64 at = i64(simd::search(hay, size_t(n), needle, size_t(m)));
  return at < n ? at : -1;
}
template <class U>
i64 rfindUnits(const U* hay, i64 n, const U* needle, i64 m) {
  i64 at = i64(simd::rsearch(hay, size_t(n), needle, size_t(m)));
  return at < n ? at : -1;
}

bool fitsUnit(u32 ch, u32 kind) { return kindOfBound(ch) <= kind; }

// Calls fn(units of s, needle's units widened to the same kind).
template <class F>
i64 withSameUnits(const Str* s, const Str* needle, F&& fn) {
  return withUnits(s, [&](auto u) -> i64 {
    using U = std::remove_cvref_t<decltype(*u.p)>;
    if (needle->kind() == sizeof(U)) return fn(u.p, needle->units<U>());
    std::vector<U> wide(size_t(needle->length));
    withUnits(needle, [&](auto from) { copyUnits(wide.data(), from.p, from.n); });
    return fn(u.p, static_cast<const U*>(wide.data()));
  });
}

}  // namespace

i64 findChar(const Str* s, u32 ch, i64 start, i64 end) {
  if (start >= end || !fitsUnit(ch, s->kind())) return -1;
  i64 at = withUnits(s, [&](auto u) { return findUnit(u.p + start, end - start, ch); });
  return at < 0 ? -1 : at + start;
}

i64 findStr(const Str* s, const Str* needle, i64 start, i64 end) {
  i64 n = end - start, m = needle->length;
  if (n < m) return -1;
  if (m == 0) return start;
  if (needle->kind() > s->kind()) return -1;
  if (m == 1) return findChar(s, needle->at(0), start, end);
  i64 at = withSameUnits(s, needle,
                         [&](auto* hay, auto* what) { return findUnits(hay + start, n, what, m); });
  return at < 0 ? -1 : at + start;
}

i64 rfindStr(const Str* s, const Str* needle, i64 start, i64 end) {
  i64 n = end - start, m = needle->length;
  if (n < m) return -1;
  if (m == 0) return end;
  if (needle->kind() > s->kind()) return -1;
  i64 at;
  if (m == 1)
    at = withUnits(s, [&](auto u) { return rfindUnit(u.p + start, n, needle->at(0)); });
  else
    at = withSameUnits(s, needle,
                       [&](auto* hay, auto* what) { return rfindUnits(hay + start, n, what, m); });
  return at < 0 ? -1 : at + start;
}

i64 countStr(const Str* s, const Str* needle, i64 start, i64 end, i64 limit) {
  i64 n = end - start, m = needle->length;
  if (n < m || n < 0) return 0;
  if (m == 0) return std::min(n + 1, limit);
  if (needle->kind() > s->kind()) return 0;
  return withSameUnits(s, needle, [&](auto* hay, auto* what) {
    auto* p = hay + start;
    if (m == 1) return std::min(limit, i64(simd::countUnit(p, size_t(n), what[0])));
    return i64(simd::searchAll(p, size_t(n), what, size_t(m), nullptr, size_t(limit)));
  });
}

}  // namespace dx
