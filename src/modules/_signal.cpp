// Module _signal. The C handler only notes what arrived; Python handlers run in the main thread at
// its next safepoint.
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "modules/_signal.gen.h"
#include "modules/signal_set.h"
#include "runtime/frame.h"
#include "runtime/gil.h"
#include "runtime/lifecycle.h"

namespace dx {

namespace {

constexpr int kSignals = NSIG;
volatile sig_atomic_t gArrived[kSignals];
Value gHandlers[kSignals];  // owned: None (unknown), 0 (default), 1 (ignored) or a callable
volatile int gWakeupFd = -1;

void handler(int signum) {
  int saved = errno;
  noteSignal(signum);
  errno = saved;
}

Result<void> checkNumber(Thread& t, int signum) {
  if (signum < 1 || signum >= kSignals) return t.raise(kValueError, "signal number out of range");
  return {};
}

Result<Ref<>> setOf(Thread& t, const sigset_t& mask) {
  Ref<Set> set = newSet(&PySet_Type);
  for (int i = 1; i < kSignals; i++)
    if (sigismember(&mask, i) == 1) TRY(setAdd(t, set, makeInt(i)));
  return Ref<>(std::move(set));
}

// Runs the Python handlers of what arrived.
bool runHandlers(Thread& t) {
  if (&t != theInterpreter.mainThread) {
    tripSignal();
    return true;
  }
  for (int i = 1; i < kSignals; i++) {
    if (!gArrived[i]) continue;
    gArrived[i] = 0;
    Value h = gHandlers[i];
    if (!h || !h.isObject() || isNone(h)) continue;
    Ref<> held = retain(h);
    Ref<> frame = t.fp ? Ref<>::retain(frameObject(t, t.fp)) : noneRef();
    Result<Ref<>> r = callWith(t, held.get(), Value::smallInt(i), frame.get());
    if (!r) return false;
  }
  return true;
}

Ref<> itimerTuple(const itimerval& v) {
  auto seconds = [](const timeval& tv) {
    return makeFloat(double(tv.tv_sec) + double(tv.tv_usec) / 1e6);
  };
  return Ref<>(tupleOf(seconds(v.it_value), seconds(v.it_interval)));
}

struct Constant {
  const char* name;
  int value;
};
#define X(name) {#name, name},
constexpr Constant kConstants[] = {
    X(SIGHUP) X(SIGINT) X(SIGQUIT) X(SIGILL) X(SIGTRAP) X(SIGABRT) X(SIGBUS) X(SIGFPE) X(SIGKILL)
        X(SIGUSR1) X(SIGSEGV) X(SIGUSR2) X(SIGPIPE) X(SIGALRM) X(SIGTERM) X(SIGSTKFLT) X(SIGCHLD)
            X(SIGCONT) X(SIGSTOP) X(SIGTSTP) X(SIGTTIN) X(SIGTTOU) X(SIGURG) X(SIGXCPU) X(SIGXFSZ)
                X(SIGVTALRM) X(SIGPROF) X(SIGWINCH) X(SIGIO) X(SIGPOLL) X(SIGPWR) X(SIGSYS)
                    X(SIG_BLOCK) X(SIG_UNBLOCK) X(SIG_SETMASK) X(ITIMER_REAL) X(ITIMER_VIRTUAL)
                        X(ITIMER_PROF){"SIGCLD", SIGCHLD},
    {"SIGIOT", SIGABRT},
    {"NSIG", NSIG},
    {"SIG_DFL", 0},
    {"SIG_IGN", 1}};
#undef X

}  // namespace

Result<sigset_t> signalSet(Thread& t, Value iterable) {
  sigset_t set;
  sigemptyset(&set);
  TRY(forEach(t, iterable, [&](Value v) -> Result<bool> {
    i64 n = TRY(argI64(t, v));
    if (n < 1 || n >= kSignals)
      return t.raise(kValueError, "signal number {} out of range [1; {}]", n, kSignals - 1);
    sigaddset(&set, int(n));
    return true;
  }));
  return set;
}

void noteSignal(int signum) {
  gArrived[signum] = 1;
  if (gWakeupFd >= 0) {
    char byte = char(signum);
    ssize_t ignored = write(gWakeupFd, &byte, 1);
    (void)ignored;
  }
  tripSignal();
}

// How the process was started to handle signals; SIGINT, SIGPIPE and SIGXFSZ as Python does.
static Result<void> takeOverSignals(Thread& t, Module& module) {
  for (int i = 1; i < kSignals; i++) {
    struct sigaction action;
    if (gHandlers[i]) continue;
    if (sigaction(i, nullptr, &action) != 0)
      gHandlers[i] = none();
    else if (action.sa_handler == SIG_DFL)
      gHandlers[i] = Value::smallInt(0);
    else if (action.sa_handler == SIG_IGN)
      gHandlers[i] = Value::smallInt(1);
    else
      gHandlers[i] = none();
  }
  ::signal(SIGPIPE, SIG_IGN);
  gHandlers[SIGPIPE] = Value::smallInt(1);
  ::signal(SIGXFSZ, SIG_IGN);
  gHandlers[SIGXFSZ] = Value::smallInt(1);
  if (gHandlers[SIGINT] == Value::smallInt(0)) {
    Ref<> interrupt = retain(dictGetStr(module.dict, DX_NAME("default_int_handler")));
    (void)TRY(_signal_signal(t, SIGINT, interrupt));
  }
  return {};
}

Result<void> _signal_exec(Thread& t, Module& module) {
  for (const Constant& c : kConstants) moduleSet(module, c.name, makeInt(c.value));
  moduleSet(module, "SIGRTMIN", makeInt(SIGRTMIN));
  moduleSet(module, "SIGRTMAX", makeInt(SIGRTMAX));
  moduleSet(module, "ItimerError", Value(kOSError));
  signalHandlerHook = runHandlers;
  return takeOverSignals(t, module);
}

// What had been decided in another process is forgotten.
Result<void> renewSignals(Thread& t) {
  for (Value& h : gHandlers) h = Value();
  Ref<> module = TRY(importModule(t, "_signal"));
  return takeOverSignals(t, *module.as<Module>());
}

Result<Ref<>> _signal_default_int_handler(Thread& t, i32, Value) {
  return t.raiseNone(kKeyboardInterrupt);
}

Result<Ref<>> _signal_signal(Thread& t, i32 signum, Value h) {
  if (&t != theInterpreter.mainThread)
    return t.raise(kValueError, "signal only works in main thread of the main interpreter");
  TRY(checkNumber(t, signum));
  struct sigaction action;
  memset(&action, 0, sizeof action);
  bool callable = h.isObject() && isCallable(h);
  i64 n = -1;
  if (!callable && (!isInt(h) || !intToI64(h, &n) || (n != 0 && n != 1))) {
    return t.raise(kTypeError,
                   "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  }
  if (!callable) h = Value::smallInt(n);
  action.sa_handler = callable ? handler : n == 0 ? SIG_DFL : SIG_IGN;
  if (t.pending & kPendingSignal) TRY(handlePending(t));
  if (sigaction(signum, &action, nullptr) != 0) return raiseErrno(t, errno);
  Ref<> old = Ref<>::steal(std::exchange(gHandlers[signum], retain(h).release()));
  return old ? std::move(old) : noneRef();
}

Result<Ref<>> _signal_getsignal(Thread& t, i32 signum) {
  TRY(checkNumber(t, signum));
  return retain(gHandlers[signum] ? gHandlers[signum] : none());
}

Result<i64> _signal_alarm(Thread&, i32 seconds) { return i64(::alarm(unsigned(seconds))); }

Result<void> _signal_pause(Thread& t) {
  {
    AllowThreads allow(t);
    ::pause();
  }
  return handlePending(t);
}

Result<void> _signal_raise_signal(Thread& t, i32 signum) {
  if (::raise(signum) != 0) return raiseErrno(t, errno);
  return t.pending ? handlePending(t) : Result<void>();
}

Result<Ref<>> _signal_strsignal(Thread& t, i32 signum) {
  TRY(checkNumber(t, signum));
  const char* text = sigdescr_np(signum);
  if (!text && signum >= SIGRTMIN && signum <= SIGRTMAX)
    return Ref<>(formatStr("Real-time signal {}", i64(signum - SIGRTMIN)));
  return text ? Ref<>(makeAscii(text)) : noneRef();
}

Result<void> _signal_siginterrupt(Thread& t, i32 signum, bool flag) {
  TRY(checkNumber(t, signum));
  struct sigaction action;
  if (sigaction(signum, nullptr, &action) != 0) return raiseErrno(t, errno);
  if (flag)
    action.sa_flags &= ~SA_RESTART;
  else
    action.sa_flags |= SA_RESTART;
  if (sigaction(signum, &action, nullptr) != 0) return raiseErrno(t, errno);
  return {};
}

Result<i64> _signal_set_wakeup_fd(Thread& t, i32 fd, bool) {
  if (&t != theInterpreter.mainThread)
    return t.raise(kValueError, "set_wakeup_fd only works in main thread of the main interpreter");
  i64 old = gWakeupFd;
  if (fd >= 0 && ::lseek(fd, 0, SEEK_CUR) < 0 && errno == EBADF) return raiseErrno(t, EBADF);
  gWakeupFd = fd;
  return old;
}

static timeval timevalOf(double seconds) {
  timeval tv;
  tv.tv_sec = time_t(seconds);
  tv.tv_usec = suseconds_t((seconds - double(tv.tv_sec)) * 1e6);
  if (seconds > 0 && tv.tv_sec == 0 && tv.tv_usec == 0) tv.tv_usec = 1;
  return tv;
}
Result<Ref<>> _signal_setitimer(Thread& t, i32 which, double seconds, double interval) {
  itimerval value{timevalOf(interval), timevalOf(seconds)}, old;
  if (::setitimer(__itimer_which(which), &value, &old) != 0) return raiseErrno(t, errno);
  return itimerTuple(old);
}
Result<Ref<>> _signal_getitimer(Thread& t, i32 which) {
  itimerval value;
  if (::getitimer(__itimer_which(which), &value) != 0) return raiseErrno(t, errno);
  return itimerTuple(value);
}

Result<Ref<>> _signal_pthread_sigmask(Thread& t, i32 how, Value mask) {
  sigset_t set = TRY(signalSet(t, mask)), old;
  if (int error = ::pthread_sigmask(how, &set, &old)) return raiseErrno(t, error);
  if (t.pending) TRY(handlePending(t));
  return setOf(t, old);
}
Result<void> _signal_pthread_kill(Thread& t, u64 thread, i32 signum) {
  // Identifiers are dxpy's own: only the main thread and the caller can be named.
  if (thread != t.id && thread != theInterpreter.mainThread->id) return raiseErrno(t, ESRCH);
  if (::kill(getpid(), signum) != 0) return raiseErrno(t, errno);
  return t.pending ? handlePending(t) : Result<void>();
}
Result<Ref<>> _signal_sigpending(Thread& t) {
  sigset_t set;
  if (::sigpending(&set) != 0) return raiseErrno(t, errno);
  return setOf(t, set);
}
Result<i64> _signal_sigwait(Thread& t, Value sigset) {
  sigset_t set = TRY(signalSet(t, sigset));
  int signum = 0, error;
  {
    AllowThreads allow(t);
    error = ::sigwait(&set, &signum);
  }
  if (error) return raiseErrno(t, error);
  return i64(signum);
}
Result<Ref<>> _signal_valid_signals(Thread& t) {
  sigset_t set;
  sigfillset(&set);
  return setOf(t, set);
}

}  // namespace dx
