// Instrumented code: which instructions of a code object have something to report, and the
// patching of their opcodes.
#include <sys/mman.h>
#include <unistd.h>

#include "interp/monitor.h"

namespace dx {

using bytecode::ExceptionRecord;
using bytecode::kFirstInstrumented;
using bytecode::Operand;
using bytecode::OpInfo;
using bytecode::PositionRecord;

Monitoring theMonitoring;

namespace {

// All code objects that have a monitor.
std::vector<CodeData*>& monitored() {
  static auto* list = new std::vector<CodeData*>;
  return *list;
}

u8* patchable(const CodeData* data) {
  return reinterpret_cast<u8*>(const_cast<Insn*>(data->insns));
}

// Images may be mapped from a file; pages that are patched become private.
void makeWritable(const CodeData* data) {
  static const u64 page = u64(sysconf(_SC_PAGESIZE));
  u64 start = reinterpret_cast<u64>(data->insns);
  u64 low = start & ~(page - 1);
  u64 size = ((start + data->record->insnBytes + page - 1) & ~(page - 1)) - low;
  void* at = reinterpret_cast<void*>(low);
  if (mprotect(at, size, PROT_READ | PROT_WRITE) == 0) return;
  std::vector<u8> copy(static_cast<u8*>(at), static_cast<u8*>(at) + size);
  void* fresh =
      mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  DX_CHECK(fresh == at);
  memcpy(fresh, copy.data(), size);
}

// The instructions of a code object one after another.
struct Walk {
  const u8* base;
  u32 end;
  template <class F>
  void each(F&& fn) const {
    for (u32 at = 0; at < end;) {
      const auto* insn = reinterpret_cast<const Insn*>(base + at);
      u32 next = at + kSizeOf[insn->op];
      fn(at, insn, next);
      at = next;
    }
  }
};

// Where an instruction jumps to, or -1.
i64 jumpTarget(u32 at, const Insn* insn) {
  const OpInfo& info = bytecode::kOpInfo[insn->op];
  if (info.b == Operand::Jump32) return i64(at) + insn->jump32();
  if (info.d == Operand::Jump) return i64(at) + insn->jump();
  return -1;
}

bool fallsThrough(Op op) {
  switch (op) {
    case Op::Jump:
    case Op::JumpBack:
    case Op::Return:
    case Op::ReturnNone:
    case Op::Raise:
    case Op::Reraise:
    case Op::CleanupThrow:
      return false;
    default:
      return true;
  }
}

u16 factsOf(Op op, const Insn* insn) {
  switch (op) {
    case Op::Enter:
      return kIsPrologue | (insn->x == 0 ? kIsStart : kIsResume);
    case Op::Return:
    case Op::ReturnNone:
      return kIsReturn;
    case Op::Yield:
      return kIsYield;
    case Op::Call:
    case Op::CallMethod:
    case Op::CallKw:
    case Op::CallEx:
      return kIsCall;
    case Op::CallExit:
      return kIsCall;
    case Op::Jump:
    case Op::JumpBack:
      return kIsJump;
    case Op::ForIter:
      return kIsBranch | kIsForIter;
    case Op::JumpIfTrue:
    case Op::JumpIfFalse:
    case Op::JumpIfNone:
    case Op::JumpIfNotNone:
    case Op::JumpLt:
    case Op::JumpLe:
    case Op::JumpEq:
    case Op::JumpNe:
    case Op::JumpGt:
    case Op::JumpGe:
    case Op::JumpLtInt:
    case Op::JumpLeInt:
    case Op::JumpEqInt:
    case Op::JumpNeInt:
    case Op::JumpGtInt:
    case Op::JumpGeInt:
    case Op::JumpIs:
    case Op::JumpIn:
      return kIsBranch;
    default:
      return 0;
  }
}

// Which instructions begin a line: the first of a run with another line than what stands before
// it, and what is jumped to or handles exceptions. Whether the latter do depends on the line that
// control comes from, unless all ways there agree.
void findLines(const CodeData* data, CodeMonitor& m, const Walk& walk) {
  const auto& image = data->image->view();
  std::vector<PositionRecord> positions = bytecode::readPositions(positionsOf(data));
  size_t next = 0;
  i32 line = 0;
  u32 units = walk.end / 4;
  std::vector<u8> candidate(units), sameLine(units), otherLine(units);
  i32 before = -1;
  bool prologue = true;
  walk.each([&](u32 at, const Insn* insn, u32) {
    while (next < positions.size() && positions[next].offset <= at) line = positions[next++].line;
    m.lines[at / 4] = line;
    Op op = insn->opcode();
    if (prologue && op != Op::Enter && op != Op::CopyFreeVars && op != Op::MakeCell)
      prologue = false;
    if (prologue) m.facts[at / 4] |= kIsPrologue;
    if (!(m.facts[at / 4] & kIsPrologue) && line > 0 && line != before) candidate[at / 4] = true;
    // The first line begins even when it is the function's own.
    before = prologue ? -1 : line;
  });
  walk.each([&](u32 at, const Insn* insn, u32 after) {
    auto edge = [&](u32 to) {
      bool hides = !(m.facts[at / 4] & kIsPrologue) && m.lines[at / 4] == m.lines[to / 4];
      (hides ? sameLine : otherLine)[to / 4] = true;
    };
    if (fallsThrough(insn->opcode()) && after < walk.end) edge(after);
    i64 target = jumpTarget(at, insn);
    if (target < 0) return;
    candidate[u32(target) / 4] = true;
    edge(u32(target));
  });
  const auto* handlers = &image.at<ExceptionRecord>(data->record->exceptions);
  for (u32 i = 0; i < data->record->exceptionCount; i++) {
    u32 unit = handlers[i].target / 4;
    candidate[unit] = sameLine[unit] = otherLine[unit] = true;
  }
  for (u32 i = 0; i < units; i++) {
    if (!candidate[i] || m.lines[i] <= 0 || (m.facts[i] & kIsPrologue)) continue;
    if (!sameLine[i])
      m.facts[i] |= kStartsLine;
    else if (otherLine[i])
      m.facts[i] |= kMayStartLine;
  }
}

CodeMonitor* makeMonitor(CodeData* data) {
  auto* m = new CodeMonitor;
  // Of damaged code nothing but its Enter is looked at, which will say so.
  u32 size = isSound(data) ? data->record->insnBytes : bytecode::kOpInfo[int(Op::Enter)].size;
  const u8* bytes = reinterpret_cast<const u8*>(data->insns);
  m->built.assign(bytes, bytes + size);
  m->facts.resize(size / 4);
  m->watch.resize(size / 4);
  m->lines.resize(size / 4);
  m->restarts = theMonitoring.restarts;
  Walk walk{m->built.data(), size};
  walk.each(
      [&](u32 at, const Insn* insn, u32) { m->facts[at / 4] = factsOf(insn->opcode(), insn); });
  walk.each([&](u32 at, const Insn* insn, u32 after) {
    if (m->facts[at / 4] & kIsBranch) {
      if (after < size) m->facts[after / 4] |= kAfterBranch;
      m->facts[u32(jumpTarget(at, insn)) / 4] |= kAfterBranch;
    }
    if (insn->opcode() == Op::Send) m->facts[u32(jumpTarget(at, insn)) / 4] |= kAfterSend;
  });
  if (!data->unverified) findLines(data, *m, walk);
  monitored().push_back(data);
  return m;
}

// The watch bits that an instruction has by itself.
u8 ownWatch(const CodeMonitor& m, u32 unit) {
  u16 f = m.facts[unit];
  auto wants = [&](Event e) { return m.toolsAt(e, unit) != 0; };
  u8 w = 0;
  if (((f & kIsStart) && wants(Event::PyStart)) || ((f & kIsResume) && wants(Event::PyResume)) ||
      ((f & kIsReturn) && wants(Event::PyReturn)) || ((f & kIsYield) && wants(Event::PyYield)) ||
      ((f & kIsCall) && wants(Event::Call)) || ((f & kIsJump) && wants(Event::Jump)) ||
      ((f & kStartsLine) && wants(Event::Line)) || wants(Event::Instruction))
    w |= kReports;
  if ((f & kMayStartLine) && wants(Event::Line)) w |= kArrives;
  if ((f & kAfterBranch) && (m.active[int(Event::BranchLeft)] || m.active[int(Event::BranchRight)]))
    w |= kArrives;
  if ((f & kAfterSend) && m.active[int(Event::StopIteration)]) w |= kArrives;
  // How an iterator ended shows in an exception event.
  if ((f & kIsForIter) && theMonitoring.tools[int(Event::Raise)]) w |= kReports;
  return w;
}

// Brings the watch bits and the patches up to date.
void patch(CodeData* data, CodeMonitor& m) {
  Walk walk{m.built.data(), u32(m.built.size())};
  std::vector<u8> old = m.watch;
  walk.each([&](u32 at, const Insn*, u32) { m.watch[at / 4] = ownWatch(m, at / 4); });
  walk.each([&](u32 at, const Insn* insn, u32 after) {
    i64 target = jumpTarget(at, insn);
    if ((fallsThrough(insn->opcode()) && after < walk.end && (m.watch[after / 4] & kArrives)) ||
        (target >= 0 && (m.watch[u32(target) / 4] & kArrives)))
      m.watch[at / 4] |= kNotesPath;
  });
  if (old == m.watch) return;
  makeWritable(data);
  u8* code = patchable(data);
  walk.each([&](u32 at, const Insn* insn, u32) {
    Op op = insn->opcode();
    if (m.watch[at / 4]) {
      u8 size = kSizeOf[int(op)];
      op = op == Op::ForIter ? Op::InstrumentedForIter
           : size == 4       ? Op::Instrumented4
           : size == 8       ? Op::Instrumented8
                             : Op::Instrumented12;
    }
    if (code[at] != u8(op)) code[at] = u8(op);
  });
}

u32 localEventsOf(const CodeMonitor& m, int tool) {
  return m.generations[tool] == theMonitoring.generations[tool] ? m.local[tool] : 0;
}

bool stackHolds(const Value* fp) { return fp != nullptr; }

// Brings the code of everything that runs now up to date: it does not go through Enter again.
void instrumentRunning(Thread& t) {
  for (Thread* thread : allThreads())
    for (Value* fp = thread->fp; stackHolds(fp); fp = framePrevious(fp))
      instrumentIfStale(t, frameCode(fp));
}

void eventsChanged(Thread& t) {
  Monitoring& m = theMonitoring;
  m.version++;
  bool any = m.localCodes != 0;
  for (int e = 0; e < kEvents; e++) {
    m.tools[e] = 0;
    for (int tool = 0; tool < kAllTools; tool++)
      if (m.events[tool] >> e & 1) m.tools[e] |= u8(1u << tool);
    any = any || m.tools[e];
  }
  m.exceptionTools = m.tools[int(Event::Raise)] | m.tools[int(Event::ExceptionHandled)] |
                     m.tools[int(Event::PyUnwind)] | m.tools[int(Event::PyThrow)] |
                     m.tools[int(Event::Reraise)];
  for (Thread* thread : allThreads()) {
    auto* word = const_cast<u32*>(&thread->pending);
    if (any)
      __atomic_fetch_or(word, kPendingMonitor, __ATOMIC_SEQ_CST);
    else
      __atomic_fetch_and(word, ~u32(kPendingMonitor), __ATOMIC_SEQ_CST);
  }
  instrumentRunning(t);
}

}  // namespace

bool instrumentIfStale(Thread&, Code* code) {
  CodeData* data = code->data;
  const Monitoring& g = theMonitoring;
  if (!data->monitor) {
    bool any = g.tools[int(Event::Raise)] != 0;
    for (int e = 0; e < kLocalEvents; e++) any = any || g.tools[e];
    if (!any) return false;
    data->monitor = makeMonitor(data);
  }
  CodeMonitor& m = *data->monitor;
  if (m.version == g.version) return false;
  m.version = g.version;
  if (m.restarts != g.restarts) {
    m.disabled.clear();
    m.restarts = g.restarts;
  }
  for (int e = 0; e < kLocalEvents; e++) {
    m.active[e] = g.tools[e];
    for (int tool = 0; tool < kAllTools; tool++)
      if (localEventsOf(m, tool) >> e & 1) m.active[e] |= u8(1u << tool);
  }
  patch(data, m);
  return true;
}

void disableEvent(Code* code, u32 unit, Event e, u8 tools) {
  CodeMonitor& m = *code->data->monitor;
  m.disabled[unit * kLocalEvents + u32(e)] |= tools;
  patch(code->data, m);
}

void setToolEvents(Thread& t, int tool, u32 events) {
  if (theMonitoring.events[tool] == events) return;
  theMonitoring.events[tool] = events;
  eventsChanged(t);
}

void setLocalToolEvents(Thread& t, int tool, Code* code, u32 events) {
  if (localToolEvents(code, tool) == events) return;
  CodeData* data = code->data;
  if (!data->monitor) data->monitor = makeMonitor(data);
  data->monitor->local[tool] = events;
  data->monitor->generations[tool] = theMonitoring.generations[tool];
  theMonitoring.localCodes++;
  eventsChanged(t);
  instrumentIfStale(t, code);
}

u32 localToolEvents(const Code* code, int tool) {
  return code->data->monitor ? localEventsOf(*code->data->monitor, tool) : 0;
}

void clearToolEvents(Thread& t, int tool) {
  theMonitoring.events[tool] = 0;
  theMonitoring.generations[tool]++;
  eventsChanged(t);
}

void restartDisabledEvents(Thread& t) {
  theMonitoring.restarts++;
  eventsChanged(t);
}

const u8* builtInstructions(const CodeData* data) {
  return data->monitor ? data->monitor->built.data() : reinterpret_cast<const u8*>(data->insns);
}

Op builtOpcode(const CodeData* data, const Insn* pc) {
  if (pc->op < kFirstInstrumented) return pc->opcode();
  auto at = reinterpret_cast<const u8*>(pc) - reinterpret_cast<const u8*>(data->insns);
  return Op(data->monitor->built[size_t(at)]);
}

void unpatchImage(const ModuleImage* image, u8* copy) {
  for (const CodeData* data : monitored())
    if (data->image == image && !data->ownInsns)
      memcpy(copy + data->record->insns, data->monitor->built.data(), data->monitor->built.size());
}

void dropMonitor(CodeData* data) {
  CodeMonitor* m = std::exchange(data->monitor, nullptr);
  if (!m) return;
  std::erase(monitored(), data);
  // Others may be made from the same image.
  for (size_t unit = 0; unit < m->watch.size(); unit++)
    if (m->watch[unit]) patchable(data)[unit * 4] = m->built[unit * 4];
  delete m;
}

void notePath(Thread& t, const Value* fp, const Insn* pc) {
  constexpr size_t kMostFrames = 100000;  // stale ones go at some time
  if (!t.notes) t.notes = new PathNotes;
  if (t.notes->last.size() > kMostFrames) t.notes->last.clear();
  t.notes->last[fp] = pcOffset(frameCode(fp), pc);
}

void dropPathNotes(Thread* t) { delete std::exchange(t->notes, nullptr); }

i64 notedPath(Thread& t, const Value* fp) {
  if (!t.notes) return -1;
  auto found = t.notes->last.find(fp);
  return found == t.notes->last.end() ? -1 : i64(found->second);
}

}  // namespace dx
