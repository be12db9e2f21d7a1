// Sums, products and norms of many numbers in the module math.
#include <cmath>

#include "base/int_math.h"
#include "modules/math.gen.h"

namespace dx {

namespace {

// a + b or a * b without error: the rounded result and what rounding lost.
struct Exact {
  double high, low;
};
Exact sumExactly(double a, double b) {
  double sum = a + b, fromB = sum - a;
  return {sum, (a - (sum - fromB)) + (b - fromB)};
}
Exact multiplyExactly(double a, double b) {
  double product = a * b;
  return {product, std::fma(a, b, -product)};
}

// A sum kept in three parts of falling size.
struct TripleSum {
  double high = 0, low = 0, tiny = 0;
  void addProduct(double x, double y) {
    Exact product = multiplyExactly(x, y);
    Exact sum = sumExactly(high, product.high);
    Exact first = sumExactly(low, product.low);
    Exact second = sumExactly(first.high, sum.low);
    high = sum.high;
    low = second.high;
    tiny += first.low + second.low;
  }
  double value() const {
    Exact last = sumExactly(low, tiny);
    Exact all = sumExactly(high, last.high);
    return all.high + (all.low + last.low);
  }
};

// The Euclidean norm: scaled by a power of two, squares summed in double-double, and the root
// corrected by its residue.
double norm(const double* values, size_t count) {
  double largest = 0;
  bool nan = false;
  for (size_t i = 0; i < count; i++) {
    double x = std::fabs(values[i]);
    nan |= std::isnan(x);
    if (x > largest) largest = x;
  }
  if (std::isinf(largest)) return largest;
  if (nan) return NAN;
  if (largest == 0 || count <= 1) return largest;
  int exponent;
  std::frexp(largest, &exponent);
  double sum = 0, lost = 0;
  for (size_t i = 0; i < count; i++) {
    Exact square =
        multiplyExactly(std::ldexp(values[i], -exponent), std::ldexp(values[i], -exponent));
    Exact next = sumExactly(sum, square.high);
    sum = next.high;
    lost += next.low + square.low;
  }
  double root = std::sqrt(sum + lost);
  Exact square = multiplyExactly(root, root);
  double residue = ((sum - square.high) - square.low) + lost;
  return std::ldexp(root + residue / (2 * root), exponent);
}

}  // namespace

Result<Ref<>> math_hypot(Thread& t, Values coordinates) {
  std::vector<double> values(coordinates.size());
  for (size_t i = 0; i < values.size(); i++) values[i] = TRY(asDouble(t, coordinates[i]));
  return makeFloat(norm(values.data(), values.size()));
}
Result<Ref<>> math_dist(Thread& t, Value pArgument, Value qArgument) {
  Ref<Tuple> p =
      isTuple(pArgument) ? retainObject(pArgument.as<Tuple>()) : TRY(tupleFrom(t, pArgument));
  Ref<Tuple> q =
      isTuple(qArgument) ? retainObject(qArgument.as<Tuple>()) : TRY(tupleFrom(t, qArgument));
  if (p->size != q->size)
    return t.raise(kValueError, "both points must have the same number of dimensions");
  std::vector<double> values(size_t(p->size));
  for (i64 i = 0; i < p->size; i++) {
    double from = TRY(asDouble(t, p->items[i]));
    values[size_t(i)] = std::fabs(from - TRY(asDouble(t, q->items[i])));
  }
  return makeFloat(norm(values.data(), values.size()));
}

// Shewchuk's method: partial sums that do not overlap, by growing size.
Result<Ref<>> math_fsum(Thread& t, Value seq) {
  std::vector<double> partials;
  double specials = 0, infinities = 0;
  TRY(forEach(t, seq, [&](Value item) -> Result<bool> {
    double x = TRY(asDouble(t, item));
    double original = x;
    size_t kept = 0;
    for (size_t i = 0; i < partials.size(); i++) {
      Exact sum = sumExactly(x, partials[i]);
      if (sum.low != 0) partials[kept++] = sum.low;
      x = sum.high;
    }
    if (std::isfinite(x)) {
      partials.resize(kept);
      if (x != 0) partials.push_back(x);
      return true;
    }
    if (std::isfinite(original)) return t.raise(kOverflowError, "intermediate overflow in fsum");
    if (std::isinf(original)) infinities += original;
    specials += original;
    partials.clear();
    return true;
  }));
  if (specials != 0) {  // true for a NaN as well
    if (std::isnan(infinities)) return t.raise(kValueError, "-inf + inf in fsum");
    return makeFloat(specials);
  }
  if (partials.empty()) return makeFloat(0.0);
  double high = partials.back(), low = 0;
  size_t n = partials.size() - 1;
  while (n > 0 && low == 0) {
    double before = high, next = partials[--n];
    high = before + next;
    low = next - (high - before);
  }
  // Halfway cases round by the sign of what is still below.
  if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
    double twice = low * 2, rounded = high + twice;
    if (twice == rounded - high) high = rounded;
  }
  return makeFloat(high);
}

