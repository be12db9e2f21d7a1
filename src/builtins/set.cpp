#include "builtins/sequence_iterators.h"
#include "builtins/set.gen.h"
#include "memory/heap.h"
#include "runtime/dict_keys.h"

namespace dx {

namespace {

bool isFrozen(Value v) { return isInstanceOf(v, &PyFrozenSet_Type); }
// Results of operators and methods are exact, of the receiver's kind.
Type* kindOf(const Set& s) {
  return isSubtype(s.type, &PyFrozenSet_Type) ? &PyFrozenSet_Type : &PySet_Type;
}

Result<Ref<>> newSetInstance(Type& cls) {
  auto* s = static_cast<Set*>(newInstance(&cls));
  setInit(s);
  gcTrack(s);
  return Ref<>::steal(s);
}

Result<Ref<>> reprSet(Thread& t, Set& self) {
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    StrBuilder out;
    out.add(typeName(self.type));
    out.add("(...)");
    return out.finish();
  }
  Result<Ref<Str>> items = Error{};
  bool failed = false;
  StrBuilder out;
  if (self.used == 0) {
    out.add(typeName(self.type));
    out.add("()");
  } else {
    Result<Ref<List>> list = listFrom(t, &self);
    Result<Ref<Str>> text = list ? repr(t, *list) : Result<Ref<Str>>(Error{});
    failed = !text;
    if (text) {
      Str* s = text.peek().get();
      bool plain = self.type == &PySet_Type;
      if (!plain) {
        out.add(typeName(self.type));
        out.add('(');
      }
      out.add('{');
      out.add(s, 1, s->length - 1);
      out.add('}');
      if (!plain) out.add(')');
    }
  }
  leaveRepr(t, &self);
  if (failed) return Error{};
  return out.finish();
}

Result<bool> isSubset(Thread& t, Set& self, Value other) {
  Ref<> held;
  if (!isAnySet(other)) {
    Ref<Set> s = newSet(&PySet_Type);
    TRY(setUpdate(t, s, other));
    held = std::move(s);
    other = held;
  }
  Set* o = other.as<Set>();
  if (self.used > o->used) return false;
  i64 position = 0, h;
  Value item;
  while (setStep(&self, &position, &item, &h)) {
    Ref<> each = retain(item);
    if (!TRY(setContainsHashed(t, o, each, h))) return false;
  }
  return true;
}

Result<bool> isSuperset(Thread& t, Set& self, Value other) {
  if (isAnySet(other)) return isSubset(t, *other.as<Set>(), &self);
  bool all = true;
  TRY(forEach(t, other, [&](Value v) -> Result<bool> {
    all = TRY(setContains(t, &self, v));
    return all;
  }));
  return all;
}

Result<Ref<>> compareSets(Thread& t, Set& self, Value other, CompareOp op) {
  if (!isAnySet(other)) return notImplementedRef();
  Set* o = other.as<Set>();
  switch (op) {
    case CompareOp::Eq:
    case CompareOp::Ne: {
      bool same = self.used == o->used &&
                  !(self.hash != -1 && o->hash != -1 && self.hash != o->hash) &&
                  TRY(isSubset(t, self, other));
      return boolRef(same == (op == CompareOp::Eq));
    }
    case CompareOp::Le:
      return boolRef(TRY(isSubset(t, self, other)));
    case CompareOp::Ge:
      return boolRef(TRY(isSubset(t, *o, &self)));
    case CompareOp::Lt:
      return boolRef(self.used < o->used && TRY(isSubset(t, self, other)));
    default:
      return boolRef(self.used > o->used && TRY(isSubset(t, *o, &self)));
  }
}

Result<bool> areDisjoint(Thread& t, Set& self, Value other) {
  if (other == Value(&self)) return self.used == 0;
  if (isAnySet(other)) {
    Set *small = &self, *large = other.as<Set>();
    if (small->used > large->used) std::swap(small, large);
    i64 position = 0, h;
    Value item;
    while (setStep(small, &position, &item, &h)) {
      int quick = setHasQuickly(large, item, h);
      if (quick == 0) continue;
      if (quick == 1) return false;
      Ref<> each = retain(item);
      if (TRY(setContainsHashed(t, large, each, h))) return false;
    }
    return true;
  }
  bool disjoint = true;
  TRY(forEach(t, other, [&](Value v) -> Result<bool> {
    disjoint = !TRY(setContains(t, &self, v));
    return disjoint;
  }));
  return disjoint;
}

Result<Ref<Set>> intersect(Thread& t, Set& self, Value other) {
  if (other == Value(&self)) return setCopy(t, &self, kindOf(self));
  Ref<Set> out = newSet(kindOf(self));
  if (isAnySet(other)) {
    Set *small = &self, *large = other.as<Set>();
    if (large->used < small->used) std::swap(small, large);
    i64 position = 0, h;
    Value item;
    bool quiet = true;  // no type's == has run
    while (setStep(small, &position, &item, &h)) {
      int quick = quiet ? setHasQuickly(large, item, h) : -1;
      if (quick == 0) continue;
      if (quick == 1) {
        setAddNew(out, item, h);
        continue;
      }
      quiet = false;
      Ref<> each = retain(item);
      if (TRY(setContainsHashed(t, large, each, h))) TRY(setAddHashed(t, out, each, h));
    }
    return out;
  }
  TRY(forEach(t, other, [&](Value v) -> Result<bool> {
    i64 h = TRY(keyHash(t, v));
    if (TRY(setContainsHashed(t, &self, v, h))) TRY(setAddHashed(t, out, v, h));
    return true;
  }));
  return out;
}

Result<void> removeAll(Thread& t, Set& self, Value other) {
  if (other == Value(&self)) {
    setClear(&self);
    return {};
  }
  if (isAnySet(other)) {
    i64 position = 0, h;
    Value item;
    // A smaller receiver is filtered instead of walking a large argument.
    if (other.as<Set>()->used > self.used * 8 + 8) {
      Ref<Set> copy = TRY(setCopy(t, &self, &PySet_Type));
      while (setStep(copy, &position, &item, &h)) {
        Ref<> each = retain(item);
        if (TRY(setContainsHashed(t, other.as<Set>(), each, h)))
          TRY(setDiscardHashed(t, &self, each, h));
      }
      return {};
    }
    while (setStep(other.as<Set>(), &position, &item, &h)) {
      Ref<> each = retain(item);
      TRY(setDiscardHashed(t, &self, each, h));
    }
    return {};
  }
  return forEach(t, other, [&](Value v) -> Result<bool> {
    TRY(setDiscard(t, &self, v));
    return true;
  });
}

Result<Ref<Set>> subtract(Thread& t, Set& self, Value other) {
  Ref<Set> out;
  if (isAnySet(other) || isExactDict(other)) {
    out = newSet(kindOf(self));
    bool fromSet = isAnySet(other), quiet = fromSet;  // quiet: no type's == has run
    i64 position = 0, h;
    Value item;
    while (setStep(&self, &position, &item, &h)) {
      int quick = quiet ? setHasQuickly(other.as<Set>(), item, h) : -1;
      if (quick == 1) continue;
      if (quick == 0) {
        setAddNew(out, item, h);  // the items of self differ from each other
        continue;
      }
      quiet = false;
      Ref<> each = retain(item);
      bool present;
      if (fromSet) {
        present = TRY(setContainsHashed(t, other.as<Set>(), each, h));
      } else {
        i64 at = dictFind(t, other.as<Dict>(), each, h);
        if (at == kDictError) return Error{};
        present = at >= 0;
      }
      if (!present) TRY(setAddHashed(t, out, each, h));
    }
    return out;
  }
  out = TRY(setCopy(t, &self, kindOf(self)));
  TRY(removeAll(t, *out, other));
  return out;
}

Result<void> toggleAll(Thread& t, Set& self, Value other) {
  if (other == Value(&self)) {
    setClear(&self);
    return {};
  }
  Ref<> held;
  if (!isAnySet(other)) {
    Ref<Set> s = newSet(&PySet_Type);
    TRY(setUpdate(t, s, other));
    held = std::move(s);
    other = held;
  }
  i64 position = 0, h;
  Value item;
  while (setStep(other.as<Set>(), &position, &item, &h)) {
    Ref<> each = retain(item);
    if (!TRY(setDiscardHashed(t, &self, each, h))) TRY(setAddHashed(t, &self, each, h));
  }
  return {};
}

Result<Ref<>> unionOf(Thread& t, Set& self, Values others) {
  Ref<Set> out = TRY(setCopy(t, &self, kindOf(self)));
  for (Value o : others)
    if (o != Value(&self)) TRY(setUpdate(t, out, o));
  return out;
}

Result<Ref<>> intersectionOf(Thread& t, Set& self, Values others) {
  if (others.empty()) return setCopy(t, &self, kindOf(self));
  Ref<Set> out = retainObject(&self);
  for (Value o : others) out = TRY(intersect(t, *out, o));
  return out;
}

Result<Ref<>> differenceOf(Thread& t, Set& self, Values others) {
  if (others.empty()) return setCopy(t, &self, kindOf(self));
  Ref<Set> out = TRY(subtract(t, self, others[0]));
  for (Value o : others.subspan(1)) TRY(removeAll(t, *out, o));
  return out;
}

Result<Ref<>> symmetricDifferenceOf(Thread& t, Set& self, Value other) {
  Ref<Set> out = newSet(kindOf(self));
  TRY(setUpdate(t, out, other));
  TRY(toggleAll(t, *out, &self));
  return out;
}

// Operators want sets on both sides; the result's kind is the left one's.
bool bothSets(Value a, Value b) { return isAnySet(a) && isAnySet(b); }

Result<Ref<>> setSub(Thread& t, Value a, Value b) {
  if (!bothSets(a, b)) return notImplementedRef();
  return subtract(t, *a.as<Set>(), b);
}
Result<Ref<>> setAnd(Thread& t, Value a, Value b) {
  if (!bothSets(a, b)) return notImplementedRef();
  return intersect(t, *a.as<Set>(), b);
}
Result<Ref<>> setOr(Thread& t, Value a, Value b) {
  if (!bothSets(a, b)) return notImplementedRef();
  return unionOf(t, *a.as<Set>(), Values(&b, 1));
}
Result<Ref<>> setXor(Thread& t, Value a, Value b) {
  if (!bothSets(a, b)) return notImplementedRef();
  return symmetricDifferenceOf(t, *a.as<Set>(), b);
}

Result<Ref<>> reduceSet(Thread& t, Set& self) {
  Ref<List> items = TRY(listFrom(t, &self));
  Ref<> state = noneRef();
  bool missing = false;
  state = TRY(callSpecial(t, &self, DX_NAME("__getstate__"), {}, &missing));
  return tupleOf(Value(self.type), tupleOf(items), state);
}

i64 sizeOf(const Set& self) {
  return self.type->basicSize +
         (self.table != self.small ? (self.mask + 1) * i64(sizeof(SetEntry)) : 0);
}

Ref<> makeSetCursor(Set& s) {
  Ref<SetCursor> c = make<SetCursor>(&PySetIter_Type);
  c->set = retain(&s).release();
  c->used = c->left = s.used;
  gcTrack(c);
  return c;
}

// A set that is looked for inside sets counts as the frozenset of its items.
template <class F>
auto withKey(Thread& t, Value item, F&& use) -> decltype(use(item)) {
  auto r = use(item);
  if (r || !isAnySet(item) || isFrozen(item) || !t.takeIf(kTypeError)) return r;
  Ref<Set> frozen = TRY(setCopy(t, item.as<Set>(), &PyFrozenSet_Type));
  return use(frozen);
}

u64 shuffle(u64 h) { return ((h ^ 89869747u) ^ (h << 16)) * 3644798167u; }

}  // namespace

