// __build_class__: what a class statement does around its body (PEP 3115, PEP 560, PEP 487).
#include "builtins/builtins.gen.h"
#include "runtime/frame.h"
#include "runtime/types.h"

namespace dx {

// Replaces bases that are not classes by what their __mro_entries__ give.
static Result<Ref<Tuple>> resolveBases(Thread& t, Tuple* bases) {
  Ref<List> out;
  for (i64 i = 0; i < bases->size; i++) {
    Value base = bases->items[i];
    Ref<> method;
    if (isType(base) || !TRY(lookupAttr(t, base, DX_NAME("__mro_entries__"), &method))) {
      if (out) listAppend(out, base);
      continue;
    }
    Ref<> entries = TRY(callWith(t, method, bases));
    if (!isTuple(entries)) return t.raise(kTypeError, "__mro_entries__ must return a tuple");
    if (!out) out = makeList(Values(bases->items, size_t(i)));
    TRY(listExtend(t, out, entries));
  }
  if (!out) return retainObject(bases);
  return makeTuple(valuesOf(out.get()));
}

// The class cell of the body must have been filled by type.__new__ with the class made.
static Result<void> checkClassCell(Thread& t, Value cell, Value cls, Value name) {
  if (!isType(cls) || !cell || !isInstanceOf(cell, &PyCell_Type)) return {};
  Value inside = cell.as<Cell>()->content;
  if (inside == cls) return {};
  if (!inside)
    return t.raise(
        kRuntimeError,
        "__class__ not set defining {!r} as {!r}. Was __classcell__ propagated to type.__new__?",
        name, cls);
  return t.raise(kTypeError, "__class__ set to {!r} defining {!r} as {!r}", inside, name, cls);
}

Result<Ref<>> builtins___build_class__(Thread& t, const Args& args) {
  if (args.count < 2) return t.raise(kTypeError, "__build_class__: not enough arguments");
  Value body = args[0], name = args[1];
  if (!isInstanceOf(body, &PyFunction_Type))
    return t.raise(kTypeError, "__build_class__: func must be a function");
  if (!isStr(name)) return t.raise(kTypeError, "__build_class__: name is not a string");

  Ref<Tuple> original = makeTuple(Values(args.v + 2, args.count - 2));
  Ref<Tuple> bases = TRY(resolveBases(t, original));
  Ref<> metaclass;
  Ref<Dict> keywords;
  for (u32 i = 0; i < args.keywordCount(); i++) {
    Value v = args.v[args.count + i];
    if (equalAscii(args.names->items[i].as<Str>(), "metaclass")) {
      metaclass = retain(v);
      continue;
    }
    if (!keywords) keywords = newDict();
    TRY(dictSet(t, keywords, args.names->items[i], v));
  }
  if (!metaclass)
    metaclass = retain(bases->size ? Value(typeOf(bases->items[0])) : Value(&PyType_Type));
  bool isClass = isType(metaclass);
  if (isClass) metaclass = retain(TRY(calculateMetaclass(t, metaclass.as<Type>(), bases)));

  Ref<> ns, prepare;
  if (metaclass.get() == Value(&PyType_Type)) {
    ns = newDict();
  } else if (TRY(lookupAttr(t, metaclass, DX_NAME("__prepare__"), &prepare))) {
    ns = TRY(callTupleDict(t, prepare, tupleOf(name, bases), keywords));
  } else {
    ns = newDict();
  }
  if (!slotsOf(ns).getItem)
    return t.raise(kTypeError, "{}.__prepare__() must return a mapping, not {}",
                   isClass ? typeName(metaclass.as<Type>()) : std::string_view("<metaclass>"),
                   typeOf(ns));

  Ref<> cell = TRY(runClassBody(t, body.as<Function>(), ns));
  if (bases.get() != original.get()) TRY(setItem(t, ns, DX_NAME("__orig_bases__"), original));
  Ref<> cls = TRY(callTupleDict(t, metaclass, tupleOf(name, bases, ns), keywords));
  TRY(checkClassCell(t, cell, cls, name));
  return cls;
}

}  // namespace dx
