// object.__reduce_ex__, __reduce__ and __getstate__ (protocol 2 of pickle, PEP 307).
#include "builtins/pickling.h"

#include "builtins/object.gen.h"
#include "object/shape.h"
#include "runtime/class_parts.h"

namespace dx {

namespace {

// The names of all __slots__ of a class, cached by copyreg in __slotnames__; None or a list.
Result<Ref<>> slotNames(Thread& t, Type* cls) {
  if (!cls->has(kTypeImmutable) || cls->has(kTypeHeap)) {
    Value cached = dictGetStr(typeDict(cls), DX_NAME("__slotnames__"));
    if (cached) {
      if (!isNone(cached) && !isList(cached))
        return t.raise(kTypeError, "{}.__slotnames__ should be a list or None, not {}", cls,
                       typeOf(cached));
      return retain(cached);
    }
  }
  Ref<> fn = TRY(importAttr(t, "copyreg", "_slotnames"));
  Ref<> names = TRY(callWith(t, fn, cls));
  if (!isNone(names) && !isList(names))
    return t.raise(kTypeError, "copyreg._slotnames didn't return a list or None");
  return names;
}

bool hasNoAttributes(Value self) {
  if (!self.isObject()) return true;
  Object* o = self.object();
  if (o->type->has(kTypeManagedDict)) {
    u64 word = managedDictWord(o);
    if (word & kDictModeTag) return !dictOfWord(word) || dictOfWord(word)->used == 0;
    return !word || shapeOf(o)->count == 0;
  }
  Value* field = dictField(o);
  return !field || !*field || field->as<Dict>()->used == 0;
}

// The attributes of an instance with inline slots, without giving it a dict: copying and pickling
// should not slow the original down. Empty for others.
Ref<Dict> copyOfInlineAttributes(Value self) {
  Object* o = self.object();
  Value descr = typeLookup(o->type, DX_NAME("__dict__"));
  bool usual = descr && typeOf(descr) == &PyGetSetDescr_Type &&
               descr.as<GetSetDescriptor>()->def == &kDictGetSet;
  if (!usual || !o->type->has(kTypeInlineValues) || !hasShape(o)) return {};
  Shape* shape = shapeOf(o);
  Ref<Dict> dict = newDict(shape->count);
  for (u32 i = 0; i < shape->count; i++) dictSetStr(dict, shape->names[i], inlineSlots(o)[i]);
  return dict;
}

// Fields that pickling by __dict__ and __slots__ would lose.
bool hasHiddenState(Type* type, Value names) {
  i64 known = PyBaseObject_Type.basicSize;
  if (type->dictOffset > 0) known += 8;
  if (type->weaklistOffset > 0) known += 8;
  if (isList(names)) known += 8 * names.as<List>()->size;
  return type->basicSize > known;
}

}  // namespace

Result<Ref<>> defaultState(Thread& t, Value self, bool required) {
  Type* type = typeOf(self);
  if (required && type->itemSize != 0) return t.raise(kTypeError, "cannot pickle {} objects", type);
  Ref<> state = noneRef();
  if (!hasNoAttributes(self)) {
    Ref<> dict;
    if (Ref<Dict> copy = copyOfInlineAttributes(self))
      state = std::move(copy);
    else if (TRY(lookupAttr(t, self, DX_NAME("__dict__"), &dict)))
      state = std::move(dict);
  }
  Ref<> names = TRY(slotNames(t, type));
  if (required && hasHiddenState(type, names))
    return t.raise(kTypeError, "cannot pickle '{}' object", type);
  if (!isList(names) || names.as<List>()->size == 0) return state;
  Ref<Dict> slots = newDict();
  List* list = names.as<List>();
  for (i64 i = 0; i < list->size; i++) {
    Ref<> name = retain(list->items[i]);
    if (!isStr(name))
      return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(name));
    Ref<> value;
    if (TRY(lookupAttr(t, self, name.as<Str>(), &value))) TRY(dictSet(t, slots, name, value));
  }
  if (slots->used == 0) return state;
  return Ref<>(tupleOf(state, slots));
}

