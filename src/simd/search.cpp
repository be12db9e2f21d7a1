// Finding, counting and comparing units.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "simd/search.cpp"
#include "simd/dispatch.h"
#include "simd/two_way.h"
// Highway's headers come last: they are included once a target.
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "simd/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dx::simd::HWY_NAMESPACE {
namespace {

template <class U>
size_t find(const void* p, size_t n, uint32_t c) {
  return firstWhere(
      static_cast<const U*>(p), n,
      [c](auto d, auto v) HWY_ATTR { return hn::Eq(v, hn::Set(d, U(c))); },
      [c](U u) { return u == U(c); });
}
template <class U>
size_t rfind(const void* p, size_t n, uint32_t c) {
  return lastWhere(
      static_cast<const U*>(p), n,
      [c](auto d, auto v) HWY_ATTR { return hn::Eq(v, hn::Set(d, U(c))); },
      [c](U u) { return u == U(c); });
}

template <class U>
size_t count(const void* text, size_t n, uint32_t c) {
  auto* p = static_cast<const U*>(text);
  const Wide<U> d;
  const size_t lanes = hn::Lanes(d);
  const auto wanted = hn::Set(d, U(c));
  size_t i = 0, found = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    found += hn::CountTrue(d, hn::Eq(hn::LoadU(d, p + i), wanted)) +
             hn::CountTrue(d, hn::Eq(hn::LoadU(d, p + i + lanes), wanted)) +
             hn::CountTrue(d, hn::Eq(hn::LoadU(d, p + i + 2 * lanes), wanted)) +
             hn::CountTrue(d, hn::Eq(hn::LoadU(d, p + i + 3 * lanes), wanted));
  }
  for (; i + lanes <= n; i += lanes) found += hn::CountTrue(d, hn::Eq(hn::LoadU(d, p + i), wanted));
  auto test = [c](auto tag, auto v) HWY_ATTR { return hn::Eq(v, hn::Set(tag, U(c))); };
  const Short<U> s;
  const size_t few = hn::Lanes(s);
  for (; i + few <= n; i += few) found += hn::CountTrue(s, test(s, hn::LoadU(s, p + i)));
  if (i == n) return found;
  uint64_t bits = n >= few ? bitsOf(s, test(s, hn::LoadU(s, p + n - few))) >> (few - (n - i))
                           : bitsOfFew(p, n, test, [c](U u) { return u == U(c); });
  return found + size_t(__builtin_popcountll(bits));
}

// The filter looks at the first and the last unit of the needle. What it lets through is compared;
// units compared in vain are counted, and when they are more than the text allows, the linear
// algorithm does the rest.
constexpr size_t kPatience = 4096;

// Whether the needle stands at `at`; its ends are known to.
template <class U>
HWY_INLINE bool standsAt(const U* at, const U* needle, size_t m, size_t* wasted) {
  for (size_t i = 1; i < m; i++) {
    if (at[i] != needle[i]) {
      *wasted += i;
      return false;
    }
    if (i == 7) break;
  }
  if (m <= 8 || memcmp(at + 1, needle + 1, (m - 1) * sizeof(U)) == 0) return true;
  *wasted += m;
  return false;
}

// The bits of fewer places than Short has units at which the needle's ends stand.
template <class U>
HWY_INLINE uint64_t endsOfFew(const U* hay, size_t places, const U* needle, size_t m) {
  auto where = [&](const U* p, U c) HWY_ATTR {
    return bitsOfFew(
        p, places, [c](auto d, auto v) HWY_ATTR { return hn::Eq(v, hn::Set(d, c)); },
        [c](U u) { return u == c; });
  };
  const uint64_t first = where(hay, needle[0]);
  return first ? first & where(hay + m - 1, needle[m - 1]) : 0;
}

template <class D, class U>
HWY_INLINE size_t searchByVectors(D d, const U* hay, size_t n, const U* needle, size_t m) {
  const size_t lanes = hn::Lanes(d), places = n - m + 1;
  const auto first = hn::Set(d, needle[0]), last = hn::Set(d, needle[m - 1]);
  size_t wasted = 0;
  for (size_t i = 0; i < places; i += lanes) {
    if (i + lanes > places) i = places - lanes;
    auto both =
        hn::And(hn::Eq(hn::LoadU(d, hay + i), first), hn::Eq(hn::LoadU(d, hay + i + m - 1), last));
    uint64_t bits = bitsOf(d, both);
    for (; bits; bits &= bits - 1) {
      size_t at = i + size_t(__builtin_ctzll(bits));
      if (standsAt(hay + at, needle, m, &wasted)) return at;
      if (wasted > 4 * at + kPatience) {
        ptrdiff_t found =
            twoWay(Forward<U>{hay + at}, ptrdiff_t(n - at), Forward<U>{needle}, ptrdiff_t(m));
        return found < 0 ? n : at + size_t(found);
      }
    }
  }
  return n;
}
template <class U>
size_t search(const void* text, size_t n, const void* what, size_t m) {
  auto *hay = static_cast<const U*>(text), *needle = static_cast<const U*>(what);
  size_t places = n - m + 1;
  if (places >= hn::Lanes(Wide<U>())) return searchByVectors(Wide<U>(), hay, n, needle, m);
  if (places >= hn::Lanes(Short<U>())) return searchByVectors(Short<U>(), hay, n, needle, m);
  size_t wasted = 0;
  for (uint64_t bits = endsOfFew(hay, places, needle, m); bits; bits &= bits - 1) {
    size_t at = size_t(__builtin_ctzll(bits));
    if (standsAt(hay + at, needle, m, &wasted)) return at;
  }
  return n;
}

