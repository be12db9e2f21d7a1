// Views (keys, values, items) with their set operations, and the six iterators of dicts.
#include "builtins/dict_views.h"

#include "builtins/dict.gen.h"
#include "builtins/sequence_iterators.h"
#include "memory/heap.h"
#include "runtime/iterators.h"
#include "runtime/set_table.h"

namespace dx {

Ref<> makeDictView(Type* type, Dict* d) {
  Ref<DictView> v = make<DictView>(type);
  v->dict = retain(d).release();
  gcTrack(v);
  return v;
}

Ref<> makeDictCursor(Type* type, Dict* d) {
  Ref<DictCursor> c = make<DictCursor>(type);
  c->dict = retain(d).release();
  c->used = c->left = d->used;
  bool reverse = type == &PyDictRevIterKey_Type || type == &PyDictRevIterValue_Type ||
                 type == &PyDictRevIterItem_Type;
  c->position = reverse ? d->keys->entryCount - 1 : 0;
  gcTrack(c);
  return c;
}

namespace {

Dict* dictOf(const DictView& v) { return v.dict.as<Dict>(); }
i64 viewLength(const DictView& v) { return v.dict ? dictOf(v)->used : 0; }

Result<Ref<>> reprView(Thread& t, DictView& self) {
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return makeAscii("...");
  }
  Result<Ref<List>> items = listFrom(t, &self);
  Result<Ref<Str>> text = items ? repr(t, *items) : Result<Ref<Str>>(Error{});
  leaveRepr(t, &self);
  if (!text) return Error{};
  StrBuilder out;
  out.add(typeName(self.type));
  out.add('(');
  out.add(text.peek().get());
  out.add(')');
  return out.finish();
}

bool isSetView(Value v) {
  return isInstanceOf(v, &PyDictKeys_Type) || isInstanceOf(v, &PyDictItems_Type);
}

Result<bool> allContained(Thread& t, Value items, Value container) {
  bool all = true;
  TRY(forEach(t, items, [&](Value v) -> Result<bool> {
    all = TRY(contains(t, container, v));
    return all;
  }));
  return all;
}

Result<Ref<>> compareViews(Thread& t, DictView& self, Value other, CompareOp op) {
  if (!isAnySet(other) && !isSetView(other)) return notImplementedRef();
  i64 m = TRY(length(t, &self)), n = TRY(length(t, other));
  switch (op) {
    case CompareOp::Eq:
      return boolRef(m == n && TRY(allContained(t, &self, other)));
    case CompareOp::Ne:
      return boolRef(!(m == n && TRY(allContained(t, &self, other))));
    case CompareOp::Lt:
      return boolRef(m < n && TRY(allContained(t, &self, other)));
    case CompareOp::Le:
      return boolRef(m <= n && TRY(allContained(t, &self, other)));
    case CompareOp::Gt:
      return boolRef(m > n && TRY(allContained(t, other, &self)));
    default:
      return boolRef(m >= n && TRY(allContained(t, other, &self)));
  }
}

// Set operations give sets; the left operand is first put into one.
Result<Ref<Set>> setOf(Thread& t, Value v) {
  Ref<Set> s = newSet(&PySet_Type);
  TRY(setUpdate(t, s, v));
  return s;
}

Result<Ref<>> viewSub(Thread& t, Value left, Value right) {
  Ref<Set> out = TRY(setOf(t, left));
  TRY(forEach(t, right, [&](Value v) -> Result<bool> {
    TRY(setDiscard(t, out, v));
    return true;
  }));
  return out;
}

Result<Ref<>> viewAnd(Thread& t, Value left, Value right) {
  // Either may be the view; iterate the other one, or the shorter of two views.
  if (!isSetView(left))
    std::swap(left, right);
  else if (isSetView(right) && viewLength(*right.as<DictView>()) > viewLength(*left.as<DictView>()))
    std::swap(left, right);
  Ref<Set> out = newSet(&PySet_Type);
  TRY(forEach(t, right, [&](Value v) -> Result<bool> {
    if (TRY(contains(t, left, v))) TRY(setAdd(t, out, v));
    return true;
  }));
  return out;
}

Result<Ref<>> viewOr(Thread& t, Value left, Value right) {
  Ref<Set> out = TRY(setOf(t, left));
  TRY(setUpdate(t, out, right));
  return out;
}

Result<Ref<>> viewXor(Thread& t, Value left, Value right) {
  Ref<Set> out = TRY(setOf(t, left));
  Ref<Set> other = TRY(setOf(t, right));
  i64 position = 0, h;
  Value item;
  while (setNext(other, &position, &item, &h)) {
    Ref<> held = retain(item);
    if (!TRY(setDiscardHashed(t, out, held, h))) TRY(setAddHashed(t, out, held, h));
  }
  return out;
}

Result<bool> viewDisjoint(Thread& t, DictView& self, Value other) {
  Value small = &self, large = other;
  if (other == Value(&self)) return viewLength(self) == 0;
  if (isAnySet(other) || isSetView(other)) {
    if (TRY(length(t, other)) > viewLength(self)) std::swap(small, large);
    std::swap(small, large);
    if (!isSetView(large) && !isAnySet(large)) std::swap(small, large);
  } else {
    small = other;
    large = &self;
  }
  bool disjoint = true;
  TRY(forEach(t, small, [&](Value v) -> Result<bool> {
    disjoint = !TRY(contains(t, large, v));
    return disjoint;
  }));
  return disjoint;
}

// ---- iterators ----

DX_COLD const DictEntry* keysChanged(Thread& t, DictCursor& c) {
  (void)t.raise(kRuntimeError, "dictionary keys changed during iteration");
  clearField(c.dict);
  return nullptr;
}

// The next entry, or null: exhausted or error.
const DictEntry* advance(Thread& t, DictCursor& c, bool reverse) {
  if (!c.dict) return nullptr;
  Dict* d = c.dict.as<Dict>();
  if (c.used != d->used) [[unlikely]] {
    c.used = -1;  // sticky
    (void)t.raise(kRuntimeError, "dictionary changed size during iteration");
    return nullptr;
  }
  const DictKeys* k = d->keys;
  const DictEntry* entries = k->entries();
  i64 i = c.position;
  if (reverse) {
    if (i >= k->entryCount) i = -1;  // the table was replaced
    while (i >= 0 && !entries[i].key) i--;
    if (i >= 0) {
      if (c.left == 0) [[unlikely]]
        return keysChanged(t, c);
      c.position = i - 1;
      c.left--;
      return &entries[i];
    }
  } else {
    if (i < k->firstEntry) i = k->firstEntry;
    while (i < k->entryCount && !entries[i].key) i++;
    if (i < k->entryCount) {
      if (c.left == 0) [[unlikely]]
        return keysChanged(t, c);
      c.position = i + 1;
      c.left--;
      return &entries[i];
    }
  }
  clearField(c.dict);
  return nullptr;
}

Ref<> pairOf(DictCursor& c, const DictEntry* e) {
  // zip-like loops drop each pair before they ask for the next: use it again.
  if (c.pair && c.pair.object()->refcount == 1) {
    Tuple* pair = c.pair.as<Tuple>();
    Ref<> oldKey = Ref<>::steal(pair->items[0]), oldValue = Ref<>::steal(pair->items[1]);
    pair->items[0] = retain(e->key).release();
    pair->items[1] = retain(e->value).release();
    pair->hash = -1;
    return retain(c.pair);
  }
  Ref<Tuple> pair = newTuple(2);
  pair->items[0] = retain(e->key).release();
  pair->items[1] = retain(e->value).release();
  setField(c.pair, retain(pair));
  return pair;
}

}  // namespace

