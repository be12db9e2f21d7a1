// Asynchronous generators: one step is an awaitable object (asend, athrow) that drives the frame.
#include "builtins/async_generator.gen.h"
#include "builtins/generator.gen.h"
#include "memory/heap.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {

static void traverseAsync(Object* o, Visitor& v) {
  auto* g = static_cast<Generator*>(o);
  generatorVisitFrame(g, v);
  v(g->originOrFinalizer);
}
void async_generator_dealloc(Object* o) { deallocGenerator(o); }
void async_generator_traverse(Object* o, Visitor& v) { traverseAsync(o, v); }
void async_generator_clear(Object*) {}

Ref<> wrapAsyncGeneratorValue(Value v) {
  Ref<WrappedValue> w = make<WrappedValue>(&_PyAsyncGenWrappedValue_Type);
  w->value = retain(v).release();
  gcTrack(w);
  return Ref<>(std::move(w));
}
static bool isWrapped(Value v) { return typeOf(v) == &_PyAsyncGenWrappedValue_Type; }

// First use: the event loop's hooks.
static Result<void> initHooks(Thread& t, Generator* g) {
  if (g->hooksInited) return {};
  g->hooksInited = 1;
  if (t.asyncGenFinalizer) setField(g->originOrFinalizer, retain(t.asyncGenFinalizer));
  if (t.asyncGenFirstIter) {
    Ref<> hook = retain(t.asyncGenFirstIter);
    (void)TRY(callWith(t, hook, Value(g)));
  }
  return {};
}

static Result<Ref<>> newStep(Thread& t, Type* type, Generator* g, Value value) {
  TRY(initHooks(t, g));
  Ref<AsyncGenStep> s = make<AsyncGenStep>(type);
  s->gen = retainObject(g).release();
  s->value = retain(value).release();
  s->state = StepState::Init;
  gcTrack(s);
  return Ref<>(std::move(s));
}

// What a step's run of the frame means to the awaiting code: a yielded value ends the await with
// StopIteration, the generator's end with StopAsyncIteration; anything else is being awaited.
static Result<Ref<>> unwrap(Thread& t, Generator* g, Result<Ref<>> r, bool finished) {
  if (r && finished) {
    (void)t.raiseNone(kStopAsyncIteration);
    r = Error{};
  }
  if (!r) {
    if (t.matches(kStopAsyncIteration) || t.matches(kGeneratorExit)) g->closed = 1;
    g->runningAsync = 0;
    return Error{};
  }
  if (isWrapped(r.peek())) {
    Ref<> value = retain(r.peek().as<WrappedValue>()->value);
    g->runningAsync = 0;
    return raiseStopIteration(t, value);
  }
  return r;
}

// ---- async_generator ----