// ---- set ----

void set_dealloc(Object* o) {
  gcUntrack(o);
  setDestroy(static_cast<Set*>(o));
  if (o->type == &PySet_Type || o->type == &PyFrozenSet_Type)
    freeGcObject(o, sizeof(Set));
  else
    freeObject(o);
}
void set_traverse(Object* o, Visitor& v) { setVisit(static_cast<Set*>(o), v); }
void set_clear(Object* o) { setClear(static_cast<Set*>(o)); }
void frozenset_dealloc(Object* o) { set_dealloc(o); }
void frozenset_traverse(Object* o, Visitor& v) { set_traverse(o, v); }
void frozenset_clear(Object* o) { set_clear(o); }

Result<Ref<>> set___new__(Thread&, Type& cls, const Args&) { return newSetInstance(cls); }

// Unlike the other containers, keywords are an error for subclasses too.
Result<void> set___init__(Thread& t, Set& self, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "set() takes no keyword arguments");
  if (args.count > 1)
    return t.raise(kTypeError, "set expected at most 1 argument, got {}", args.count);
  Value iterable = args.count ? args[0] : Value();
  setClear(&self);
  self.hash = -1;
  if (!iterable) return {};
  return setUpdate(t, &self, iterable);
}

#define DX_BOTH_SETS(prefix)                                                                \
  Result<Ref<>> prefix##___repr__(Thread& t, Set& self) { return reprSet(t, self); }        \
  Result<Ref<>> prefix##___richcompare__(Thread& t, Set& self, Value other, CompareOp op) { \
    return compareSets(t, self, other, op);                                                 \
  }                                                                                         \
  Result<Ref<>> prefix##___iter__(Thread&, Set& self) { return makeSetCursor(self); }       \
  Result<i64> prefix##___len__(Thread&, Set& self) { return self.used; }                    \
  Result<bool> prefix##___contains__(Thread& t, Set& self, Value item) {                    \
    return withKey(t, item, [&](Value key) { return setContains(t, &self, key); });         \
  }                                                                                         \
  Result<Ref<>> prefix##___sub__(Thread& t, Value a, Value b) { return setSub(t, a, b); }   \
  Result<Ref<>> prefix##___and__(Thread& t, Value a, Value b) { return setAnd(t, a, b); }   \
  Result<Ref<>> prefix##___or__(Thread& t, Value a, Value b) { return setOr(t, a, b); }     \
  Result<Ref<>> prefix##___xor__(Thread& t, Value a, Value b) { return setXor(t, a, b); }   \
  Result<Ref<>> prefix##_union(Thread& t, Set& self, Values others) {                       \
    return unionOf(t, self, others);                                                        \
  }                                                                                         \
  Result<Ref<>> prefix##_intersection(Thread& t, Set& self, Values others) {                \
    return intersectionOf(t, self, others);                                                 \
  }                                                                                         \
  Result<Ref<>> prefix##_difference(Thread& t, Set& self, Values others) {                  \
    return differenceOf(t, self, others);                                                   \
  }                                                                                         \
  Result<Ref<>> prefix##_symmetric_difference(Thread& t, Set& self, Value other) {          \
    return symmetricDifferenceOf(t, self, other);                                           \
  }                                                                                         \
  Result<bool> prefix##_isdisjoint(Thread& t, Set& self, Value other) {                     \
    return areDisjoint(t, self, other);                                                     \
  }                                                                                         \
  Result<bool> prefix##_issubset(Thread& t, Set& self, Value other) {                       \
    return isSubset(t, self, other);                                                        \
  }                                                                                         \
  Result<bool> prefix##_issuperset(Thread& t, Set& self, Value other) {                     \
    return isSuperset(t, self, other);                                                      \
  }                                                                                         \
  Result<Ref<>> prefix##___reduce__(Thread& t, Set& self) { return reduceSet(t, self); }    \
  Result<i64> prefix##___sizeof__(Thread&, Set& self) { return sizeOf(self); }