// Whether two places of the needle can overlap.
template <class U>
bool hasBorder(const U* needle, size_t m) {
  for (size_t shift = 1; shift < m; shift++) {
    size_t i = shift;
    while (i < m && needle[i] == needle[i - shift]) i++;
    if (i == m) return true;
  }
  return false;
}

// What searchAll notes.
struct Places {
  size_t* at;  // null: they are only counted
  size_t room, count = 0, next = 0;

  void add(size_t place, size_t m) {
    if (at) at[count] = place;
    count++;
    next = place + m;
  }
  // The bits of a vector at i that are places, none within another.
  HWY_INLINE void addBits(uint64_t bits, size_t i, size_t m, bool overlap) {
    const size_t n = size_t(__builtin_popcountll(bits));
    if (!overlap && (!at || (n <= 2 && count + 2 <= room))) {
      if (at) {  // always two, of which as many stay as there were: no branch on the text
        at[count] = i + size_t(__builtin_ctzll(bits | uint64_t(1) << 63));
        at[count + 1] = i + size_t(__builtin_ctzll((bits & (bits - 1)) | uint64_t(1) << 63));
      }
      count += n;
      return;
    }
    for (; bits && count < room; bits &= bits - 1) {
      size_t place = i + size_t(__builtin_ctzll(bits));
      if (place >= next) add(place, m);
    }
  }
};

// Needles of up to this many units are compared by vectors, a unit at a time.
constexpr size_t kShortNeedle = 6;

template <class D, class U>
HWY_INLINE void allShortByVectors(D d, const U* hay, size_t n, const U* needle, size_t m,
                                  Places* places) {
  const size_t lanes = hn::Lanes(d), stop = n - m + 1;
  const bool overlap = hasBorder(needle, m);
  for (size_t i = 0; i < stop && places->count < places->room; i += lanes) {
    uint64_t fresh = ~uint64_t(0);
    if (i + lanes > stop) {
      fresh <<= i - (stop - lanes);
      i = stop - lanes;
    }
    auto all = hn::And(hn::Eq(hn::LoadU(d, hay + i), hn::Set(d, needle[0])),
                       hn::Eq(hn::LoadU(d, hay + i + m - 1), hn::Set(d, needle[m - 1])));
    for (size_t k = 1; k + 1 < m; k++)
      all = hn::And(all, hn::Eq(hn::LoadU(d, hay + i + k), hn::Set(d, needle[k])));
    places->addBits(bitsOf(d, all) & fresh, i, m, overlap);
  }
}
template <class D, class U>
HWY_INLINE void allByVectors(D d, const U* hay, size_t n, const U* needle, size_t m,
                             Places* places) {
  const size_t lanes = hn::Lanes(d), stop = n - m + 1;
  const auto first = hn::Set(d, needle[0]), last = hn::Set(d, needle[m - 1]);
  size_t wasted = 0;
  for (size_t i = 0; i < stop; i += lanes) {
    if (i + lanes > stop) i = stop - lanes;
    auto both =
        hn::And(hn::Eq(hn::LoadU(d, hay + i), first), hn::Eq(hn::LoadU(d, hay + i + m - 1), last));
    uint64_t bits = bitsOf(d, both);
    for (; bits; bits &= bits - 1) {
      size_t at = i + size_t(__builtin_ctzll(bits));
      if (at < places->next) continue;
      if (standsAt(hay + at, needle, m, &wasted)) {
        places->add(at, m);
        if (places->count == places->room) return;
      } else if (wasted > 4 * at + kPatience) {
        while (n - at >= m) {
          ptrdiff_t found =
              twoWay(Forward<U>{hay + at}, ptrdiff_t(n - at), Forward<U>{needle}, ptrdiff_t(m));
          if (found < 0) return;
          places->add(at + size_t(found), m);
          if (places->count == places->room) return;
          at = places->next;
        }
        return;
      }
    }
  }
}
template <class U>
size_t searchAll(const void* text, size_t n, const void* what, size_t m, size_t* at, size_t room) {
  auto *hay = static_cast<const U*>(text), *needle = static_cast<const U*>(what);
  if (room == 0) return 0;
  Places places{at, room};
  const size_t stop = n - m + 1;
  auto run = [&](auto d) HWY_ATTR {
    if (m <= kShortNeedle)
      allShortByVectors(d, hay, n, needle, m, &places);
    else
      allByVectors(d, hay, n, needle, m, &places);
  };
  if (stop >= hn::Lanes(Wide<U>())) {
    run(Wide<U>());
  } else if (stop >= hn::Lanes(Short<U>())) {
    run(Short<U>());
  } else {
    size_t wasted = 0;
    for (uint64_t bits = endsOfFew(hay, stop, needle, m); bits && places.count < room;
         bits &= bits - 1) {
      size_t place = size_t(__builtin_ctzll(bits));
      if (place >= places.next && standsAt(hay + place, needle, m, &wasted)) places.add(place, m);
    }
  }
  return places.count < room ? places.count : room;
}

