#include "runtime/str_units.h"

namespace dx {

StrBuilder::~StrBuilder() {
  if (data_ != inline_) release(data_);
}

void StrBuilder::grow(i64 extra) {
  i64 wanted = std::max<i64>(length_ + extra, capacity_ + capacity_ / 2);
  bool moves = data_ == inline_;
  void* p = wanted > kMaxStrBytes / kind_ ? nullptr
            : moves                       ? allocateOrNull(size_t(wanted) * kind_)
                                          : reallocateOrNull(data_, size_t(wanted) * kind_);
  if (!p) {
    fputs("dxpy: out of memory\n", stderr);
    abort();
  }
  if (moves) memcpy(p, inline_, size_t(length_) * kind_);
  data_ = p;
  capacity_ = wanted;
}

void StrBuilder::widen(u32 codePoint) {
  u32 kind = kindOfBound(codePoint);
  i64 capacity = std::max<i64>(capacity_, 32);
  void* wide = allocate(size_t(capacity) * kind);
  auto copyTo = [&](auto* to) {
    if (kind_ == 1)
      copyUnits(to, static_cast<u8*>(data_), length_);
    else
      copyUnits(to, static_cast<u16*>(data_), length_);
  };
  if (length_) {
    if (kind == 2)
      copyTo(static_cast<u16*>(wide));
    else
      copyTo(static_cast<u32*>(wide));
  }
  if (data_ != inline_) release(data_);
  data_ = wide;
  capacity_ = capacity;
  kind_ = kind;
  max_ = kind == 2 ? 0xFFFF : 0x10FFFF;
}

void StrBuilder::add(const Str* s, i64 start, i64 end) {
  i64 n = end - start;
  if (n <= 0) return;
  u32 bound = maxChar(s);
  if (bound > max_) {
    bound = boundOfRange(s, start, end);
    if (bound > max_) widen(bound);
  }
  if (n > capacity_ - length_) grow(n);
  copyRange(data_, kind_, length_, s, start, end);
  length_ += n;
}

void StrBuilder::add(const Str* s) { add(s, 0, s->length); }

void StrBuilder::add(std::string_view text) {
  bool ascii = true;
  for (char c : text) ascii &= i8(c) >= 0;
  if (!ascii) {
    Ref<Str> s = makeStr(text);
    return add(s.get());
  }
  i64 n = i64(text.size());
  if (n == 0) return;
  if (n > capacity_ - length_) grow(n);
  auto* p = reinterpret_cast<const u8*>(text.data());
  switch (kind_) {
    case 1:
      copyUnits(static_cast<u8*>(data_) + length_, p, n);
      break;
    case 2:
      copyUnits(static_cast<u16*>(data_) + length_, p, n);
      break;
    default:
      copyUnits(static_cast<u32*>(data_) + length_, p, n);
  }
  length_ += n;
}

void StrBuilder::addRepeated(u32 codePoint, i64 count) {
  if (count <= 0) return;
  if (codePoint > max_) widen(codePoint);
  if (count > capacity_ - length_) grow(count);
  for (i64 i = 0; i < count; i++) add(codePoint);
}

Ref<Str> StrBuilder::finish() {
  switch (kind_) {
    case 1:
      return makeLatin1({static_cast<char*>(data_), size_t(length_)});
    case 2:
      return makeStrFromUnits(static_cast<u16*>(data_), length_);
    default:
      return makeStrFromUnits(static_cast<u32*>(data_), length_);
  }
}

}  // namespace dx
