// Raising the exceptions that carry more than a text; unraisable errors; warnings.
#include "runtime/errors.h"

#include <cerrno>

#include "runtime/abstract.h"
#include "runtime/compile.h"
#include "runtime/containers.h"
#include "runtime/frame.h"
#include "runtime/int.h"
#include "runtime/module.h"
#include "runtime/str.h"
#include "runtime/traceback_print.h"

namespace dx {

Type* kExceptionGroup = nullptr;

Type* osErrorSubclass(i64 code) {
  switch (code) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
      return kBlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
      return kBrokenPipeError;
    case ECHILD:
      return kChildProcessError;
    case ECONNABORTED:
      return kConnectionAbortedError;
    case ECONNREFUSED:
      return kConnectionRefusedError;
    case ECONNRESET:
      return kConnectionResetError;
    case EEXIST:
      return kFileExistsError;
    case ENOENT:
      return kFileNotFoundError;
    case EISDIR:
      return kIsADirectoryError;
    case ENOTDIR:
      return kNotADirectoryError;
    case EINTR:
      return kInterruptedError;
    case EACCES:
    case EPERM:
      return kPermissionError;
    case ESRCH:
      return kProcessLookupError;
    case ETIMEDOUT:
      return kTimeoutError;
    default:
      return kOSError;
  }
}

static Error raiseWith(Thread& t, Type* type, Values args) {
  Ref<> e = TRY(call(t, Value(type), Args(args.data(), u32(args.size()))));
  return t.raiseException(std::move(e));
}

Error raiseErrno(Thread& t, int code, Value filename, Value filename2) {
  Ref<Str> text = decodeFs(strerror(code));
  Value args[5] = {Value::smallInt(code), text, filename, none(), filename2};
  return raiseWith(t, kOSError, Values(args, filename2 ? 5 : filename ? 3 : 2));
}

Error raiseKeyError(Thread& t, Value key) {
  Value args[1] = {key};
  return raiseWith(t, kKeyError, args);
}

Error raiseStopIteration(Thread& t, Value value) {
  Value args[1] = {value};
  return raiseWith(t, kStopIteration, Values(args, value && !isNone(value) ? 1 : 0));
}

Error raiseAttributeError(Thread& t, Value object, Str* name) {
  Ref<> held = retain(object);
  (void)t.raise(kAttributeError, "'{}' object has no attribute '{}'", typeOf(object), Value(name));
  if (t.matches(kAttributeError)) {
    auto* e = reinterpret_cast<AttributeErrorObject*>(t.currentException);
    setField(e->object, retain(object));
    setField(e->name, retain(Value(name)));
  }
  return Error{};
}

Error raiseImportError(Thread& t, Type* type, Value message, Value name, Value path) {
  Ref<> e = TRY(callWith(t, Value(type), message));
  auto* error = e.as<ImportErrorObject>();
  if (name && !isNone(name)) setField(error->name, retain(name));
  if (path && !isNone(path)) setField(error->path, retain(path));
  return t.raiseException(std::move(e));
}

Error raiseUnicodeDecode(Thread& t, const char* encoding, Value bytes, i64 start, i64 end,
                         const char* reason) {
  Ref<Str> name = makeAscii(encoding), why = makeAscii(reason);
  Ref<> from = makeInt(start), to = makeInt(end);
  Value args[5] = {name, bytes, from, to, why};
  return raiseWith(t, kUnicodeDecodeError, args);
}

Error raiseUnicodeEncode(Thread& t, const char* encoding, Value str, i64 start, i64 end,
                         const char* reason) {
  Ref<Str> name = makeAscii(encoding), why = makeAscii(reason);
  Ref<> from = makeInt(start), to = makeInt(end);
  Value args[5] = {name, str, from, to, why};
  return raiseWith(t, kUnicodeEncodeError, args);
}

Error chainCause(Thread& t, Ref<> cause) {
  if (!t.currentException) return Error{};
  auto* e = t.currentException;
  setField(e->context, retain(cause));
  setField(e->cause, std::move(cause));
  e->suppressContext = 1;
  return Error{};
}

