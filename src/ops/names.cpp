// Globals, builtins, namespaces and cells.
#include "ops/vocabulary.h"

namespace dx {

static Str* nameAt(Thread* t, Value* fp, u32 i) {
  Code* code = frameCode(fp);
  Value v = code->data->constants[i];
  if (!v) v = makeConstant(t, fp, i);
  return v.as<Str>();
}

DX_COLD static Error raiseNameError(Thread& t, const char* format, Str* name) {
  (void)t.raise(kNameError, format, Value(name));
  if (t.matches(kNameError))
    setField(reinterpret_cast<NameErrorObject*>(t.currentException)->name, retain(name));
  return Error{};
}

static Result<Ref<>> lookupBuiltin(Thread& t, Function* f, Str* name) {
  Ref<> v = TRY(mappingGet(t, f->builtins, name));
  return v;
}

// Globals, then builtins; NameError when absent.
static Result<Ref<>> lookupGlobal(Thread& t, Function* f, Str* name) {
  Ref<> v;
  {
    Result<Ref<>> r = mappingGet(t, f->globals, name);
    if (t.hasException()) return Error{};
    v = std::move(r).take();
  }
  if (v) return v;
  Result<Ref<>> r = lookupBuiltin(t, f, name);
  if (t.hasException()) return Error{};
  v = std::move(r).take();
  if (v) return v;
  return raiseNameError(t, "name '{}' is not defined", name);
}

static void fillGlobalCache(GlobalCache& cache, Function* f, Str* name) {
  if (!isExactDict(f->globals) || !isExactDict(f->builtins)) return;
  if (Value* cell = dictValueSlot(f->globals, name)) {
    cache.cell = cell;
    cache.builtinsVersion = 0;
    cache.globalsVersion = dictKeysVersion(f->globals);
  } else if (Value* cell = dictValueSlot(f->builtins.as<Dict>(), name)) {
    cache.cell = cell;
    cache.builtinsVersion = dictKeysVersion(f->builtins.as<Dict>());
    cache.globalsVersion = dictKeysVersion(f->globals);
  }
}

DX_SLOW bool loadGlobalMiss(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Function* f = frameFunction(fp);
  Result<Ref<>> v = lookupGlobal(*t, f, name);
  if (!v) return false;
  if (feedback != kZeroFeedback && pc->c && cacheMode == CacheMode::On)
    fillGlobalCache(feedback[pc->c].global, f, name);
  return finish(fp, pc->a, v);
}

// The value cell of a valid cache, or null. Two or three compares.
DX_INLINE Value cachedGlobal(const GlobalCache& cache, Function* f) {
  if (cache.globalsVersion == 0 || dictKeysVersion(f->globals) != cache.globalsVersion)
    return Value();
  if (cache.builtinsVersion && dictKeysVersion(f->builtins.as<Dict>()) != cache.builtinsVersion)
    return Value();
  return *cache.cell;
}

PART(loadGlobalRest) { NEXT_IF(loadGlobalMiss(t, pc, fp, feedback), LoadGlobal); }
OP(LoadGlobal) {
  if (Value v = cachedGlobal(feedback[pc->c].global, frameFunction(fp))) [[likely]] {
    incref(v);
    SET_NEXT(LoadGlobal, v);
  }
  LEAVE(loadGlobalRest);
}

DX_SLOW bool storeIn(Thread* t, const Insn* pc, Value* fp, Value mapping) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Value value = fp[regIndex(pc->a)];
  bool ok;
  if (isExactDict(mapping))
    ok = bool(dictSet(*t, mapping.as<Dict>(), name, value));
  else
    ok = bool(setItem(*t, mapping, name, value));
  killOperand(fp, pc->a);
  return ok;
}

OP(StoreGlobal) { NEXT_IF(storeIn(t, pc, fp, frameFunction(fp)->globals), StoreGlobal); }

DX_SLOW bool storeNameSlow(Thread* t, const Insn* pc, Value* fp) {
  Value ns = frameNamespace(fp);
  if (!ns) ns = frameFunction(fp)->globals;
  return storeIn(t, pc, fp, ns);
}
OP(StoreName) { NEXT_IF(storeNameSlow(t, pc, fp), StoreName); }

DX_SLOW bool deleteIn(Thread* t, const Insn* pc, Value* fp, Value mapping) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  if (isExactDict(mapping)) {
    Result<bool> r = dictDelete(*t, mapping.as<Dict>(), name);
    if (!r) return false;
    if (*r) return true;
  } else {
    if (setItem(*t, mapping, name, Value())) return true;
    if (!t->takeIf(kKeyError)) return false;
  }
  (void)raiseNameError(*t, "name '{}' is not defined", name);
  return false;
}
OP(DeleteGlobal) { NEXT_IF(deleteIn(t, pc, fp, frameFunction(fp)->globals), DeleteGlobal); }
OP(DeleteName) {
  Value ns = frameNamespace(fp);
  NEXT_IF(deleteIn(t, pc, fp, ns ? ns : Value(frameFunction(fp)->globals)), DeleteName);
}

