// Module _operator: the operators as functions, and callables that fetch items, attributes and
// method results.
#include "memory/heap.h"
#include "modules/_operator.gen.h"
#include "runtime/call.h"

namespace dx {

// ---- operators ----

#define DX_COMPARE(name, op)                                    \
  Result<Ref<>> _operator_##name(Thread& t, Value a, Value b) { \
    return compare(t, a, b, CompareOp::op);                     \
  }
DX_COMPARE(lt, Lt)
DX_COMPARE(le, Le)
DX_COMPARE(eq, Eq)
DX_COMPARE(ne, Ne)
DX_COMPARE(gt, Gt)
DX_COMPARE(ge, Ge)
#undef DX_COMPARE

#define DX_OPERATOR(name, inplaceName, op)                             \
  Result<Ref<>> _operator_##name(Thread& t, Value a, Value b) {        \
    return binary(t, BinaryOp::op, a, b);                              \
  }                                                                    \
  Result<Ref<>> _operator_##inplaceName(Thread& t, Value a, Value b) { \
    return inplace(t, BinaryOp::op, a, b);                             \
  }
DX_OPERATOR(add, iadd, Add)
DX_OPERATOR(sub, isub, Sub)
DX_OPERATOR(mul, imul, Mul)
DX_OPERATOR(matmul, imatmul, MatMul)
DX_OPERATOR(floordiv, ifloordiv, FloorDiv)
DX_OPERATOR(truediv, itruediv, TrueDiv)
DX_OPERATOR(mod, imod, Mod)
DX_OPERATOR(lshift, ilshift, LShift)
DX_OPERATOR(rshift, irshift, RShift)
DX_OPERATOR(and_, iand, And)
DX_OPERATOR(xor, ixor, Xor)
DX_OPERATOR(or_, ior, Or)
DX_OPERATOR(pow, ipow, Pow)
#undef DX_OPERATOR

#define DX_UNARY(name, function) \
  Result<Ref<>> _operator_##name(Thread& t, Value a) { return function(t, a); }
DX_UNARY(neg, negative)
DX_UNARY(pos, positive)
DX_UNARY(abs, absolute)
DX_UNARY(inv, invert)
DX_UNARY(invert, invert)
DX_UNARY(index, toIndex)
#undef DX_UNARY

Result<bool> _operator_truth(Thread& t, Value a) { return isTrue(t, a); }
Result<bool> _operator_not_(Thread& t, Value a) { return !TRY(isTrue(t, a)); }
Result<bool> _operator_is_(Thread&, Value a, Value b) { return sameValue(a, b); }
Result<bool> _operator_is_not(Thread&, Value a, Value b) { return !sameValue(a, b); }
Result<bool> _operator_is_none(Thread&, Value a) { return isNone(a); }
Result<bool> _operator_is_not_none(Thread&, Value a) { return !isNone(a); }

Result<Ref<>> _operator_call(Thread& t, const Args& args) {
  if (args.count == 0) return t.raise(kTypeError, "call expected at least 1 argument, got 0");
  return call(t, args[0], Args(args.v + 1, args.count - 1, args.names));
}

// ---- sequences ----

static bool isSequence(Value v) {
  const Slots& slots = slotsOf(v);
  return (slots.seqItem || slots.concat || slots.getItem) && !isInstanceOf(v, &PyDict_Type);
}
static Result<Ref<>> concatWith(Thread& t, Value a, Value b, bool inPlace) {
  if (!isSequence(a)) return t.raise(kTypeError, "'{}' object can't be concatenated", typeOf(a));
  return inPlace ? inplace(t, BinaryOp::Add, a, b) : binary(t, BinaryOp::Add, a, b);
}
Result<Ref<>> _operator_concat(Thread& t, Value a, Value b) { return concatWith(t, a, b, false); }
Result<Ref<>> _operator_iconcat(Thread& t, Value a, Value b) { return concatWith(t, a, b, true); }
Result<Ref<>> _operator_getitem(Thread& t, Value a, Value b) { return getItem(t, a, b); }
Result<void> _operator_setitem(Thread& t, Value a, Value b, Value c) { return setItem(t, a, b, c); }
Result<void> _operator_delitem(Thread& t, Value a, Value b) { return setItem(t, a, b, Value()); }
Result<bool> _operator_contains(Thread& t, Value a, Value b) { return contains(t, a, b); }

