// Code units of strings: dispatch over the three kinds, copying between kinds, bounds of ranges.
#pragma once
#include <memory>

#include "memory/heap.h"
#include "runtime/str.h"
#include "simd/copy.h"
#include "simd/kernels.h"

namespace dx {

constexpr u32 kStrInternedMortal = 1, kStrInternedImmortal = 2, kStrInternedStatic = 3,
              kStrInternedMask = 3;
constexpr u32 kStrKindShift = 2, kStrCompact = 0x20, kStrAscii = 0x40, kStrStatic = 0x80;
constexpr i64 kMaxStrBytes = i64(1) << 46;

// Shorter texts are looked at in line, longer ones by the kernels of simd/.
constexpr i64 kShortText = 16;

// What a `this` of str methods sees: the units and their number.
template <class U>
struct Units {
  const U* p;
  i64 n;
  U operator[](i64 i) const { return p[i]; }
};

// Calls fn(Units<U>) for the string's kind.
template <class F>
DX_INLINE auto withUnits(const Str* s, F&& fn) {
  switch (s->kind()) {
    case 1:
      return fn(Units<u8>{s->units<u8>(), s->length});
    case 2:
      return fn(Units<u16>{s->units<u16>(), s->length});
    default:
      return fn(Units<u32>{s->units<u32>(), s->length});
  }
}

// The kind's bound (0x7F, 0xFF, 0xFFFF or 0x10FFFF) of the largest unit.
template <class U>
u32 boundOf(const U* p, i64 n) {
  u32 seen = 0;
  if constexpr (sizeof(U) > 1) {  // what is wide mostly begins so
    if (n > 0 && p[0] > (sizeof(U) == 2 ? 0xFFu : 0xFFFFu))
      return sizeof(U) == 2 ? 0xFFFF : 0x10FFFF;
  }
  if (n >= kShortText)
    seen = simd::unionOf(p, size_t(n));
  else
    for (i64 i = 0; i < n; i++) seen |= p[i];
  if constexpr (sizeof(U) == 1) return seen < 0x80 ? 0x7F : 0xFF;
  if constexpr (sizeof(U) == 2) return seen < 0x80 ? 0x7F : seen < 0x100 ? 0xFF : 0xFFFF;
  return seen < 0x80 ? 0x7F : seen < 0x100 ? 0xFF : seen < 0x10000 ? 0xFFFF : 0x10FFFF;
}
inline u32 boundOfRange(const Str* s, i64 start, i64 end) {
  if (s->isAscii()) return 0x7F;
  return withUnits(s, [&](auto u) { return boundOf(u.p + start, end - start); });
}
inline u32 kindOfBound(u32 maxChar) { return maxChar < 0x100 ? 1 : maxChar < 0x10000 ? 2 : 4; }

template <class To, class From>
DX_INLINE void copyUnits(To* to, const From* from, i64 n) {
  if constexpr (sizeof(To) == sizeof(From)) {
    simd::copy(to, from, size_t(n) * sizeof(To));
  } else if (n >= kShortText) {
    simd::convert(from, size_t(n), to);
  } else {
    for (i64 i = 0; i < n; i++) to[i] = To(from[i]);
  }
}
// Copies s[start, end) to unit `at` of storage of the given kind, which must hold the characters.
inline void copyRange(void* to, u32 kind, i64 at, const Str* s, i64 start, i64 end) {
  withUnits(s, [&](auto u) {
    switch (kind) {
      case 1:
        copyUnits(static_cast<u8*>(to) + at, u.p + start, end - start);
        break;
      case 2:
        copyUnits(static_cast<u16*>(to) + at, u.p + start, end - start);
        break;
      default:
        copyUnits(static_cast<u32*>(to) + at, u.p + start, end - start);
    }
  });
}
inline void copyAll(Str* to, i64 at, const Str* s) {
  u32 kind = to->kind();
  if (kind == s->kind())
    simd::copy(to->data() + size_t(at) * kind, s->data(), size_t(s->length) * kind);
  else
    copyRange(to->data(), kind, at, s, 0, s->length);
}
inline void fillUnits(Str* s, i64 at, i64 count, u32 ch) {
  switch (s->kind()) {
    case 1:
      memset(s->units<u8>() + at, int(ch), size_t(count));
      break;
    case 2:
      for (i64 i = 0; i < count; i++) s->units<u16>()[at + i] = u16(ch);
      break;
    default:
      for (i64 i = 0; i < count; i++) s->units<u32>()[at + i] = ch;
  }
}

// Where `needle` (1 <= m <= n) stands in a text, none within another: at most `limit` places.
class FoundPlaces {
 public:
  template <class U>
  FoundPlaces(const U* hay, size_t n, const U* needle, size_t m, i64 limit) {
    size_t most = size_t(limit);
    count_ = simd::searchAll(hay, n, needle, m, near_, std::min(most, kNear));
    if (count_ < kNear || most == kNear) return;
    count_ = simd::searchAll(hay, n, needle, m, nullptr, most);
    far_.reset(new size_t[count_]);
    simd::searchAll(hay, n, needle, m, far_.get(), count_);
  }
  i64 count() const { return i64(count_); }
  i64 operator[](i64 i) const { return i64((far_ ? far_.get() : near_)[i]); }

 private:
  static constexpr size_t kNear = 64;
  size_t count_, near_[kNear];
  std::unique_ptr<size_t[]> far_;
};

// Copies pieces one behind the other; in blocks that may run over the piece's end, where there is
// room behind it in both texts.
class PieceWriter {
 public:
  PieceWriter(void* to, size_t room) : to_(static_cast<u8*>(to)), end_(to_ + room) {}
  // `behind`: readable bytes behind the piece.
  DX_INLINE void add(const void* from, size_t n, size_t behind) {
    if (behind >= kBlock && size_t(end_ - to_) >= n + kBlock) {
      auto* p = static_cast<const u8*>(from);
      for (size_t i = 0; i < n; i += kBlock) memcpy(to_ + i, p + i, kBlock);
    } else {
      simd::copy(to_, from, n);
    }
    to_ += n;
  }

 private:
  static constexpr size_t kBlock = 32;
  u8 *to_, *end_;
};

// The text with something else in the places of what stood there; `to` has room for just that.
template <class U>
void putInPlaces(const U* text, size_t n, const FoundPlaces& places, size_t m, const U* fresh,
                 size_t freshLength, U* to, size_t room) {
  PieceWriter out(to, room * sizeof(U));
  size_t done = 0;
  for (i64 i = 0; i < places.count(); i++) {
    size_t at = size_t(places[i]);
    out.add(text + done, (at - done) * sizeof(U), (n - at) * sizeof(U));
    out.add(fresh, freshLength * sizeof(U), 0);
    done = at + m;
  }
  out.add(text + done, (n - done) * sizeof(U), 0);
}

// s itself if its class is str, else an equal str.
Ref<Str> exactStr(Str* s);

}  // namespace dx
