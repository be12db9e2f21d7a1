// Structural pattern matching.
#include "ops/vocabulary.h"

namespace dx {

OP(MatchSequence) {
  bool matches = typeOf(REG(b))->has(kTypeSequence);
  SAVE_PC();
  killOperand(fp, pc->b);
  setReg(fp, pc->a, boolean(matches));
  NEXT(MatchSequence);
}

OP(MatchMapping) {
  bool matches = typeOf(REG(b))->has(kTypeMapping);
  SAVE_PC();
  killOperand(fp, pc->b);
  setReg(fp, pc->a, boolean(matches));
  NEXT(MatchMapping);
}

DX_SLOW bool getLenSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<i64> n = length(*t, fp[regIndex(pc->b)]);
  killOperand(fp, pc->b);
  if (!n) return false;
  setReg(fp, pc->a, makeInt(*n).release());
  return true;
}
OP(GetLen) { NEXT_IF(getLenSlow(t, pc, fp), GetLen); }

static Result<Ref<>> matchKeys(Thread& t, Value mapping, Tuple* keys) {
  Ref<Set> seen = newSet(&PySet_Type);
  Ref<> get = TRY(getAttr(t, mapping, "get"));
  Ref<Tuple> values = newTuple(keys->size);
  Ref<> sentinel = TRY(call(t, Value(&PyBaseObject_Type), Args()));
  for (i64 i = 0; i < keys->size; i++) {
    Value key = keys->items[i];
    if (TRY(setContains(t, seen, key)))
      return t.raise(kValueError, "mapping pattern checks duplicate key ({!r})", key);
    TRY(setAdd(t, seen, key));
    Ref<> v = TRY(callWith(t, get, key, sentinel.get()));
    if (v.get() == sentinel.get()) return noneRef();
    values->items[i] = v.release();
  }
  return Ref<>(std::move(values));
}
DX_SLOW bool matchKeysSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = matchKeys(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)].as<Tuple>());
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return finish(fp, pc->a, r);
}
OP(MatchKeys) { NEXT_IF(matchKeysSlow(t, pc, fp), MatchKeys); }

// One attribute of a class pattern; false: absent, no match.
static Result<bool> matchAttr(Thread& t, Value subject, Type* type, Value name, Set* seen,
                              List* out) {
  if (TRY(setContains(t, seen, name)))
    return t.raise(kTypeError, "{}() got multiple sub-patterns for attribute {!r}", type, name);
  TRY(setAdd(t, seen, name));
  Ref<> v;
  if (!TRY(lookupAttr(t, subject, name.as<Str>(), &v))) return false;
  listAppend(out, std::move(v));
  return true;
}

static Result<Ref<>> matchClass(Thread& t, Value subject, Value cls, Tuple* names, i64 positional) {
  if (!isType(cls)) return t.raise(kTypeError, "called match pattern must be a class");
  auto* type = cls.as<Type>();
  if (!TRY(isInstance(t, subject, cls))) return noneRef();
  Ref<Set> seen = newSet(&PySet_Type);
  Ref<List> out = newList();
  if (positional > 0) {
    Ref<> args;
    bool matchSelf = false;
    if (TRY(lookupAttr(t, cls, DX_NAME("__match_args__"), &args))) {
      if (!isExactTuple(args))
        return t.raise(kTypeError, "{}.__match_args__ must be a tuple (got {})", type,
                       typeOf(args));
    } else {
      matchSelf = type->has(kTypeMatchSelf);
      args = Ref<>::retain(emptyTuple());
    }
    i64 allowed = matchSelf ? 1 : args.as<Tuple>()->size;
    if (allowed < positional)
      return t.raise(kTypeError, "{}() accepts {} positional sub-pattern{} ({} given)", type,
                     allowed, allowed == 1 ? "" : "s", positional);
    if (matchSelf) {
      listAppend(out, subject);
    } else {
      for (i64 i = 0; i < positional; i++) {
        Value name = args.as<Tuple>()->items[i];
        if (!isExactStr(name))
          return t.raise(kTypeError, "__match_args__ elements must be strings (got {})",
                         typeOf(name));
        Ref<> held = retain(name);
        if (!TRY(matchAttr(t, subject, type, name, seen, out))) return noneRef();
      }
    }
  }
  for (i64 i = 0; i < names->size; i++)
    if (!TRY(matchAttr(t, subject, type, names->items[i], seen, out))) return noneRef();
  return Ref<>(makeTuple(valuesOf(out.get())));
}
DX_SLOW bool matchClassSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r =
      matchClass(*t, fp[regIndex(pc->b)], fp[pc->c], fp[pc->c + 1].as<Tuple>(), pc->d);
  decref(std::exchange(fp[pc->c], Value()));
  decref(std::exchange(fp[pc->c + 1], Value()));
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(MatchClass) { NEXT_IF(matchClassSlow(t, pc, fp), MatchClass); }

}  // namespace dx
