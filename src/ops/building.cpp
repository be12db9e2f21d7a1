// Displays, unpacking, formatting, items and slices.
#include "ops/vocabulary.h"
#include "runtime/call.h"
#include "runtime/slot_dispatch.h"
#include "runtime/template.h"

namespace dx {

// Takes a run of owned temporaries into storage of the callee.
static void moveRun(Value* fp, u32 first, u32 count, Value* to) {
  for (u32 i = 0; i < count; i++) to[i] = std::exchange(fp[first + i], Value());
}
static void releaseRun(Value* fp, u32 first, u32 count) {
  for (u32 i = 0; i < count; i++) decref(std::exchange(fp[first + i], Value()));
}

DX_SLOW bool buildTuple(Thread* t, const Insn* pc, Value* fp) {
  if (pc->c == 0) {
    setReg(fp, pc->a, Value(emptyTuple()));
    return true;
  }
  Ref<Tuple> tuple = newTuple(pc->c);
  moveRun(fp, pc->b, pc->c, tuple->items);
  setReg(fp, pc->a, Value(tuple.release()));
  return true;
}
OP(BuildTuple) { NEXT_IF(buildTuple(t, pc, fp), BuildTuple); }

DX_SLOW bool buildList(Thread* t, const Insn* pc, Value* fp) {
  Ref<List> list = newList(pc->c);
  moveRun(fp, pc->b, pc->c, list->items);
  list->size = pc->c;
  setReg(fp, pc->a, Value(list.release()));
  return true;
}
OP(BuildList) { NEXT_IF(buildList(t, pc, fp), BuildList); }

DX_SLOW bool buildSet(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Ref<Set> set = newSet(&PySet_Type);
  bool ok = true;
  for (u32 i = 0; i < pc->c && ok; i++) ok = bool(setAdd(*t, set, fp[pc->b + i]));
  releaseRun(fp, pc->b, pc->c);
  if (ok) setReg(fp, pc->a, Value(set.release()));
  return ok;
}
OP(BuildSet) { NEXT_IF(buildSet(t, pc, fp), BuildSet); }

DX_SLOW bool buildMap(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Ref<Dict> dict = newDict(pc->c);
  bool ok = true;
  for (u32 i = 0; i < pc->c && ok; i++)
    ok = bool(dictSet(*t, dict, fp[pc->b + 2 * i], fp[pc->b + 2 * i + 1]));
  releaseRun(fp, pc->b, 2 * pc->c);
  if (ok) setReg(fp, pc->a, Value(dict.release()));
  return ok;
}
// f(**d) with a plain dict and no other keywords: the call, which only reads it, gets d itself
// instead of a new dict that d is merged into. False: nothing has happened.
DX_SLOW bool sharesKeywords(Thread* t, const Insn* pc, Value* fp) {
  const Insn* merge = stepOver(pc, kSizeOf[int(Op::BuildMap)]);
  if (merge->op != u8(Op::DictMerge) || u16(merge->a) != u16(pc->a) || (merge->c & kKill))
    return false;
  if (stepOver(merge, kSizeOf[int(Op::DictMerge)])->op != u8(Op::CallEx)) return false;
  if (!isExactDict(fp[regIndex(merge->b)])) return false;
  t->pc = merge;
  setReg(fp, pc->a, takeOperand(fp, merge->b));
  return true;
}
OP(BuildMap) {
  if (pc->c == 0 && sharesKeywords(t, pc, fp))
    GOTO(kSizeOf[int(Op::BuildMap)] + kSizeOf[int(Op::DictMerge)]);
  NEXT_IF(buildMap(t, pc, fp), BuildMap);
}

DX_SLOW bool buildString(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Values parts(fp + pc->b, pc->c);
  // Only trees that a program built by hand have other parts.
  for (size_t i = 0; i < parts.size(); i++) {
    if (isStr(parts[i])) [[likely]]
      continue;
    (void)t->raise(kTypeError, "sequence item {}: expected str instance, {} found", i64(i),
                   typeOf(parts[i]));
    return false;
  }
  Result<Ref<Str>> s = joinStrs(*t, emptyStr(), parts);
  releaseRun(fp, pc->b, pc->c);
  if (!s) return false;
  setReg(fp, pc->a, Value(std::move(s).take().release()));
  return true;
}
OP(BuildString) { NEXT_IF(buildString(t, pc, fp), BuildString); }

DX_SLOW bool buildSlice(Thread* t, const Insn* pc, Value* fp) {
  Ref<Slice> s = makeSlice(fp[pc->b], fp[pc->b + 1], pc->x == 3 ? fp[pc->b + 2] : none());
  releaseRun(fp, pc->b, pc->x);
  setReg(fp, pc->a, Value(s.release()));
  return true;
}
OP(BuildSlice) { NEXT_IF(buildSlice(t, pc, fp), BuildSlice); }

DX_SLOW bool buildTemplate(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r =
      makeTemplate(*t, fp[regIndex(pc->b)].as<Tuple>(), fp[regIndex(pc->c)].as<Tuple>());
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return finish(fp, pc->a, r);
}
OP(BuildTemplate) { NEXT_IF(buildTemplate(t, pc, fp), BuildTemplate); }

DX_SLOW bool buildInterpolation(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Ref<> conversion = pc->x ? Ref<>(makeChar(pc->x)) : noneRef();
  Value spec = pc->c ? fp[pc->b + 2] : Value(emptyStr());
  Result<Ref<>> r = makeInterpolation(*t, fp[pc->b], fp[pc->b + 1], conversion, spec);
  releaseRun(fp, pc->b, pc->c ? 3 : 2);
  return finish(fp, pc->a, r);
}
OP(BuildInterpolation) { NEXT_IF(buildInterpolation(t, pc, fp), BuildInterpolation); }

static Result<Ref<>> convertAndFormat(Thread& t, Value v, u8 conversion, Value spec) {
  Ref<> converted;
  if (conversion) {
    Ref<Str> s = conversion == 'r'   ? TRY(repr(t, v))
                 : conversion == 's' ? TRY(str(t, v))
                                     : TRY(ascii(t, v));
    converted = std::move(s);
    v = converted;
  }
  if (!spec && isExactStr(v)) return retain(v);
  return format(t, v, spec);
}
DX_SLOW bool formatValue(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value spec = pc->c == kNoReg ? Value() : fp[regIndex(pc->c)];
  Result<Ref<>> r = convertAndFormat(*t, fp[regIndex(pc->b)], pc->x, spec);
  killOperand(fp, pc->b);
  if (pc->c != kNoReg) killOperand(fp, pc->c);
  return finish(fp, pc->a, r);
}
OP(FormatValue) { NEXT_IF(formatValue(t, pc, fp), FormatValue); }

// ---- adding to containers ----

PART(listAppendRest) {
  listAppend(REG(a).as<List>(), Ref<>::steal(takeOperand(fp, pc->b)));
  NEXT(ListAppend);
}
OP(ListAppend) {
  List* list = REG(a).as<List>();
  if (list->size >= list->allocated) [[unlikely]]
    LEAVE(listAppendRest);
  list->items[list->size++] = takeOperand(fp, pc->b);
  NEXT(ListAppend);
}

DX_SLOW bool listExtendSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value source = fp[regIndex(pc->b)];
  bool ok = bool(listExtend(*t, fp[regIndex(pc->a)].as<List>(), source));
  if (!ok && t->matches(kTypeError) && !slotsOf(source).iter && !slotsOf(source).seqItem &&
      !slotsOf(source).getItem) {
    t->clearException();
    (void)t->raise(kTypeError, "Value after * must be an iterable, not {}", typeOf(source));
  }
  killOperand(fp, pc->b);
  return ok;
}
OP(ListExtend) { NEXT_IF(listExtendSlow(t, pc, fp), ListExtend); }

