// Buffers: bytes-like objects as memory (PEP 3118, PEP 688).
#include "runtime/api.h"

namespace dx {

bool hasBuffer(Value v) {
  return v.isObject() && v.object()->type->data->slots.getBuffer != nullptr;
}

Result<void> Buffer::get(Thread& t, Value v, Buffer* out, int flags) {
  out->close();
  BuffGetFn get = v.isObject() ? v.object()->type->data->slots.getBuffer : nullptr;
  if (!get) return t.raise(kTypeError, "a bytes-like object is required, not '{}'", typeOf(v));
  memset(&out->view_, 0, sizeof out->view_);
  Result<void> r = get(t, v, &out->view_, flags);
  if (!r) out->view_.obj = nullptr;
  return r;
}

void Buffer::take(Buffer& o) {
  view_ = o.view_;
  // Simple views describe themselves with their own fields.
  if (view_.shape == &o.view_.len) view_.shape = &view_.len;
  if (view_.strides == &o.view_.itemsize) view_.strides = &view_.itemsize;
  o.view_.obj = nullptr;
}

void Buffer::close() {
  Object* o = view_.obj;
  if (!o) return;
  view_.obj = nullptr;
  releaseView(thisThread(), o, &view_);
}

void releaseView(Thread& t, Object* owner, BufferView* view) {
  view->obj = nullptr;
  if (auto release = owner->type->data->slots.releaseBuffer) {
    view->obj = owner;
    release(t, owner, view);
    view->obj = nullptr;
  }
  decrefObject(owner);
}

Result<void> fillBuffer(Thread& t, BufferView* view, Object* owner, void* data, i64 size,
                        bool readOnly, int flags) {
  if ((flags & kBufferWritable) && readOnly)
    return t.raise(kBufferError, "Object is not writable.");
  increfObject(owner);
  view->obj = owner;
  view->buf = data;
  view->len = size;
  view->readonly = readOnly;
  view->itemsize = 1;
  view->ndim = 1;
  static char kUnsignedByte[] = "B";
  view->format = flags & kBufferFormat ? kUnsignedByte : nullptr;
  view->shape = flags & kBufferND ? &view->len : nullptr;
  view->strides = (flags & kBufferStrides) == kBufferStrides ? &view->itemsize : nullptr;
  view->suboffsets = nullptr;
  view->internal = nullptr;
  return {};
}

}  // namespace dx
