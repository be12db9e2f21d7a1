// Calls, returns and function objects.
#include "ops/vocabulary.h"
#include "runtime/call.h"
#include "runtime/native.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {

// A native function as it stands in a call window. Its arguments are registers of the calling
// frame, consumed like the callee in args[-1]. Plain calling convention: of a handler's state only
// `feedback` does not survive by itself.
struct NativeCallee {
  const NativeFunction* def = nullptr;
  Value self;
  u32 skip = 0;  // arguments that `self` was taken from
};
DX_INLINE NativeCallee nativeCallee(Value callee, Value* args, u32 argc) {
  Type* type = callee.object()->type;
  if (type == &PyCFunction_Type)
    return {callee.as<CFunction>()->def, callee.as<CFunction>()->self, 0};
  if (type == &PyMethodDescr_Type && argc > 0 &&
      typeOf(args[0]) == callee.as<MethodDescriptor>()->owner)
    return {callee.as<MethodDescriptor>()->def, args[0], 1};
  return {};
}
// Releases a register of a call window; immediates may stay.
DX_INLINE void leaveEmpty(Value& reg) {
  Value v = reg;
  if (v.isImmediate()) return;
  reg = Value();
  releaseValue(v);
}
// Ends a call of something native: releases the window, gives the result.
DX_INLINE Value finishNative(Value* args, u32 argc, Result<Ref<>> r) {
  for (u32 i = 0; i < argc; i++) leaveEmpty(args[i]);
  leaveEmpty(args[-1]);
  return std::move(r).take().release();
}
DX_INLINE Value callNative(Thread* t, Value* args, u32 argc, const NativeFunction* def, Value self,
                           u32 skip) {
  return finishNative(args, argc, def->fn(*t, self, Args(args + skip, argc - skip)));
}
// A static type, which no Python __init__ takes part in.
DX_NOINLINE Value callStaticType(Thread* t, Value* args, u32 argc) {
  return finishNative(args, argc, typeCall(*t, args[-1], Args(args, argc)));
}

// Appends the defaults of missing arguments when these can complete the call of a plain function;
// gives their number.
DX_NOINLINE u32 addDefaults(Thread* t, Function* f, Value* args, u32 argc, u32 wanted) {
  if (!f->defaults || wanted == ~u32(0) || argc > wanted || args + wanted + 64 >= t->stackEnd)
    return 0;
  Values defaults = valuesOf(f->defaults.as<Tuple>());
  u32 missing = wanted - argc;
  if (missing > defaults.size()) return 0;
  for (u32 i = 0; i < missing; i++) {
    Value v = defaults[defaults.size() - missing + i];
    incref(v);
    args[argc + i] = v;
  }
  return missing;
}

// Positional arguments become the parameters of a function with *args, ** or keyword-only ones,
// where they are, if there is room for its frame. False: the general way (nothing has happened).
DX_NOINLINE bool bindInPlace(Thread* t, Function* f, Value* args, u32 argc) {
  Code* code = f->code;
  return code->data->simpleArgs == ~u32(0) && !(code->flags & bytecode::kCodeAnyGenerator) &&
         onStack(t, args) && args + argc + 64 < t->stackEnd && roomForFrame(t, args, code->data) &&
         bindQuickly(f, args, argc, nullptr, args);
}

// A generator's frame is not on the stack: its callee's frame cannot begin in the window. Moves the
// window to where it can.
DX_NOINLINE Value* moveWindow(Thread* t, Value* fp, Value* args, u32 argc) {
  Value* to = callRegisters(t, fp);
  if (to + argc + 64 >= t->stackEnd) return args;
  for (i64 i = -1; i < i64(argc); i++) to[i] = std::exchange(args[i], Value());
  return to;
}