DX_SLOW bool listToTuple(Thread* t, const Insn* pc, Value* fp) {
  Ref<Tuple> tuple = makeTuple(valuesOf(fp[regIndex(pc->b)].as<List>()));
  killOperand(fp, pc->b);
  setReg(fp, pc->a, Value(tuple.release()));
  return true;
}
OP(ListToTuple) { NEXT_IF(listToTuple(t, pc, fp), ListToTuple); }

DX_SLOW bool setAddSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  // Not a set: a program put something else where __conditional_annotations__ was.
  Value set = fp[regIndex(pc->a)];
  bool ok = isInstanceOf(set, &PySet_Type)
                ? bool(setAdd(*t, set.as<Set>(), fp[regIndex(pc->b)]))
                : bool(Result<void>(t->raise(kTypeError, "'{}' object is not a set", typeOf(set))));
  killOperand(fp, pc->b);
  return ok;
}
OP(SetAdd) { NEXT_IF(setAddSlow(t, pc, fp), SetAdd); }

DX_SLOW bool setUpdateSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  bool ok = bool(setUpdate(*t, fp[regIndex(pc->a)].as<Set>(), fp[regIndex(pc->b)]));
  killOperand(fp, pc->b);
  return ok;
}
OP(SetUpdate) { NEXT_IF(setUpdateSlow(t, pc, fp), SetUpdate); }

