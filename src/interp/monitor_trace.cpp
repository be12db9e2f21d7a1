// sys.settrace and sys.setprofile: two tools of sys.monitoring whose events become calls of the
// thread's function.
#include "interp/monitor.h"
#include "runtime/abstract.h"

namespace dx {

namespace {

constexpr u32 kTraceEvents = eventBit(Event::PyStart) | eventBit(Event::PyResume) |
                             eventBit(Event::PyThrow) | eventBit(Event::PyReturn) |
                             eventBit(Event::PyYield) | eventBit(Event::Line) |
                             eventBit(Event::Jump) | eventBit(Event::Raise) |
                             eventBit(Event::StopIteration) | eventBit(Event::PyUnwind);
constexpr u32 kProfileEvents = eventBit(Event::PyStart) | eventBit(Event::PyResume) |
                               eventBit(Event::PyThrow) | eventBit(Event::PyReturn) |
                               eventBit(Event::PyYield) | eventBit(Event::Call) |
                               eventBit(Event::PyUnwind);

// Calls `callback(frame, what, argument)`.
Result<Ref<>> callHook(Thread& t, Value* fp, Value callback, const char* what, Value argument) {
  Ref<> held = retain(callback);
  Ref<FrameObject> frame = retainObject(frameObject(t, fp));
  Result<Ref<>> r =
      callWith(t, held, Value(frame), Value(internImmortal(what)), argument ? argument : none());
  return r;
}

bool callTrace(Thread& t, Value* fp, const char* what, bool start, Value argument) {
  FrameObject* f = start ? nullptr : frameObject(t, fp);
  Value callback = start ? t.traceFunction : f->trace;
  if (!callback) return true;
  Result<Ref<>> r = callHook(t, fp, callback, what, argument);
  f = frameObject(t, fp);
  if (!r) {
    ExceptionSaver saver(t);
    setTraceFunction(t, t, Value());
    clearField(f->trace);
    return false;
  }
  if (!isNone(r.peek())) setField(f->trace, std::move(r).take());
  return true;
}

bool callProfile(Thread& t, Value* fp, const char* what, Value argument) {
  Result<Ref<>> r = callHook(t, fp, t.profileFunction, what, argument);
  if (r) return true;
  ExceptionSaver saver(t);
  setProfileFunction(t, t, Value());
  return false;
}

// Every thread's functions together say which events the tool wants.
void setHook(Thread& t, int tool, u32 events, Value Thread::* field, Thread& of, Value function) {
  Ref<> old = Ref<>::steal(std::exchange(
      of.*field, function && !isNone(function) ? retain(function).release() : Value()));
  bool any = false;
  for (Thread* thread : allThreads()) any = any || (thread->*field);
  if (any)
    setToolEvents(t, tool, events);
  else
    clearToolEvents(t, tool);
}

}  // namespace

bool reportToTrace(Thread& t, const EventSite& site, Event e, Value a, Value) {
  if (!t.traceFunction) return true;
  switch (e) {
    case Event::PyStart:
    case Event::PyResume:
    case Event::PyThrow:
      return callTrace(t, site.fp, "call", true, Value());
    case Event::PyReturn:
    case Event::PyYield:
      return callTrace(t, site.fp, "return", false, a);
    case Event::PyUnwind:
      return callTrace(t, site.fp, "return", false, Value());
    case Event::Line:
      if (!frameObject(t, site.fp)->traceLines) return true;
      return callTrace(t, site.fp, "line", false, Value());
    case Event::Instruction:
      if (!frameObject(t, site.fp)->traceOpcodes) return true;
      return callTrace(t, site.fp, "opcode", false, Value());
    case Event::Jump: {
      // A loop on one line: the turn is a new line, though the line does not change.
      u32 to = u32(a.smallInt());
      const CodeMonitor& m = *site.code->data->monitor;
      i32 line = m.lines[site.offset / 4];
      if (to > site.offset || line <= 0 || m.lines[to / 4] != line ||
          !frameObject(t, site.fp)->traceLines)
        return true;
      return callTrace(t, site.fp, "line", false, Value());
    }
    case Event::Raise:
    case Event::StopIteration: {
      Value traceback = a.as<BaseException>()->traceback;
      Ref<Tuple> info = tupleOf(Value(typeOf(a)), a, traceback ? traceback : none());
      return callTrace(t, site.fp, "exception", false, Value(info));
    }
    default:
      return true;
  }
}

bool reportToProfile(Thread& t, const EventSite& site, Event e, Value a, Value b) {
  if (!t.profileFunction) return true;
  switch (e) {
    case Event::PyStart:
    case Event::PyResume:
    case Event::PyThrow:
      return callProfile(t, site.fp, "call", Value());
    case Event::PyReturn:
    case Event::PyYield:
      return callProfile(t, site.fp, "return", a);
    case Event::PyUnwind:
      return callProfile(t, site.fp, "return", Value());
    case Event::Call:
    case Event::CReturn:
    case Event::CRaise: {
      const char* what = e == Event::Call      ? "c_call"
                         : e == Event::CReturn ? "c_return"
                                               : "c_exception";
      if (typeOf(a) == &PyCFunction_Type) return callProfile(t, site.fp, what, a);
      if (typeOf(a) != &PyMethodDescr_Type || b == theMonitoring.missing) return true;
      // list.append(x, ...): shown as the bound method.
      Result<Ref<>> bound = bindDescriptor(t, retain(a), b, Value(typeOf(b)));
      if (!bound) return false;
      return callProfile(t, site.fp, what, bound.peek());
    }
    default:
      return true;
  }
}

void setTraceFunction(Thread& t, Thread& of, Value function) {
  setHook(t, kTraceTool, kTraceEvents, &Thread::traceFunction, of, function);
}

void setProfileFunction(Thread& t, Thread& of, Value function) {
  setHook(t, kProfileTool, kProfileEvents, &Thread::profileFunction, of, function);
}

}  // namespace dx
