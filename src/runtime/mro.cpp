// Linear order and layout of classes: C3, best base, metaclass, layout compatibility.
#include <algorithm>

#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

// ---- C3 ----

namespace {

Ref<Tuple> prepend(Type* type, Tuple* rest) {
  Ref<Tuple> mro = newTuple(rest->size + 1);
  mro->items[0] = retain(Value(type)).release();
  for (i64 i = 0; i < rest->size; i++) mro->items[i + 1] = retain(rest->items[i]).release();
  return mro;
}

Error inconsistent(Thread& t, const std::vector<Values>& lists) {
  std::vector<Type*> heads;
  for (Values list : lists) {
    if (list.empty()) continue;
    Type* head = list[0].as<Type>();
    if (std::find(heads.begin(), heads.end(), head) == heads.end()) heads.push_back(head);
  }
  std::string names;
  for (Type* head : heads) {
    if (!names.empty()) names += ", ";
    names += typeName(head);
  }
  return t.raise(kTypeError,
                 "Cannot create a consistent method resolution order (MRO) for bases {}", names);
}

}  // namespace

Result<Ref<Tuple>> computeMro(Thread& t, Type* type) {
  Tuple* bases = type->bases;
  for (Value base : valuesOf(bases))
    if (!base.as<Type>()->mro)
      return t.raise(kTypeError, "Cannot extend an incomplete type '{}'", base.as<Type>());
  if (bases->size == 1) return prepend(type, bases->items[0].as<Type>()->mro);
  for (i64 i = 0; i < bases->size; i++)
    for (i64 j = i + 1; j < bases->size; j++)
      if (bases->items[i] == bases->items[j])
        return t.raise(kTypeError, "duplicate base class {}", bases->items[i].as<Type>());

  // Merge of the bases' orders and of the list of bases: repeatedly take the first head that
  // stands in no list's tail.
  std::vector<Values> lists;
  for (Value base : valuesOf(bases)) lists.push_back(valuesOf(base.as<Type>()->mro));
  lists.push_back(valuesOf(bases));
  std::vector<Value> order = {Value(type)};
  for (;;) {
    Value next;
    bool left = false;
    for (Values list : lists) {
      if (list.empty()) continue;
      left = true;
      Value candidate = list[0];
      bool blocked = std::any_of(lists.begin(), lists.end(), [&](Values other) {
        return other.size() > 1 &&
               std::find(other.begin() + 1, other.end(), candidate) != other.end();
      });
      if (!blocked) {
        next = candidate;
        break;
      }
    }
    if (!left) return makeTuple(order);
    if (!next) return inconsistent(t, lists);
    order.push_back(next);
    for (Values& list : lists)
      if (!list.empty() && list[0] == next) list = list.subspan(1);
  }
}

static Result<Ref<Tuple>> customMro(Thread& t, Type* type) {
  bool missing;
  Result<Ref<>> called = callSpecial(t, type, DX_NAME("mro"), {}, &missing);
  if (missing) return computeMro(t, type);
  if (!called) return Error{};
  Ref<> given = std::move(called).take();
  Ref<Tuple> mro = TRY(tupleFrom(t, given));
  Type* solid = solidBase(type);
  for (Value v : valuesOf(mro)) {
    if (!isType(v)) return t.raise(kTypeError, "mro() returned a non-class ('{}')", typeOf(v));
    if (!isSubtype(solid, solidBase(v.as<Type>())))
      return t.raise(kTypeError, "mro() returned base with unsuitable layout ('{}')", v.as<Type>());
  }
  return mro;
}

Result<void> updateMro(Thread& t, Type* type) {
  Value method = typeLookup(typeOf(type), DX_NAME("mro"));
  bool custom = !method || typeOf(method) != &PyMethodDescr_Type ||
                method.as<Descriptor>()->owner != &PyType_Type;
  Ref<Tuple> mro = TRY(custom ? customMro(t, type) : computeMro(t, type));
  if (custom) type->data->slotFlags |= kCustomMro;
  Tuple* old = type->mro;
  type->mro = mro.release();
  typeModified(type);
  if (custom) type->versionTag = 0;
  if (old) decrefObject(old);
  return ok();
}

// ---- layout ----

Type* solidBase(Type* type) {
  Type* base = type->base ? solidBase(type->base) : &PyBaseObject_Type;
  Type* below = type->base ? type->base : type;
  return type->basicSize != below->basicSize || type->itemSize != below->itemSize ? type : base;
}

Result<Type*> bestBase(Thread& t, Tuple* bases) {
  Type *best = nullptr, *winner = nullptr;
  for (Value v : valuesOf(bases)) {
    if (!isType(v)) return t.raise(kTypeError, "bases must be types");
    Type* base = v.as<Type>();
    if (!base->has(kTypeBaseType))
      return t.raise(kTypeError, "type '{}' is not an acceptable base type", base);
    Type* candidate = solidBase(base);
    if (!winner || (candidate != winner && isSubtype(candidate, winner))) {
      winner = candidate;
      best = base;
    } else if (!isSubtype(winner, candidate)) {
      return t.raise(kTypeError, "multiple bases have instance lay-out conflict");
    }
  }
  return best;
}

Result<Type*> calculateMetaclass(Thread& t, Type* metatype, Tuple* bases) {
  Type* winner = metatype;
  for (Value base : valuesOf(bases)) {
    Type* theirs = typeOf(base);
    if (isSubtype(winner, theirs)) continue;
    if (!isSubtype(theirs, winner))
      return t.raise(kTypeError,
                     "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                     "subclass of the "
                     "metaclasses of all its bases");
    winner = theirs;
  }
  return winner;
}

namespace {

// Do instances of the type look exactly like its base's?
bool looksLikeBase(Type* type) {
  Type* base = type->base;
  return base && type->basicSize == base->basicSize && type->itemSize == base->itemSize &&
         type->dictOffset == base->dictOffset && type->weaklistOffset == base->weaklistOffset &&
         type->has(kTypeHasGc) == base->has(kTypeHasGc);
}

bool sameSlotsAdded(Type* a, Type* b) {
  if (a->basicSize != b->basicSize || a->dictOffset != b->dictOffset ||
      a->weaklistOffset != b->weaklistOffset)
    return false;
  if (!isPythonClass(a) || !isPythonClass(b)) return false;
  Tuple *x = static_cast<HeapType*>(a)->htSlots, *y = static_cast<HeapType*>(b)->htSlots;
  i64 n = x ? x->size : 0;
  if (n != (y ? y->size : 0)) return false;
  for (i64 i = 0; i < n; i++)
    if (!equalStr(x->items[i].as<Str>(), y->items[i].as<Str>())) return false;
  return true;
}

}  // namespace

Result<void> compatibleForAssignment(Thread& t, Type* from, Type* to, const char* what) {
  // Memory with and without a collector header is given back differently.
  if (from->has(kTypeHasGc) != to->has(kTypeHasGc))
    return t.raise(kTypeError, "{} assignment: '{}' deallocator differs from '{}'", what, to, from);
  Type *a = to, *b = from;
  while (looksLikeBase(a)) a = a->base;
  while (looksLikeBase(b)) b = b->base;
  if (a != b && (a->base != b->base || !sameSlotsAdded(a, b)))
    return t.raise(kTypeError, "{} assignment: '{}' object layout differs from '{}'", what, to,
                   from);
  return ok();
}

}  // namespace dx