NextPair nextDictItem(Thread& t, Object* iterator, Value* out) {
  const DictEntry* e = advance(t, *static_cast<DictCursor*>(iterator), false);
  if (!e) return t.hasException() ? NextPair::Failed : NextPair::None;
  out[0] = retain(e->key).release();
  out[1] = retain(e->value).release();
  return NextPair::One;
}

namespace {

enum class Part { Key, Value, Item };

Result<Ref<>> nextOf(Thread& t, DictCursor& c, Part part, bool reverse) {
  const DictEntry* e = advance(t, c, reverse);
  if (!e) return Ref<>();
  if (part == Part::Key) return retain(e->key);
  if (part == Part::Value) return retain(e->value);
  return pairOf(c, e);
}

i64 hintOf(const DictCursor& c) { return c.dict && c.used == c.dict.as<Dict>()->used ? c.left : 0; }

// Pickled as a list iterator over what is left.
Result<Ref<>> reduceOf(Thread& t, DictCursor& c, Part part, bool reverse) {
  Ref<> function = TRY(builtinFunction(t, "iter"));
  Ref<DictCursor> copy = make<DictCursor>(c.type);
  copy->dict = retain(c.dict).release();
  copy->used = c.used;
  copy->position = c.position;
  copy->left = c.left;
  gcTrack(copy);
  Ref<List> rest = newList();
  for (;;) {
    Ref<> item = nextOf(t, *copy, part, reverse).take();
    if (!item) break;
    listAppend(rest, std::move(item));
  }
  if (t.hasException()) return Error{};
  return tupleOf(function, tupleOf(rest));
}

}  // namespace

