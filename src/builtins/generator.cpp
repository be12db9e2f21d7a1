// Generators and coroutines as objects; their frames are interp/generators.cpp's.
#include "builtins/generator.gen.h"
#include "memory/heap.h"
#include "runtime/delegation.h"
#include "runtime/types.h"

namespace dx {

// ---- shared ----

Error raiseThrown(Thread& t, Value type, Value value, Value traceback) {
  if (value || traceback) {
    TRY(warn(t, kDeprecationWarning,
             "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature "
             "instead."));
  }
  return raiseGiven(t, type, value, traceback);
}

Error raiseGiven(Thread& t, Value type, Value value, Value traceback) {
  if (traceback && isNone(traceback)) traceback = Value();
  if (traceback && typeOf(traceback) != &PyTraceBack_Type)
    return t.raise(kTypeError, "throw() third argument must be a traceback object");
  Ref<> e;
  if (isExceptionClass(type)) {
    if (value && isExceptionInstance(value) && isInstanceOf(value, type.as<Type>()))
      e = retain(value);
    else if (!value || isNone(value))
      e = TRY(call(t, type, Args()));
    else if (isTuple(value))
      e = TRY(callTupleDict(t, type, value.as<Tuple>(), nullptr));
    else
      e = TRY(callWith(t, type, value));
    if (!isExceptionInstance(e))
      return t.raise(kTypeError,
                     "calling {!r} should have returned an instance of BaseException, not {}", type,
                     typeOf(e));
  } else if (isExceptionInstance(type)) {
    if (value && !isNone(value))
      return t.raise(kTypeError, "instance exception may not have a separate value");
    e = retain(type);
  } else {
    return t.raise(kTypeError,
                   "exceptions must be classes or instances deriving from BaseException, not {}",
                   typeOf(type));
  }
  if (traceback) setField(e.as<BaseException>()->traceback, retain(traceback));
  t.restoreException(std::move(e));
  return Error{};
}

void reportFinalizing(Thread& t, const char* what, Value object) {
  std::string text = std::string("Exception ignored while ") + what;
  {
    ExceptionSaver saver(t);
    Result<Ref<Str>> shown = repr(t, object);
    if (shown)
      text += " " + toUtf8(shown.peek());
    else
      t.clearException();
  }
  writeUnraisable(t, text.c_str(), Value());
}

static bool isGeneratorLike(Value v) {
  return v.isObject() && (typeOf(v) == &PyGen_Type || typeOf(v) == &PyCoro_Type);
}

// Closes what a generator delegates to.
static Result<void> closeDelegate(Thread& t, Value delegate) {
  if (isGeneratorLike(delegate)) {
    (void)TRY(closeGenerator(t, delegate.as<Generator>()));
    return {};
  }
  if (typeOf(delegate) == &_PyCoroWrapper_Type) {
    (void)TRY(closeGenerator(t, delegate.as<CoroWrapper>()->coroutine));
    return {};
  }
  Ref<> close;
  if (!lookupAttr(t, delegate, DX_NAME("close"), &close)) {
    writeUnraisable(t, nullptr, delegate);
    return {};
  }
  if (close) (void)TRY(call(t, close, Args()));
  return {};
}

Result<Ref<>> throwPending(Thread& t, Generator* g, bool* finished) {
  settleGenerator(g);
  RecursionGuard guard(t);
  *finished = false;
  Value found = generatorDelegate(g);
  if (!found) return generatorThrowPending(t, g, finished);
  Ref<> delegate = retain(found);
  Ref<Generator> held = retainObject(g);
  if (t.matches(kGeneratorExit)) {
    Ref<> exit = t.takeException();
    enterDelegation(t, g);
    Result<void> closed = closeDelegate(t, delegate);
    leaveDelegation(t, g);
    if (closed) t.restoreException(std::move(exit));  // else: what close() raised goes in
    return generatorThrowPending(t, g, finished);
  }
  if (!guard.check()) return generatorThrowPending(t, g, finished);
  Generator* inner = isGeneratorLike(delegate) ? delegate.as<Generator>()
                     : typeOf(delegate) == &_PyCoroWrapper_Type
                         ? delegate.as<CoroWrapper>()->coroutine
                         : nullptr;
  Result<Ref<>> r = Error{};
  if (inner) {
    bool done = false;
    enterDelegation(t, g);
    r = throwPending(t, inner, &done);
    leaveDelegation(t, g);
    if (r && !done) return r;
    if (r) (void)raiseStopIteration(t, r.peek());
  } else {
    Ref<> exception = t.takeException();
    Ref<> method;
    Result<bool> has = lookupAttr(t, delegate, DX_NAME("throw"), &method);
    if (!has) return generatorThrowPending(t, g, finished);
    if (!*has) {
      t.restoreException(std::move(exception));
      return generatorThrowPending(t, g, finished);
    }
    enterDelegation(t, g);
    r = callWith(t, method, exception);
    leaveDelegation(t, g);
    if (r) return r;
  }
  // The delegate ended: a StopIteration gives its value to the outer generator (CleanupThrow).
  return generatorThrowPending(t, g, finished);
}

Result<Ref<>> yieldedOrStop(Thread& t, Result<Ref<>> r, bool finished) {
  if (!r) return Error{};
  if (!finished) return r;
  return raiseStopIteration(t, r.peek());
}

Result<Ref<>> throwInto(Thread& t, Generator* g, Value type, Value value, Value traceback) {
  settleGenerator(g);
  if (g->state == GenState::Executing)
    return t.raise(kValueError, "{} already executing",
                   g->type == &PyCoro_Type       ? "coroutine"
                   : g->type == &PyAsyncGen_Type ? "async generator"
                                                 : "generator");
  (void)raiseThrown(t, type, value, traceback);
  if (!t.currentException) return t.raise(kSystemError, "no exception to throw");
  if (g->type == &PyCoro_Type && g->state == GenState::Cleared)
    return t.raise(kRuntimeError, "cannot reuse already awaited coroutine");
  bool finished = false;
  Result<Ref<>> r = throwPending(t, g, &finished);
  return yieldedOrStop(t, std::move(r), finished);
}

Result<Ref<>> closeGenerator(Thread& t, Generator* g) {
  settleGenerator(g);
  if (g->state == GenState::Created) {
    generatorDropFrame(g);
    return noneRef();
  }
  if (g->state == GenState::Cleared) return noneRef();
  if (g->state == GenState::Executing)
    return t.raise(kValueError, "{} already executing",
                   g->type == &PyCoro_Type ? "coroutine" : "generator");
  Ref<Generator> held = retainObject(g);
  Result<void> closed;
  if (Value found = generatorDelegate(g)) {
    Ref<> delegate = retain(found);
    enterDelegation(t, g);
    closed = closeDelegate(t, delegate);
    leaveDelegation(t, g);
  }
  // Nobody sees an exception that only passes through.
  if (closed && !(t.pending & kPendingMonitor) && !generatorWantsExit(g)) {
    generatorDropFrame(g);
    return noneRef();
  }
  if (closed) (void)t.raiseNone(kGeneratorExit);
  bool finished = false;
  Result<Ref<>> r = generatorThrowPending(t, g, &finished);
  if (r) {
    if (finished) return r;
    return t.raise(kRuntimeError, "{} ignored GeneratorExit",
                   g->type == &PyCoro_Type       ? "coroutine"
                   : g->type == &PyAsyncGen_Type ? "async generator"
                                                 : "generator");
  }
  if (t.takeIf(kStopIteration) || t.takeIf(kGeneratorExit)) return noneRef();
  return Error{};
}

void deallocGenerator(Object* o) {
  gcUntrack(o);
  auto* g = static_cast<Generator*>(o);
  if (g->frame) generatorDropFrame(g);
  clearField(g->excState.excValue);
  clearField(g->name);
  clearField(g->qualname);
  clearField(g->originOrFinalizer);
  freeGenerator(g);
}
static void traverseGenerator(Object* o, Visitor& v) {
  auto* g = static_cast<Generator*>(o);
  generatorVisitFrame(g, v);
  v(g->originOrFinalizer);
}

Result<Ref<>> generatorFrameObject(Thread& t, Generator& g) {
  if (!g.frame) return noneRef();
  return Ref<>::retain(frameObject(t, g.frame));
}
bool generatorIsSuspended(Generator& g) {
  settleGenerator(&g);
  return g.state == GenState::Suspended || g.state == GenState::SuspendedYieldFrom;
}
Result<void> setGeneratorName(Thread& t, Value& field, Value v, const char* what) {
  if (!v || !isStr(v)) return t.raise(kTypeError, "{} must be set to a string object", what);
  setField(field, retain(v));
  return {};
}
static Ref<> delegateOf(Generator& g) {
  Value d = generatorDelegate(&g);
  return retain(d ? d : none());
}

// ---- generator ----

void generator_dealloc(Object* o) { deallocGenerator(o); }
void generator_traverse(Object* o, Visitor& v) { traverseGenerator(o, v); }
void generator_clear(Object*) {}

Result<Ref<>> generator___iter__(Thread&, Generator& self) { return Ref<>::retain(&self); }
Result<Ref<>> generator___send__(Thread& t, Generator& self, Value sent, bool* finished) {
  return generatorSend(t, &self, sent, finished);
}
Result<Ref<>> generator___next__(Thread& t, Generator& self) {
  bool finished = false;
  Ref<> r = TRY(generatorSend(t, &self, none(), &finished));
  if (!finished) return r;
  if (isNone(r)) return Error{};  // exhausted
  return raiseStopIteration(t, r);
}
Result<Ref<>> generator_send(Thread& t, Generator& self, Value value) {
  bool finished = false;
  Result<Ref<>> r = generatorSend(t, &self, value, &finished);
  return yieldedOrStop(t, std::move(r), finished);
}
Result<Ref<>> generator_throw(Thread& t, Generator& self, Value type, Value value,
                              Value traceback) {
  return throwInto(t, &self, type, value, traceback);
}
Result<Ref<>> generator_close(Thread& t, Generator& self) { return closeGenerator(t, &self); }
void generator___del__(Thread& t, Generator& self) {
  if (!generatorIsSuspended(self)) return;
  if (!closeGenerator(t, &self)) reportFinalizing(t, "closing generator", Value(&self));
}
Result<Ref<>> generator___repr__(Thread&, Generator& self) {
  return Ref<>(formatStr("<generator object {} at {}>", self.qualname, pointerText(&self)));
}
Result<i64> generator___sizeof__(Thread&, Generator& self) {
  return i64(sizeof(Generator)) + i64(self.code->data->registerCount) * 8;
}
Result<Ref<>> generator_get_gi_yieldfrom(Thread&, Generator& self) { return delegateOf(self); }
Result<Ref<>> generator_get_gi_running(Thread&, Generator& self) {
  settleGenerator(&self);
  return boolRef(self.state == GenState::Executing);
}
Result<Ref<>> generator_get_gi_frame(Thread& t, Generator& self) {
  return generatorFrameObject(t, self);
}
Result<Ref<>> generator_get_gi_suspended(Thread&, Generator& self) {
  return boolRef(generatorIsSuspended(self));
}
Result<Ref<>> generator_get_gi_code(Thread&, Generator& self) { return Ref<>::retain(self.code); }
Result<Ref<>> generator_get___name__(Thread&, Generator& self) { return retain(self.name); }
Result<void> generator_set___name__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.name, v, "__name__");
}
Result<Ref<>> generator_get___qualname__(Thread&, Generator& self) { return retain(self.qualname); }
Result<void> generator_set___qualname__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.qualname, v, "__qualname__");
}

