// Dicts: look-up, insertion, deletion, growth. What a table looks like: runtime/dict_keys.h.
//
// Only key comparison can run Python. It may change the dict, so a probe starts over when the
// table was replaced or the compared entry changed. All other steps complete before anything is
// released, so no Python code sees a half-changed dict.
#include <algorithm>

#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/dict_keys.h"
#include "runtime/int.h"
#include "runtime/snapshot.h"
#include "runtime/str.h"

namespace dx {

namespace {

constexpr u8 kMinLog2 = 3;
constexpr i64 kRestart = -3;
u64 gNextVersion = 2;  // 1: the shared empty table

struct EmptyTable {
  DictKeys keys;
  i8 cells[8];
};
EmptyTable gEmptyTable = {{1, 1, kMinLog2, 0, true, 0, 0, 0}, {-1, -1, -1, -1, -1, -1, -1, -1}};

i64 usableOf(u8 log2) { return i64((u64(1) << log2) / 3 * 2 + ((u64(1) << log2) % 3) * 2 / 3); }

u8 log2For(i64 entries) {  // smallest index whose usable part holds that many
  u8 log2 = kMinLog2;
  while (usableOf(log2) < entries) log2++;
  return log2;
}

u8 cellShiftFor(u8 log2) { return log2 < 8 ? 0 : log2 < 16 ? 1 : log2 < 32 ? 2 : 3; }

size_t tableBytes(u8 log2) {
  return sizeof(DictKeys) + (size_t(1) << (log2 + cellShiftFor(log2))) +
         size_t(usableOf(log2)) * sizeof(DictEntry);
}

DictKeys* newTable(u8 log2) {
  auto* k = static_cast<DictKeys*>(allocateBlock(tableBytes(log2)));
  u8 shift = cellShiftFor(log2);
  u64 version = gNextVersion++;
  *k = {version, version, log2, shift, true, usableOf(log2), 0, 0};
  memset(k->cells<u8>(), 0xFF, size_t(1) << (log2 + shift));
  return k;
}

void freeTable(DictKeys* k) {
  if (k != &gEmptyTable.keys) releaseBlock(k, tableBytes(k->log2Size));
}

// Calls fn with a null pointer of the table's cell type.
template <class F>
DX_INLINE auto withCells(const DictKeys* k, F&& fn) {
  switch (k->cellShift) {
    case 0:
      return fn(static_cast<i8*>(nullptr));
    case 1:
      return fn(static_cast<i16*>(nullptr));
    case 2:
      return fn(static_cast<i32*>(nullptr));
    default:
      return fn(static_cast<i64*>(nullptr));
  }
}

struct Probe {
  Probe(u64 hash, u64 mask) : at(hash & mask), perturb(hash), mask(mask) {}
  void next() {
    perturb >>= 5;
    at = (at * 5 + perturb + 1) & mask;
  }
  u64 at, perturb, mask;
};

template <class Cell>
DX_INLINE i64 findStrIn(const DictKeys* k, const Str* key, i64 hash) {
  const Cell* cells = k->cells<Cell>();
  const DictEntry* entries = k->entries();
  for (Probe p(u64(hash), k->mask());; p.next()) {
    i64 at = cells[p.at];
    if (at >= 0) [[likely]] {
      const DictEntry& e = entries[at];
      if (e.key == Value(key)) [[likely]]
        return at;
      if (e.hash == hash && equalStr(e.key.as<Str>(), key)) return at;
    } else if (at == -1) {
      return kDictAbsent;
    }
  }
}

i64 findStr(const DictKeys* k, const Str* key, i64 hash) {
  return withCells(
      k, [&](auto* c) { return findStrIn<std::remove_pointer_t<decltype(c)>>(k, key, hash); });
}

template <class Cell>
i64 findIn(Thread& t, Dict* d, Value key, i64 hash) {
  DictKeys* k = d->keys;
  u64 table = k->tableId;
  for (Probe p(u64(hash), k->mask());; p.next()) {
    i64 at = k->cells<Cell>()[p.at];
    if (at == -1) return kDictAbsent;
    if (at < 0) continue;
    const DictEntry& e = k->entries()[at];
    if (e.hash != hash) continue;
    int quick = quickEqual(e.key, key);
    if (quick == 1) return at;
    if (quick == 0) continue;
    Ref<> other = retain(e.key);
    Result<bool> same = equal(t, other, key);
    if (!same) return kDictError;
    if (d->keys->tableId != table || k->entries()[at].key != other.get()) return kRestart;
    if (*same) return at;
  }
}

// Builds the index cells of a table whose entries are in place.
template <class Cell>
void indexEntries(DictKeys* k) {
  Cell* cells = k->cells<Cell>();
  const DictEntry* entries = k->entries();
  for (i64 i = k->firstEntry; i < k->entryCount; i++) {
    if (!entries[i].key) continue;
    Probe p(u64(entries[i].hash), k->mask());
    while (cells[p.at] >= 0) p.next();
    cells[p.at] = Cell(i);
  }
}
void index(DictKeys* k) {
  withCells(k, [&](auto* c) { indexEntries<std::remove_pointer_t<decltype(c)>>(k); });
}

// Moves all entries to a new table, behind `gap` holes. Counts are untouched.
void rebuild(Dict* d, u8 log2, i64 gap = 0) {
  DictKeys* old = d->keys;
  DictKeys* k = newTable(log2);
  DictEntry* to = k->entries();
  for (i64 i = 0; i < gap; i++) to[i] = {};
  i64 n = gap;
  const DictEntry* from = old->entries();
  for (i64 i = old->firstEntry; i < old->entryCount; i++)
    if (from[i].key) to[n++] = from[i];
  k->strKeys = old->strKeys || n == gap;
  k->entryCount = n;
  k->firstEntry = gap;
  k->usable -= n;
  index(k);
  d->keys = k;
  freeTable(old);
}

u64 cellOf(const DictKeys* k, i64 hash, i64 entry) {
  return withCells(k, [&](auto* c) {
    auto* cells = k->cells<std::remove_pointer_t<decltype(c)>>();
    Probe p(u64(hash), k->mask());
    while (cells[p.at] != entry) p.next();
    return p.at;
  });
}

void setCell(DictKeys* k, u64 cell, i64 value) {
  withCells(k, [&](auto* c) {
    using Cell = std::remove_pointer_t<decltype(c)>;
    k->cells<Cell>()[cell] = Cell(value);
  });
}

u64 freeCell(const DictKeys* k, i64 hash) {
  return withCells(k, [&](auto* c) {
    auto* cells = k->cells<std::remove_pointer_t<decltype(c)>>();
    Probe p(u64(hash), k->mask());
    while (cells[p.at] >= 0) p.next();
    return p.at;
  });
}

void replaceValue(Dict* d, i64 at, Value value) {
  setField(d->keys->entries()[at].value, retain(value));
}

DX_COLD i64 findStrAmongOthers(Dict* d, Str* key) {
  Thread& t = thisThread();
  ExceptionSaver saver(t);
  i64 at = dictFind(t, d, key, hashStr(key));
  if (at == kDictError) {
    t.clearException();
    return kDictAbsent;
  }
  return at;
}

}  // namespace

DictKeys* emptyDictKeys() { return &gEmptyTable.keys; }

Result<i64> keyHash(Thread& t, Value key) {
  if (isExactStr(key)) [[likely]]
    return hashStr(key.as<Str>());
  if (key.isSmallInt()) {
    i64 v = key.smallInt();
    if (v > -(i64(1) << 60) && v < (i64(1) << 60)) return v == -1 ? i64(-2) : v;
  }
  return hash(t, key);
}

Error raiseUnhashable(Thread& t, Value item, const char* role) {
  if (!t.matches(kTypeError) || typeOf(Value(t.currentException)) != kTypeError) return Error{};
  Ref<> reason = t.takeException();
  (void)t.raise(kTypeError, "cannot use '{!q}' as {} ({})", typeOf(item), role, reason);
  return Error{};
}

Result<i64> dictKeyHash(Thread& t, Value key) {
  Result<i64> h = keyHash(t, key);
  if (!h) [[unlikely]]
    return raiseUnhashable(t, key, "a dict key");
  return h;
}

i64 dictFind(Thread& t, Dict* d, Value key, i64 hash) {
  for (;;) {
    const DictKeys* k = d->keys;
    if (k->strKeys && isExactStr(key)) [[likely]]
      return findStr(k, key.as<Str>(), hash);
    i64 at = withCells(
        k, [&](auto* c) { return findIn<std::remove_pointer_t<decltype(c)>>(t, d, key, hash); });
    if (at != kRestart) return at;
  }
}

i64 dictFindStr(Dict* d, Str* key) {
  const DictKeys* k = d->keys;
  if (k->strKeys) [[likely]]
    return findStr(k, key, hashStr(key));
  return findStrAmongOthers(d, key);
}

void dictInsertNew(Dict* d, Ref<> key, i64 hash, Ref<> value) {
  DictKeys* k = d->keys;
  if (k->usable <= 0) [[unlikely]] {
    rebuild(d, d->used == 0 ? kMinLog2 : log2For(std::max(d->used + 1, d->used * 2)));
    k = d->keys;
  }
  if (!isExactStr(key)) k->strKeys = false;
  i64 at = k->entryCount;
  k->entries()[at] = {hash, key.release(), value.release()};
  setCell(k, freeCell(k, hash), at);
  k->entryCount++;
  k->usable--;
  k->version = gNextVersion++;
  d->used++;
}

void dictTakeAt(Dict* d, i64 at, Ref<>* key, Ref<>* value) {
  DictKeys* k = d->keys;
  DictEntry& e = k->entries()[at];
  setCell(k, cellOf(k, e.hash, at), -2);
  *key = Ref<>::steal(e.key);
  *value = Ref<>::steal(e.value);
  e = {};
  d->used--;
  k->version = gNextVersion++;
  if (at == k->firstEntry) {
    i64 first = at + 1;
    while (first < k->entryCount && !k->entries()[first].key) first++;
    k->firstEntry = first;
  }
}

void dictMoveEntry(Dict* d, i64 at, bool toEnd) {
  if (at == (toEnd ? dictLast(d) : dictFirst(d))) return;
  DictEntry moved = d->keys->entries()[at];
  if (toEnd) {
    Ref<> key, value;
    dictTakeAt(d, at, &key, &value);
    dictInsertNew(d, std::move(key), moved.hash, std::move(value));
    return;
  }
  if (d->keys->firstEntry == 0) {
    rebuild(d, log2For(d->used * 2), d->used / 2 + 1);
    at = d->keys->firstEntry + 1;
    while (d->keys->entries()[at].key != moved.key) at++;
  }
  DictKeys* k = d->keys;
  u64 cell = cellOf(k, moved.hash, at);
  k->entries()[at] = {};
  k->entries()[--k->firstEntry] = moved;
  setCell(k, cell, k->firstEntry);
  k->version = gNextVersion++;
}

i64 dictFirst(const Dict* d) {
  if (d->used == 0) return kDictAbsent;
  i64 i = d->keys->firstEntry;
  while (!d->keys->entries()[i].key) i++;
  return i;
}

i64 dictLast(const Dict* d) {
  if (d->used == 0) return kDictAbsent;
  i64 i = d->keys->entryCount - 1;
  while (!d->keys->entries()[i].key) i--;
  return i;
}

// ---- the contract of runtime/containers.h ----

Ref<Dict> newDict(i64 expected) {
  auto* d = static_cast<Dict*>(newGcObjectUninitialized(&PyDict_Type, sizeof(Dict)));
  d->used = 0;
  d->watcherTag = 0;
  d->values = nullptr;
  d->keys = expected > 0 ? newTable(log2For(std::min(expected, i64(1) << 17))) : emptyDictKeys();
  gcTrack(d);
  return Ref<Dict>::steal(d);
}

Result<Value> dictGetHashed(Thread& t, Dict* d, Value key, i64 hash) {
  i64 at = dictFind(t, d, key, hash);
  if (at >= 0) return d->keys->entries()[at].value;
  if (at == kDictError) return Error{};
  return Value();
}

Result<Value> dictGet(Thread& t, Dict* d, Value key) {
  return dictGetHashed(t, d, key, TRY(dictKeyHash(t, key)));
}

Result<void> dictSet(Thread& t, Dict* d, Value key, Value value) {
  i64 h = TRY(dictKeyHash(t, key));
  i64 at = dictFind(t, d, key, h);
  if (at == kDictError) return Error{};
  if (at >= 0)
    replaceValue(d, at, value);
  else
    dictInsertNew(d, retain(key), h, retain(value));
  return {};
}

Result<bool> dictDelete(Thread& t, Dict* d, Value key) {
  i64 at = dictFind(t, d, key, TRY(dictKeyHash(t, key)));
  if (at == kDictError) return Error{};
  if (at < 0) return false;
  Ref<> oldKey, oldValue;
  dictTakeAt(d, at, &oldKey, &oldValue);
  return true;
}

Result<Value> dictSetDefault(Thread& t, Dict* d, Value key, Value value) {
  i64 h = TRY(dictKeyHash(t, key));
  i64 at = dictFind(t, d, key, h);
  if (at == kDictError) return Error{};
  if (at >= 0) return d->keys->entries()[at].value;
  dictInsertNew(d, retain(key), h, retain(value));
  return value;
}

Result<Ref<>> dictPop(Thread& t, Dict* d, Value key) {
  if (d->used == 0) {  // an unhashable key is still an error
    TRY(dictKeyHash(t, key));
    return Ref<>();
  }
  i64 at = dictFind(t, d, key, TRY(dictKeyHash(t, key)));
  if (at == kDictError) return Error{};
  if (at < 0) return Ref<>();
  Ref<> oldKey, oldValue;
  dictTakeAt(d, at, &oldKey, &oldValue);
  return oldValue;
}

Value dictGetStr(Dict* d, Str* key) {
  i64 at = dictFindStr(d, key);
  return at >= 0 ? d->keys->entries()[at].value : Value();
}

void dictSetStr(Dict* d, Str* key, Value value) {
  i64 at = dictFindStr(d, key);
  if (at >= 0)
    replaceValue(d, at, value);
  else
    dictInsertNew(d, retain(key), hashStr(key), retain(value));
}

bool dictDeleteStr(Dict* d, Str* key) {
  i64 at = dictFindStr(d, key);
  if (at < 0) return false;
  Ref<> oldKey, oldValue;
  dictTakeAt(d, at, &oldKey, &oldValue);
  return true;
}

Result<void> dictRehash(Thread& t, DictKeys* k) {
  DictEntry* entries = k->entries();
  for (i64 i = k->firstEntry; i < k->entryCount; i++)
    if (entries[i].key) entries[i].hash = TRY(keyHash(t, entries[i].key));
  memset(k->cells<u8>(), 0xFF, size_t(1) << (k->log2Size + k->cellShift));
  index(k);
  return {};
}

static void releaseTable(DictKeys* k) {
  DictEntry* entries = k->entries();
  for (i64 i = 0, n = k->entryCount; i < n; i++) {
    decref(entries[i].key);
    decref(entries[i].value);
  }
  freeTable(k);
}

void dictClear(Dict* d) {
  DictKeys* old = d->keys;
  if (old == emptyDictKeys()) return;
  d->keys = emptyDictKeys();
  d->used = 0;
  releaseTable(old);
}

void dictDestroy(Dict* d) {
  if (!d->keys) return;
  DictKeys* old = d->keys;
  d->keys = emptyDictKeys();
  d->used = 0;
  releaseTable(old);
}

void dictVisit(Dict* d, Visitor& v) {
  if (!d->keys) return;
  const DictEntry* entries = d->keys->entries();
  bool keys = !d->keys->strKeys;  // as CPython: strings are no part of cycles
  for (i64 i = d->keys->firstEntry; i < d->keys->entryCount; i++) {
    if (keys) v(entries[i].key);
    v(entries[i].value);
  }
}

i64 dictTableBytes(const Dict* d) {
  return d->keys == emptyDictKeys() ? 0 : i64(tableBytes(d->keys->log2Size));
}

// Fills an empty dict with the entries of another one.
static void cloneInto(Dict* to, Dict* from) {
  if (from->used == 0) return;
  DictKeys* source = from->keys;
  DictKeys* k;
  if (source->entryCount == from->used) {
    size_t bytes = sizeof(DictKeys) + (size_t(1) << (source->log2Size + source->cellShift)) +
                   size_t(source->entryCount) * sizeof(DictEntry);
    k = static_cast<DictKeys*>(allocateBlock(tableBytes(source->log2Size)));
    memcpy(static_cast<void*>(k), source, bytes);
    k->version = k->tableId = gNextVersion++;
  } else {
    k = newTable(log2For(from->used));
    const DictEntry* entries = source->entries();
    i64 n = 0;
    for (i64 i = source->firstEntry; i < source->entryCount; i++)
      if (entries[i].key) k->entries()[n++] = entries[i];
    k->strKeys = source->strKeys;
    k->entryCount = n;
    k->usable -= n;
    index(k);
  }
  for (i64 i = 0; i < k->entryCount; i++) {
    incref(k->entries()[i].key);
    incref(k->entries()[i].value);
  }
  to->used = from->used;
  to->keys = k;
}

Ref<Dict> dictCopy(Dict* d) {
  Ref<Dict> copy = newDict();
  cloneInto(copy, d);
  return copy;
}

bool dictNext(Dict* d, i64* position, Value* key, Value* value, i64* hash) {
  const DictKeys* k = d->keys;
  i64 i = std::max(*position, k->firstEntry);
  while (i < k->entryCount && !k->entries()[i].key) i++;
  if (i >= k->entryCount) return false;
  const DictEntry& e = k->entries()[i];
  if (key) *key = e.key;
  if (value) *value = e.value;
  if (hash) *hash = e.hash;
  *position = i + 1;
  return true;
}

static_assert(offsetof(DictKeys, version) == 0);  // dictKeysVersion reads it

Value* dictValueSlot(Dict* d, Str* key) {
  i64 at = dictFindStr(d, key);
  return at >= 0 ? &d->keys->entries()[at].value : nullptr;
}

// ---- merging ----

static Result<void> mergeOne(Thread& t, Dict* d, Value key, i64 h, Value value, MergeMode mode) {
  i64 at = dictFind(t, d, key, h);
  if (at == kDictError) return Error{};
  if (at < 0) {
    dictInsertNew(d, retain(key), h, retain(value));
    return {};
  }
  if (mode == MergeMode::Raise) return raiseKeyError(t, key);
  if (mode == MergeMode::Override) replaceValue(d, at, value);
  return {};
}

static Result<void> mergeDict(Thread& t, Dict* d, Dict* from, MergeMode mode) {
  if (d == from || from->used == 0) return {};
  if (d->keys == emptyDictKeys() && isExactDict(from)) {
    cloneInto(d, from);
    return {};
  }
  if (d->keys->usable < from->used && d->used == 0) rebuild(d, log2For(from->used));
  i64 position = 0, h;
  Value key, value;
  while (dictNext(from, &position, &key, &value, &h)) {
    u64 table = from->keys->tableId;
    i64 n = from->keys->entryCount;
    Ref<> heldKey = retain(key), heldValue = retain(value);
    TRY(mergeOne(t, d, heldKey, h, heldValue, mode));
    if (from->keys->tableId != table || from->keys->entryCount != n)
      return t.raise(kRuntimeError, "dict mutated during update");
  }
  return {};
}

Result<void> dictMerge(Thread& t, Dict* d, Value mapping, MergeMode mode) {
  if (isDict(mapping) && slotsOf(mapping).iter == PyDict_Type.data->slots.iter)
    return mergeDict(t, d, mapping.as<Dict>(), mode);
  Ref<> keys = TRY(callMethod(t, mapping, DX_NAME("keys"), {}));
  Ref<> it = TRY(iter(t, keys));
  for (;;) {
    Ref<> key = iterNext(t, it).take();
    if (!key) break;
    i64 h = TRY(dictKeyHash(t, key));
    if (mode != MergeMode::Override) {
      i64 at = dictFind(t, d, key, h);
      if (at == kDictError) return Error{};
      if (at >= 0) {
        if (mode == MergeMode::Raise) return raiseKeyError(t, key);
        continue;
      }
    }
    Ref<> value = TRY(getItem(t, mapping, key));
    TRY(dictSet(t, d, key, value));
  }
  if (t.hasException()) return Error{};
  return {};
}

Result<void> dictMergePairs(Thread& t, Dict* d, Value pairs, bool keep) {
  Ref<> it = TRY(iter(t, pairs));
  for (i64 i = 0;; i++) {
    Ref<> item = iterNext(t, it).take();
    if (!item) return t.hasException() ? Result<void>(Error{}) : Result<void>();
    Result<Ref<>> fast = sequenceFast(t, item, "object is not iterable");
    if (!fast) {
      if (t.matches(kTypeError)) {
        Ref<> error = t.takeException();
        Ref<Str> note =
            formatStr("Cannot convert dictionary update sequence element #{} to a sequence", i);
        if (!callMethodWith(t, error, DX_NAME("add_note"), note)) return Error{};
        t.restoreException(std::move(error));
      }
      return Error{};
    }
    Ref<> pair = std::move(fast).take();
    Values values = isTuple(pair) ? valuesOf(pair.as<Tuple>()) : valuesOf(pair.as<List>());
    if (values.size() != 2)
      return t.raise(kValueError,
                     "dictionary update sequence element #{} has length {}; 2 is required", i,
                     i64(values.size()));
    Ref<> key = retain(values[0]), value = retain(values[1]);
    if (keep)
      TRY(dictSetDefault(t, d, key, value));
    else
      TRY(dictSet(t, d, key, value));
  }
}

Result<bool> dictsEqual(Thread& t, Dict* a, Dict* b) {
  if (a->used != b->used) return false;
  i64 position = 0, h;
  Value key, value;
  while (dictNext(a, &position, &key, &value, &h)) {
    Ref<> heldKey = retain(key), heldValue = retain(value);
    Ref<> other = retain(TRY(dictGetHashed(t, b, heldKey, h)));
    if (!other || !TRY(equal(t, heldValue, other))) return false;
  }
  return true;
}

}  // namespace dx
