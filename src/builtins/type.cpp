#include "builtins/pickling.h"
#include "builtins/type.gen.h"
#include "runtime/class_parts.h"
#include "runtime/slot_table.h"
#include "runtime/union.h"

namespace dx {

// AttributeError whose text is just the name.
static Error raiseKeyLike(Thread& t, const char* name) {
  return t.raise(kAttributeError, "{}", name);
}

// ---- making classes ----

Result<Ref<>> type___new__(Thread& t, Type& metatype, const Args& args) {
  if (args.count != 3)
    return t.raise(kTypeError, "type.__new__() takes exactly 3 arguments ({} given)", args.count);
  Value name = args[0], bases = args[1], ns = args[2];
  auto wrong = [&](int i, const char* expected, Value v) {
    return t.raise(kTypeError, "type.__new__() argument {} must be {}, not {}", i, expected,
                   typeOf(v));
  };
  if (!isStr(name)) return wrong(1, "str", name);
  if (!isTuple(bases)) return wrong(2, "tuple", bases);
  if (!isDict(ns)) return wrong(3, "dict", ns);
  Type* winner = &metatype;
  if (bases.as<Tuple>()->size) {
    TRY(checkBases(t, bases.as<Tuple>()));
    winner = TRY(calculateMetaclass(t, &metatype, bases.as<Tuple>()));
    // A more derived metaclass with a constructor of its own makes the class.
    if (winner != &metatype && winner->data->slots.construct != PyType_Type.data->slots.construct)
      return winner->data->slots.construct(t, winner, args);
  }
  return Ref<>(TRY(makeType(t, winner, name.as<Str>(), bases.as<Tuple>(), ns.as<Dict>(),
                            Args(args.v + args.count, 0, args.names))));
}

Result<void> type___init__(Thread& t, Type&, const Args& args) {
  if (args.count == 1 && args.keywordCount())
    return t.raise(kTypeError, "type.__init__() takes no keyword arguments");
  if (args.count != 1 && args.count != 3)
    return t.raise(kTypeError, "type.__init__() takes 1 or 3 arguments");
  return ok();
}

Result<Ref<>> type___prepare__(Thread&, Type&, const Args&) { return newDict(); }

// ---- names ----

static HeapType* heapType(Type& type) {
  return type.has(kTypeHeap) ? static_cast<HeapType*>(&type) : nullptr;
}

static std::string_view lastName(Type& type) {
  std::string_view name = type.name;
  size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

static Result<void> mayAssign(Thread& t, Type& type, Value v, const char* attribute) {
  if (type.has(kTypeImmutable))
    return t.raise(kTypeError, "cannot set '{}' attribute of immutable type '{}'", attribute,
                   &type);
  if (!v)
    return t.raise(kTypeError, "cannot delete '{}' attribute of immutable type '{}'", attribute,
                   &type);
  Value args[] = {Value(&type), internImmortal(attribute), v};
  return audit(t, "object.__setattr__", args);
}

Result<Ref<>> type_get___name__(Thread&, Type& self) {
  if (HeapType* heap = heapType(self)) return retain(Value(heap->htName));
  return makeStr(lastName(self));
}

Result<void> type_set___name__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__name__"));
  if (!isStr(v))
    return t.raise(kTypeError, "can only assign string to {}.__name__, not '{}'", &self, typeOf(v));
  std::string_view text = TRY(utf8(t, v.as<Str>()));
  if (text.find('\0') != std::string_view::npos)
    return t.raise(kValueError, "type name must not contain null characters");
  HeapType* heap = heapType(self);
  char* old = heap->htUtf8Name;
  heap->htUtf8Name = copyText(text);
  heap->name = heap->htUtf8Name;
  release(old);
  Str* oldName = heap->htName;
  heap->htName = retainObject(v.as<Str>()).release();
  if (oldName) decrefObject(oldName);
  return ok();
}

Result<Ref<>> type_get___qualname__(Thread&, Type& self) {
  if (HeapType* heap = heapType(self)) return retain(Value(heap->htQualname));
  return makeStr(lastName(self));
}

Result<void> type_set___qualname__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__qualname__"));
  if (!isStr(v))
    return t.raise(kTypeError, "can only assign string to {}.__qualname__, not '{}'", &self,
                   typeOf(v));
  HeapType* heap = heapType(self);
  Str* old = heap->htQualname;
  heap->htQualname = retainObject(v.as<Str>()).release();
  if (old) decrefObject(old);
  return ok();
}