// ---- coroutine ----

void coroutine_dealloc(Object* o) { deallocGenerator(o); }
void coroutine_traverse(Object* o, Visitor& v) { traverseGenerator(o, v); }
void coroutine_clear(Object*) {}

void setCoroutineOrigin(Thread& t, Generator* g) {
  Ref<List> frames = newList();
  Value* fp = t.fp;
  for (i32 depth = t.coroutineOriginDepth; fp && depth > 0; depth--, fp = framePrevious(fp)) {
    FrameObject* f = frameObject(t, fp);
    listAppend(frames, Ref<>(tupleOf(Value(f->code->filename), makeInt(frameLine(t, f)),
                                     Value(f->code->name))));
  }
  setField(g->originOrFinalizer, makeTuple(valuesOf(frames.get())));
}

Result<Ref<>> coroutine___await__(Thread&, Generator& self) {
  Ref<CoroWrapper> w = make<CoroWrapper>(&_PyCoroWrapper_Type);
  w->coroutine = retainObject(&self).release();
  gcTrack(w);
  return Ref<>(std::move(w));
}
Result<Ref<>> coroutine___send__(Thread& t, Generator& self, Value sent, bool* finished) {
  return generatorSend(t, &self, sent, finished);
}
Result<Ref<>> coroutine_send(Thread& t, Generator& self, Value value) {
  return generator_send(t, self, value);
}
Result<Ref<>> coroutine_throw(Thread& t, Generator& self, Value type, Value value,
                              Value traceback) {
  return throwInto(t, &self, type, value, traceback);
}
Result<Ref<>> coroutine_close(Thread& t, Generator& self) { return closeGenerator(t, &self); }
void coroutine___del__(Thread& t, Generator& self) {
  if (self.state == GenState::Created) {
    // warnings._warn_unawaited_coroutine knows how to show where it was made.
    Value module = dictGetStr(theInterpreter.modules, DX_NAME("warnings"));
    Ref<> function;
    if (module) {
      Result<bool> found = lookupAttr(t, module, DX_NAME("_warn_unawaited_coroutine"), &function);
      if (!found) t.clearException();
    }
    Ref<> self_ = Ref<>::retain(&self);
    if (function) {
      if (callWith(t, function, self_)) return;
      reportFinalizing(t, "finalizing coroutine", self_);
    }
    if (!warn(t, kRuntimeWarning, "coroutine '{}' was never awaited", self.qualname))
      reportFinalizing(t, "finalizing coroutine", self_);
    return;
  }
  if (!generatorIsSuspended(self)) return;
  if (!closeGenerator(t, &self)) reportFinalizing(t, "closing generator", Value(&self));
}
Result<Ref<>> coroutine___repr__(Thread&, Generator& self) {
  return Ref<>(formatStr("<coroutine object {} at {}>", self.qualname, pointerText(&self)));
}
Result<Ref<>> coroutine_get_cr_await(Thread&, Generator& self) { return delegateOf(self); }
Result<Ref<>> coroutine_get_cr_running(Thread&, Generator& self) {
  settleGenerator(&self);
  return boolRef(self.state == GenState::Executing);
}
Result<Ref<>> coroutine_get_cr_frame(Thread& t, Generator& self) {
  return generatorFrameObject(t, self);
}
Result<Ref<>> coroutine_get_cr_suspended(Thread&, Generator& self) {
  return boolRef(generatorIsSuspended(self));
}
Result<Ref<>> coroutine_get_cr_code(Thread&, Generator& self) { return Ref<>::retain(self.code); }
Result<Ref<>> coroutine_get_cr_origin(Thread&, Generator& self) {
  return retain(self.originOrFinalizer ? self.originOrFinalizer : none());
}
Result<Ref<>> coroutine_get___name__(Thread&, Generator& self) { return retain(self.name); }
Result<void> coroutine_set___name__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.name, v, "__name__");
}
Result<Ref<>> coroutine_get___qualname__(Thread&, Generator& self) { return retain(self.qualname); }
Result<void> coroutine_set___qualname__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.qualname, v, "__qualname__");
}

// ---- coroutine_wrapper ----

Result<Ref<>> coroutine_wrapper___iter__(Thread&, CoroWrapper& self) {
  return Ref<>::retain(&self);
}
Result<Ref<>> coroutine_wrapper___next__(Thread& t, CoroWrapper& self) {
  return generator___next__(t, *self.coroutine);
}
Result<Ref<>> coroutine_wrapper_send(Thread& t, CoroWrapper& self, Value v) {
  return generator_send(t, *self.coroutine, v);
}
Result<Ref<>> coroutine_wrapper_throw(Thread& t, CoroWrapper& self, Value type, Value value,
                                      Value traceback) {
  return throwInto(t, self.coroutine, type, value, traceback);
}
Result<Ref<>> coroutine_wrapper_close(Thread& t, CoroWrapper& self) {
  return closeGenerator(t, self.coroutine);
}

}  // namespace dx