// An instance of the Python class args[-1], whose frame of __init__ is pushed. False: the general
// way (nothing has happened).
DX_NOINLINE bool enterInit(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc) {
  auto* cls = args[-1].as<Type>();
  TypeData* info = cls->data;
  Function* init = info->initFunction;
  if (!init || cls->versionTag == 0 || info->initVersion != cls->versionTag || !onStack(t, fp))
    return false;
  Code* code = init->code;
  CodeData* data = code->data;
  // One more word than the window has.
  if (args + argc + 65 >= t->stackEnd || !roomForFrame(t, args, data)) return false;
  if (data->simpleArgs != argc + 1) {
    if (data->simpleArgs == ~u32(0) || argc + 1 > data->simpleArgs) return false;
    u32 added = addDefaults(t, init, args, argc + 1, data->simpleArgs);
    if (added == 0) return false;
    // They stand one word further, where they belong when the instance comes first.
  }
  for (u32 i = argc; i > 0; i--) args[i] = args[i - 1];
  Object* self = newInstance(cls);
  if (cls->has(kTypeHasGc) && !gcIsTracked(self)) gcTrack(self);
  increfObject(self);
  args[0] = Value(self);
  increfObject(init);
  args[-1] = Value(init);
  decrefObject(cls);
  pushPlainFrame(t, pc, fp, args, data->simpleArgs, code, data, FrameKind::Init, Value(self));
  return true;
}

// interp/generators.cpp
Ref<> makeGenerator(Thread& t, Function* f, Value* registers);
// A new generator or coroutine, when the function gets just its positional parameters: these move
// into its frame. Empty: the general way.
DX_SLOW Value newGenerator(Thread* t, Function* f, Value* args, u32 argc) {
  Code* code = f->code;
  constexpr u32 kComplex = bytecode::kCodeVarArgs | bytecode::kCodeVarKeywords;
  if (u32(code->argCount) != argc || (code->flags & kComplex) || code->kwOnlyCount) return Value();
  Value g = makeGenerator(*t, f, args).release();
  args[-1] = Value();
  decrefObject(f);
  return g;
}

// Everything but a plain function that gets just its positional parameters. The two forms differ in
// nothing but how their window is found, which was done already.
#define CALL_REST(name, part, argsOfWindow, argcOfWindow)                                      \
  PART(part) {                                                                                 \
    Value* args = argsOfWindow;                                                                \
    u32 argc = argcOfWindow;                                                                   \
    Value callee = args[-1];                                                                   \
    if (callee.isObject()) [[likely]] {                                                        \
      Type* type = callee.object()->type;                                                      \
      if (NativeCallee native = nativeCallee(callee, args, argc); native.def) {                \
        NOTE_TARGET(d, TargetKind::Native, native.def, 0);                                     \
        SAVE_PC();                                                                             \
        Value v = callNative(t, args, argc, native.def, native.self, native.skip);             \
        if (!v) [[unlikely]]                                                                   \
          RAISE();                                                                             \
        setReg(fp, pc->a, v);                                                                  \
        NEXT(name);                                                                            \
      }                                                                                        \
      if (type == &PyFunction_Type) {                                                          \
        Code* code = callee.as<Function>()->code;                                              \
        CodeData* data = code->data;                                                           \
        NOTE_TARGET(d, TargetKind::Code, data, data->serial);                                  \
        if (code->flags & bytecode::kCodeAnyGenerator) {                                       \
          SAVE_PC();                                                                           \
          if (Value g = newGenerator(t, callee.as<Function>(), args, argc)) {                  \
            setReg(fp, pc->a, g);                                                              \
            NEXT(name);                                                                        \
          }                                                                                    \
        }                                                                                      \
        if (!onStack(t, fp)) args = moveWindow(t, fp, args, argc);                             \
        if (data->simpleArgs != argc)                                                          \
          argc += addDefaults(t, callee.as<Function>(), args, argc, data->simpleArgs);         \
        if (data->simpleArgs == argc && onStack(t, args) && roomForFrame(t, args, data))       \
            [[likely]] {                                                                       \
          pushPlainFrame(t, pc, fp, args, argc, code, data);                                   \
          ENTER_CALLEE(args, data);                                                            \
        }                                                                                      \
        if (bindInPlace(t, callee.as<Function>(), args, argc)) {                               \
          pushPlainFrame(t, pc, fp, args, data->argRegisters, code, data);                     \
          ENTER_CALLEE(args, data);                                                            \
        }                                                                                      \
      } else if (type == &PyType_Type) {                                                       \
        NOTE_TARGET(                                                                           \
            d, callee.as<Type>()->has(kTypeHeap) ? TargetKind::Class : TargetKind::StaticType, \
            callee.as<Type>(), callee.as<Type>()->versionTag);                                 \
        if (!callee.as<Type>()->has(kTypeHeap)) {                                              \
          SAVE_PC();                                                                           \
          Value v = callStaticType(t, args, argc);                                             \
          if (!v) [[unlikely]]                                                                 \
            RAISE();                                                                           \
          setReg(fp, pc->a, v);                                                                \
          NEXT(name);                                                                          \
        }                                                                                      \
        if (enterInit(t, pc, fp, args, argc)) ENTER_FRAME();                                   \
      }                                                                                        \
    }                                                                                          \
    AFTER_CALL(callWindow(t, pc, fp, args, argc, nullptr), name);                              \
  }

