// repr, str, format, hash, truth and comparison of any value.
#include <algorithm>

#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/int.h"
#include "runtime/number_text.h"
#include "runtime/str.h"
#include "runtime/str_text.h"

namespace dx {

bool sameValue(Value a, Value b) {
  if (a == b) return true;
  if (a.isEmpty() || b.isEmpty()) return false;
  if (a.isObject() && b.isObject() && a.object()->type != b.object()->type) return false;
  if (isExactInt(a)) {
    i64 x = 0, y = 0;
    if (!isExactInt(b)) return false;
    bool small = intToI64(a, &x);
    if (small != intToI64(b, &y)) return false;
    return small ? x == y : compareInts(a, b) == 0;
  }
  if (isExactFloat(a) && isExactFloat(b))
    return std::bit_cast<u64>(floatValue(a)) == std::bit_cast<u64>(floatValue(b));
  return false;
}

// ---- text ----

DX_COLD static Ref<Str> anonymousRepr(Value v) {
  char text[32];
  snprintf(text, sizeof text, "%p", static_cast<void*>(v.object()));
  return formatStr("<{} object at {}>", typeOf(v), text);
}

Result<Ref<Str>> repr(Thread& t, Value v) {
  if (v.isEmpty()) return makeAscii("<NULL>");
  if (v.isSmallInt()) return makeSmallIntText(v.smallInt());
  if (isExactStr(v)) return strRepr(v.as<Str>());
  UnaryFn slot = slotsOf(v).repr;
  if (!slot) return anonymousRepr(v);
  RecursionGuard guard(t);
  TRY(guard.check(" while getting the repr of an object"));
  Ref<> r = TRY(slot(t, v));
  if (!isStr(r)) return t.raise(kTypeError, "__repr__ returned non-string (type {})", typeOf(r));
  return std::move(r).cast<Str>();
}

Result<Ref<Str>> str(Thread& t, Value v) {
  if (v.isEmpty()) return makeAscii("<NULL>");
  if (isExactStr(v)) return retainObject(v.as<Str>());
  if (v.isSmallInt()) return makeAscii(std::to_string(v.smallInt()));
  UnaryFn slot = slotsOf(v).str;
  if (!slot) return repr(t, v);
  RecursionGuard guard(t);
  TRY(guard.check(" while getting the str of an object"));
  Ref<> r = TRY(slot(t, v));
  if (!isStr(r)) return t.raise(kTypeError, "__str__ returned non-string (type {})", typeOf(r));
  return std::move(r).cast<Str>();
}

Result<Ref<Str>> ascii(Thread& t, Value v) {
  Ref<Str> r = TRY(repr(t, v));
  if (r->isAscii()) return r;
  return strEscapeNonAscii(r);
}

Result<Ref<Str>> format(Thread& t, Value v, Value spec) {
  if (spec && !isStr(spec))
    return t.raise(kTypeError, "Format specifier must be a string, not {}", typeOf(spec));
  if (!spec || spec.as<Str>()->length == 0) {
    if (isExactStr(v)) return retainObject(v.as<Str>());
    if (v.isSmallInt()) return makeSmallIntText(v.smallInt());
  } else if (v.isImmediate() && isExactStr(spec)) {
    if (Ref<Str> quick = quickNumberFormat(v, spec.as<Str>())) return quick;
  }
  Value text = spec ? spec : Value(emptyStr());
  bool missing = false;
  Result<Ref<>> result = callSpecial(t, v, DX_NAME("__format__"), Values(&text, 1), &missing);
  if (missing) return t.raise(kTypeError, "Type {} doesn't define __format__", typeOf(v));
  if (!result) return Error{};
  Ref<> r = std::move(result).take();
  if (!isStr(r)) return t.raise(kTypeError, "__format__ must return a str, not {}", typeOf(r));
  return std::move(r).cast<Str>();
}

// ---- hash and truth ----

Result<i64> hash(Thread& t, Value v) {
  if (v.isSmallInt()) return hashInt(v);
  if (v.isFlonum()) return hashDouble(v, v.flonum());
  if (isExactStr(v)) return hashStr(v.as<Str>());
  auto slot = slotsOf(v).hash;
  if (!slot) return t.raise(kTypeError, "unhashable type: '{}'", typeOf(v));
  RecursionGuard guard(t);
  TRY(guard.check());
  return slot(t, v);
}

Result<bool> isTrue(Thread& t, Value v) {
  if (v == trueValue()) return true;
  if (v == falseValue() || v == none()) return false;
  if (v.isSmallInt()) return v.smallInt() != 0;
  if (v.isFlonum()) return v.flonum() != 0.0;
  const Slots& slots = slotsOf(v);
  if (slots.truth) return slots.truth(t, v);
  if (!slots.length) return true;
  return TRY(slots.length(t, v)) != 0;
}

// ---- comparison ----

static CompareOp swapped(CompareOp op) {
  static constexpr CompareOp kSwapped[] = {CompareOp::Gt, CompareOp::Ge, CompareOp::Eq,
                                           CompareOp::Ne, CompareOp::Lt, CompareOp::Le};
  return kSwapped[int(op)];
}

constexpr int kQuickDepth = 5;  // of tuples in each other

static const char* symbolOf(CompareOp op) {
  static constexpr const char* kSymbols[] = {"<", "<=", "==", "!=", ">", ">="};
  return kSymbols[int(op)];
}

static bool holds(int order, CompareOp op) {
  switch (op) {
    case CompareOp::Lt:
      return order < 0;
    case CompareOp::Le:
      return order <= 0;
    case CompareOp::Eq:
      return order == 0;
    case CompareOp::Ne:
      return order != 0;
    case CompareOp::Gt:
      return order > 0;
    default:
      return order >= 0;
  }
}

static bool compareStrs(Str* a, Str* b, CompareOp op) {
  if (op == CompareOp::Eq) return equalStr(a, b);
  if (op == CompareOp::Ne) return !equalStr(a, b);
  return holds(compareStr(a, b), op);
}

static bool compareDoubles(double a, double b, CompareOp op) {
  switch (op) {
    case CompareOp::Lt:
      return a < b;
    case CompareOp::Le:
      return a <= b;
    case CompareOp::Eq:
      return a == b;
    case CompareOp::Ne:
      return a != b;
    case CompareOp::Gt:
      return a > b;
    default:
      return a >= b;
  }
}

static int quickEqualItems(Value a, Value b, int depth);

// The kinds whose order needs no Python.
static bool compareFast(Value a, Value b, CompareOp op, bool* result, int depth = 0) {
  if (a.isSmallInt() && b.isSmallInt()) {
    i64 x = a.smallInt(), y = b.smallInt();
    *result = holds(x < y ? -1 : x > y, op);
    return true;
  }
  if (a.isFlonum() && b.isFlonum()) {
    *result = compareDoubles(a.flonum(), b.flonum(), op);
    return true;
  }
  if (isExactStr(a) && isExactStr(b)) {
    *result = compareStrs(a.as<Str>(), b.as<Str>(), op);
    return true;
  }
  if (isExactTuple(a) && isExactTuple(b) && depth < kQuickDepth) {
    // The first items that differ decide.
    Values x = valuesOf(a.as<Tuple>()), y = valuesOf(b.as<Tuple>());
    for (size_t i = 0; i < std::min(x.size(), y.size()); i++) {
      int quick = quickEqualItems(x[i], y[i], depth + 1);
      if (quick == 1) continue;
      if (quick < 0) return false;
      *result = op == CompareOp::Ne;
      return op == CompareOp::Eq || op == CompareOp::Ne ||
             compareFast(x[i], y[i], op, result, depth + 1);
    }
    *result = holds(x.size() < y.size() ? -1 : x.size() > y.size(), op);
    return true;
  }
  return false;
}

static Result<Ref<>> compareSlots(Thread& t, Value a, Value b, CompareOp op) {
  Type *left = typeOf(a), *right = typeOf(b);
  auto leftFn = left->data->slots.richcompare;
  auto rightFn = right->data->slots.richcompare;
  bool reversedFirst = left != right && rightFn && isSubtype(right, left);
  if (reversedFirst) {
    Ref<> r = TRY(rightFn(t, b, a, swapped(op)));
    if (r.get() != notImplemented()) return r;
  }
  if (leftFn) {
    Ref<> r = TRY(leftFn(t, a, b, op));
    if (r.get() != notImplemented()) return r;
  }
  if (!reversedFirst && (rightFn = typeOf(b)->data->slots.richcompare)) {
    Ref<> r = TRY(rightFn(t, b, a, swapped(op)));
    if (r.get() != notImplemented()) return r;
  }
  if (op == CompareOp::Eq) return boolRef(sameValue(a, b));
  if (op == CompareOp::Ne) return boolRef(!sameValue(a, b));
  return t.raise(kTypeError, "'{}' not supported between instances of '{}' and '{}'", symbolOf(op),
                 typeOf(a), typeOf(b));
}

Result<Ref<>> compare(Thread& t, Value a, Value b, CompareOp op) {
  bool fast = false;
  if (compareFast(a, b, op, &fast)) return boolRef(fast);
  RecursionGuard guard(t);
  TRY(guard.check(" in comparison"));
  return compareSlots(t, a, b, op);
}

Result<bool> compareBool(Thread& t, Value a, Value b, CompareOp op) {
  bool fast = false;
  if (compareFast(a, b, op, &fast)) return fast;
  Ref<> r = TRY(compare(t, a, b, op));
  if (isBool(r)) return r.get() == trueValue();
  return isTrue(t, r);
}

// quickEqual() for tuples as well, item by item as their == compares them.
static int quickEqualItems(Value a, Value b, int depth) {
  int quick = quickEqual(a, b);
  if (quick >= 0 || !isExactTuple(a) || !isExactTuple(b) || depth >= kQuickDepth) return quick;
  Values x = valuesOf(a.as<Tuple>()), y = valuesOf(b.as<Tuple>());
  for (size_t i = 0; i < std::min(x.size(), y.size()); i++) {
    quick = quickEqualItems(x[i], y[i], depth + 1);
    if (quick != 1) return quick;
  }
  return x.size() == y.size();
}

Result<bool> equal(Thread& t, Value a, Value b) {
  int quick = quickEqualItems(a, b, 0);
  if (quick >= 0) return quick == 1;
  if (sameValue(a, b)) return true;
  return compareBool(t, a, b, CompareOp::Eq);
}

// ---- repr of what may contain itself ----

static thread_local std::vector<Object*> beingShown;

bool enterRepr(Thread&, Object* o) {
  for (Object* other : beingShown)
    if (other == o) return false;
  beingShown.push_back(o);
  return true;
}

void leaveRepr(Thread&, Object* o) {
  for (size_t i = beingShown.size(); i-- > 0;)
    if (beingShown[i] == o) {
      beingShown.erase(beingShown.begin() + i64(i));
      return;
    }
}

}  // namespace dx