Result<Ref<>> math_prod(Thread& t, Value iterable, Value start) {
  Ref<> it = TRY(iter(t, iterable));
  Ref<> product = start ? retain(start) : Ref<>(makeInt(1));
  for (;;) {
    Result<Ref<>> item = iterNext(t, it);
    if (!item) {
      if (t.hasException()) return Error{};
      return product;
    }
    product = TRY(binary(t, BinaryOp::Mul, product, item.peek()));
  }
}

namespace {

// The sum of products so far: exact machine ints and floats apart, the rest by Python's operators.
class ProductSum {
 public:
  explicit ProductSum(Thread& t) : t_(t), total_(makeInt(0)) {}
  Result<void> add(Value p, Value q) {
    bool pInt = isExactInt(p), qInt = isExactInt(q);
    if (pInt && qInt && ints_) {
      i64 a, b, product, sum;
      if (intToI64(p, &a) && intToI64(q, &b) && !__builtin_mul_overflow(a, b, &product) &&
          !__builtin_add_overflow(intSum_, product, &sum)) {
        intSum_ = sum;
        return {};
      }
    }
    if (ints_) TRY(endInts());
    if (floats_ && !(pInt && qInt) && (pInt || isFloat(p)) && (qInt || isFloat(q))) {
      double a, b;
      if (toDouble(p, &a) && toDouble(q, &b)) {
        TripleSum next = floatSum_;
        next.addProduct(a, b);
        if (std::isfinite(next.high)) {
          floatSum_ = next;
          floatsUsed_ = true;
          return {};
        }
      }
    }
    TRY(endFloats());  // for good: later terms meet the total in their order
    Ref<> product = TRY(binary(t_, BinaryOp::Mul, p, q));
    total_ = TRY(binary(t_, BinaryOp::Add, total_, product));
    return {};
  }
  Result<Ref<>> finish() {
    if (ints_) TRY(endInts());
    TRY(endFloats());
    return std::move(total_);
  }

 private:
  static bool toDouble(Value v, double* out) {
    if (isFloat(v)) {
      *out = floatValue(v);
      return true;
    }
    IntReader n(v);
    return dx::intToDouble(n.view, out);
  }
  Result<void> endInts() {
    ints_ = false;
    total_ = TRY(binary(t_, BinaryOp::Add, total_, makeInt(intSum_)));
    return {};
  }
  Result<void> endFloats() {
    floats_ = false;
    if (!std::exchange(floatsUsed_, false)) return {};
    total_ = TRY(binary(t_, BinaryOp::Add, total_, makeFloat(floatSum_.value())));
    return {};
  }

  Thread& t_;
  Ref<> total_;
  i64 intSum_ = 0;
  TripleSum floatSum_;
  bool ints_ = true, floats_ = true, floatsUsed_ = false;
};

}  // namespace

Result<Ref<>> math_sumprod(Thread& t, Value p, Value q) {
  Ref<> left = TRY(iter(t, p)), right = TRY(iter(t, q));
  ProductSum sum(t);
  for (;;) {
    Result<Ref<>> a = iterNext(t, left);
    if (!a && t.hasException()) return Error{};
    Result<Ref<>> b = iterNext(t, right);
    if (!b && t.hasException()) return Error{};
    if (bool(a) != bool(b)) return t.raise(kValueError, "Inputs are not the same length");
    if (!a) return sum.finish();
    TRY(sum.add(a.peek(), b.peek()));
  }
}

}  // namespace dx
