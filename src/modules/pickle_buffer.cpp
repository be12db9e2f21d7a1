// PickleBuffer: a buffer that pickling may leave out of the stream (PEP 574).
#include "modules/_pickle.gen.h"

namespace dx {

Result<void> requirePickleBuffer(Thread& t, const PickleBufferObject& b) {
  if (!b.buffer.view().obj)
    return t.raise(kValueError, "operation forbidden on released PickleBuffer object");
  return {};
}

bool isContiguous(const BufferView& v, bool fortran) {
  if (v.suboffsets) return false;
  if (!v.strides || v.len == 0) return !fortran || v.ndim <= 1 || v.len == 0;
  i64 step = v.itemsize;
  for (int k = 0; k < v.ndim; k++) {
    int i = fortran ? k : v.ndim - 1 - k;
    if (v.shape[i] > 1 && v.strides[i] != step) return false;
    step *= v.shape[i];
  }
  return true;
}

Result<Ref<>> pickleBuffer___new__(Thread& t, Type& cls, const Args& args) {
  if (args.count > 1 || (args.count == 1 && args.keywordCount()))
    return t.raise(kTypeError, "PickleBuffer() takes at most 1 argument ({} given)", args.total());
  if (args.count == 0)
    return t.raise(kTypeError, "PickleBuffer() takes exactly 1 positional argument (0 given)");
  auto b = Ref<PickleBufferObject>::steal(static_cast<PickleBufferObject*>(newInstance(&cls)));
  if (!gcIsTracked(b)) gcTrack(b.get());
  TRY(Buffer::get(t, args[0], &b->buffer, kBufferFullRO));
  return b;
}
void pickleBuffer_dealloc(Object* o) {
  gcUntrack(o);
  auto* b = static_cast<PickleBufferObject*>(o);
  b->buffer.close();
  freeObject(o);
}
void pickleBuffer_traverse(Object* o, Visitor& v) {
  v(static_cast<PickleBufferObject*>(o)->buffer.view().obj);
}
void pickleBuffer_clear(Object* o) { static_cast<PickleBufferObject*>(o)->buffer.close(); }

// Views are the underlying object's own: it is asked again, and it is told when they end.
Result<void> pickleBuffer_getBuffer(Thread& t, PickleBufferObject& self, BufferView* view,
                                    int flags) {
  TRY(requirePickleBuffer(t, self));
  Value owner = self.buffer.view().obj;
  return slotsOf(owner).getBuffer(t, owner, view, flags);
}
void pickleBuffer_releaseBuffer(Thread&, PickleBufferObject&, BufferView*) {}

Result<Ref<>> pickleBuffer_raw(Thread& t, PickleBufferObject& self) {
  TRY(requirePickleBuffer(t, self));
  const BufferView& v = self.buffer.view();
  bool c = isContiguous(v, false);
  if (!c && !isContiguous(v, true))
    return t.raise(kBufferError, "cannot extract raw buffer from non-contiguous buffer");
  Ref<> view = TRY(callWith(t, &PyMemoryView_Type, Value(&self)));
  if (c) return callMethodWith(t, view, DX_NAME("cast"), makeAscii("B"));
  // Fortran order: cast() would refuse, but the memory in its own order is wanted.
  BufferView& raw = view.as<MemoryView>()->view;
  static char kUnsignedByte[] = "B";
  raw.format = kUnsignedByte;
  raw.itemsize = 1;
  raw.ndim = 1;
  raw.shape[0] = raw.len;
  raw.strides[0] = 1;
  raw.suboffsets = nullptr;
  return view;
}
Result<void> pickleBuffer_release(Thread&, PickleBufferObject& self) {
  self.buffer.close();
  return {};
}

}  // namespace dx