Result<Ref<>> async_generator___aiter__(Thread&, Generator& self) { return Ref<>::retain(&self); }
Result<Ref<>> async_generator___anext__(Thread& t, Generator& self) {
  return newStep(t, &_PyAsyncGenASend_Type, &self, none());
}
Result<Ref<>> async_generator_asend(Thread& t, Generator& self, Value value) {
  return newStep(t, &_PyAsyncGenASend_Type, &self, value);
}
Result<Ref<>> async_generator_athrow(Thread& t, Generator& self, Value type, Value value,
                                     Value traceback) {
  if (value || traceback)
    TRY(warn(t, kDeprecationWarning,
             "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg "
             "signature instead."));
  Ref<Tuple> args = traceback ? tupleOf(type, value, traceback)
                    : value   ? tupleOf(type, value)
                              : tupleOf(type);
  return newStep(t, &_PyAsyncGenAThrow_Type, &self, args);
}
Result<Ref<>> async_generator_aclose(Thread& t, Generator& self) {
  return newStep(t, &_PyAsyncGenAThrow_Type, &self, Value());
}
void async_generator___del__(Thread& t, Generator& self) {
  if (!generatorIsSuspended(self)) return;
  if (self.originOrFinalizer && !self.closed) {
    Ref<> finalizer = retain(self.originOrFinalizer);
    if (!callWith(t, finalizer, Value(&self)))
      reportFinalizing(t, "finalizing generator", Value(&self));
    return;
  }
  if (!closeGenerator(t, &self)) reportFinalizing(t, "closing generator", Value(&self));
}
Result<Ref<>> async_generator___repr__(Thread&, Generator& self) {
  return Ref<>(formatStr("<async_generator object {} at {}>", self.qualname, pointerText(&self)));
}
Result<Ref<>> async_generator_get_ag_await(Thread&, Generator& self) {
  Value d = generatorDelegate(&self);
  return retain(d ? d : none());
}
Result<Ref<>> async_generator_get_ag_running(Thread&, Generator& self) {
  return boolRef(self.runningAsync);
}
Result<Ref<>> async_generator_get_ag_frame(Thread& t, Generator& self) {
  return generatorFrameObject(t, self);
}
Result<Ref<>> async_generator_get_ag_suspended(Thread&, Generator& self) {
  return boolRef(generatorIsSuspended(self));
}
Result<Ref<>> async_generator_get_ag_code(Thread&, Generator& self) {
  return Ref<>::retain(self.code);
}
Result<Ref<>> async_generator_get___name__(Thread&, Generator& self) { return retain(self.name); }
Result<void> async_generator_set___name__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.name, v, "__name__");
}
Result<Ref<>> async_generator_get___qualname__(Thread&, Generator& self) {
  return retain(self.qualname);
}
Result<void> async_generator_set___qualname__(Thread& t, Generator& self, Value v) {
  return setGeneratorName(t, self.qualname, v, "__qualname__");
}

// ---- asend ----

static Error reused(Thread& t, bool send) {
  return t.raise(kRuntimeError, "cannot reuse already awaited {}",
                 send ? "__anext__()/asend()" : "aclose()/athrow()");
}
static Result<void> claim(Thread& t, AsyncGenStep& self, const char* what) {
  if (self.gen->runningAsync) {
    self.state = StepState::Closed;
    return t.raise(kRuntimeError, "{}: asynchronous generator is already running", what);
  }
  self.state = StepState::Iterating;
  self.gen->runningAsync = 1;
  return {};
}

// A step that was made and never awaited.
static void warnUnawaited(Thread& t, AsyncGenStep& self, Value method) {
  if (self.state != StepState::Init) return;
  if (!warn(t, kRuntimeWarning, "coroutine method {!r} of {!r} was never awaited", method,
            self.gen->qualname))
    writeUnraisable(t, nullptr, Value(self.gen));
}
void AsyncSend___del__(Thread& t, AsyncGenStep& self) {
  warnUnawaited(t, self, Value(DX_NAME("asend")));
}
void AsyncThrow___del__(Thread& t, AsyncGenStep& self) {
  warnUnawaited(t, self, Value(self.value ? DX_NAME("athrow") : DX_NAME("aclose")));
}

