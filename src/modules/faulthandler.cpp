// Module faulthandler: tracebacks when something goes badly wrong. What writes them allocates
// nothing, takes no lock, and trusts no more of the state than it has to.
#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "modules/arguments.h"
#include "modules/durations.h"
#include "modules/faulthandler.gen.h"
#include "runtime/code.h"
#include "runtime/frame.h"
#include "runtime/gil.h"

namespace dx {

namespace {

// ---- writing ----

void put(int fd, std::string_view s) {
  while (!s.empty()) {
    ssize_t n = ::write(fd, s.data(), s.size());
    if (n <= 0) return;
    s.remove_prefix(size_t(n));
  }
}
void putHex(int fd, u64 v, int width) {
  char buffer[16];
  int at = 16;
  do {
    buffer[--at] = "0123456789abcdef"[v & 15];
    v >>= 4;
  } while ((v || 16 - at < width) && at > 0);
  put(fd, {buffer + at, size_t(16 - at)});
}
void putDecimal(int fd, u64 v) {
  char buffer[20];
  int at = 20;
  do {
    buffer[--at] = char('0' + v % 10);
    v /= 10;
  } while (v);
  put(fd, {buffer + at, size_t(20 - at)});
}
void putText(int fd, const Str* s) {
  constexpr i64 kMost = 500;
  for (i64 i = 0; i < std::min(s->length, kMost); i++) {
    u32 c = s->kind() == 1   ? s->data()[i]
            : s->kind() == 2 ? reinterpret_cast<const u16*>(s->data())[i]
                             : reinterpret_cast<const u32*>(s->data())[i];
    char plain = char(c);
    if (c >= 32 && c < 127) {
      put(fd, {&plain, 1});
    } else {
      put(fd, c <= 0xFF ? "\\x" : c <= 0xFFFF ? "\\u" : "\\U");
      putHex(fd, c, c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8);
    }
  }
  if (s->length > kMost) put(fd, "...");
}

void putFrames(int fd, Thread& t) {
  const Value* callee = nullptr;
  int depth = 0;
  for (const Value* fp = t.fp; fp; callee = fp, fp = framePrevious(fp)) {
    if (depth++ == 100) {
      put(fd, "  ...\n");
      return;
    }
    const Code* code = frameCode(fp);
    if (!code) break;
    put(fd, "  File ");
    if (isStr(Value(code->filename))) {
      put(fd, "\"");
      putText(fd, Value(code->filename).as<Str>());
      put(fd, "\"");
    } else {
      put(fd, "???");
    }
    put(fd, ", line ");
    SourcePosition p = positionAt(code, framePc(t, fp, callee));
    if (p.line > 0)
      putDecimal(fd, u64(p.line));
    else
      put(fd, "???");
    put(fd, " in ");
    if (isStr(Value(code->name)))
      putText(fd, Value(code->name).as<Str>());
    else
      put(fd, "???");
    put(fd, "\n");
  }
  if (depth == 0) put(fd, "  <no Python frame>\n");
}

void putThread(int fd, Thread& t, bool current) {
  put(fd, current ? "Current thread 0x" : "Thread 0x");
  putHex(fd, t.id, 16);
  char name[32];
  if (pthread_getname_np(pthread_t(t.osThread), name, sizeof name) == 0 && *name) {
    put(fd, " [");
    put(fd, name);
    put(fd, "]");
  }
  put(fd, " (most recent call first):\n");
  putFrames(fd, t);
}

Thread* callingThread() {
  if (currentThread) return currentThread;
  for (Thread* t : threadsAsTheyAre())
    if (pthread_equal(pthread_t(t->osThread), pthread_self())) return t;
  return nullptr;
}

void putAllThreads(int fd, Thread* current) {
  std::span<Thread* const> threads = threadsAsTheyAre();
  int count = 0;
  for (size_t i = threads.size(); i-- > 0;) {
    if (count) put(fd, "\n");
    if (count++ == 100) {
      put(fd, "...\n");
      return;
    }
    putThread(fd, *threads[i], threads[i] == current);
  }
}

void putTraceback(int fd, bool allThreads, Thread* current) {
  if (allThreads) {
    putAllThreads(fd, current);
  } else {
    put(fd, "Stack (most recent call first):\n");
    if (current) putFrames(fd, *current);
  }
}

void putCStack(int fd) {
  constexpr int kMost = 32;
  void* calls[kMost + 1];
  put(fd, "Current thread's C stack trace (most recent call first):\n");
  int n = ::backtrace(calls, kMost + 1);
  for (int i = 0; i < std::min(n, kMost); i++) {
    Dl_info info;
    if (!::dladdr(calls[i], &info) || !info.dli_fname) {
      put(fd, "  Binary file \"<unknown>\" [0x");
    } else {
      put(fd, "  Binary file \"");
      put(fd, info.dli_fname);
      put(fd, "\"");
      u64 base = u64(info.dli_sname ? info.dli_saddr : info.dli_fbase), at = u64(calls[i]);
      put(fd, ", at ");
      if (info.dli_sname) put(fd, info.dli_sname);
      put(fd, at >= base ? "+0x" : "-0x");
      putHex(fd, at >= base ? at - base : base - at, 1);
      put(fd, " [0x");
    }
    putHex(fd, u64(calls[i]), 1);
    put(fd, "]\n");
  }
  if (n > kMost) put(fd, "  <truncated rest of calls>\n");
}

// ---- fatal signals ----

struct FatalSignal {
  int number;
  const char* text;
  bool installed;
  struct sigaction previous;
};
FatalSignal gFatal[] = {{SIGBUS, "Bus error", false, {}},
                        {SIGILL, "Illegal instruction", false, {}},
                        {SIGFPE, "Floating-point exception", false, {}},
                        {SIGABRT, "Aborted", false, {}},
                        {SIGSEGV, "Segmentation fault", false, {}}};
struct {
  bool enabled, allThreads, cStack;
  int fd;
  Value file;  // owned: keeps the descriptor open
} gState = {false, true, true, 2, Value()};

void restore(FatalSignal& s) {
  if (!s.installed) return;
  s.installed = false;
  ::sigaction(s.number, &s.previous, nullptr);
}

void onFatal(int number) {
  int saved = errno;
  FatalSignal* s = gFatal;
  while (s->number != number) s++;
  // What goes wrong from here on ends the process the usual way.
  restore(*s);
  put(gState.fd, "Fatal Python error: ");
  put(gState.fd, s->text);
  put(gState.fd, "\n\n");
  putTraceback(gState.fd, gState.allThreads, callingThread());
  if (gState.cStack) {
    put(gState.fd, "\n");
    putCStack(gState.fd);
  }
  errno = saved;
  ::raise(number);
}

void useSignalStack() {
  static stack_t stack{};
  if (stack.ss_size) return;
  stack.ss_size = size_t(::sysconf(_SC_SIGSTKSZ)) + 64 * 1024;
  stack.ss_sp = malloc(stack.ss_size);
  if (stack.ss_sp) ::sigaltstack(&stack, nullptr);
}

// The descriptor of a file argument; *keep: what has to live as long as it is used.
Result<int> fileArgument(Thread& t, Value file, Ref<>* keep) {
  Ref<> f = retain(file);
  if (!file || isNone(file)) {
    Value standard = sysGet("stderr");
    if (!standard) return t.raise(kRuntimeError, "unable to get sys.stderr");
    if (isNone(standard)) return t.raise(kRuntimeError, "sys.stderr is None");
    f = retain(standard);
  } else if (isInt(file)) {
    if (isBool(file)) TRY(warn(t, kRuntimeWarning, "bool is used as a file descriptor"));
    i32 fd = TRY(argI32(t, file));
    if (fd < 0) return t.raise(kValueError, "file is not a valid file descriptor");
    return int(fd);
  }
  Ref<> number = TRY(callMethod(t, f, DX_NAME("fileno"), {}));
  i64 fd;
  if (!isInt(number) || !intToI64(number, &fd) || fd < 0 || fd > INT32_MAX)
    return t.raise(kRuntimeError, "file.fileno() is not a valid file descriptor");
  if (!callMethod(t, f, DX_NAME("flush"), {})) t.clearException();
  *keep = std::move(f);
  return int(fd);
}

}  // namespace

Result<void> faulthandler_enable(Thread& t, Value file, bool allThreads, bool cStack) {
  Ref<> keep;
  int fd = TRY(fileArgument(t, file, &keep));
  void* warmUp[1];
  ::backtrace(warmUp, 1);  // loads what it needs, which a handler could not
  useSignalStack();
  gState.fd = fd;
  gState.allThreads = allThreads;
  gState.cStack = cStack;
  Ref<> old = Ref<>::steal(std::exchange(gState.file, keep.release()));
  if (std::exchange(gState.enabled, true)) return {};
  for (FatalSignal& s : gFatal) {
    struct sigaction action{};
    action.sa_handler = onFatal;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    if (::sigaction(s.number, &action, &s.previous) != 0) return raiseErrno(t, errno);
    s.installed = true;
  }
  return {};
}
Result<bool> faulthandler_disable(Thread&) {
  bool was = std::exchange(gState.enabled, false);
  if (was)
    for (FatalSignal& s : gFatal) restore(s);
  Ref<> old = Ref<>::steal(std::exchange(gState.file, Value()));
  return was;
}
Result<bool> faulthandler_is_enabled(Thread&) { return gState.enabled; }

Result<void> faulthandler_dump_traceback(Thread& t, Value file, bool allThreads) {
  Ref<> keep;
  int fd = TRY(fileArgument(t, file, &keep));
  putTraceback(fd, allThreads, &t);
  return {};
}
Result<void> faulthandler_dump_c_stack(Thread& t, Value file) {
  Ref<> keep;
  int fd = TRY(fileArgument(t, file, &keep));
  putCStack(fd);
  return {};
}

// ---- the watchdog ----

namespace {

struct Watchdog {
  std::mutex mutex;
  std::condition_variable wake;
  bool cancelled = false, ended = false;
  int references = 2;  // the thread, and who may cancel it
  int fd;
  i64 ns;
  bool repeat, exit;
  std::string header;
};
Watchdog* gWatchdog = nullptr;
Value gWatchdogFile;
pid_t gWatchdogProcess;

void release(Watchdog* w) {
  if (__atomic_sub_fetch(&w->references, 1, __ATOMIC_ACQ_REL) == 0) delete w;
}

void* watch(void* context) {
  auto* w = static_cast<Watchdog*>(context);
  std::unique_lock lock(w->mutex);
  auto deadline = std::chrono::steady_clock::now();
  do {
    deadline += std::chrono::nanoseconds(w->ns);
    if (w->wake.wait_until(lock, deadline, [&] { return w->cancelled; })) break;
    lock.unlock();
    // With the interpreter lock the others stand still at known places. Who does not give it up is
    // looked at as it runs.
    Thread probe;
    memset(static_cast<void*>(&probe), 0, sizeof probe);
    bool held = acquireGilFor(probe, 500);
    put(w->fd, w->header);
    putAllThreads(w->fd, nullptr);
    if (held) releaseGil(probe);
    if (w->exit) ::_exit(1);
    lock.lock();
  } while (w->repeat && !w->cancelled);
  w->ended = true;
  lock.unlock();
  release(w);
  return nullptr;
}

void cancelWatchdog(Thread& t) {
  Watchdog* w = std::exchange(gWatchdog, nullptr);
  Ref<> file = Ref<>::steal(std::exchange(gWatchdogFile, Value()));
  if (!w || gWatchdogProcess != ::getpid()) return;  // a fork leaves the thread behind
  {
    AllowThreads allow(t);  // it may be waiting for the lock
    std::lock_guard guard(w->mutex);
    w->cancelled = true;
    w->wake.notify_all();
  }
  release(w);
}

}  // namespace

Result<void> faulthandler_dump_traceback_later(Thread& t, Value timeout, bool repeat, Value file,
                                               bool exit) {
  i64 ns = TRY(durationNs(t, timeout));
  if (ns <= 0) return t.raise(kValueError, "timeout must be greater than 0");
  Ref<> keep;
  int fd = TRY(fileArgument(t, file, &keep));
  cancelWatchdog(t);
  auto* w = new Watchdog;
  w->fd = fd;
  w->ns = ns;
  w->repeat = repeat;
  w->exit = exit;
  char header[64];
  i64 us = (ns + 999) / 1000, seconds = us / 1000000;
  us %= 1000000;
  int n = snprintf(header, sizeof header, "Timeout (%lld:%02lld:%02lld",
                   static_cast<long long>(seconds / 3600),
                   static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  w->header.assign(header, size_t(n));
  if (us) {
    n = snprintf(header, sizeof header, ".%06lld", static_cast<long long>(us));
    w->header.append(header, size_t(n));
  }
  w->header += ")!\n";
  // Signals are for the program's own threads.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, watch, w);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (error) {
    delete w;
    return t.raise(kRuntimeError, "unable to start watchdog thread");
  }
  gWatchdog = w;
  gWatchdogFile = keep.release();
  gWatchdogProcess = ::getpid();
  return {};
}
Result<void> faulthandler_cancel_dump_traceback_later(Thread& t) {
  cancelWatchdog(t);
  return {};
}

// ---- chosen signals ----

namespace {

struct UserSignal {
  bool enabled, allThreads, chain;
  int fd;
  Value file;
  struct sigaction previous;
};
constinit UserSignal gUser[NSIG] = {};

void onUser(int number);
int install(int number, bool chain, struct sigaction* previous) {
  struct sigaction action{};
  action.sa_handler = onUser;
  // A chained handler is called by raising the signal again from here.
  action.sa_flags = chain ? SA_NODEFER | SA_ONSTACK : SA_RESTART | SA_ONSTACK;
  return ::sigaction(number, &action, previous);
}

void onUser(int number) {
  int saved = errno;
  UserSignal& s = gUser[number];
  if (!s.enabled) return;
  putTraceback(s.fd, s.allThreads, callingThread());
  if (s.chain) {
    ::sigaction(number, &s.previous, nullptr);
    errno = saved;
    ::raise(number);
    saved = errno;
    install(number, true, nullptr);
  }
  errno = saved;
}

Result<void> checkUserSignal(Thread& t, i32 number) {
  for (const FatalSignal& s : gFatal)
    if (s.number == number)
      return t.raise(kRuntimeError, "signal {} cannot be registered, use enable() instead", number);
  if (number < 1 || number >= NSIG) return t.raise(kValueError, "signal number out of range");
  return {};
}

}  // namespace

Result<void> faulthandler_register(Thread& t, i32 number, Value file, bool allThreads, bool chain) {
  TRY(checkUserSignal(t, number));
  Ref<> keep;
  int fd = TRY(fileArgument(t, file, &keep));
  UserSignal& s = gUser[number];
  if (!s.enabled) {
    useSignalStack();
    if (install(number, chain, &s.previous) != 0) return raiseErrno(t, errno);
  }
  Ref<> old = Ref<>::steal(std::exchange(s.file, keep.release()));
  s.fd = fd;
  s.allThreads = allThreads;
  s.chain = chain;
  s.enabled = true;
  return {};
}
Result<bool> faulthandler_unregister(Thread& t, i32 number) {
  TRY(checkUserSignal(t, number));
  UserSignal& s = gUser[number];
  if (!std::exchange(s.enabled, false)) return false;
  ::sigaction(number, &s.previous, nullptr);
  Ref<> old = Ref<>::steal(std::exchange(s.file, Value()));
  return true;
}

// ---- for tests of the above ----

Result<void> faulthandler__read_null(Thread&) {
  volatile int* nowhere = nullptr;
  int value = *nowhere;
  (void)value;
  return {};
}
Result<void> faulthandler__sigsegv(Thread& t, bool releaseLock) {
  if (releaseLock) {
    AllowThreads allow(t);
    ::raise(SIGSEGV);
  } else {
    ::raise(SIGSEGV);
  }
  return {};
}
Result<void> faulthandler__sigabrt(Thread&) { ::abort(); }
Result<void> faulthandler__sigfpe(Thread&) {
  ::raise(SIGFPE);
  return {};
}
[[gnu::noinline]] static u64 useStack(u64 depth) {
  volatile char buffer[4096];
  buffer[depth % sizeof buffer] = 1;
  if (depth == 0) return 0;
  return useStack(depth - 1) + u64(buffer[depth % sizeof buffer]);
}
Result<void> faulthandler__stack_overflow(Thread& t) {
  u64 depth = useStack(u64(1) << 40);
  return t.raise(kRuntimeError, "unable to raise a stack overflow (after {} calls)", depth);
}

}  // namespace dx
