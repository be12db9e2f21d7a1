// The functions of the module builtins that are about one object or a pair of them.
#include "builtins/builtins.gen.h"
#include "builtins/sequence_iterators.h"
#include "runtime/attributes.h"
#include "runtime/frame.h"
#include "runtime/iterators.h"
#include "runtime/slot_dispatch.h"
#include "speculation/attribute_cache.h"

namespace dx {

Result<void> builtins_exec(Thread&, Module& module) {
  moduleSet(module, "None", none());
  moduleSet(module, "Ellipsis", ellipsis());
  moduleSet(module, "NotImplemented", notImplemented());
  moduleSet(module, "False", falseValue());
  moduleSet(module, "True", trueValue());
  moduleSet(module, "__debug__", boolean(theInterpreter.config.optimize == 0));
#define DX_EXC(name, base, layout) moduleSet(module, #name, Value(k##name));
#include "object/exceptions.def"
#undef DX_EXC
  if (kExceptionGroup) moduleSet(module, "ExceptionGroup", Value(kExceptionGroup));
  moduleSet(module, "EnvironmentError", Value(kOSError));
  moduleSet(module, "IOError", Value(kOSError));
  return {};
}

static Result<void> countArgs(Thread& t, const Args& args, const char* name, u32 low, u32 high) {
  if (args.keywordCount()) return t.raise(kTypeError, "{}() takes no keyword arguments", name);
  if (args.count < low)
    return t.raise(kTypeError, "{} expected at least {} argument{}, got {}", name, low,
                   low == 1 ? "" : "s", args.count);
  if (args.count > high)
    return t.raise(kTypeError, "{} expected at most {} argument{}, got {}", name, high,
                   high == 1 ? "" : "s", args.count);
  return {};
}

// ---- numbers ----

Result<Ref<>> builtins_abs(Thread& t, Value x) { return absolute(t, x); }
Result<Ref<>> builtins_divmod(Thread& t, Value x, Value y) {
  return binary(t, BinaryOp::DivMod, x, y);
}
Result<Ref<>> builtins_pow(Thread& t, Value base, Value exp, Value mod) {
  return power(t, base, exp, mod);
}
Result<Ref<>> builtins_sum(Thread& t, Value iterable, Value start) {
  return sumOf(t, iterable, start);
}

static Result<Ref<>> inBase(Thread& t, Value number, int base, const char* prefix) {
  Ref<> i = TRY(toIndex(t, number));
  std::string digits = intToText(i, base);
  bool negative = digits[0] == '-';
  return makeAscii(std::string(negative ? "-" : "") + prefix + digits.substr(negative));
}
Result<Ref<>> builtins_bin(Thread& t, Value number) { return inBase(t, number, 2, "0b"); }
Result<Ref<>> builtins_oct(Thread& t, Value number) { return inBase(t, number, 8, "0o"); }
Result<Ref<>> builtins_hex(Thread& t, Value number) { return inBase(t, number, 16, "0x"); }

Result<Ref<>> builtins_round(Thread& t, Value number, Value ndigits) {
  bool missing = false;
  Result<Ref<>> r = callSpecial(t, number, DX_NAME("__round__"),
                                isNone(ndigits) ? Values() : Values(&ndigits, 1), &missing);
  if (missing)
    return t.raise(kTypeError, "type {} doesn't define __round__ method", typeOf(number));
  return r;
}

// ---- characters ----

Result<Ref<>> builtins_chr(Thread& t, Value i) {
  i64 c = TRY(indexI64(t, i, nullptr));
  if (c < 0 || c > 0x10FFFF) return t.raise(kValueError, "chr() arg not in range(0x110000)");
  return makeChar(u32(c));
}

Result<i64> builtins_ord(Thread& t, Value character) {
  i64 n;
  if (isStr(character)) {
    n = character.as<Str>()->length;
    if (n == 1) return i64(character.as<Str>()->at(0));
  } else if (isBytes(character)) {
    n = character.as<Bytes>()->size;
    if (n == 1) return i64(u8(character.as<Bytes>()->data[0]));
  } else if (isInstanceOf(character, &PyByteArray_Type)) {
    n = character.as<ByteArray>()->size;
    if (n == 1) return i64(u8(character.as<ByteArray>()->start[0]));
  } else {
    return t.raise(kTypeError, "ord() expected string of length 1, but {} found",
                   typeOf(character));
  }
  return t.raise(kTypeError, "ord() expected a character, but string of length {} found", n);
}

Result<Ref<>> builtins_repr(Thread& t, Value obj) { return repr(t, obj); }
Result<Ref<>> builtins_ascii(Thread& t, Value obj) { return ascii(t, obj); }
Result<Ref<>> builtins_format(Thread& t, Value value, Str& spec) { return format(t, value, &spec); }

// ---- identity, hash, truth ----

Result<u64> builtins_id(Thread&, Value obj) {
  // A boxed number has the identity of its immediate form.
  if (obj.isObject() && isExactInt(obj)) {
    i64 i;
    if (intToI64(obj, &i) && Value::fitsSmallInt(i)) return Value::smallInt(i).bits();
  } else if (obj.isObject() && isExactFloat(obj) && Value::fitsFlonum(floatValue(obj))) {
    return Value::flonum(floatValue(obj)).bits();
  }
  return obj.bits();
}
Result<i64> builtins_hash(Thread& t, Value obj) { return hash(t, obj); }
Result<bool> builtins_callable(Thread&, Value obj) { return isCallable(obj); }
Result<i64> builtins_len(Thread& t, Value obj) { return length(t, obj); }
Result<bool> builtins_isinstance(Thread& t, Value obj, Value cls) {
  return isInstance(t, obj, cls);
}
Result<bool> builtins_issubclass(Thread& t, Value cls, Value of) { return isSubclass(t, cls, of); }

Result<bool> builtins_all(Thread& t, Value iterable) {
  bool all = true;
  TRY(forEach(t, iterable, [&](Value v) -> Result<bool> {
    all = TRY(isTrue(t, v));
    return all;
  }));
  return all;
}
Result<bool> builtins_any(Thread& t, Value iterable) {
  bool any = false;
  TRY(forEach(t, iterable, [&](Value v) -> Result<bool> {
    any = TRY(isTrue(t, v));
    return !any;
  }));
  return any;
}

// ---- attributes ----

Result<Str*> attributeName(Thread& t, Value name) {
  if (!isStr(name))
    return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(name));
  return name.as<Str>();
}

