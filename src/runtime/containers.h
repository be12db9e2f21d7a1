// Tuples, lists, dicts, sets, slices: making and using them from C++.
#pragma once
#include "runtime/thread.h"

namespace dx {

// ---- tuple ----
Tuple* emptyTuple();                 // immortal
Ref<Tuple> newTuple(i64 size);       // items empty; fill before anyone sees it
Ref<Tuple> makeTuple(Values items);  // retains
template <class... V>
Ref<Tuple> tupleOf(const V&... v) {
  Value list[] = {Value(v)...};
  return makeTuple(Values(list, sizeof...(V)));
}
inline Values valuesOf(const Tuple* t) { return {t->items, size_t(t->size)}; }

// ---- list ----
Ref<List> newList(i64 capacity = 0);
Ref<List> makeList(Values items);  // retains
void listAppend(List* list, Ref<> item);
inline void listAppend(List* list, Value item) { listAppend(list, retain(item)); }
Result<void> listExtend(Thread& t, List* list, Value iterable);
void listInsert(List* list, i64 at, Value item);
inline Values valuesOf(const List* l) { return {l->items, size_t(l->size)}; }
// Removes [from, to) and puts the items there; releases the old ones last.
void listReplace(List* list, i64 from, i64 to, Values items);

// ---- dict: insertion-ordered, compact (runtime/dict.cpp) ----
// Only str keys can be looked up without a Thread: they neither run Python nor raise (as long as
// the dict's keys are str; other keys are compared through Python only on equal hashes).
Ref<Dict> newDict(i64 expected = 0);
Result<Value> dictGet(Thread& t, Dict* d, Value key);  // borrowed; empty: absent
Result<Value> dictGetHashed(Thread& t, Dict* d, Value key, i64 hash);
Result<void> dictSet(Thread& t, Dict* d, Value key, Value value);
Result<bool> dictDelete(Thread& t, Dict* d, Value key);                    // false: absent
Result<Value> dictSetDefault(Thread& t, Dict* d, Value key, Value value);  // borrowed result
Result<Ref<>> dictPop(Thread& t, Dict* d, Value key);  // empty, no exception: absent
Value dictGetStr(Dict* d, Str* key);                   // borrowed; empty: absent
void dictSetStr(Dict* d, Str* key, Value value);
inline void dictSetStr(Dict* d, const char* key, Value value);
bool dictDeleteStr(Dict* d, Str* key);
void dictClear(Dict* d);
Ref<Dict> dictCopy(Dict* d);
enum class MergeMode : u8 { Override, Keep, Raise };
Result<void> dictMerge(Thread& t, Dict* d, Value mapping, MergeMode mode = MergeMode::Override);
// Iteration by position, from 0; borrowed key and value. False at the end.
bool dictNext(Dict* d, i64* position, Value* key, Value* value, i64* hash = nullptr);
// Identity of the dict's current key table: changes when keys are added, removed or resized, not
// when the value of an existing key is replaced. For caches: never reused while in use.
inline u64 dictKeysVersion(const Dict* d) {
  return *reinterpret_cast<const u64*>(d->keys);  // DictKeys::version (runtime/dict_keys.h)
}
// Storage of the value of a present str key (for global caches; valid while keysVersion is), or
// null.
Value* dictValueSlot(Dict* d, Str* key);

// ---- set ----
Ref<Set> newSet(Type* type);  // &PySet_Type, &PyFrozenSet_Type
Result<void> setAdd(Thread& t, Set* s, Value item);
Result<bool> setContains(Thread& t, Set* s, Value item);
Result<bool> setDiscard(Thread& t, Set* s, Value item);
Result<void> setUpdate(Thread& t, Set* s, Value iterable);
bool setNext(Set* s, i64* position, Value* item, i64* hash = nullptr);
void setClear(Set* s);
inline bool isAnySet(Value v);  // set, frozenset and subclasses

// ---- slice, cell, method, misc ----
Ref<Slice> makeSlice(Value start, Value stop, Value step);
Ref<Cell> makeCell(Value contentOrEmpty);
Ref<Method> makeMethod(Value function, Value self);
Ref<> makeComplex(double real, double imag);

Str* internImmortal(std::string_view ascii);
inline void dictSetStr(Dict* d, const char* key, Value value) {
  dictSetStr(d, internImmortal(key), value);
}
bool isSubtype(const Type* a, const Type* b);
inline bool isAnySet(Value v) {
  return v.isObject() &&
         (isSubtype(typeOf(v), &PySet_Type) || isSubtype(typeOf(v), &PyFrozenSet_Type));
}

}  // namespace dx
