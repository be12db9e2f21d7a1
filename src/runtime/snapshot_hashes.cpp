// Finding what depends on the key of str's hash, and bringing it up to date.
#include <unordered_set>

#include "memory/arena.h"
#include "runtime/dict_keys.h"
#include "runtime/set_table.h"
#include "runtime/slot_dispatch.h"
#include "runtime/snapshot.h"
#include "runtime/str.h"
#include "runtime/types.h"

namespace dx {

namespace {

constexpr u32 kArenaMark = u32(1) << 31;

SnapshotPlace placeOf(const void* p) {
  auto at = reinterpret_cast<u64>(p);
  if (inArena(p)) return u32((at - kArenaBase) / kArenaUnit) | kArenaMark;
  DX_CHECK(at < kArenaMark);
  return u32(at);
}

template <class T>
T* at(SnapshotPlace place) {
  u64 address = place & kArenaMark ? kArenaBase + u64(place & ~kArenaMark) * kArenaUnit : place;
  return reinterpret_cast<T*>(address);
}

using Types = std::unordered_set<const Type*>;

void addWithSubclasses(Types& types, Type* type) {
  if (!types.insert(type).second) return;
  for (Type* sub : subclassesOf(type)) addWithSubclasses(types, sub);
}

bool hashDependsOnKey(Value v) {
  if (!v.isObject()) return false;
  return isStr(v) || isBytes(v) || isTuple(v) || isInstanceOf(v, &PyFrozenSet_Type);
}

// Hashes of sets come from hashes that are kept in them, so there is an order in which to renew
// them; sets in sets are left out of it.
bool holdsSet(Value v) {
  if (!v.isObject()) return false;
  if (isInstanceOf(v, &PyFrozenSet_Type)) return true;
  if (!isTuple(v)) return false;
  for (Value item : valuesOf(v.as<Tuple>()))
    if (holdsSet(item)) return true;
  return false;
}

// Blocks and variables are looked at as if an object began in them: what looks like one in all
// respects is one. For a str and bytes that includes that its hash is the hash of its contents.
class Survey {
 public:
  Survey() { addWithSubclasses(types_, &PyBaseObject_Type); }

  void look(u8* p, size_t bytes) {
    for (size_t prefix : {0, 16, 32}) {
      if (prefix + sizeof(Object) > bytes) continue;
      auto* o = reinterpret_cast<Object*>(p + prefix);
      if (!types_.contains(o->type) || prefixSize(o->type) != prefix) continue;
      size_t room = bytes - prefix;
      if (classify(o, room)) return;
    }
  }

  HashPlaces places;

 private:
  bool classify(Object* o, size_t room) {
    const Type* type = o->type;
    if (type->has(kTypeStrSubclass)) return isHashedStr(static_cast<Str*>(o), room);
    if (type->has(kTypeBytesSubclass)) return isHashedBytes(static_cast<Bytes*>(o), room);
    if (type->has(kTypeTupleSubclass)) {
      auto* tuple = static_cast<Tuple*>(o);
      if (tuple->size < 0 || size_t(tuple->size) * sizeof(Value) + sizeof(Tuple) > room)
        return false;
      if (tuple->hash != -1) places.others.push_back(placeOf(o));
      return true;
    }
    if (isSubtype(type, &PySet_Type) || isSubtype(type, &PyFrozenSet_Type))
      return sizeof(Set) <= room && isSet(static_cast<Set*>(o));
    if (type->has(kTypeDictSubclass)) return sizeof(Dict) <= room && isTable(static_cast<Dict*>(o));
    return false;
  }

  bool isHashedStr(Str* s, size_t room) {
    if (s->hash == -1 || s->length < 0) return false;
    u32 kind = s->kind();
    if (kind != 1 && kind != 2 && kind != 4) return false;
    size_t bytes = size_t(s->length) * kind;
    if (s->isCompact()) {
      size_t header = s->isAscii() ? sizeof(Str) : sizeof(CompactStr);
      if (header + bytes + kind > room) return false;
    } else if (!inArena(s->data())) {
      return false;
    }
    if (s->hash != hashBuffer(hashKey(), s->data(), bytes)) return false;
    places.strings.push_back(placeOf(s));
    return true;
  }

  bool isHashedBytes(Bytes* b, size_t room) {
    if (b->hash == -1 || b->size < 0 || offsetof(Bytes, data) + size_t(b->size) + 1 > room)
      return false;
    if (b->hash != hashBuffer(hashKey(), b->data, size_t(b->size))) return false;
    places.others.push_back(placeOf(b));
    return true;
  }

  bool isSet(Set* s) {
    if (s->table != s->small && !inArena(s->table)) return false;
    bool depends = false;
    for (i64 i = 0; i <= s->mask; i++) {
      if (!setCellUsed(s->table[i])) continue;
      depends |= isAffected(s->table[i].key);
      if (holdsSet(s->table[i].key)) places.problem = "a set has a set in it";
    }
    if (depends) places.sets.push_back(placeOf(s));
    if (isSubtype(s->type, &PyFrozenSet_Type) && s->hash != -1) places.others.push_back(placeOf(s));
    return true;
  }

  bool isTable(Dict* d) {
    if (!inArena(d->keys)) return d->keys == emptyDictKeys();
    bool depends = false;
    for (i64 i = d->keys->firstEntry; i < d->keys->entryCount; i++)
      if (Value key = d->keys->entries()[i].key) depends |= isAffected(key);
    if (depends) places.dicts.push_back(placeOf(d->keys));
    return true;
  }

  bool isAffected(Value key) {
    if (slotsOf(key).hash == &dispatchHash) places.problem = "a key has a __hash__ in Python";
    return hashDependsOnKey(key);
  }

  Types types_;
};

}  // namespace

HashPlaces findHashes(std::span<const std::span<u8>> variables) {
  Survey survey;
  for (const ArenaBlock& b : gArena.blocks())
    if (b.live)
      survey.look(reinterpret_cast<u8*>(kArenaBase + b.start * kArenaUnit), b.size * kArenaUnit);
  for (std::span<u8> range : variables)
    for (size_t i = 0; i + sizeof(Str) <= range.size(); i += 8) {
      auto* o = reinterpret_cast<Object*>(range.data() + i);
      if (o->type == &PyUnicode_Type || o->type == &PyBytes_Type)
        survey.look(range.data() + i, range.size() - i);
    }
  return std::move(survey.places);
}

void renewHashes(Thread& t, const HashPlacesView& places) {
  HashKey key = hashKey();
  for (SnapshotPlace p : places.strings) {
    Str* s = at<Str>(p);
    s->hash = hashBuffer(key, s->data(), size_t(s->length) * s->kind());
  }
  rehashInterned();
  for (SnapshotPlace p : places.others) {
    Object* o = at<Object>(p);
    if (isBytes(o))
      static_cast<Bytes*>(o)->hash = -1;
    else if (isTuple(o))
      static_cast<Tuple*>(o)->hash = -1;
    else
      static_cast<Set*>(o)->hash = -1;
  }
  for (SnapshotPlace p : places.sets) DX_CHECK(setRehash(t, at<Set>(p)));
  for (SnapshotPlace p : places.dicts) DX_CHECK(dictRehash(t, at<DictKeys>(p)));
}

}  // namespace dx
