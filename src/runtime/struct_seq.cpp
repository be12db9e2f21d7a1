// Struct sequences: tuple subclasses with named fields (os.stat_result, sys.version_info, ...).
//
// The items array holds all fields; the tuple's length is only the visible ones. The type is a
// static type made at run time, described by the same tables as those of the stubs.
#include "runtime/abstract.h"
#include "runtime/module.h"
#include "runtime/types.h"

namespace dx {

namespace {

struct StructSeqType {
  Type type;
  TypeData data;
  NativeTypeInfo info;
  std::vector<NativeMember> members;
  const StructSeqDesc* desc;
  int fieldCount;
};

// The descriptor of a struct sequence type or of a Python subclass of one.
StructSeqType* structSeqOf(Type* type) {
  while (type->has(kTypeHeap)) type = type->base;
  return reinterpret_cast<StructSeqType*>(type);
}

Values allFields(Value self) {
  return {self.as<Tuple>()->items, size_t(structSeqOf(typeOf(self))->fieldCount)};
}

void structSeqDealloc(Object* o) {
  gcUntrack(o);
  Value self = o;
  for (Value v : allFields(self)) decref(v);
  freeObject(o);
}
void structSeqTraverse(Object* o, Visitor& visit) {
  for (Value v : allFields(Value(o))) visit(v);
}

const char* fieldName(const StructSeqType* s, int i) { return s->desc->fields[size_t(i)].name; }

Result<Ref<>> structSeqNew(Thread& t, Type* cls, const Args& args) {
  StructSeqType* s = structSeqOf(cls);
  static const char* const kNames[] = {"sequence", "dict"};
  static constexpr ParamSpec kSpec = {"structseq", kNames, 0, 2, 0, 1, 0, false, false};
  Value in[3];
  TRY(bindArgs(t, kSpec, args, in));
  Ref<> items = TRY(sequenceFast(t, in[0], "constructor requires a sequence"));
  if (in[1] && !isDict(in[1]))
    return t.raise(kTypeError, "{}() takes a dict as second arg, if any", s->type.name);
  Values given = isTuple(items) ? valuesOf(items.as<Tuple>()) : valuesOf(items.as<List>());
  i64 n = i64(given.size()), least = s->desc->visible, most = s->fieldCount;
  if (n < least)
    return t.raise(kTypeError,
                   least == most ? "{}() takes a {}-sequence ({}-sequence given)"
                                 : "{}() takes an at least {}-sequence ({}-sequence given)",
                   s->type.name, least, n);
  if (n > most)
    return t.raise(kTypeError,
                   least == most ? "{}() takes a {}-sequence ({}-sequence given)"
                                 : "{}() takes an at most {}-sequence ({}-sequence given)",
                   s->type.name, most, n);
  auto* self = static_cast<Tuple*>(newInstance(cls, size_t(most) * sizeof(Value)));
  Ref<> owner = Ref<>::steal(Value(self));
  self->size = least;
  self->hash = -1;
  for (i64 i = 0; i < n; i++) self->items[i] = retain(given[size_t(i)]).release();
  i64 used = 0;
  for (i64 i = n; i < most; i++) {
    Value v;
    if (in[1] && fieldName(s, int(i))) {
      v = dictGetStr(in[1].as<Dict>(), internImmortal(fieldName(s, int(i))));
      used += bool(v);
    }
    self->items[i] = retain(v ? v : none()).release();
  }
  if (in[1] && in[1].as<Dict>()->used > used)
    return t.raise(kTypeError, "{}() got duplicate or unexpected field name(s)", s->type.name);
  gcTrack(self);
  return owner;
}

Result<Ref<>> structSeqRepr(Thread& t, Value self) {
  StructSeqType* s = structSeqOf(typeOf(self));
  StrBuilder b;
  b.add(s->type.name);
  b.add("(");
  for (i64 i = 0; i < self.as<Tuple>()->size; i++) {
    if (i) b.add(", ");
    b.add(fieldName(s, int(i)) ? fieldName(s, int(i)) : "?");
    b.add("=");
    Ref<Str> text = TRY(repr(t, self.as<Tuple>()->items[i]));
    b.add(text);
  }
  b.add(")");
  return Ref<>(b.finish());
}

Result<Ref<>> structSeqReduce(Thread& t, Value self, const Args&) {
  StructSeqType* s = structSeqOf(typeOf(self));
  Values fields = allFields(self);
  Ref<Tuple> visible = makeTuple(fields.first(size_t(s->desc->visible)));
  Ref<Dict> rest = newDict();
  for (int i = s->desc->visible; i < s->fieldCount; i++)
    if (fieldName(s, i)) dictSetStr(rest, fieldName(s, i), fields[size_t(i)]);
  return Ref<>(tupleOf(Value(typeOf(self)), Value(tupleOf(Value(visible), Value(rest)))));
}

Result<Ref<>> structSeqReplace(Thread& t, Value self, const Args& args) {
  StructSeqType* s = structSeqOf(typeOf(self));
  if (args.count)
    return t.raise(kTypeError, "__replace__() takes no positional arguments ({} given)",
                   args.count);
  for (int i = 0; i < s->fieldCount; i++)
    if (!fieldName(s, i))
      return t.raise(kTypeError,
                     "__replace__() is not supported for {} because it has unnamed field(s)",
                     s->type.name);
  Ref<Tuple> all = makeTuple(allFields(self));
  for (u32 k = 0; k < args.keywordCount(); k++) {
    Str* name = args.names->items[k].as<Str>();
    int i = 0;
    while (i < s->fieldCount && !equalAscii(name, fieldName(s, i))) i++;
    if (i == s->fieldCount)
      return t.raise(kTypeError, "Got unexpected field name(s): [{!r}]", Value(name));
    setField(all->items[i], retain(args.v[args.count + k]));
  }
  return callWith(t, Value(typeOf(self)), Value(all));
}

const NativeFunction kMethods[] = {
    {"__reduce__", nullptr, kNativeNoArgs, nullptr, structSeqReduce},
    {"__replace__", nullptr, kNativeFastCall | kNativeKeywords, nullptr, structSeqReplace},
};
const char* const kSlotNames[] = {"__new__", "__repr__"};

}  // namespace

Ref<Type> makeStructSeqType(Thread& t, const StructSeqDesc& desc) {
  auto* s = new StructSeqType();
  s->desc = &desc;
  s->fieldCount = int(desc.fields.size());
  int unnamed = 0;
  for (int i = 0; i < s->fieldCount; i++) {
    const StructSeqField& f = desc.fields[size_t(i)];
    if (!f.name) {
      unnamed++;
      continue;
    }
    s->members.push_back({f.name, i64(offsetof(Tuple, items)) + i * i64(sizeof(Value)),
                          MemberKind::Object, true, f.doc});
  }
  const char* dot = strrchr(desc.name, '.');
  static std::vector<std::string*> moduleNames;  // live as long as their types: forever
  moduleNames.push_back(new std::string(desc.name, dot ? size_t(dot - desc.name) : 0));
  s->info.moduleName = dot ? moduleNames.back()->c_str() : "builtins";
  s->info.methods = kMethods;
  s->info.members = s->members;
  s->info.slotNames = kSlotNames;
  s->data.native = &s->info;
  s->data.slotFlags = kOwnNew;
  s->data.slots.construct = structSeqNew;
  s->data.slots.repr = structSeqRepr;
  s->data.slots.dealloc = structSeqDealloc;
  s->data.slots.traverse = structSeqTraverse;
  Type& y = s->type;
  y.refcount = kImmortalCount;
  y.headerFlags = 5;
  y.type = &PyType_Type;
  y.name = desc.name;
  y.basicSize = offsetof(Tuple, items);
  y.itemSize = sizeof(Value);
  y.flags = kTypeHasGc | kTypeStaticBuiltin | kTypeBaseType;
  if (strcmp(s->info.moduleName, "sys") == 0) y.flags |= kTypeImmutable;
  y.doc = desc.doc;
  y.base = &PyTuple_Type;
  y.data = &s->data;
  readyStaticType(&y);
  Dict* dict = typeDict(&y);
  dictSetStr(dict, "n_sequence_fields", makeInt(desc.visible));
  dictSetStr(dict, "n_fields", makeInt(s->fieldCount));
  dictSetStr(dict, "n_unnamed_fields", makeInt(unnamed));
  Ref<List> match = newList();
  for (int i = 0; i < desc.visible; i++)
    if (const char* name = desc.fields[size_t(i)].name)
      listAppend(match, Value(internImmortal(name)));
  dictSetStr(dict, "__match_args__", makeTuple(valuesOf(match.get())));
  return retainObject(&y);
}

Ref<Tuple> newStructSeq(Type* type) {
  StructSeqType* s = structSeqOf(type);
  auto* self = static_cast<Tuple*>(newInstance(type, size_t(s->fieldCount) * sizeof(Value)));
  self->size = s->desc->visible;
  self->hash = -1;
  gcTrack(self);
  return Ref<Tuple>::steal(self);
}

}  // namespace dx
