// Sets: look-up, insertion, growth. Comparing items may run Python, which may change the set: a
// probe starts over when the table or the compared cell changed.
#include <algorithm>

#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/dict_keys.h"
#include "runtime/int.h"
#include "runtime/set_table.h"
#include "runtime/snapshot.h"
#include "runtime/str.h"

namespace dx {

namespace {

constexpr u64 kLinearProbes = 9;
constexpr u64 kSmallSize = 8;

// Walks the cells in probe order until fn returns true.
template <class F>
DX_INLINE void probeCells(u64 mask, i64 hash, F&& fn) {
  u64 perturb = u64(hash), i = u64(hash) & mask;
  for (;;) {
    u64 last = i + kLinearProbes <= mask ? i + kLinearProbes : i;
    for (u64 at = i; at <= last; at++)
      if (fn(at)) return;
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

// lookUp() as far as no type is asked. Null: one has to be.
DX_INLINE SetEntry* lookUpQuickly(SetEntry* table, u64 mask, Value item, i64 hash) {
  u64 perturb = u64(hash), i = u64(hash) & mask;
  for (;;) {
    u64 last = i + kLinearProbes <= mask ? i + kLinearProbes : i;
    for (u64 at = i; at <= last; at++) {
      SetEntry& e = table[at];
      if (!e.key || e.key == item) return &e;
      if (e.hash != hash) continue;
      int quick = quickEqual(e.key, item);
      if (quick == 1) return &e;
      if (quick < 0) return nullptr;
    }
    perturb >>= 5;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

DX_NOINLINE SetEntry* lookUpSlowly(Thread& t, Set* s, Value item, i64 hash) {
  for (;;) {
    SetEntry* table = s->table;
    u64 mask = u64(s->mask);
    SetEntry* found = nullptr;
    bool restart = false, failed = false;
    probeCells(mask, hash, [&](u64 at) {
      SetEntry& e = table[at];
      if (!e.key) {
        found = &e;
        return true;
      }
      if (e.hash != hash) return false;
      if (e.key == item) {
        found = &e;
        return true;
      }
      if (e.key == setDummy()) return false;
      if (isExactStr(e.key) && isExactStr(item)) {
        if (!equalStr(e.key.as<Str>(), item.as<Str>())) return false;
        found = &e;
        return true;
      }
      if (e.key.isSmallInt() && item.isSmallInt()) return false;
      Ref<> other = retain(e.key);
      Result<bool> same = equal(t, other, item);
      if (!same) return failed = true;
      if (s->table != table || u64(s->mask) != mask || e.key != other.get()) return restart = true;
      if (!*same) return false;
      found = &e;
      return true;
    });
    if (failed) return nullptr;
    if (!restart) return found;
  }
}

// The cell that holds `item`, else the first free cell of its probe sequence. Null: error.
DX_INLINE SetEntry* lookUp(Thread& t, Set* s, Value item, i64 hash) {
  if (SetEntry* e = lookUpQuickly(s->table, u64(s->mask), item, hash)) [[likely]]
    return e;
  return lookUpSlowly(t, s, item, hash);
}

DX_INLINE void insertClean(SetEntry* table, u64 mask, Value key, i64 hash) {
  probeCells(mask, hash, [&](u64 at) {
    if (table[at].key) return false;
    table[at] = {key, hash};
    return true;
  });
}

DX_NOINLINE void resize(Set* s, i64 minUsed) {
  u64 size = kSmallSize;
  while (size <= u64(minUsed)) size <<= 1;
  SetEntry* old = s->table;
  u64 oldMask = u64(s->mask);
  SetEntry copy[kSmallSize];
  SetEntry* fresh;
  if (size == kSmallSize) {
    fresh = s->small;
    if (old == s->small) {
      memcpy(static_cast<void*>(copy), old, sizeof copy);
      old = copy;
    }
  } else {
    fresh = static_cast<SetEntry*>(allocate(size * sizeof(SetEntry)));
  }
  bool freeOld = old != s->small && old != copy;
  if (fresh == s->small || old != copy)
    memset(static_cast<void*>(fresh), 0, size * sizeof(SetEntry));
  s->table = fresh;
  s->mask = i64(size - 1);
  s->fill = s->used;
  for (u64 i = 0; i <= oldMask; i++)
    if (setCellUsed(old[i])) insertClean(fresh, size - 1, old[i].key, old[i].hash);
  if (freeOld) release(old);
}

// One more cell is filled.
DX_INLINE void grown(Set* s) {
  s->fill++;
  s->used++;
  if (u64(s->fill) * 5 >= u64(s->mask) * 3) [[unlikely]]
    resize(s, s->used > 50000 ? s->used * 2 : s->used * 4);
}
DX_INLINE void fillCell(Set* s, SetEntry* e, Value item, i64 hash) {
  incref(item);
  *e = {item, hash};
  grown(s);
}

// Makes the set empty and gives its former cells to `fn`; releases the storage.
template <class F>
void emptyOut(Set* s, F&& fn) {
  SetEntry copy[kSmallSize];
  SetEntry* old = s->table;
  u64 count = u64(s->mask) + 1;
  if (!old) return;
  bool inline_ = old == s->small;
  if (inline_) {
    memcpy(static_cast<void*>(copy), old, sizeof copy);
    old = copy;
  }
  setInit(s);
  for (u64 i = 0; i < count; i++)
    if (setCellUsed(old[i])) fn(old[i]);
  if (!inline_) release(old);
}

}  // namespace

alignas(16) Object setDummyObject = {DX_IMMORTAL, &_PyNone_Type};

void setInit(Set* s) {
  s->fill = s->used = 0;
  s->mask = kSmallSize - 1;
  s->table = s->small;
  s->hash = -1;
  s->finger = 0;
  memset(static_cast<void*>(s->small), 0, sizeof s->small);
}

Ref<Set> newSet(Type* type) {
  auto* s = static_cast<Set*>(newGcObjectUninitialized(type, sizeof(Set)));
  setInit(s);
  s->weakrefs = nullptr;
  gcTrack(s);
  return Ref<Set>::steal(s);
}

Result<bool> setContainsHashed(Thread& t, Set* s, Value item, i64 hash) {
  SetEntry* e = lookUp(t, s, item, hash);
  if (!e) return Error{};
  return setCellUsed(*e);
}

Result<bool> setAddHashed(Thread& t, Set* s, Value item, i64 hash) {
  SetEntry* e = lookUp(t, s, item, hash);
  if (!e) return Error{};
  if (e->key) return false;
  fillCell(s, e, item, hash);
  return true;
}

void setAddNew(Set* s, Value item, i64 hash) {
  incref(item);
  insertClean(s->table, u64(s->mask), item, hash);
  grown(s);
}

int setHasQuickly(Set* s, Value item, i64 hash) {
  SetEntry* e = lookUpQuickly(s->table, u64(s->mask), item, hash);
  return e ? setCellUsed(*e) : -1;
}

Result<void> setRehash(Thread& t, Set* s) {
  std::vector<SetEntry> items;
  for (i64 i = 0; i <= s->mask; i++)
    if (setCellUsed(s->table[i])) items.push_back(s->table[i]);
  for (SetEntry& e : items) e.hash = TRY(keyHash(t, e.key));
  memset(static_cast<void*>(s->table), 0, size_t(s->mask + 1) * sizeof(SetEntry));
  for (const SetEntry& e : items) insertClean(s->table, u64(s->mask), e.key, e.hash);
  s->fill = s->used;
  return {};
}

Result<bool> setDiscardHashed(Thread& t, Set* s, Value item, i64 hash) {
  SetEntry* e = lookUp(t, s, item, hash);
  if (!e) return Error{};
  if (!setCellUsed(*e)) return false;
  Ref<> old = Ref<>::steal(e->key);
  *e = {setDummy(), -1};
  s->used--;
  return true;
}

Ref<> setPopAny(Set* s) {
  if (s->used == 0) return {};
  u64 at = u64(s->finger) & u64(s->mask);
  while (!setCellUsed(s->table[at])) at = at == u64(s->mask) ? 0 : at + 1;
  Ref<> item = Ref<>::steal(s->table[at].key);
  s->table[at] = {setDummy(), -1};
  s->used--;
  s->finger = i64(at + 1);
  return item;
}

Result<Ref<Set>> setCopy(Thread& t, Set* s, Type* type) {
  Ref<Set> copy = newSet(type);
  if (s->fill == s->used && s->used * 8 >= s->mask) {  // as it stands
    u64 size = u64(s->mask) + 1;
    if (s->table != s->small)
      copy->table = static_cast<SetEntry*>(allocate(size * sizeof(SetEntry)));
    memcpy(static_cast<void*>(copy->table), s->table, size * sizeof(SetEntry));
    copy->mask = s->mask;
    copy->fill = copy->used = s->used;
    for (i64 i = 0; i <= s->mask; i++) incref(s->table[i].key);
    return copy;
  }
  if (s->used * 5 >= i64(kSmallSize - 1) * 3) resize(copy, s->used * 2);
  for (i64 i = 0; i <= s->mask; i++) {
    const SetEntry& e = s->table[i];
    if (!setCellUsed(e)) continue;
    incref(e.key);
    insertClean(copy->table, u64(copy->mask), e.key, e.hash);
  }
  copy->fill = copy->used = s->used;
  (void)t;
  return copy;
}

void setSwap(Set* a, Set* b) {
  std::swap(a->fill, b->fill);
  std::swap(a->used, b->used);
  std::swap(a->mask, b->mask);
  SetEntry* tableA = a->table == a->small ? b->small : a->table;
  SetEntry* tableB = b->table == b->small ? a->small : b->table;
  a->table = tableB;
  b->table = tableA;
  for (u64 i = 0; i < kSmallSize; i++) std::swap(a->small[i], b->small[i]);
  if (isSubtype(a->type, &PyFrozenSet_Type) && isSubtype(b->type, &PyFrozenSet_Type))
    std::swap(a->hash, b->hash);
  else
    a->hash = b->hash = -1;
}

void setClear(Set* s) {
  emptyOut(s, [](const SetEntry& e) { decref(e.key); });
}
void setDestroy(Set* s) {
  SetEntry* table = std::exchange(s->table, nullptr);
  if (!table) return;
  for (i64 i = 0, left = s->used; left > 0; i++) {
    if (!setCellUsed(table[i])) continue;
    left--;
    decref(table[i].key);
  }
  if (table != s->small) release(table);
}

void setVisit(Set* s, Visitor& v) {
  if (!s->table) return;
  for (i64 i = 0; i <= s->mask; i++)
    if (setCellUsed(s->table[i])) v(s->table[i].key);
}

static Result<i64> itemHash(Thread& t, Value item) {
  Result<i64> h = keyHash(t, item);
  if (!h) [[unlikely]]
    return raiseUnhashable(t, item, "a set element");
  return h;
}

// ---- the contract of runtime/containers.h ----

Result<void> setAdd(Thread& t, Set* s, Value item) {
  TRY(setAddHashed(t, s, item, TRY(itemHash(t, item))));
  return {};
}

Result<bool> setContains(Thread& t, Set* s, Value item) {
  return setContainsHashed(t, s, item, TRY(itemHash(t, item)));
}

Result<bool> setDiscard(Thread& t, Set* s, Value item) {
  return setDiscardHashed(t, s, item, TRY(itemHash(t, item)));
}

bool setNext(Set* s, i64* position, Value* item, i64* hash) {
  i64 unused;
  return setStep(s, position, item, hash ? hash : &unused);
}

Result<void> setUpdate(Thread& t, Set* s, Value iterable) {
  Value item;
  i64 position = 0, h;
  if (isAnySet(iterable)) {
    Set* other = iterable.as<Set>();
    if (other == s || other->used == 0) return {};
    if ((s->fill + other->used) * 5 >= s->mask * 3) resize(s, (s->used + other->used) * 2);
    if (s->fill == 0) {  // a set's items differ from each other
      while (setStep(other, &position, &item, &h)) setAddNew(s, item, h);
      return {};
    }
    while (setStep(other, &position, &item, &h)) {
      if (SetEntry* e = lookUpQuickly(s->table, u64(s->mask), item, h)) [[likely]] {
        if (!e->key) fillCell(s, e, item, h);
        continue;
      }
      Ref<> held = retain(item);
      TRY(setAddHashed(t, s, held, h));
    }
    return {};
  }
  if (isExactDict(iterable)) {
    Dict* d = iterable.as<Dict>();
    if ((s->fill + d->used) * 5 >= s->mask * 3) resize(s, (s->used + d->used) * 2);
    while (dictNext(d, &position, &item, nullptr, &h)) {
      Ref<> held = retain(item);
      TRY(setAddHashed(t, s, held, h));
    }
    return {};
  }
  return forEach(t, iterable, [&](Value v) -> Result<bool> {
    TRY(setAdd(t, s, v));
    return true;
  });
}

}  // namespace dx
