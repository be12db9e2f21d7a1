// Keeps the slots of Python classes in step with their attributes.
#include <bitset>

#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

namespace {

// Rows by slot: kRowsOf[index] is a chain through nextRow.
struct RowsBySlot {
  std::vector<u8> rows[kSlotCount];
  RowsBySlot() {
    std::span<const SlotWrapper> table = slotTable();
    for (u32 i = 0; i < table.size(); i++) rows[table[i].index].push_back(u8(i));
  }
};
const RowsBySlot& rowsBySlot() {
  static const RowsBySlot* rows = new RowsBySlot;
  return *rows;
}

// Slots without a special method are inherited from the first class that has one.
SlotFn inheritedSlot(Type* type, u32 index) {
  Tuple* mro = type->mro;
  for (i64 i = 1; mro && i < mro->size; i++)
    if (SlotFn fn = slotAt(mro->items[i].as<Type>()->data->slots, index)) return fn;
  return nullptr;
}

// The native function that an attribute stands for in a slot, or null.
SlotFn nativeFunction(Type* type, Value descr, const SlotWrapper& row) {
  if (typeOf(descr) == &PyWrapperDescr_Type) {
    auto* w = descr.as<WrapperDescriptor>();
    if (w->name.as<Str>() != slotName(row) || !isSubtype(type, w->owner)) return nullptr;
    return slotAt(w->owner->data->slots, row.index);
  }
  // X.__new__ made for a native type, if it is the constructor that the base has anyway; otherwise
  // (`__new__ = list.__new__` in an unrelated class) the function itself checks the class.
  if (row.index == DX_SLOT_INDEX(construct) && typeOf(descr) == &PyCFunction_Type &&
      descr.as<CFunction>()->def == &kNewFunction) {
    Type* owner = descr.as<CFunction>()->self.as<Type>();
    SlotFn own = slotAt(owner->data->slots, row.index);
    return isSubtype(type, owner) && own == slotAt(type->base->data->slots, row.index) ? own
                                                                                       : nullptr;
  }
  if (row.index == DX_SLOT_INDEX(hash) && isNone(descr))
    return reinterpret_cast<SlotFn>(hashNotImplemented);
  return nullptr;
}

// Does the descriptor say nothing about this slot, because its type fills another one for the name
// (list.__add__ fills concat, not binary[Add])?
bool fillsOtherSlot(Type* type, Value descr, const SlotWrapper& row) {
  if (typeOf(descr) != &PyWrapperDescr_Type) return false;
  auto* w = descr.as<WrapperDescriptor>();
  return w->name.as<Str>() == slotName(row) && isSubtype(type, w->owner) &&
         !slotAt(w->owner->data->slots, row.index);
}

void computeSlot(Type* type, u32 index) {
  SlotFn native = nullptr, dispatch = nullptr;
  bool python = false, any = false;
  for (u8 r : rowsBySlot().rows[index]) {
    const SlotWrapper& row = slotTable()[r];
    Value descr = typeLookup(type, slotName(row));
    if (!descr) continue;
    any = true;
    if (fillsOtherSlot(type, descr, row)) continue;
    SlotFn fn = nativeFunction(type, descr, row);
    if (row.dispatch) dispatch = row.dispatch;
    if (fn && (!native || native == fn))
      native = fn;
    else
      python = true;
  }
  SlotFn& slot = slotAt(type->data->slots, index);
  if (python)
    slot = dispatch;
  else if (native || any || !rowsBySlot().rows[index].empty())
    slot = native;
  else
    slot = inheritedSlot(type, index);
}

// The slots that concern instances of Python classes as such.
void setLifetime(Type* type) {
  Slots& s = type->data->slots;
  s.dealloc = instanceDealloc;
  s.traverse = instanceTraverse;
  s.clear = instanceClear;
}

using SlotSet = std::bitset<kSlotCount>;

void computeAll(Type* type) {
  for (u32 i = 0; i < kSlotCount; i++)
    if (!rowsBySlot().rows[i].empty()) computeSlot(type, i);
  // Those without a name come from the MRO; `send` only together with the rest of the protocol.
  Slots& s = type->data->slots;
  s.send = s.next == dispatchNext || s.await == dispatchAwait
               ? nullptr
               : reinterpret_cast<decltype(s.send)>(inheritedSlot(type, DX_SLOT_INDEX(send)));
  setLifetime(type);
}

}  // namespace

