// Hashes of strings and the table of interned strings.
#include "runtime/str_intern.h"

#include <sys/random.h>

#include <ctime>

#include "runtime/module.h"
#include "runtime/str_units.h"

namespace dx {

// ---- hash key ----

static HashKey makeHashKey() {
  const Config& config = theInterpreter.config;
  if (!config.hashSeed.empty() && config.hashSeed != "random")
    return hashKeyFromSeed(u32(strtoul(config.hashSeed.c_str(), nullptr, 10)));
  if (!config.hashRandomization) return hashKeyFromSeed(0);
  HashKey key;
  if (getrandom(&key, sizeof key, 0) != sizeof key)
    key.k0 = reinterpret_cast<u64>(&key) ^ u64(clock());
  return key;
}

static HashKey gHashKey;
static bool gHashKeyMade = false;

const HashKey& hashKey() {
  if (!gHashKeyMade) [[unlikely]] {
    gHashKey = makeHashKey();
    gHashKeyMade = true;
  }
  return gHashKey;
}
void forgetHashKey() { gHashKeyMade = false; }

i64 computeStrHash(Str* s) {
  if (s->hash == -1) s->hash = hashBuffer(hashKey(), s->data(), size_t(s->length) * s->kind());
  return s->hash;
}

// ---- the table ----

namespace {

// Open addressing with linear probing over borrowed pointers; every entry's hash is computed.
// Mortal strings leave the table when they die.
class InternTable {
 public:
  template <class Same>
  Str* find(i64 hash, Same&& same) const {
    if (!slots_) return nullptr;
    for (u64 i = u64(hash) & mask_;; i = (i + 1) & mask_) {
      Str* s = slots_[i];
      if (!s) return nullptr;
      if (s->hash == hash && same(s)) return s;
    }
  }
  void insert(Str* s) {
    if ((count_ + 1) * 2 > mask_) grow();
    place(s);
    count_++;
  }
  void remove(Str* s) {
    u64 i = u64(s->hash) & mask_;
    while (slots_[i] != s) i = (i + 1) & mask_;
    // Entries that probed past the hole move back.
    for (u64 j = (i + 1) & mask_; slots_[j]; j = (j + 1) & mask_) {
      u64 home = u64(slots_[j]->hash) & mask_;
      if (((j - home) & mask_) >= ((j - i) & mask_)) {
        slots_[i] = slots_[j];
        i = j;
      }
    }
    slots_[i] = nullptr;
    count_--;
  }

  u64 count() const { return count_; }
  // After the hashes of the strings in it have changed.
  void rehash() {
    std::vector<Str*> all;
    all.reserve(count_);
    for (u64 i = 0; i <= mask_; i++)
      if (slots_[i]) all.push_back(std::exchange(slots_[i], nullptr));
    for (Str* s : all) place(s);
  }

 private:
  void place(Str* s) {
    u64 i = u64(s->hash) & mask_;
    while (slots_[i]) i = (i + 1) & mask_;
    slots_[i] = s;
  }
  void grow() {
    u64 size = slots_ ? (mask_ + 1) * 2 : 4096;
    Str** old = slots_;
    u64 oldSize = slots_ ? mask_ + 1 : 0;
    slots_ = static_cast<Str**>(allocate(size * sizeof(Str*)));
    memset(slots_, 0, size * sizeof(Str*));
    mask_ = size - 1;
    for (u64 i = 0; i < oldSize; i++)
      if (old[i]) place(old[i]);
    if (old) release(old);
  }

  Str** slots_ = nullptr;
  u64 mask_ = 0;
  u64 count_ = 0;
};
constinit InternTable table;

}  // namespace

i64 internedCount() { return i64(table.count()); }

Ref<Str> intern(Ref<Str> s) {
  if (s->interned()) return s;
  if (s->length <= 1 && s->kind() == 1) return substring(s, 0, s->length);  // shared: see makeChar
  i64 hash = hashStr(s);
  if (Str* known = table.find(hash, [&](Str* k) { return equalStr(k, s); }))
    return retainObject(known);
  if (!isExactStr(s)) {
    s = exactStr(s);
    (void)hashStr(s);
  }
  s->state |= s->isImmortal() ? kStrInternedImmortal : kStrInternedMortal;
  table.insert(s);
  return s;
}

Ref<Str> internAscii(std::string_view ascii) {
  if (ascii.size() <= 1) return makeAscii(ascii);
  i64 hash = hashBuffer(hashKey(), ascii.data(), ascii.size());
  if (Str* known = table.find(hash, [&](Str* k) { return equalAscii(k, ascii); }))
    return retainObject(known);
  Ref<Str> s = makeAscii(ascii);
  s->hash = hash;
  s->state |= kStrInternedMortal;
  table.insert(s);
  return s;
}

Str* internImmortal(std::string_view ascii) {
  if (ascii.size() <= 1) return makeAscii(ascii).release();
  i64 hash = hashBuffer(hashKey(), ascii.data(), ascii.size());
  Str* s = table.find(hash, [&](Str* k) { return equalAscii(k, ascii); });
  if (!s) {
    s = makeStr(ascii).release();
    (void)hashStr(s);
    table.insert(s);
  }
  makeInternedImmortal(s);
  return s;
}

void makeInternedImmortal(Str* s) {
  if (s->interned() >= kStrInternedImmortal) return;
  s->state = (s->state & ~kStrInternedMask) | kStrInternedImmortal;
  s->refcount = kImmortalCount;
  s->headerFlags = 1;
}

void forgetInterned(Str* s) { table.remove(s); }
void rehashInterned() { table.rehash(); }

}  // namespace dx