static Result<Ref<>> searchIterator(Thread& t, Value sequence) {
  Result<Ref<>> it = iter(t, sequence);
  if (!it && t.takeIf(kTypeError))
    return t.raise(kTypeError, "argument of type '{}' is not iterable", typeOf(sequence));
  return it;
}
Result<i64> _operator_countOf(Thread& t, Value a, Value b) {
  Ref<> it = TRY(searchIterator(t, a));
  for (i64 n = 0;;) {
    Result<Ref<>> item = iterNext(t, it);
    if (!item) return t.hasException() ? Result<i64>(Error{}) : Result<i64>(n);
    n += TRY(equal(t, item.peek(), b));
  }
}
Result<i64> _operator_indexOf(Thread& t, Value a, Value b) {
  Ref<> it = TRY(searchIterator(t, a));
  for (i64 i = 0;; i++) {
    Result<Ref<>> item = iterNext(t, it);
    if (!item) {
      if (t.hasException()) return Error{};
      return t.raise(kValueError, "sequence.index(x): x not in sequence");
    }
    if (TRY(equal(t, item.peek(), b))) return i;
  }
}
Result<i64> _operator_length_hint(Thread& t, Value obj, i64 fallback) {
  return lengthHint(t, obj, fallback);
}

// Looks at every byte of `b` whatever differs, so that the time tells nothing about `a`.
static bool sameBytesConstantTime(std::string_view a, std::string_view b) {
  const volatile char* right = b.data();
  const volatile char* left = a.size() == b.size() ? a.data() : b.data();
  volatile u8 difference = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < b.size(); i++) difference = u8(difference | (left[i] ^ right[i]));
  return difference == 0;
}
Result<bool> _operator__compare_digest(Thread& t, Value a, Value b) {
  if (isStr(a) && isStr(b)) {
    if (!a.as<Str>()->isAscii() || !b.as<Str>()->isAscii())
      return t.raise(kTypeError, "comparing strings with non-ASCII characters is not supported");
    return sameBytesConstantTime(a.as<Str>()->ascii(), b.as<Str>()->ascii());
  }
  if (!hasBuffer(a) && !hasBuffer(b))
    return t.raise(kTypeError,
                   "unsupported operand types(s) or combination of types: '{}' and '{}'", typeOf(a),
                   typeOf(b));
  Buffer left, right;
  TRY(Buffer::get(t, a, &left));
  if (left.view().ndim > 1) return t.raise(kBufferError, "Buffer must be single dimension");
  TRY(Buffer::get(t, b, &right));
  if (right.view().ndim > 1) return t.raise(kBufferError, "Buffer must be single dimension");
  return sameBytesConstantTime(left.bytes(), right.bytes());
}

// ---- getters ----

DX_COLD static Error wrongCall(Thread& t, const char* name, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "{}() takes no keyword arguments", name);
  return t.raise(kTypeError, "{} expected 1 argument, got {}", name, args.count);
}
static bool oneArgument(const Args& args) { return args.count == 1 && !args.keywordCount(); }

// type(self)(a, b): the arguments as repr shows them.
static Result<Ref<>> reprOf(Thread& t, Object* self, Values values, const Tuple* names = nullptr) {
  if (!enterRepr(t, self)) return Ref<>(formatStr("{}(...)", typeName(self->type)));
  StrBuilder out;
  out.add(typeName(self->type));
  out.add(u32('('));
  size_t positional = values.size() - (names ? size_t(names->size) : 0);
  bool failed = false;
  for (size_t i = 0; i < values.size() && !failed; i++) {
    if (i) out.add(", ");
    if (i >= positional) {
      out.add(names->items[i - positional].as<Str>());
      out.add(u32('='));
    }
    Result<Ref<Str>> text = repr(t, values[i]);
    if (text)
      out.add(text.peek().get());
    else
      failed = true;
  }
  leaveRepr(t, self);
  if (failed) return Error{};
  out.add(u32(')'));
  return Ref<>(out.finish());
}