Result<Ref<>> AsyncSend___await__(Thread&, AsyncGenStep& self) { return Ref<>::retain(&self); }
Result<Ref<>> AsyncSend___iter__(Thread&, AsyncGenStep& self) { return Ref<>::retain(&self); }
Result<Ref<>> AsyncSend_send(Thread& t, AsyncGenStep& self, Value arg) {
  if (self.state == StepState::Closed) return reused(t, true);
  if (self.state == StepState::Init) {
    TRY(claim(t, self, "anext()"));
    if (isNone(arg)) arg = self.value;
  }
  Ref<> held = Ref<>::retain(&self);
  bool finished = false;
  self.gen->runningAsync = 1;
  Result<Ref<>> r = generatorSend(t, self.gen, arg, &finished);
  r = unwrap(t, self.gen, std::move(r), finished);
  if (!r) self.state = StepState::Closed;
  return r;
}
Result<Ref<>> AsyncSend___next__(Thread& t, AsyncGenStep& self) {
  return AsyncSend_send(t, self, none());
}
Result<Ref<>> AsyncSend_throw(Thread& t, AsyncGenStep& self, Value type, Value value,
                              Value traceback) {
  if (self.state == StepState::Closed) return reused(t, true);
  if (self.state == StepState::Init) TRY(claim(t, self, "anext()"));
  Ref<> held = Ref<>::retain(&self);
  (void)raiseThrown(t, type, value, traceback);
  bool finished = false;
  Result<Ref<>> r = throwPending(t, self.gen, &finished);
  r = unwrap(t, self.gen, std::move(r), finished);
  if (!r) self.state = StepState::Closed;
  return r;
}
static Result<void> closeStep(Thread& t, Result<Ref<>> r) {
  if (r) return t.raise(kRuntimeError, "coroutine ignored GeneratorExit");
  if (t.takeIf(kStopIteration) || t.takeIf(kStopAsyncIteration) || t.takeIf(kGeneratorExit))
    return {};
  return Error{};
}
Result<void> AsyncSend_close(Thread& t, AsyncGenStep& self) {
  if (self.state == StepState::Closed) return {};
  return closeStep(t, AsyncSend_throw(t, self, Value(kGeneratorExit), Value(), Value()));
}

// ---- athrow, aclose ----

Result<Ref<>> AsyncThrow___await__(Thread&, AsyncGenStep& self) { return Ref<>::retain(&self); }
Result<Ref<>> AsyncThrow___iter__(Thread&, AsyncGenStep& self) { return Ref<>::retain(&self); }

// The end of a step of aclose(): the generator's end is its success.
static Result<Ref<>> finishClose(Thread& t, AsyncGenStep& self, Result<Ref<>> r, bool finished) {
  Generator* g = self.gen;
  if (r && finished) {
    (void)t.raiseNone(kStopAsyncIteration);
    r = Error{};
  }
  if (r && isWrapped(r.peek())) {
    g->runningAsync = 0;
    self.state = StepState::Closed;
    return t.raise(kRuntimeError, "async generator ignored GeneratorExit");
  }
  if (r) return r;
  g->runningAsync = 0;
  self.state = StepState::Closed;
  if (t.takeIf(kStopAsyncIteration) || t.takeIf(kGeneratorExit))
    return raiseStopIteration(t, none());
  return Error{};
}
static Result<Ref<>> finishThrow(Thread& t, AsyncGenStep& self, Result<Ref<>> r, bool finished) {
  r = unwrap(t, self.gen, std::move(r), finished);
  if (!r) self.state = StepState::Closed;
  return r;
}
static Result<Ref<>> finishStep(Thread& t, AsyncGenStep& self, Result<Ref<>> r, bool finished) {
  return self.value ? finishThrow(t, self, std::move(r), finished)
                    : finishClose(t, self, std::move(r), finished);
}

