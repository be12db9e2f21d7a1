// The attribute dictionary of a static type, made from its declaration on first use.
#include "runtime/call.h"
#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

// ---- docs and text signatures ----

// "name(...)\n--\n\n" in front of a doc is its text signature.
static const char* signatureEnd(const char* name, const char* doc) {
  if (!doc) return nullptr;
  if (const char* dot = strrchr(name, '.')) name = dot + 1;
  size_t n = strlen(name);
  if (strncmp(doc, name, n) != 0 || doc[n] != '(') return nullptr;
  const char* end = strstr(doc, ")\n--\n\n");
  const char* paragraph = strstr(doc, "\n\n");
  return end && (!paragraph || end < paragraph) ? end + 1 : nullptr;
}

const char* docWithoutSignature(const char* name, const char* doc) {
  const char* end = signatureEnd(name, doc);
  return end ? end + 5 : doc;
}

std::string_view textSignature(const char* name, const char* doc) {
  const char* end = signatureEnd(name, doc);
  if (!end) return {};
  const char* start = strchr(doc, '(');
  return {start, size_t(end - start)};
}

// ---- making descriptors ----

namespace {

template <class T>
Ref<T> newDescriptor(Type* kind, Type* owner, Str* name) {
  Ref<T> d = make<T>(kind);
  d->owner = retainObject(owner).release();
  d->name = retain(Value(name)).release();
  gcTrack(d);
  return d;
}

// X.__new__(cls, ...) called as a function.
Result<Ref<>> callNew(Thread& t, Value self, const Args& args) {
  Type* type = self.as<Type>();
  if (args.count < 1) return t.raise(kTypeError, "{}.__new__(): not enough arguments", type);
  if (!isType(args[0]))
    return t.raise(kTypeError, "{}.__new__(X): X is not a type object ({})", type, typeOf(args[0]));
  Type* cls = args[0].as<Type>();
  if (!isSubtype(cls, type))
    return t.raise(kTypeError, "{}.__new__({}): {} is not a subtype of {}", type, cls, cls, type);
  if (cls->has(kTypeDisallowInstantiation))
    return t.raise(kTypeError, "cannot create '{}' instances", cls);
  // The nearest native base must construct as this type does: no object.__new__(int).
  Type* base = cls;
  while (base && base->data->slots.construct == dispatchNew) base = base->base;
  if (base && base->data->slots.construct != type->data->slots.construct)
    return t.raise(kTypeError, "{}.__new__({}) is not safe, use {}.__new__()", type, cls, base);
  return type->data->slots.construct(t, cls, Args(args.v + 1, args.count - 1, args.names));
}

}  // namespace

const NativeFunction kNewFunction = {
    "__new__", nullptr, kNativeVarArgs | kNativeKeywords,
    "__new__($type, *args, **kwargs)\n--\n\n"
    "Create and return a new object.  See help(type) for accurate signature.",
    callNew};

Ref<> makeNewFunction(Type* owner) { return makeCFunction(&kNewFunction, owner, Value()); }

Ref<> makeGetSetDescriptor(Type* owner, const NativeGetSet* def) {
  Ref<GetSetDescriptor> d =
      newDescriptor<GetSetDescriptor>(&PyGetSetDescr_Type, owner, internImmortal(def->name));
  d->def = def;
  return d;
}

Ref<> makeMemberDescriptor(Type* owner, const NativeMember* def) {
  Ref<MemberDescriptor> d =
      newDescriptor<MemberDescriptor>(&PyMemberDescr_Type, owner, internImmortal(def->name));
  d->def = def;
  return d;
}

Ref<> makeWrapperDescriptor(Type* owner, const SlotWrapper* row, void* wrapped) {
  Ref<WrapperDescriptor> d =
      newDescriptor<WrapperDescriptor>(&PyWrapperDescr_Type, owner, slotName(*row));
  d->def = row;
  d->wrapped = wrapped;
  return d;
}

Ref<> makeMethodDescriptor(Type* owner, const NativeFunction* def) {
  if (def->flags & kNativeStatic) {
    Ref<ClassMethod> s = make<ClassMethod>(&PyStaticMethod_Type);
    s->callable = makeCFunction(def, owner, Value()).release();
    gcTrack(s);
    return s;
  }
  Type* kind = def->flags & kNativeClass ? &PyClassMethodDescr_Type : &PyMethodDescr_Type;
  Ref<MethodDescriptor> d = newDescriptor<MethodDescriptor>(kind, owner, internImmortal(def->name));
  d->def = def;
  return d;
}

// ---- filling ----

