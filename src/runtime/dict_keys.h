// The table behind a dict: an index of 1, 2, 4 or 8-byte cells (open addressing, perturbed probes)
// into an array of entries in insertion order. Deleting leaves a hole; growing compacts.
//
// Layout of one block: DictKeys, 2^log2Size cells, the entries. A cell is an entry's position, -1
// (never used) or -2 (deleted). At most two thirds of the cells are ever in use.
#pragma once
#include "memory/collector.h"
#include "runtime/containers.h"

namespace dx {

struct DictEntry {
  i64 hash;
  Value key, value;
};  // a hole has both empty; owned

struct DictKeys {
  u64 version;   // unique over all tables and their states; changes with every added or removed key
  u64 tableId;   // the version it was made with
  u8 log2Size;   // of the index
  u8 cellShift;  // log2 of a cell's bytes
  bool strKeys;  // every key is an exact str
  i64 usable;    // entries that may still be appended
  i64 entryCount;  // entries in use, holes included
  i64 firstEntry;  // everything before is a hole

  u64 mask() const { return (u64(1) << log2Size) - 1; }
  template <class Cell>
  Cell* cells() const {
    return reinterpret_cast<Cell*>(u64(this + 1));
  }
  DictEntry* entries() const {
    return reinterpret_cast<DictEntry*>(u64(this + 1) + (u64(1) << (log2Size + cellShift)));
  }
};

DictKeys* emptyDictKeys();  // shared by all empty dicts, never written

constexpr i64 kDictAbsent = -1, kDictError = -2;
// hash(key) with the common kinds inline.
Result<i64> keyHash(Thread& t, Value key);
// The same, with the text of dicts for what has no hash.
Result<i64> dictKeyHash(Thread& t, Value key);
// For a TypeError of hash(item): the same said with what `item` was meant to be, "a dict key".
DX_COLD Error raiseUnhashable(Thread& t, Value item, const char* role);
// Position of the entry of `key`, kDictAbsent, or kDictError (exception pending). Comparing may run
// Python; the answer is true of the dict as it is on return.
i64 dictFind(Thread& t, Dict* d, Value key, i64 hash);
i64 dictFindStr(Dict* d, Str* key);  // exact str; see dictGetStr
// Appends a key known to be absent.
void dictInsertNew(Dict* d, Ref<> key, i64 hash, Ref<> value);
// Makes a hole of entry `at` and hands over what it owned.
void dictTakeAt(Dict* d, i64 at, Ref<>* key, Ref<>* value);
// Moves an entry behind all others, or in front of them. Amortized O(1).
void dictMoveEntry(Dict* d, i64 at, bool toEnd);
// First or last entry's position, or kDictAbsent when empty.
i64 dictFirst(const Dict* d);
i64 dictLast(const Dict* d);
// dict.update(sequence of pairs); keys already present win if `keep`.
Result<void> dictMergePairs(Thread& t, Dict* d, Value pairs, bool keep);
// Both have equal keys with equal values.
Result<bool> dictsEqual(Thread& t, Dict* a, Dict* b);
// Releases the table at the object's end.
void dictDestroy(Dict* d);
void dictVisit(Dict* d, Visitor& v);
i64 dictTableBytes(const Dict* d);  // for __sizeof__

}  // namespace dx
