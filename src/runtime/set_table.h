// The table behind set and frozenset, in CPython's PySetObject layout: open addressing with short
// linear runs, eight cells inside the object, deleted cells marked by a key of their own.
#pragma once
#include "memory/collector.h"
#include "runtime/containers.h"

namespace dx {

extern Object setDummyObject;
inline Value setDummy() { return &setDummyObject; }  // key of a deleted cell (hash -1)
inline bool setCellUsed(const SetEntry& e) { return e.key && e.key != setDummy(); }

// setNext() where it stands.
DX_INLINE bool setStep(Set* s, i64* position, Value* item, i64* hash) {
  const SetEntry* end = s->table + s->mask + 1;
  for (const SetEntry* e = s->table + *position; e < end; e++) {
    if (!setCellUsed(*e)) continue;
    *item = e->key;
    *hash = e->hash;
    *position = e - s->table + 1;
    return true;
  }
  return false;
}

void setInit(Set* s);  // a zeroed object becomes an empty set
// With the hash known. setAddHashed takes its own reference.
Result<bool> setContainsHashed(Thread& t, Set* s, Value item, i64 hash);
Result<bool> setAddHashed(Thread& t, Set* s, Value item, i64 hash);  // true: it was new
Result<bool> setDiscardHashed(Thread& t, Set* s, Value item, i64 hash);
// Adds (retained) what is known to be absent.
void setAddNew(Set* s, Value item, i64 hash);
// Is `item` in the set, as far as no type is asked: 1, 0, or -1 for not known.
int setHasQuickly(Set* s, Value item, i64 hash);
Ref<> setPopAny(Set* s);                                  // empty: the set is empty
Result<Ref<Set>> setCopy(Thread& t, Set* s, Type* type);  // an exact set or frozenset
void setSwap(Set* a, Set* b);                             // exchanges contents
void setDestroy(Set* s);
void setVisit(Set* s, Visitor& v);

}  // namespace dx
