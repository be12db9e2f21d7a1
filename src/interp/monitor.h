// Inside the interpreter: instrumented code and the reporting of events (docs/tracing.md).
#pragma once
#include <unordered_map>
#include <vector>

#include "interp/entry.h"
#include "runtime/monitoring.h"

namespace dx {

// What an instruction may have to report, found once per code object.
enum InsnFact : u16 {
  kIsStart = 1,  // the function's Enter
  kIsResume = 2,
  kIsReturn = 4,
  kIsYield = 8,
  kIsCall = 16,
  kIsJump = 32,         // unconditional
  kIsBranch = 64,       // two ways on
  kStartsLine = 128,    // whenever it is reached, a line begins
  kMayStartLine = 256,  // depends on where control came from
  kAfterBranch = 512,   // one of a branch's two ways on
  kAfterSend = 1024,    // where a Send goes on when its iterator has finished
  kIsForIter = 2048,
  kIsPrologue = 4096,  // never hides the line of what follows
};
// What is patched now.
enum InsnWatch : u8 {
  kReports = 1,    // has an event of its own
  kArrives = 2,    // has an event that depends on where control came from
  kNotesPath = 4,  // goes on to one that arrives: says so
};

struct CodeMonitor {
  u64 version = 0, restarts = 0;
  std::vector<u8> built;   // the instructions without patches
  std::vector<u16> facts;  // these three by unit of 4 bytes
  std::vector<u8> watch;
  std::vector<i32> lines;
  u8 active[kLocalEvents] = {};  // tools by event
  u32 local[kAllTools] = {};     // local events by tool
  u32 generations[kAllTools] = {};
  std::unordered_map<u32, u8> disabled;  // (unit * kLocalEvents + event) -> tools

  u8 toolsAt(Event e, u32 unit) const {
    u8 tools = active[int(e)];
    if (!tools || disabled.empty()) return tools;
    auto found = disabled.find(unit * kLocalEvents + u32(e));
    return found == disabled.end() ? tools : u8(tools & ~found->second);
  }
};

// Tools `tools` no longer get event `e` of the instruction.
void disableEvent(Code* code, u32 unit, Event e, u8 tools);

struct PathNotes {
  std::unordered_map<const Value*, u32> last;  // offset of the noted instruction, by frame
};
void notePath(Thread& t, const Value* fp, const Insn* pc);
// The offset last noted for the frame, or -1.
i64 notedPath(Thread& t, const Value* fp);

// Where an event happens.
struct EventSite {
  Value* fp;
  Code* code;
  u32 offset;
};
// Tells the tools; false: an exception is pending. `a`, `b`: what follows code and offset (a line
// event has the line instead of the offset, in `a`).
bool report(Thread& t, const EventSite& site, Event e, u8 tools, Value a = Value(),
            Value b = Value());
// ExceptionHandled; false: a tool raised.
bool reportHandled(Thread& t, Value* fp, const Insn* target, Value exception);

// The functions of sys.settrace and sys.setprofile as tools.
bool reportToTrace(Thread& t, const EventSite& site, Event e, Value a, Value b);
bool reportToProfile(Thread& t, const EventSite& site, Event e, Value a, Value b);

}  // namespace dx
