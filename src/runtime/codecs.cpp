// The codec registry, error handlers, and the encodings that need neither.
#include "runtime/codecs.h"

#include "runtime/call.h"
#include "runtime/small_text.h"

namespace dx {

namespace {

struct Registry {
  Ref<List> searchFunctions = newList();
  Ref<Dict> cache = newDict();          // normalized name -> CodecInfo
  Ref<Dict> errorHandlers = newDict();  // name -> callable
  bool handlersFilled = false;
};
Registry& registry() {
  static auto* r = new Registry;
  return *r;
}

// Lower case, with runs of other characters as one underscore (encodings.normalize_encoding).
std::string normalize(std::string_view name) {
  std::string out;
  bool gap = false;
  for (char ch : name) {
    u8 c = u8(ch);
    if (isalnum(c) || c == '.' || c >= 0x80) {
      if (gap && !out.empty()) out += '_';
      gap = false;
      out += char(tolower(c));
    } else {
      gap = true;
    }
  }
  return out;
}

// "Utf_8" and "UTF-8" and "utf8" are one to the direct paths.
std::string plain(const char* encoding) {
  std::string out;
  for (const char* p = encoding; *p; p++)
    if (isalnum(u8(*p))) out += char(tolower(u8(*p)));
  return out;
}

enum class Direct { None, Utf8, Ascii, Latin1, Utf16, Utf16Le, Utf16Be, Utf32, Utf32Le, Utf32Be };
Direct directOf(const char* encoding) {
  if (!encoding || !strcmp(encoding, "utf-8")) return Direct::Utf8;
  if (!strcmp(encoding, "latin-1")) return Direct::Latin1;
  if (!strcmp(encoding, "ascii")) return Direct::Ascii;
  if (!strcmp(encoding, "utf8")) return Direct::Utf8;
  std::string name = plain(encoding);
  if (name == "utf8") return Direct::Utf8;
  if (name == "ascii" || name == "usascii") return Direct::Ascii;
  if (name == "latin1" || name == "iso88591" || name == "iso8859") return Direct::Latin1;
  if (name == "utf16") return Direct::Utf16;
  if (name == "utf16le") return Direct::Utf16Le;
  if (name == "utf16be") return Direct::Utf16Be;
  if (name == "utf32") return Direct::Utf32;
  if (name == "utf32le") return Direct::Utf32Le;
  if (name == "utf32be") return Direct::Utf32Be;
  return Direct::None;
}

// ---- error handlers written in Python ----

Result<Ref<>> decodeErrorObject(Thread& t, const CodecError& e, ByteView input) {
  Ref<Bytes> bytes = makeBytes({reinterpret_cast<const char*>(input.data), input.size});
  return callWith(t, Value(kUnicodeDecodeError), Value(makeAscii(e.encoding)), Value(bytes),
                  makeInt(i64(e.start)).get(), makeInt(i64(e.end)).get(),
                  Value(makeAscii(e.reason)));
}
Result<Ref<>> encodeErrorObject(Thread& t, const CodecError& e, Str* input) {
  return callWith(t, Value(kUnicodeEncodeError), Value(makeAscii(e.encoding)), Value(input),
                  makeInt(i64(e.start)).get(), makeInt(i64(e.end)).get(),
                  Value(makeAscii(e.reason)));
}

// Where a handler wants to go on, counted from the start.
Result<i64> resumePosition(Thread& t, Value position, i64 size) {
  i64 at = TRY(argIndex(t, position));
  if (at < 0) at += size;
  if (at < 0 || at > size)
    return t.raise(kIndexError, "position {} from error handler out of bounds",
                   TRY(argIndex(t, position)));
  return at;
}

// Bridges a Python callable. The input of a decoder may be replaced through exc.object.
class PythonDecodeHandler final : public DecodeErrorHandler {
 public:
  PythonDecodeHandler(Thread& t, const char* name) : t_(t), name_(name) {}
  bool failed() const { return failed_; }
  bool onError(const CodecError& error, ByteView* input, TextBuffer* out, size_t* resume) override {
    if (handle(error, input, out, resume)) return true;
    failed_ = true;
    return false;
  }

