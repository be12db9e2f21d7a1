// The vocabulary that opcode bodies are written in.
//
// A body is a function `OP(Name) { ... NEXT(Name); }` that gets the interpreter's state in
// registers and leaves by a tail call: NEXT, GOTO, RAISE or ENTER_FRAME. Between bodies `t->fp`
// always equals fp; `t->pc` is stored (SAVE_PC) before anything that may raise or run Python.
//
// A body must not need a C++ stack frame, so it calls nothing that comes back: whatever does (a
// general case, the death of an object) stands in a PART, to which it leaves by TAIL. Bodies that
// have no fast case may call a DX_SLOW function.
#pragma once
#include "bytecode/opcode.h"
#include "runtime/api.h"
#include "runtime/frame.h"
#include "speculation/feedback.h"

namespace dx {

using bytecode::Insn;
using bytecode::kFrameHeader;
using bytecode::kKill;
using bytecode::kNoReg;
using bytecode::Op;

// As stencils of the baseline compiler (DX_STENCIL) the same bodies get relocation holes for
// operands: `pc` is then a class whose fields are holes.
#ifdef DX_STENCIL
}  // namespace dx
#include "ops/stencil_operands.h"
namespace dx {
#else
using InsnPointer = const Insn*;
#endif

#define DX_STATE Thread *t, InsnPointer pc, Value *fp, Value *consts, FeedbackSlot *feedback
#define DX_PASS t, pc, fp, consts, feedback
#define DX_HANDLER [[clang::preserve_none]] void
#define DX_SLOW [[gnu::noinline]]

using Handler = __attribute__((preserve_none)) void (*)(DX_STATE);
extern const Handler kHandlers[256];

#define OP(name) __attribute__((preserve_none)) void op##name([[maybe_unused]] DX_STATE)
#define DX_OP(name, ...) OP(name);
#include "bytecode/opcodes.def"
#undef DX_OP
__attribute__((preserve_none)) void opUnwind(DX_STATE);   // an exception is pending at pc
__attribute__((preserve_none)) void opDestroy(DX_STATE);  // t->dying has no references left; next
__attribute__((preserve_none)) void opReturnValue(DX_STATE);  // t->returnValue leaves the frame

constexpr u8 kSizeOf[] = {
#define DX_OP(name, size, ...) size,
#include "bytecode/opcodes.def"
#undef DX_OP
};
inline const Insn* stepOver(const Insn* pc, i32 bytes) {
  return reinterpret_cast<const Insn*>(reinterpret_cast<const u8*>(pc) + bytes);
}

#ifndef DX_STENCIL
#define DISPATCH() [[clang::musttail]] return kHandlers[pc->op](DX_PASS)
#define NEXT(name)                             \
  do {                                         \
    pc = stepOver(pc, kSizeOf[int(Op::name)]); \
    DISPATCH();                                \
  } while (0)
#define GOTO(distance)           \
  do {                           \
    pc = stepOver(pc, distance); \
    DISPATCH();                  \
  } while (0)
#define LEAVE(handler) [[clang::musttail]] return handler(DX_PASS)
#define LEAVE_AT(handler, at) \
  do {                        \
    pc = (at);                \
    LEAVE(handler);           \
  } while (0)
// Goes on at an instruction that is not known before.
#define RESUME_AT(at) \
  do {                \
    pc = (at);        \
    DISPATCH();       \
  } while (0)
// The rest of a body: same state, left in the same ways. Stencils leave to the interpreter's.
#define PART(name) DX_PART_TYPE name([[maybe_unused]] DX_STATE)
#else
#define PART(name)             \
  DX_PART_TYPE name(DX_STATE); \
  [[maybe_unused]] static DX_PART_TYPE stencil##name([[maybe_unused]] DX_STATE)
#endif
#define DX_PART_TYPE __attribute__((noinline, preserve_none)) void
#define RAISE() LEAVE(opUnwind)
#define SAVE_PC() (t->pc = pc)
// Runs the frame t->fp from its first instruction (or `start`).
#define ENTER_FRAME()                     \
  do {                                    \
    fp = t->fp;                           \
    CodeData* data = frameCode(fp)->data; \
    consts = data->constants;             \
    feedback = data->feedback;            \
    RESUME_AT(data->insns);               \
  } while (0)
#define RELOAD_FRAME()                    \
  do {                                    \
    fp = t->fp;                           \
    CodeData* data = frameCode(fp)->data; \
    consts = data->constants;             \
    feedback = data->feedback;            \
  } while (0)
// The usual end of a body whose work is in a slow path that says success.
#define NEXT_IF(ok, name)   \
  do {                      \
    if (!(ok)) [[unlikely]] \
      RAISE();              \
    NEXT(name);             \
  } while (0)

// ---- registers ----
DX_INLINE u32 regIndex(u16 operand) { return operand & ~kKill; }
#ifndef DX_STENCIL
#define REG(operand) fp[regIndex(pc->operand)]
#define DST(operand) fp[pc->operand]  // written: there is no kill bit
#endif

DX_INLINE void releaseValue(Value v) {
  if (v.isEmpty()) [[likely]]
    return;
  if (v.isImmediate()) [[likely]]
    return;
  Object* o = v.object();
  if (i32(o->refcount) >= 0 && --o->refcount == 0) [[unlikely]]
    deallocate(o);
}
// Gives up one reference. True: it was the last, and the object has to be destroyed.
DX_INLINE bool dropsLast(Value v) {
  if (v.isEmpty()) [[likely]]
    return false;
  if (v.isImmediate()) [[likely]]
    return false;
  Object* o = v.object();
  return i32(o->refcount) >= 0 && --o->refcount == 0;
}
// Gives up one reference unless it is the last: then false, and nothing has happened.
DX_INLINE bool dropsUnlessLast(Value v) {
  if (v.isEmpty()) return true;
  if (v.isImmediate()) return true;
  Object* o = v.object();
  if (i32(o->refcount) < 0) return true;
  if (o->refcount == 1) return false;
  o->refcount--;
  return true;
}
// Ends a body that has stored something where `old` was.
#define RELEASE_NEXT(name, old)                                  \
  do {                                                           \
    if (dropsLast(old)) [[unlikely]] {                           \
      SAVE_PC();                                                 \
      t->dying = (old).object();                                 \
      LEAVE_AT(opDestroy, stepOver(pc, kSizeOf[int(Op::name)])); \
    }                                                            \
    NEXT(name);                                                  \
  } while (0)
// Ends a body: A = an owned value.
#define SET_NEXT(name, owned) \
  do {                        \
    Value fresh = (owned);    \
    Value old = DST(a);       \
    DST(a) = fresh;           \
    RELEASE_NEXT(name, old);  \
  } while (0)
// Drops a killed operand whose value is `v`; leaves to `part`, which begins from scratch, when that
// would be its end. To be the body's first effect.
#define KILL_OR(operand, v, part)           \
  do {                                      \
    if (pc->operand & kKill) {              \
      if (!dropsUnlessLast(v)) [[unlikely]] \
        LEAVE(part);                        \
      REG(operand) = Value();               \
    }                                       \
  } while (0)
// Stores an owned value.
DX_INLINE void setReg(Value* fp, u32 index, Value owned) {
  Value old = fp[index];
  fp[index] = owned;
  releaseValue(old);
}
DX_INLINE void killOperand(Value* fp, u16 operand) {
  if (operand & kKill) {
    Value v = fp[operand & ~kKill];
    fp[operand & ~kKill] = Value();
    releaseValue(v);
  }
}
// The operand as an owned value: moved when killed, retained otherwise.
DX_INLINE Value takeOperand(Value* fp, u16 operand) {
  Value v = fp[regIndex(operand)];
  if (operand & kKill)
    fp[operand & ~kKill] = Value();
  else
    incref(v);
  return v;
}
// Ends an op with a Result: kills operands, stores.
DX_INLINE bool finish(Value* fp, u16 dst, Result<Ref<>>& r) {
  if (!r) return false;
  setReg(fp, dst, std::move(r).take().release());
  return true;
}

#ifdef DX_STENCIL
// The same for operands that are holes.
template <class Hole>
  requires(Hole::kRegister)
DX_INLINE void setReg(Value* fp, Hole hole, Value owned) {
  Value& reg = hole.in(fp);
  Value old = reg;
  reg = owned;
  releaseValue(old);
}
template <class Hole>
  requires(Hole::kRegister)
DX_INLINE void killOperand(Value* fp, Hole hole) {
  if (u16(hole) & kKill) {
    Value& reg = hole.in(fp);
    Value v = reg;
    reg = Value();
    releaseValue(v);
  }
}
template <class Hole>
  requires(Hole::kRegister)
DX_INLINE Value takeOperand(Value* fp, Hole hole) {
  Value& reg = hole.in(fp);
  Value v = reg;
  if (u16(hole) & kKill)
    reg = Value();
  else
    incref(v);
  return v;
}
#endif

constexpr u64 kTag = 1;
template <class T>
DX_INLINE Value tagged(const T* p, u64 low = 0) {
  return Value::fromBits(reinterpret_cast<u64>(p) | low | kTag);
}
DX_INLINE Value previousWord(const Value* fp, FrameKind kind) { return tagged(fp, u64(kind) << 1); }
constexpr size_t kValueStackWords = (size_t(64) << 20) / sizeof(Value);
constexpr size_t kStackReserve = 4096;  // words behind Thread::stackEnd
// Generator frames live on the heap; their callees' frames cannot follow them in memory.
DX_INLINE bool onStack(const Thread* t, const Value* fp) {
  return size_t(fp - t->stackBase) < kValueStackWords;
}

// ---- feedback ----
// Of slow paths; enough of them tell. The fast paths of small ints note nothing.
constexpr u8 kNotedRuns = 64;
#define NOTE_OPERANDS(slotOperand, l, r)                         \
  do {                                                           \
    OperandFeedback& noted = feedback[pc->slotOperand].operands; \
    if (noted.slow < kNotedRuns) noteOperands(noted, l, r);      \
  } while (0)
#define NOTE_FLOATS(slotOperand) feedback[pc->slotOperand].operands.addFloats()
#define NOTE_TARGET(slotOperand, kind, what, number)            \
  do {                                                          \
    TargetFeedback& noted = feedback[pc->slotOperand].target;   \
    if (noted.target == reinterpret_cast<u64>(what)) [[likely]] \
      noted.hits++;                                             \
    else                                                        \
      noteTarget(noted, kind, what, number);                    \
  } while (0)

// `end` is past what a frame needs: false when it is not on the value stack (the caller is a
// generator, whose frame is on the heap) or too far up.
DX_INLINE bool endsOnStack(const Thread* t, const Value* end) {
  return size_t(end - t->stackBase) < kValueStackWords - kStackReserve;
}

// Where the registers of a frame called from `fp` may start: ops/generator_frames.h for the rest.
DX_INLINE Value* callRegisters(Thread* t, Value* fp) {
  if (!onStack(t, fp)) [[unlikely]]
    return frameGenerator(fp)->calleeBase;
  return fp + frameCode(fp)->data->registerCount + kFrameHeader + 2;
}
// Room for a frame of `data` at `args`, and for one more call.
DX_INLINE bool roomForFrame(const Thread* t, const Value* args, const CodeData* data) {
  return args + data->registerCount < t->stackEnd && t->recursionDepth < t->recursionLimit;
}
// Makes locals from `from` on unbound. Temporaries need nothing: what is above the running frame on
// the stack holds no references, at most immediates.
DX_INLINE void clearLocals(Value* registers, u32 from, const CodeData* data) {
  u32 n = data->localCount;
#pragma clang loop unroll(disable) vectorize(disable)
  for (u32 i = from; i < n; i++) {
    registers[i] = Value();
    asm volatile("");  // not worth a call of memset
  }
}

// Pushes the frame of a Python function whose parameters stand at args[0 .. bound) and which itself
// is args[-1]; there is room. For FrameKind::Init `extraOwned` is the instance.
DX_INLINE void pushPlainFrame(Thread* t, const Insn* pc, Value* fp, Value* args, u32 bound,
                              Code* code, CodeData* data, FrameKind kind = FrameKind::Call,
                              Value extraOwned = Value()) {
  t->recursionDepth++;
  args[kExtra] = extraOwned;
  args[kObject] = Value();
  args[kCode] = tagged(code);
  args[kReturn] = tagged(pc);
  args[kPrevious] = previousWord(fp, kind);
  clearLocals(args, bound, data);
  t->fp = args;
}
// Goes on in the frame that was pushed at `args`.
#define ENTER_CALLEE(args, data) \
  do {                           \
    fp = args;                   \
    consts = (data)->constants;  \
    feedback = (data)->feedback; \
    RESUME_AT((data)->insns);    \
  } while (0)

// Constant `i`, made when first used; empty with an exception on failure.
DX_SLOW Value makeConstant(Thread* t, Value* fp, u32 i);
#define NAME_CONSTANT(i) (consts[i] ? consts[i] : makeConstant(t, fp, i))

// Makes code report the events that are wanted now, if it does not yet: was it so?
// interp/monitor_code.cpp.
bool instrumentIfStale(Thread& t, Code* code);

// ---- frame entry, implemented by interp/frame_entry.cpp ----
enum class CallOutcome : u8 {
  Error,  // an exception is pending
  Value,  // the result is in t->returnValue (owned)
  Frame,  // a frame was pushed: t->fp is new
};
// Calls args[-1] with the owned values args[0 .. argc + names): all of the window is consumed. `pc`
// is the instruction to come back to, of frame fp.
DX_SLOW CallOutcome callWindow(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc,
                               const Tuple* names);
// The same for a Python function, which args[-1] is. Owns extraOwned: the instance of
// FrameKind::Init.
CallOutcome callPython(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc,
                       const Tuple* names, FrameKind kind, Value extraOwned);
// Moves owned arguments (keyword values last, named by `names` or null) into `registers`, which may
// be where they are, as the parameters of f, when they fit without a question. False: nothing has
// happened. Runs no Python.
bool bindQuickly(Function* f, Value* args, u32 argc, const Tuple* names, Value* registers);
// Calls `calleeOwned` with the items of a tuple and of a dict (null: none), both borrowed.
DX_SLOW CallOutcome callSpread(Thread* t, const Insn* pc, Value* fp, Value calleeOwned, Tuple* args,
                               Dict* keywords);
// Resumes generator g for the instruction at pc (ForIter, Send): pushes its frame.
DX_SLOW CallOutcome resumeGenerator(Thread* t, const Insn* pc, Value* fp, Generator* g,
                                    Value sentOwned);

// The calls of CallKw and CallEx.
DX_SLOW CallOutcome callKeywords(Thread* t, const Insn* pc, Value* fp);
DX_SLOW CallOutcome callEx(Thread* t, const Insn* pc, Value* fp);

// What follows a callWindow.
#define AFTER_CALL(outcome, name)                    \
  do {                                               \
    CallOutcome result = (outcome);                  \
    if (result == CallOutcome::Frame) ENTER_FRAME(); \
    if (result == CallOutcome::Error) [[unlikely]]   \
      RAISE();                                       \
    setReg(fp, pc->a, t->returnValue);               \
    t->returnValue = Value();                        \
    NEXT(name);                                      \
  } while (0)

}  // namespace dx