DX_SLOW bool mapAdd(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  bool ok =
      bool(dictSet(*t, fp[regIndex(pc->a)].as<Dict>(), fp[regIndex(pc->b)], fp[regIndex(pc->c)]));
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return ok;
}
OP(MapAdd) { NEXT_IF(mapAdd(t, pc, fp), MapAdd); }

DX_SLOW bool dictUpdate(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value source = fp[regIndex(pc->b)];
  bool ok = bool(dictMerge(*t, fp[regIndex(pc->a)].as<Dict>(), source));
  if (!ok && t->matches(kAttributeError)) {
    t->clearException();
    (void)t->raise(kTypeError, "'{}' object is not a mapping", typeOf(source));
  }
  killOperand(fp, pc->b);
  return ok;
}
OP(DictUpdate) { NEXT_IF(dictUpdate(t, pc, fp), DictUpdate); }

DX_SLOW bool dictMergeSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Dict* dict = fp[regIndex(pc->a)].as<Dict>();
  Value source = fp[regIndex(pc->b)], callable = fp[regIndex(pc->c)];
  bool ok = bool(dictMerge(*t, dict, source, MergeMode::Raise));
  if (!ok) {
    if (t->matches(kAttributeError)) {
      t->clearException();
      Ref<Str> name = callableName(*t, callable);
      (void)t->raise(kTypeError, "{} argument after ** must be a mapping, not {}", name,
                     typeOf(source));
    } else if (t->matches(kKeyError)) {
      Ref<> error = t->takeException();
      Value args = error.as<BaseException>()->args;
      if (args && args.as<Tuple>()->size == 1) {
        Ref<> key = retain(args.as<Tuple>()->items[0]);
        Ref<Str> name = callableName(*t, callable);
        (void)t->raise(kTypeError, "{} got multiple values for keyword argument '{}'", name, key);
      } else {
        t->restoreException(std::move(error));
      }
    }
  }
  killOperand(fp, pc->b);
  if (pc->c & kKill) killOperand(fp, pc->c);
  return ok;
}
OP(DictMerge) { NEXT_IF(dictMergeSlow(t, pc, fp), DictMerge); }

// ---- unpacking ----

DX_COLD static void notIterable(Thread& t, Value v) {
  if (!t.matches(kTypeError) || slotsOf(v).iter || slotsOf(v).seqItem || slotsOf(v).getItem) return;
  t.clearException();
  (void)t.raise(kTypeError, "cannot unpack non-iterable {} object", typeOf(v));
}

