#include "builtins/descriptors.gen.h"
#include "runtime/attributes.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

// ---- what all kinds share ----

static Error wrongReceiver(Thread& t, Descriptor& d, Value o) {
  return t.raise(kTypeError, "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
                 d.name, d.owner, typeOf(o));
}

static Result<void> checkReceiver(Thread& t, Descriptor& d, Value o) {
  if (typeOf(o) != d.owner && !isSubtype(typeOf(o), d.owner)) return wrongReceiver(t, d, o);
  return ok();
}

Result<Ref<>> descriptorQualname(Thread& t, Descriptor& d) {
  if (!d.qualname) {
    Ref<> owner = TRY(getAttr(t, d.owner, DX_NAME("__qualname__")));
    if (!isStr(owner))
      return t.raise(kTypeError, "<descriptor>.__objclass__.__qualname__ is not a unicode object");
    setField(d.qualname, formatStr("{}.{}", owner, d.name));
  }
  return retain(d.qualname);
}

static Ref<> docRef(const char* name, const char* doc) {
  const char* text = docWithoutSignature(name, doc);
  return text ? Ref<>(makeStr(text)) : noneRef();
}
static Ref<> signatureRef(const char* name, const char* doc) {
  std::string_view s = textSignature(name, doc);
  return s.empty() ? noneRef() : Ref<>(makeStr(s));
}

// getattr(owner, name), by which a descriptor is found again.
static Result<Ref<>> reduceDescriptor(Descriptor& d) {
  Ref<> getattr = retain(dictGetStr(theInterpreter.builtinsDict, DX_NAME("getattr")));
  return tupleOf(getattr, tupleOf(Value(d.owner), d.name));
}

static Ref<> textOf(const char* format, Descriptor& d) {
  return formatStr(format, d.name, d.owner);
}

#define COMMON(prefix, Kind) \
  Result<Ref<>> prefix##_get___qualname__(Thread& t, Kind& d) { return descriptorQualname(t, d); }
COMMON(method_descriptor, MethodDescriptor)
COMMON(classmethod_descriptor, MethodDescriptor)
COMMON(member_descriptor, MemberDescriptor)
COMMON(getset_descriptor, GetSetDescriptor)
COMMON(wrapper_descriptor, WrapperDescriptor)
#undef COMMON

// ---- methods ----

Result<Ref<>> method_descriptor___repr__(Thread&, MethodDescriptor& d) {
  return textOf("<method '{}' of '{}' objects>", d);
}
Result<Ref<>> method_descriptor___get__(Thread& t, MethodDescriptor& d, Value o, Value) {
  if (!o) return retain(Value(&d));
  TRY(checkReceiver(t, d, o));
  return makeCFunction(d.def, o, Value());
}
Result<Ref<>> method_descriptor_get___doc__(Thread&, MethodDescriptor& d) {
  return docRef(d.def->name, d.def->doc);
}
Result<Ref<>> method_descriptor_get___text_signature__(Thread&, MethodDescriptor& d) {
  return signatureRef(d.def->name, d.def->doc);
}
Result<Ref<>> method_descriptor___reduce__(Thread&, MethodDescriptor& d) {
  return reduceDescriptor(d);
}

Result<Ref<>> classmethod_descriptor___repr__(Thread&, MethodDescriptor& d) {
  return textOf("<method '{}' of '{}' objects>", d);
}
Result<Ref<>> classmethod_descriptor___get__(Thread& t, MethodDescriptor& d, Value o, Value type) {
  if (!type) {
    if (!o)
      return t.raise(kTypeError, "descriptor '{}' for type '{}' needs either an object or a type",
                     d.name, d.owner);
    type = typeOf(o);
  }
  if (!isType(type))
    return t.raise(kTypeError, "descriptor '{}' for type '{}' needs a type, not a '{}' as arg 2",
                   d.name, d.owner, typeOf(type));
  if (!isSubtype(type.as<Type>(), d.owner))
    return t.raise(kTypeError, "descriptor '{}' requires a subtype of '{}' but received '{}'",
                   d.name, d.owner, type.as<Type>());
  return makeCFunction(d.def, type, Value());
}
Result<Ref<>> classmethod_descriptor_get___doc__(Thread&, MethodDescriptor& d) {
  return docRef(d.def->name, d.def->doc);
}
Result<Ref<>> classmethod_descriptor_get___text_signature__(Thread&, MethodDescriptor& d) {
  return signatureRef(d.def->name, d.def->doc);
}

// ---- members ----

void member_descriptor_dealloc(Object* o) {
  gcUntrack(o);
  auto* d = static_cast<MemberDescriptor*>(o);
  // __slots__ of a Python class: the declaration was made with the descriptor.
  if (d->owner && isPythonClass(d->owner)) release(const_cast<NativeMember*>(d->def));
  clearOwned(d->owner);
  clearOwned(d->name);
  clearOwned(d->qualname);
  freeObject(o);
}
void member_descriptor_traverse(Object* o, Visitor& v) {
  auto* d = static_cast<MemberDescriptor*>(o);
  v(Value(d->owner));
  v(d->name);
  v(d->qualname);
}

