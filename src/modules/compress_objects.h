// What the compression modules share: output that grows, locking, and the frame of the streaming
// decompressors of bz2, lzma, zlib and zstd.
#pragma once
#include <mutex>

#include "runtime/api.h"

namespace dx {

// Serializes the methods of one object; waiting happens without the interpreter lock. Code under
// it runs no Python.
class ObjectLock {
 public:
  ObjectLock(Thread& t, std::mutex& m) : m_(m) {
    if (m.try_lock()) return;
    AllowThreads allow(t);
    m.lock();
  }
  ~ObjectLock() { m_.unlock(); }
  ObjectLock(const ObjectLock&) = delete;

 private:
  std::mutex& m_;
};

// Bytes that a library writes. Usable without the interpreter lock.
class ByteSink {
 public:
  explicit ByteSink(i64 limit = -1, size_t first = 16384)
      : limit_(limit < 0 ? SIZE_MAX : size_t(limit)), first_(first) {}
  ~ByteSink() { free(data_); }
  ByteSink(const ByteSink&) = delete;

  // Where to write next, and how much at most; false when memory is exhausted. No room (*n == 0)
  // only when the limit is reached.
  bool room(u8** at, size_t* n) {
    if (size_ == capacity_ && size_ < limit_) {
      size_t wanted = std::min(std::max(first_, capacity_ * 2), limit_);
      void* grown = realloc(data_, wanted);
      if (!grown) return false;
      data_ = static_cast<u8*>(grown);
      capacity_ = wanted;
    }
    static u8 nowhere;  // libraries want an address even for no bytes
    *at = data_ ? data_ + size_ : &nowhere;
    *n = capacity_ - size_;
    return true;
  }
  void wrote(size_t n) { size_ += n; }
  bool full() const { return size_ >= limit_; }
  size_t size() const { return size_; }
  Result<Ref<>> bytes(Thread& t) const {
    Ref<Bytes> b = newBytes(i64(size_));
    if (!b) return t.raiseMemory();
    if (size_) memcpy(b->data, data_, size_);
    return b;
  }

 private:
  u8* data_ = nullptr;
  size_t size_ = 0, capacity_ = 0, limit_, first_;
};

enum class StreamStep : u8 { Ok, End, Failed, NoMemory };

// The state of a streaming decompressor beside its library's. `unusedData` is owned by the object.
struct StreamState {
  std::mutex lock;
  std::string pending;  // input that waits for room in the output
};

// One decompress(data, max_length): `step(in, size, out, room)` advances in and out and lowers
// size and room; it runs without the interpreter lock. Failed: *failed is set and the caller
// raises.
template <class Step>
Result<Ref<>> decompressStep(Thread& t, StreamState& s, std::string_view data, i64 maxLength,
                             bool* eof, bool* needsInput, Value* unusedData, bool* failed,
                             Step&& step) {
  std::string joined;
  if (!s.pending.empty()) {
    joined = std::move(s.pending);
    joined += data;
    data = joined;
    s.pending.clear();
  }
  auto* in = reinterpret_cast<const u8*>(data.data());
  size_t size = data.size();
  ByteSink sink(maxLength);
  StreamStep status = StreamStep::Ok;
  bool outputFull = false;
  {
    AllowThreads allow(t);
    for (;;) {
      u8* out;
      size_t room;
      if (!sink.room(&out, &room)) {
        status = StreamStep::NoMemory;
        break;
      }
      size_t before = room;
      status = step(&in, &size, &out, &room);
      sink.wrote(before - room);
      outputFull = room == 0;
      if (status != StreamStep::Ok) break;
      // With the buffer full, the library may hold more output even without input.
      if (outputFull ? sink.full() : size == 0) break;
    }
  }
  if (status == StreamStep::NoMemory) return t.raiseMemory();
  if (status == StreamStep::Failed) {
    *failed = true;
    *needsInput = false;
    return Error{};
  }
  std::string_view rest{reinterpret_cast<const char*>(in), size};
  if (status == StreamStep::End) {
    *eof = true;
    *needsInput = false;
    if (size) setField(*unusedData, makeBytes(rest));
  } else if (size == 0) {
    *needsInput = !outputFull || maxLength < 0;
  } else {
    *needsInput = false;
    s.pending = rest;
  }
  return sink.bytes(t);
}

}  // namespace dx
