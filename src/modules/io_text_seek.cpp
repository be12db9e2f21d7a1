// Positions of text streams. A position is an int that packs where decoding starts in the buffer,
// the decoder's flags there, how many bytes to feed it, and how many characters to drop then.
#include <algorithm>
#include <cmath>

#include "modules/io_text.gen.h"
#include "modules/io_textio.h"

namespace dx {

namespace {

struct Cookie {
  i64 start = 0;
  i32 flags = 0, bytesToFeed = 0, charsToSkip = 0;
  u8 needEof = 0;
};
constexpr int kCookieBytes =
    21;  // little endian: start 8, flags 4, bytesToFeed 4, charsToSkip 4, needEof 1

Ref<> packCookie(const Cookie& c) {
  if (!c.flags && !c.bytesToFeed && !c.charsToSkip && !c.needEof) return makeInt(c.start);
  u8 bytes[kCookieBytes + 3] = {};
  memcpy(bytes, &c.start, 8);
  memcpy(bytes + 8, &c.flags, 4);
  memcpy(bytes + 12, &c.bytesToFeed, 4);
  memcpy(bytes + 16, &c.charsToSkip, 4);
  bytes[20] = c.needEof;
  u32 digits[6] = {};
  for (int bit = 0; bit < kCookieBytes * 8; bit++)
    if (bytes[bit / 8] >> (bit % 8) & 1) digits[bit / 30] |= 1u << (bit % 30);
  return makeIntFromDigits(digits, 6, false);
}

Result<Cookie> parseCookie(Thread& t, Value v) {
  Ref<> number = TRY(toInt(t, v));
  u8 bytes[kCookieBytes] = {};
  IntReader reader(number);
  if (reader.view.negative)
    return t.raise(kOverflowError, "can't convert negative int to unsigned");
  for (i64 d = 0; d < i64(reader.view.count); d++)
    for (int b = 0; b < 30; b++) {
      if (!(reader.view.digits[d] >> b & 1)) continue;
      i64 bit = d * 30 + b;
      if (bit >= kCookieBytes * 8) return t.raise(kOverflowError, "int too big to convert");
      bytes[bit / 8] |= u8(1 << (bit % 8));
    }
  Cookie c;
  memcpy(&c.start, bytes, 8);
  memcpy(&c.flags, bytes + 8, 4);
  memcpy(&c.bytesToFeed, bytes + 12, 4);
  memcpy(&c.charsToSkip, bytes + 16, 4);
  c.needEof = bytes[20];
  return c;
}

Result<void> restoreDecoder(Thread& t, TextIo& s, const Cookie& c) {
  if (c.start == 0 && c.flags == 0) return resetDecoder(t, s);
  return setDecoderState(t, s, {}, c.flags);
}

Result<i64> decodedLength(Thread& t, TextIo& s, std::string_view bytes, bool final = false) {
  Ref<Bytes> b = makeBytes(bytes);
  Ref<Str> text = TRY(decodeText(t, s, b, final));
  return text->length;
}

// Finds the decoder's last state that is safe to restart from and lies before `chars` characters of
// `input`. The decoder is left in some state.
Result<void> findRestart(Thread& t, TextIo& s, std::string_view input, i64 chars, Cookie* c) {
  // First by guesses, from the usual number of bytes of a character.
  i64 skip = std::min(i64(s.bytesPerChar * double(chars)), i64(input.size())), back = 1;
  i64 flags = c->flags;
  while (skip > 0) {
    TRY(setDecoderState(t, s, {}, flags));
    i64 n = TRY(decodedLength(t, s, input.substr(0, size_t(skip))));
    if (n <= chars) {
      DecoderState state = TRY(decoderState(t, s));
      i64 held = state.bytes.as<Bytes>()->size;
      if (held == 0) {
        c->flags = i32(state.flags);
        chars -= n;
        break;
      }
      skip -= held;
      back = 1;
    } else {
      skip -= back;
      back *= 2;
    }
  }
  if (skip <= 0) {
    skip = 0;
    TRY(setDecoderState(t, s, {}, flags));
  }
  c->start += skip;
  c->charsToSkip = i32(chars);
  if (chars == 0) return {};
  // Then byte by byte.
  i64 decoded = 0;
  for (size_t i = size_t(skip); i < input.size(); i++) {
    decoded += TRY(decodedLength(t, s, input.substr(i, 1)));
    c->bytesToFeed++;
    DecoderState state = TRY(decoderState(t, s));
    if (state.bytes.as<Bytes>()->size == 0 && decoded <= chars) {
      // The decoder holds nothing back: a good place to start.
      c->start += c->bytesToFeed;
      chars -= decoded;
      c->flags = i32(state.flags);
      c->bytesToFeed = 0;
      decoded = 0;
    }
    if (decoded >= chars) {
      c->charsToSkip = i32(chars);
      return {};
    }
  }
  // The rest comes out only at the end of the file.
  decoded += TRY(decodedLength(t, s, {}, true));
  c->needEof = 1;
  c->charsToSkip = i32(chars);
  if (decoded < chars) return t.raise(kOSError, "can't reconstruct logical file position");
  return {};
}

}  // namespace

Result<Ref<>> textio_tell(Thread& t, TextIo& self) {
  TRY(requireTextOpen(t, self));
  if (!self.seekable) return unsupportedOperation(t, "underlying stream is not seekable");
  if (!self.telling) return t.raise(kOSError, "telling position disabled by next() call");
  TRY(flushPending(t, self));
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  Ref<> buffer = TRY(attachedBuffer(t, self));
  Ref<> position = TRY(callMethod(t, buffer, DX_NAME("tell"), {}));
  if (!self.hasDecoder || !self.snapshotBytes) return position;
  Cookie c = TRY(parseCookie(t, position));
  Ref<> input = retain(self.snapshotBytes);
  std::string_view bytes = input.as<Bytes>()->view();
  c.start -= i64(bytes.size());
  c.flags = i32(self.snapshotFlags);
  i64 chars = self.decoded ? self.decodedUsed : 0;
  if (chars == 0) return packCookie(c);  // nothing was given out since
  DecoderState saved = TRY(decoderState(t, self));
  std::string held(saved.bytes.as<Bytes>()->view());
  u8 seen = self.newlines.seen;
  FirstError first(t);
  if (!findRestart(t, self, bytes, chars, &c)) first.keep();
  (void)bool(setDecoderState(t, self, held, saved.flags));
  self.newlines.seen = seen;
  TRY(first.settle());
  return packCookie(c);
}

static Result<Ref<>> seekToEnd(Thread& t, TextIo& self) {
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  setDecoded(self, Ref<>());
  dropSnapshot(self);
  if (self.hasDecoder) TRY(resetDecoder(t, self));
  Ref<> buffer = TRY(attachedBuffer(t, self));
  Ref<> r = TRY(
      callMethodWith(t, buffer, DX_NAME("seek"), Value::smallInt(0), Value::smallInt(SEEK_END)));
  if (self.hasEncoder) TRY(resetEncoder(t, self, TRY(equal(t, r, Value::smallInt(0)))));
  return r;
}

Result<Ref<>> textio_seek(Thread& t, TextIo& self, Value cookie, i32 whence) {
  TRY(requireTextOpen(t, self));
  if (!self.seekable) return unsupportedOperation(t, "underlying stream is not seekable");
  Ref<> target = retain(cookie);
  Value zero = Value::smallInt(0);
  if (whence == SEEK_CUR) {
    if (!TRY(equal(t, target, zero)))
      return unsupportedOperation(t, "can't do nonzero cur-relative seeks");
    // To stay is a seek to here: it brings the layers together.
    target = TRY(callMethod(t, &self, DX_NAME("tell"), {}));
  } else if (whence == SEEK_END) {
    if (!TRY(equal(t, target, zero)))
      return unsupportedOperation(t, "can't do nonzero end-relative seeks");
    return seekToEnd(t, self);
  } else if (whence != SEEK_SET) {
    return t.raise(kValueError, "invalid whence ({}, should be {}, {} or {})", whence, SEEK_SET,
                   SEEK_CUR, SEEK_END);
  }
  if (TRY(compareBool(t, target, zero, CompareOp::Lt)))
    return t.raise(kValueError, "negative seek position {!r}", target);
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  Cookie c = TRY(parseCookie(t, target));
  Ref<> buffer = TRY(attachedBuffer(t, self));
  (void)TRY(callMethodWith(t, buffer, DX_NAME("seek"), makeInt(c.start).get()));
  setDecoded(self, Ref<>());
  dropSnapshot(self);
  if (self.hasDecoder) TRY(restoreDecoder(t, self, c));
  if (c.charsToSkip) {
    Ref<> input = TRY(callMethodWith(t, buffer, DX_NAME("read"), makeInt(c.bytesToFeed).get()));
    if (!isBytes(input))
      return t.raise(kTypeError, "underlying read() should have returned a bytes object, not '{}'",
                     typeOf(input));
    if (!self.hasDecoder) return t.raise(kOSError, "can't restore logical file position");
    setSnapshot(self, c.flags, retain(input));
    Ref<Str> text = TRY(decodeText(t, self, input, c.needEof));
    i64 n = text->length;
    setDecoded(self, std::move(text));
    if (n < c.charsToSkip) return t.raise(kOSError, "can't restore logical file position");
    self.decodedUsed = c.charsToSkip;
  } else {
    setSnapshot(self, c.flags, Ref<>(makeBytes({})));
  }
  if (self.hasEncoder) TRY(resetEncoder(t, self, c.start == 0 && c.flags == 0));
  return target;
}

}  // namespace dx