Result<Ref<>> AsyncThrow_send(Thread& t, AsyncGenStep& self, Value arg) {
  Generator* g = self.gen;
  if (self.state == StepState::Closed) return reused(t, false);
  Ref<> held = Ref<>::retain(&self);
  bool finished = false;
  if (g->state == GenState::Cleared) {  // nothing is left to be done
    self.state = StepState::Closed;
    return raiseStopIteration(t, none());
  }
  if (self.state == StepState::Init) {
    if (g->runningAsync) {
      self.state = StepState::Closed;
      return t.raise(kRuntimeError, "{}: asynchronous generator is already running",
                     self.value ? "athrow()" : "aclose()");
    }
    if (g->closed) {
      self.state = StepState::Closed;
      return t.raiseNone(kStopAsyncIteration);
    }
    if (!isNone(arg))
      return t.raise(kRuntimeError, "can't send non-None value to a just-started coroutine");
    self.state = StepState::Iterating;
    g->runningAsync = 1;
    if (!self.value) {
      g->closed = 1;
      (void)t.raiseNone(kGeneratorExit);
    } else {
      Tuple* args = self.value.as<Tuple>();
      (void)raiseGiven(t, args->items[0], args->size > 1 ? args->items[1] : Value(),
                       args->size > 2 ? args->items[2] : Value());
    }
    Result<Ref<>> r = throwPending(t, g, &finished);
    return finishStep(t, self, std::move(r), finished);
  }
  Result<Ref<>> r = generatorSend(t, g, arg, &finished);
  return finishStep(t, self, std::move(r), finished);
}
Result<Ref<>> AsyncThrow___next__(Thread& t, AsyncGenStep& self) {
  return AsyncThrow_send(t, self, none());
}
Result<Ref<>> AsyncThrow_throw(Thread& t, AsyncGenStep& self, Value type, Value value,
                               Value traceback) {
  if (self.state == StepState::Closed) return reused(t, false);
  if (self.state == StepState::Init) TRY(claim(t, self, self.value ? "athrow()" : "aclose()"));
  Ref<> held = Ref<>::retain(&self);
  (void)raiseThrown(t, type, value, traceback);
  bool finished = false;
  Result<Ref<>> r = throwPending(t, self.gen, &finished);
  return finishStep(t, self, std::move(r), finished);
}
Result<void> AsyncThrow_close(Thread& t, AsyncGenStep& self) {
  if (self.state == StepState::Closed) return {};
  return closeStep(t, AsyncThrow_throw(t, self, Value(kGeneratorExit), Value(), Value()));
}

// ---- anext(iterator, default) ----

Ref<> makeAnextAwaitable(Value awaitable, Value defaultValue) {
  Ref<AnextAwaitable> a = make<AnextAwaitable>(&_PyAnextAwaitable_Type);
  a->wrapped = retain(awaitable).release();
  a->fallback = retain(defaultValue).release();
  gcTrack(a);
  return Ref<>(std::move(a));
}
Result<Ref<>> awaitableIter(Thread& t, Value v, int context);  // ops/iteration.cpp
static Result<Ref<>> awaitIterator(Thread& t, AnextAwaitable& self) {
  Ref<> it = TRY(awaitableIter(t, self.wrapped, 0));
  if (typeOf(it) == &PyCoro_Type) return coroutine___await__(t, *it.as<Generator>());
  return it;
}
// StopAsyncIteration of the wrapped awaitable means the default.
static Result<Ref<>> orDefault(Thread& t, AnextAwaitable& self, Result<Ref<>> r) {
  if (r) return r;
  if (!t.hasException()) return Error{};
  if (t.takeIf(kStopAsyncIteration)) return raiseStopIteration(t, self.fallback);
  return Error{};
}
Result<Ref<>> AnextAwaitable___await__(Thread&, AnextAwaitable& self) {
  return Ref<>::retain(&self);
}
Result<Ref<>> AnextAwaitable___iter__(Thread&, AnextAwaitable& self) {
  return Ref<>::retain(&self);
}
Result<Ref<>> AnextAwaitable___next__(Thread& t, AnextAwaitable& self) {
  Ref<> it = TRY(awaitIterator(t, self));
  return orDefault(t, self, nextKeepingStop(t, it));
}
Result<Ref<>> AnextAwaitable_send(Thread& t, AnextAwaitable& self, Value v) {
  Ref<> it = TRY(awaitIterator(t, self));
  return orDefault(t, self, callMethodWith(t, it, DX_NAME("send"), v));
}
Result<Ref<>> AnextAwaitable_throw(Thread& t, AnextAwaitable& self, Value type, Value value,
                                   Value traceback) {
  Ref<> it = TRY(awaitIterator(t, self));
  Ref<Tuple> args = traceback ? tupleOf(type, value, traceback)
                    : value   ? tupleOf(type, value)
                              : tupleOf(type);
  return orDefault(t, self, callMethod(t, it, DX_NAME("throw"), valuesOf(args.get())));
}
Result<Ref<>> AnextAwaitable_close(Thread& t, AnextAwaitable& self) {
  Ref<> it = TRY(awaitIterator(t, self));
  return orDefault(t, self, callMethod(t, it, DX_NAME("close"), {}));
}

}  // namespace dx
