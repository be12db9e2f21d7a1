// The exception types and the less common ways of raising. ExceptionGroup has two bases and is
// made at start (kExceptionGroup).
#pragma once
#include "runtime/thread.h"

namespace dx {

// kTypeError etc.: pointers, usable as `t.raise(kTypeError, ...)`.
#define DX_EXC(name, base, layout) \
  extern "C" Type _PyExc_##name;   \
  inline Type* const k##name = &_PyExc_##name;
#include "object/exceptions.def"
#undef DX_EXC
extern Type* kExceptionGroup;

// OSError (or the subclass for the code) from errno, with strerror and file names (empty: none).
Error raiseErrno(Thread& t, int code, Value filename = Value(), Value filename2 = Value());
Error raiseKeyError(Thread& t, Value key);  // KeyError(key), a tuple stays one argument
Error raiseStopIteration(Thread& t, Value value);
Error raiseAttributeError(Thread& t, Value object, Str* name);  // "'X' object has no attribute 'n'"
Error raiseImportError(Thread& t, Type* type, Value message, Value name, Value path);
Error raiseUnicodeDecode(Thread& t, const char* encoding, Value bytes, i64 start, i64 end,
                         const char* reason);
Error raiseUnicodeEncode(Thread& t, const char* encoding, Value str, i64 start, i64 end,
                         const char* reason);
// Raises `type(...)` with the pending exception as __cause__ and __context__.
template <class... A>
Error raiseFrom(Thread& t, Type* type, const char* format, const A&... args);
Error chainCause(Thread& t, Ref<> cause);  // pending exception gets __cause__ = cause

// "Exception ignored in: ..." through sys.unraisablehook; consumes the pending exception.
void writeUnraisable(Thread& t, const char* message, Value object);

// warnings.warn; an error when the filter says so.
Result<void> warn(Thread& t, Type* category, const char* format, std::span<const FormatArg> args,
                  i64 stackLevel = 1);
template <class... A>
Result<void> warn(Thread& t, Type* category, const char* format, const A&... args) {
  FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg(0)};
  return warn(t, category, format, {list, sizeof...(A)}, 1);
}

// except clause semantics: is `exception`'s class a subclass of `pattern` (class or tuple)?
Result<bool> exceptionMatches(Thread& t, Value exception, Value pattern);
// Makes `raise value [from cause]`: class or instance; error texts as CPython's.
Error raiseStatement(Thread& t, Value value, Value cause);

template <class... A>
Error raiseFrom(Thread& t, Type* type, const char* format, const A&... args) {
  Ref<> cause = t.takeException();
  (void)t.raise(type, format, args...);
  return chainCause(t, std::move(cause));
}

}  // namespace dx
