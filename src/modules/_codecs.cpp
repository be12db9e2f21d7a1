// Module _codecs: the encodings one by one.
#include "modules/_codecs.gen.h"
#include "runtime/codecs.h"

namespace dx {

namespace {

// The errors argument as a C string that lives as long as this.
class Errors {
 public:
  explicit Errors(Str* errors) : given_(errors != nullptr), text_(errors ? toUtf8(errors) : "") {}
  const char* c() const { return given_ ? text_.c_str() : nullptr; }

 private:
  bool given_;
  std::string text_;
};

Ref<> withCount(Ref<> v, i64 n) { return Ref<>(tupleOf(v.get(), makeInt(n).get())); }

Result<Ref<>> decoded(Thread& t, const Buffer& data, Str* errors, bool final, DecodeFn fn,
                      void* context = nullptr) {
  Errors e(errors);
  i64 consumed = 0;
  Ref<Str> s = TRY(decodeWith(t, fn, context, data.bytes(), e.c(), final, &consumed));
  return withCount(std::move(s), final ? data.size() : consumed);
}
Result<Ref<>> encoded(Thread& t, Str& str, Str* errors, EncodeFn fn, void* context = nullptr) {
  Errors e(errors);
  Ref<Bytes> b = TRY(encodeWith(t, fn, context, &str, e.c()));
  return withCount(std::move(b), str.length);
}

// Buffers, or str taken as its UTF-8.
Result<void> bytesOrStr(Thread& t, Value v, Buffer* buffer, std::string* text,
                        std::string_view* out) {
  if (isStr(v)) {
    std::string_view s = TRY(utf8(t, v.as<Str>()));
    *text = s;
    *out = *text;
    return {};
  }
  TRY(Buffer::get(t, v, buffer));
  *out = buffer->bytes();
  return {};
}

}  // namespace

// ---- registry ----

Result<void> _codecs_register(Thread& t, Value f) { return codecRegister(t, f); }
Result<void> _codecs_unregister(Thread& t, Value f) { return codecUnregister(t, f); }
Result<Ref<>> _codecs_lookup(Thread& t, Str& encoding) {
  std::string name(TRY(utf8(t, &encoding)));
  if (name.find('\0') != name.npos) return t.raise(kValueError, "embedded null character");
  return Ref<>(TRY(codecLookup(t, name)));
}
Result<Ref<>> _codecs_encode(Thread& t, Value obj, Str& encoding, Str& errors) {
  return codecEncode(t, obj, toUtf8(&encoding).c_str(), toUtf8(&errors).c_str());
}
Result<Ref<>> _codecs_decode(Thread& t, Value obj, Str& encoding, Str& errors) {
  return codecDecode(t, obj, toUtf8(&encoding).c_str(), toUtf8(&errors).c_str());
}
Result<void> _codecs_register_error(Thread& t, Str& errors, Value handler) {
  return errorHandlerRegister(t, toUtf8(&errors).c_str(), handler);
}
Result<bool> _codecs__unregister_error(Thread& t, Str& errors) {
  return errorHandlerUnregister(t, toUtf8(&errors).c_str());
}
Result<Ref<>> _codecs_lookup_error(Thread& t, Str& name) {
  return retain(TRY(errorHandlerLookup(t, toUtf8(&name).c_str())));
}

// ---- escapes ----

Result<Ref<>> _codecs_escape_decode(Thread& t, Value data, Str* errors) {
  Buffer buffer;
  std::string text;
  std::string_view in;
  TRY(bytesOrStr(t, data, &buffer, &text, &in));
  ErrorPolicy policy = ErrorPolicy::kStrict;
  std::string name = errors ? toUtf8(errors) : "strict";
  if (!errorPolicyFromName(name, &policy))
    return t.raise(kValueError, "decoding error; unknown error handling code: {}", name);
  std::string out;
  size_t at = 0, firstInvalid = kNoInvalidEscape;
  switch (decodeBytesEscape({reinterpret_cast<const u8*>(in.data()), in.size()}, policy, &out, &at,
                            &firstInvalid)) {
    case BytesEscape::kInvalidX:
      return t.raise(kValueError, "invalid \\x escape at position {}", i64(at));
    case BytesEscape::kTrailingBackslash:
      return t.raise(kValueError, "Trailing \\ in string");
    default:
      break;
  }
  if (firstInvalid != kNoInvalidEscape) {
    char c = in[firstInvalid + 1];
    if (c >= '4' && c <= '7')
      TRY(warn(t, kDeprecationWarning, "\"\\{}\" is an invalid octal escape sequence",
               in.substr(firstInvalid + 1, 3)));
    else
      TRY(warn(t, kDeprecationWarning, "\"\\{}\" is an invalid escape sequence",
               in.substr(firstInvalid + 1, 1)));
  }
  return withCount(makeBytes(out), i64(in.size()));
}
Result<Ref<>> _codecs_escape_encode(Thread&, Bytes& data, Str*) {
  std::string out;
  encodeBytesEscape({reinterpret_cast<const u8*>(data.data), size_t(data.size)}, &out);
  return withCount(makeBytes(out), data.size);
}
Result<Ref<>> _codecs_readbuffer_encode(Thread& t, Value data, Str*) {
  Buffer buffer;
  std::string text;
  std::string_view in;
  TRY(bytesOrStr(t, data, &buffer, &text, &in));
  return withCount(makeBytes(in), i64(in.size()));
}

Result<Ref<>> _codecs_unicode_escape_decode(Thread& t, Value data, Str* errors, bool final) {
  Buffer buffer;
  std::string text;
  std::string_view in;
  TRY(bytesOrStr(t, data, &buffer, &text, &in));
  Errors e(errors);
  i64 consumed = 0;
  size_t firstInvalid = kNoInvalidEscape;
  Ref<Str> s = TRY(decodeWith(
      t,
      [](ByteView b, bool last, DecodeErrorHandler* h, TextBuffer* out, void* first) {
        return decodeUnicodeEscape(b, last, h, out, static_cast<size_t*>(first));
      },
      &firstInvalid, in, e.c(), final, &consumed));
  if (firstInvalid != kNoInvalidEscape && firstInvalid + 1 < in.size()) {
    char c = in[firstInvalid + 1];
    if (c >= '4' && c <= '7')
      TRY(warn(t, kDeprecationWarning, "\"\\{}\" is an invalid octal escape sequence",
               in.substr(firstInvalid + 1, 3)));
    else
      TRY(warn(t, kDeprecationWarning, "\"\\{}\" is an invalid escape sequence",
               in.substr(firstInvalid + 1, 1)));
  }
  return withCount(std::move(s), final ? i64(in.size()) : consumed);
}
Result<Ref<>> _codecs_unicode_escape_encode(Thread&, Str& str, Str*) {
  std::string out;
  encodeUnicodeEscape(viewOf(&str), &out);
  return withCount(makeBytes(out), str.length);
}
Result<Ref<>> _codecs_raw_unicode_escape_decode(Thread& t, Value data, Str* errors, bool final) {
  Buffer buffer;
  std::string text;
  std::string_view in;
  TRY(bytesOrStr(t, data, &buffer, &text, &in));
  Errors e(errors);
  i64 consumed = 0;
  Ref<Str> s = TRY(decodeWith(
      t,
      [](ByteView b, bool last, DecodeErrorHandler* h, TextBuffer* out, void*) {
        return decodeRawUnicodeEscape(b, last, h, out);
      },
      nullptr, in, e.c(), final, &consumed));
  return withCount(std::move(s), final ? i64(in.size()) : consumed);
}
Result<Ref<>> _codecs_raw_unicode_escape_encode(Thread&, Str& str, Str*) {
  std::string out;
  encodeRawUnicodeEscape(viewOf(&str), &out);
  return withCount(makeBytes(out), str.length);
}

// ---- character maps ----

namespace {

class MappingLookup final : public CharmapLookup {
 public:
  MappingLookup(Thread& t, Value mapping) : t_(t), mapping_(mapping) {}
  CharmapAnswer decodeByte(u8 byte, TextBuffer* out) override {
    Ref<> v;
    CharmapAnswer found = get(byte, &v);
    if (found != CharmapAnswer::kMapped) return found;
    if (isInt(v)) {
      i64 c;
      if (intToI64(v, &c) && c == 0xFFFE) return CharmapAnswer::kUndefined;
      if (!intToI64(v, &c) || c < 0 || c > 0x10FFFF) {
        (void)t_.raise(kTypeError, "character mapping must be in range(0x110000)");
        return CharmapAnswer::kFailed;
      }
      out->append(u32(c));
      return CharmapAnswer::kMapped;
    }
    if (isStr(v)) {
      Str* s = v.as<Str>();
      if (s->length == 1 && s->at(0) == 0xFFFE) return CharmapAnswer::kUndefined;
      out->append(viewOf(s));
      return CharmapAnswer::kMapped;
    }
    (void)t_.raise(kTypeError, "character mapping must return integer, None or str");
    return CharmapAnswer::kFailed;
  }
  CharmapAnswer encodeChar(u32 c, std::string* out) override {
    Ref<> v;
    CharmapAnswer found = get(c, &v);
    if (found != CharmapAnswer::kMapped) return found;
    if (isInt(v)) {
      i64 b;
      if (!intToI64(v, &b) || b < 0 || b > 255) {
        (void)t_.raise(kTypeError, "character mapping must be in range(256)");
        return CharmapAnswer::kFailed;
      }
      *out += char(b);
      return CharmapAnswer::kMapped;
    }
    if (isBytes(v)) {
      out->append(v.as<Bytes>()->view());
      return CharmapAnswer::kMapped;
    }
    (void)t_.raise(kTypeError, "character mapping must return integer, bytes or None, not {}",
                   typeOf(v));
    return CharmapAnswer::kFailed;
  }

