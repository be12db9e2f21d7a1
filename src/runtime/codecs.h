// Encodings: the registry that `codecs` shows, error handlers, and direct use from C++.
#pragma once
#include "base/codecs.h"
#include "runtime/api.h"

namespace dx {

// bytes -> str. Well-known encodings are decoded directly; others through the registry. `errors`
// null: "strict". With final = false, an incomplete end stays and *consumed says where it begins
// (only for the Unicode encodings).
Result<Ref<Str>> decode(Thread& t, std::string_view bytes, const char* encoding, const char* errors,
                        bool final = true, i64* consumed = nullptr);
// str -> bytes.
Result<Ref<Bytes>> encode(Thread& t, Str* s, const char* encoding, const char* errors);
// The same where the encoding is one of those that are mostly named, and nothing is wrong with the
// text, so that it does not matter how errors are handled. Empty: the general way. `encoding` may
// be null.
Ref<Str> decodeSound(std::string_view bytes, const Str* encoding);
Ref<Bytes> encodeSound(Str* s, const Str* encoding);
// codecs.encode / codecs.decode: any object through the registry's functions.
Result<Ref<>> codecEncode(Thread& t, Value object, const char* encoding, const char* errors);
Result<Ref<>> codecDecode(Thread& t, Value object, const char* encoding, const char* errors);

// ---- the registry ----
Result<void> codecRegister(Thread& t, Value searchFunction);
Result<void> codecUnregister(Thread& t, Value searchFunction);
Result<Ref<Tuple>> codecLookup(Thread& t, std::string_view encoding);  // a CodecInfo
Result<void> errorHandlerRegister(Thread& t, const char* name, Value handler);
Result<Value> errorHandlerLookup(Thread& t, const char* name);  // borrowed
Result<bool> errorHandlerUnregister(Thread& t, const char* name);

// ---- pieces for module _codecs ----
Ref<Str> strFromBuffer(const TextBuffer& text);
inline TextView viewOf(const Str* s) { return {s->data(), size_t(s->length), int(s->kind())}; }
// Runs a decoder or encoder of base/codecs.h with the error handler named `errors`.
using DecodeFn = CodecResult (*)(ByteView in, bool final, DecodeErrorHandler* handler,
                                 TextBuffer* out, void* context);
Result<Ref<Str>> decodeWith(Thread& t, DecodeFn fn, void* context, std::string_view bytes,
                            const char* errors, bool final, i64* consumed);
using EncodeFn = CodecResult (*)(TextView in, EncodeErrorHandler* handler, std::string* out,
                                 void* context);
Result<Ref<Bytes>> encodeWith(Thread& t, EncodeFn fn, void* context, Str* s, const char* errors);

}  // namespace dx
