// The object header and the bits in front of it.
//
// Layout (CPython 3.14, GIL build): 32-bit count, 32 bits that are zero on mortal objects, type.
// In front of objects whose type has kTypeHasGc stands a 16-byte GcHeader; types with a managed
// dict or weak references have 16 more: weak reference list at -32, shape or dict word at -24.
#pragma once
#include "object/value.h"

namespace dx {

struct Object {
  u32 refcount;
  u16 overflow;
  u16 headerFlags;
  Type* type;

  bool isImmortal() const { return i32(refcount) < 0; }
};
static_assert(sizeof(Object) == 16);

struct VarObject : Object {
  i64 size;
};

// What static initialisers put in the count word (bit 31: immortal; flags: immortal, static).
#define DX_IMMORTAL 0xC0000000u, 0, 5

constexpr u32 kImmortalCount = 0xC0000000u;

// Links of the collector's lists. `next` is 0 when untracked; the low bits of `prev` are flags.
struct GcHeader {
  u64 next;
  u64 prev;
};
constexpr u64 kGcFinalized = 1;   // __del__ has run (CPython's bit)
constexpr u64 kGcCollecting = 2;  // scratch of the collector
constexpr u64 kGcExposed = 4;     // reachable by C code that reads fields: immediates are boxed
constexpr u64 kGcFlagMask = 7;

inline GcHeader* gcHeader(Object* o) { return reinterpret_cast<GcHeader*>(o) - 1; }
inline Object* gcObject(GcHeader* g) { return reinterpret_cast<Object*>(g + 1); }

// The managed words of instances (types with kTypeManagedDict / kTypeManagedWeakref).
inline u64& managedDictWord(Object* o) { return reinterpret_cast<u64*>(o)[-3]; }
inline u64& managedWeakrefWord(Object* o) { return reinterpret_cast<u64*>(o)[-4]; }

}  // namespace dx
