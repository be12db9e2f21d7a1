// Buffers of classes that define __buffer__ or __release_buffer__, and those methods of native
// types.
#include "runtime/buffer_wrapper.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {

Result<void> dispatchGetBuffer(Thread& t, Value self, BufferView* view, int flags) {
  Value args[] = {Value::smallInt(flags)};
  bool missing;
  Result<Ref<>> called = callSpecial(t, self, DX_NAME("__buffer__"), args, &missing);
  if (missing)
    return t.raise(kTypeError, "a bytes-like object is required, not '{}'", typeOf(self));
  Ref<> memory = TRY(std::move(called));
  if (!isInstanceOf(memory, &PyMemoryView_Type))
    return t.raise(kTypeError, "__buffer__ returned non-memoryview object");
  TRY(slotsOf(memory).getBuffer(t, memory, view, flags));
  // The buffer's user holds the wrapper, so that releasing it reaches `self`; the wrapper holds the
  // memoryview in turn.
  Ref<BufferWrapper> w = make<BufferWrapper>(&_PyBufferWrapper_Type);
  w->object = retain(self).release();
  w->view = memory.release();
  gcTrack(w);
  Object* inner = view->obj;
  view->obj = w.release();
  if (inner) decrefObject(inner);
  return ok();
}

void callReleaseBuffer(Thread& t, Value object, Value memory) {
  Value args[] = {memory};
  bool missing;
  Result<Ref<>> r = callSpecial(t, object, DX_NAME("__release_buffer__"), args, &missing);
  if (!r && !missing) writeUnraisable(t, "Exception ignored in __release_buffer__ of", object);
}

// The native release function behind the class's own, if a base has one.
static void (*nativeRelease(Type* type))(Thread&, Value, BufferView*) {
  for (Value base : valuesOf(type->mro)) {
    auto release = base.as<Type>()->data->slots.releaseBuffer;
    if (base != Value(type) && release && release != dispatchReleaseBuffer) return release;
  }
  return nullptr;
}

void dispatchReleaseBuffer(Thread& t, Value self, BufferView* view) {
  ExceptionSaver saved(t);
  Ref<> memory = restrictedViewOf(*view);
  callReleaseBuffer(t, self, memory);
  Result<Ref<>> released = callMethod(t, memory, DX_NAME("release"), {});
  if (!released) writeUnraisable(t, "Exception ignored in bf_releasebuffer of", self);
  if (auto release = nativeRelease(typeOf(self))) release(t, self, view);
}

}  // namespace dx
