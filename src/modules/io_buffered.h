// Private to io_buffered*.cpp: the state of a buffered stream and its moves.
//
// The buffer is a window on the raw stream. `position` is where the user is in it; the raw stream
// stands at `rawPosition`. [0, readEnd) was read and not changed since; [writePos, writeEnd) waits
// to be written.
#pragma once
#include <condition_variable>
#include <mutex>

#include "modules/io_objects.h"

namespace dx {

struct BufferLock {
  std::mutex mutex;
  std::condition_variable freed;
  int waiters = 0;
  int process = 0;  // a lock held by another thread at fork() is free in the child
};

inline bool validRead(const Buffered& b) { return b.readable && b.readEnd != -1; }
inline bool validWrite(const Buffered& b) { return b.writable && b.writeEnd != -1; }
// Bytes that can be read without asking the raw stream.
inline i64 readAhead(const Buffered& b) { return validRead(b) ? b.readEnd - b.position : 0; }
// How far the raw stream is ahead of the user.
inline i64 rawOffset(const Buffered& b) {
  return (validRead(b) || validWrite(b)) && b.rawPosition >= 0 ? b.rawPosition - b.position : 0;
}
inline void moveTo(Buffered& b, i64 position) {
  b.position = position;
  if (validRead(b) && b.readEnd < position) b.readEnd = position;
}
inline void dropRead(Buffered& b) { b.readEnd = -1; }
inline void dropWrite(Buffered& b) {
  b.writePos = 0;
  b.writeEnd = -1;
}

// Holds the stream for a thread; RuntimeError when the thread is inside already (a signal handler
// or a raw stream that calls back).
class Inside {
 public:
  Inside(Thread& t, Buffered& b) : t_(t), b_(b) {}
  ~Inside() { leave(); }
  Inside(const Inside&) = delete;
  // Whoever waited may find the stream closed, which close() itself does not mind.
  Result<void> enter(bool closing = false) {
    if (!b_.busy) [[likely]] {
      b_.busy = true;
      b_.owner = t_.id;
      held_ = true;
      increfObject(&b_);
      return {};
    }
    return wait(closing);
  }
  void leave();

 private:
  DX_COLD Result<void> wait(bool closing);
  Thread& t_;
  Buffered& b_;
  bool held_ = false;
};

Result<void> requireInit(Thread& t, const Buffered& b);
// The raw stream, which nobody detached meanwhile.
Result<Ref<>> rawOf(Thread& t, const Buffered& b);
// Closed, or without a buffer.
Result<bool> bufferedIsClosed(Thread& t, Buffered& b);
// ValueError `message`, unless something is left to be read.
Result<void> requireBufferOpen(Thread& t, Buffered& b, const char* message);
Result<void> initBuffered(Thread& t, Buffered& b, Type* exact, Value raw, i64 size, bool readable,
                          bool writable);
Result<i64> rawTell(Thread& t, Buffered& b);
Result<i64> rawSeek(Thread& t, Buffered& b, i64 offset, int whence);
// Bytes moved; -2: would block; -1: an exception is pending.
i64 rawRead(Thread& t, Buffered& b, char* to, i64 n);
i64 rawWrite(Thread& t, Buffered& b, const char* from, i64 n);
i64 fillBufferOf(Thread& t, Buffered& b);
// All of these want the lock held.
Result<void> flushWrites(Thread& t, Buffered& b);
Result<void> flushAndRewind(Thread& t, Buffered& b);
Error wouldBlock(Thread& t, const char* message, i64 written);

}  // namespace dx