// CPython makes the types of its extension modules on the heap, and copyreg asks for that.
Result<i64> type_get___flags__(Thread&, Type& self) {
  const NativeTypeInfo* info = self.data ? self.data->native : nullptr;
  bool inModule = !self.has(kTypeHeap) && info && info->moduleName && info->moduleName[0] == '_';
  return i64(self.flags | (inModule ? kTypeHeap : 0));
}

Result<Ref<>> type_get___module__(Thread& t, Type& self) {
  if (self.has(kTypeHeap)) {
    Value v = dictGetStr(self.dict, DX_NAME("__module__"));
    if (!v) return t.raise(kAttributeError, "__module__");
    return retain(v);
  }
  std::string_view name = self.name;
  size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return retain(Value(DX_NAME("builtins")));
  return intern(makeStr(name.substr(0, dot)));
}

// Stores in the class's own dict and lets the caches know.
static void storeInClass(Type& type, Str* name, Value v) {
  Ref<> old = retain(dictGetStr(type.dict, name));
  if (v)
    dictSetStr(type.dict, name, v);
  else
    dictDeleteStr(type.dict, name);
  typeModified(&type);
}

Result<void> type_set___module__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__module__"));
  storeInClass(self, DX_NAME("__module__"), v);
  storeInClass(self, DX_NAME("__firstlineno__"), Value());
  return ok();
}

Result<Ref<>> type___repr__(Thread& t, Type& self) {
  Ref<> module;
  if (Result<Ref<>> r = type_get___module__(t, self))
    module = std::move(r).take();
  else
    t.clearException();
  Ref<> qualname = TRY(type_get___qualname__(t, self));
  if (module && isStr(module) && !equalAscii(module.as<Str>(), "builtins"))
    return formatStr("<class '{}.{}'>", module, qualname);
  return formatStr("<class '{}'>", std::string_view(self.name));
}

// ---- structure ----

Result<Ref<>> type_get___bases__(Thread&, Type& self) {
  return self.bases ? retain(Value(self.bases)) : noneRef();
}
Result<void> type_set___bases__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__bases__"));
  return setBases(t, &self, v);
}
Result<Ref<>> type_get___mro__(Thread&, Type& self) {
  return self.mro ? retain(Value(self.mro)) : noneRef();
}
Result<Ref<>> type_get___dict__(Thread& t, Type& self) {
  return callWith(t, &PyDictProxy_Type, typeDict(&self));
}

Result<Ref<>> type_mro(Thread& t, Type& self) {
  Ref<Tuple> mro = TRY(computeMro(t, &self));
  return makeList(valuesOf(mro));
}

Result<Ref<>> type___subclasses__(Thread&, Type& self) {
  Ref<List> list = newList();
  for (Type* sub : subclassesOf(&self))
    if (sub->refcount != 0) listAppend(list, Value(sub));
  return list;
}

Result<bool> type___instancecheck__(Thread& t, Type& self, Value instance) {
  return plainIsInstance(t, instance, &self);
}
Result<bool> type___subclasscheck__(Thread& t, Type& self, Value subclass) {
  return plainIsSubclass(t, subclass, &self);
}

Result<Ref<>> type___or__(Thread& t, Value left, Value right) { return unionOr(t, left, right); }

Result<Ref<>> type___dir__(Thread& t, Type& self) { return namesOfClass(t, &self); }

Result<i64> type___sizeof__(Thread&, Type& self) {
  return i64(self.has(kTypeHeap) ? sizeof(HeapType) : sizeof(Type));
}

// ---- docs ----

Result<Ref<>> type_get___doc__(Thread& t, Type& self) {
  if (!self.has(kTypeHeap) && self.doc) {
    const char* doc = docWithoutSignature(self.name, self.doc);
    return doc ? Ref<>(makeStr(doc)) : noneRef();
  }
  Value v = dictGetStr(typeDict(&self), DX_NAME("__doc__"));
  if (!v) return noneRef();
  return bindDescriptor(t, v, Value(), &self);
}

Result<void> type_set___doc__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__doc__"));
  storeInClass(self, DX_NAME("__doc__"), v);
  return ok();
}

Result<Ref<>> type_get___text_signature__(Thread&, Type& self) {
  std::string_view signature =
      self.has(kTypeHeap) ? std::string_view() : textSignature(self.name, self.doc);
  return signature.empty() ? noneRef() : Ref<>(makeStr(signature));
}

// ---- abstract methods, type parameters ----

Result<Ref<>> type_get___abstractmethods__(Thread& t, Type& self) {
  // type itself has the descriptor under that name.
  Value v =
      &self == &PyType_Type ? Value() : dictGetStr(typeDict(&self), DX_NAME("__abstractmethods__"));
  if (!v) return raiseKeyLike(t, "__abstractmethods__");
  return retain(v);
}

