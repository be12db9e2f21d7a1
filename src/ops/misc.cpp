// Imports, type parameters, and single operations of module-level code.
#include "ops/vocabulary.h"
#include "runtime/typing.h"

namespace dx {

static Str* nameAt(Thread* t, Value* fp, u32 i) {
  Value v = frameCode(fp)->data->constants[i];
  if (!v) v = makeConstant(t, fp, i);
  return v.as<Str>();
}

DX_SLOW bool importNameSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Value ns = frameNamespace(fp);
  Function* f = frameFunction(fp);
  Result<Ref<>> r = importStatement(*t, f, ns ? ns : none(), name, fp[regIndex(pc->b)], pc->c);
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(ImportName) { NEXT_IF(importNameSlow(t, pc, fp), ImportName); }

DX_SLOW bool importFromSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Result<Ref<>> r = importFrom(*t, fp[regIndex(pc->b)], name);
  return finish(fp, pc->a, r);
}
OP(ImportFrom) { NEXT_IF(importFromSlow(t, pc, fp), ImportFrom); }

DX_SLOW bool importStarSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value ns = frameNamespace(fp);
  bool ok = bool(importStar(*t, fp[regIndex(pc->a)], ns ? ns : Value(frameFunction(fp)->globals)));
  killOperand(fp, pc->a);
  return ok;
}
OP(ImportStar) { NEXT_IF(importStarSlow(t, pc, fp), ImportStar); }

DX_SLOW bool printExpr(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Ref<> v = Ref<>::steal(takeOperand(fp, pc->a));
  Value hook = sysGet("displayhook");
  if (!hook) {
    (void)t->raise(kRuntimeError, "lost sys.displayhook");
    return false;
  }
  Ref<> held = retain(hook);
  return bool(callWith(*t, held.get(), v.get()));
}
OP(PrintExpr) { NEXT_IF(printExpr(t, pc, fp), PrintExpr); }

static Result<void> setupAnnotations(Thread& t, Value ns) {
  Str* name = DX_NAME("__annotations__");
  if (isExactDict(ns)) {
    if (!TRY(dictGet(t, ns.as<Dict>(), name))) TRY(dictSet(t, ns.as<Dict>(), name, newDict()));
    return {};
  }
  Result<Ref<>> present = getItem(t, ns, name);
  if (present) return {};
  if (!t.takeIf(kKeyError)) return Error{};
  return setItem(t, ns, name, newDict());
}
DX_SLOW bool setupAnnotationsSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value ns = frameNamespace(fp);
  return bool(setupAnnotations(*t, ns ? ns : Value(frameFunction(fp)->globals)));
}
OP(SetupAnnotations) { NEXT_IF(setupAnnotationsSlow(t, pc, fp), SetupAnnotations); }

DX_SLOW bool typeParam(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  u32 count = pc->x == 1 || pc->x == 2 ? 2 : 1;
  Value second = count == 2 ? fp[pc->b + 1] : Value();
  Result<Ref<>> r = makeTypeParam(*t, TypeParamKind(pc->x), fp[pc->b], second);
  for (u32 i = 0; i < count; i++) decref(std::exchange(fp[pc->b + i], Value()));
  return finish(fp, pc->a, r);
}
OP(TypeParam) { NEXT_IF(typeParam(t, pc, fp), TypeParam); }

DX_SLOW bool setDefault(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  bool ok = bool(setTypeParamDefault(*t, fp[regIndex(pc->a)], fp[regIndex(pc->b)]));
  killOperand(fp, pc->b);
  return ok;
}
OP(SetTypeParamDefault) { NEXT_IF(setDefault(t, pc, fp), SetTypeParamDefault); }

OP(SetFunctionTypeParams) {
  Function* f = REG(a).as<Function>();
  Value v = takeOperand(fp, pc->b);
  Value old = f->typeparams;
  f->typeparams = v;
  releaseValue(old);
  NEXT(SetFunctionTypeParams);
}

DX_SLOW bool typeAlias(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = makeTypeAlias(*t, fp[pc->b], fp[pc->b + 1], fp[pc->b + 2]);
  for (u32 i = 0; i < 3; i++) decref(std::exchange(fp[pc->b + i], Value()));
  return finish(fp, pc->a, r);
}
OP(TypeAlias) { NEXT_IF(typeAlias(t, pc, fp), TypeAlias); }

DX_SLOW bool subscriptGenericSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = subscriptGeneric(*t, fp[regIndex(pc->b)]);
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(SubscriptGeneric) { NEXT_IF(subscriptGenericSlow(t, pc, fp), SubscriptGeneric); }

}  // namespace dx