// Stores `before` items, a list of the middle when `after` >= 0, and `after` items from register
// `first`. On failure nothing stays stored.
static bool unpackIterable(Thread& t, Value v, Value* out, i64 before, i64 after) {
  Result<Ref<>> iterator = iter(t, v);
  if (!iterator) {
    notIterable(t, v);
    return false;
  }
  std::vector<Ref<>> items;
  for (i64 i = 0; i < before; i++) {
    Result<Ref<>> item = iterNext(t, iterator.peek());
    if (!item) {
      if (!t.hasException()) {
        if (after < 0)
          (void)t.raise(kValueError, "not enough values to unpack (expected {}, got {})", before,
                        i);
        else
          (void)t.raise(kValueError, "not enough values to unpack (expected at least {}, got {})",
                        before + after, i);
      }
      return false;
    }
    items.push_back(std::move(item).take());
  }
  Ref<List> middle;
  if (after < 0) {
    Result<Ref<>> extra = iterNext(t, iterator.peek());
    if (extra) {
      if (isExactList(v) || isExactTuple(v) || isExactDict(v)) {
        Result<i64> n = length(t, v);
        if (n && *n > before) {
          (void)t.raise(kValueError, "too many values to unpack (expected {}, got {})", before, *n);
          return false;
        }
        t.clearException();
      }
      (void)t.raise(kValueError, "too many values to unpack (expected {})", before);
      return false;
    }
    if (t.hasException()) return false;
  } else {
    Result<Ref<List>> rest = listFrom(t, iterator.peek());
    if (!rest) return false;
    middle = std::move(rest).take();
    if (middle->size < after) {
      (void)t.raise(kValueError, "not enough values to unpack (expected at least {}, got {})",
                    before + after, before + middle->size);
      return false;
    }
  }
  for (i64 i = 0; i < before; i++) setReg(out, u32(i), items[size_t(i)].release());
  if (after >= 0) {
    i64 keep = middle->size - after;
    for (i64 i = 0; i < after; i++) {
      setReg(out, u32(before + 1 + i), middle->items[keep + i]);
      middle->items[keep + i] = Value();
    }
    middle->size = keep;
    setReg(out, u32(before), Value(middle.release()));
  }
  return true;
}

DX_SLOW bool unpackSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = takeOperand(fp, pc->b);
  if (isExactList(v) && v.as<List>()->size == pc->c) {
    for (u32 i = 0; i < pc->c; i++) setReg(fp, pc->a + i, retain(v.as<List>()->items[i]).release());
    releaseValue(v);
    return true;
  }
  bool ok = unpackIterable(*t, v, fp + pc->a, pc->c, -1);
  releaseValue(v);
  return ok;
}
// Moves the items of a tuple (whose last reference this is), or copies them.
DX_SLOW void unpackTuple(Thread* t, const Insn* pc, Value* fp) {
  Value v = takeOperand(fp, pc->b);  // owned: storing may overwrite the operand's register
  Tuple* tuple = v.as<Tuple>();
  if (tuple->refcount == 1 && pc->c) {
    for (u32 i = 0; i < pc->c; i++) setReg(fp, pc->a + i, std::exchange(tuple->items[i], Value()));
  } else {
    for (u32 i = 0; i < pc->c; i++) {
      Value item = tuple->items[i];
      incref(item);
      setReg(fp, pc->a + i, item);
    }
  }
  t->pc = pc;
  releaseValue(v);
}
PART(unpackRest) {
  Value v = REG(b);
  NOTE_OPERANDS(d, v, Value());
  if (isExactTuple(v) && v.as<Tuple>()->size == pc->c) {
    unpackTuple(t, pc, fp);
    NEXT(UnpackSequence);
  }
  NEXT_IF(unpackSlow(t, pc, fp), UnpackSequence);
}
DX_INLINE bool isLastReference(Value v) { return v.isObject() && v.object()->refcount == 1; }
OP(UnpackSequence) {
  Value v = REG(b);
  if (pc->c == 2 && v.isObject() && v.object()->type == &PyTuple_Type && v.as<Tuple>()->size == 2) {
    Value* out = fp + pc->a;
    if (isLastReference(out[0]) || out[0] == v) [[unlikely]]
      LEAVE(unpackRest);
    KILL_OR(b, v, unpackRest);
    Value first = v.as<Tuple>()->items[0], second = v.as<Tuple>()->items[1];
    incref(first);
    incref(second);
    Value old0 = out[0], old1 = out[1];
    out[0] = first;
    out[1] = second;
    (void)dropsUnlessLast(old0);
    RELEASE_NEXT(UnpackSequence, old1);
  }
  LEAVE(unpackRest);
}