Result<void> type_set___abstractmethods__(Thread& t, Type& self, Value v) {
  bool abstract = false;
  if (v)
    abstract = TRY(isTrue(t, v));
  else if (!dictGetStr(typeDict(&self), DX_NAME("__abstractmethods__")))
    return raiseKeyLike(t, "__abstractmethods__");
  storeInClass(self, DX_NAME("__abstractmethods__"), v);
  if (abstract)
    self.flags |= kTypeAbstract;
  else
    self.flags &= ~u64(kTypeAbstract);
  return ok();
}

Result<Ref<>> type_get___type_params__(Thread&, Type& self) {
  Value v =
      &self == &PyType_Type ? Value() : dictGetStr(typeDict(&self), DX_NAME("__type_params__"));
  return v ? retain(v) : retain(Value(emptyTuple()));
}

Result<void> type_set___type_params__(Thread& t, Type& self, Value v) {
  TRY(mayAssign(t, self, v, "__type_params__"));
  storeInClass(self, DX_NAME("__type_params__"), v);
  return ok();
}

// ---- annotations (PEP 649) ----
//
// The compiler stores __annotate_func__; computed annotations are kept in __annotations_cache__. An
// assigned or (under `from __future__ import annotations`) stored __annotations__ comes first.

static Error noSuchAttribute(Thread& t, Type& self, const char* name) {
  return t.raise(kAttributeError, "type object '{}' has no attribute '{}'", &self, name);
}

Result<Ref<>> type_get___annotate__(Thread& t, Type& self) {
  if (!self.has(kTypeHeap)) return noSuchAttribute(t, self, "__annotate__");
  // A function that the class itself defines comes first.
  Value v = dictGetStr(self.dict, DX_NAME("__annotate__"));
  if (!v) v = dictGetStr(self.dict, DX_NAME("__annotate_func__"));
  if (v) return bindDescriptor(t, v, Value(), &self);
  storeInClass(self, DX_NAME("__annotate_func__"), none());
  return noneRef();
}

Result<void> type_set___annotate__(Thread& t, Type& self, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __annotate__ attribute");
  if (self.has(kTypeImmutable))
    return t.raise(kTypeError, "cannot set '__annotate__' attribute of immutable type '{}'", &self);
  if (!isCallable(v) && !isNone(v))
    return t.raise(kTypeError, "__annotate__ must be callable or None");
  storeInClass(self, DX_NAME("__annotate_func__"), v);
  if (!isNone(v)) storeInClass(self, DX_NAME("__annotations_cache__"), Value());
  return ok();
}

Result<Ref<>> type_get___annotations__(Thread& t, Type& self) {
  if (!self.has(kTypeHeap)) return noSuchAttribute(t, self, "__annotations__");
  Value stored = dictGetStr(self.dict, DX_NAME("__annotations__"));
  if (!stored) stored = dictGetStr(self.dict, DX_NAME("__annotations_cache__"));
  if (stored) return bindDescriptor(t, stored, Value(), &self);
  Ref<> annotate = TRY(type_get___annotate__(t, self));
  Ref<> annotations;
  if (isCallable(annotate)) {
    annotations = TRY(callWith(t, annotate, Value::smallInt(1)));
    if (!isDict(annotations))
      return t.raise(kTypeError, "__annotate__ returned non-dict of type '{}'",
                     typeOf(annotations));
  } else {
    annotations = newDict();
  }
  storeInClass(self, DX_NAME("__annotations_cache__"), annotations);
  return annotations;
}

Result<void> type_set___annotations__(Thread& t, Type& self, Value v) {
  if (self.has(kTypeImmutable))
    return t.raise(kTypeError, "cannot set '__annotations__' attribute of immutable type '{}'",
                   &self);
  Str* plain = DX_NAME("__annotations__");
  Str* cache = DX_NAME("__annotations_cache__");
  bool hasPlain = bool(dictGetStr(self.dict, plain));
  if (v) {
    storeInClass(self, hasPlain ? plain : cache, v);
    if (hasPlain) storeInClass(self, cache, Value());
  } else if (hasPlain || dictGetStr(self.dict, cache)) {
    storeInClass(self, hasPlain ? plain : cache, Value());
    if (hasPlain) storeInClass(self, cache, Value());
  } else {
    return raiseKeyLike(t, "__annotations__");
  }
  storeInClass(self, DX_NAME("__annotate__"), Value());
  storeInClass(self, DX_NAME("__annotate_func__"), Value());
  return ok();
}

}  // namespace dx
