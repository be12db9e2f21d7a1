#include "speculation/megamorphic.h"

namespace dx {

constexpr u8 kPatience = 32;  // misses before an instruction's own cache is given to another type

void MegamorphicCache::keep(AttrCache& own, const AttrCache& fresh, Str* name) {
  if (fresh.kind == CacheKind::Empty) return;
  Entry& e = entries_[index(fresh.versionTag, name)];
  Str* old = e.name;
  increfObject(name);
  e.name = name;
  e.cache = fresh;
  if (old) decrefObject(old);
  if (own.kind == CacheKind::Empty || ++own.misses >= kPatience) own = fresh;
}

MegamorphicCache& megamorphicLoads() {
  static MegamorphicCache cache;
  return cache;
}
MegamorphicCache& megamorphicMethods() {
  static MegamorphicCache cache;
  return cache;
}

}  // namespace dx
