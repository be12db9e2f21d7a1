#include "runtime/slot_dispatch.h"

#include "runtime/attributes.h"
#include "runtime/call.h"
#include "runtime/slot_table.h"
#include "runtime/types.h"

namespace dx {

// ---- finding and calling ----

Result<bool> SpecialMethod::find(Thread& t, Value self, Str* name) {
  Value descr = typeLookup(typeOf(self), name);
  if (!descr) return false;
  callable_ = retain(descr);
  Type* type = typeOf(descr);
  unbound_ = type->has(kTypeMethodDescriptor);
  if (unbound_) return true;
  if (auto get = type->data->slots.descrGet) callable_ = TRY(get(t, descr, self, typeOf(self)));
  return true;
}

Result<Ref<>> SpecialMethod::call(Thread& t, Value self, Values args) const {
  DX_ASSERT(args.size() <= 3);
  Value list[4] = {self};
  for (size_t i = 0; i < args.size(); i++) list[i + 1] = args[i];
  if (unbound_) return dx::call(t, callable_, Args(list, u32(args.size()) + 1));
  return dx::call(t, callable_, Args(list + 1, u32(args.size())));
}

Result<Ref<>> lookupSpecial(Thread& t, Value o, Str* name) {
  Value descr = typeLookup(typeOf(o), name);
  if (!descr) return Ref<>();
  return bindDescriptor(t, descr, o, typeOf(o));
}

Result<Ref<>> bindDescriptor(Thread& t, Value descr, Value objectOrEmpty, Value type) {
  Ref<> hold = retain(descr);
  auto get = slotsOf(descr).descrGet;
  return get ? get(t, descr, objectOrEmpty, type) : Result<Ref<>>(std::move(hold));
}

Result<Ref<>> callSpecial(Thread& t, Value o, Str* name, Values args, bool* missing) {
  SpecialMethod m;
  *missing = false;
  if (!TRY(m.find(t, o, name))) {
    *missing = true;
    return Ref<>();
  }
  if (args.size() <= 3) return m.call(t, o, args);
  if (m.unbound()) return callWithSelf(t, m.callable(), o, Args(args.data(), u32(args.size())));
  return call(t, m.callable(), Args(args.data(), u32(args.size())));
}

namespace {

// The slot stands there, so the method exists, unless it was deleted while in use.
template <class... V>
Result<Ref<>> callRequired(Thread& t, Value self, Str* name, V... args) {
  SpecialMethod m;
  if (!TRY(m.find(t, self, name))) return t.raiseValue(kAttributeError, name);
  Value list[] = {Value(args)..., Value()};
  return m.call(t, self, Values(list, sizeof...(V)));
}

// NotImplemented when there is no such method.
template <class... V>
Result<Ref<>> callMaybe(Thread& t, Value self, Str* name, V... args) {
  SpecialMethod m;
  if (!TRY(m.find(t, self, name))) return notImplementedRef();
  Value list[] = {Value(args)..., Value()};
  return m.call(t, self, Values(list, sizeof...(V)));
}

}  // namespace

// ---- object protocol ----

Result<Ref<>> dispatchRepr(Thread& t, Value self) {
  SpecialMethod m;
  if (TRY(m.find(t, self, DX_NAME("__repr__")))) return m.call(t, self, {});
  return formatStr("<{} object at {}>", typeOf(self), pointerText(self));
}
Result<Ref<>> dispatchStr(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__str__"));
}

Result<i64> hashNotImplemented(Thread& t, Value self) {
  return t.raise(kTypeError, "unhashable type: '{}'", typeOf(self));
}

Result<i64> dispatchHash(Thread& t, Value self) {
  Value descr = typeLookup(typeOf(self), DX_NAME("__hash__"));
  if (!descr || isNone(descr)) return hashNotImplemented(t, self);
  SpecialMethod m;
  if (!TRY(m.find(t, self, DX_NAME("__hash__")))) return hashNotImplemented(t, self);
  Ref<> r = TRY(m.call(t, self, {}));
  if (!isInt(r)) return t.raise(kTypeError, "__hash__ method should return an integer");
  i64 h;
  if (!intToI64(r, &h)) h = hashInt(r);
  return h == -1 ? -2 : h;
}

Result<Ref<>> dispatchCall(Thread& t, Value self, const Args& args) {
  RecursionGuard guard(t);
  TRY(guard.check(" while calling a Python object"));
  SpecialMethod m;
  if (!TRY(m.find(t, self, DX_NAME("__call__"))))
    return t.raiseValue(kAttributeError, DX_NAME("__call__"));
  return m.unbound() ? callWithSelf(t, m.callable(), self, args) : call(t, m.callable(), args);
}

static Str* compareName(CompareOp op) {
  switch (op) {
    case CompareOp::Lt:
      return DX_NAME("__lt__");
    case CompareOp::Le:
      return DX_NAME("__le__");
    case CompareOp::Eq:
      return DX_NAME("__eq__");
    case CompareOp::Ne:
      return DX_NAME("__ne__");
    case CompareOp::Gt:
      return DX_NAME("__gt__");
    case CompareOp::Ge:
      break;
  }
  return DX_NAME("__ge__");
}
Result<Ref<>> dispatchCompare(Thread& t, Value self, Value other, CompareOp op) {
  return callMaybe(t, self, compareName(op), other);
}

Result<Ref<>> dispatchIter(Thread& t, Value self) {
  Value descr = typeLookup(typeOf(self), DX_NAME("__iter__"));
  if (!descr || isNone(descr))
    return t.raise(kTypeError, "'{}' object is not iterable", typeOf(self));
  return callRequired(t, self, DX_NAME("__iter__"));
}

Result<Ref<>> dispatchNext(Thread& t, Value self) {
  Result<Ref<>> r = callRequired(t, self, DX_NAME("__next__"));
  if (!r) t.takeIf(kStopIteration);
  return r;
}

Result<Ref<>> nextKeepingStop(Thread& t, Value iterator) {
  auto next = slotsOf(iterator).next;
  return next == dispatchNext ? callRequired(t, iterator, DX_NAME("__next__")) : next(t, iterator);
}

Result<Ref<>> dispatchDescrGet(Thread& t, Value self, Value objectOrEmpty, Value type) {
  SpecialMethod m;
  // Looked up on the type without binding: `__get__` given by a class is called with the
  // descriptor.
  if (!TRY(m.find(t, self, DX_NAME("__get__")))) return retain(self);
  Value args[] = {objectOrEmpty ? objectOrEmpty : none(), type ? type : none()};
  return m.call(t, self, args);
}

Result<void> dispatchDescrSet(Thread& t, Value self, Value object, Value valueOrEmpty) {
  if (valueOrEmpty)
    (void)TRY(callRequired(t, self, DX_NAME("__set__"), object, valueOrEmpty));
  else
    (void)TRY(callRequired(t, self, DX_NAME("__delete__"), object));
  return ok();
}

Result<void> dispatchInit(Thread& t, Value self, const Args& args) {
  SpecialMethod m;
  if (!TRY(m.find(t, self, DX_NAME("__init__")))) {
    (void)t.raiseValue(kAttributeError, DX_NAME("__init__"));
    return Error{};
  }
  Ref<> r =
      TRY(m.unbound() ? callWithSelf(t, m.callable(), self, args) : call(t, m.callable(), args));
  if (!isNone(r)) return t.raise(kTypeError, "__init__() should return None, not '{}'", typeOf(r));
  return ok();
}

Result<Ref<>> dispatchNew(Thread& t, Type* cls, const Args& args) {
  Value descr = typeLookup(cls, DX_NAME("__new__"));
  Ref<> callable;
  if (descr && typeOf(descr) == &PyStaticMethod_Type)
    callable = retain(descr.as<ClassMethod>()->callable);
  if (!callable) callable = TRY(getAttr(t, cls, DX_NAME("__new__")));
  return callWithSelf(t, callable, cls, args);
}

void dispatchDel(Thread& t, Object* self) {
  SpecialMethod m;
  Result<bool> found = m.find(t, self, DX_NAME("__del__"));
  if (found && !found.take()) return;
  if (!found || !m.call(t, self, {})) {
    Ref<> pending = t.takeException();
    std::string message = "Exception ignored while calling deallocator ";
    if (found) {
      Result<Ref<Str>> text = repr(t, m.callable());
      if (text)
        message += toUtf8(text.peek());
      else
        t.clearException();
    }
    t.restoreException(std::move(pending));
    writeUnraisable(t, message.c_str(), Value());
  }
}

// ---- attributes ----

bool hasGenericGetAttr(Type* type, Value* hook) {
  *hook = Value();
  if (type->data->slots.getattro == genericGetAttr) return true;
  if (type->data->slots.getattro != dispatchGetAttr) return false;
  Value own = typeLookup(type, DX_NAME("__getattribute__"));
  if (!own || typeOf(own) != &PyWrapperDescr_Type ||
      own.as<WrapperDescriptor>()->wrapped != reinterpret_cast<void*>(&genericGetAttr))
    return false;
  *hook = typeLookup(type, DX_NAME("__getattr__"));
  return true;
}

Result<Ref<>> dispatchGetAttr(Thread& t, Value self, Str* name) {
  Ref<> hook = retain(typeLookup(typeOf(self), DX_NAME("__getattr__")));
  if (!hook) return callRequired(t, self, DX_NAME("__getattribute__"), name);
  bool missing = false;
  // The native getters tell "missing" without making an exception.
  Value own = typeLookup(typeOf(self), DX_NAME("__getattribute__"));
  void* native =
      own && typeOf(own) == &PyWrapperDescr_Type ? own.as<WrapperDescriptor>()->wrapped : nullptr;
  Result<Ref<>> r = native == reinterpret_cast<void*>(&genericGetAttr)
                        ? genericGetAttrOrMissing(t, self, name, &missing)
                    : native == reinterpret_cast<void*>(&typeGetAttr) && isType(self)
                        ? typeGetAttrOrMissing(t, self.as<Type>(), name, &missing)
                        : callRequired(t, self, DX_NAME("__getattribute__"), name);
  if (r || (!missing && !t.takeIf(kAttributeError))) return r;
  if (typeOf(hook)->has(kTypeMethodDescriptor)) return callWith(t, hook, self, name);
  Ref<> bound = TRY(bindDescriptor(t, hook, self, typeOf(self)));
  return callWith(t, bound, name);
}

Result<void> dispatchSetAttr(Thread& t, Value self, Str* name, Value valueOrEmpty) {
  if (valueOrEmpty)
    (void)TRY(callRequired(t, self, DX_NAME("__setattr__"), name, valueOrEmpty));
  else
    (void)TRY(callRequired(t, self, DX_NAME("__delattr__"), name));
  return ok();
}

// ---- numbers ----

Result<Ref<>> dispatchNegative(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__neg__"));
}
Result<Ref<>> dispatchPositive(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__pos__"));
}
Result<Ref<>> dispatchAbsolute(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__abs__"));
}
Result<Ref<>> dispatchInvert(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__invert__"));
}
Result<Ref<>> dispatchToInt(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__int__"));
}
Result<Ref<>> dispatchToFloat(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__float__"));
}
Result<Ref<>> dispatchIndex(Thread& t, Value self) {
  return callRequired(t, self, DX_NAME("__index__"));
}

Result<bool> dispatchTruth(Thread& t, Value self) {
  SpecialMethod m;
  if (TRY(m.find(t, self, DX_NAME("__bool__")))) {
    Ref<> r = TRY(m.call(t, self, {}));
    if (isBool(r)) return r.get() == trueValue();
    return t.raise(kTypeError, "__bool__ should return bool, returned {}", typeOf(r));
  }
  if (!typeLookup(typeOf(self), DX_NAME("__len__"))) return true;
  return TRY(dispatchLength(t, self)) != 0;
}

namespace {

struct BinaryNames {
  Str *plain, *reflected, *inplace;
};
const BinaryNames& binaryNames(BinaryOp op) {
  static const BinaryNames* names = [] {
    static const char* const kBare[kBinaryOpCount] = {"add",      "sub", "mul", "matmul", "truediv",
                                                      "floordiv", "mod", "pow", "lshift", "rshift",
                                                      "and",      "or",  "xor", "divmod"};
    auto* list = new BinaryNames[kBinaryOpCount];
    for (int i = 0; i < kBinaryOpCount; i++) {
      auto named = [&](const char* prefix) {
        return internImmortal(std::string("__") + prefix + kBare[i] + "__");
      };
      list[i] = {named(""), named("r"), named("i")};
    }
    return list;
  }();
  return names[int(op)];
}

// Does the right operand's class define its own reflected method?
bool overridesReflected(Value left, Value right, Str* reflected) {
  Value theirs = typeLookup(typeOf(right), reflected);
  return theirs && theirs != typeLookup(typeOf(left), reflected);
}

// `here` tells whether a type dispatches this operator to Python; `extra` is pow's modulus or
// empty.
template <class Here>
Result<Ref<>> dispatchOperands(Thread& t, const BinaryNames& names, Value a, Value b, Value extra,
                               Here here) {
  auto callPlain = [&](Value self, Str* name, Value other) {
    return extra ? callMaybe(t, self, name, other, extra) : callMaybe(t, self, name, other);
  };
  bool tryRight = typeOf(a) != typeOf(b) && here(typeOf(b));
  if (here(typeOf(a))) {
    if (tryRight && isSubtype(typeOf(b), typeOf(a)) && overridesReflected(a, b, names.reflected)) {
      Ref<> r = TRY(callPlain(b, names.reflected, a));
      if (r.get() != notImplemented()) return r;
      tryRight = false;
    }
    Ref<> r = TRY(callPlain(a, names.plain, b));
    if (r.get() != notImplemented() || typeOf(a) == typeOf(b)) return r;
  }
  if (tryRight) return callPlain(b, names.reflected, a);
  return notImplementedRef();
}

}  // namespace

template <BinaryOp op>
Result<Ref<>> dispatchBinary(Thread& t, Value a, Value b) {
  return dispatchOperands(t, binaryNames(op), a, b, Value(), [](Type* type) {
    return type->data->slots.binary[int(op)] == dispatchBinary<op>;
  });
}
template <BinaryOp op>
Result<Ref<>> dispatchInplace(Thread& t, Value a, Value b) {
  return callMaybe(t, a, binaryNames(op).inplace, b);
}

Result<Ref<>> dispatchPower(Thread& t, Value a, Value b, Value c) {
  return dispatchOperands(t, binaryNames(BinaryOp::Pow), a, b, c && !isNone(c) ? c : Value(),
                          [](Type* type) { return type->data->slots.power == dispatchPower; });
}

#define DX_OP(name)                                                             \
  template Result<Ref<>> dispatchBinary<BinaryOp::name>(Thread&, Value, Value); \
  template Result<Ref<>> dispatchInplace<BinaryOp::name>(Thread&, Value, Value);
DX_OP(Add)
DX_OP(Sub)
DX_OP(Mul)
DX_OP(MatMul)
DX_OP(TrueDiv)
DX_OP(FloorDiv)
DX_OP(Mod)
DX_OP(Pow)
DX_OP(LShift)
DX_OP(RShift)
DX_OP(And)
DX_OP(Or)
DX_OP(Xor)
DX_OP(DivMod)
#undef DX_OP

// ---- containers ----

Result<i64> dispatchLength(Thread& t, Value self) {
  Ref<> r = TRY(callRequired(t, self, DX_NAME("__len__")));
  Ref<> n = TRY(toIndex(t, r));
  if (intSign(n) < 0) return t.raise(kValueError, "__len__() should return >= 0");
  return indexI64(t, n, kOverflowError);
}

Result<Ref<>> dispatchGetItem(Thread& t, Value self, Value key) {
  return callRequired(t, self, DX_NAME("__getitem__"), key);
}

Result<void> dispatchSetItem(Thread& t, Value self, Value key, Value valueOrEmpty) {
  if (valueOrEmpty)
    (void)TRY(callRequired(t, self, DX_NAME("__setitem__"), key, valueOrEmpty));
  else
    (void)TRY(callRequired(t, self, DX_NAME("__delitem__"), key));
  return ok();
}

Result<Ref<>> dispatchSeqItem(Thread& t, Value self, i64 index) {
  Ref<> key = makeInt(index);
  return callRequired(t, self, DX_NAME("__getitem__"), key.get());
}

Result<bool> dispatchContains(Thread& t, Value self, Value item) {
  Value descr = typeLookup(typeOf(self), DX_NAME("__contains__"));
  if (descr && isNone(descr))
    return t.raise(kTypeError, "'{}' object is not a container", typeOf(self));
  SpecialMethod m;
  if (TRY(m.find(t, self, DX_NAME("__contains__")))) {
    Value args[] = {item};
    Ref<> r = TRY(m.call(t, self, args));
    return isTrue(t, r);
  }
  bool found = false;
  TRY(forEach(t, self, [&](Value v) -> Result<bool> {
    found = TRY(equal(t, v, item));
    return !found;
  }));
  return found;
}

// ---- coroutines ----

static Result<Ref<>> callAsync(Thread& t, Value self, Str* name) {
  SpecialMethod m;
  if (!TRY(m.find(t, self, name)))
    return t.raise(kAttributeError, "object {} does not have {} method", typeOf(self), Value(name));
  return m.call(t, self, {});
}
Result<Ref<>> dispatchAwait(Thread& t, Value self) {
  return callAsync(t, self, DX_NAME("__await__"));
}
Result<Ref<>> dispatchAiter(Thread& t, Value self) {
  return callAsync(t, self, DX_NAME("__aiter__"));
}
Result<Ref<>> dispatchAnext(Thread& t, Value self) {
  return callAsync(t, self, DX_NAME("__anext__"));
}

}  // namespace dx