Result<bool> exceptionMatches(Thread& t, Value exception, Value pattern) {
  if (isExceptionClass(pattern)) return isSubtype(typeOf(exception), pattern.as<Type>());
  if (isTuple(pattern)) {
    Tuple* classes = pattern.as<Tuple>();
    for (i64 i = 0; i < classes->size; i++)
      if (!isExceptionClass(classes->items[i]))
        return t.raise(kTypeError,
                       "catching classes that do not inherit from BaseException is not allowed");
    for (i64 i = 0; i < classes->size; i++)
      if (isSubtype(typeOf(exception), classes->items[i].as<Type>())) return true;
    return false;
  }
  return t.raise(kTypeError,
                 "catching classes that do not inherit from BaseException is not allowed");
}

static Result<Ref<>> exceptionFrom(Thread& t, Value v, const char* text) {
  if (isExceptionInstance(v)) return retain(v);
  if (!isExceptionClass(v)) return t.raise(kTypeError, "{}", text);
  Ref<> e = TRY(call(t, v, Args()));
  if (!isExceptionInstance(e))
    return t.raise(kTypeError,
                   "calling {!r} should have returned an instance of BaseException, not {}", v,
                   typeOf(e));
  return e;
}

Error raiseStatement(Thread& t, Value value, Value cause) {
  Ref<> e = TRY(exceptionFrom(t, value, "exceptions must derive from BaseException"));
  if (cause) {
    auto* error = e.as<BaseException>();
    if (isNone(cause)) {
      clearField(error->cause);
    } else {
      Ref<> fixed = TRY(exceptionFrom(t, cause, "exception causes must derive from BaseException"));
      setField(error->cause, std::move(fixed));
    }
    error->suppressContext = 1;
  }
  return t.raiseException(std::move(e));
}

// ---- unraisable ----

// What sys.unraisablehook gets.
static Type* unraisableArgsType(Thread& t) {
  static constexpr StructSeqField kFields[] = {{"exc_type", "Exception type"},
                                               {"exc_value", "Exception value"},
                                               {"exc_traceback", "Exception traceback"},
                                               {"err_msg", "Error message"},
                                               {"object", "Object causing the exception"}};
  static constexpr StructSeqDesc kDesc = {
      "UnraisableHookArgs",
      "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.", kFields, 5};
  static Type* type = makeStructSeqType(t, kDesc).release();
  return type;
}

void writeUnraisable(Thread& t, const char* message, Value object) {
  // What native code raised shows at least who was running.
  if (t.currentException && !t.currentException->traceback && t.fp) addTraceback(t, t.fp, t.pc);
  Ref<> e = t.takeException();
  if (!e) return;
  Ref<> heldObject = retain(object ? object : none());
  Ref<Tuple> info = newStructSeq(unraisableArgsType(t));
  Value traceback = e.as<BaseException>()->traceback;
  info->items[0] = retain(Value(typeOf(e))).release();
  info->items[1] = retain(e).release();
  info->items[2] = retain(traceback ? traceback : none()).release();
  info->items[3] = message ? Value(makeStr(message).release()) : none();
  info->items[4] = retain(heldObject).release();
  Value hook = sysGet("unraisablehook");
  if (hook && !isNone(hook)) {
    Ref<> held = retain(hook);
    if (callWith(t, held.get(), Value(info))) return;
    t.clearException();
  }
  writeStderr(t, std::string(message ? message : "Exception ignored in") + ":\n");
  printException(t, e);
}

// ---- warnings ----

Result<void> warn(Thread& t, Type* category, const char* format, std::span<const FormatArg> args,
                  i64 stackLevel) {
  Ref<Str> text = formatStrArgs(format, args);
  if (!text) return Error{};
  if (!theInterpreter.importlib) return {};
  Ref<> function = TRY(importAttr(t, "_warnings", "warn"));
  (void)TRY(callWith(t, function.get(), Value(text), Value(category), makeInt(stackLevel).get()));
  return {};
}

Result<void> warnExplicit(Thread& t, Type* category, Str* message, Str* filename, i32 line) {
  if (!theInterpreter.importlib) return {};
  Ref<> function = TRY(importAttr(t, "_warnings", "warn_explicit"));
  (void)TRY(callWith(t, function.get(), Value(message), Value(category), Value(filename),
                     makeInt(line).get()));
  return {};
}

}  // namespace dx
