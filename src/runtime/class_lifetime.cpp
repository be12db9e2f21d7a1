// Birth and death of instances of Python classes, and of the classes themselves.
#include "object/shape.h"
#include "runtime/attributes.h"
#include "runtime/types.h"

namespace dx {

Object* newInstance(Type* cls, size_t itemBytes) {
  if (!cls->has(kTypeManagedDict | kTypeHeap))
    return newObject(cls, size_t(cls->basicSize) + itemBytes);
  Shape* root = cls->data->rootShape;
  size_t size = size_t(cls->basicSize) + itemBytes + (root ? root->capacity * sizeof(Value) : 0);
  Object* o = newObjectOrNull(cls, size);
  if (!o) return newObject(cls, size);  // reports exhaustion
  if (cls->has(kTypeManagedDict))
    managedDictWord(o) = root ? reinterpret_cast<u64>(root) : kDictModeTag;
  // A native constructor tracks what its own type tracks; classes add the collector to types that
  // have none.
  if (cls->data->slotFlags & kTracksInstances) gcTrack(o);
  return o;
}

// Runs fn(field) for each member that __slots__ of the class and its Python bases added.
template <class F>
static Type* forEachSlot(Object* o, Type* type, F&& fn) {
  for (; isPythonClass(type); type = type->base)
    for (i64 at = type->base->basicSize; at < type->basicSize; at += 8)
      fn(*reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + at));
  return type;
}

void instanceDealloc(Object* o) {
  Type* type = o->type;
  if (type->has(kTypeHasGc) && gcIsTracked(o)) gcUntrack(o);
  Type* base = forEachSlot(o, type, [](Value& field) { clearField(field); });
  if (type->has(kTypeManagedDict)) clearManagedDict(o);
  base->data->slots.dealloc(o);
}

void instanceTraverse(Object* o, Visitor& v) {
  Type* type = o->type;
  v(Value(type));
  Type* base = forEachSlot(o, type, [&](Value& field) { v(field); });
  if (type->has(kTypeManagedDict)) visitManagedDict(o, v);
  if (auto fn = base->data->slots.traverse) fn(o, v);
}

void instanceClear(Object* o) {
  Type* type = o->type;
  Type* base = forEachSlot(o, type, [](Value& field) { clearField(field); });
  if (type->has(kTypeManagedDict)) clearManagedDict(o);
  if (auto fn = base->data->slots.clear) fn(o);
}

// ---- classes ----

void typeTraverse(Object* o, Visitor& v) {
  auto* type = static_cast<HeapType*>(o);
  if (!type->has(kTypeHeap)) return;
  v(Value(type->dict));
  v(Value(type->bases));
  v(Value(type->mro));
  v(Value(type->base));
  v(type->htModule);
}

void typeClear(Object* o) {
  auto* type = static_cast<HeapType*>(o);
  if (!type->has(kTypeHeap)) return;
  typeModified(type);
  // Instances that die later still need base and slots; they find no attributes any more.
  if (type->dict) dictClear(type->dict);
  clearOwned(type->htModule);
  clearOwned(type->mro);
}

void typeDealloc(Object* o) {
  auto* type = static_cast<HeapType*>(o);
  DX_ASSERT(type->has(kTypeHeap));
  gcUntrack(o);
  typeModified(type);
  if (type->bases)
    for (Value base : valuesOf(type->bases))
      if (base) removeSubclass(base.as<Type>(), type);  // the collector may have cleared the tuple
  delete static_cast<SubclassList*>(type->subclasses);
  if (type->data) {
    destroyShapes(type->data->rootShape);
    delete type->data;
  }
  clearOwned(type->dict);
  clearOwned(type->mro);
  clearOwned(type->bases);
  clearOwned(type->htName);
  clearOwned(type->htQualname);
  clearOwned(type->htSlots);
  clearOwned(type->htModule);
  release(type->htUtf8Name);
  clearOwned(type->base);
  freeObject(o);
}

}  // namespace dx