DX_INLINE Type* ownerOf(const CFunction*) { return nullptr; }
DX_INLINE Type* ownerOf(const MethodDescriptor* d) { return d->owner; }
DX_INLINE bool receiverIs(Value v, const Type* type) {
  if (v.isImmediate()) [[unlikely]]
    return typeOf(v) == type;
  return v.object()->type == type;
}

DX_NOINLINE Value runGeneralNative(Thread* t, const NativeFunction* def, Value self, Value* args,
                                   u32 n) {
  Result<Ref<>> r = def->fn(*t, self, Args(args, n));
  return std::move(r).take().release();
}
DX_INLINE Value runNative(Thread* t, const NativeFunction* def, Value self, Value* args, u32 n) {
  if (!def->takesDirectly(n)) [[unlikely]]
    return runGeneralNative(t, def, self, args, n);
  Result<Ref<>> r = def->direct(*t, self, args, n);
  return std::move(r).take().release();
}

// Calls a native function, or a native method whose receiver is exactly of its type (`skip` is 1):
// by its entry for just these arguments, where it has one.
#define CALL_NATIVE(name, part, rest, Callee, skip, selfOf, argsOfWindow, argcOfWindow) \
  PART(part) {                                                                          \
    Value* args = argsOfWindow;                                                         \
    u32 argc = argcOfWindow;                                                            \
    auto* callee = args[-1].as<Callee>();                                               \
    const NativeFunction* def = callee->def;                                            \
    if (skip && (argc == 0 || !receiverIs(args[0], ownerOf(callee)))) [[unlikely]]      \
      LEAVE(rest);                                                                      \
    Value self = selfOf;                                                                \
    NOTE_TARGET(d, TargetKind::Native, def, 0);                                         \
    SAVE_PC();                                                                          \
    Value v = runNative(t, def, self, args + skip, argc - skip);                        \
    args[-1] = Value();                                                                 \
    for (Value* at = args; argc > 0; at++, argc--) {                                    \
      Value held = *at;                                                                 \
      if (held.isImmediate()) continue;                                                 \
      *at = Value();                                                                    \
      Object* o = held.object();                                                        \
      if (i32(o->refcount) >= 0 && --o->refcount == 0) [[unlikely]]                     \
        deallocate(o);                                                                  \
    }                                                                                   \
    decrefObject(callee);                                                               \
    if (!v) [[unlikely]]                                                                \
      RAISE();                                                                          \
    SET_NEXT(name, v);                                                                  \
  }

// Calls the plain function that was called here before, which gets just its positional parameters,
// from a frame on the stack; leaves to `native` with a callee of type `nativeType`, to `rest` with
// anything else.
#define CALL_PLAIN(args, argc, nativeType, native, rest)                                           \
  do {                                                                                             \
    Value callee = (args)[-1];                                                                     \
    if (callee.isObject()) [[likely]] {                                                            \
      if (callee.object()->type == &PyFunction_Type) [[likely]] {                                  \
        Code* code = callee.as<Function>()->code;                                                  \
        CodeData* data = code->data;                                                               \
        TargetFeedback& seen = feedback[pc->d].target;                                             \
        if (seen.target == reinterpret_cast<u64>(data) && data->simpleArgs == (argc) &&            \
            endsOnStack(t, (args) + data->registerCount) && t->recursionDepth < t->recursionLimit) \
            [[likely]] {                                                                           \
          seen.hits++;                                                                             \
          pushPlainFrame(t, pc, fp, args, argc, code, data);                                       \
          ENTER_CALLEE(args, data);                                                                \
        }                                                                                          \
      } else if (callee.object()->type == &nativeType) {                                           \
        LEAVE(native);                                                                             \
      }                                                                                            \
    }                                                                                              \
    LEAVE(rest);                                                                                   \
  } while (0)

