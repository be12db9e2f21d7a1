// Small strings and bytes in line: made without a call when a block is at hand, and ended so. For
// what makes many of them.
#pragma once
#include "runtime/str_units.h"
#include "simd/copy.h"

namespace dx {

// Characters or bytes whose object fits the block lists.
constexpr i64 kSmallText = 400;

// 2 <= n <= kSmallText, uninitialized but for the NUL.
DX_INLINE Str* newSmallAscii(i64 n) {
  auto* s = static_cast<Str*>(newObjectUninitialized(&PyUnicode_Type, sizeof(Str) + size_t(n) + 1));
  s->length = n;
  s->hash = -1;
  s->state = 1 << kStrKindShift | kStrCompact | kStrAscii;
  u8* data = reinterpret_cast<u8*>(s) + sizeof(Str);
  data[n] = 0;
  return s;
}
DX_INLINE Bytes* newSmallBytes(i64 n) {
  auto* b = static_cast<Bytes*>(
      newObjectUninitialized(&PyBytes_Type, offsetof(Bytes, data) + size_t(n) + 1));
  b->size = n;
  b->hash = -1;
  b->data[n] = 0;
  return b;
}

// substring() for pieces that are mostly short.
DX_INLINE Ref<Str> pieceOf(Str* s, i64 start, i64 end) {
  i64 n = end - start;
  if (!s->isAscii() || n < 2 || n > kSmallText || n == s->length) return substring(s, start, end);
  Str* r = newSmallAscii(n);
  simd::copy(reinterpret_cast<u8*>(r) + sizeof(Str), s->data() + start, size_t(n));
  return Ref<Str>::steal(r);
}

// The end of an exact str, which nothing can have hung anything on.
DX_INLINE bool endSmallStr(Str* s) {
  if (!s->isAscii() || !s->isCompact() || s->interned() || s->length > kSmallText) return false;
  gLiveObjects--;
  releaseBlock(s, sizeof(Str) + size_t(s->length) + 1);
  return true;
}
// Of an exact bytes.
DX_INLINE bool endSmallBytes(Bytes* b) {
  if (b->size > kSmallText) return false;
  gLiveObjects--;
  releaseBlock(b, offsetof(Bytes, data) + size_t(b->size) + 1);
  return true;
}

}  // namespace dx
