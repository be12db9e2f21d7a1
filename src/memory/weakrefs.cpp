// The list of weak references of an object: doubly linked, newest first.
#include "memory/heap.h"

namespace dx {

WeakRef** weakrefList(Object* o) {
  Type* type = o->type;
  if (type->has(kTypeManagedWeakref)) return reinterpret_cast<WeakRef**>(&managedWeakrefWord(o));
  if (type->weaklistOffset <= 0) return nullptr;
  return reinterpret_cast<WeakRef**>(reinterpret_cast<u8*>(o) + type->weaklistOffset);
}

void linkWeakref(WeakRef* w, Object* referent) {
  WeakRef** list = weakrefList(referent);
  DX_ASSERT(list);
  w->referent = referent;
  // The reference and the proxy that are shared stay in front, in this order.
  auto rank = [](const WeakRef* r) {
    return r->callback || r->type->has(kTypeHeap) ? 2 : r->type != &_PyWeakref_RefType;
  };
  WeakRef* before = nullptr;
  WeakRef* after = *list;
  while (after && rank(after) < rank(w)) {
    before = after;
    after = after->next;
  }
  w->prev = before;
  w->next = after;
  if (after) after->prev = w;
  (before ? before->next : *list) = w;
}

void unlinkWeakref(WeakRef* w) {
  if (!w->referent) return;
  if (w->prev)
    w->prev->next = w->next;
  else
    *weakrefList(w->referent) = w->next;
  if (w->next) w->next->prev = w->prev;
  w->prev = w->next = nullptr;
  w->referent = nullptr;
}

void clearWeakrefs(Object* o) {
  WeakRef** list = weakrefList(o);
  std::vector<Ref<WeakRef>> callbacks;
  while (WeakRef* w = *list) {
    unlinkWeakref(w);
    // A dying weak reference's own callback does not run.
    if (w->callback && w->refcount != 0) callbacks.push_back(retainObject(w));
  }
  for (Ref<WeakRef>& w : callbacks) runWeakrefCallback(w);
}

}  // namespace dx