namespace {

Result<Ref<>> stateOf(Thread& t, Value self, bool required) {
  Ref<> method = TRY(getAttr(t, self, DX_NAME("__getstate__")));
  // object's own method: called with what it cannot be told from outside.
  if (typeOf(method) == &PyCFunction_Type) {
    auto* f = method.as<CFunction>();
    Value own = typeLookup(&PyBaseObject_Type, DX_NAME("__getstate__"));
    if (f->self == self && own && typeOf(own) == &PyMethodDescr_Type &&
        own.as<MethodDescriptor>()->def == f->def)
      return defaultState(t, self, required);
  }
  return call(t, method, Args());
}

// __getnewargs_ex__ or __getnewargs__; both empty when there is neither.
Result<void> newArguments(Thread& t, Value self, Ref<>* args, Ref<>* kwargs) {
  bool missing;
  Result<Ref<>> ex = callSpecial(t, self, DX_NAME("__getnewargs_ex__"), {}, &missing);
  if (!missing) {
    Ref<> pair = TRY(std::move(ex));
    if (!isTuple(pair))
      return t.raise(kTypeError, "__getnewargs_ex__ should return a tuple, not '{}'", typeOf(pair));
    Tuple* items = pair.as<Tuple>();
    if (items->size != 2)
      return t.raise(kValueError, "__getnewargs_ex__ should return a tuple of length 2, not {}",
                     items->size);
    if (!isTuple(items->items[0]))
      return t.raise(
          kTypeError,
          "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
          typeOf(items->items[0]));
    if (!isDict(items->items[1]))
      return t.raise(
          kTypeError,
          "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
          typeOf(items->items[1]));
    *args = retain(items->items[0]);
    *kwargs = retain(items->items[1]);
    return ok();
  }
  Result<Ref<>> plain = callSpecial(t, self, DX_NAME("__getnewargs__"), {}, &missing);
  if (missing) return ok();
  *args = TRY(std::move(plain));
  if (!isTuple(*args))
    return t.raise(kTypeError, "__getnewargs__ should return a tuple, not '{}'", typeOf(*args));
  return ok();
}

}  // namespace

Result<Ref<>> reduceNewObject(Thread& t, Value self) {
  Type* type = typeOf(self);
  if (!type->data->slots.construct || type->has(kTypeDisallowInstantiation))
    return t.raise(kTypeError, "cannot pickle '{}' object", type);
  Ref<> args, kwargs, callable;
  TRY(newArguments(t, self, &args, &kwargs));
  bool hasArgs = !args.isEmpty();
  Ref<Tuple> newArgs;
  if (!kwargs || kwargs.as<Dict>()->used == 0) {
    callable = TRY(importAttr(t, "copyreg", "__newobj__"));
    i64 n = hasArgs ? args.as<Tuple>()->size : 0;
    newArgs = newTuple(n + 1);
    newArgs->items[0] = retain(Value(type)).release();
    for (i64 i = 0; i < n; i++)
      newArgs->items[i + 1] = retain(args.as<Tuple>()->items[i]).release();
  } else {
    callable = TRY(importAttr(t, "copyreg", "__newobj_ex__"));
    newArgs = tupleOf(Value(type), args, kwargs);
  }
  Ref<> state = TRY(stateOf(t, self, !(hasArgs || isList(self) || isDict(self))));
  Ref<> listItems = isList(self) ? TRY(iter(t, self)) : noneRef();
  Ref<> dictItems = noneRef();
  if (isDict(self)) {
    Ref<> items = TRY(callMethod(t, self, DX_NAME("items"), {}));
    dictItems = TRY(iter(t, items));
  }
  return Ref<>(tupleOf(callable, newArgs, state, listItems, dictItems));
}

static Result<Ref<>> commonReduce(Thread& t, Value self, i64 protocol) {
  if (protocol >= 2) return reduceNewObject(t, self);
  Ref<> fn = TRY(importAttr(t, "copyreg", "_reduce_ex"));
  return callWith(t, fn, self, Value::smallInt(protocol));
}

Result<Ref<>> object___getstate__(Thread& t, Value self) { return defaultState(t, self, false); }
Result<Ref<>> object___reduce__(Thread& t, Value self) { return commonReduce(t, self, 0); }

Result<Ref<>> object___reduce_ex__(Thread& t, Value self, i32 protocol) {
  Value own = typeLookup(&PyBaseObject_Type, DX_NAME("__reduce__"));
  Ref<> reduce;
  if (TRY(lookupAttr(t, self, DX_NAME("__reduce__"), &reduce))) {
    Ref<> ofClass = TRY(getAttr(t, typeOf(self), DX_NAME("__reduce__")));
    if (ofClass.get() != own) return call(t, reduce, Args());
  }
  return commonReduce(t, self, protocol);
}

}  // namespace dx
