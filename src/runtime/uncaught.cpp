// The end of exceptions that nobody caught.
#include <signal.h>
#include <unistd.h>

#include "runtime/abstract.h"
#include "runtime/lifecycle.h"
#include "runtime/traceback_print.h"

namespace dx {

static void flushStream(Thread& t, const char* name) {
  Value stream = sysGet(name);
  if (!stream || isNone(stream)) return;
  Ref<> held = retain(stream);
  Result<Ref<>> r = callMethod(t, held, DX_NAME("flush"), {});
  if (!r) t.clearException();
}

void printPendingException(Thread& t) {
  Ref<> e = t.takeException();
  if (!e) return;
  if (theInterpreter.sysDict) {
    dictSetStr(theInterpreter.sysDict, "last_exc", e);
    dictSetStr(theInterpreter.sysDict, "last_type", Value(typeOf(e)));
    dictSetStr(theInterpreter.sysDict, "last_value", e);
    Value tb = e.as<BaseException>()->traceback;
    dictSetStr(theInterpreter.sysDict, "last_traceback", tb ? tb : none());
  }
  flushStream(t, "stdout");
  Value hook = sysGet("excepthook");
  Value original = sysGet("__excepthook__");
  if (hook && hook != original) {
    Ref<> held = retain(hook);
    Value tb = e.as<BaseException>()->traceback;
    Ref<> heldTb = retain(tb ? tb : none());
    Result<Ref<>> r = callWith(t, held.get(), Value(typeOf(e)), e.get(), heldTb.get());
    if (!r) {
      Ref<> second = t.takeException();
      writeStderr(t, "Error in sys.excepthook:\n");
      printException(t, second);
      writeStderr(t, "\nOriginal exception was:\n");
      printException(t, e);
    }
  } else {
    printException(t, e);
  }
  flushStream(t, "stderr");
}

static int exitStatus(Thread& t, Value code) {
  if (!code || isNone(code)) return 0;
  if (isInt(code)) {
    i64 n;
    return intToI64(code, &n) ? int(n & 0xFF) : 255;
  }
  flushStream(t, "stdout");
  Result<Ref<Str>> s = str(t, code);
  if (s) {
    writeStderr(t, toUtf8(s.peek()));
    writeStderr(t, "\n");
  }
  t.clearException();
  flushStream(t, "stderr");
  return 1;
}

int handleUncaught(Thread& t) {
  if (t.matches(kSystemExit)) {
    Ref<> e = t.takeException();
    Value code = e.as<SystemExitObject>()->code;
    Ref<> held = retain(code);
    return exitStatus(t, held);
  }
  bool interrupted = t.matches(kKeyboardInterrupt);
  printPendingException(t);
  if (interrupted) {
    // Die of the signal, so that a calling shell sees it.
    flushStream(t, "stdout");
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
    return 130;
  }
  return 1;
}

}  // namespace dx
