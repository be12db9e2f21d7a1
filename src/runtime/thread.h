// Thread: the state of one Python thread. It begins with CPython's 832-byte PyThreadState, whose
// fields compiled extensions read and write directly: current_exception and the exc_info chain
// there *are* the VM's state.
//
// Taking `Thread&` as first parameter means: may run Python, may raise.
#pragma once
#include "memory/args.h"
#include "memory/result.h"

namespace dx {

struct Interpreter;
namespace bytecode {
struct Insn;
}

// One argument of an error text.
struct FormatArg {
  enum Kind : u8 { kInt, kUnsigned, kText, kStr, kValue, kType } kind;
  union {
    i64 i;
    u64 u;
    Value v;
    Type* type;
    struct {
      const char* data;
      size_t size;
    } text;
  };
  FormatArg(int x) : kind(kInt), i(x) {}
  FormatArg(i64 x) : kind(kInt), i(x) {}
  FormatArg(long long x) : kind(kInt), i(x) {}
  FormatArg(u32 x) : kind(kUnsigned), u(x) {}
  FormatArg(u64 x) : kind(kUnsigned), u(x) {}
  FormatArg(const char* s) : kind(kText), text{s, strlen(s)} {}
  FormatArg(std::string_view s) : kind(kText), text{s.data(), s.size()} {}
  FormatArg(const std::string& s) : kind(kText), text{s.data(), s.size()} {}
  FormatArg(Value x) : kind(kValue), v(x) {}
  FormatArg(Object* x) : kind(kValue), v(x) {}
  FormatArg(Type* x) : kind(kType), type(x) {}  // its name, as %T/tp_name in CPython's texts
  template <class T>
  FormatArg(const Ref<T>& x) : kind(kValue), v(x) {}
};

enum Pending : u32 {  // bits of Thread::pending
  kPendingSignal = 1,
  kPendingCollect = 2,
  kPendingGil = 4,
  kPendingCall = 8,
  kPendingAsyncExc = 16,
  kPendingMonitor = 32,  // stays set while anything is watched: code is prepared as it is entered
};

struct Thread {
  // --- CPython's PyThreadState (832 bytes) ---
  u8 threadStateHead[112];
  BaseException* currentException;  // @112: the pending exception, owned
  ExcStackItem* excInfo;            // @120: the handled exceptions, innermost first
  u8 threadStateMiddle[256 - 128];
  ExcStackItem excState;  // @256: bottom of the excInfo chain
  u8 threadStateTail[832 - 272];

  // --- dxpy's own ---
  Value* fp;                 // register 0 of the running frame; saved before anything that
  const bytecode::Insn* pc;  // may run Python or raise. pc: the running instruction
  Value* stackBase;
  Value* stackEnd;     // frames must end below
  i32 recursionDepth;  // Python frames
  i32 recursionLimit;
  u64 nativeStackLimit;  // lowest usable C stack address
  volatile u32 pending;  // non-zero: call handlePending() at the next safepoint
  Interpreter* interp;
  Value returnValue;   // what the interpreter loop hands to C++ (owned; empty: error)
  Object* dying;       // what opDestroy destroys
  bool yielded;        // returnValue was yielded, not returned
  bool keepTraceback;  // the pending exception is re-raised: no new traceback entry
  u64 id;              // thread identifier (threading.get_ident)
  u64 osThread;        // its pthread_t
  Value context;       // current contextvars Context or empty (owned)
  Value asyncGenFirstIter, asyncGenFinalizer;  // hooks, owned, or empty
  Value traceFunction, profileFunction;        // sys.settrace / setprofile, owned, or empty
  i32 tracing;                                 // > 0 while a trace function runs
  i32 coroutineOriginDepth;
  Dict* threadDict;
  Value asyncException;  // to be raised at the next safepoint, owned
  // While an event is reported (runtime/monitoring.h): its number + 1, its frame, and where the
  // frame is to go on if f_lineno was set.
  i32 reportedEvent;
  Value* reportedFrame;
  const bytecode::Insn* jumpTarget;
  struct PathNotes* notes;  // instructions that frames came from, where that matters

  // Raises `type` with a formatted text: "{}" inserts str() of an argument (types: their name),
  // "{!r}" its repr, "{!q}" a type's name with its
  // module as CPython's %T shows it; "{{" and "}}" are braces.
  template <class... A>
  DX_COLD Error raise(Type* type, const char* format, const A&... args) {
    FormatArg list[sizeof...(A) + 1] = {FormatArg(args)..., FormatArg(0)};
    return raiseFormatted(type, format, {list, sizeof...(A)});
  }
  Error raiseFormatted(Type* type, const char* format, std::span<const FormatArg> args);
  DX_COLD Error raiseValue(Type* type, Value argument);  // type(argument)
  DX_COLD Error raiseNone(Type* type);                   // type()
  DX_COLD Error raiseException(Ref<> exception);         // an instance; sets __context__
  DX_COLD Error raiseMemory();                           // MemoryError

  bool hasException() const { return currentException != nullptr; }
  bool matches(Type* type) const;          // is the pending exception of that type
  bool takeIf(Type* type);                 // if it matches: drop it and say true
  Ref<> takeException();                   // the pending exception becomes the caller's
  void restoreException(Ref<> exception);  // back to pending, no context is set
  void clearException();
};
static_assert(offsetof(Thread, currentException) == 112 && offsetof(Thread, excInfo) == 120 &&
              offsetof(Thread, excState) == 256 && offsetof(Thread, fp) == 832);

// All threads, without taking a lock: for reports of crashes, oldest first.
std::span<Thread* const> threadsAsTheyAre();
// In the child of a fork: no thread but t exists.
void forgetOtherThreads(Thread* t);

// The running thread. Natives get it as a parameter; deallocation and C entry points ask here.
extern thread_local Thread* currentThread;
// A thread state with its value stack for the calling OS thread; the C stack's bounds are taken
// from the system.
Thread* newThread(Interpreter* interp);
void destroyThread(Thread* t);
// For snapshots: the first thread's value stack has an address of its own there. `t` out of a
// snapshot becomes the calling OS thread's, which holds the interpreter lock.
constexpr u64 kSnapshotStack = u64(3) << 36;
bool mapSnapshotStack();
void adoptThread(Thread* t);
inline Thread& thisThread() { return *currentThread; }

// Guards native recursion: RecursionError when the C stack is used up (Python frames are counted
// against the recursion limit by the interpreter). `where` completes the text, e.g.
// " while calling a Python object".
class RecursionGuard {
 public:
  explicit RecursionGuard(Thread& t) : t_(t) {}
  RecursionGuard(const RecursionGuard&) = delete;
  Result<void> check(const char* where = "") {
    if (reinterpret_cast<u64>(__builtin_frame_address(0)) < t_.nativeStackLimit) [[unlikely]]
      return overflow(where);
    return {};
  }

 private:
  DX_COLD Result<void> overflow(const char* where);
  Thread& t_;
};

// Saves a pending exception across code that must not see it (finalizers, cleanup).
class ExceptionSaver {
 public:
  explicit ExceptionSaver(Thread& t) : t_(t), saved_(t.takeException()) {}
  ~ExceptionSaver() {
    if (saved_) t_.restoreException(std::move(saved_));
  }

 private:
  Thread& t_;
  Ref<> saved_;
};

}  // namespace dx
