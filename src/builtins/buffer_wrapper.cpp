#include "builtins/buffer_wrapper.gen.h"
#include "runtime/slot_dispatch.h"

namespace dx {

Result<void> bufferWrapper_getBuffer(Thread& t, BufferWrapper&, BufferView*, int) {
  return t.raise(kBufferError, "buffer was released");
}

// The user is done with a buffer that Python code made: tell the memoryview, and the object unless
// the view is of the object itself, which hears of it when the memoryview goes.
void bufferWrapper_releaseBuffer(Thread& t, BufferWrapper& w, BufferView* buffer) {
  if (!w.view || !w.object) return;
  ExceptionSaver saved(t);
  Ref<> memory = retain(w.view), object = retain(w.object);
  slotsOf(memory).releaseBuffer(t, memory, buffer);
  if (Value(memory.as<MemoryView>()->view.obj) != object.get() &&
      slotsOf(object).releaseBuffer == dispatchReleaseBuffer)
    callReleaseBuffer(t, object, memory);
}

}  // namespace dx