DX_SLOW bool loadNameSlow(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  t->pc = pc;
  Value ns = frameNamespace(fp);
  Function* f = frameFunction(fp);
  if (!ns || ns == Value(f->globals)) return loadGlobalMiss(t, pc, fp, feedback);
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Result<Ref<>> r = mappingGet(*t, ns, name);
  if (t->hasException()) return false;
  Ref<> v = std::move(r).take();
  if (!v) {
    Result<Ref<>> g = lookupGlobal(*t, f, name);
    if (!g) return false;
    v = std::move(g).take();
  }
  setReg(fp, pc->a, v.release());
  return true;
}
PART(loadNameRest) { NEXT_IF(loadNameSlow(t, pc, fp, feedback), LoadName); }
OP(LoadName) {
  // Module bodies have no separate namespace: same cache as LoadGlobal.
  if (Value v = cachedGlobal(feedback[pc->c].global, frameFunction(fp))) {
    Value ns = frameNamespace(fp);
    if (!ns || ns == Value(frameFunction(fp)->globals)) {
      incref(v);
      SET_NEXT(LoadName, v);
    }
  }
  LEAVE(loadNameRest);
}

DX_SLOW bool loadFromDictOrGlobal(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Result<Ref<>> r = mappingGet(*t, fp[regIndex(pc->b)], name);
  if (t->hasException()) return false;
  Ref<> v = std::move(r).take();
  if (!v) {
    Result<Ref<>> g = lookupGlobal(*t, frameFunction(fp), name);
    if (!g) return false;
    v = std::move(g).take();
  }
  killOperand(fp, pc->b);
  setReg(fp, pc->a, v.release());
  return true;
}
OP(LoadFromDictOrGlobal) { NEXT_IF(loadFromDictOrGlobal(t, pc, fp), LoadFromDictOrGlobal); }

DX_COLD void raiseEmptyCell(Thread* t, Value* fp, u32 nameIndex, bool free) {
  Str* name = nameAt(t, fp, nameIndex);
  if (!name) return;
  if (free)
    (void)raiseNameError(*t,
                         "cannot access free variable '{}' where it is not associated with a value "
                         "in enclosing scope",
                         name);
  else
    (void)t->raise(kUnboundLocalError,
                   "cannot access local variable '{}' where it is not associated with a value",
                   Value(name));
}

DX_SLOW bool loadFromDictOrCell(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Result<Ref<>> r = mappingGet(*t, fp[regIndex(pc->b)], name);
  if (t->hasException()) return false;
  Ref<> v = std::move(r).take();
  if (!v) {
    Value content = fp[regIndex(pc->c)].as<Cell>()->content;
    if (!content) {
      raiseEmptyCell(t, fp, pc->d, true);
      return false;
    }
    v = retain(content);
  }
  killOperand(fp, pc->b);
  setReg(fp, pc->a, v.release());
  return true;
}
OP(LoadFromDictOrCell) { NEXT_IF(loadFromDictOrCell(t, pc, fp), LoadFromDictOrCell); }

OP(LoadLocals) {
  Value ns = frameNamespace(fp);
  if (!ns) ns = frameFunction(fp)->globals;
  incref(ns);
  setReg(fp, pc->a, ns);
  NEXT(LoadLocals);
}

DX_SLOW bool loadBuildClass(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = lookupBuiltin(*t, frameFunction(fp), DX_NAME("__build_class__"));
  if (t->hasException()) return false;
  if (!r) {
    (void)t->raise(kNameError, "__build_class__ not found");
    return false;
  }
  return finish(fp, pc->a, r);
}
OP(LoadBuildClass) { NEXT_IF(loadBuildClass(t, pc, fp), LoadBuildClass); }

// ---- cells ----

DX_SLOW void wrapInCell(Value* fp, u32 index) {
  Ref<Cell> cell = makeCell(fp[index]);
  setReg(fp, index, Value(cell.release()));
}
OP(MakeCell) {
  wrapInCell(fp, regIndex(pc->a));
  NEXT(MakeCell);
}

OP(CopyFreeVars) {
  Tuple* closure = frameFunction(fp)->closure.as<Tuple>();
  for (u32 i = 0; i < pc->b; i++) {
    Value cell = closure->items[i];
    incref(cell);
    setReg(fp, pc->a + i, cell);
  }
  NEXT(CopyFreeVars);
}

DX_SLOW void emptyCell(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  raiseEmptyCell(t, fp, pc->d, pc->x);
}
PART(readsEmptyCell) {
  emptyCell(t, pc, fp);
  RAISE();
}
OP(LoadCell) {
  Value v = REG(b).as<Cell>()->content;
  if (!v) [[unlikely]]
    LEAVE(readsEmptyCell);
  incref(v);
  SET_NEXT(LoadCell, v);
}

OP(StoreCell) {
  Value v = takeOperand(fp, pc->b);
  Cell* cell = REG(a).as<Cell>();
  Value old = cell->content;
  cell->content = v;
  RELEASE_NEXT(StoreCell, old);
}

OP(DeleteCell) {
  Cell* cell = REG(a).as<Cell>();
  Value old = cell->content;
  if (!old) [[unlikely]]
    LEAVE(readsEmptyCell);
  cell->content = Value();
  RELEASE_NEXT(DeleteCell, old);
}

}  // namespace dx