CALL_REST(Call, callRest, fp + pc->b + kFrameHeader, pc->c)
CALL_NATIVE(Call, callFunction, callRest, CFunction, 0, callee->self, fp + pc->b + kFrameHeader,
            pc->c)
OP(Call) {
  Value* args = fp + pc->b + kFrameHeader;
  u32 argc = pc->c;
  CALL_PLAIN(args, argc, PyCFunction_Type, callFunction, callRest);
}

CALL_REST(CallMethod, callMethodRest, fp + pc->b + kFrameHeader, pc->c + 1)
CALL_REST(CallMethod, callLooseRest, fp + pc->b + kFrameHeader + 1, pc->c)
CALL_NATIVE(CallMethod, callNativeMethod, callMethodRest, MethodDescriptor, 1, args[0],
            fp + pc->b + kFrameHeader, pc->c + 1)
CALL_NATIVE(CallMethod, callLooseFunction, callLooseRest, CFunction, 0, callee->self,
            fp + pc->b + kFrameHeader + 1, pc->c)
OP(CallMethod) {
  Value* args = fp + pc->b + kFrameHeader;
  u32 argc = pc->c + 1;
  if (args[0]) [[likely]] {
    CALL_PLAIN(args, argc, PyMethodDescr_Type, callNativeMethod, callMethodRest);
  }
  args[0] = args[-1];  // no self: the callable moves up next to the arguments
  args[-1] = Value();
  args++;
  argc--;
  CALL_PLAIN(args, argc, PyCFunction_Type, callLooseFunction, callLooseRest);
}

DX_SLOW CallOutcome callKeywords(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Value> names = codeConstant(*t, frameCode(fp), pc->d);
  if (!names) return CallOutcome::Error;
  auto* tuple = names.take().as<Tuple>();
  Value* args = fp + pc->b + kFrameHeader;
  u32 argc = pc->c;
  if (pc->x) {
    argc++;
    if (!args[0]) {
      args[0] = args[-1];
      args[-1] = Value();
      args++;
      argc--;
    }
  }
  Value callee = args[-1];
  if (callee.isObject() && callee.object()->type == &PyFunction_Type) {
    Code* code = callee.as<Function>()->code;
    CodeData* data = code->data;
    if (!onStack(t, fp)) args = moveWindow(t, fp, args, argc);
    if (!(code->flags & bytecode::kCodeAnyGenerator) && onStack(t, args) &&
        args + argc + 64 < t->stackEnd && roomForFrame(t, args, data) &&
        bindQuickly(callee.as<Function>(), args, argc - u32(tuple->size), tuple, args)) {
      pushPlainFrame(t, pc, fp, args, data->argRegisters, code, data);
      return CallOutcome::Frame;
    }
  }
  return callWindow(t, pc, fp, args, argc - u32(tuple->size), tuple);
}
OP(CallKw) { AFTER_CALL(callKeywords(t, pc, fp), CallKw); }

// f(*args, **kwargs).
DX_SLOW CallOutcome callEx(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value* args = fp + pc->b + kFrameHeader;
  Ref<> callee = Ref<>::steal(std::exchange(args[-1], Value()));
  Ref<> positional = Ref<>::steal(std::exchange(args[0], Value()));
  Ref<> keywords = Ref<>::steal(std::exchange(args[1], Value()));
  Ref<> tuple;
  if (isTuple(positional)) {
    tuple = std::move(positional);
  } else {
    Result<Ref<Tuple>> r = tupleFrom(*t, positional);
    if (!r) {
      const Slots& slots = slotsOf(positional);
      if (t->matches(kTypeError) && !slots.iter && !slots.seqItem && !slots.getItem) {
        t->clearException();
        Ref<Str> name = callableName(*t, callee);
        (void)t->raise(kTypeError, "{} argument after * must be an iterable, not {}", name,
                       typeOf(positional));
      }
      return CallOutcome::Error;
    }
    tuple = std::move(r).take();
  }
  // A register may hold a stale immediate: only a dict counts.
  Dict* dict = keywords && isDict(keywords) ? keywords.as<Dict>() : nullptr;
  return callSpread(t, pc, fp, callee.release(), tuple.as<Tuple>(), dict);
}
OP(CallEx) { AFTER_CALL(callEx(t, pc, fp), CallEx); }

