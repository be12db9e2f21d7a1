// Making bytes objects.
#include "memory/heap.h"
#include "runtime/str.h"
#include "simd/copy.h"

namespace dx {

i64 hashBytes(std::string_view bytes) { return hashBuffer(hashKey(), bytes.data(), bytes.size()); }

Ref<Bytes> newBytes(i64 size) {
  if (size < 0) return {};
  size_t bytes = offsetof(Bytes, data) + size_t(size) + 1;
  Bytes* b;
  if (bytes <= 4096) {
    b = static_cast<Bytes*>(newObjectUninitialized(&PyBytes_Type, bytes));
  } else {
    void* block = allocateOrNull(bytes);
    if (!block) return {};
    b = static_cast<Bytes*>(block);
    *static_cast<Object*>(b) = {1, 0, 0, &PyBytes_Type};
    gLiveObjects++;
  }
  b->data[size] = 0;
  b->size = size;
  b->hash = -1;
  return Ref<Bytes>::steal(b);
}

Ref<Bytes> makeBytes(std::string_view bytes) {
  if (bytes.empty()) {
    static Bytes* empty = [] {
      Bytes* b = newBytes(0).release();
      b->refcount = kImmortalCount;
      return b;
    }();
    return Ref<Bytes>::steal(empty);
  }
  Ref<Bytes> b = newBytes(i64(bytes.size()));
  DX_CHECK(b);
  simd::copy(b->data, bytes.data(), bytes.size());
  return b;
}

}  // namespace dx
