// A growing text of code points in the narrowest of the three code-unit sizes that holds it
// (PEP 393): starts with one byte per character and widens when it must.
#pragma once
#include "base/base.h"
#include "simd/kernels.h"

namespace dx {

// A borrowed text. kind is the bytes per code unit: 1 (Latin-1), 2 or 4.
struct TextView {
  const void* data = nullptr;
  size_t size = 0;
  int kind = 1;

  u32 operator[](size_t i) const {
    if (kind == 1) return static_cast<const u8*>(data)[i];
    if (kind == 2) return static_cast<const u16*>(data)[i];
    return static_cast<const u32*>(data)[i];
  }
};

class TextBuffer {
 public:
  TextBuffer() = default;
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;
  ~TextBuffer() { free(data_); }

  size_t size() const { return size_; }
  int kind() const { return kind_; }
  const void* data() const { return data_; }
  // Whether every character is below 0x80.
  bool isAscii() const { return seen_ < 0x80; }
  TextView view() const { return {data_, size_, kind_}; }
  u32 operator[](size_t i) const { return view()[i]; }

  void reserve(size_t n) {
    if (n > capacity_) grow(n);
  }

  void append(u32 c) {
    seen_ |= c;
    if (c > limit_) [[unlikely]]
      widen(c);
    if (size_ == capacity_) [[unlikely]]
      grow(size_ + 1);
    switch (kind_) {
      case 1:
        static_cast<u8*>(data_)[size_++] = u8(c);
        break;
      case 2:
        static_cast<u16*>(data_)[size_++] = u16(c);
        break;
      default:
        static_cast<u32*>(data_)[size_++] = c;
    }
  }

  // Latin-1 characters; `seen` is the OR of them or anything above it (0x7f for ASCII).
  void appendLatin1(const u8* p, size_t n, u32 seen = 0xff) {
    if (n == 0) return;
    if (size_ + n > capacity_) grow(size_ + n);
    seen_ |= seen;
    switch (kind_) {
      case 1:
        memcpy(static_cast<u8*>(data_) + size_, p, n);
        break;
      case 2:
        for (size_t i = 0; i < n; i++) static_cast<u16*>(data_)[size_ + i] = p[i];
        break;
      default:
        for (size_t i = 0; i < n; i++) static_cast<u32*>(data_)[size_ + i] = p[i];
    }
    size_ += n;
  }
  // Units of 2 or 4 bytes.
  template <class U>
  void appendUnits(const U* p, size_t n) {
    if (n == 0) return;
    u32 seen = simd::unionOf(p, n);
    if (sizeof(U) == 2) seen &= 0xffff;
    if (seen > limit_) widen(seen > 0xffff ? 0x10ffff : seen);
    seen_ |= seen;
    if (size_ + n > capacity_) grow(size_ + n);
    switch (kind_) {
      case 1:
        simd::convert(p, n, static_cast<u8*>(data_) + size_);
        break;
      case 2:
        simd::convert(p, n, static_cast<u16*>(data_) + size_);
        break;
      default:
        simd::convert(p, n, static_cast<u32*>(data_) + size_);
    }
    size_ += n;
  }
  void append(TextView text) {
    for (size_t i = 0; i < text.size; i++) append(text[i]);
  }
  void append(std::string_view ascii) {
    appendLatin1(reinterpret_cast<const u8*>(ascii.data()), ascii.size(), 0x7f);
  }

 private:
  DX_NOINLINE void grow(size_t n) {
    size_t wanted = capacity_ + capacity_ / 2;
    capacity_ = wanted > n ? wanted : n < 16 ? 16 : n;
    data_ = realloc(data_, capacity_ * size_t(kind_));
    DX_CHECK(data_ != nullptr);
  }
  DX_NOINLINE void widen(u32 c) {
    int kind = c > 0xffff ? 4 : 2;
    if (capacity_ == 0) capacity_ = 16;
    void* fresh = malloc(capacity_ * size_t(kind));
    DX_CHECK(fresh != nullptr);
    TextView old = view();
    for (size_t i = 0; i < size_; i++) {
      if (kind == 2)
        static_cast<u16*>(fresh)[i] = u16(old[i]);
      else
        static_cast<u32*>(fresh)[i] = old[i];
    }
    free(data_);
    data_ = fresh;
    kind_ = kind;
    limit_ = kind == 2 ? 0xffff : 0xffffffff;
  }

  void* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  int kind_ = 1;
  u32 limit_ = 0xff;
  u32 seen_ = 0;
};

}  // namespace dx
