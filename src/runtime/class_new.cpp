// Making classes: type.__new__.
#include <algorithm>

#include "object/shape.h"
#include "runtime/call.h"
#include "runtime/class_parts.h"
#include "runtime/dict_keys.h"
#include "runtime/frame.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

Result<Ref<Str>> mangle(Thread& t, Str* className, Str* name) {
  i64 n = name->length;
  bool isPrivate = n > 2 && name->at(0) == '_' && name->at(1) == '_' &&
                   !(name->at(n - 1) == '_' && name->at(n - 2) == '_') &&
                   findChar(name, '.', 0, n) < 0;
  i64 start = 0;
  while (start < className->length && className->at(start) == '_') start++;
  if (!isPrivate || start == className->length) return retainObject(name);
  StrBuilder b;
  b.add(u32('_'));
  b.add(className, start, className->length);
  b.add(name);
  return intern(b.finish());
}

// ---- __slots__ ----

namespace {

struct SlotPlan {
  bool addDict = false, addWeakref = false;
  std::vector<Ref<Str>> names;  // mangled, sorted
  bool given = false;
};

Error conflictingSlot(Thread& t, const char* name) {
  return t.raise(kTypeError, "{} slot disallowed: we already got one", name);
}

Result<void> planSlots(Thread& t, Type* base, Tuple* bases, Str* className, Dict* dict,
                       SlotPlan* plan) {
  bool mayDict = base->dictOffset == 0;
  bool mayWeakref = base->weaklistOffset == 0 && base->itemSize == 0;
  Ref<> given = retain(dictGetStr(dict, DX_NAME("__slots__")));
  if (!given) {
    plan->addDict = mayDict;
    plan->addWeakref = mayWeakref;
    return ok();
  }
  plan->given = true;
  Ref<Tuple> items = isStr(given) ? tupleOf(given.get()) : TRY(tupleFrom(t, given));
  if (items->size > 0 && base->itemSize != 0)
    return t.raise(kTypeError, "nonempty __slots__ not supported for subtype of '{}'", base);
  for (Value item : valuesOf(items)) {
    if (!isStr(item))
      return t.raise(kTypeError, "__slots__ items must be strings, not '{}'", typeOf(item));
    if (!isIdentifier(item.as<Str>())) return t.raise(kTypeError, "__slots__ must be identifiers");
    if (equalAscii(item.as<Str>(), "__dict__")) {
      if (!mayDict || plan->addDict) return conflictingSlot(t, "__dict__");
      plan->addDict = true;
    } else if (equalAscii(item.as<Str>(), "__weakref__")) {
      if (!mayWeakref || plan->addWeakref) return conflictingSlot(t, "__weakref__");
      plan->addWeakref = true;
    }
  }
  for (Value item : valuesOf(items)) {
    Str* s = item.as<Str>();
    if (equalAscii(s, "__dict__") || equalAscii(s, "__weakref__")) continue;
    Ref<Str> name = TRY(mangle(t, className, s));
    bool removedLater = equalAscii(name, "__qualname__") || equalAscii(name, "__classcell__") ||
                        equalAscii(name, "__classdictcell__");
    if (!removedLater && dictGetStr(dict, name))
      return t.raise(kValueError, "{!r} in __slots__ conflicts with class variable", name);
    plan->names.push_back(intern(std::move(name)));
  }
  std::sort(plan->names.begin(), plan->names.end(),
            [](const Ref<Str>& a, const Ref<Str>& b) { return compareStr(a, b) < 0; });
  // A secondary base may bring the dict or the weak references.
  for (Value v : valuesOf(bases)) {
    Type* other = v.as<Type>();
    if (other == base) continue;
    if (mayDict && other->dictOffset != 0) plan->addDict = true;
    if (mayWeakref && other->weaklistOffset != 0) plan->addWeakref = true;
  }
  return ok();
}

// ---- the parts of a new class ----

Result<void> setNames(Thread& t, HeapType* type, Str* name, Dict* dict) {
  std::string_view text = TRY(utf8(t, name));
  if (text.find('\0') != std::string_view::npos)
    return t.raise(kValueError, "type name must not contain null characters");
  type->htName = retainObject(name).release();
  type->htUtf8Name = copyText(text);
  type->name = type->htUtf8Name;
  Value qualname = dictGetStr(dict, DX_NAME("__qualname__"));
  if (qualname && !isStr(qualname))
    return t.raise(kTypeError, "type __qualname__ must be a str, not {}", typeOf(qualname));
  type->htQualname = retainObject(qualname ? qualname.as<Str>() : name).release();
  if (qualname) dictDeleteStr(dict, DX_NAME("__qualname__"));
  return ok();
}

void setModule(Thread& t, Dict* dict) {
  if (dictGetStr(dict, DX_NAME("__module__"))) return;
  Dict* globals = currentGlobals(t);
  Value module = globals ? dictGetStr(globals, DX_NAME("__name__")) : Value();
  if (module) dictSetStr(dict, DX_NAME("__module__"), module);
}

// Functions with these names are methods of the class without a decorator.
void wrapImplicit(Dict* dict, Str* name, Type* kind) {
  Value v = dictGetStr(dict, name);
  if (!v || typeOf(v) != &PyFunction_Type) return;
  Ref<ClassMethod> wrapped = make<ClassMethod>(kind);
  wrapped->callable = retain(v).release();
  gcTrack(wrapped);
  dictSetStr(dict, name, wrapped);
}

Result<void> checkCell(Thread& t, Dict* dict, Str* name) {
  Value cell = dictGetStr(dict, name);
  if (cell && typeOf(cell) != &PyCell_Type)
    return t.raise(kTypeError, "{} must be a nonlocal cell, not {!r}", Value(name),
                   Value(typeOf(cell)));
  return ok();
}

void fillCell(Dict* dict, Str* name, Value content) {
  Ref<> cell = retain(dictGetStr(dict, name));
  if (!cell) return;
  setField(cell.as<Cell>()->content, retain(content));
  dictDeleteStr(dict, name);
}

void addMemberDescriptors(HeapType* type, const SlotPlan& plan) {
  i64 offset = type->base->basicSize;
  for (const Ref<Str>& name : plan.names) {
    if (!dictGetStr(type->dict, name))
      dictSetStr(type->dict, name, makeSlotMember(type, name, offset));
    offset += 8;
  }
  // A class body may have its own.
  if (plan.addDict && !dictGetStr(type->dict, DX_NAME("__dict__")))
    dictSetStr(type->dict, DX_NAME("__dict__"), makeGetSetDescriptor(type, &kDictGetSet));
  if (plan.addWeakref && !dictGetStr(type->dict, DX_NAME("__weakref__")))
    dictSetStr(type->dict, DX_NAME("__weakref__"), makeGetSetDescriptor(type, &kWeakrefGetSet));
}

// How many inline slots instances get: what the compiler saw assigned through self, in this class
// and its base, and a little for what others assign.
u32 inlineCapacity(Type* type) {
  constexpr u32 kDefault = 4, kMost = 32, kSpare = 1;
  Value names = dictGetStr(type->dict, DX_NAME("__static_attributes__"));
  u32 own = names && isTuple(names) ? u32(names.as<Tuple>()->size) : 0;
  u32 inherited = type->base->data->rootShape ? type->base->data->rootShape->capacity : 0;
  if (own && inherited == 0) own += kSpare;
  u32 n = own ? own + inherited : std::max(inherited, kDefault);
  return std::min(n, kMost);
}

void setHash(Type* type) {
  // A class that defines equality without a hash is unhashable.
  if (dictGetStr(type->dict, DX_NAME("__eq__")) && !dictGetStr(type->dict, DX_NAME("__hash__")))
    dictSetStr(type->dict, DX_NAME("__hash__"), none());
}

constexpr u64 kInherited =
    kTypeIntSubclass | kTypeListSubclass | kTypeTupleSubclass | kTypeBytesSubclass |
    kTypeStrSubclass | kTypeDictSubclass | kTypeExceptionSubclass | kTypeTypeSubclass |
    kTypeMatchSelf | kTypeManagedDict | kTypeManagedWeakref | kTypeItemsAtEnd | kTypeInlineValues;

// Fields, flags and layout; no Python runs.
Ref<HeapType> allocateClass(Type* metatype, Type* base, Tuple* bases, Ref<Dict> dict,
                            const SlotPlan& plan) {
  auto* type = static_cast<HeapType*>(newInstance(metatype));
  type->data = new TypeData{};
  type->data->slotFlags = kPythonClass;
  if (!nativeBase(base)->has(kTypeHasGc)) type->data->slotFlags |= kTracksInstances;
  type->flags = kTypeHeap | kTypeBaseType | kTypeHasGc | (base->flags & kInherited);
  type->basicSize = base->basicSize + i64(plan.names.size()) * 8;
  type->itemSize = base->itemSize;
  type->dictOffset = base->dictOffset;
  type->weaklistOffset = base->weaklistOffset;
  type->base = retainObject(base).release();
  type->bases = retainObject(bases).release();
  type->dict = dict.release();
  if (plan.addDict) {
    type->flags |= kTypeManagedDict;
    type->dictOffset = -1;
  }
  if (plan.addWeakref) {
    type->flags |= kTypeManagedWeakref;
    type->weaklistOffset = -32;
  }
  if (type->has(kTypeManagedDict) && type->itemSize == 0) type->flags |= kTypeInlineValues;
  // A collection by any of its bases is a collection for pattern matching.
  for (Value v : valuesOf(bases)) {
    if (type->has(kTypeSequence | kTypeMapping)) break;
    type->flags |= v.as<Type>()->flags & (kTypeSequence | kTypeMapping);
  }
  if (plan.given) {
    Ref<Tuple> names = newTuple(i64(plan.names.size()));
    for (size_t i = 0; i < plan.names.size(); i++)
      names->items[i] = retain(Value(plan.names[i])).release();
    type->htSlots = names.release();
  }
  return Ref<HeapType>::steal(type);
}

// Tells each value with a __set_name__ where it was put.
bool hasSetName(Type* type) {
  i64 position = 0;
  Value key, value;
  const Type* last = &PyFunction_Type;  // has none
  while (dictNext(type->dict, &position, &key, &value)) {
    Type* kind = typeOf(value);
    if (kind == last) continue;
    if (typeLookup(kind, DX_NAME("__set_name__"))) return true;
    last = kind;
  }
  return false;
}
Result<void> callSetName(Thread& t, Type* type) {
  if (!hasSetName(type)) return ok();
  Ref<Dict> names = dictCopy(type->dict);  // the dict may change meanwhile
  i64 position = 0;
  Value key, value;
  while (dictNext(names, &position, &key, &value)) {
    Value args[] = {Value(type), key};
    bool missing;
    Result<Ref<>> r = callSpecial(t, value, DX_NAME("__set_name__"), args, &missing);
    if (missing || r) continue;
    addSetNameNote(t, value, key, type);
    return Error{};
  }
  return ok();
}

// Attribute look-up through keys that are no strings runs their __eq__.
Result<void> warnOfOtherKeys(Thread& t, Type* type) {
  if (type->dict->keys->strKeys) return ok();
  i64 position = 0;
  Value key, value;
  while (dictNext(type->dict, &position, &key, &value))
    if (!isStr(key))
      return warn(t, kRuntimeWarning, "non-string key in the __dict__ of class {}", type);
  return ok();
}

Result<void> callInitSubclass(Thread& t, Type* type, const Args& keywords) {
  bool found;
  Ref<> method = TRY(superLookup(t, type, type, DX_NAME("__init_subclass__"), &found));
  (void)TRY(found ? callWithSelf(t, method, type, keywords) : call(t, method, keywords));
  return ok();
}

}  // namespace

