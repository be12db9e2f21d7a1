// Frames: how a running function looks on the thread's value stack (design §7), and what the
// runtime may ask of it. The interpreter implements what is declared here (interp/).
//
//   fp[-6]  kExtra     namespace mapping of class and module bodies (owned), the instance that an
//                      __init__ frame initializes (owned), or the running Generator (tagged)
//   fp[-5]  kObject    the frame's FrameObject if somebody asked for it (owned), else empty
//   fp[-4]  kCode      Code*, tagged (the callable or the retired list keeps it alive)
//   fp[-3]  kReturn    const Insn* of the caller's instruction to go on from, tagged; in a
//                      suspended generator: the Yield that it stopped at
//   fp[-2]  kPrevious  the caller's fp with FrameKind in bits 1-2, tagged
//   fp[-1]  kCallable  the function (owned)
//   fp[0..] registers: locals, then temporaries and call windows
//
// "Tagged" words have bit 0 set, so that they read as immediates and need no clearing.
#pragma once
#include "memory/collector.h"
#include "runtime/code.h"

namespace dx {

enum FrameWord {
  kExtra = -6,
  kObject = -5,
  kCode = -4,
  kReturn = -3,
  kPrevious = -2,
  kCallable = -1
};
enum class FrameKind : u8 {
  Call = 0,    // returns to the instruction kReturn of the previous frame
  Init = 1,    // likewise; result is the instance in kExtra
  Entry = 2,   // returns to C++ (enterInterpreter)
  Resume = 3,  // a generator resumed by ForIter or Send of the previous frame
};

inline Code* frameCode(const Value* fp) {
  return reinterpret_cast<Code*>(fp[kCode].bits() & ~u64(1));
}
inline Value* framePrevious(const Value* fp) {
  return reinterpret_cast<Value*>(fp[kPrevious].bits() & ~u64(7));
}
inline FrameKind frameKind(const Value* fp) { return FrameKind(fp[kPrevious].bits() >> 1 & 3); }
inline const bytecode::Insn* frameReturn(const Value* fp) {
  return reinterpret_cast<const bytecode::Insn*>(fp[kReturn].bits() & ~u64(1));
}
inline Function* frameFunction(const Value* fp) { return fp[kCallable].as<Function>(); }
inline bool isGeneratorFrame(const Value* fp) {
  return frameCode(fp)->flags & bytecode::kCodeAnyGenerator;
}
inline Generator* frameGenerator(const Value* fp) {
  return reinterpret_cast<Generator*>(fp[kExtra].bits() & ~u64(1));
}
// Namespace of class and module bodies, else empty.
inline Value frameNamespace(const Value* fp) {
  return fp[kExtra].isObject() && frameKind(fp) != FrameKind::Init ? fp[kExtra] : Value();
}

// ---- the running frame; null fp: no Python frame runs ----
Dict* currentGlobals(Thread& t);  // the innermost Python frame's, or null
Value currentBuiltins(Thread& t);
Code* currentCode(Thread& t);
Result<Ref<>> currentLocals(Thread& t);  // locals(): namespace, or a fresh snapshot dict (PEP 667)
// The instruction a frame is at: t.pc for the innermost, else the return address of its callee.
// `callee` is the frame that was entered from fp, or null.
const bytecode::Insn* framePc(const Thread& t, const Value* fp, const Value* callee);

// The frame object of a live frame: made on first request, borrowed from the frame.
FrameObject* frameObject(Thread& t, Value* fp);
// The next outer frame's object (new reference) or empty.
Ref<> frameBack(Thread& t, FrameObject* f);
// A traceback entry's line is worked out when somebody asks, as in CPython.
constexpr i32 kLineUnknown = -1;
i32 tracebackLine(Traceback* tb);          // 0: none
i32 frameLine(Thread& t, FrameObject* f);  // -1: the instruction has none
// Registers of a frame object, live or left.
Value* frameRegisters(FrameObject* f);
// Writes a local of a live or dead frame (f_locals write-through): cells are seen through; what was
// there stays alive until the frame object dies, because running code may have borrowed it.
void frameSetLocal(FrameObject* f, u32 index, Ref<> value);
Value frameGetLocal(FrameObject* f, u32 index);  // borrowed; cells seen through; empty: unbound
void frameClear(Thread& t, FrameObject* f);      // frame.clear() of a frame that is not executing
// Adds (frame, instruction, line) of frame fp to the pending exception's traceback.
void addTraceback(Thread& t, Value* fp, const bytecode::Insn* pc);

// super() without arguments: the class from the __class__ cell and the first argument.
Result<void> superFrameArgs(Thread& t, Type** cls, Value* self);
// Runs a class body function in namespace `ns`; gives the __class__ cell or None.
Result<Ref<>> runClassBody(Thread& t, Function* body, Value ns);

// Keeps a replaced code object (function.__code__ = ...) alive: frames may run it.
void retireCode(Ref<Code> code);

// ---- generators and coroutines ----
// Resumes with a value (None or empty to start). Yielded: the value, *finished = false. Returned:
// the result, *finished = true. Error: exception pending. "already executing" texts included.
Result<Ref<>> generatorSend(Thread& t, Generator* g, Value sent, bool* finished);
// Raises the pending exception inside the generator at its suspension point.
Result<Ref<>> generatorThrowPending(Thread& t, Generator* g, bool* finished);
// Takes the chain of delegating generators that g is in apart, unless it runs, so that g's state
// and frame are what they seem.
void settleGenerator(Generator* g);
// The iterator a suspended generator delegates to (yield from / await), borrowed, or empty.
Value generatorDelegate(Generator* g);
// Remembers where coroutine `g` was made (sys.set_coroutine_origin_tracking_depth); builtins/.
void setCoroutineOrigin(Thread& t, Generator* g);
// Does an exception at a suspended generator's Yield reach a handler of its own: try, with, or one
// that the compiler made for cleaning up?
bool generatorWantsExit(Generator* g);
// Ends a generator object whose fields but `code` were released.
void freeGenerator(Generator* g);
// Releases the frame of a suspended or fresh generator without running it.
void generatorDropFrame(Generator* g);
void generatorVisitFrame(Generator* g, Visitor& v);

// Visits the owned values of all frames of a thread's stack (roots for debugging; the collector
// works by counts and does not need it).
void visitStack(Thread& t, Visitor& v);

}  // namespace dx
