// sys.monitoring: tools and the events that they ask for. The events come from interp/.
#include "runtime/monitoring.h"

#include "modules/monitoring.gen.h"
#include "runtime/containers.h"

namespace dx {
namespace {

constexpr i32 kCReturn = 1 << 16, kCRaise = 1 << 17, kBranch = 1 << 18, kCall = 1 << 4;
constexpr i32 kBranches = 1 << 8 | 1 << 9;

Value toolNames[kMonitorTools];  // owned; empty: not in use

Result<void> checkId(Thread& t, i64 id) {
  if (id < 0 || id >= kMonitorTools)
    return t.raise(kValueError, "invalid tool {} (must be between 0 and 5)", id);
  return {};
}
Result<void> checkUsed(Thread& t, i64 id) {
  TRY(checkId(t, id));
  if (!toolNames[id]) return t.raise(kValueError, "tool {} is not in use", id);
  return {};
}

std::string hexOf(i32 v) {
  char text[16];
  snprintf(text, sizeof text, "0x%x", unsigned(v));
  return text;
}

void clear(Thread& t, i32 id) {
  clearToolEvents(t, id);
  for (Value& callback : theMonitoring.callbacks[id]) clearField(callback);
  theMonitoring.branchOnly[id] = 0;
}

// The events that take effect: C_RETURN and C_RAISE come with CALL, BRANCH is both sides.
Result<i32> effective(Thread& t, i32 set) {
  if ((set & (kCReturn | kCRaise)) && (set & kCall) == 0)
    return t.raise(kValueError, "cannot set C_RETURN or C_RAISE events independently");
  set &= ~(kCReturn | kCRaise);
  if (set & kBranch) set = (set & ~kBranch) | kBranches;
  return set;
}

}  // namespace

Result<void> monitoring_use_tool_id(Thread& t, i32 id, Value name) {
  TRY(checkId(t, id));
  if (!isStr(name)) return t.raise(kValueError, "tool name must be a str");
  if (toolNames[id]) return t.raise(kValueError, "tool {} is already in use", i64(id));
  toolNames[id] = retain(name).release();
  return {};
}
Result<void> monitoring_clear_tool_id(Thread& t, i32 id) {
  TRY(checkId(t, id));
  if (toolNames[id]) clear(t, id);
  return {};
}
Result<void> monitoring_free_tool_id(Thread& t, i32 id) {
  TRY(checkId(t, id));
  if (toolNames[id]) clear(t, id);
  clearField(toolNames[id]);
  return {};
}
Result<Ref<>> monitoring_get_tool(Thread& t, i32 id) {
  TRY(checkId(t, id));
  return toolNames[id] ? retain(toolNames[id]) : noneRef();
}

Result<Ref<>> monitoring_register_callback(Thread& t, i32 id, i32 event, Value function) {
  TRY(checkId(t, id));
  if (__builtin_popcount(u32(event)) != 1)
    return t.raise(kValueError, "The callback can only be set for one event at a time");
  int number = __builtin_ctz(u32(event));
  if (number >= kEvents) return t.raise(kValueError, "invalid event {}", i64(event));
  Value arguments[1] = {function};
  TRY(audit(t, "sys.monitoring.register_callback", arguments));
  Value* callbacks = theMonitoring.callbacks[id];
  Ref<> fresh = isNone(function) ? Ref<>() : retain(function);
  Ref<> old = retain(callbacks[number]);
  if (event == kBranch || ((event & kBranches) && theMonitoring.branchOnly[id])) {
    for (int side : {int(Event::BranchLeft), int(Event::BranchRight)})
      setField(callbacks[side], event == kBranch && fresh ? retain(function) : Ref<>());
    theMonitoring.branchOnly[id] = event == kBranch && fresh;
    if (event != kBranch) clearField(callbacks[int(Event::Branch)]);
  }
  setField(callbacks[number], std::move(fresh));
  return old ? std::move(old) : noneRef();
}

Result<i64> monitoring_get_events(Thread& t, i32 id) {
  TRY(checkId(t, id));
  return i64(theMonitoring.events[id]);
}

Result<void> monitoring_set_events(Thread& t, i32 id, i32 set) {
  TRY(checkId(t, id));
  if (set < 0 || set >= 1 << kEvents)
    return t.raise(kValueError, "invalid event set {}", hexOf(set));
  i32 events = TRY(effective(t, set));
  TRY(checkUsed(t, id));
  setToolEvents(t, id, u32(events));
  return {};
}

Result<i64> monitoring_get_local_events(Thread& t, i32 id, Value code) {
  if (!isInstanceOf(code, &PyCode_Type)) return t.raise(kTypeError, "code must be a code object");
  TRY(checkId(t, id));
  return i64(localToolEvents(code.as<Code>(), id));
}

Result<void> monitoring_set_local_events(Thread& t, i32 id, Value code, i32 set) {
  if (!isInstanceOf(code, &PyCode_Type)) return t.raise(kTypeError, "code must be a code object");
  TRY(checkId(t, id));
  i32 events = TRY(effective(t, set));
  if (events < 0 || events >= 1 << kLocalEvents)
    return t.raise(kValueError, "invalid local event set {}", hexOf(set));
  TRY(checkUsed(t, id));
  setLocalToolEvents(t, id, code.as<Code>(), u32(events));
  return {};
}

Result<void> monitoring_restart_events(Thread& t) {
  restartDisabledEvents(t);
  return {};
}

Result<Ref<>> monitoring__all_events(Thread&) {
  Ref<Dict> all = newDict();
  for (int e = 0; e < kEvents; e++) {
    i64 tools = 0;
    for (int id = 0; id < kMonitorTools; id++)
      if (theMonitoring.events[id] >> e & 1) tools |= i64(1) << id;
    if (tools) dictSetStr(all.get(), kEventNames[e], makeInt(tools));
  }
  return all;
}

Result<void> monitoring_exec(Thread& t, Module& m) {
  Ref<Dict> events = newDict();
  for (int e = 0; e < kEvents; e++) dictSetStr(events.get(), kEventNames[e], makeInt(i64(1) << e));
  dictSetStr(events.get(), "NO_EVENTS", makeInt(0));
  moduleSet(m, "events",
            TRY(callTupleDict(t, Value(&_PyNamespace_Type), emptyTuple(), events.get())));
  theMonitoring.disable = TRY(callWith(t, Value(&PyBaseObject_Type))).release();
  theMonitoring.missing = TRY(callWith(t, Value(&PyBaseObject_Type))).release();
  moduleSet(m, "DISABLE", theMonitoring.disable);
  moduleSet(m, "MISSING", theMonitoring.missing);
  moduleSet(m, "DEBUGGER_ID", Value::smallInt(0));
  moduleSet(m, "COVERAGE_ID", Value::smallInt(1));
  moduleSet(m, "PROFILER_ID", Value::smallInt(2));
  moduleSet(m, "OPTIMIZER_ID", Value::smallInt(5));
  dictSetStr(theInterpreter.sysDict, "monitoring", Value(&m));
  return {};
}

}  // namespace dx