 private:
  Result<void> handle(const CodecError& error, ByteView* input, TextBuffer* out, size_t* resume) {
    Value handler = TRY(errorHandlerLookup(t_, name_));
    Ref<> held = retain(handler);
    Ref<> exception = TRY(decodeErrorObject(t_, error, *input));
    Ref<> r = TRY(callWith(t_, held.get(), exception.get()));
    if (!isTuple(r) || r.as<Tuple>()->size != 2 || !isStr(r.as<Tuple>()->items[0]) ||
        !isInt(r.as<Tuple>()->items[1]))
      return t_.raise(kTypeError, "decoding error handler must return (str, int) tuple");
    Value object = exception.as<UnicodeErrorObject>()->object;
    if (!isBytes(object)) return t_.raise(kTypeError, "exception attribute object must be bytes");
    if (object.as<Bytes>()->size != i64(input->size) ||
        memcmp(object.as<Bytes>()->data, input->data, input->size) != 0) {
      kept_.push_back(retain(object));
      *input = {reinterpret_cast<const u8*>(object.as<Bytes>()->data),
                size_t(object.as<Bytes>()->size)};
    }
    i64 at = TRY(resumePosition(t_, r.as<Tuple>()->items[1], i64(input->size)));
    out->append(viewOf(r.as<Tuple>()->items[0].as<Str>()));
    *resume = size_t(at);
    return {};
  }
  Thread& t_;
  const char* name_;
  bool failed_ = false;
  std::vector<Ref<>> kept_;
};

class PythonEncodeHandler final : public EncodeErrorHandler {
 public:
  PythonEncodeHandler(Thread& t, const char* name, Str* source)
      : t_(t), name_(name), source_(source) {}
  bool failed() const { return failed_; }
  bool onError(const CodecError& error, TextView, EncodeReplacement* out, size_t* resume) override {
    if (handle(error, out, resume)) return true;
    failed_ = true;
    return false;
  }

