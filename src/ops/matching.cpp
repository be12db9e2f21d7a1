// Structural pattern matching.
#include "ops/vocabulary.h"
#include "runtime/attributes.h"
#include "runtime/str.h"
#include "speculation/attribute_cache.h"

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

// Is a key the same as one before it? Keys are few.
static Result<bool> isRepeated(Thread& t, Tuple* keys, i64 i) {
  Value key = keys->items[i];
  for (i64 k = 0; k < i; k++) {
    Value before = keys->items[k];
    if (isExactStr(key) && isExactStr(before)) {
      if (key == before || equalStr(key.as<Str>(), before.as<Str>())) return true;
    } else if (TRY(equal(t, key, before))) {
      return true;
    }
  }
  return false;
}
static Result<Ref<>> matchKeys(Thread& t, Value mapping, Tuple* keys) {
  Ref<Tuple> values = newTuple(keys->size);
  bool plain = isExactDict(mapping);
  Ref<> get, sentinel;
  if (!plain) {
    get = TRY(getAttr(t, mapping, "get"));
    sentinel = TRY(call(t, Value(&PyBaseObject_Type), Args()));
  }
  for (i64 i = 0; i < keys->size; i++) {
    Value key = keys->items[i];
    if (TRY(isRepeated(t, keys, i)))
      return t.raise(kValueError, "mapping pattern checks duplicate key ({!r})", key);
    if (plain) {
      Value v = TRY(dictGet(t, mapping.as<Dict>(), key));
      if (!v) return noneRef();
      values->items[i] = retain(v).release();
      continue;
    }
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

// One attribute of a class pattern, added to `out`; `before` are those that were asked for. False:
// absent, no match.
static Result<bool> matchAttr(Thread& t, Value subject, Type* type, Value name, Values before,
                              Values beforeThat, Tuple* out, i64* count) {
  for (Values list : {before, beforeThat})
    for (Value other : list)
      if (other == name || equalStr(other.as<Str>(), name.as<Str>()))
        return t.raise(kTypeError, "{}() got multiple sub-patterns for attribute {!r}", type, name);
  Ref<> hold;
  bool missing;
  Result<Ref<>> v = loadShared(t, subject, internedName(name.as<Str>(), &hold), &missing);
  if (missing) return false;
  out->items[(*count)++] = TRY(std::move(v)).release();
  return true;
}
// cls.__match_args__; false: there are none.
static Result<bool> matchArgs(Thread& t, Value cls, Ref<>* args) {
  if (typeOf(cls) == &PyType_Type) {
    Value v = typeLookup(cls.as<Type>(), DX_NAME("__match_args__"));
    if (v && isExactTuple(v)) {
      *args = retain(v);
      return true;
    }
  }
  return lookupAttr(t, cls, DX_NAME("__match_args__"), args);
}

static Result<Ref<>> matchClass(Thread& t, Value subject, Value cls, Tuple* names, i64 positional) {
  if (!isType(cls)) return t.raise(kTypeError, "called match pattern must be a class");
  auto* type = cls.as<Type>();
  if (!TRY(isInstance(t, subject, cls))) return noneRef();
  Ref<Tuple> out = newTuple(positional + names->size);
  i64 count = 0;
  Ref<> args;
  Values asked;  // of args
  if (positional > 0) {
    bool matchSelf = false;
    if (TRY(matchArgs(t, cls, &args))) {
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
      out->items[count++] = retain(subject).release();
    } else {
      for (i64 i = 0; i < positional; i++) {
        Value name = args.as<Tuple>()->items[i];
        if (!isExactStr(name))
          return t.raise(kTypeError, "__match_args__ elements must be strings (got {})",
                         typeOf(name));
        if (!TRY(matchAttr(t, subject, type, name, asked, {}, out.get(), &count))) return noneRef();
        asked = Values(args.as<Tuple>()->items, size_t(i + 1));
      }
    }
  }
  for (i64 i = 0; i < names->size; i++)
    if (!TRY(matchAttr(t, subject, type, names->items[i], Values(names->items, size_t(i)), asked,
                       out.get(), &count)))
      return noneRef();
  return Ref<>(std::move(out));
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
