#include "builtins/buffer_wrapper.gen.h"
#include "runtime/slot_dispatch.h"

namespace dx {

Result<void> bufferWrapper_getBuffer(Thread& t, BufferWrapper& w, BufferView* view, int) {
  if (w.native) return w.native(t, w.object, view, w.flags);
  if (w.fixed) {
    *view = *w.fixed;
    view->obj = retainObject(static_cast<Object*>(&w)).release();
    return ok();
  }
  return t.raise(kBufferError, "buffer was released");
}

// The user is done with a buffer that Python code made: tell the object.
void bufferWrapper_releaseBuffer(Thread& t, BufferWrapper& w, BufferView*) {
  if (!w.view || !w.object) return;
  Ref<> view = Ref<>::steal(w.view), object = Ref<>::steal(w.object);
  w.view = w.object = Value();
  ExceptionSaver saved(t);
  bool missing;
  Value args[] = {view};
  if (slotsOf(object).releaseBuffer == dispatchReleaseBuffer) {
    Result<Ref<>> r = callSpecial(t, object, DX_NAME("__release_buffer__"), args, &missing);
    if (!r && !missing) writeUnraisable(t, "Exception ignored in __release_buffer__ of", object);
  }
  Result<Ref<>> released = callMethod(t, view, DX_NAME("release"), {});
  if (!released) t.clearException();
}

}  // namespace dx
