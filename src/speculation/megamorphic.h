// What lies behind the caches of an instruction: tables shared by all instructions, keyed by the
// type's version and the attribute's name.
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
  // Remembers `fresh` (kind Empty: nothing to remember).
  void keep(const AttrCache& fresh, Str* name);

 private:
  struct Entry {
    Str* name;  // owned: a dead name's address must not answer for a new one
    AttrCache cache;
  };
  static constexpr u32 kSize = 1024;
  static u32 index(u32 version, Str* name) {
    return (version * 0x9E3779B1u ^ u32(reinterpret_cast<u64>(name) >> 4)) % kSize;
  }
  Entry entries_[kSize] = {};
};

MegamorphicCache& megamorphicLoads();
MegamorphicCache& megamorphicMethods();
MegamorphicCache& megamorphicStores();

}  // namespace dx
