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

// Allocated, so that a snapshot has them side by side with what starts write to.
static MegamorphicCache *loads, *stores, *methods;

static MegamorphicCache& made(MegamorphicCache*& cache) {
  if (!cache) [[unlikely]]
    cache = new MegamorphicCache;
  return *cache;
}

MegamorphicCache& megamorphicLoads() { return made(loads); }
MegamorphicCache& megamorphicStores() { return made(stores); }
MegamorphicCache& megamorphicMethods() { return made(methods); }

}  // namespace dx