Result<Ref<>> member_descriptor___repr__(Thread&, MemberDescriptor& d) {
  return textOf("<member '{}' of '{}' objects>", d);
}
Result<Ref<>> member_descriptor___get__(Thread& t, MemberDescriptor& d, Value o, Value) {
  if (!o) return retain(Value(&d));
  TRY(checkReceiver(t, d, o));
  return readMember(t, o, *d.def);
}
Result<void> member_descriptor___set__(Thread& t, MemberDescriptor& d, Value o, Value v) {
  TRY(checkReceiver(t, d, o));
  return writeMember(t, o, *d.def, v);
}
Result<Ref<>> member_descriptor_get___doc__(Thread&, MemberDescriptor& d) {
  return d.def->doc ? Ref<>(makeStr(d.def->doc)) : noneRef();
}
Result<Ref<>> member_descriptor___reduce__(Thread&, MemberDescriptor& d) {
  return reduceDescriptor(d);
}

// ---- computed attributes ----

Result<Ref<>> getset_descriptor___repr__(Thread&, GetSetDescriptor& d) {
  return textOf("<attribute '{}' of '{}' objects>", d);
}
Result<Ref<>> getset_descriptor___get__(Thread& t, GetSetDescriptor& d, Value o, Value) {
  if (!o) return retain(Value(&d));
  TRY(checkReceiver(t, d, o));
  if (d.def->get) return d.def->get(t, o);
  return t.raise(kAttributeError, "attribute '{}' of '{}' objects is not readable", d.name,
                 d.owner);
}
Result<void> getset_descriptor___set__(Thread& t, GetSetDescriptor& d, Value o, Value v) {
  TRY(checkReceiver(t, d, o));
  if (d.def->set) return d.def->set(t, o, v);
  return t.raise(kAttributeError, "attribute '{}' of '{}' objects is not writable", d.name,
                 d.owner);
}
Result<Ref<>> getset_descriptor_get___doc__(Thread&, GetSetDescriptor& d) {
  return d.def->doc ? Ref<>(makeStr(d.def->doc)) : noneRef();
}

// ---- slot wrappers ----

Result<Ref<>> wrapper_descriptor___repr__(Thread&, WrapperDescriptor& d) {
  return textOf("<slot wrapper '{}' of '{}' objects>", d);
}
Result<Ref<>> wrapper_descriptor___get__(Thread& t, WrapperDescriptor& d, Value o, Value) {
  if (!o) return retain(Value(&d));
  TRY(checkReceiver(t, d, o));
  Ref<MethodWrapper> m = make<MethodWrapper>(&_PyMethodWrapper_Type);
  m->descriptor = retainObject(&d).release();
  m->self = retain(o).release();
  gcTrack(m);
  return m;
}
Result<Ref<>> wrapper_descriptor_get___doc__(Thread&, WrapperDescriptor& d) {
  return docRef(d.def->name, d.def->doc);
}
Result<Ref<>> wrapper_descriptor_get___text_signature__(Thread&, WrapperDescriptor& d) {
  return signatureRef(d.def->name, d.def->doc);
}
Result<Ref<>> wrapper_descriptor___reduce__(Thread&, WrapperDescriptor& d) {
  return reduceDescriptor(d);
}

Result<Ref<>> method_wrapper___repr__(Thread&, MethodWrapper& m) {
  return formatStr("<method-wrapper '{}' of {} object at {}>", m.descriptor->name, typeOf(m.self),
                   pointerText(m.self));
}
Result<i64> method_wrapper___hash__(Thread&, MethodWrapper& m) {
  i64 h = i64(std::rotr(m.self.bits(), 4) ^ std::rotr(reinterpret_cast<u64>(m.descriptor), 4));
  return h == -1 ? -2 : h;
}
Result<Ref<>> method_wrapper___richcompare__(Thread&, MethodWrapper& m, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &_PyMethodWrapper_Type)
    return notImplementedRef();
  auto* o = other.as<MethodWrapper>();
  bool same = m.descriptor == o->descriptor && sameValue(m.self, o->self);
  return boolRef(same == (op == CompareOp::Eq));
}
Result<Ref<>> method_wrapper_get___objclass__(Thread&, MethodWrapper& m) {
  return retain(Value(m.descriptor->owner));
}
Result<Ref<>> method_wrapper_get___name__(Thread&, MethodWrapper& m) {
  return retain(m.descriptor->name);
}
Result<Ref<>> method_wrapper_get___qualname__(Thread& t, MethodWrapper& m) {
  return descriptorQualname(t, *m.descriptor);
}
Result<Ref<>> method_wrapper_get___doc__(Thread&, MethodWrapper& m) {
  return docRef(m.descriptor->def->name, m.descriptor->def->doc);
}
Result<Ref<>> method_wrapper_get___text_signature__(Thread&, MethodWrapper& m) {
  return signatureRef(m.descriptor->def->name, m.descriptor->def->doc);
}
Result<Ref<>> method_wrapper___reduce__(Thread&, MethodWrapper& m) {
  Ref<> getattr = retain(dictGetStr(theInterpreter.builtinsDict, DX_NAME("getattr")));
  return tupleOf(getattr, tupleOf(m.self, m.descriptor->name));
}

}  // namespace dx