Result<Ref<>> itemgetter___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "itemgetter() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "itemgetter expected 1 argument, got 0");
  auto* g = static_cast<ItemGetter*>(newInstance(&cls));
  g->items = makeTuple(Values(args.v, args.count)).release();
  g->index =
      args.count == 1 && args[0].isSmallInt() && args[0].smallInt() >= 0 ? args[0].smallInt() : -1;
  gcTrack(g);
  return Ref<>::steal(g);
}
Result<Ref<>> itemgetter___call__(Thread& t, ItemGetter& self, const Args& args) {
  if (!oneArgument(args)) [[unlikely]]
    return wrongCall(t, "itemgetter", args);
  Value o = args[0];
  if (self.index >= 0 && o.isObject()) {
    if (o.object()->type == &PyTuple_Type && self.index < o.as<Tuple>()->size)
      return retain(o.as<Tuple>()->items[self.index]);
    if (o.object()->type == &PyList_Type && self.index < o.as<List>()->size)
      return retain(o.as<List>()->items[self.index]);
  }
  auto* items = self.items.as<Tuple>();
  if (items->size == 1) return getItem(t, o, items->items[0]);
  Ref<Tuple> result = newTuple(items->size);
  for (i64 i = 0; i < items->size; i++)
    result->items[i] = TRY(getItem(t, o, items->items[i])).release();
  return result;
}
Result<Ref<>> itemgetter___repr__(Thread& t, ItemGetter& self) {
  return reprOf(t, &self, valuesOf(self.items.as<Tuple>()));
}
Result<Ref<>> itemgetter___reduce__(Thread&, ItemGetter& self) {
  return tupleOf(self.type, self.items);
}

// "a.b" as (a, b); a name without dots as itself.
static Ref<> splitPath(Str* name) {
  i64 dot = findChar(name, '.', 0, name->length);
  if (dot < 0)
    return intern(typeOf(name) == &PyUnicode_Type ? retainObject(name)
                                                  : substring(name, 0, name->length));
  Ref<List> parts = newList();
  for (i64 start = 0;;) {
    i64 end = dot < 0 ? name->length : dot;
    listAppend(parts, Ref<>(intern(substring(name, start, end))));
    if (dot < 0) break;
    start = dot + 1;
    dot = findChar(name, '.', start, name->length);
  }
  return makeTuple(valuesOf(parts.get()));
}
Result<Ref<>> attrgetter___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "attrgetter() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "attrgetter expected 1 argument, got 0");
  for (u32 i = 0; i < args.count; i++)
    if (!isStr(args[i])) return t.raise(kTypeError, "attribute name must be a string");
  Ref<Tuple> paths = newTuple(args.count);
  for (u32 i = 0; i < args.count; i++) paths->items[i] = splitPath(args[i].as<Str>()).release();
  auto* g = static_cast<AttrGetter*>(newInstance(&cls));
  g->names = makeTuple(Values(args.v, args.count)).release();
  g->paths = Value(paths.release());
  gcTrack(g);
  return Ref<>::steal(g);
}
static Result<Ref<>> followPath(Thread& t, Value o, Value path) {
  if (isStr(path)) return getAttr(t, o, path.as<Str>());
  Ref<> current = retain(o);
  for (Value name : valuesOf(path.as<Tuple>())) current = TRY(getAttr(t, current, name.as<Str>()));
  return current;
}
Result<Ref<>> attrgetter___call__(Thread& t, AttrGetter& self, const Args& args) {
  if (!oneArgument(args)) [[unlikely]]
    return wrongCall(t, "attrgetter", args);
  auto* paths = self.paths.as<Tuple>();
  if (paths->size == 1) return followPath(t, args[0], paths->items[0]);
  Ref<Tuple> result = newTuple(paths->size);
  for (i64 i = 0; i < paths->size; i++)
    result->items[i] = TRY(followPath(t, args[0], paths->items[i])).release();
  return result;
}
Result<Ref<>> attrgetter___repr__(Thread& t, AttrGetter& self) {
  return reprOf(t, &self, valuesOf(self.names.as<Tuple>()));
}
Result<Ref<>> attrgetter___reduce__(Thread&, AttrGetter& self) {
  return tupleOf(self.type, self.names);
}

