// Polymorphic inline caches (Hölzle, Chambers, Ungar 1991): behind the one entry of an instruction
// up to three more, for receivers of other types or shapes. What does not fit there is found in the
// tables of megamorphic.h.
#pragma once
#include "speculation/feedback.h"

namespace dx {

struct PolymorphicEntries {
  PolymorphicEntries* next;  // of the same code; they are freed with its feedback
  u8 count, oldest;
  AttrCache entries[3];
};

// Entries are tried in turn: own, then its others.
DX_INLINE AttrCache* nextEntry(AttrCache& own, AttrCache* at) {
  if (!isOfInstances(own.kind) || !own.more) return nullptr;
  AttrCache* next = at == &own ? own.more->entries : at + 1;
  return next < own.more->entries + own.more->count ? next : nullptr;
}

constexpr u8 kPatience = 32;  // misses before another entry takes a place

// `at` was the right one. The own entry is found fastest: one that is met often gets its place.
DX_INLINE void noteHit(AttrCache& own, AttrCache* at) {
  if (at == &own || ++own.misses < kPatience) return;
  PolymorphicEntries* more = own.more;
  std::swap(own, *at);
  own.more = more;
  own.misses = 0;
}

// Gives an entry to an instruction of `data` that had none for the receiver.
void addEntry(CodeData* data, AttrCache& own, const AttrCache& entry);
void freeEntries(CodeData* data);

}  // namespace dx