Result<void> checkBases(Thread& t, Tuple* bases) {
  for (Value base : valuesOf(bases)) {
    if (isType(base)) continue;
    if (TRY(hasAttr(t, base, DX_NAME("__mro_entries__"))))
      return t.raise(kTypeError,
                     "type() doesn't support MRO entry resolution; use types.new_class()");
  }
  return ok();
}

Result<Ref<Type>> makeType(Thread& t, Type* metatype, Str* name, Tuple* givenBases, Dict* ns,
                           const Args& extra) {
  DX_ASSERT(extra.count == 0);
  TRY(checkBases(t, givenBases));
  Ref<Tuple> bases =
      givenBases->size ? retainObject(givenBases) : tupleOf(Value(&PyBaseObject_Type));
  Type* base = TRY(bestBase(t, bases));
  Ref<Dict> dict = dictCopy(ns);
  SlotPlan plan;
  TRY(planSlots(t, base, bases, name, dict, &plan));
  TRY(checkCell(t, dict, DX_NAME("__classcell__")));
  TRY(checkCell(t, dict, DX_NAME("__classdictcell__")));

  Ref<HeapType> type = allocateClass(metatype, base, bases, std::move(dict), plan);
  gcTrack(type);
  TRY(setNames(t, type, name, type->dict));
  setModule(t, type->dict);
  wrapImplicit(type->dict, DX_NAME("__new__"), &PyStaticMethod_Type);
  wrapImplicit(type->dict, DX_NAME("__init_subclass__"), &PyClassMethod_Type);
  wrapImplicit(type->dict, DX_NAME("__class_getitem__"), &PyClassMethod_Type);
  // The cells leave the dict before members of these names can be put there.
  fillCell(type->dict, DX_NAME("__classcell__"), type);
  fillCell(type->dict, DX_NAME("__classdictcell__"), type->dict);
  addMemberDescriptors(type, plan);
  Value doc = dictGetStr(type->dict, DX_NAME("__doc__"));
  if (!doc) dictSetStr(type->dict, DX_NAME("__doc__"), none());
  if (doc && isStr(doc)) (void)TRY(utf8(t, doc.as<Str>()));
  setHash(type);

  for (Value b : valuesOf(bases)) addSubclass(b.as<Type>(), type);
  TRY(updateMro(t, type));
  fillSlots(type);
  if (type->has(kTypeInlineValues))
    type->data->rootShape = newRootShape(type, inlineCapacity(type));
  type->flags |= kTypeReady;
  typeModified(type);
  TRY(warnOfOtherKeys(t, type));

  TRY(callSetName(t, type));
  Args keywords(extra.v, 0, extra.names);
  TRY(callInitSubclass(t, type, keywords));
  return Ref<Type>(Ref<Type>::steal(type.release()));
}

}  // namespace dx
