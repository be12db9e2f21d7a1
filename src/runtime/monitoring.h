// Events of running code: what sys.monitoring (PEP 669), sys.settrace and sys.setprofile see.
// docs/tracing.md says how it works; interp/ implements it. Six tools belong to Python; two more
// are the functions of sys.setprofile and sys.settrace, which are looked up in the thread.
#pragma once
#include <vector>

#include "runtime/code.h"

namespace dx {

enum class Event : u8 {  // sys.monitoring.events: the bit numbers
  PyStart,
  PyResume,
  PyReturn,
  PyYield,
  Call,
  Line,
  Instruction,
  Jump,
  BranchLeft,
  BranchRight,
  StopIteration,
  // From here on not bound to a place in the code: cannot be local, nor disabled.
  Raise,
  ExceptionHandled,
  PyUnwind,
  PyThrow,
  Reraise,
  CReturn,
  CRaise,
  Branch,  // both sides of a branch, for tools that do not tell them apart
};
constexpr int kLocalEvents = 11, kEvents = 19;
constexpr int kMonitorTools = 6, kProfileTool = 6, kTraceTool = 7, kAllTools = 8;
inline constexpr const char* kEventNames[kEvents] = {"PY_START",
                                                     "PY_RESUME",
                                                     "PY_RETURN",
                                                     "PY_YIELD",
                                                     "CALL",
                                                     "LINE",
                                                     "INSTRUCTION",
                                                     "JUMP",
                                                     "BRANCH_LEFT",
                                                     "BRANCH_RIGHT",
                                                     "STOP_ITERATION",
                                                     "RAISE",
                                                     "EXCEPTION_HANDLED",
                                                     "PY_UNWIND",
                                                     "PY_THROW",
                                                     "RERAISE",
                                                     "C_RETURN",
                                                     "C_RAISE",
                                                     "BRANCH"};
constexpr u32 eventBit(Event e) { return 1u << int(e); }

struct Monitoring {
  u32 events[kAllTools];                    // what each tool wants everywhere
  u8 tools[kEvents];                        // the same by event: a bit per tool
  Value callbacks[kMonitorTools][kEvents];  // owned, or empty
  u8 branchOnly[kMonitorTools];             // BranchLeft and BranchRight hold Branch's callback
  u32 generations[kAllTools];               // local events of older ones are void
  Value missing, disable;                   // sys.monitoring.MISSING, DISABLE (immortal)
  u64 version;                              // changes with every change of events
  u64 restarts;                             // DISABLE of older ones is void
  u32 localCodes;                           // how often local events were set: zero means never
  u8 exceptionTools;  // tools that want any event that comes with an exception
};
extern Monitoring theMonitoring;

// Replaces the events that a tool wants everywhere, or in one code object.
void setToolEvents(Thread& t, int tool, u32 events);
void setLocalToolEvents(Thread& t, int tool, Code* code, u32 events);
u32 localToolEvents(const Code* code, int tool);
void clearToolEvents(Thread& t, int tool);  // global and local ones
void restartDisabledEvents(Thread& t);

// sys.settrace, sys.setprofile of thread `of`: None or empty ends it.
void setTraceFunction(Thread& t, Thread& of, Value function);
void setProfileFunction(Thread& t, Thread& of, Value function);

// The instructions as they were built, whatever is patched now.
const u8* builtInstructions(const CodeData* data);
bytecode::Op builtOpcode(const CodeData* data, const bytecode::Insn* pc);
// Takes the patches out of a copy of an image.
void unpatchImage(const ModuleImage* image, u8* copy);
// Before a code object's data, a thread goes.
void dropMonitor(CodeData* data);
void dropPathNotes(Thread* t);

// Reports an event that comes with the pending exception, which is pending again afterwards unless
// a tool raised another one.
void reportException(Thread& t, Value* fp, const bytecode::Insn* pc, Event e);

// frame.f_lineno = line, for the frame of the event that is being reported.
Result<void> jumpToLine(Thread& t, FrameObject* f, i64 line);

// All threads that exist, under the interpreter lock.
std::vector<Thread*> allThreads();

}  // namespace dx
