// The central table of special methods: one row per (name, slot). Built-in types show their slots
// as wrapper descriptors made from these rows; Python classes fill their slots by them.
#pragma once
#include "runtime/api.h"

namespace dx {

using SlotFn = void (*)();  // any function of Slots, its type forgotten
constexpr u32 kSlotCount = sizeof(Slots) / sizeof(SlotFn);

// Calls `wrapped`, the native function of row.index, with Python's arguments.
using SlotWrapperFn = Result<Ref<>> (*)(Thread& t, Value self, const Args& args,
                                        const struct SlotWrapper& row, SlotFn wrapped);

struct SlotWrapper {
  const char* name;
  u16 index;              // which function of Slots
  bool keywords;          // takes keyword arguments
  SlotWrapperFn wrapper;  // null: not shown as an attribute
  SlotFn dispatch;        // what Python classes put there; may be null
  const char* doc;        // text signature and doc
};
std::span<const SlotWrapper> slotTable();
Str* slotName(const SlotWrapper& row);  // interned

inline SlotFn& slotAt(Slots& s, u32 index) { return reinterpret_cast<SlotFn*>(&s)[index]; }
#define DX_SLOT_INDEX(member) u32(offsetof(::dx::Slots, member) / sizeof(::dx::SlotFn))

// Rows of a special method's name (interned), by index into slotTable(); empty for other names.
std::span<const u8> slotRowsOf(Str* name);

// ---- slots of Python classes (runtime/slot_update.cpp) ----
// Fills the slots of a new class: `names` are the keys of its own dict. With one base the base's
// slots are taken over and only what the class defines is looked up.
void fillSlots(Type* type);
// Computes every slot anew, for the type and its subclasses (after its bases changed).
void refillSlots(Type* type);
// After type.__dict__[name] changed: the slots of the type and of the subclasses that see it.
// Special method names only; says whether the name is one.
bool updateSlot(Type* type, Str* name);

// Which descriptor slots a class has. Caches remember what class attributes are; after a class has
// changed, or an object's class, noteDescriptorKind() sees to it that they forget.
inline u8 descriptorKind(const Type* type) {
  const Slots& s = type->data->slots;
  return u8((s.descrGet != nullptr) | (s.descrSet != nullptr) << 1);
}
void noteDescriptorKind(u8 before, const Type* now);

}  // namespace dx
