// Private to base/codec*.cpp: what every decoder and encoder does at bad input.
#pragma once
#include "base/codecs.h"

namespace dx::detail {

// A decoder's place in its input.
struct DecodeRun {
  ByteView in;
  DecodeErrorHandler* handler;
  TextBuffer* out;
  const char* encoding;
  size_t pos = 0;
  CodecResult result;

  // True: go on at pos. False: return `result`.
  DX_NOINLINE bool bad(const char* reason, size_t start, size_t end) {
    result.error = {encoding, reason, start, end};
    size_t resume = end;
    if (handler == nullptr || !handler->onError(result.error, &in, out, &resume)) {
      result.ok = false;
      result.consumed = start;
      return false;
    }
    DX_ASSERT(resume <= in.size);
    pos = resume;
    return true;
  }
  CodecResult done() {
    result.consumed = pos;
    return result;
  }
};

// An encoder's. Text of replacements goes through encodeOne, which says whether a character
// can be encoded.
struct EncodeRun {
  TextView in;
  EncodeErrorHandler* handler;
  std::string* out;
  const char* encoding;
  size_t pos = 0;
  size_t unitBytes = 1;  // replacement bytes come in multiples of this
  CodecResult result;

  template <class EncodeOne>
  DX_NOINLINE bool bad(const char* reason, size_t start, size_t end, EncodeOne encodeOne) {
    result.error = {encoding, reason, start, end};
    size_t resume = end;
    EncodeReplacement replacement;
    bool ok = handler != nullptr && handler->onError(result.error, in, &replacement, &resume);
    if (ok && replacement.isBytes) {
      ok = replacement.bytes.size() % unitBytes == 0;
      if (ok) out->append(replacement.bytes);
    } else if (ok) {
      for (size_t i = 0; ok && i < replacement.text.size(); i++)
        ok = encodeOne(replacement.text[i]);
    }
    if (!ok) {
      result.ok = false;
      result.consumed = start;
      return false;
    }
    DX_ASSERT(resume <= in.size);
    pos = resume;
    return true;
  }
  CodecResult done() {
    result.consumed = pos;
    return result;
  }
};

inline bool isSurrogate(u32 c) { return c >= 0xd800 && c <= 0xdfff; }

// The length of the run of ASCII at p.
inline size_t asciiRun(const u8* p, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    u64 word;
    memcpy(&word, p + i, 8);
    word &= 0x8080808080808080;
    if (word) return i + size_t(__builtin_ctzll(word)) / 8;
  }
  while (i < n && p[i] < 0x80) i++;
  return i;
}

// Calls f with the text as a typed pointer.
template <class F>
auto withUnits(TextView in, F f) {
  if (in.kind == 1) return f(static_cast<const u8*>(in.data));
  if (in.kind == 2) return f(static_cast<const u16*>(in.data));
  return f(static_cast<const u32*>(in.data));
}

}  // namespace dx::detail
