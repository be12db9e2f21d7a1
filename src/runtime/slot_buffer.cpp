// Buffers of classes that define __buffer__ or __release_buffer__, and those methods of native
// types.
#include "runtime/buffer_wrapper.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {

static Ref<BufferWrapper> newWrapper(Value object) {
  Ref<BufferWrapper> w = make<BufferWrapper>(&_PyBufferWrapper_Type);
  w->object = retain(object).release();
  gcTrack(w);
  return w;
}

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
  Ref<BufferWrapper> w = newWrapper(self);
  w->view = memory.release();
  Object* inner = view->obj;
  view->obj = w.release();
  if (inner) decrefObject(inner);
  return ok();
}

void dispatchReleaseBuffer(Thread& t, Value self, BufferView* view) {
  ExceptionSaver saved(t);
  Ref<BufferWrapper> w = newWrapper(self);
  w->fixed = view;
  Result<Ref<>> memory = callWith(t, &PyMemoryView_Type, w);
  if (memory) {
    Value args[] = {memory.peek()};
    bool missing;
    Result<Ref<>> r = callSpecial(t, self, DX_NAME("__release_buffer__"), args, &missing);
    if (!r && !missing) writeUnraisable(t, "Exception ignored in __release_buffer__ of", self);
    Result<Ref<>> released = callMethod(t, memory.peek(), DX_NAME("release"), {});
    if (!released) t.clearException();
  } else {
    t.clearException();
  }
  w->fixed = nullptr;
}

Result<Ref<>> memoryViewOf(Thread& t, Value self, int flags, BuffGetFn native) {
  Ref<BufferWrapper> w = newWrapper(self);
  w->native = native;
  w->flags = flags;
  return callWith(t, &PyMemoryView_Type, w);
}

Result<void> releaseMemoryView(Thread& t, Value self, Value view) {
  if (!isInstanceOf(view, &PyMemoryView_Type))
    return t.raise(kTypeError, "expected a memoryview object");
  auto* m = view.as<MemoryView>();
  if (!m->view.obj) return ok();  // released already
  if (Value(m->view.obj) != self)
    return t.raise(kValueError, "memoryview's buffer is not this object");
  (void)TRY(callMethod(t, view, DX_NAME("release"), {}));
  return ok();
}

}  // namespace dx
