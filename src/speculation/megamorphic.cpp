#include "speculation/megamorphic.h"

#include "memory/heap.h"
#include "runtime/snapshot.h"

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

// Made on first use. A snapshot does without, as they would be copied at each start.
static MegamorphicCache *loads, *stores, *methods;

static MegamorphicCache& made(MegamorphicCache*& cache) {
  if (!cache) [[unlikely]]
    cache = new (allocateScratch(sizeof(MegamorphicCache))) MegamorphicCache;
  return *cache;
}
void forgetMegamorphicCaches() { loads = stores = methods = nullptr; }

MegamorphicCache& megamorphicLoads() { return made(loads); }
MegamorphicCache& megamorphicStores() { return made(stores); }
MegamorphicCache& megamorphicMethods() { return made(methods); }

}  // namespace dx
