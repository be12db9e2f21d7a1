// types.GenericAlias (PEP 585).
#include "builtins/generic_alias.gen.h"
#include "memory/heap.h"
#include "runtime/types.h"
#include "runtime/union.h"

namespace dx {

Ref<> makeGenericAlias(Value origin, Value args) {
  Ref<GenericAlias> a = make<GenericAlias>(&Py_GenericAliasType);
  a->origin = retain(origin).release();
  a->args = isTuple(args) ? retain(args).release() : Value(tupleOf(args).release());
  gcTrack(a);
  return Ref<>(std::move(a));
}

Result<Ref<>> genericClassGetItem(Thread& t, Value cls, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError, "__class_getitem__() takes exactly one argument ({} given)",
                   args.total());
  return makeGenericAlias(cls, args[0]);
}

Result<Ref<>> GenericAlias___new__(Thread&, Type& cls, Value origin, Value args) {
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  auto* a = o.as<GenericAlias>();
  a->origin = retain(origin).release();
  a->args = isTuple(args) ? retain(args).release() : Value(tupleOf(args).release());
  if (!gcIsTracked(a)) gcTrack(a);
  return o;
}

// ---- repr ----

Result<void> addTypeRepr(Thread& t, StrBuilder& b, Value v) {
  if (v == ellipsis()) return b.add("..."), ok();
  if (v == Value(&_PyNone_Type)) return b.add("None"), ok();
  Ref<> origin, args, qualname, module;
  if (TRY(lookupAttr(t, v, DX_NAME("__origin__"), &origin)) &&
      TRY(lookupAttr(t, v, DX_NAME("__args__"), &args))) {
    Ref<Str> s = TRY(repr(t, v));
    return b.add(s), ok();
  }
  if (TRY(lookupAttr(t, v, DX_NAME("__qualname__"), &qualname)) &&
      TRY(lookupAttr(t, v, DX_NAME("__module__"), &module)) && !isNone(module) && isStr(qualname)) {
    Ref<Str> m = TRY(str(t, module));
    if (!equalAscii(m, "builtins")) {
      b.add(m);
      b.add(".");
    }
    b.add(qualname.as<Str>());
    return {};
  }
  Ref<Str> s = TRY(repr(t, v));
  b.add(s);
  return {};
}

Result<Ref<>> GenericAlias___repr__(Thread& t, GenericAlias& self) {
  RecursionGuard guard(t);
  TRY(guard.check(" while getting the repr of an object"));
  StrBuilder b;
  if (self.starred) b.add("*");
  TRY(addTypeRepr(t, b, self.origin));
  b.add("[");
  Ref<Tuple> args = retainObject(self.args.as<Tuple>());
  for (i64 i = 0; i < args->size; i++) {
    if (i) b.add(", ");
    Value v = args->items[i];
    if (isExactList(v)) {  // ParamSpec arguments
      b.add("[");
      Ref<List> list = retainObject(v.as<List>());
      for (i64 k = 0, n = list->size; k < n; k++) {
        if (k >= list->size) return t.raise(kIndexError, "list index out of range");
        if (k) b.add(", ");
        Ref<> item = retain(list->items[k]);
        TRY(addTypeRepr(t, b, item));
      }
      b.add("]");
    } else {
      TRY(addTypeRepr(t, b, v));
    }
  }
  if (args->size == 0) b.add("()");
  b.add("]");
  return Ref<>(b.finish());
}

Result<i64> GenericAlias___hash__(Thread& t, GenericAlias& self) {
  i64 h = TRY(hash(t, self.origin)) ^ TRY(hash(t, self.args));
  return h == -1 ? -2 : h;
}

Result<Ref<>> GenericAlias___richcompare__(Thread& t, GenericAlias& self, Value other,
                                           CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || !isInstanceOf(other, &Py_GenericAliasType))
    return notImplementedRef();
  auto* b = other.as<GenericAlias>();
  bool same = self.starred == b->starred && TRY(equal(t, self.origin, b->origin)) &&
              TRY(equal(t, self.args, b->args));
  return boolRef(same == (op == CompareOp::Eq));
}