DX_BOTH_SETS(set)
DX_BOTH_SETS(frozenset)
#undef DX_BOTH_SETS

Result<Ref<>> set___isub__(Thread& t, Set& self, Value other) {
  if (!isAnySet(other)) return notImplementedRef();
  TRY(removeAll(t, self, other));
  return retain(&self);
}
Result<Ref<>> set___iand__(Thread& t, Set& self, Value other) {
  if (!isAnySet(other)) return notImplementedRef();
  TRY(set_intersection_update(t, self, Values(&other, 1)));
  return retain(&self);
}
Result<Ref<>> set___ixor__(Thread& t, Set& self, Value other) {
  if (!isAnySet(other)) return notImplementedRef();
  TRY(toggleAll(t, self, other));
  return retain(&self);
}
Result<Ref<>> set___ior__(Thread& t, Set& self, Value other) {
  if (!isAnySet(other)) return notImplementedRef();
  TRY(setUpdate(t, &self, other));
  return retain(&self);
}

Result<void> set_add(Thread& t, Set& self, Value object) { return setAdd(t, &self, object); }
Result<void> set_discard(Thread& t, Set& self, Value object) {
  TRY(withKey(t, object, [&](Value key) { return setDiscard(t, &self, key); }));
  return {};
}
Result<void> set_remove(Thread& t, Set& self, Value object) {
  if (!TRY(withKey(t, object, [&](Value key) { return setDiscard(t, &self, key); })))
    return raiseKeyError(t, object);
  return {};
}
Result<Ref<>> set_pop(Thread& t, Set& self) {
  Ref<> item = setPopAny(&self);
  if (!item) return t.raise(kKeyError, "pop from an empty set");
  return item;
}
Result<void> set_clear(Thread&, Set& self) {
  setClear(&self);
  return {};
}
Result<Ref<>> set_copy(Thread& t, Set& self) { return setCopy(t, &self, kindOf(self)); }
Result<void> set_update(Thread& t, Set& self, Values others) {
  for (Value o : others) TRY(setUpdate(t, &self, o));
  return {};
}
Result<void> set_intersection_update(Thread& t, Set& self, Values others) {
  Ref<> common = TRY(intersectionOf(t, self, others));
  setSwap(&self, common.as<Set>());
  return {};
}
Result<void> set_difference_update(Thread& t, Set& self, Values others) {
  for (Value o : others) TRY(removeAll(t, self, o));
  return {};
}
Result<void> set_symmetric_difference_update(Thread& t, Set& self, Value other) {
  return toggleAll(t, self, other);
}

