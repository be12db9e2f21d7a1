#include "builtins/sequence_iterators.h"

#include <algorithm>

#include "memory/heap.h"
#include "runtime/frame.h"

namespace dx {

Ref<> makeCursor(Type* type, Value sequence, i64 index) {
  Ref<SequenceCursor> c = make<SequenceCursor>(type);
  c->sequence = retain(sequence).release();
  c->index = index;
  gcTrack(c);
  return c;
}

Result<Ref<>> builtinFunction(Thread& t, const char* name) {
  Ref<> f = mappingGet(t, currentBuiltins(t), internImmortal(name)).take();
  if (t.hasException()) return Error{};
  if (!f) return t.raise(kAttributeError, "{}", name);
  return f;
}

Result<Ref<>> reduceCursor(Thread& t, SequenceCursor& c, const char* function, Value exhausted) {
  // Looking the function up may run Python that exhausts the iterator.
  Ref<> fn = TRY(builtinFunction(t, function));
  if (c.sequence) return tupleOf(fn, tupleOf(c.sequence), makeInt(c.index));
  return tupleOf(fn, tupleOf(exhausted));
}

Result<void> setCursor(Thread& t, SequenceCursor& c, Value state) {
  i64 i = TRY(indexI64(t, state, kOverflowError));
  if (c.sequence) c.index = std::max<i64>(i, 0);
  return {};
}

// Length and item of a list or tuple as it is now.
static i64 sizeNow(Value v) { return v.as<VarObject>()->size; }
static Value itemNow(Value v, i64 i) {
  return isList(v) ? v.as<List>()->items[i] : v.as<Tuple>()->items[i];
}

Result<Ref<Str>> reprItems(Thread& t, Object* container, const char* open, const char* close,
                           bool isTuple) {
  if (!enterRepr(t, container)) {
    if (t.hasException()) return Error{};
    return makeAscii(std::string(open) + "..." + close);
  }
  StrBuilder out;
  out.add(open);
  bool failed = false;
  for (i64 i = 0; i < sizeNow(container); i++) {
    Ref<> item = retain(itemNow(container, i));
    Result<Ref<Str>> text = repr(t, item);
    if (!text) {
      failed = true;
      break;
    }
    if (i > 0) out.add(", ");
    out.add(text.peek().get());
  }
  leaveRepr(t, container);
  if (failed) return Error{};
  if (isTuple && sizeNow(container) == 1) out.add(",");
  out.add(close);
  return out.finish();
}

Result<Ref<>> compareSequences(Thread& t, Value a, Value b, CompareOp op) {
  i64 i = 0;
  Ref<> x, y;
  for (;; i++) {
    if (i >= sizeNow(a) || i >= sizeNow(b)) break;
    Value left = itemNow(a, i), right = itemNow(b, i);
    if (left == right) continue;
    if (left.isSmallInt() && right.isSmallInt()) {
      x = retain(left);
      y = retain(right);
      break;
    }
    x = retain(left);
    y = retain(right);
    if (!TRY(equal(t, x, y))) break;
    x.reset();
    y.reset();
  }
  // A common prefix decides nothing, nor does an item that is no longer there.
  if (!x || i >= sizeNow(a) || i >= sizeNow(b)) {
    i64 m = sizeNow(a), n = sizeNow(b);
    switch (op) {
      case CompareOp::Lt:
        return boolRef(m < n);
      case CompareOp::Le:
        return boolRef(m <= n);
      case CompareOp::Eq:
        return boolRef(m == n);
      case CompareOp::Ne:
        return boolRef(m != n);
      case CompareOp::Gt:
        return boolRef(m > n);
      default:
        return boolRef(m >= n);
    }
  }
  if (op == CompareOp::Eq) return boolRef(false);
  if (op == CompareOp::Ne) return boolRef(true);
  return compare(t, x, y, op);
}

}  // namespace dx