// ---- calls and attributes ----

Result<Ref<>> GenericAlias___call__(Thread& t, GenericAlias& self, const Args& args) {
  Ref<> held = Ref<>::retain(&self);
  Ref<> o = TRY(call(t, self.origin, args));
  if (!setAttr(t, o, DX_NAME("__orig_class__"), held)) {
    if (!t.takeIf(kAttributeError) && !t.takeIf(kTypeError)) return Error{};
  }
  return o;
}

static bool isOwnAttribute(Str* name) {
  for (const char* own : {"__class__", "__origin__", "__args__", "__unpacked__", "__parameters__",
                          "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__",
                          "__reduce__", "__copy__", "__deepcopy__"})
    if (equalAscii(name, own)) return true;
  return false;
}
static bool isBlocked(Str* name) {
  for (const char* b : {"__bases__", "__copy__", "__deepcopy__"})
    if (equalAscii(name, b)) return true;
  return false;
}
Result<Ref<>> genericAliasGetAttr(Thread& t, Value self, Str* name) {
  bool blocked = isBlocked(name);
  if (!blocked && !isOwnAttribute(name)) {
    Ref<> held = retain(self);
    return getAttr(t, self.as<GenericAlias>()->origin, name);
  }
  return genericGetAttr(t, self, name);
}

Result<Ref<>> GenericAlias___iter__(Thread&, GenericAlias& self) {
  Ref<GenericAliasIterator> it = make<GenericAliasIterator>(&_Py_GenericAliasIterType);
  it->alias = Ref<>::retain(&self).release();
  gcTrack(it);
  return Ref<>(std::move(it));
}
Result<Ref<>> GenericAliasIter___iter__(Thread&, GenericAliasIterator& self) {
  return Ref<>::retain(&self);
}
Result<Ref<>> GenericAliasIter___next__(Thread&, GenericAliasIterator& self) {
  if (!self.alias) return Error{};  // exhausted
  Ref<> plain = Ref<>::steal(std::exchange(self.alias, Value()));
  auto* alias = plain.as<GenericAlias>();
  Ref<> starred = makeGenericAlias(alias->origin, alias->args);
  starred.as<GenericAlias>()->starred = true;
  return starred;
}
Result<Ref<>> GenericAliasIter___reduce__(Thread& t, GenericAliasIterator& self) {
  Ref<> iter = TRY(importAttr(t, "builtins", "iter"));
  Value what = self.alias ? self.alias : Value(emptyTuple());
  return Ref<>(tupleOf(iter.get(), Value(tupleOf(what))));
}
Result<Ref<>> GenericAlias_get___unpacked__(Thread&, GenericAlias& self) {
  return boolRef(self.starred);
}
Result<Ref<>> GenericAlias_get___typing_unpacked_tuple_args__(Thread&, GenericAlias& self) {
  if (self.starred && self.origin == Value(&PyTuple_Type)) return retain(self.args);
  return noneRef();
}
Result<Ref<>> GenericAlias___mro_entries__(Thread&, GenericAlias& self, Value) {
  return Ref<>(tupleOf(self.origin));
}
Result<Ref<>> GenericAlias___instancecheck__(Thread& t, GenericAlias&, Value) {
  return t.raise(kTypeError, "isinstance() argument 2 cannot be a parameterized generic");
}
Result<Ref<>> GenericAlias___subclasscheck__(Thread& t, GenericAlias&, Value) {
  return t.raise(kTypeError, "issubclass() argument 2 cannot be a parameterized generic");
}
Result<Ref<>> GenericAlias___reduce__(Thread& t, GenericAlias& self) {
  Ref<Tuple> parts = tupleOf(self.origin, self.args);
  if (!self.starred) return Ref<>(tupleOf(Value(&Py_GenericAliasType), Value(parts)));
  Ref<> next = TRY(importAttr(t, "builtins", "next"));
  Ref<> plain = makeGenericAlias(self.origin, self.args);
  Ref<> it = TRY(iter(t, plain));
  return Ref<>(tupleOf(next.get(), Value(tupleOf(it))));
}
Result<Ref<>> GenericAlias___dir__(Thread& t, GenericAlias& self) {
  Ref<> dir = TRY(importAttr(t, "builtins", "dir"));
  Ref<> names = TRY(callWith(t, dir, self.origin));
  Ref<List> out = TRY(listFrom(t, names));
  for (const char* n : {"__origin__", "__args__", "__parameters__", "__unpacked__",
                        "__typing_unpacked_tuple_args__", "__mro_entries__"})
    if (!TRY(contains(t, out, Value(internImmortal(n))))) listAppend(out, Value(internImmortal(n)));
  return Ref<>(std::move(out));
}
Result<Ref<>> GenericAlias___or__(Thread& t, Value left, Value right) {
  return unionOr(t, left, right);
}