namespace {

void addSlot(Type* type, Dict* dict, const SlotWrapper& row) {
  SlotFn fn = slotAt(type->data->slots, row.index);
  if (!row.wrapper || !fn || fn == reinterpret_cast<SlotFn>(hashNotImplemented)) return;
  Str* name = slotName(row);
  if (dictGetStr(dict, name)) return;
  dictSetStr(dict, name, makeWrapperDescriptor(type, &row, reinterpret_cast<void*>(fn)));
}

Dict* fillDict(Type* type) {
  Dict* dict = newDict(16).release();
  type->dict = dict;  // from here on look-ups see it
  Slots& slots = type->data->slots;
  Slots* inherited = type->base ? &type->base->data->slots : nullptr;
  const NativeTypeInfo* info = type->data->native;
  if (type->data->slotFlags & kOwnNew && slots.construct)
    dictSetStr(dict, DX_NAME("__new__"), makeNewFunction(type));
  for (const SlotWrapper& row : slotTable())
    if (!inherited || slotAt(slots, row.index) != slotAt(*inherited, row.index))
      addSlot(type, dict, row);
  if (info) {
    // Names that the declaration gives although the function is the base's.
    for (const char* name : info->slotNames)
      for (u8 row : slotRowsOf(internImmortal(name))) addSlot(type, dict, slotTable()[row]);
    auto add = [&](const char* name, Ref<> descr) {
      Str* key = internImmortal(name);
      if (!dictGetStr(dict, key)) dictSetStr(dict, key, descr);
    };
    for (const NativeFunction& def : info->methods) add(def.name, makeMethodDescriptor(type, &def));
    for (const NativeMember& def : info->members) add(def.name, makeMemberDescriptor(type, &def));
    for (const NativeGetSet& def : info->getsets) add(def.name, makeGetSetDescriptor(type, &def));
    if (!info->matchArgs.empty()) {
      Ref<Tuple> names = newTuple(i64(info->matchArgs.size()));
      for (i64 i = 0; i < names->size; i++)
        names->items[i] = Value(internImmortal(info->matchArgs[size_t(i)]));
      add("__match_args__", std::move(names));
    }
  }
  if (slots.hash == hashNotImplemented && (!inherited || inherited->hash != hashNotImplemented))
    dictSetStr(dict, DX_NAME("__hash__"), none());
  if (!dictGetStr(dict, DX_NAME("__doc__"))) {
    const char* doc = docWithoutSignature(type->name, type->doc);
    dictSetStr(dict, DX_NAME("__doc__"), doc ? Ref<>(makeStr(doc)) : noneRef());
  }
  return dict;
}

}  // namespace

Dict* typeDict(Type* type) { return type->dict ? type->dict : fillDict(type); }

// ---- plain fields ----

Result<Ref<>> readMember(Thread& t, Value self, const NativeMember& m) {
  void* at = self.as<u8>() + m.offset;
  switch (m.kind) {
    case MemberKind::Object: {
      Value v = *static_cast<Value*>(at);
      return v ? retain(v) : noneRef();
    }
    case MemberKind::FunctionDoc:
      return retain(functionDoc(self.as<Function>()));
    case MemberKind::ObjectOrError: {
      Value v = *static_cast<Value*>(at);
      if (!v)
        return t.raise(kAttributeError, "'{!q}' object has no attribute '{}'", typeOf(self),
                       m.name);
      return retain(v);
    }
    case MemberKind::I64:
      return makeInt(*static_cast<i64*>(at));
    case MemberKind::I32:
      return makeInt(i64(*static_cast<i32*>(at)));
    case MemberKind::U32:
      return makeInt(i64(*static_cast<u32*>(at)));
    case MemberKind::U8:
      return makeInt(i64(*static_cast<u8*>(at)));
    case MemberKind::Bool:
      return boolRef(*static_cast<u8*>(at));
    case MemberKind::CString: {
      const char* text = *static_cast<const char**>(at);
      return text ? Ref<>(makeStr(text)) : noneRef();
    }
    case MemberKind::Double:
      return makeFloat(*static_cast<double*>(at));
  }
  DX_UNREACHABLE();
}

Result<void> writeMember(Thread& t, Value self, const NativeMember& m, Value v) {
  if (m.readOnly) return t.raise(kAttributeError, "readonly attribute");
  void* at = self.as<u8>() + m.offset;
  if (!v && m.kind == MemberKind::FunctionDoc) v = none();
  if (!v && m.kind != MemberKind::Object && m.kind != MemberKind::ObjectOrError)
    return t.raise(kTypeError, "can't delete numeric/char attribute");
  switch (m.kind) {
    case MemberKind::ObjectOrError:
      if (!v && static_cast<Value*>(at)->isEmpty()) return t.raise(kAttributeError, "{}", m.name);
      [[fallthrough]];
    case MemberKind::Object:
    case MemberKind::FunctionDoc:
      setField(*static_cast<Value*>(at), retain(v));
      return ok();
    case MemberKind::I64:
      *static_cast<i64*>(at) = TRY(argI64(t, v));
      return ok();
    case MemberKind::I32:
      *static_cast<i32*>(at) = TRY(argI32(t, v));
      return ok();
    case MemberKind::U32:
      *static_cast<u32*>(at) = u32(TRY(argU64Mask(t, v)));
      return ok();
    case MemberKind::U8:
      *static_cast<u8*>(at) = u8(TRY(argU64Mask(t, v)));
      return ok();
    case MemberKind::Bool:
      if (!isBool(v)) return t.raise(kTypeError, "attribute value type must be bool");
      *static_cast<u8*>(at) = v == trueValue();
      return ok();
    case MemberKind::Double:
      *static_cast<double*>(at) = TRY(argDouble(t, v));
      return ok();
    case MemberKind::CString:
      return t.raise(kTypeError, "readonly attribute");
  }
  DX_UNREACHABLE();
}

}  // namespace dx
