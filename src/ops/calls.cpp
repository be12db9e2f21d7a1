// Calls, returns and function objects.
#include "ops/vocabulary.h"
#include "runtime/call.h"

namespace dx {

// Pushes the frame of a plain Python function whose arguments stand at `args`, exactly as many as
// it has parameters. Known here: fp is on the stack, so the callee's registers start at args.
DX_INLINE bool pushPlainFrame(Thread* t, const Insn* pc, Value* fp, Value* args, u32 argc,
                              Code* code, CodeData* data) {
  u32 registers = data->registerCount;
  if (args + registers >= t->stackEnd || t->recursionDepth >= t->recursionLimit) [[unlikely]]
    return false;
  t->recursionDepth++;
  args[kExtra] = Value();
  args[kObject] = Value();
  args[kCode] = tagged(code);
  args[kReturn] = tagged(pc);
  args[kPrevious] = previousWord(fp, FrameKind::Call);
  for (u32 i = argc; i < registers; i++) args[i] = Value();
  t->fp = args;
  return true;
}

OP(Call) {
  Value* args = fp + pc->b + kFrameHeader;
  Value callee = args[-1];
  if (callee.isObject() && callee.object()->type == &PyFunction_Type) [[likely]] {
    Code* code = callee.as<Function>()->code;
    CodeData* data = code->data;
    if (data->simpleArgs == pc->c && onStack(t, fp) &&
        pushPlainFrame(t, pc, fp, args, pc->c, code, data)) [[likely]] {
      fp = args;
      pc = data->insns;
      consts = data->constants;
      feedback = data->feedback;
      DISPATCH();
    }
  }
  AFTER_CALL(callWindow(t, pc, fp, args, pc->c, nullptr), Call);
}

OP(CallMethod) {
  Value* args = fp + pc->b + kFrameHeader;
  u32 argc = pc->c + 1;
  if (!args[0]) {  // no self: the callable moves up next to the arguments
    args[0] = args[-1];
    args[-1] = Value();
    args++;
    argc--;
  }
  Value callee = args[-1];
  if (callee.isObject() && callee.object()->type == &PyFunction_Type) [[likely]] {
    Code* code = callee.as<Function>()->code;
    CodeData* data = code->data;
    if (data->simpleArgs == argc && onStack(t, fp) &&
        pushPlainFrame(t, pc, fp, args, argc, code, data)) [[likely]] {
      fp = args;
      pc = data->insns;
      consts = data->constants;
      feedback = data->feedback;
      DISPATCH();
    }
  }
  AFTER_CALL(callWindow(t, pc, fp, args, argc, nullptr), CallMethod);
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

OP(Return) {
  Value v = REG(a);
  if ((pc->a & kKill) || regIndex(pc->a) < frameCode(fp)->data->localCount)
    REG(a) = Value();
  else
    incref(v);
  SAVE_PC();
  t->returnValue = v;
  [[clang::musttail]] return opReturnValue(DX_PASS);
}
OP(ReturnNone) {
  SAVE_PC();
  t->returnValue = none();
  [[clang::musttail]] return opReturnValue(DX_PASS);
}

DX_SLOW static bool makeFunctionSlow(Thread* t, const Insn* pc, Value* fp) {
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
  releaseValue(old);
  NEXT(SetFunctionAttr);
}

}  // namespace dx
