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

// Not kept by snapshots (cmake/snapshot.ld).
[[gnu::section(".bss.megamorphic")]] static constinit MegamorphicCache loads, stores, methods;

MegamorphicCache& megamorphicLoads() { return loads; }
MegamorphicCache& megamorphicStores() { return stores; }
MegamorphicCache& megamorphicMethods() { return methods; }

}  // namespace dx