Result<Ref<>> methodcaller___new__(Thread& t, Type& cls, const Args& args) {
  if (args.count == 0)
    return t.raise(kTypeError, "methodcaller needs at least one argument, the method name");
  if (!isStr(args[0])) return t.raise(kTypeError, "method name must be a string");
  auto* name = args[0].as<Str>();
  auto* m = static_cast<MethodCaller*>(newInstance(&cls));
  m->name = Value(
      intern(name->type == &PyUnicode_Type ? retainObject(name) : substring(name, 0, name->length))
          .release());
  m->arguments = makeTuple(Values(args.v + 1, args.total() - 1)).release();
  if (args.keywordCount()) m->keywords = makeTuple(valuesOf(args.names)).release();
  gcTrack(m);
  return Ref<>::steal(m);
}
Result<Ref<>> methodcaller___call__(Thread& t, MethodCaller& self, const Args& args) {
  if (!oneArgument(args)) [[unlikely]]
    return wrongCall(t, "methodcaller", args);
  auto* name = self.name.as<Str>();
  Values given = valuesOf(self.arguments.as<Tuple>());
  if (!self.keywords) return callMethod(t, args[0], name, given);
  auto* names = self.keywords.as<Tuple>();
  Ref<> method = TRY(getAttr(t, args[0], name));
  return call(t, method, Args(given.data(), u32(given.size()) - u32(names->size), names));
}
Result<Ref<>> methodcaller___repr__(Thread& t, MethodCaller& self) {
  std::vector<Value> values{self.name};
  for (Value v : valuesOf(self.arguments.as<Tuple>())) values.push_back(v);
  return reprOf(t, &self, values, self.keywords ? self.keywords.as<Tuple>() : nullptr);
}
Result<Ref<>> methodcaller___reduce__(Thread& t, MethodCaller& self) {
  Values given = valuesOf(self.arguments.as<Tuple>());
  if (!self.keywords) {
    Ref<Tuple> all = newTuple(i64(given.size()) + 1);
    all->items[0] = retain(self.name).release();
    for (size_t i = 0; i < given.size(); i++) all->items[i + 1] = retain(given[i]).release();
    return tupleOf(self.type, all);
  }
  // functools.partial carries the keywords.
  auto* names = self.keywords.as<Tuple>();
  size_t positional = given.size() - size_t(names->size);
  Ref<> partial = TRY(importAttr(t, "functools", "partial"));
  std::vector<Value> values{self.type, self.name};
  values.insert(values.end(), given.begin() + i64(positional), given.end());
  Ref<> constructor = TRY(call(t, partial, Args(values.data(), 2, names)));
  return tupleOf(constructor, makeTuple(given.first(positional)));
}

// How a call of a getter looks.
static Result<Ref<>> getterSignature() { return makeAscii("(obj, /)"); }
Result<Ref<>> itemgetter_get___text_signature__(Thread&, ItemGetter&) { return getterSignature(); }
Result<Ref<>> attrgetter_get___text_signature__(Thread&, AttrGetter&) { return getterSignature(); }
Result<Ref<>> methodcaller_get___text_signature__(Thread&, MethodCaller&) {
  return getterSignature();
}

}  // namespace dx
