#include "speculation/polymorphic.h"

#include "memory/heap.h"

namespace dx {

void addEntry(CodeData* data, AttrCache& own, const AttrCache& entry) {
  if (cacheMode != CacheMode::On) return;
  if (own.kind == CacheKind::Empty) {
    own = entry;
    return;
  }
  if (!isOfInstances(own.kind) || !isOfInstances(entry.kind)) {
    bool hasMore = isOfInstances(own.kind) && own.more;  // stays: its entries belong to it
    if (!hasMore && ++own.misses >= kPatience) own = entry;
    return;
  }
  PolymorphicEntries* more = own.more;
  if (!more) {
    more = own.more = static_cast<PolymorphicEntries*>(allocate(sizeof(PolymorphicEntries)));
    *more = {};
    more->next = data->polymorphic;
    data->polymorphic = more;
  }
  if (more->count < std::size(more->entries)) {
    more->entries[more->count++] = entry;
  } else if (++own.misses >= kPatience) {
    own.misses = 0;
    more->entries[more->oldest++ % std::size(more->entries)] = entry;
  }
}

void freeEntries(CodeData* data) {
  while (PolymorphicEntries* first = data->polymorphic) {
    data->polymorphic = first->next;
    release(first);
  }
}

}  // namespace dx