template <class D, class U>
HWY_INLINE size_t rsearchByVectors(D d, const U* hay, size_t n, const U* needle, size_t m) {
  const size_t lanes = hn::Lanes(d), places = n - m + 1;
  const auto first = hn::Set(d, needle[0]), last = hn::Set(d, needle[m - 1]);
  size_t wasted = 0;
  for (size_t left = places; left > 0; left -= lanes) {
    if (left < lanes) left = lanes;
    size_t i = left - lanes;
    auto both =
        hn::And(hn::Eq(hn::LoadU(d, hay + i), first), hn::Eq(hn::LoadU(d, hay + i + m - 1), last));
    uint64_t bits = bitsOf(d, both);
    while (bits) {
      size_t bit = 63 - size_t(__builtin_clzll(bits)), at = i + bit;
      if (standsAt(hay + at, needle, m, &wasted)) return at;
      bits ^= uint64_t(1) << bit;
      if (wasted > 4 * (places - at) + kPatience) {
        ptrdiff_t left_ = ptrdiff_t(at + m);
        ptrdiff_t found =
            twoWay(Backward<U>{hay + left_}, left_, Backward<U>{needle + m}, ptrdiff_t(m));
        return found < 0 ? n : size_t(left_ - found) - m;
      }
    }
  }
  return n;
}
template <class U>
size_t rsearch(const void* text, size_t n, const void* what, size_t m) {
  auto *hay = static_cast<const U*>(text), *needle = static_cast<const U*>(what);
  size_t places = n - m + 1;
  if (places >= hn::Lanes(Wide<U>())) return rsearchByVectors(Wide<U>(), hay, n, needle, m);
  if (places >= hn::Lanes(Short<U>())) return rsearchByVectors(Short<U>(), hay, n, needle, m);
  size_t wasted = 0;
  for (uint64_t bits = endsOfFew(hay, places, needle, m); bits;) {
    size_t at = 63 - size_t(__builtin_clzll(bits));
    if (standsAt(hay + at, needle, m, &wasted)) return at;
    bits ^= uint64_t(1) << at;
  }
  return n;
}

template <class D, class U>
HWY_INLINE size_t mismatchByVectors(D d, const U* a, const U* b, size_t n) {
  const size_t lanes = hn::Lanes(d);
  for (size_t i = 0; i < n; i += lanes) {
    if (i + lanes > n) i = n - lanes;
    uint64_t bits = bitsOf(d, hn::Ne(hn::LoadU(d, a + i), hn::LoadU(d, b + i)));
    if (bits) return i + size_t(__builtin_ctzll(bits));
  }
  return n;
}
template <class U>
size_t mismatch(const void* x, const void* y, size_t n) {
  auto *a = static_cast<const U*>(x), *b = static_cast<const U*>(y);
  if (n >= hn::Lanes(Wide<U>())) return mismatchByVectors(Wide<U>(), a, b, n);
  if (n >= hn::Lanes(Short<U>())) return mismatchByVectors(Short<U>(), a, b, n);
  size_t i = 0;
  while (i < n && a[i] == b[i]) i++;
  return i;
}

#define DX_ALL(name) \
  k.name[0] = name<uint8_t>, k.name[1] = name<uint16_t>, k.name[2] = name<uint32_t>
void fill(Kernels& k) {
  DX_ALL(find);
  DX_ALL(rfind);
  DX_ALL(count);
  DX_ALL(search);
  DX_ALL(rsearch);
  DX_ALL(searchAll);
  DX_ALL(mismatch);
}
#undef DX_ALL

}  // namespace
}  // namespace dx::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dx::simd {
DX_SIMD_FILL(fillSearch)
}  // namespace dx::simd
#endif