 private:
  CharmapAnswer get(u32 key, Ref<>* out) {
    Result<Ref<>> r = getItem(t_, mapping_, Value::smallInt(key));
    if (!r) return t_.takeIf(kLookupError) ? CharmapAnswer::kUndefined : CharmapAnswer::kFailed;
    *out = std::move(r).take();
    return isNone(*out) ? CharmapAnswer::kUndefined : CharmapAnswer::kMapped;
  }
  Thread& t_;
  Value mapping_;
};

}  // namespace

Result<Ref<>> _codecs_charmap_build(Thread& t, Str& map) {
  // A dict serves as well as CPython's private EncodingMap.
  Ref<Dict> d = newDict();
  for (i64 i = 0; i < map.length && i < 256; i++)
    if (u32 c = map.at(i); c != 0xFFFE) TRY(dictSet(t, d, Value::smallInt(c), Value::smallInt(i)));
  return Ref<>(std::move(d));
}

Result<Ref<>> _codecs_charmap_decode(Thread& t, const Buffer& data, Str* errors, Value mapping) {
  if (isNone(mapping))
    return decoded(t, data, errors, true,
                   [](ByteView in, bool, DecodeErrorHandler*, TextBuffer* out, void*) {
                     decodeLatin1(in, out);
                     return CodecResult{true, in.size, {}};
                   });
  if (isStr(mapping)) {
    TextView table = viewOf(mapping.as<Str>());
    return decoded(
        t, data, errors, true,
        [](ByteView in, bool, DecodeErrorHandler* h, TextBuffer* out, void* context) {
          return decodeCharmap(in, *static_cast<TextView*>(context), h, out);
        },
        &table);
  }
  MappingLookup lookup(t, mapping);
  return decoded(
      t, data, errors, true,
      [](ByteView in, bool, DecodeErrorHandler* h, TextBuffer* out, void* context) {
        return decodeCharmap(in, *static_cast<CharmapLookup*>(static_cast<MappingLookup*>(context)),
                             h, out);
      },
      &lookup);
}

Result<Ref<>> _codecs_charmap_encode(Thread& t, Str& str, Str* errors, Value mapping) {
  if (isNone(mapping))
    return encoded(t, str, errors, [](TextView in, EncodeErrorHandler* h, std::string* out, void*) {
      return encodeLatin1(in, h, out);
    });
  MappingLookup lookup(t, mapping);
  return encoded(
      t, str, errors,
      [](TextView in, EncodeErrorHandler* h, std::string* out, void* context) {
        return encodeCharmap(in, *static_cast<CharmapLookup*>(static_cast<MappingLookup*>(context)),
                             h, out);
      },
      &lookup);
}

// ---- the plain encodings ----

#define DECODER(body)                                                                  \
  [](ByteView in, [[maybe_unused]] bool final, DecodeErrorHandler* h, TextBuffer* out, \
     void*) -> CodecResult body
#define ENCODER(body)                                        \
  [](TextView in, EncodeErrorHandler * h, std::string * out, \
     [[maybe_unused]] void* context) -> CodecResult body

Result<Ref<>> _codecs_ascii_decode(Thread& t, const Buffer& data, Str* errors) {
  return decoded(t, data, errors, true, DECODER({ return decodeAscii(in, h, out); }));
}
Result<Ref<>> _codecs_ascii_encode(Thread& t, Str& str, Str* errors) {
  return encoded(t, str, errors, ENCODER({ return encodeAscii(in, h, out); }));
}
Result<Ref<>> _codecs_latin_1_decode(Thread& t, const Buffer& data, Str* errors) {
  return decoded(t, data, errors, true,
                 [](ByteView in, bool, DecodeErrorHandler*, TextBuffer* out, void*) {
                   decodeLatin1(in, out);
                   return CodecResult{true, in.size, {}};
                 });
}
Result<Ref<>> _codecs_latin_1_encode(Thread& t, Str& str, Str* errors) {
  return encoded(t, str, errors, ENCODER({ return encodeLatin1(in, h, out); }));
}
Result<Ref<>> _codecs_utf_8_decode(Thread& t, const Buffer& data, Str* errors, bool final) {
  return decoded(t, data, errors, final, DECODER({ return decodeUtf8(in, final, h, out); }));
}
Result<Ref<>> _codecs_utf_8_encode(Thread& t, Str& str, Str* errors) {
  return encoded(t, str, errors, ENCODER({ return encodeUtf8(in, h, out); }));
}
Result<Ref<>> _codecs_utf_7_decode(Thread& t, const Buffer& data, Str* errors, bool final) {
  return decoded(t, data, errors, final, DECODER({ return decodeUtf7(in, final, h, out); }));
}
Result<Ref<>> _codecs_utf_7_encode(Thread&, Str& str, Str*) {
  std::string out;
  encodeUtf7(viewOf(&str), &out);
  return withCount(makeBytes(out), str.length);
}

#define WIDE(bits)                                                                                \
  Result<Ref<>> _codecs_utf_##bits##_decode(Thread& t, const Buffer& data, Str* errors,           \
                                            bool final) {                                         \
    return decoded(t, data, errors, final, DECODER({                                              \
                     int order = 0;                                                               \
                     return decodeUtf##bits(in, &order, final, h, out);                           \
                   }));                                                                           \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_le_decode(Thread& t, const Buffer& data, Str* errors,        \
                                               bool final) {                                      \
    return decoded(t, data, errors, final, DECODER({                                              \
                     int order = -1;                                                              \
                     return decodeUtf##bits(in, &order, final, h, out);                           \
                   }));                                                                           \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_be_decode(Thread& t, const Buffer& data, Str* errors,        \
                                               bool final) {                                      \
    return decoded(t, data, errors, final, DECODER({                                              \
                     int order = 1;                                                               \
                     return decodeUtf##bits(in, &order, final, h, out);                           \
                   }));                                                                           \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_ex_decode(Thread& t, const Buffer& data, Str* errors,        \
                                               i32 byteorder, bool final) {                       \
    Errors e(errors);                                                                             \
    int order = byteorder < 0 ? -1 : byteorder > 0;                                               \
    i64 consumed = 0;                                                                             \
    Ref<Str> s = TRY(decodeWith(                                                                  \
        t,                                                                                        \
        [](ByteView in, bool last, DecodeErrorHandler* h, TextBuffer* out, void* context) {       \
          return decodeUtf##bits(in, static_cast<int*>(context), last, h, out);                   \
        },                                                                                        \
        &order, data.bytes(), e.c(), final, &consumed));                                          \
    return Ref<>(                                                                                 \
        tupleOf(Value(s), makeInt(final ? data.size() : consumed).get(), makeInt(order).get()));  \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_encode(Thread& t, Str& str, Str* errors, i32 byteorder) {    \
    return encoded(t, str, errors,                                                                \
                   ENCODER({ return encodeUtf##bits(in, *static_cast<i32*>(context), h, out); }), \
                   &byteorder);                                                                   \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_le_encode(Thread& t, Str& str, Str* errors) {                \
    return encoded(t, str, errors, ENCODER({ return encodeUtf##bits(in, -1, h, out); }));         \
  }                                                                                               \
  Result<Ref<>> _codecs_utf_##bits##_be_encode(Thread& t, Str& str, Str* errors) {                \
    return encoded(t, str, errors, ENCODER({ return encodeUtf##bits(in, 1, h, out); }));          \
  }
WIDE(16)
WIDE(32)

}  // namespace dx
