// What bytes and bytearray have in common: both are a run of bytes; methods return the receiver's
// kind (never a subclass). The bodies named byteString_... serve both types: the mixin ByteString
// of the stub declares them.
#pragma once
#include "runtime/api.h"

namespace dx {

inline bool isByteArray(Value v) { return isInstanceOf(v, &PyByteArray_Type); }
// The bytes of a bytes or bytearray instance; of a bytearray only until Python runs.
inline std::string_view bytesOf(Value v) {
  if (isBytes(v)) return v.as<Bytes>()->view();
  return {v.as<ByteArray>()->start, size_t(v.as<ByteArray>()->size)};
}

// A new uninitialized bytes or bytearray; empty (no exception) when the size is absurd.
Ref<> newByteString(bool asByteArray, i64 size, char** data);
// A copy of `content` of the receiver's kind.
Result<Ref<>> byteStringLike(Thread& t, Value receiver, std::string_view content);

// bytes(v) as int.from_bytes, memoryview and others want it: __bytes__, buffers, iterables of ints.
Result<Ref<Bytes>> bytesFromObject(Thread& t, Value v);
// One byte from an int; ValueError with `message` outside range(256).
Result<u8> byteValue(Thread& t, Value v, const char* message);

// The argument of find(), count(), `in`: a byte or bytes-like.
class ByteNeedle {
 public:
  Result<void> set(Thread& t, Value v, const char* typeMessage);
  std::string_view view() const {
    if (bytes_) return bytes_->view();
    return single_ ? std::string_view(&byte_, 1) : buffer_.bytes();
  }

 private:
  const Bytes* bytes_ = nullptr;  // lives as long as the argument
  Buffer buffer_;
  char byte_ = 0;
  bool single_ = false;
};

// Positions of `needle` in text[start:end), -1 when absent. Worst case linear for one byte.
i64 findBytes(std::string_view text, std::string_view needle, i64 start, i64 end);
i64 rfindBytes(std::string_view text, std::string_view needle, i64 start, i64 end);

// hex() of bytes, bytearray and memoryview.
Result<Ref<>> bytesToHex(Thread& t, std::string_view bytes, Value sepOrEmpty, i32 bytesPerSep);
// The repr of bytes, b'...'.
void bytesRepr(std::string_view bytes, std::string* out);
// format % args (byte_format.cpp).
Result<Ref<>> formatBytes(Thread& t, Value receiver, Value args);

// ---- bytearray storage (bytearray.cpp) ----
// Changes the size; new bytes are uninitialized. BufferError while the bytes are exported.
Result<void> resizeByteArray(Thread& t, ByteArray& a, i64 size);

}  // namespace dx
