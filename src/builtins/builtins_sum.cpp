// sum(): machine ints while they fit, then floats and complex numbers with a running correction
// (Neumaier's variant of Kahan summation), then whatever + does.
#include <cmath>

#include "builtins/builtins_parts.h"
#include "runtime/iterators.h"

namespace dx {

namespace {

struct Compensated {
  double high = 0, low = 0;
  void add(double x) {
    double s = high + x;
    low += std::fabs(high) >= std::fabs(x) ? (high - s) + x : (x - s) + high;
    high = s;
  }
  // A correction of infinities and NaN means nothing.
  double total() const { return low != 0 && std::isfinite(low) ? high + low : high; }
};

// An int that a double holds well enough for sum(): value, or false when it overflows.
bool intAsDouble(Thread& t, Value v, double* out) {
  if (v.isSmallInt()) {
    *out = double(v.smallInt());
    return true;
  }
  Result<double> d = intToDouble(t, v);
  if (!d) {
    t.clearException();
    return false;
  }
  *out = *d;
  return true;
}

bool isExactComplex(Value v) { return v.isObject() && v.object()->type == &PyComplex_Type; }

class Summer {
 public:
  Summer(Thread& t, Ref<> it, Ref<> start) : t_(t), it_(std::move(it)), result_(std::move(start)) {}

  Result<Ref<>> run() {
    if (isExactInt(result_) && !TRY(ints())) return std::move(result_);
    if (isExactFloat(result_) && !TRY(floats())) return std::move(result_);
    if (isExactComplex(result_) && !TRY(complexes())) return std::move(result_);
    for (;;) {
      if (!pending_ && !TRY(fetch())) return std::move(result_);
      Ref<> item = std::move(pending_);
      result_ = TRY(binary(t_, BinaryOp::Add, result_, item));
    }
  }

 private:
  // The next item into pending_; false at the end.
  Result<bool> fetch() {
    pending_ = nextItem(t_, it_).take();
    if (pending_) return true;
    if (t_.hasException()) return Error{};
    return false;
  }
  // Adds pending_ in the general way.
  Result<void> addPending() {
    Ref<> item = std::move(pending_);
    result_ = TRY(binary(t_, BinaryOp::Add, result_, item));
    return {};
  }

  // Each of these: false when the items are exhausted, true to go on with another kind.
  Result<bool> ints() {
    i64 sum;
    if (!intToI64(result_, &sum)) return true;
    for (;;) {
      if (!TRY(fetch())) {
        result_ = makeInt(sum);
        return false;
      }
      Value item = pending_;
      i64 v;
      if (item.isSmallInt() ? (v = item.smallInt(), true)
                            : (isExactInt(item) || isBool(item)) && intToI64(item, &v)) {
        if (!__builtin_add_overflow(sum, v, &sum)) continue;
        sum = i64(u64(sum) - u64(v));
      }
      result_ = makeInt(sum);
      TRY(addPending());
      return true;
    }
  }

  Result<bool> floats() {
    Compensated sum;
    sum.high = floatValue(result_);
    for (;;) {
      if (!TRY(fetch())) {
        result_ = makeFloat(sum.total());
        return false;
      }
      Value item = pending_;
      double d;
      if (isExactFloat(item)) {
        sum.add(floatValue(item));
        continue;
      }
      if (isInt(item) && intAsDouble(t_, item, &d)) {
        sum.add(d);
        continue;
      }
      result_ = makeFloat(sum.total());
      TRY(addPending());
      return true;
    }
  }

  Result<bool> complexes() {
    Compensated re, im;
    re.high = result_.as<Complex>()->real;
    im.high = result_.as<Complex>()->imag;
    for (;;) {
      if (!TRY(fetch())) {
        result_ = makeComplex(re.total(), im.total());
        return false;
      }
      Value item = pending_;
      double d;
      if (isExactComplex(item)) {
        re.add(item.as<Complex>()->real);
        im.add(item.as<Complex>()->imag);
        continue;
      }
      if (isExactFloat(item)) {
        re.add(floatValue(item));
        continue;
      }
      if (isInt(item) && intAsDouble(t_, item, &d)) {
        re.add(d);
        continue;
      }
      result_ = makeComplex(re.total(), im.total());
      TRY(addPending());
      return true;
    }
  }

  Thread& t_;
  Ref<> it_, result_, pending_;
};

}  // namespace

Result<Ref<>> sumOf(Thread& t, Value iterable, Value start) {
  Ref<> it = TRY(iter(t, iterable));
  if (isStr(start))
    return t.raise(kTypeError, "sum() can't sum strings [use ''.join(seq) instead]");
  if (isBytes(start))
    return t.raise(kTypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
  if (isInstanceOf(start, &PyByteArray_Type))
    return t.raise(kTypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
  return Summer(t, std::move(it), retain(start)).run();
}

}  // namespace dx
