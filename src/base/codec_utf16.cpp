// UTF-16 and UTF-32.
#include <algorithm>

#include "base/codec_driver.h"
#include "simd/kernels.h"

namespace dx {

using namespace detail;

namespace {

u32 read16(const u8* p, bool big) { return big ? u32(p[0]) << 8 | p[1] : u32(p[1]) << 8 | p[0]; }
u32 read32(const u8* p, bool big) {
  return big ? read16(p, true) << 16 | read16(p + 2, true)
             : read16(p + 2, false) << 16 | read16(p, false);
}
void write16(u32 v, bool big, std::string* out) {
  char b[2] = {char(big ? v >> 8 : v), char(big ? v : v >> 8)};
  out->append(b, 2);
}
void write32(u32 v, bool big, std::string* out) {
  write16(big ? v >> 16 : v & 0xffff, big, out);
  write16(big ? v & 0xffff : v >> 16, big, out);
}

// Units that stand for themselves, copied: how many there were at p, in blocks through memory that
// is aligned and in this machine's byte order.
template <class U>
size_t appendRun(const u8* p, size_t n, bool big, u32 most, TextBuffer* out) {
  constexpr size_t kBlock = 1024;
  U block[kBlock];
  size_t done = 0;
  while (done < n) {
    size_t count = std::min(n - done, kBlock);
    memcpy(block, p + done * sizeof(U), count * sizeof(U));
    if (big) simd::swapBytes(block, count, block);
    size_t good = simd::findSurrogate(block, count);
    if constexpr (sizeof(U) == 4) good = simd::findFrom(block, good, most + 1);
    out->appendUnits(block, good);
    done += good;
    if (good < count) break;
  }
  return done;
}

// Characters from `pos` on that are one unit each, appended: how many.
template <class U>
size_t encodeRun(TextView in, size_t pos, bool big, std::string* out) {
  return withUnits(in, [&](auto* text) {
    text += pos;
    size_t n = simd::findSurrogate(text, in.size - pos);
    if constexpr (sizeof(U) < sizeof(*text)) n = simd::findFrom(text, n, 0x10000);
    constexpr size_t kBlock = 1024;
    U block[kBlock];
    for (size_t done = 0; done < n; done += kBlock) {
      size_t count = std::min(n - done, kBlock);
      simd::convert(text + done, count, block);
      if (big) simd::swapBytes(block, count, block);
      out->append(reinterpret_cast<const char*>(block), count * sizeof(U));
    }
    return n;
  });
}

}  // namespace

CodecResult decodeUtf16(ByteView in, int* byteOrder, bool final, DecodeErrorHandler* handler,
                        TextBuffer* out) {
  DecodeRun run{in, handler, out, "utf-16-le"};
  if (*byteOrder == 0 && in.size >= 2) {
    u32 mark = read16(in.data, false);
    if (mark == 0xfeff) *byteOrder = -1;
    if (mark == 0xfffe) *byteOrder = 1;
    if (*byteOrder != 0) run.pos = 2;
  }
  bool big = *byteOrder > 0;
  if (big) run.encoding = "utf-16-be";
  out->reserve(out->size() + in.size / 2);
  while (run.pos < run.in.size) {
    const u8* p = run.in.data + run.pos;
    size_t left = run.in.size - run.pos;
    if (left == 1) {
      if (!final) break;
      if (!run.bad("truncated data", run.pos, run.pos + 1)) return run.result;
      continue;
    }
    if (size_t n = appendRun<u16>(p, left / 2, big, 0xffff, out)) {
      run.pos += 2 * n;
      continue;
    }
    u32 c = read16(p, big);
    if (!isSurrogate(c)) [[likely]] {
      out->append(c);
      run.pos += 2;
      continue;
    }
    if (c >= 0xdc00) {
      if (!run.bad("illegal encoding", run.pos, run.pos + 2)) return run.result;
      continue;
    }
    if (left < 4) {
      if (!final) break;
      if (!run.bad("unexpected end of data", run.pos, run.in.size)) return run.result;
      continue;
    }
    u32 second = read16(p + 2, big);
    if (second < 0xdc00 || second > 0xdfff) {
      if (!run.bad("illegal UTF-16 surrogate", run.pos, run.pos + 2)) return run.result;
      continue;
    }
    out->append(0x10000 + ((c & 0x3ff) << 10 | (second & 0x3ff)));
    run.pos += 4;
  }
  return run.done();
}

CodecResult encodeUtf16(TextView in, int byteOrder, EncodeErrorHandler* handler, std::string* out) {
  EncodeRun run{in, handler, out,
                byteOrder < 0   ? "utf-16-le"
                : byteOrder > 0 ? "utf-16-be"
                                : "utf-16"};
  run.unitBytes = 2;
  bool big = byteOrder > 0;
  auto one = [&](u32 c) {
    if (isSurrogate(c)) return false;
    if (c > 0xffff) {
      write16(0xd800 | (c - 0x10000) >> 10, big, out);
      write16(0xdc00 | (c & 0x3ff), big, out);
    } else {
      write16(c, big, out);
    }
    return true;
  };
  if (byteOrder == 0) write16(0xfeff, false, out);
  out->reserve(out->size() + 2 * in.size);
  while (run.pos < in.size) {
    run.pos += encodeRun<u16>(in, run.pos, big, out);
    if (run.pos == in.size) break;
    if (one(in[run.pos])) {
      run.pos++;
      continue;
    }
    if (!run.bad("surrogates not allowed", run.pos, run.pos + 1, one)) return run.result;
  }
  return run.done();
}

CodecResult decodeUtf32(ByteView in, int* byteOrder, bool final, DecodeErrorHandler* handler,
                        TextBuffer* out) {
  DecodeRun run{in, handler, out, "utf-32-le"};
  if (*byteOrder == 0 && in.size >= 4) {
    u32 mark = read32(in.data, false);
    if (mark == 0xfeff) *byteOrder = -1;
    if (mark == 0xfffe0000) *byteOrder = 1;
    if (*byteOrder != 0) run.pos = 4;
  }
  bool big = *byteOrder > 0;
  if (big) run.encoding = "utf-32-be";
  out->reserve(out->size() + in.size / 4);
  while (run.pos < run.in.size) {
    size_t left = run.in.size - run.pos;
    if (left < 4) {
      if (!final) break;
      if (!run.bad("truncated data", run.pos, run.in.size)) return run.result;
      continue;
    }
    if (size_t n = appendRun<u32>(run.in.data + run.pos, left / 4, big, 0x10ffff, out)) {
      run.pos += 4 * n;
      continue;
    }
    u32 c = read32(run.in.data + run.pos, big);
    const char* reason = nullptr;
    if (isSurrogate(c)) reason = "code point in surrogate code point range(0xd800, 0xe000)";
    if (c > 0x10ffff) reason = "code point not in range(0x110000)";
    if (reason) {
      if (!run.bad(reason, run.pos, run.pos + 4)) return run.result;
      continue;
    }
    out->append(c);
    run.pos += 4;
  }
  return run.done();
}

CodecResult encodeUtf32(TextView in, int byteOrder, EncodeErrorHandler* handler, std::string* out) {
  EncodeRun run{in, handler, out,
                byteOrder < 0   ? "utf-32-le"
                : byteOrder > 0 ? "utf-32-be"
                                : "utf-32"};
  run.unitBytes = 4;
  bool big = byteOrder > 0;
  auto one = [&](u32 c) {
    if (isSurrogate(c)) return false;
    write32(c, big, out);
    return true;
  };
  if (byteOrder == 0) write32(0xfeff, false, out);
  out->reserve(out->size() + 4 * in.size);
  while (run.pos < in.size) {
    run.pos += encodeRun<u32>(in, run.pos, big, out);
    if (run.pos == in.size) break;
    if (one(in[run.pos])) {
      run.pos++;
      continue;
    }
    if (!run.bad("surrogates not allowed", run.pos, run.pos + 1, one)) return run.result;
  }
  return run.done();
}

}  // namespace dx