 private:
  Result<void> handle(const CodecError& error, EncodeReplacement* out, size_t* resume) {
    Value handler = TRY(errorHandlerLookup(t_, name_));
    Ref<> held = retain(handler);
    Ref<> exception = TRY(encodeErrorObject(t_, error, source_));
    Ref<> r = TRY(callWith(t_, held.get(), exception.get()));
    if (!isTuple(r) || r.as<Tuple>()->size != 2 || !isInt(r.as<Tuple>()->items[1]) ||
        !(isStr(r.as<Tuple>()->items[0]) || isBytes(r.as<Tuple>()->items[0])))
      return t_.raise(kTypeError, "encoding error handler must return (str/bytes, int) tuple");
    Value replacement = r.as<Tuple>()->items[0];
    i64 at = TRY(resumePosition(t_, r.as<Tuple>()->items[1], source_->length));
    out->isBytes = isBytes(replacement);
    if (out->isBytes)
      out->bytes = replacement.as<Bytes>()->view();
    else
      out->text.append(viewOf(replacement.as<Str>()));
    *resume = size_t(at);
    return {};
  }
  Thread& t_;
  const char* name_;
  Str* source_;
  bool failed_ = false;
};

// ---- the handlers that `codecs.lookup_error` gives for the standard names ----

struct StandardHandler {
  const char* name;
  ErrorPolicy policy;
};
constexpr StandardHandler kStandard[] = {{"strict", ErrorPolicy::kStrict},
                                         {"ignore", ErrorPolicy::kIgnore},
                                         {"replace", ErrorPolicy::kReplace},
                                         {"xmlcharrefreplace", ErrorPolicy::kXmlCharRef},
                                         {"backslashreplace", ErrorPolicy::kBackslashReplace},
                                         {"namereplace", ErrorPolicy::kNameReplace},
                                         {"surrogatepass", ErrorPolicy::kSurrogatePass},
                                         {"surrogateescape", ErrorPolicy::kSurrogateEscape}};

Result<Ref<>> runStandardHandler(Thread& t, ErrorPolicy policy, const Args& args) {
  if (args.total() != 1) return t.raise(kTypeError, "handler expects one argument");
  Value e = args[0];
  if (!isExceptionInstance(e)) return t.raise(kTypeError, "codec must pass exception instance");
  if (policy == ErrorPolicy::kStrict) return t.raiseException(retain(e));
  auto* u = e.as<UnicodeErrorObject>();
  bool decoding = isInstanceOf(e, kUnicodeDecodeError),
       encoding = isInstanceOf(e, kUnicodeEncodeError);
  bool translating = isInstanceOf(e, kUnicodeTranslateError);
  bool fits = policy == ErrorPolicy::kXmlCharRef || policy == ErrorPolicy::kNameReplace ? encoding
              : policy == ErrorPolicy::kSurrogateEscape || policy == ErrorPolicy::kSurrogatePass
                  ? decoding || encoding
                  : decoding || encoding || translating;
  if (!fits) return t.raise(kTypeError, "don't know how to handle {} in error callback", typeOf(e));
  if (translating) {
    i64 n = std::max<i64>(u->end - u->start, 0);
    StrBuilder b;
    for (i64 i = 0; i < n && policy == ErrorPolicy::kReplace; i++) b.add(u32(0xFFFD));
    if (policy == ErrorPolicy::kBackslashReplace) {
      char buffer[16];
      for (i64 i = u->start; i < u->end && i < u->object.as<Str>()->length; i++) {
        u32 c = u->object.as<Str>()->at(i);
        snprintf(buffer, sizeof buffer,
                 c < 0x100     ? "\\x%02x"
                 : c < 0x10000 ? "\\u%04x"
                               : "\\U%08x",
                 c);
        b.add(std::string_view(buffer));
      }
    }
    return Ref<>(tupleOf(Value(b.finish()), makeInt(u->end).get()));
  }
  std::string name = u->encoding && isStr(u->encoding) ? toUtf8(u->encoding.as<Str>()) : "";
  CodecError error{name.c_str(), "", size_t(std::max<i64>(u->start, 0)),
                   size_t(std::max<i64>(u->end, 0))};
  size_t resume = 0;
  if (decoding) {
    Bytes* bytes = u->object.as<Bytes>();
    error.end = std::min(error.end, size_t(bytes->size));
    ByteView input{reinterpret_cast<const u8*>(bytes->data), size_t(bytes->size)};
    StandardDecodeHandler handler(policy);
    TextBuffer out;
    if (!handler.onError(error, &input, &out, &resume)) return t.raiseException(retain(e));
    return Ref<>(tupleOf(Value(strFromBuffer(out)), makeInt(i64(resume)).get()));
  }
  Str* s = u->object.as<Str>();
  error.end = std::min(error.end, size_t(s->length));
  StandardEncodeHandler handler(policy);
  EncodeReplacement out;
  if (!handler.onError(error, viewOf(s), &out, &resume)) return t.raiseException(retain(e));
  Ref<> text = out.isBytes ? Ref<>(makeBytes(out.bytes)) : Ref<>(strFromBuffer(out.text));
  return Ref<>(tupleOf(text.get(), makeInt(i64(resume)).get()));
}

template <int I>
Result<Ref<>> standardHandler(Thread& t, Value, const Args& args) {
  return runStandardHandler(t, kStandard[I].policy, args);
}
const NativeFunction kHandlerFunctions[] = {
    {"strict_errors", nullptr, kNativeOneArg, nullptr, standardHandler<0>},
    {"ignore_errors", nullptr, kNativeOneArg, nullptr, standardHandler<1>},
    {"replace_errors", nullptr, kNativeOneArg, nullptr, standardHandler<2>},
    {"xmlcharrefreplace_errors", nullptr, kNativeOneArg, nullptr, standardHandler<3>},
    {"backslashreplace_errors", nullptr, kNativeOneArg, nullptr, standardHandler<4>},
    {"namereplace_errors", nullptr, kNativeOneArg, nullptr, standardHandler<5>},
    {"surrogatepass", nullptr, kNativeOneArg, nullptr, standardHandler<6>},
    {"surrogateescape", nullptr, kNativeOneArg, nullptr, standardHandler<7>},
};

Registry& registryWithHandlers() {
  Registry& r = registry();
  if (!r.handlersFilled) {
    r.handlersFilled = true;
    for (size_t i = 0; i < std::size(kStandard); i++)
      dictSetStr(r.errorHandlers, kStandard[i].name,
                 makeCFunction(&kHandlerFunctions[i], Value(), Value()));
  }
  return r;
}

// The policy of a standard name, unless the program has put another handler in its place.
bool directPolicy(const char* errors, ErrorPolicy* policy) {
  if (!errors || !*errors) {
    *policy = ErrorPolicy::kStrict;
    return true;
  }
  if (!errorPolicyFromName(errors, policy)) return false;
  Registry& r = registry();
  if (!r.handlersFilled) return true;
  Value h = dictGetStr(r.errorHandlers, internImmortal(errors));
  return !h || (typeOf(h) == &PyCFunction_Type &&
                h.as<CFunction>()->def >= std::begin(kHandlerFunctions) &&
                h.as<CFunction>()->def < std::end(kHandlerFunctions));
}

CodecResult decodeDirect(ByteView in, bool final, DecodeErrorHandler* handler, TextBuffer* out,
                         void* context) {
  int order;
  switch (*static_cast<Direct*>(context)) {
    case Direct::Ascii:
      return decodeAscii(in, handler, out);
    case Direct::Latin1:
      decodeLatin1(in, out);
      return {true, in.size, {}};
    case Direct::Utf16:
      order = 0;
      return decodeUtf16(in, &order, final, handler, out);
    case Direct::Utf16Le:
      order = -1;
      return decodeUtf16(in, &order, final, handler, out);
    case Direct::Utf16Be:
      order = 1;
      return decodeUtf16(in, &order, final, handler, out);
    case Direct::Utf32:
      order = 0;
      return decodeUtf32(in, &order, final, handler, out);
    case Direct::Utf32Le:
      order = -1;
      return decodeUtf32(in, &order, final, handler, out);
    case Direct::Utf32Be:
      order = 1;
      return decodeUtf32(in, &order, final, handler, out);
    default:
      return decodeUtf8(in, final, handler, out);
  }
}

CodecResult encodeDirect(TextView in, EncodeErrorHandler* handler, std::string* out,
                         void* context) {
  switch (*static_cast<Direct*>(context)) {
    case Direct::Ascii:
      return encodeAscii(in, handler, out);
    case Direct::Latin1:
      return encodeLatin1(in, handler, out);
    case Direct::Utf16:
      return encodeUtf16(in, 0, handler, out);
    case Direct::Utf16Le:
      return encodeUtf16(in, -1, handler, out);
    case Direct::Utf16Be:
      return encodeUtf16(in, 1, handler, out);
    case Direct::Utf32:
      return encodeUtf32(in, 0, handler, out);
    case Direct::Utf32Le:
      return encodeUtf32(in, -1, handler, out);
    case Direct::Utf32Be:
      return encodeUtf32(in, 1, handler, out);
    default:
      return encodeUtf8(in, handler, out);
  }
}

}  // namespace

Ref<Str> strFromBuffer(const TextBuffer& text) {
  switch (text.kind()) {
    case 1:
      return makeLatin1({static_cast<const char*>(text.data()), text.size()});
    case 2:
      return makeStrFromUnits(static_cast<const u16*>(text.data()), i64(text.size()));
    default:
      return makeStrFromUnits(static_cast<const u32*>(text.data()), i64(text.size()));
  }
}

Result<Ref<Str>> decodeWith(Thread& t, DecodeFn fn, void* context, std::string_view bytes,
                            const char* errors, bool final, i64* consumed) {
  ByteView in{reinterpret_cast<const u8*>(bytes.data()), bytes.size()};
  TextBuffer out;
  ErrorPolicy policy;
  CodecResult r;
  bool pythonFailed = false;
  if (directPolicy(errors, &policy)) {
    StandardDecodeHandler handler(policy);
    r = fn(in, final, policy == ErrorPolicy::kStrict ? nullptr : &handler, &out, context);
  } else {
    PythonDecodeHandler handler(t, errors);
    r = fn(in, final, &handler, &out, context);
    pythonFailed = handler.failed();
  }
  if (consumed) *consumed = i64(r.consumed);
  if (r.ok) return strFromBuffer(out);
  if (pythonFailed || !r.error.reason) return Error{};
  return raiseUnicodeDecode(t, r.error.encoding, makeBytes(bytes), i64(r.error.start),
                            i64(r.error.end), r.error.reason);
}

Result<Ref<Bytes>> encodeWith(Thread& t, EncodeFn fn, void* context, Str* s, const char* errors) {
  std::string out;
  ErrorPolicy policy;
  CodecResult r;
  bool pythonFailed = false;
  Ref<Str> held = retainObject(s);
  if (directPolicy(errors, &policy)) {
    StandardEncodeHandler handler(policy);
    r = fn(viewOf(s), policy == ErrorPolicy::kStrict ? nullptr : &handler, &out, context);
  } else {
    PythonEncodeHandler handler(t, errors, s);
    r = fn(viewOf(s), &handler, &out, context);
    pythonFailed = handler.failed();
  }
  if (r.ok) return makeBytes(out);
  if (pythonFailed || !r.error.reason) return Error{};
  return raiseUnicodeEncode(t, r.error.encoding, Value(s), i64(r.error.start), i64(r.error.end),
                            r.error.reason);
}

namespace {

const u8* unitsOf(std::string_view bytes) { return reinterpret_cast<const u8*>(bytes.data()); }

// Where every unit is a character, and this machine could have written it. Empty: otherwise.
template <class U>
Ref<Str> fromWholeUnits(std::string_view bytes, u32 most) {
  size_t n = bytes.size() / sizeof(U);
  if (bytes.size() % sizeof(U) || uintptr_t(bytes.data()) % alignof(U)) return {};
  auto* p = reinterpret_cast<const U*>(bytes.data());
  if (sizeof(U) == 2 && n > 1 && boundOf(p, i64(n)) == 0xFFFF) {
    // Looked at and copied block by block: memory is passed over once.
    Ref<Str> r = newStr(i64(n), 0xFFFF);
    constexpr size_t kBlock = 16384;
    for (size_t i = 0; r && i < n; i += kBlock) {
      size_t count = std::min(kBlock, n - i);
      if (simd::findSurrogate(p + i, count) != count) return {};
      simd::copy(r->units<U>() + i, p + i, count * sizeof(U));
    }
    return r;
  }
  if (simd::findSurrogate(p, n) != n) return {};
  if (sizeof(U) == 4 && simd::findFrom(p, n, most + 1) != n) return {};
  return makeStrFromUnits(p, i64(n));
}

// What needs no error handler is made in one go. Empty: there is something wrong, or not direct.
Ref<Str> decodeSound(Direct direct, std::string_view bytes) {
  switch (direct) {
    case Direct::Utf8:
      return makeStrIfUtf8(bytes);
    case Direct::Ascii:
      if (simd::findFrom(unitsOf(bytes), bytes.size(), 0x80) != bytes.size()) return {};
      return makeAscii(bytes);
    case Direct::Latin1:
      return makeLatin1(bytes);
    case Direct::Utf16Le:
      return fromWholeUnits<u16>(bytes, 0xFFFF);
    case Direct::Utf32Le:
      return fromWholeUnits<u32>(bytes, 0x10FFFF);
    default:
      return {};
  }
}
Ref<Bytes> encodeSound(Direct direct, Str* s) {
  size_t n = size_t(s->length);
  if (direct == Direct::Ascii || direct == Direct::Latin1) {
    u32 limit = direct == Direct::Ascii ? 0x80 : 0x100;
    if (maxChar(s) >= limit) return {};
    return makeBytes({reinterpret_cast<const char*>(s->data()), n});
  }
  if (direct != Direct::Utf8) return {};
  if (s->isAscii()) return makeBytes(s->ascii());
  constexpr size_t kShort = 64;
  auto write = [&](auto* p) -> Ref<Bytes> {
    if (n <= kShort) {  // a pass for the surrogates, one for the rest
      if (sizeof *p > 1 && simd::findSurrogate(p, n) != n) return {};
      u8 text[4 * kShort];
      return makeBytes({reinterpret_cast<char*>(text), simd::utf8Encode(p, n, text)});
    }
    if (simd::findSurrogate(p, n) != n) return {};
    Ref<Bytes> r = newBytes(i64(simd::utf8Size(p, n)));
    if (r) simd::utf8Encode(p, n, reinterpret_cast<u8*>(r->data));
    return r;
  };
  switch (s->kind()) {
    case 1:
      return write(s->units<u8>());
    case 2:
      return write(s->units<u16>());
    default:
      return write(s->units<u32>());
  }
}

}  // namespace

// Names by which the texts of programs say it; no letter is changed.
static Direct directOf(const Str* encoding) {
  if (!encoding || encoding == DX_NAME("utf-8")) return Direct::Utf8;
  if (!encoding->isAscii()) return Direct::None;
  std::string_view name = encoding->ascii();
  switch (name.size()) {
    case 4:
      return name == "utf8" ? Direct::Utf8 : Direct::None;
    case 5:
      return name == "utf-8" ? Direct::Utf8 : name == "ascii" ? Direct::Ascii : Direct::None;
    case 7:
      return name == "latin-1" ? Direct::Latin1 : Direct::None;
    case 9:
      return name == "utf-16-le" ? Direct::Utf16Le : Direct::None;
    default:
      return Direct::None;
  }
}
Ref<Str> decodeSound(std::string_view bytes, const Str* encoding) {
  Direct direct = directOf(encoding);
  if (direct == Direct::None || theInterpreter.config.devMode) return {};
  return decodeSound(direct, bytes);
}
Ref<Bytes> encodeSound(Str* s, const Str* encoding) {
  Direct direct = directOf(encoding);
  if (direct == Direct::None || theInterpreter.config.devMode) return {};
  return encodeSound(direct, s);
}

// In development mode names are checked even where they would not be used.
static Result<void> checkNames(Thread& t, const char* encoding, const char* errors) {
  if (!theInterpreter.config.devMode || theInterpreter.finalizing) return {};
  if (encoding && directOf(encoding) == Direct::None) (void)TRY(codecLookup(t, encoding));
  if (errors) (void)TRY(errorHandlerLookup(t, errors));
  return {};
}

Result<Ref<Str>> decode(Thread& t, std::string_view bytes, const char* encoding, const char* errors,
                        bool final, i64* consumed) {
  TRY(checkNames(t, encoding, errors));
  Direct direct = directOf(encoding);
  if (Ref<Str> s = decodeSound(direct, bytes)) {
    if (consumed) *consumed = i64(bytes.size());
    return s;
  }
  if (direct != Direct::None)
    return decodeWith(t, decodeDirect, &direct, bytes, errors, final, consumed);
  if (consumed) *consumed = i64(bytes.size());
  Ref<Tuple> info = TRY(codecLookup(t, encoding));
  Ref<> isText;
  if (TRY(lookupAttr(t, info, "_is_text_encoding", &isText)) && !TRY(isTrue(t, isText)))
    return t.raise(kLookupError,
                   "'{}' is not a text encoding; use codecs.decode() to handle arbitrary codecs",
                   encoding);
  Ref<> r = TRY(codecDecode(t, makeBytes(bytes), encoding, errors));
  if (!isStr(r))
    return t.raise(kTypeError,
                   "'{}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to "
                   "arbitrary types",
                   encoding, typeOf(r));
  return std::move(r).cast<Str>();
}

Result<Ref<Bytes>> encode(Thread& t, Str* s, const char* encoding, const char* errors) {
  TRY(checkNames(t, encoding, errors));
  Direct direct = directOf(encoding);
  if (Ref<Bytes> b = encodeSound(direct, s)) return b;
  if (direct != Direct::None) return encodeWith(t, encodeDirect, &direct, s, errors);
  Ref<Tuple> info = TRY(codecLookup(t, encoding));
  Ref<> isText;
  if (TRY(lookupAttr(t, info, "_is_text_encoding", &isText)) && !TRY(isTrue(t, isText)))
    return t.raise(kLookupError,
                   "'{}' is not a text encoding; use codecs.encode() to handle arbitrary codecs",
                   encoding);
  Ref<> r = TRY(codecEncode(t, Value(s), encoding, errors));
  if (!isBytes(r))
    return t.raise(kTypeError,
                   "'{}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode "
                   "to arbitrary types",
                   encoding, typeOf(r));
  return std::move(r).cast<Bytes>();
}

Result<Ref<>> decodeWithCodec(Thread& t, std::string_view bytes, const char* encoding,
                              const char* errors) {
  return Ref<>(TRY(decode(t, bytes, encoding, errors)));
}

static Result<Ref<>> runCodec(Thread& t, Value object, const char* encoding, const char* errors,
                              int which) {
  Ref<Tuple> info = TRY(codecLookup(t, encoding));
  Ref<> function = retain(info->items[which]);
  Result<Ref<>> r = errors ? callWith(t, function.get(), object, Value(makeAscii(errors)))
                           : callWith(t, function.get(), object);
  if (!r) {
    // Says which codec it was.
    Ref<> e = t.takeException();
    Ref<Str> note =
        formatStr("{} with '{}' codec failed", which == 0 ? "encoding" : "decoding", encoding);
    Result<Ref<>> noted = callMethodWith(t, e, DX_NAME("add_note"), Value(note));
    if (!noted) t.clearException();
    t.restoreException(std::move(e));
    return Error{};
  }
  Ref<> result = std::move(r).take();
  if (!isTuple(result) || result.as<Tuple>()->size != 2)
    return t.raise(kTypeError, which == 0 ? "encoder must return a tuple (object, integer)"
                                          : "decoder must return a tuple (object,integer)");
  return retain(result.as<Tuple>()->items[0]);
}
Result<Ref<>> codecEncode(Thread& t, Value object, const char* encoding, const char* errors) {
  return runCodec(t, object, encoding, errors, 0);
}
Result<Ref<>> codecDecode(Thread& t, Value object, const char* encoding, const char* errors) {
  return runCodec(t, object, encoding, errors, 1);
}

// ---- the registry ----

Result<void> codecRegister(Thread& t, Value f) {
  if (!isCallable(f)) return t.raise(kTypeError, "argument must be callable");
  listAppend(registry().searchFunctions, f);
  return {};
}

Result<void> codecUnregister(Thread&, Value f) {
  List* list = registry().searchFunctions;
  for (i64 i = 0; i < list->size; i++) {
    if (list->items[i] != f) continue;
    listReplace(list, i, i + 1, {});
    dictClear(registry().cache);
    break;
  }
  return {};
}

Result<Ref<Tuple>> codecLookup(Thread& t, std::string_view encoding) {
  if (encoding.find('\0') != std::string_view::npos)
    return t.raise(kValueError, "embedded null character");
  Ref<Str> name = makeStr(normalize(encoding));
  Registry& r = registry();
  if (Value found = TRY(dictGet(t, r.cache, name))) return retain(found).cast<Tuple>();
  if (r.searchFunctions->size == 0) (void)TRY(importModule(t, "encodings"));
  for (i64 i = 0; i < r.searchFunctions->size; i++) {
    Ref<> search = retain(r.searchFunctions->items[i]);
    Ref<> info = TRY(callWith(t, search.get(), Value(name)));
    if (isNone(info)) continue;
    if (!isTuple(info) || info.as<Tuple>()->size != 4)
      return t.raise(kTypeError, "codec search functions must return 4-tuples");
    TRY(dictSet(t, r.cache, name, info));
    return std::move(info).cast<Tuple>();
  }
  return t.raise(kLookupError, "unknown encoding: {}", encoding);
}

Result<void> errorHandlerRegister(Thread& t, const char* name, Value handler) {
  if (!isCallable(handler)) return t.raise(kTypeError, "handler must be callable");
  dictSetStr(registryWithHandlers().errorHandlers, name, handler);
  return {};
}

Result<Value> errorHandlerLookup(Thread& t, const char* name) {
  Value h = dictGetStr(registryWithHandlers().errorHandlers, internImmortal(name));
  if (!h) return t.raise(kLookupError, "unknown error handler name '{}'", name);
  return h;
}

Result<bool> errorHandlerUnregister(Thread& t, const char* name) {
  for (const StandardHandler& s : kStandard)
    if (!strcmp(s.name, name))
      return t.raise(kValueError, "cannot un-register built-in error handler '{}'", name);
  return dictDeleteStr(registryWithHandlers().errorHandlers, internImmortal(name));
}

// ---- file system names ----

Ref<Str> decodeFs(std::string_view bytes) {
  StandardDecodeHandler handler(ErrorPolicy::kSurrogateEscape);
  TextBuffer out;
  decodeUtf8({reinterpret_cast<const u8*>(bytes.data()), bytes.size()}, true, &handler, &out);
  return strFromBuffer(out);
}

Result<std::string> encodeFs(Thread& t, Value path) {
  Ref<> held = retain(path);
  if (!isStr(path) && !isBytes(path)) {
    bool missing = false;
    Result<Ref<>> r = callSpecial(t, path, DX_NAME("__fspath__"), {}, &missing);
    if (missing)
      return t.raise(kTypeError, "expected str, bytes or os.PathLike object, not {}", typeOf(path));
    held = TRY(std::move(r));
    if (!isStr(held) && !isBytes(held))
      return t.raise(kTypeError, "expected {}.__fspath__() to return str or bytes, not {}",
                     typeOf(path), typeOf(held));
  }
  std::string out;
  if (isBytes(held)) {
    out = held.as<Bytes>()->view();
  } else {
    Ref<Bytes> b = TRY(encode(t, held.as<Str>(), "utf-8", "surrogateescape"));
    out = b->view();
  }
  if (out.find('\0') != std::string::npos) return t.raise(kValueError, "embedded null byte");
  return out;
}

}  // namespace dx