Result<Ref<>> builtins_getattr(Thread& t, const Args& args) {
  TRY(countArgs(t, args, "getattr", 2, 3));
  Str* name = TRY(attributeName(t, args[1]));
  if (args.count == 2) {
    Ref<> hold;
    return getAttrShared(t, args[0], internedName(name, &hold));
  }
  Ref<> found;
  if (TRY(lookupAttr(t, args[0], name, &found))) return found;
  return retain(args[2]);
}
Result<bool> builtins_hasattr(Thread& t, Value obj, Value name) {
  return hasAttr(t, obj, TRY(attributeName(t, name)));
}
Result<void> builtins_setattr(Thread& t, Value obj, Value name, Value value) {
  Ref<> hold;
  return setAttrShared(t, obj, internedName(TRY(attributeName(t, name)), &hold), value);
}
Result<void> builtins_delattr(Thread& t, Value obj, Value name) {
  return setAttr(t, obj, TRY(attributeName(t, name)), Value());
}

Result<Ref<>> builtins_globals(Thread& t) {
  Dict* g = currentGlobals(t);
  return g ? retain(g) : noneRef();
}
Result<Ref<>> builtins_locals(Thread& t) { return currentLocals(t); }

Result<Ref<>> builtins_vars(Thread& t, const Args& args) {
  TRY(countArgs(t, args, "vars", 0, 1));
  if (args.count == 0) return currentLocals(t);
  Ref<> d;
  if (!TRY(lookupAttr(t, args[0], DX_NAME("__dict__"), &d)))
    return t.raise(kTypeError, "vars() argument must have __dict__ attribute");
  return d;
}

Result<Ref<>> builtins_dir(Thread& t, const Args& args) {
  TRY(countArgs(t, args, "dir", 0, 1));
  Ref<> names;
  if (args.count == 0) {
    Ref<> locals = TRY(currentLocals(t));
    names = TRY(callMethodWith(t, locals, DX_NAME("keys")));
  } else {
    bool missing = false;
    names = callSpecial(t, args[0], DX_NAME("__dir__"), {}, &missing).take();
    if (missing) return t.raise(kTypeError, "object does not provide __dir__");
    if (!names) return Error{};
  }
  Ref<List> list = TRY(listFrom(t, names));
  TRY(sortList(t, *list, none(), false));
  return list;
}

