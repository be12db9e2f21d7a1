// UTF-7 (RFC 2152).
#include "base/codec_driver.h"

namespace dx {

using namespace detail;

namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64Value(u32 c) {
  if (c >= 'A' && c <= 'Z') return int(c - 'A');
  if (c >= 'a' && c <= 'z') return int(c - 'a' + 26);
  if (c >= '0' && c <= '9') return int(c - '0' + 52);
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// Written as they are: RFC 2152's set D and set O, and white space.
bool encodesDirectly(u32 c) {
  if (c >= 128 || c == 0) return false;
  if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return true;
  if (c == '\t' || c == '\n' || c == '\r' || c == ' ') return true;
  return strchr("'(),-./:?!\"#$%&*;<=>@[]^_`{|}", int(c)) != nullptr;
}

// After base64 an explicit '-' is needed unless this follows by itself.
bool endsBase64(u32 c) { return base64Value(c) < 0 && c != '-'; }

}  // namespace

void encodeUtf7(TextView in, std::string* out) {
  bool shifted = false;
  u32 bits = 0;
  int count = 0;
  auto flush = [&] {
    while (count >= 6) {
      count -= 6;
      out->push_back(kBase64[bits >> count & 63]);
    }
  };
  auto leave = [&](u32 next) {
    if (count > 0) out->push_back(kBase64[bits << (6 - count) & 63]);
    count = 0;
    bits = 0;
    shifted = false;
    if (!endsBase64(next)) out->push_back('-');
  };
  for (size_t i = 0; i < in.size; i++) {
    u32 c = in[i];
    if (encodesDirectly(c)) {
      if (shifted) leave(c);
      out->push_back(char(c));
      continue;
    }
    if (!shifted) {
      out->push_back('+');
      if (c == '+') {
        out->push_back('-');
        continue;
      }
      shifted = true;
    }
    if (c > 0xffff) {
      bits = bits << 16 | 0xd800 | (c - 0x10000) >> 10;
      count += 16;
      flush();
      c = 0xdc00 | (c & 0x3ff);
    }
    bits = bits << 16 | c;
    count += 16;
    flush();
  }
  if (count > 0) out->push_back(kBase64[bits << (6 - count) & 63]);
  if (shifted) out->push_back('-');
}

CodecResult decodeUtf7(ByteView in, bool final, DecodeErrorHandler* handler, TextBuffer* out) {
  DecodeRun run{in, handler, out, "utf7"};
  bool shifted = false;
  size_t shiftStart = 0;  // of the '+'
  u32 bits = 0;
  int count = 0;
  u32 high = 0;  // a high surrogate that waits for its other half
  // Characters of an unfinished shift are handed over only when it ends, if there is more to come.
  std::vector<u32> held;
  auto emit = [&](u32 c) {
    if (final)
      out->append(c);
    else
      held.push_back(c);
  };
  auto release = [&] {
    for (u32 c : held) out->append(c);
    held.clear();
  };
  while (run.pos < run.in.size) {
    u32 c = run.in.data[run.pos];
    if (!shifted) {
      if (c == '+') {
        shiftStart = run.pos++;
        if (run.pos >= run.in.size) {
          if (!final) run.pos = shiftStart;  // a plus sign that ends the text stands for nothing
          break;
        }
        u32 next = run.in.data[run.pos];
        if (next == '-') {
          out->append('+');
          run.pos++;
        } else if (base64Value(next) < 0) {
          run.pos++;
          if (!run.bad("ill-formed sequence", shiftStart, run.pos)) return run.result;
        } else {
          shifted = true;
          high = bits = 0;
          count = 0;
        }
        continue;
      }
      // The tilde and the backslash are not in RFC 2152's sets, but are read all the same.
      if (c >= 128) {
        if (!run.bad("unexpected special character", run.pos, run.pos + 1)) return run.result;
        continue;
      }
      out->append(c);
      run.pos++;
      continue;
    }
    int value = base64Value(c);
    if (value >= 0) {
      bits = bits << 6 | u32(value);
      count += 6;
      run.pos++;
      if (count < 16) continue;
      u32 unit = bits >> (count - 16) & 0xffff;
      count -= 16;
      bits &= (u32(1) << count) - 1;
      if (high) {
        if (unit >= 0xdc00 && unit <= 0xdfff) {
          emit(0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff)));
          high = 0;
          continue;
        }
        emit(high);
        high = 0;
      }
      if (unit >= 0xd800 && unit <= 0xdbff)
        high = unit;
      else
        emit(unit);
      continue;
    }
    // The end of the base64 part.
    shifted = false;
    release();
    bool wrong = false;
    if (count > 0) {
      const char* reason = count >= 6  ? "partial character in shift sequence"
                           : bits != 0 ? "non-zero padding bits in shift sequence"
                                       : nullptr;
      if (reason) {
        run.pos++;
        if (!run.bad(reason, shiftStart, run.pos)) return run.result;
        wrong = true;
      }
    }
    if (wrong) continue;
    if (high && c < 128 && c != '+') out->append(high);
    high = 0;
    if (c == '-') run.pos++;
  }
  if (shifted) {
    if (!final) {
      run.pos = shiftStart;  // what the shift gave so far is thrown away and read again
      return run.done();
    }
    if (high || count >= 6 || (count > 0 && bits != 0)) {
      if (!run.bad("unterminated shift sequence", shiftStart, run.in.size)) return run.result;
      // A handler may have moved back; one more round reads what it left.
      if (run.pos < run.in.size) {
        ByteView rest{run.in.data + run.pos, run.in.size - run.pos};
        CodecResult more = decodeUtf7(rest, final, handler, out);
        more.consumed += run.pos;
        more.error.start += run.pos;
        more.error.end += run.pos;
        return more;
      }
    }
  }
  return run.done();
}

}  // namespace dx
