#include "speculation/megamorphic.h"

namespace dx {

void MegamorphicCache::keep(const AttrCache& fresh, Str* name) {
  if (fresh.kind == CacheKind::Empty) return;
  Entry& e = entries_[index(fresh.versionTag, name)];
  Str* old = e.name;
  increfObject(name);
  e.name = name;
  e.cache = fresh;
  if (old) decrefObject(old);
}

MegamorphicCache& megamorphicLoads() {
  static MegamorphicCache cache;
  return cache;
}
MegamorphicCache& megamorphicStores() {
  static MegamorphicCache cache;
  return cache;
}
MegamorphicCache& megamorphicMethods() {
  static MegamorphicCache cache;
  return cache;
}

}  // namespace dx