// ---- parameters ----

// Adds what is not there yet, by identity.
static void addOnce(List* list, Value v) {
  for (Value known : valuesOf(list))
    if (known == v) return;
  listAppend(list, v);
}

Result<Ref<Tuple>> collectParameters(Thread& t, Tuple* args) {
  RecursionGuard guard(t);
  TRY(guard.check(" while collecting type parameters"));
  Ref<List> out = newList();
  for (i64 i = 0; i < args->size; i++) {
    Ref<> v = retain(args->items[i]);
    if (isType(v)) continue;  // the attribute of a bare class says nothing
    Ref<> subst, inner;
    if (TRY(lookupAttr(t, v, DX_NAME("__typing_subst__"), &subst))) {
      addOnce(out, v);
      continue;
    }
    if (!TRY(lookupAttr(t, v, DX_NAME("__parameters__"), &inner)) && (isTuple(v) || isList(v))) {
      Ref<Tuple> nested = TRY(tupleFrom(t, v));
      inner = TRY(collectParameters(t, nested));
    }
    if (inner && isTuple(inner))
      for (Value p : valuesOf(inner.as<Tuple>())) addOnce(out, p);
  }
  return makeTuple(valuesOf(out.get()));
}

static Result<Ref<Tuple>> parametersOf(Thread& t, GenericAlias& self) {
  if (!self.parameters) {
    Ref<Tuple> found = TRY(collectParameters(t, self.args.as<Tuple>()));
    setField(self.parameters, std::move(found));
  }
  return retainObject(self.parameters.as<Tuple>());
}
Result<Ref<>> GenericAlias_get___parameters__(Thread& t, GenericAlias& self) {
  return Ref<>(TRY(parametersOf(t, self)));
}

// The arguments of `*tuple[...]` of fixed length, or empty.
static Result<Ref<>> unpackedArgs(Thread& t, Value item) {
  Ref<> args;
  if (isType(item)) return noneRef();
  if (isInstanceOf(item, &Py_GenericAliasType) && item.as<GenericAlias>()->starred &&
      item.as<GenericAlias>()->origin == Value(&PyTuple_Type))
    args = retain(item.as<GenericAlias>()->args);
  else if (!TRY(lookupAttr(t, item, DX_NAME("__typing_unpacked_tuple_args__"), &args)))
    return noneRef();
  if (!isTuple(args)) return noneRef();
  auto* list = args.as<Tuple>();
  if (list->size && list->items[list->size - 1] == ellipsis()) return noneRef();
  return args;
}
static Result<Ref<Tuple>> unpackAll(Thread& t, Value key) {
  Ref<Tuple> items = isTuple(key) ? retainObject(key.as<Tuple>()) : tupleOf(key);
  Ref<List> out = newList(items->size);
  for (Value item : valuesOf(items.get())) {
    Ref<> parts = TRY(unpackedArgs(t, item));
    if (isNone(parts))
      listAppend(out, item);
    else
      for (Value v : valuesOf(parts.as<Tuple>())) listAppend(out, v);
  }
  return makeTuple(valuesOf(out.get()));
}

static i64 indexOf(const Tuple* parameters, Value v) {
  for (i64 i = 0; i < parameters->size; i++)
    if (parameters->items[i] == v) return i;
  return -1;
}

