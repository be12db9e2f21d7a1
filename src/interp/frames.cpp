// Frames as the rest of the runtime sees them (runtime/frame.h).
#include "interp/entry.h"
#include "runtime/frame_locals.h"
#include "runtime/monitoring.h"

namespace dx {

Dict* currentGlobals(Thread& t) { return t.fp ? frameFunction(t.fp)->globals : nullptr; }

Value currentBuiltins(Thread& t) {
  return t.fp ? frameFunction(t.fp)->builtins : Value(theInterpreter.builtinsDict);
}

Code* currentCode(Thread& t) { return t.fp ? frameCode(t.fp) : nullptr; }

static bool pcIsIn(const Code* code, const Insn* pc) {
  auto* base = reinterpret_cast<const u8*>(code->data->insns);
  auto* at = reinterpret_cast<const u8*>(pc);
  return at >= base && at < base + code->data->record->insnBytes;
}

const Insn* framePc(const Thread& t, const Value* fp, const Value* callee) {
  const Code* code = frameCode(fp);
  const Insn* pc;
  if (!callee)
    pc = t.pc;
  else if (isGeneratorFrame(callee))
    pc = resumedBy(callee);
  else
    pc = frameReturn(callee);
  return pcIsIn(code, pc) ? pc : code->data->insns;
}

// The instruction that a live frame is at, found from the top of the stack; suspended generators
// stand at their Yield.
static const Insn* livePc(Thread& t, const Value* fp) {
  auto find = [fp](const Thread& thread) -> const Insn* {
    const Value* callee = nullptr;
    for (const Value* at = thread.fp; at; callee = at, at = framePrevious(at))
      if (at == fp) return framePc(thread, fp, callee);
    return nullptr;
  };
  if (const Insn* pc = find(t)) return pc;
  for (const Thread* thread : allThreads())
    if (thread != &t)
      if (const Insn* pc = find(*thread)) return pc;
  return frameReturn(fp);
}

u32 pcOffset(const Code* code, const Insn* pc) {
  if (!pc || !pcIsIn(code, pc)) return 0;
  return u32(reinterpret_cast<const u8*>(pc) - reinterpret_cast<const u8*>(code->data->insns));
}

FrameObject* frameObject(Thread& t, Value* fp) {
  if (fp[kObject].isObject()) return fp[kObject].as<FrameObject>();
  Ref<FrameObject> f = make<FrameObject>(&PyFrame_Type);
  Function* function = frameFunction(fp);
  f->frame = reinterpret_cast<Frame*>(fp);
  f->code = retainObject(frameCode(fp)).release();
  f->globals = retainObject(function->globals).release();
  f->builtins = retain(function->builtins).release();
  f->locals = retain(frameNamespace(fp)).release();
  f->traceLines = 1;
  gcTrack(f);
  fp[kObject] = Value(f.release());
  return fp[kObject].as<FrameObject>();
}

Value* frameRegisters(FrameObject* f) {
  return f->frame ? reinterpret_cast<Value*>(f->frame) : f->registers;
}

Ref<> frameBack(Thread& t, FrameObject* f) {
  if (f->back) return retain(f->back);
  if (!f->frame) return {};
  auto* fp = reinterpret_cast<Value*>(f->frame);
  if (isGeneratorFrame(fp)) settleGenerator(frameGenerator(fp));
  Value* previous = framePrevious(fp);
  if (!previous) return {};
  return Ref<>::retain(frameObject(t, previous));
}

i32 frameLine(Thread& t, FrameObject* f) {
  if (f->lineno) return f->lineno;
  const auto* base = reinterpret_cast<const u8*>(f->code->data->insns);
  const Insn* pc = f->frame ? livePc(t, reinterpret_cast<Value*>(f->frame))
                            : reinterpret_cast<const Insn*>(base + f->pcOffset);
  SourcePosition p = positionAt(f->code, pc);
  return p.line == 0 && p.col < 0 ? -1 : p.line;
}

static Cell* cellOf(FrameObject* f, u32 i, Value v) {
  if (!v.isObject() || v.object()->type != &PyCell_Type) return nullptr;
  return localKinds(f->code)[i] & (bytecode::kLocalCell | bytecode::kLocalFree) ? v.as<Cell>()
                                                                                : nullptr;
}

Value frameGetLocal(FrameObject* f, u32 i) {
  Value* registers = frameRegisters(f);
  if (!registers) return Value();
  Value v = registers[i];
  if (Cell* cell = cellOf(f, i, v)) return cell->content;
  return v;
}

static u8 localKind(const FrameObject* f, u32 i) { return localKinds(f->code)[i]; }

bool frameShowsLocal(FrameObject* f, u32 i) {
  bool hidden = localKind(f, i) & bytecode::kLocalHidden;
  if (hidden && !frameGetLocal(f, i)) return false;
  Tuple* names = localNames(f->code);
  // Of several comprehensions the inner one has the later register.
  for (u32 k = hidden ? i + 1 : 0; k < u32(names->size); k++)
    if (k != i && (localKind(f, k) & bytecode::kLocalHidden) &&
        equalStr(names->items[k].as<Str>(), names->items[i].as<Str>()) && frameGetLocal(f, k))
      return false;
  return true;
}

bool frameInComprehension(FrameObject* f) {
  for (u32 i = 0; i < u32(localNames(f->code)->size); i++)
    if ((localKind(f, i) & bytecode::kLocalHidden) && frameGetLocal(f, i)) return true;
  return false;
}

void frameSetLocal(FrameObject* f, u32 i, Ref<> value) {
  Value* registers = frameRegisters(f);
  if (!registers) return;
  Value v = registers[i];
  if (Cell* cell = cellOf(f, i, v)) {
    setField(cell->content, std::move(value));
    return;
  }
  registers[i] = value.release();
  if (!v.isObject()) return;
  // The running function may be using `v` without owning it: keep it until the frame object dies.
  if (!f->overwritten) f->overwritten = Value(newList().release());
  listAppend(f->overwritten.as<List>(), Ref<>::steal(v));
}

void frameClear(Thread& t, FrameObject* f) {
  Value* registers = f->registers;
  if (f->frame || !registers) return;
  for (u32 i = 0; i < f->code->data->localCount; i++) decref(std::exchange(registers[i], Value()));
}

void addTraceback(Thread& t, Value* fp, const Insn* pc) {
  auto* e = t.currentException;
  Ref<Traceback> tb = make<Traceback>(&PyTraceBack_Type);
  Code* code = frameCode(fp);
  tb->frame = retainObject(frameObject(t, fp)).release();
  tb->lasti = i32(pcOffset(code, pc));
  tb->lineno = kLineUnknown;
  tb->next = std::exchange(e->traceback, Value());
  if (isNone(tb->next)) tb->next = Value();
  gcTrack(tb);
  e->traceback = Value(tb.release());
}

i32 tracebackLine(Traceback* tb) {
  if (tb->lineno != kLineUnknown) return tb->lineno;
  Code* code = tb->frame->code;
  const auto* base = reinterpret_cast<const u8*>(code->data->insns);
  tb->lineno = tb->lasti < 0
                   ? code->firstLine
                   : positionAt(code, reinterpret_cast<const Insn*>(base + tb->lasti)).line;
  return tb->lineno;
}

static bool hasHiddenLocals(const Code* code) {
  for (i32 i = 0; i < code->localsPlusCount; i++)
    if (localKinds(code)[i] & bytecode::kLocalHidden) return true;
  return false;
}

Result<Ref<>> currentLocals(Thread& t) {
  if (!t.fp) return t.raise(kSystemError, "frame does not exist");
  Code* code = frameCode(t.fp);
  if (!(code->flags & bytecode::kCodeOptimized) &&
      !(hasHiddenLocals(code) && frameInComprehension(frameObject(t, t.fp)))) {
    Value ns = frameNamespace(t.fp);
    return ns ? retain(ns) : Ref<>::retain(frameFunction(t.fp)->globals);
  }
  FrameObject* f = frameObject(t, t.fp);
  Ref<Dict> locals = newDict();
  Tuple* names = localNames(code);
  for (u32 i = 0; i < u32(names->size); i++) {
    if (!frameShowsLocal(f, i)) continue;
    if (Value v = frameGetLocal(f, i)) TRY(dictSet(t, locals, names->items[i], v));
  }
  if (f->extraLocals) TRY(dictMerge(t, locals, f->extraLocals));
  return Ref<>(std::move(locals));
}

Result<void> superFrameArgs(Thread& t, Type** cls, Value* self) {
  Value* fp = t.fp;
  if (!fp) return t.raise(kRuntimeError, "super(): no current frame");
  Code* code = frameCode(fp);
  if (code->argCount == 0) return t.raise(kRuntimeError, "super(): no arguments");
  Value first = fp[0];
  if (first.isObject() && first.object()->type == &PyCell_Type &&
      (localKinds(code)[0] & bytecode::kLocalCell))
    first = first.as<Cell>()->content;
  if (!first) return t.raise(kRuntimeError, "super(): arg[0] deleted");
  Tuple* names = localNames(code);
  const u8* kinds = localKinds(code);
  for (u32 i = 0; i < u32(names->size); i++) {
    if (!(kinds[i] & bytecode::kLocalFree) || !equalAscii(names->items[i].as<Str>(), "__class__"))
      continue;
    Value cell = fp[i];
    if (!cell || cell.object()->type != &PyCell_Type)
      return t.raise(kRuntimeError, "super(): bad __class__ cell");
    Value content = cell.as<Cell>()->content;
    if (!content) return t.raise(kRuntimeError, "super(): empty __class__ cell");
    if (!isType(content))
      return t.raise(kRuntimeError, "super(): __class__ is not a type ({})", typeOf(content));
    *cls = content.as<Type>();
    *self = first;
    return {};
  }
  return t.raise(kRuntimeError, "super(): __class__ cell not found");
}

// Replaced code objects; freed at exit.
static std::vector<Ref<Code>>& retiredCodes() {
  static auto* codes = new std::vector<Ref<Code>>;
  return *codes;
}
void retireCode(Ref<Code> code) { retiredCodes().push_back(std::move(code)); }

void visitStack(Thread& t, Visitor& v) {
  for (Value* fp = t.fp; fp; fp = framePrevious(fp)) {
    v(fp[kCallable]);
    v(fp[kObject]);
    if (!isGeneratorFrame(fp)) v(fp[kExtra]);
    for (u32 i = 0; i < frameCode(fp)->data->registerCount; i++) v(fp[i]);
  }
}

}  // namespace dx
