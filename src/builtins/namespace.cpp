#include <algorithm>

#include "builtins/namespace.gen.h"

namespace dx {

static Result<Dict*> dictOf(Thread& t, Namespace& n) { return instanceDict(t, &n); }

static Result<void> addKeywords(Thread& t, Dict* dict, const Args& args) {
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(dictSet(t, dict, args.names->items[i], args.v[args.count + i]));
  return ok();
}

Result<void> namespace___init__(Thread& t, Namespace& n, const Args& args) {
  if (args.count > 1)
    return t.raise(kTypeError, "SimpleNamespace expected at most 1 argument, got {}", args.count);
  Ref<Dict> own = retainObject(TRY(dictOf(t, n)));
  if (args.count == 1) {
    Ref<Dict> given = newDict();
    bool mapping = isDict(args[0]);
    if (!mapping) {
      Ref<> keys;
      mapping = TRY(lookupAttr(t, args[0], DX_NAME("keys"), &keys));
    }
    if (mapping) {
      TRY(dictMerge(t, given, args[0]));
    } else {
      Ref<> made = TRY(callWith(t, &PyDict_Type, args[0]));
      TRY(dictMerge(t, given, made));
    }
    i64 position = 0;
    Value key, value;
    while (dictNext(given, &position, &key, &value))
      if (!isStr(key)) return t.raise(kTypeError, "keywords must be strings");
    TRY(dictMerge(t, own, given));
  }
  return addKeywords(t, own, args);
}

Result<Ref<>> namespace___repr__(Thread& t, Namespace& n) {
  std::string_view name = n.type == &_PyNamespace_Type ? "namespace" : typeName(n.type);
  if (!enterRepr(t, &n)) return formatStr("{}(...)", name);
  Ref<Dict> dict = retainObject(TRY(dictOf(t, n)));
  StrBuilder b;
  b.add(name);
  b.add(u32('('));
  bool first = true;
  Result<void> done;
  Ref<List> keys = TRY(listFrom(t, dict));
  for (i64 i = 0; i < keys->size; i++) {
    Value key = keys->items[i];
    if (!isStr(key) || key.as<Str>()->length == 0) continue;
    Ref<> value = retain(dictGetStr(dict, key.as<Str>()));
    if (!value) continue;
    Result<Ref<Str>> text = repr(t, value);
    if (!text) {
      done = Error{};
      break;
    }
    if (!first) b.add(", ");
    first = false;
    b.add(key.as<Str>());
    b.add(u32('='));
    b.add(text.peek().get());
  }
  leaveRepr(t, &n);
  TRY(done);
  b.add(u32(')'));
  return b.finish();
}

Result<Ref<>> namespace___richcompare__(Thread& t, Namespace& n, Value other, CompareOp op) {
  if (!isInstanceOf(other, &_PyNamespace_Type)) return notImplementedRef();
  Ref<Dict> a = retainObject(TRY(dictOf(t, n)));
  Ref<Dict> b = retainObject(TRY(dictOf(t, *other.as<Namespace>())));
  return compare(t, a, b, op);
}

Result<Ref<>> namespace___reduce__(Thread& t, Namespace& n) {
  Dict* dict = TRY(dictOf(t, n));
  return tupleOf(Value(n.type), Value(emptyTuple()), Value(dict));
}

Result<Ref<>> namespace___replace__(Thread& t, Namespace& n, const Args& args) {
  if (args.count != 0)
    return t.raise(kTypeError, "__replace__() takes no positional arguments but {} were given",
                   args.count);
  Ref<> copy = TRY(call(t, n.type, Args()));
  if (!isInstanceOf(copy, &_PyNamespace_Type))
    return t.raise(kTypeError, "expect {!q} type, but {!q}() returned '{!q}' object",
                   &_PyNamespace_Type, n.type, typeOf(copy));
  Ref<Dict> dict = retainObject(TRY(dictOf(t, *copy.as<Namespace>())));
  Ref<Dict> own = retainObject(TRY(dictOf(t, n)));
  TRY(dictMerge(t, dict, own));
  TRY(addKeywords(t, dict, args));
  return copy;
}

}  // namespace dx