// Are the classes of `base` among those of `mro`, in their order? Not so with an mro() of its own.
static bool keepsOrder(const Tuple* mro, const Tuple* base) {
  i64 k = 0;
  for (i64 i = 0; i < mro->size && k < base->size; i++) k += mro->items[i] == base->items[k];
  return k == base->size;
}

static void addRows(Dict* names, SlotSet* changed) {
  i64 position = 0;
  Value key, value;
  while (dictNext(names, &position, &key, &value)) {
    if (!isExactStr(key) || !key.as<Str>()->interned()) continue;
    for (u8 row : slotRowsOf(key.as<Str>())) changed->set(slotTable()[row].index);
  }
}

static bool inMro(const Type* type, const Type* base) {
  for (Value v : valuesOf(type->mro))
    if (v == Value(base)) return true;
  return false;
}

void fillSlots(Type* type) {
  Slots& s = type->data->slots;
  s = type->base->data->slots;
  // What the base's slots are not made of: the class's own names and those of further bases.
  SlotSet changed;
  addRows(type->dict, &changed);
  if (type->bases->size != 1) {
    if (!type->mro || !type->base->mro || !keepsOrder(type->mro, type->base->mro)) {
      computeAll(type);
      return;
    }
    for (Value v : valuesOf(type->mro))
      if (v.as<Type>() != type && !inMro(type->base, v.as<Type>()))
        addRows(typeDict(v.as<Type>()), &changed);
  }
  // A native base's missing constructor is not inherited, object.__new__ excepted.
  if (!s.construct) changed.set(DX_SLOT_INDEX(construct));
  if (changed.any())
    for (u32 i = 0; i < kSlotCount; i++)
      if (changed[i]) computeSlot(type, i);
  // `send` only together with the rest of the protocol.
  if (s.next == dispatchNext || s.await == dispatchAwait)
    s.send = nullptr;
  else if (type->bases->size != 1)
    s.send = reinterpret_cast<decltype(s.send)>(inheritedSlot(type, DX_SLOT_INDEX(send)));
  setLifetime(type);
}

// A class attribute that is a descriptor is treated otherwise, and what its class says about that
// is not part of the version of the class that holds it. It hardly ever changes: then nothing that
// was remembered about any class counts.
void noteDescriptorKind(u8 before, const Type* now) {
  if (descriptorKind(now) != before) typeModified(&PyBaseObject_Type);
}

void refillSlots(Type* type) {
  if (isPythonClass(type)) {
    u8 before = descriptorKind(type);
    computeAll(type);
    noteDescriptorKind(before, type);
  }
  for (Type* sub : subclassesOf(type)) refillSlots(sub);
}

static void updateTree(Type* type, Str* name, std::span<const u8> rows) {
  if (isPythonClass(type)) {
    u8 before = descriptorKind(type);
    for (u8 row : rows) computeSlot(type, slotTable()[row].index);
    noteDescriptorKind(before, type);
  }
  for (Type* sub : subclassesOf(type)) {
    if (sub->dict && dictGetStr(sub->dict, name)) continue;  // sees its own
    updateTree(sub, name, rows);
  }
}

bool updateSlot(Type* type, Str* name) {
  std::span<const u8> rows = slotRowsOf(name);
  if (rows.empty()) return false;
  updateTree(type, name, rows);
  return true;
}

}  // namespace dx