// ---- iteration ----

Result<Ref<>> builtins_iter(Thread& t, const Args& args) {
  TRY(countArgs(t, args, "iter", 1, 2));
  if (args.count == 1) return iter(t, args[0]);
  if (!isCallable(args[0])) return t.raise(kTypeError, "iter(v, w): v must be callable");
  return makeCallableIterator(args[0], args[1]);
}

Result<Ref<>> builtins_next(Thread& t, const Args& args) {
  TRY(countArgs(t, args, "next", 1, 2));
  if (!slotsOf(args[0]).next)
    return t.raise(kTypeError, "'{}' object is not an iterator", typeOf(args[0]));
  Result<Ref<>> item = nextKeepingStop(t, args[0]);
  if (item) return item;
  if (args.count == 2) {
    if (t.hasException() && !t.takeIf(kStopIteration)) return Error{};
    return retain(args[1]);
  }
  if (!t.hasException()) return t.raiseNone(kStopIteration);
  return Error{};  // a StopIteration with its value stays as it is
}

Result<Ref<>> builtins_aiter(Thread& t, Value iterable) {
  auto fn = slotsOf(iterable).aiter;
  if (!fn) return t.raise(kTypeError, "'{}' object is not an async iterable", typeOf(iterable));
  Ref<> it = TRY(fn(t, iterable));
  if (!slotsOf(it).anext)
    return t.raise(kTypeError, "aiter() returned not an async iterator of type '{}'", typeOf(it));
  return it;
}

Result<Ref<>> builtins_anext(Thread& t, Value aiterator, Value default_) {
  auto fn = slotsOf(aiterator).anext;
  if (!fn) return t.raise(kTypeError, "'{}' object is not an async iterator", typeOf(aiterator));
  Ref<> awaitable = TRY(fn(t, aiterator));
  if (!default_) return awaitable;
  return makeAnextAwaitable(awaitable, default_);
}

Result<Ref<>> builtins_sorted(Thread& t, Value iterable, Value key, bool reverse) {
  Ref<List> list = TRY(listFrom(t, iterable));
  TRY(sortList(t, *list, key, reverse));
  return list;
}

// min() and max(): the first of the best.
static Result<Ref<>> best(Thread& t, const Args& args, const char* name, CompareOp better) {
  Value key, fallback;
  for (u32 i = 0; i < args.keywordCount(); i++) {
    Str* k = args.names->items[i].as<Str>();
    Value v = args.v[args.count + i];
    if (equalAscii(k, "key"))
      key = isNone(v) ? Value() : v;
    else if (equalAscii(k, "default"))
      fallback = v;
    else
      return t.raise(kTypeError, "{}() got an unexpected keyword argument '{}'", name, k);
  }
  if (args.count == 0) return t.raise(kTypeError, "{} expected at least 1 argument, got 0", name);
  if (args.count > 1 && fallback)
    return t.raise(kTypeError,
                   "Cannot specify a default for {}() with multiple positional arguments", name);
  Ref<> bestItem, bestKey;
  auto consider = [&](Value item) -> Result<bool> {
    Ref<> k = key ? TRY(callWith(t, key, item)) : retain(item);
    if (bestItem) {
      if (k.get().isSmallInt() && bestKey.get().isSmallInt()) {
        i64 a = k.get().smallInt(), b = bestKey.get().smallInt();
        if (better == CompareOp::Gt ? a <= b : a >= b) return true;
      } else if (!TRY(compareBool(t, k, bestKey, better))) {
        return true;
      }
    }
    bestItem = retain(item);
    bestKey = std::move(k);
    return true;
  };
  if (args.count > 1) {
    for (u32 i = 0; i < args.count; i++) TRY(consider(args[i]));
  } else {
    TRY(forEach(t, args[0], consider));
  }
  if (bestItem) return bestItem;
  if (fallback) return retain(fallback);
  return t.raise(kValueError, "{}() iterable argument is empty", name);
}
Result<Ref<>> builtins_max(Thread& t, const Args& args) {
  return best(t, args, "max", CompareOp::Gt);
}
Result<Ref<>> builtins_min(Thread& t, const Args& args) {
  return best(t, args, "min", CompareOp::Lt);
}

}  // namespace dx