#define DX_DICT_ITERATOR(prefix, part, reverse)                                            \
  Result<Ref<>> prefix##___iter__(Thread&, DictCursor& self) { return retain(&self); }     \
  Result<Ref<>> prefix##___next__(Thread& t, DictCursor& self) {                           \
    return nextOf(t, self, Part::part, reverse);                                           \
  }                                                                                        \
  Result<i64> prefix##___length_hint__(Thread&, DictCursor& self) { return hintOf(self); } \
  Result<Ref<>> prefix##___reduce__(Thread& t, DictCursor& self) {                         \
    return reduceOf(t, self, Part::part, reverse);                                         \
  }
DX_DICT_ITERATOR(dictkeyiter, Key, false)
DX_DICT_ITERATOR(dictvalueiter, Value, false)
DX_DICT_ITERATOR(dictitemiter, Item, false)
DX_DICT_ITERATOR(dictrevkeyiter, Key, true)
DX_DICT_ITERATOR(dictrevvalueiter, Value, true)
DX_DICT_ITERATOR(dictrevitemiter, Item, true)
#undef DX_DICT_ITERATOR

#define DX_DICT_VIEW(prefix, iterType, reverseType)                                        \
  Result<Ref<>> prefix##___repr__(Thread& t, DictView& self) { return reprView(t, self); } \
  Result<Ref<>> prefix##___iter__(Thread&, DictView& self) {                               \
    return makeDictCursor(&iterType, dictOf(self));                                        \
  }                                                                                        \
  Result<i64> prefix##___len__(Thread&, DictView& self) { return viewLength(self); }       \
  Result<Ref<>> prefix##___reversed__(Thread&, DictView& self) {                           \
    return makeDictCursor(&reverseType, dictOf(self));                                     \
  }                                                                                        \
  Result<Ref<>> prefix##_get_mapping(Thread&, DictView& self) {                            \
    return makeMappingProxy(self.dict);                                                    \
  }
DX_DICT_VIEW(dictkeys, PyDictIterKey_Type, PyDictRevIterKey_Type)
DX_DICT_VIEW(dictitems, PyDictIterItem_Type, PyDictRevIterItem_Type)
DX_DICT_VIEW(dictvalues, PyDictIterValue_Type, PyDictRevIterValue_Type)
#undef DX_DICT_VIEW

#define DX_SET_VIEW(prefix)                                                                      \
  Result<Ref<>> prefix##___richcompare__(Thread& t, DictView& self, Value other, CompareOp op) { \
    return compareViews(t, self, other, op);                                                     \
  }                                                                                              \
  Result<Ref<>> prefix##___sub__(Thread& t, Value a, Value b) { return viewSub(t, a, b); }       \
  Result<Ref<>> prefix##___and__(Thread& t, Value a, Value b) { return viewAnd(t, a, b); }       \
  Result<Ref<>> prefix##___or__(Thread& t, Value a, Value b) { return viewOr(t, a, b); }         \
  Result<Ref<>> prefix##___xor__(Thread& t, Value a, Value b) { return viewXor(t, a, b); }       \
  Result<bool> prefix##_isdisjoint(Thread& t, DictView& self, Value other) {                     \
    return viewDisjoint(t, self, other);                                                         \
  }
DX_SET_VIEW(dictkeys)
DX_SET_VIEW(dictitems)
#undef DX_SET_VIEW

Result<bool> dictkeys___contains__(Thread& t, DictView& self, Value key) {
  if (!self.dict) return false;
  return dict___contains__(t, *dictOf(self), key);
}

Result<bool> dictitems___contains__(Thread& t, DictView& self, Value item) {
  if (!isTuple(item) || item.as<Tuple>()->size != 2) return false;
  Ref<> found = retain(TRY(dictGet(t, dictOf(self), item.as<Tuple>()->items[0])));
  if (!found) return false;
  return equal(t, found, item.as<Tuple>()->items[1]);
}

}  // namespace dx
