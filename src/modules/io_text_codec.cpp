// The coding layer of TextIOWrapper. UTF-8, ASCII and Latin-1 are decoded and encoded directly;
// other encodings go through the incremental coders that `codecs` gives.
#include <langinfo.h>

#include "modules/io_textio.h"
#include "runtime/codecs.h"

namespace dx {

namespace {

TextCodec directCodec(const Str* encoding) {
  std::string name;
  for (i64 i = 0; i < encoding->length; i++) {
    u32 c = encoding->at(i);
    if (c == '-' || c == '_' || c == ' ') continue;
    if (c >= 0x80) return TextCodec::General;
    name += char(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  if (name == "utf8") return TextCodec::Utf8;
  if (name == "ascii" || name == "usascii") return TextCodec::Ascii;
  if (name == "latin1" || name == "iso88591") return TextCodec::Latin1;
  return TextCodec::General;
}

const char* codecName(TextCodec c) {
  return c == TextCodec::Utf8 ? "utf-8" : c == TextCodec::Ascii ? "ascii" : "latin-1";
}

bool allAscii(std::string_view bytes) {
  const char* p = bytes.data();
  size_t n = bytes.size(), i = 0;
  for (; i + 32 <= n; i += 32) {
    u64 w[4];
    memcpy(w, p + i, 32);
    if ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080) return false;
  }
  for (; i < n; i++)
    if (u8(p[i]) >= 0x80) return false;
  return true;
}

void setHeld(TextIo& s, std::string_view bytes) {
  if (s.held) release(s.held);
  s.held = nullptr;
  s.heldSize = i64(bytes.size());
  if (bytes.empty()) return;
  s.held = static_cast<char*>(allocate(bytes.size()));
  memcpy(s.held, bytes.data(), bytes.size());
}

Result<Ref<Str>> decodeDirect(Thread& t, TextIo& s, std::string_view bytes, bool final) {
  std::string joined;
  if (s.heldSize) {
    joined.assign(s.held, size_t(s.heldSize));
    joined.append(bytes);
    bytes = joined;
  }
  if (allAscii(bytes)) {
    if (s.heldSize) setHeld(s, {});
    return makeAscii(bytes);
  }
  if (s.codec == TextCodec::Latin1) return makeLatin1(bytes);
  std::string errors = toUtf8(s.errors.as<Str>());
  i64 consumed = i64(bytes.size());
  bool utf8 = s.codec == TextCodec::Utf8;
  Ref<Str> text = TRY(decode(t, bytes, codecName(s.codec), errors.c_str(), final || !utf8,
                             utf8 ? &consumed : nullptr));
  if (final) consumed = i64(bytes.size());
  std::string rest(bytes.substr(size_t(consumed)));
  setHeld(s, rest);
  return text;
}

Result<Ref<>> incrementalCoder(Thread& t, Value info, const char* name, Value errors) {
  Ref<> factory = TRY(getAttr(t, info, name));
  return callWith(t, factory.get(), errors);
}

Result<bool> bufferSays(Thread& t, TextIo& s, Str* method) {
  Ref<> buffer = retain(s.buffer);
  if (!buffer) return t.raise(kValueError, "underlying buffer has been detached");
  Ref<> r = TRY(callMethod(t, buffer, method, {}));
  return isTrue(t, r);
}

// The decoder object; gone when the stream was made anew by code that ran meanwhile.
Result<Ref<>> currentDecoder(Thread& t, TextIo& s) {
  if (!s.decoder) return unsupportedOperation(t, "not readable");
  return retain(s.decoder);
}

}  // namespace

Ref<Str> localeEncoding() {
  if (theInterpreter.config.utf8Mode) return makeAscii("utf-8");
  std::string_view name = nl_langinfo(CODESET);
  // Without a locale the C library says ASCII; file names and text are UTF-8 then too.
  if (name.empty() || name == "ANSI_X3.4-1968") name = "UTF-8";
  return makeAscii(name);
}

void setNewline(TextIo& s, const char* newline) {
  clearField(s.readNewline);
  if (newline) setField(s.readNewline, makeAscii(newline));
  s.readUniversal = !newline || !*newline;
  s.readTranslate = !newline;
  s.writeTranslate = !newline || *newline;
  // os.linesep is "\n" here: only the other endings are written differently.
  s.writeNewline = newline && *newline && strcmp(newline, "\n") ? newline : nullptr;
}

Result<void> setCoders(Thread& t, TextIo& s, Str* encoding, Str* errors) {
  TextCodec codec = directCodec(encoding);
  Ref<> info;
  if (codec == TextCodec::General) {
    std::string name = toUtf8(encoding);
    info = Ref<>(TRY(codecLookup(t, name)));
    Ref<> isText;
    if (TRY(lookupAttr(t, info, "_is_text_encoding", &isText)) && !TRY(isTrue(t, isText)))
      return t.raise(kLookupError, "'{}' is not a text encoding", name);
  }
  Ref<> errorsValue = retain(errors);
  bool readable = TRY(bufferSays(t, s, DX_NAME("readable")));
  Ref<> decoder, encoder;
  if (readable && info) decoder = TRY(incrementalCoder(t, info, "incrementaldecoder", errorsValue));
  bool writable = TRY(bufferSays(t, s, DX_NAME("writable")));
  if (writable && info) encoder = TRY(incrementalCoder(t, info, "incrementalencoder", errorsValue));
  s.codec = codec;
  s.hasDecoder = readable;
  s.hasEncoder = writable;
  setField(s.decoder, std::move(decoder));
  setField(s.encoder, std::move(encoder));
  setField(s.encoding, retain(encoding));
  setField(s.errors, std::move(errorsValue));
  setHeld(s, {});
  s.newlineLayer = s.readUniversal;
  s.newlines = {false, s.readTranslate, 0};
  return {};
}

Result<void> resetEncoder(Thread& t, TextIo& s, bool atStart) {
  s.atStart = atStart;
  if (!s.encoder) return {};
  Ref<> encoder = retain(s.encoder);
  if (atStart)
    (void)TRY(callMethod(t, encoder, DX_NAME("reset"), {}));
  else
    (void)TRY(callMethodWith(t, encoder, DX_NAME("setstate"), Value::smallInt(0)));
  return {};
}

Result<void> fixEncoderState(Thread& t, TextIo& s) {
  s.atStart = true;
  if (!s.seekable || !s.hasEncoder) return {};
  Ref<> buffer = retain(s.buffer);
  if (!buffer) return t.raise(kValueError, "underlying buffer has been detached");
  Ref<> position = TRY(callMethod(t, buffer, DX_NAME("tell"), {}));
  if (TRY(equal(t, position, Value::smallInt(0)))) return {};
  return resetEncoder(t, s, false);
}

Result<Ref<Str>> decodeText(Thread& t, TextIo& s, Value bytes, bool final) {
  Ref<Str> text;
  if (s.codec != TextCodec::General) {
    Buffer data;
    TRY(Buffer::get(t, bytes, &data));
    text = TRY(decodeDirect(t, s, data.bytes(), final));
  } else {
    Ref<> decoder = TRY(currentDecoder(t, s));
    Ref<> r = TRY(callMethodWith(t, decoder, DX_NAME("decode"), bytes, boolean(final)));
    if (!isStr(r))
      return t.raise(kTypeError, "decoder should return a string result, not '{}'", typeOf(r));
    text = std::move(r).cast<Str>();
  }
  if (s.newlineLayer) return decodeNewlines(t, s.newlines, std::move(text), final);
  return text;
}

Result<DecoderState> decoderState(Thread& t, TextIo& s) {
  DecoderState state;
  if (s.codec != TextCodec::General) {
    state.bytes = Ref<>(makeBytes({s.held, size_t(s.heldSize)}));
  } else {
    Ref<> decoder = TRY(currentDecoder(t, s));
    Ref<> r = TRY(callMethod(t, decoder, DX_NAME("getstate"), {}));
    if (!isTuple(r) || r.as<Tuple>()->size != 2)
      return t.raise(kTypeError, "illegal decoder state");
    Value bytes = r.as<Tuple>()->items[0], flags = r.as<Tuple>()->items[1];
    if (!isBytes(bytes))
      return t.raise(kTypeError,
                     "illegal decoder state: the first item should be a bytes object, not '{}'",
                     typeOf(bytes));
    state.bytes = retain(bytes);
    state.flags = TRY(argI64(t, flags));
  }
  if (s.newlineLayer) state.flags = state.flags << 1 | i64(s.newlines.pendingCr);
  return state;
}

Result<void> setDecoderState(Thread& t, TextIo& s, std::string_view bytes, i64 flags) {
  if (s.newlineLayer) {
    s.newlines.pendingCr = flags & 1;
    flags >>= 1;
  }
  if (s.codec != TextCodec::General) {
    setHeld(s, bytes);
    return {};
  }
  Ref<> decoder = TRY(currentDecoder(t, s));
  Ref<Tuple> state = tupleOf(Value(makeBytes(bytes)), makeInt(flags).get());
  (void)TRY(callMethodWith(t, decoder, DX_NAME("setstate"), Value(state)));
  return {};
}

Result<void> resetDecoder(Thread& t, TextIo& s) {
  if (s.newlineLayer) {
    s.newlines.pendingCr = false;
    s.newlines.seen = 0;
  }
  if (s.heldSize) setHeld(s, {});
  if (!s.decoder) return {};
  Ref<> decoder = retain(s.decoder);
  (void)TRY(callMethod(t, decoder, DX_NAME("reset"), {}));
  return {};
}

Result<void> encodeText(Thread& t, TextIo& s, Str* text, std::string* out) {
  if (s.codec == TextCodec::General) {
    Ref<> encoder = retain(s.encoder);
    if (!encoder) return unsupportedOperation(t, "not writable");
    Ref<> r = TRY(callMethodWith(t, encoder, DX_NAME("encode"), Value(text)));
    if (!isBytes(r))
      return t.raise(kTypeError, "encoder should return a bytes object, not '{}'", typeOf(r));
    s.atStart = false;
    out->append(r.as<Bytes>()->view());
    return {};
  }
  if (text->isAscii()) {
    out->append(text->ascii());
    return {};
  }
  // Most text can be encoded; what cannot goes to the error handler.
  size_t before = out->size();
  CodecResult r = s.codec == TextCodec::Utf8    ? encodeUtf8(viewOf(text), nullptr, out)
                  : s.codec == TextCodec::Ascii ? encodeAscii(viewOf(text), nullptr, out)
                                                : encodeLatin1(viewOf(text), nullptr, out);
  if (r.ok) return {};
  out->resize(before);
  std::string errors = toUtf8(s.errors.as<Str>());
  Ref<Bytes> b = TRY(encode(t, text, codecName(s.codec), errors.c_str()));
  out->append(b->view());
  return {};
}

}  // namespace dx