DX_SLOW bool unpackEx(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = takeOperand(fp, pc->b);
  bool ok = unpackIterable(*t, v, fp + pc->a, pc->c, pc->d);
  releaseValue(v);
  return ok;
}
OP(UnpackEx) { NEXT_IF(unpackEx(t, pc, fp), UnpackEx); }

// ---- items and slices ----

DX_SLOW bool getItemSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = getItem(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)]);
  if (!r) return false;
  Value v = std::move(r).take().release();
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  setReg(fp, pc->a, v);
  return true;
}
// Pushes the frame of a plain Python __getitem__; null: it is something else, or there is no room.
DX_SLOW Value* enterGetItem(Thread* t, const Insn* pc, Value* fp) {
  Value f = typeLookup(fp[regIndex(pc->b)].object()->type, DX_NAME("__getitem__"));
  if (!f || typeOf(f) != &PyFunction_Type) return nullptr;
  Code* code = f.as<Function>()->code;
  CodeData* data = code->data;
  Value* args = callRegisters(t, fp);
  if (data->simpleArgs != 2 || !roomForFrame(t, args, data)) return nullptr;
  incref(f);
  args[-1] = f;
  args[0] = takeOperand(fp, pc->b);
  args[1] = takeOperand(fp, pc->c);
  pushPlainFrame(t, pc, fp, args, 2, code, data);
  return args;
}
// Borrowed; empty: out of range.
DX_INLINE Value itemAt(Values items, i64 i) {
  i64 n = i64(items.size());
  if (i < 0) i += n;
  return u64(i) < u64(n) ? items[size_t(i)] : Value();
}
// What needs no call of a slot; empty: something else. The result is owned.
DX_INLINE Value quickItem(Value o, Value key) {
  if (!o.isObject()) return Value();
  Type* type = o.object()->type;
  Value v;
  if (type == &PyDict_Type) {
    if (isExactStr(key)) v = dictGetStr(o.as<Dict>(), key.as<Str>());
  } else if (key.isSmallInt()) {
    i64 i = key.smallInt();
    if (type == &PyUnicode_Type) {
      auto* s = o.as<Str>();
      if (i < 0) i += s->length;
      return u64(i) < u64(s->length) ? Value(makeChar(s->at(i)).release()) : Value();
    }
    // Also of a container that dies here.
    if (type == &PyList_Type)
      v = itemAt(valuesOf(o.as<List>()), i);
    else if (type == &PyTuple_Type)
      v = itemAt(valuesOf(o.as<Tuple>()), i);
  }
  incref(v);
  return v;
}
PART(getItemRest) {
  Value o = REG(b), key = REG(c);
  NOTE_OPERANDS(d, o, key);
  if (Value v = quickItem(o, key)) {
    SAVE_PC();
    killOperand(fp, pc->b);
    killOperand(fp, pc->c);
    setReg(fp, pc->a, v);
    NEXT(GetItem);
  }
  if (o.isObject() && o.object()->type->data->slots.getItem == &dispatchGetItem) {
    if (Value* args = enterGetItem(t, pc, fp)) {
      CodeData* data = frameCode(args)->data;
      ENTER_CALLEE(args, data);
    }
  }
  NEXT_IF(getItemSlow(t, pc, fp), GetItem);
}
OP(GetItem) {
  Value o = REG(b), key = REG(c);
  if (o.isObject() && key.isSmallInt()) {
    Value v;
    if (o.object()->type == &PyList_Type) {
      v = itemAt(valuesOf(o.as<List>()), key.smallInt());  // not noted: what is not noted is a list
    } else if (o.object()->type == &PyTuple_Type) {
      v = itemAt(valuesOf(o.as<Tuple>()), key.smallInt());
      feedback[pc->d].operands.left |= kKindTuple;
    }
    if (!v) [[unlikely]]
      LEAVE(getItemRest);
    KILL_OR(b, o, getItemRest);
    incref(v);
    SET_NEXT(GetItem, v);
  }
  LEAVE(getItemRest);
}

