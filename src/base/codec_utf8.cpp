// UTF-8, ASCII and Latin-1.
#include "base/codec_driver.h"

namespace dx {

using namespace detail;

namespace {

size_t writeUtf8(u32 c, char* b) {
  if (c < 0x80) {
    b[0] = char(c);
    return 1;
  }
  if (c < 0x800) {
    b[0] = char(0xc0 | c >> 6);
    b[1] = char(0x80 | (c & 63));
    return 2;
  }
  if (c < 0x10000) {
    b[0] = char(0xe0 | c >> 12);
    b[1] = char(0x80 | (c >> 6 & 63));
    b[2] = char(0x80 | (c & 63));
    return 3;
  }
  b[0] = char(0xf0 | c >> 18);
  b[1] = char(0x80 | (c >> 12 & 63));
  b[2] = char(0x80 | (c >> 6 & 63));
  b[3] = char(0x80 | (c & 63));
  return 4;
}

}  // namespace

void appendUtf8(u32 c, std::string* out) {
  char b[4];
  out->append(b, writeUtf8(c, b));
}

CodecResult decodeUtf8(ByteView in, bool final, DecodeErrorHandler* handler, TextBuffer* out) {
  DecodeRun run{in, handler, out, "utf-8"};
  out->reserve(out->size() + in.size);
  while (run.pos < run.in.size) {
    const u8* p = run.in.data + run.pos;
    size_t left = run.in.size - run.pos;
    u32 lead = p[0];
    if (lead < 0x80) {
      size_t n = asciiRun(p, left);
      out->appendLatin1(p, n, 0x7f);
      run.pos += n;
      continue;
    }
    // How many bytes, and what the second may be (Unicode, table 3-7).
    size_t need;
    u32 low = 0x80, high = 0xbf;
    if (lead >= 0xc2 && lead < 0xe0) {
      need = 2;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      need = 3;
      if (lead == 0xe0) low = 0xa0;
      if (lead == 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead < 0xf5) {
      need = 4;
      if (lead == 0xf0) low = 0x90;
      if (lead == 0xf4) high = 0x8f;
    } else {
      if (!run.bad("invalid start byte", run.pos, run.pos + 1)) return run.result;
      continue;
    }
    size_t good = 1;
    if (left > 1 && p[1] >= low && p[1] <= high) {
      good = 2;
      while (good < need && good < left && (p[good] & 0xc0) == 0x80) good++;
    }
    if (good == need) [[likely]] {
      u32 c = need == 2   ? (lead & 0x1f) << 6 | (p[1] & 0x3f)
              : need == 3 ? (lead & 0x0f) << 12 | u32(p[1] & 0x3f) << 6 | (p[2] & 0x3f)
                          : (lead & 0x07) << 18 | u32(p[1] & 0x3f) << 12 | u32(p[2] & 0x3f) << 6 |
                                (p[3] & 0x3f);
      out->append(c);
      run.pos += need;
      continue;
    }
    if (good == left) {
      if (!final) break;
      if (!run.bad("unexpected end of data", run.pos, run.pos + good)) return run.result;
      continue;
    }
    // Two bytes of a surrogate: surrogatepass needs the third.
    if (!final && lead == 0xed && left == 2 && p[1] >= 0xa0 && p[1] <= 0xbf) break;
    if (!run.bad("invalid continuation byte", run.pos, run.pos + good)) return run.result;
  }
  return run.done();
}

CodecResult encodeUtf8(TextView in, EncodeErrorHandler* handler, std::string* out) {
  EncodeRun run{in, handler, out, "utf-8"};
  auto one = [&](u32 c) {  // replacements must be ASCII
    if (c >= 0x80) return false;
    out->push_back(char(c));
    return true;
  };
  return withUnits(in, [&](auto* text) {
    using Unit = std::remove_cvref_t<decltype(*text)>;
    out->reserve(out->size() + in.size);
    while (run.pos < in.size) {
      if constexpr (sizeof(Unit) == 1) {
        size_t n = asciiRun(text + run.pos, in.size - run.pos);
        out->append(reinterpret_cast<const char*>(text) + run.pos, n);
        run.pos += n;
        if (run.pos == in.size) break;
      }
      char block[512];
      size_t used = 0;
      bool surrogate = false;
      for (; run.pos < in.size && used + 4 <= sizeof block; run.pos++) {
        u32 c = text[run.pos];
        surrogate = sizeof(Unit) > 1 && isSurrogate(c);
        if (surrogate || (sizeof(Unit) == 1 && c < 0x80 && used > 64)) break;
        used += writeUtf8(c, block + used);
      }
      out->append(block, used);
      if (surrogate) {
        size_t end = run.pos + 1;
        while (end < in.size && isSurrogate(text[end])) end++;
        if (!run.bad("surrogates not allowed", run.pos, end, one)) return run.result;
      }
    }
    return run.done();
  });
}

CodecResult decodeAscii(ByteView in, DecodeErrorHandler* handler, TextBuffer* out) {
  DecodeRun run{in, handler, out, "ascii"};
  out->reserve(out->size() + in.size);
  while (run.pos < run.in.size) {
    size_t n = asciiRun(run.in.data + run.pos, run.in.size - run.pos);
    out->appendLatin1(run.in.data + run.pos, n, 0x7f);
    run.pos += n;
    if (run.pos < run.in.size && !run.bad("ordinal not in range(128)", run.pos, run.pos + 1))
      return run.result;
  }
  return run.done();
}

void decodeLatin1(ByteView in, TextBuffer* out) {
  u32 seen = asciiRun(in.data, in.size) == in.size ? 0x7f : 0xff;
  out->appendLatin1(in.data, in.size, seen);
}

namespace {

CodecResult encodeNarrow(TextView in, u32 limit, const char* encoding, const char* reason,
                         EncodeErrorHandler* handler, std::string* out) {
  EncodeRun run{in, handler, out, encoding};
  auto one = [&](u32 c) {
    if (c >= limit) return false;
    out->push_back(char(c));
    return true;
  };
  return withUnits(in, [&](auto* text) {
    out->reserve(out->size() + in.size);
    while (run.pos < in.size) {
      size_t start = run.pos, end = start;
      while (end < in.size && text[end] < limit) end++;
      if constexpr (sizeof(*text) == 1)
        out->append(reinterpret_cast<const char*>(text) + start, end - start);
      else
        for (size_t i = start; i < end; i++) out->push_back(char(text[i]));
      run.pos = end;
      if (end == in.size) break;
      while (end < in.size && text[end] >= limit) end++;
      if (!run.bad(reason, run.pos, end, one)) return run.result;
    }
    return run.done();
  });
}

}  // namespace

CodecResult encodeAscii(TextView in, EncodeErrorHandler* handler, std::string* out) {
  return encodeNarrow(in, 128, "ascii", "ordinal not in range(128)", handler, out);
}

CodecResult encodeLatin1(TextView in, EncodeErrorHandler* handler, std::string* out) {
  return encodeNarrow(in, 256, "latin-1", "ordinal not in range(256)", handler, out);
}

}  // namespace dx
