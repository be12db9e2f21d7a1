// Finding text in text. One byte a character: the C library's memchr and memmem (both linear).
// Wider: a scan for the first character, and Knuth-Morris-Pratt once that scan has wasted time.
#include "runtime/str_units.h"

namespace dx {

namespace {

// Views of a text from the left or from the right.
template <class U>
struct Forward {
  const U* p;
  U operator[](i64 i) const { return p[i]; }
};
template <class U>
struct Backward {
  const U* end;
  U operator[](i64 i) const { return end[-1 - i]; }
};

template <class H, class N>
i64 findKmp(H hay, i64 n, N needle, i64 m) {
  std::vector<i64> fallback(size_t(m) + 1);
  fallback[0] = -1;
  for (i64 i = 0, k = -1; i < m;) {
    while (k >= 0 && needle[i] != needle[k]) k = fallback[size_t(k)];
    fallback[size_t(++i)] = ++k;
  }
  for (i64 i = 0, k = 0; i < n;) {
    while (k >= 0 && hay[i] != needle[k]) k = fallback[size_t(k)];
    i++;
    if (++k == m) return i - m;
  }
  return -1;
}

template <class H, class N>
i64 findScan(H hay, i64 n, N needle, i64 m) {
  i64 last = n - m, wasted = 0;
  for (i64 i = 0; i <= last; i++) {
    if (hay[i] != needle[0]) continue;
    i64 k = 1;
    while (k < m && hay[i + k] == needle[k]) k++;
    if (k == m) return i;
    wasted += k - 1;
    if (wasted > 4 * i + 4096) {
      i64 at = findKmp(H{hay.p + i + 1}, n - i - 1, needle, m);
      return at < 0 ? -1 : at + i + 1;
    }
  }
  return -1;
}
template <class U>
i64 rfindScan(Backward<U> hay, i64 n, Backward<U> needle, i64 m) {
  i64 last = n - m, wasted = 0;
  for (i64 i = 0; i <= last; i++) {
    if (hay[i] != needle[0]) continue;
    i64 k = 1;
    while (k < m && hay[i + k] == needle[k]) k++;
    if (k == m) return i;
    wasted += k - 1;
    if (wasted > 4 * i + 4096) {
      i64 at = findKmp(Backward<U>{hay.end - i - 1}, n - i - 1, needle, m);
      return at < 0 ? -1 : at + i + 1;
    }
  }
  return -1;
}

template <class U>
i64 findUnit(const U* p, i64 n, u32 ch) {
  if constexpr (sizeof(U) == 1) {
    auto* hit = static_cast<const u8*>(memchr(p, int(ch), size_t(n)));
    return hit ? hit - p : -1;
  } else {
    i64 i = 0;
    for (; i + 16 <= n; i += 16) {  // one test for sixteen units
      u32 any = 0;
      for (i64 k = 0; k < 16; k++) any |= p[i + k] == U(ch);
      if (any) break;
    }
    for (; i < n; i++)
      if (p[i] == U(ch)) return i;
    return -1;
  }
}
template <class U>
i64 rfindUnit(const U* p, i64 n, u32 ch) {
  if constexpr (sizeof(U) == 1) {
    auto* hit = static_cast<const u8*>(memrchr(p, int(ch), size_t(n)));
    return hit ? hit - p : -1;
  } else {
    for (i64 i = n; i-- > 0;)
      if (p[i] == U(ch)) return i;
    return -1;
  }
}

template <class U>
i64 findUnits(const U* hay, i64 n, const U* needle, i64 m) {
  if constexpr (sizeof(U) == 1) {
    if (n <= 256) {  // memmem prepares for more than this
      for (const U *at = hay, *last = hay + (n - m); at <= last; at++) {
        at = static_cast<const U*>(memchr(at, needle[0], size_t(last - at + 1)));
        if (!at) return -1;
        if (memcmp(at + 1, needle + 1, size_t(m - 1)) == 0) return at - hay;
      }
      return -1;
    }
    auto* hit = static_cast<const u8*>(memmem(hay, size_t(n), needle, size_t(m)));
    return hit ? hit - hay : -1;
  } else {
    return findScan(Forward<U>{hay}, n, Forward<U>{needle}, m);
  }
}
template <class U>
i64 rfindUnits(const U* hay, i64 n, const U* needle, i64 m) {
  i64 at = rfindScan(Backward<U>{hay + n}, n, Backward<U>{needle + m}, m);
  return at < 0 ? -1 : n - m - at;
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
    i64 count = 0;
    auto* p = hay + start;
    auto* stop = hay + end;
    while (count < limit && stop - p >= m) {
      i64 at = m == 1 ? findUnit(p, stop - p, what[0]) : findUnits(p, stop - p, what, m);
      if (at < 0) break;
      count++;
      p += at + m;
    }
    return count;
  });
}

}  // namespace dx
