// Module sys: functions. What it holds as data is in sys_data.cpp.
#include <dlfcn.h>

#include "memory/collector.h"
#include "modules/sys.gen.h"
#include "modules/sys_data.h"
#include "runtime/frame.h"
#include "runtime/gil.h"
#include "runtime/lifecycle.h"
#include "runtime/monitoring.h"
#include "runtime/str_intern.h"
#include "runtime/traceback_print.h"
#include "runtime/types.h"

namespace dx {

Result<void> sys_exec(Thread& t, Module& module) { return fillSysData(t, module); }

// ---- audit hooks (PEP 578) ----

static List* gAuditHooks = nullptr;

Result<void> audit(Thread& t, const char* event, Values args) {
  if (!gAuditHooks) return {};
  Ref<Tuple> tuple = makeTuple(args);
  for (i64 i = 0; i < gAuditHooks->size; i++) {
    Ref<> hook = retain(gAuditHooks->items[i]);
    (void)TRY(callWith(t, hook.get(), Value(makeAscii(event)), Value(tuple)));
  }
  return {};
}

Result<void> sys_addaudithook(Thread& t, Value hook) {
  // An existing hook may refuse the new one by raising; a RuntimeError is silent.
  if (!audit(t, "sys.addaudithook", {})) {
    if (t.takeIf(kRuntimeError)) return {};
    return Error{};
  }
  if (!gAuditHooks) gAuditHooks = newList().release();
  listAppend(gAuditHooks, hook);
  return {};
}

Result<Ref<>> sys_audit(Thread& t, const Args& args) {
  if (args.count == 0) return t.raise(kTypeError, "audit expected at least 1 argument, got 0");
  if (!isStr(args[0]))
    return t.raise(kTypeError, "expected str for argument 'event', not {}", typeOf(args[0]));
  TRY(audit(t, toUtf8(args[0].as<Str>()).c_str(), Values(args.v + 1, args.count - 1)));
  return noneRef();
}

// ---- hooks ----

Result<Ref<>> sys_breakpointhook(Thread& t, Values args, Dict* kwargs) {
  const char* env = theInterpreter.config.ignoreEnvironment ? nullptr : getenv("PYTHONBREAKPOINT");
  std::string target = env && *env ? env : "pdb.set_trace";
  if (target == "0") return noneRef();
  size_t dot = target.rfind('.');
  std::string module = dot == std::string::npos ? "builtins" : target.substr(0, dot);
  std::string name = dot == std::string::npos ? target : target.substr(dot + 1);
  Result<Ref<>> hook = Error{};
  if (!module.empty()) {
    Result<Ref<>> imported = importModule(t, module.c_str());
    if (imported) hook = getAttr(t, imported.peek(), name.c_str());
  }
  if (!hook) {
    if (t.hasException() && !t.takeIf(kImportError) && !t.takeIf(kAttributeError)) return Error{};
    TRY(warn(t, kRuntimeWarning, "Ignoring unimportable $PYTHONBREAKPOINT: \"{}\"", target));
    return noneRef();
  }
  Ref<Tuple> tuple = makeTuple(args);
  return callTupleDict(t, hook.peek(), tuple, kwargs);
}

Result<void> sys_displayhook(Thread& t, Value object) {
  if (isNone(object)) return {};
  Dict* builtins = theInterpreter.builtinsDict;
  dictSetStr(builtins, "_", none());
  Ref<Str> text = TRY(repr(t, object));
  Value out = sysGet("stdout");
  if (!out || isNone(out)) return t.raise(kRuntimeError, "lost sys.stdout");
  Ref<> stream = retain(out);
  Result<Ref<>> written = callMethodWith(t, stream, DX_NAME("write"), Value(text));
  if (!written) {
    if (!t.takeIf(kUnicodeEncodeError)) return Error{};
    Ref<> encoding = TRY(getAttr(t, stream, "encoding"));
    Ref<> bytes = TRY(callMethodWith(t, text, DX_NAME("encode"), encoding.get(),
                                     Value(DX_NAME("backslashreplace"))));
    Ref<> buffer = TRY(getAttr(t, stream, "buffer"));
    (void)TRY(callMethodWith(t, buffer, DX_NAME("write"), bytes.get()));
  }
  (void)TRY(callMethodWith(t, stream, DX_NAME("write"), Value(DX_NAME("\n"))));
  dictSetStr(builtins, "_", object);
  return {};
}

Result<void> sys_excepthook(Thread& t, Value, Value value, Value traceback) {
  if (isExceptionInstance(value) && !isNone(traceback) && !value.as<BaseException>()->traceback)
    setField(value.as<BaseException>()->traceback, retain(traceback));
  printException(t, value);
  return {};
}

Result<void> sys_unraisablehook(Thread& t, Value unraisable) {
  Ref<> message = TRY(getAttr(t, unraisable, "err_msg"));
  Ref<> object = TRY(getAttr(t, unraisable, "object"));
  Ref<> value = TRY(getAttr(t, unraisable, "exc_value"));
  Ref<> traceback = TRY(getAttr(t, unraisable, "exc_traceback"));
  std::string head;
  if (isStr(message)) head = toUtf8(message.as<Str>());
  if (!isNone(object)) {
    if (head.empty()) head = "Exception ignored in";
    Result<Ref<Str>> text = repr(t, object);
    if (!text) t.clearException();
    head += ": " + (text ? toUtf8(text.peek()) : std::string("<object repr() failed>"));
  } else if (!head.empty()) {
    head += ":";
  }
  if (!head.empty()) writeStderr(t, head + (isNone(object) ? "\n" : "\n"));
  if (isExceptionInstance(value)) {
    if (!isNone(traceback) && !value.as<BaseException>()->traceback)
      setField(value.as<BaseException>()->traceback, retain(traceback));
    printException(t, value);
  }
  return {};
}

// ---- exceptions ----

static Value handledException(Thread& t) {
  for (ExcStackItem* item = t.excInfo; item; item = item->previous)
    if (item->excValue && !isNone(item->excValue)) return item->excValue;
  return Value();
}

Result<Ref<>> sys_exception(Thread& t) {
  Value e = handledException(t);
  return retain(e ? e : none());
}

Result<Ref<>> sys_exc_info(Thread& t) {
  Value e = handledException(t);
  if (!e) return Ref<>(tupleOf(none(), none(), none()));
  Value tb = e.as<BaseException>()->traceback;
  return Ref<>(tupleOf(Value(typeOf(e)), e, tb ? tb : none()));
}

Result<Ref<>> sys_exit(Thread& t, Value status) {
  if (isTuple(status)) {
    Ref<> e = TRY(call(t, Value(kSystemExit),
                       Args(status.as<Tuple>()->items, u32(status.as<Tuple>()->size))));
    return t.raiseException(std::move(e));
  }
  if (isNone(status)) return t.raiseNone(kSystemExit);
  return t.raiseValue(kSystemExit, status);
}

// ---- strings ----

Result<Ref<>> sys_getdefaultencoding(Thread&) { return Ref<>(makeAscii("utf-8")); }
Result<Ref<>> sys_getfilesystemencoding(Thread&) { return Ref<>(makeAscii("utf-8")); }
Result<Ref<>> sys_getfilesystemencodeerrors(Thread&) { return Ref<>(makeAscii("surrogateescape")); }

Result<Ref<>> sys_intern(Thread& t, Value string) {
  if (!isStr(string))
    return t.raise(kTypeError, "intern() argument must be str, not {}", typeOf(string));
  if (!isExactStr(string)) return t.raise(kTypeError, "can't intern {}", typeOf(string));
  return Ref<>(intern(retainObject(string.as<Str>())));
}
Result<bool> sys__is_interned(Thread&, Str& string) { return string.interned() != 0; }
Result<bool> sys__is_immortal(Thread&, Value op) {
  return op.isImmediate() || op.object()->isImmortal();
}
Result<i64> sys_getunicodeinternedsize(Thread&, bool) { return i64(internedCount()); }

// ---- tracing ----

static void setHook(Value& field, Value function) {
  setField(field, isNone(function) ? Ref<>() : retain(function));
}
Result<void> sys_settrace(Thread& t, Value function) {
  TRY(audit(t, "sys.settrace", {}));
  setTraceFunction(t, t, function);
  return {};
}
Result<Ref<>> sys_gettrace(Thread& t) { return retain(t.traceFunction ? t.traceFunction : none()); }
Result<void> sys_setprofile(Thread& t, Value function) {
  TRY(audit(t, "sys.setprofile", {}));
  setProfileFunction(t, t, function);
  return {};
}
Result<Ref<>> sys_getprofile(Thread& t) {
  return retain(t.profileFunction ? t.profileFunction : none());
}
Result<void> sys__settraceallthreads(Thread& t, Value function) {
  TRY(audit(t, "sys.settrace", {}));
  for (Thread* thread : allThreads()) setTraceFunction(t, *thread, function);
  return {};
}
Result<void> sys__setprofileallthreads(Thread& t, Value function) {
  TRY(audit(t, "sys.setprofile", {}));
  for (Thread* thread : allThreads()) setProfileFunction(t, *thread, function);
  return {};
}
Result<Ref<>> sys_call_tracing(Thread& t, Value func, Tuple& args) {
  // What func runs is traced although a trace function is running.
  i32 saved = std::exchange(t.tracing, 0);
  Result<Ref<>> r = callTupleDict(t, func, &args, nullptr);
  t.tracing = saved;
  return r;
}

// ---- limits and threads ----

Result<void> sys_setswitchinterval(Thread& t, double interval) {
  if (!(interval > 0)) return t.raise(kValueError, "switch interval must be strictly positive");
  setSwitchInterval(interval);
  return {};
}
Result<double> sys_getswitchinterval(Thread&) { return switchInterval(); }

Result<void> sys_setrecursionlimit(Thread& t, i32 limit) {
  if (limit < 1) return t.raise(kValueError, "recursion limit must be greater or equal than 1");
  if (t.recursionDepth >= limit)
    return t.raise(
        kRecursionError,
        "cannot set the recursion limit to {} at the recursion depth {}: the limit is too low",
        limit, t.recursionDepth);
  t.recursionLimit = limit;
  return {};
}
Result<i64> sys_getrecursionlimit(Thread& t) { return i64(t.recursionLimit); }

Result<void> sys_set_coroutine_origin_tracking_depth(Thread& t, i32 depth) {
  if (depth < 0) return t.raise(kValueError, "depth must be >= 0");
  t.coroutineOriginDepth = depth;
  return {};
}
Result<i64> sys_get_coroutine_origin_tracking_depth(Thread& t) {
  return i64(t.coroutineOriginDepth);
}

Result<void> sys_set_asyncgen_hooks(Thread& t, Value firstiter, Value finalizer) {
  if (finalizer && !isNone(finalizer) && !isCallable(finalizer))
    return t.raise(kTypeError, "callable finalizer expected, got {}", typeOf(finalizer));
  if (firstiter && !isNone(firstiter) && !isCallable(firstiter))
    return t.raise(kTypeError, "callable firstiter expected, got {}", typeOf(firstiter));
  if (finalizer) setHook(t.asyncGenFinalizer, finalizer);
  if (firstiter) setHook(t.asyncGenFirstIter, firstiter);
  return {};
}
Result<Ref<>> sys_get_asyncgen_hooks(Thread& t) {
  Ref<Tuple> hooks = newStructSeq(asyncGenHooksType(t));
  hooks->items[0] = retain(t.asyncGenFirstIter ? t.asyncGenFirstIter : none()).release();
  hooks->items[1] = retain(t.asyncGenFinalizer ? t.asyncGenFinalizer : none()).release();
  return Ref<>(std::move(hooks));
}

Result<void> sys_set_int_max_str_digits(Thread& t, i32 maxdigits) {
  constexpr int kThreshold = 640;
  if (maxdigits != 0 && maxdigits < kThreshold)
    return t.raise(kValueError, "maxdigits must be 0 or larger than {}", kThreshold);
  theInterpreter.config.intMaxStrDigits = maxdigits;
  return {};
}
Result<i64> sys_get_int_max_str_digits(Thread&) {
  return i64(theInterpreter.config.intMaxStrDigits);
}

// ---- objects ----

Result<i64> sys_getrefcount(Thread&, Value object) {
  if (object.isImmediate()) return i64(kImmortalCount);
  return i64(object.object()->refcount);
}

Result<Ref<>> sys_getsizeof(Thread& t, Value object, Value fallback) {
  bool missing = false;
  Result<Ref<>> r = callSpecial(t, object, DX_NAME("__sizeof__"), {}, &missing);
  if (missing) {
    if (fallback) return retain(fallback);
    return t.raise(kTypeError, "Type {} doesn't define __sizeof__", typeOf(object));
  }
  if (!r) {
    if (fallback && t.takeIf(kTypeError)) return retain(fallback);
    return Error{};
  }
  Ref<> size = TRY(toIndex(t, r.peek()));
  i64 n;
  if (!intToI64(size, &n))
    return t.raise(kOverflowError, "Python int too large to convert to C ssize_t");
  if (n < 0) return t.raise(kValueError, "__sizeof__() should return >= 0");
  Type* type = typeOf(object);
  i64 prefix = type->has(kTypeHasGc) ? 16 : 0;
  if (type->has(kTypeManagedDict | kTypeManagedWeakref)) prefix += 16;
  return makeInt(n + prefix);
}
Result<i64> sys_getallocatedblocks(Thread&) { return liveObjectCount(); }

// ---- frames ----

static Value* frameAt(Thread& t, i32 depth) {
  Value* fp = t.fp;
  while (fp && depth-- > 0) fp = framePrevious(fp);
  return fp;
}
Result<Ref<>> sys__getframe(Thread& t, i32 depth) {
  Value* fp = frameAt(t, depth < 0 ? 0 : depth);
  if (!fp) return t.raise(kValueError, "call stack is not deep enough");
  Ref<> frame = Ref<>::retain(frameObject(t, fp));
  Value list[] = {frame.get()};
  TRY(audit(t, "sys._getframe", list));
  return frame;
}
Result<Ref<>> sys__getframemodulename(Thread& t, i32 depth) {
  Value* fp = frameAt(t, depth < 0 ? 0 : depth);
  if (!fp) return noneRef();
  Value module = frameFunction(fp)->module;
  return retain(module ? module : none());
}
Result<Ref<>> sys__current_frames(Thread& t) {
  Ref<Dict> d = newDict();
  for (Thread* thread : allThreads())
    if (thread->fp) TRY(dictSet(t, d, makeInt(thread->id), Value(frameObject(t, thread->fp))));
  return Ref<>(std::move(d));
}
Result<Ref<>> sys__current_exceptions(Thread& t) {
  Ref<Dict> d = newDict();
  for (Thread* thread : allThreads()) {
    Value e = handledException(*thread);
    TRY(dictSet(t, d, makeInt(thread->id), e ? e : none()));
  }
  return Ref<>(std::move(d));
}

// ---- state ----

Result<bool> sys_is_finalizing(Thread&) { return theInterpreter.finalizing; }
Result<void> sys__clear_type_cache(Thread&) { return {}; }
Result<void> sys__clear_internal_caches(Thread&) { return {}; }
Result<void> sys__clear_type_descriptors(Thread& t, Type& type) {
  if (type.has(kTypeImmutable)) return t.raise(kTypeError, "argument is immutable");
  for (const char* name : {"__dict__", "__weakref__"})
    (void)dictDeleteStr(typeDict(&type), internImmortal(name));
  typeModified(&type);
  return {};
}
Result<bool> sys__is_gil_enabled(Thread&) { return true; }
Result<void> sys__debugmallocstats(Thread&) { return {}; }
static i64 gDlopenFlags = RTLD_NOW;
Result<i64> sys_getdlopenflags(Thread&) { return gDlopenFlags; }
Result<void> sys_setdlopenflags(Thread&, i32 flags) {
  gDlopenFlags = flags;
  return {};
}
Result<i64> sys__get_cpu_count_config(Thread&) { return i64(-1); }
Result<bool> sys_is_stack_trampoline_active(Thread&) { return false; }
Result<Ref<>> sys_activate_stack_trampoline(Thread& t, Str&) {
  return t.raise(kValueError, "perf trampoline not available");
}
Result<void> sys_deactivate_stack_trampoline(Thread&) { return {}; }
Result<bool> sys_is_remote_debug_enabled(Thread&) { return false; }

}  // namespace dx