// ---- frozenset ----

Result<Ref<>> frozenset___new__(Thread& t, Type& cls, Value iterable) {
  if (&cls == &PyFrozenSet_Type && iterable && iterable.isObject() &&
      iterable.object()->type == &PyFrozenSet_Type)
    return retain(iterable);
  Ref<> s = TRY(newSetInstance(cls));
  if (iterable) TRY(setUpdate(t, s.as<Set>(), iterable));
  return s;
}

Result<i64> frozenset___hash__(Thread&, Set& self) {
  if (self.hash != -1) return self.hash;
  u64 h = 0;
  for (i64 i = 0; i <= self.mask; i++)
    if (setCellUsed(self.table[i])) h ^= shuffle(u64(self.table[i].hash));
  h ^= (u64(self.used) + 1) * 1927868237u;
  h ^= (h >> 11) ^ (h >> 25);
  h = h * 69069u + 907133923u;
  if (h == ~u64(0)) h = 590923713u;
  self.hash = i64(h);
  return self.hash;
}

Result<Ref<>> frozenset_copy(Thread& t, Set& self) {
  if (self.type == &PyFrozenSet_Type) return retain(&self);
  return setCopy(t, &self, &PyFrozenSet_Type);
}

// ---- iterator ----

Result<Ref<>> setiter___iter__(Thread&, SetCursor& self) { return retain(&self); }

Result<Ref<>> setiter___next__(Thread& t, SetCursor& self) {
  if (!self.set) return Ref<>();
  Set* s = self.set.as<Set>();
  if (self.used != s->used) {
    self.used = -1;
    return t.raise(kRuntimeError, "Set changed size during iteration");
  }
  Value item;
  if (setNext(s, &self.position, &item)) {
    self.left--;
    return retain(item);
  }
  clearField(self.set);
  return Ref<>();
}

Result<i64> setiter___length_hint__(Thread&, SetCursor& self) {
  return self.set && self.used == self.set.as<Set>()->used ? self.left : 0;
}

Result<Ref<>> setiter___reduce__(Thread& t, SetCursor& self) {
  Ref<> function = TRY(builtinFunction(t, "iter"));
  Ref<List> rest = newList();
  if (self.set) {
    if (self.used != self.set.as<Set>()->used) {
      self.used = -1;
      return t.raise(kRuntimeError, "Set changed size during iteration");
    }
    i64 position = self.position;
    Value item;
    while (setNext(self.set.as<Set>(), &position, &item)) listAppend(rest, item);
  }
  return tupleOf(function, tupleOf(rest));
}

}  // namespace dx