// `arg` with its own parameters replaced.
static Result<Ref<>> substituteInner(Thread& t, Value arg, Tuple* parameters, Tuple* given) {
  Ref<> inner;
  if (!TRY(lookupAttr(t, arg, DX_NAME("__parameters__"), &inner)) || !isTuple(inner) ||
      inner.as<Tuple>()->size == 0)
    return retain(arg);
  Ref<List> values = newList();
  for (Value p : valuesOf(inner.as<Tuple>())) {
    i64 at = indexOf(parameters, p);
    Value v = at < 0 ? p : given->items[at];
    if (at >= 0 && slotsOf(p).iter && isTuple(v)) {  // a TypeVarTuple
      for (Value each : valuesOf(v.as<Tuple>())) listAppend(values, each);
    } else {
      listAppend(values, v);
    }
  }
  Ref<Tuple> key = makeTuple(valuesOf(values.get()));
  return getItem(t, arg, key);
}

Result<Ref<Tuple>> substituteParameters(Thread& t, Value self, Tuple* args, Tuple* parameters,
                                        Value key) {
  RecursionGuard guard(t);
  TRY(guard.check(" while substituting type parameters"));
  if (parameters->size == 0) return t.raise(kTypeError, "{!r} is not a generic class", self);
  Ref<> item = TRY(unpackAll(t, key));
  for (i64 i = 0; i < parameters->size; i++) {
    Ref<> prepare;
    if (!TRY(lookupAttr(t, parameters->items[i], DX_NAME("__typing_prepare_subst__"), &prepare)) ||
        isNone(prepare))
      continue;
    if (!isTuple(item)) item = tupleOf(item);
    item = TRY(callWith(t, prepare, self, item));
  }
  Ref<Tuple> given = isTuple(item) ? retainObject(item.as<Tuple>()) : tupleOf(item);
  if (given->size != parameters->size)
    return t.raise(kTypeError, "Too {} arguments for {!r}; actual {}, expected {}{}",
                   given->size > parameters->size ? "many" : "few", self, given->size,
                   given->size > parameters->size ? "" : "at least ", parameters->size);
  Ref<List> out = newList();
  for (i64 i = 0; i < args->size; i++) {
    Ref<> arg = retain(args->items[i]);
    if (isType(arg)) {
      listAppend(out, std::move(arg));
      continue;
    }
    if (isTuple(arg) || isList(arg)) {
      Ref<Tuple> nested = TRY(tupleFrom(t, arg));
      Ref<Tuple> replaced = TRY(substituteParameters(t, self, nested, parameters, item));
      listAppend(out, isTuple(arg) ? Ref<>(std::move(replaced))
                                   : Ref<>(makeList(valuesOf(replaced.get()))));
      continue;
    }
    Ref<> subst, mark, result;
    bool unpacked =
        TRY(lookupAttr(t, arg, DX_NAME("__typing_is_unpacked_typevartuple__"), &mark)) &&
        TRY(isTrue(t, mark));
    if (TRY(lookupAttr(t, arg, DX_NAME("__typing_subst__"), &subst))) {
      i64 at = indexOf(parameters, arg);
      if (at < 0)
        return t.raise(kTypeError,
                       "argument {!r} with __typing_subst__ was not found in __parameters__", arg);
      result = TRY(callWith(t, subst, given->items[at]));
    } else {
      result = TRY(substituteInner(t, arg, parameters, given));
    }
    if (!unpacked) {
      listAppend(out, std::move(result));
      continue;
    }
    if (!isTuple(result))
      return t.raise(kTypeError,
                     "expected __typing_subst__ of {} objects to return a tuple, not {}",
                     typeOf(arg), typeOf(result));
    for (Value v : valuesOf(result.as<Tuple>())) listAppend(out, v);
  }
  return makeTuple(valuesOf(out.get()));
}

Result<Ref<>> GenericAlias___getitem__(Thread& t, GenericAlias& self, Value key) {
  Ref<Tuple> parameters = TRY(parametersOf(t, self));
  Ref<Tuple> args =
      TRY(substituteParameters(t, Value(&self), self.args.as<Tuple>(), parameters, key));
  Ref<> out = makeGenericAlias(self.origin, args);
  out.as<GenericAlias>()->starred = self.starred;
  return out;
}

}  // namespace dx