DX_SLOW bool setItemSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  bool ok = bool(setItem(*t, fp[regIndex(pc->a)], fp[regIndex(pc->b)], fp[regIndex(pc->c)]));
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return ok;
}
PART(setItemRest) {
  NOTE_OPERANDS(d, REG(a), REG(b));
  NEXT_IF(setItemSlow(t, pc, fp), SetItem);
}
OP(SetItem) {
  Value o = REG(a), key = REG(b);
  if (o.isObject() && key.isSmallInt() && o.object()->type == &PyList_Type) {
    List* list = o.as<List>();
    i64 i = key.smallInt();
    if (i < 0) i += list->size;
    if (u64(i) < u64(list->size)) [[likely]] {
      KILL_OR(a, o, setItemRest);
      Value old = list->items[i];
      list->items[i] = takeOperand(fp, pc->c);
      RELEASE_NEXT(SetItem, old);
    }
  }
  LEAVE(setItemRest);
}

DX_SLOW bool deleteItem(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  bool ok = bool(setItem(*t, fp[regIndex(pc->a)], fp[regIndex(pc->b)], Value()));
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  return ok;
}
OP(DeleteItem) { NEXT_IF(deleteItem(t, pc, fp), DeleteItem); }

DX_SLOW bool getSliceSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = getSlice(*t, fp[regIndex(pc->b)], fp[pc->c], fp[pc->c + 1]);
  releaseRun(fp, pc->c, 2);
  Value v = r ? std::move(r).take().release() : Value();
  killOperand(fp, pc->b);
  if (v) setReg(fp, pc->a, v);
  return bool(v);
}
OP(GetSlice) {
  NOTE_OPERANDS(d, REG(b), Value());
  NEXT_IF(getSliceSlow(t, pc, fp), GetSlice);
}

// list[i:j] = another list, without a slice object; false: something else.
static bool setPlainSlice(Value o, Value start, Value stop, Value value) {
  if (!isExactList(o) || !isExactList(value) || o == value) return false;
  i64 n = o.as<List>()->size;
  auto bound = [n](Value v, i64 whenNone, bool* ok) {
    if (isNone(v)) return whenNone;
    *ok = *ok && v.isSmallInt();
    i64 i = v.smallInt();
    return i < 0 ? std::max<i64>(i + n, 0) : std::min(i, n);
  };
  bool ok = true;
  i64 from = bound(start, 0, &ok), to = bound(stop, n, &ok);
  if (!ok) return false;
  // Replaced items die when the list is whole again, which may run Python: `value` is held.
  Ref<> held = retain(value);
  listReplace(o.as<List>(), from, std::max(from, to), valuesOf(value.as<List>()));
  return true;
}
DX_SLOW bool setSliceSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value o = fp[regIndex(pc->a)], value = fp[regIndex(pc->c)];
  bool ok = setPlainSlice(o, fp[pc->b], fp[pc->b + 1], value);
  if (!ok) {
    Ref<Slice> s = makeSlice(fp[pc->b], fp[pc->b + 1], none());
    ok = bool(setItem(*t, o, s, value));
  }
  releaseRun(fp, pc->b, 2);
  killOperand(fp, pc->a);
  killOperand(fp, pc->c);
  return ok;
}
OP(SetSlice) {
  NOTE_OPERANDS(d, REG(a), REG(c));
  NEXT_IF(setSliceSlow(t, pc, fp), SetSlice);
}

}  // namespace dx
