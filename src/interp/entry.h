// Inside the interpreter: pushing and popping frames.
#pragma once
#include "ops/generator_frames.h"

namespace dx {

// Moves the owned arguments into `registers` (which may be where they are) as the parameters of f,
// filling defaults. On failure everything is released and an exception is pending.
bool bindParameters(Thread& t, Function* f, Value* args, u32 argc, const Tuple* names,
                    Value* registers);

// Pushes a frame whose parameters are bound in registers[0..argRegisters). Owns `callableOwned`.
// False: RecursionError (everything released).
bool pushFrame(Thread& t, Value callableOwned, Code* code, Value* registers, const Insn* pc,
               Value* caller, FrameKind kind, Value extraOwned = Value());

// Releases what the frame owns and takes it off: t.fp becomes the previous frame.
void popFrame(Thread& t, Value* fp);

// A new generator, coroutine or async generator of f, whose parameters are bound at `registers`
// (moved).
Ref<> makeGenerator(Thread& t, Function* f, Value* registers);

// Runs from frame t.fp (pushed with FrameKind::Entry) until it returns: the result, or error.
Result<Ref<>> enterInterpreter(Thread& t);
// The same for a frame that goes on at `pc`, or with the pending exception raised there.
Result<Ref<>> resumeInterpreter(Thread& t, const Insn* pc, bool raising);

// A generator's frame has returned or been unwound: releases its registers.
void finishGenerator(Thread& t, Value* fp, bool returned);
}  // namespace dx
