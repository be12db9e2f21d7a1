// What lies behind the one cache of an instruction: tables shared by all instructions, keyed by the
// type's version and the attribute's name. An instruction that sees several types keeps the first
// in its own cache and finds the others here.
#pragma once
#include "speculation/feedback.h"

namespace dx {

class MegamorphicCache {
 public:
  // The entry for the current version of `type`, or null.
  const AttrCache* find(const Type* type, Str* name) {
    if (type->versionTag == 0) return nullptr;
    const Entry& e = entries_[index(type->versionTag, name)];
    return e.name == name && e.cache.versionTag == type->versionTag ? &e.cache : nullptr;
  }
  // Remembers `fresh` (kind Empty: nothing to remember), and adopts it.
  void keep(AttrCache& own, const AttrCache& fresh, Str* name);
  // Gives an entry to the instruction's own cache when that has none or has missed often.
  static void adopt(AttrCache& own, const AttrCache& entry) {
    if (cacheMode != CacheMode::On) return;
    if (own.kind == CacheKind::Empty || ++own.misses >= kPatience) own = entry;
  }

 private:
  static constexpr u8 kPatience = 32;  // misses before the own cache is given to another type
  struct Entry {
    Str* name;  // owned: a dead name's address must not answer for a new one
    AttrCache cache;
  };
  static constexpr u32 kSize = 2048;
  static u32 index(u32 version, Str* name) {
    return (version * 0x9E3779B1u ^ u32(reinterpret_cast<u64>(name) >> 4)) % kSize;
  }
  Entry entries_[kSize] = {};
};

MegamorphicCache& megamorphicLoads();
MegamorphicCache& megamorphicMethods();
MegamorphicCache& megamorphicStores();

}  // namespace dx
