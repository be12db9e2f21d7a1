// Generators, coroutines and async generators: layouts of their helpers, and what they share.
#pragma once
#include "runtime/frame.h"

namespace dx {

struct CoroWrapper : Object {
  Generator* coroutine;
};
enum class StepState : u8 { Init, Iterating, Closed };
// asend() / __anext__(): value to send. athrow(): tuple of arguments; aclose(): value is empty.
struct AsyncGenStep : Object {
  Generator* gen;
  Value value;
  StepState state;
};
struct WrappedValue : Object {
  Value value;
};
struct AnextAwaitable : Object {
  Value wrapped, fallback;
};

// "Exception ignored while WHAT <object>" of the pending exception, as unraisable.
void reportFinalizing(Thread& t, const char* what, Value object);
// Makes throw(type[, value[, traceback]])'s exception pending.
Error raiseThrown(Thread& t, Value type, Value value, Value traceback);
// The same, without the warning about more than one argument.
Error raiseGiven(Thread& t, Value type, Value value, Value traceback);
// Throws the pending exception into g, by way of what it delegates to. As generatorSend's result.
Result<Ref<>> throwPending(Thread& t, Generator* g, bool* finished);
Result<Ref<>> closeGenerator(Thread& t, Generator* g);
// The value, or StopIteration for a finished generator.
Result<Ref<>> yieldedOrStop(Thread& t, Result<Ref<>> r, bool finished);
Result<Ref<>> throwInto(Thread& t, Generator* g, Value type, Value value, Value traceback);
void deallocGenerator(Object* o);
Result<Ref<>> generatorFrameObject(Thread& t, Generator& g);
Result<void> setGeneratorName(Thread& t, Value& field, Value v, const char* what);
bool generatorIsSuspended(Generator& g);
Ref<> makeAnextAwaitable(Value awaitable, Value defaultValue);

}  // namespace dx