// Leaves the frame for opReturnValue, which does what is left to do.
#define LEAVE_SLOWLY(v)   \
  do {                    \
    SAVE_PC();            \
    t->returnValue = (v); \
    LEAVE(opReturnValue); \
  } while (0)
// Gives `result` to the caller, when that is a call (an __init__ gives the instance), and no local
// dies with the frame.
constexpr u64 kNotPlain = 6, kLeavesLoop = 4;  // FrameKind in kPrevious
static_assert(int(FrameKind::Call) == 0 && int(FrameKind::Init) == 1 &&
              int(FrameKind::Entry) == 2 && int(FrameKind::Resume) == 3);
#define LEAVE_FRAME(result)                                                        \
  do {                                                                             \
    u64 previous = fp[kPrevious].bits();                                           \
    if (((previous & kNotPlain) && !isNone(result)) || (previous & kLeavesLoop) || \
        !fp[kObject].isEmpty()) [[unlikely]]                                       \
      LEAVE_SLOWLY(result);                                                        \
    for (u32 i = 0; i < ownData->localCount; i++) {                                \
      Value local = fp[i];                                                         \
      if (local.isEmpty()) continue;                                               \
      if (local.isImmediate()) continue;                                           \
      if (!dropsUnlessLast(local)) [[unlikely]]                                    \
        LEAVE_SLOWLY(result);                                                      \
      fp[i] = Value();                                                             \
    }                                                                              \
    Value callable = fp[kCallable];                                                \
    if (!dropsUnlessLast(callable)) [[unlikely]]                                   \
      LEAVE_SLOWLY(result);                                                        \
    fp[kCallable] = Value();                                                       \
    if (previous & kNotPlain) result = std::exchange(fp[kExtra], Value());         \
    const Insn* back = frameReturn(fp);                                            \
    fp = reinterpret_cast<Value*>(previous & ~u64(7));                             \
    t->fp = fp;                                                                    \
    t->recursionDepth--;                                                           \
    CodeData* data = frameCode(fp)->data;                                          \
    consts = data->constants;                                                      \
    feedback = data->feedback;                                                     \
    Value old = fp[back->a];                                                       \
    fp[back->a] = result;                                                          \
    const Insn* next = stepOver(back, kSizeOf[back->op]);                          \
    if (dropsLast(old)) [[unlikely]] {                                             \
      t->pc = back;                                                                \
      t->dying = old.object();                                                     \
      LEAVE_AT(opDestroy, next);                                                   \
    }                                                                              \
    RESUME_AT(next);                                                               \
  } while (0)

OP(Return) {
  const CodeData* ownData = frameCode(fp)->data;
  Value v = REG(a);
  if ((pc->a & kKill) || regIndex(pc->a) < ownData->localCount)
    REG(a) = Value();
  else
    incref(v);
  LEAVE_FRAME(v);
}
OP(ReturnNone) {
  const CodeData* ownData = frameCode(fp)->data;
  Value v = none();
  LEAVE_FRAME(v);
}

DX_SLOW bool makeFunctionSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Value> code = codeConstant(*t, frameCode(fp), pc->d);
  if (!code) return false;
  Ref<Function> f = makeFunction(code.take().as<Code>(), frameFunction(fp)->globals);
  setReg(fp, pc->a, Value(f.release()));
  return true;
}
OP(MakeFunction) { NEXT_IF(makeFunctionSlow(t, pc, fp), MakeFunction); }

OP(SetFunctionAttr) {
  Function* f = REG(a).as<Function>();
  Value v = takeOperand(fp, pc->b);
  Value* field = nullptr;
  switch (pc->x) {
    case 0:
      field = &f->defaults;
      break;
    case 1:
      field = &f->kwdefaults;
      break;
    case 2:
      field = &f->annotations;
      break;
    case 3:
      field = &f->closure;
      break;
    default:
      field = &f->annotate;
      break;
  }
  Value old = *field;
  *field = v;
  RELEASE_NEXT(SetFunctionAttr, old);
}

}  // namespace dx
