// Module binascii: base64, hexadecimal, uuencode, quoted-printable, and checksums.
#include "builtins/byte_methods.h"
#include "modules/binascii.gen.h"
#include "modules/exception_class.h"
#include "simd/kernels.h"

namespace dx {

namespace {

Type *gError = nullptr, *gIncomplete = nullptr;

// Data that may be given as ASCII text; `held` keeps a buffer open.
Result<std::string_view> asciiOrBytes(Thread& t, Value v, Buffer* held) {
  if (isStr(v)) {
    if (!v.as<Str>()->isAscii())
      return t.raise(kValueError, "string argument should contain only ASCII characters");
    return v.as<Str>()->ascii();
  }
  if (!hasBuffer(v))
    return t.raise(kTypeError, "argument should be bytes, buffer or ASCII string, not '{}'",
                   typeOf(v));
  TRY(Buffer::get(t, v, held));
  return held->bytes();
}

int hexValue(u8 c) {
  if (u8(c - '0') < 10) return c - '0';
  c |= 32;
  return u8(c - 'a') < 6 ? c - 'a' + 10 : -1;
}

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
struct Base64Values {
  u8 of[256];
  constexpr Base64Values() : of() {
    for (u8& v : of) v = 64;
    for (u8 i = 0; i < 64; i++) of[u8(kBase64[i])] = i;
  }
};
constexpr Base64Values kBase64Values;

// Tables of the checksum by bytes at distance 0..7 from the end of an eight byte step.
struct CrcTables {
  u32 of[8][256];
  constexpr CrcTables() : of() {
    for (u32 i = 0; i < 256; i++) {
      u32 c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      of[0][i] = c;
    }
    for (u32 i = 0; i < 256; i++)
      for (int k = 1; k < 8; k++) of[k][i] = of[0][of[k - 1][i] & 0xFF] ^ (of[k - 1][i] >> 8);
  }
};
constexpr CrcTables kCrc;

}  // namespace

// ---- base64 ----

Result<Ref<>> binascii_a2b_base64(Thread& t, Value data, bool strict) {
  Buffer held;
  std::string_view in = TRY(asciiOrBytes(t, data, &held));
  std::string out;
  out.resize(in.size() / 4 * 3 + 3);
  u32 bits = 0;
  int position = 0, pads = 0;  // in the group of four
  // Whole groups as long as nothing but the alphabet comes, and again behind each line break.
  size_t made = 0;
  auto groups = [&] {
    size_t done = simd::base64Decode(reinterpret_cast<const u8*>(in.data()), in.size(),
                                     reinterpret_cast<u8*>(out.data()) + made);
    made += done / 4 * 3;
    in.remove_prefix(done);
  };
  for (groups(); in.size() > 4 && in[0] == '\n' && !strict;) {
    in.remove_prefix(1);
    groups();
  }
  out.resize(made);
  for (char c : in) {
    if (c == '=') {
      if (position >= 2 && position + pads < 4) {
        pads++;
        continue;
      }
      if (strict) {
        if (position == 1) break;
        if (position == 0 && out.empty()) return t.raise(gError, "Leading padding not allowed");
        return t.raise(gError, "Excess padding not allowed");
      }
      if (position >= 2) pads++;
      continue;
    }
    u8 value = kBase64Values.of[u8(c)];
    if (value >= 64) {
      if (strict) return t.raise(gError, "Only base64 data is allowed");
      continue;
    }
    if (pads && strict)
      return t.raise(gError, position + pads == 4 ? "Excess data after padding"
                                                  : "Discontinuous padding not allowed");
    pads = 0;
    bits = bits << 6 | value;
    if (position++) out.push_back(char(bits >> (position == 2 ? 4 : position == 3 ? 2 : 0)));
    position &= 3;
  }
  if (position == 1)
    return t.raise(
        gError,
        "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a "
        "multiple of 4",
        i64(out.size() / 3 * 4 + 1));
  if (position && position + pads < 4) return t.raise(gError, "Incorrect padding");
  return makeBytes(out);
}

Result<Ref<>> binascii_b2a_base64(Thread& t, const Buffer& data, bool newline) {
  size_t size = size_t(data.size());
  if (size > size_t(INT64_MAX) / 2) return t.raiseMemory();
  Ref<Bytes> result = newBytes(i64((size + 2) / 3 * 4 + newline));
  if (!result) return t.raiseMemory();
  const u8* in = data.data();
  char* out = result->data;
  size_t i = simd::base64Encode(in, size - size % 3, reinterpret_cast<u8*>(out));
  out += i / 3 * 4;
  if (i < size) {
    u32 bits = u32(in[i]) << 16 | (i + 1 < size ? u32(in[i + 1]) << 8 : 0);
    *out++ = kBase64[bits >> 18];
    *out++ = kBase64[bits >> 12 & 63];
    *out++ = i + 1 < size ? kBase64[bits >> 6 & 63] : '=';
    *out++ = '=';
  }
  if (newline) *out++ = '\n';
  return result;
}

// ---- hexadecimal ----

Result<Ref<>> binascii_a2b_hex(Thread& t, Value hexstr) {
  Buffer held;
  std::string_view in = TRY(asciiOrBytes(t, hexstr, &held));
  if (in.size() % 2) return t.raise(gError, "Odd-length string");
  Ref<Bytes> out = newBytes(i64(in.size() / 2));
  if (!out) return t.raiseMemory();
  if (simd::hexDecode(reinterpret_cast<const u8*>(in.data()), in.size() / 2,
                      reinterpret_cast<u8*>(out->data)) != in.size() / 2)
    return t.raise(gError, "Non-hexadecimal digit found");
  return out;
}
Result<Ref<>> binascii_unhexlify(Thread& t, Value hexstr) { return binascii_a2b_hex(t, hexstr); }
Result<Ref<>> binascii_b2a_hex(Thread& t, const Buffer& data, Value separator, i32 group) {
  Ref<> text = TRY(bytesToHex(t, data.bytes(), separator, group));
  return makeBytes(text.as<Str>()->ascii());
}
Result<Ref<>> binascii_hexlify(Thread& t, const Buffer& data, Value separator, i32 group) {
  return binascii_b2a_hex(t, data, separator, group);
}

// ---- uuencode ----

Result<Ref<>> binascii_a2b_uu(Thread& t, Value data) {
  Buffer held;
  std::string_view in = TRY(asciiOrBytes(t, data, &held));
  if (in.empty()) return t.raise(gError, "Missing length byte");
  size_t wanted = u32(u8(in[0]) - ' ') & 63, at = 1;
  std::string out;
  u32 bits = 0;
  int held6 = 0;
  while (out.size() < wanted) {
    u32 c = 0;  // a line that ends early lost its trailing spaces
    if (at < in.size() && in[at] != '\n' && in[at] != '\r') {
      c = u8(in[at]);
      if (c < ' ' || c > ' ' + 64) return t.raise(gError, "Illegal char");
      c = (c - ' ') & 63;
    }
    at++;
    bits = bits << 6 | c;
    held6 += 6;
    if (held6 >= 8) {
      held6 -= 8;
      out.push_back(char(bits >> held6));
    }
  }
  for (; at < in.size(); at++)
    if (in[at] != ' ' && in[at] != ' ' + 64 && in[at] != '\n' && in[at] != '\r')
      return t.raise(gError, "Trailing garbage");
  return makeBytes(out);
}
Result<Ref<>> binascii_b2a_uu(Thread& t, const Buffer& data, bool backtick) {
  std::string_view in = data.bytes();
  if (in.size() > 45) return t.raise(gError, "At most 45 bytes at once");
  auto digit = [&](u32 v) { return char(v || !backtick ? v + ' ' : '`'); };
  std::string out(1, digit(u32(in.size())));
  for (size_t i = 0; i < in.size(); i += 3) {
    u32 bits = 0;
    for (size_t k = i; k < i + 3; k++) bits = bits << 8 | (k < in.size() ? u8(in[k]) : 0);
    for (int shift = 18; shift >= 0; shift -= 6) out.push_back(digit(bits >> shift & 63));
  }
  out.push_back('\n');
  return makeBytes(out);
}

// ---- quoted-printable ----

Result<Ref<>> binascii_a2b_qp(Thread& t, Value data, bool header) {
  Buffer held;
  std::string_view in = TRY(asciiOrBytes(t, data, &held));
  std::string out;
  out.reserve(in.size());
  for (size_t i = 0; i < in.size();) {
    char c = in[i++];
    if (c != '=') {
      out.push_back(header && c == '_' ? ' ' : c);
      continue;
    }
    if (i >= in.size()) break;
    if (in[i] == '\n' || in[i] == '\r') {  // a soft line break
      while (i < in.size() && in[i] != '\n') i++;
      if (i < in.size()) i++;
    } else if (in[i] == '=') {
      out.push_back('=');
      i++;
    } else if (i + 1 < in.size() && hexValue(u8(in[i])) >= 0 && hexValue(u8(in[i + 1])) >= 0) {
      out.push_back(char(hexValue(u8(in[i])) << 4 | hexValue(u8(in[i + 1]))));
      i += 2;
    } else {
      out.push_back('=');
    }
  }
  return makeBytes(out);
}

Result<Ref<>> binascii_b2a_qp(Thread&, const Buffer& data, bool quoteTabs, bool isText,
                              bool header) {
  constexpr size_t kLine = 76;
  std::string_view in = data.bytes();
  size_t newline = in.find('\n'), line = 0;
  bool crlf = newline != in.npos && newline > 0 && in[newline - 1] == '\r';
  std::string out;
  auto quote = [&](u8 c) {
    constexpr char digits[] = "0123456789ABCDEF";
    out.push_back('=');
    out.push_back(digits[c >> 4]);
    out.push_back(digits[c & 15]);
  };
  auto softBreak = [&] {
    out.append(crlf ? "=\r\n" : "=\n");
    line = 0;
  };
  for (size_t i = 0; i < in.size();) {
    u8 c = u8(in[i]);
    bool last = i + 1 == in.size(), blank = c == ' ' || c == '\t', end = c == '\r' || c == '\n';
    u8 next = last ? 0 : u8(in[i + 1]);
    if (c > 126 || c == '=' || (header && c == '_') ||
        (c == '.' && line == 0 && (last || next == '\n' || next == '\r' || next == 0)) ||
        (!isText && end) || (blank && last) || (c < 33 && !end && (quoteTabs || !blank))) {
      if (line + 3 >= kLine) softBreak();
      quote(c);
      i++;
      line += 3;
    } else if (isText && (c == '\n' || (c == '\r' && next == '\n'))) {
      line = 0;
      if (!out.empty() &&
          (out.back() == ' ' || out.back() == '\t')) {  // blanks at line ends get lost
        u8 blankByte = u8(out.back());
        out.pop_back();
        quote(blankByte);
      }
      out.append(crlf ? "\r\n" : "\n");
      i += c == '\r' ? 2 : 1;
    } else {
      if (!last && next != '\n' && line + 1 >= kLine) softBreak();
      line++;
      out.push_back(header && c == ' ' ? '_' : char(c));
      i++;
    }
  }
  return makeBytes(out);
}

// ---- checksums ----

Result<u64> binascii_crc32(Thread&, const Buffer& data, u64 start) {
  u32 crc = ~u32(start);
  const u8* p = data.data();
  size_t left = size_t(data.size());
  for (; left >= 8; left -= 8, p += 8) {
    u64 eight;
    memcpy(&eight, p, 8);
    eight ^= crc;
    crc = 0;
    for (int k = 0; k < 8; k++) crc ^= kCrc.of[7 - k][eight >> (8 * k) & 0xFF];
  }
  for (; left; left--) crc = kCrc.of[0][(crc ^ *p++) & 0xFF] ^ (crc >> 8);
  return u64(u32(~crc));
}
Result<u64> binascii_crc_hqx(Thread&, const Buffer& data, u64 start) {
  u32 crc = u32(start & 0xFFFF);
  for (char c : data.bytes()) {
    crc ^= u32(u8(c)) << 8;
    for (int k = 0; k < 8; k++) crc = crc & 0x8000 ? (crc << 1 ^ 0x1021) & 0xFFFF : crc << 1;
  }
  return u64(crc);
}

Result<void> binascii_exec(Thread& t, Module& module) {
  if (!gError) {
    gError = TRY(newExceptionClass(t, "binascii", "Error", kValueError)).release();
    gIncomplete = TRY(newExceptionClass(t, "binascii", "Incomplete", kException)).release();
  }
  moduleSet(module, "Error", gError);
  moduleSet(module, "Incomplete", gIncomplete);
  return {};
}

}  // namespace dx
