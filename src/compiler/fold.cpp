#include "compiler/fold.h"

#include <cmath>

#include "compiler/error.h"

namespace dx::compiler {

using bytecode::Constant;
using namespace ast;
using K = Constant::Kind;

namespace {

using u128 = unsigned __int128;

// Sizes beyond which a result is left to run time.
constexpr u64 kMaxCollectionSize = 256;
constexpr u64 kMaxStrSize = 4096;
constexpr int kMaxIntBits = 128;

// --- ints of up to 128 bits, as sign and magnitude ---

struct Wide {
  bool negative = false;
  u128 magnitude = 0;
};

bool toWide(const Constant& c, Wide* out) {
  switch (c.kind) {
    case K::True:
      *out = {false, 1};
      return true;
    case K::False:
      *out = {false, 0};
      return true;
    case K::Int:
      out->negative = c.number < 0;
      out->magnitude = c.number < 0 ? u128(0) - u128(__int128(c.number)) : u128(c.number);
      return true;
    case K::BigInt: {
      if (c.digits.size() > 4) return false;  // 120 bits
      out->negative = c.negative;
      out->magnitude = 0;
      for (size_t i = c.digits.size(); i-- > 0;)
        out->magnitude = out->magnitude << 30 | c.digits[i];
      return true;
    }
    default:
      return false;
  }
}

Constant fromWide(Wide w) {
  if (w.magnitude <= u128(INT64_MAX) || (w.negative && w.magnitude == u128(INT64_MAX) + 1)) {
    return Constant::integer(w.negative ? i64(-__int128(w.magnitude)) : i64(w.magnitude));
  }
  Constant c = Constant::of(K::BigInt);
  c.negative = w.negative;
  for (; w.magnitude != 0; w.magnitude >>= 30) c.digits.push_back(u32(w.magnitude) & 0x3FFFFFFF);
  return c;
}

int bitLength(u128 v) {
  int bits = 0;
  for (; v != 0; v >>= 1) bits++;
  return bits;
}

bool addWide(Wide a, Wide b, Wide* out) {
  if (a.magnitude >> 126 || b.magnitude >> 126) return false;
  if (a.negative == b.negative) {
    *out = {a.negative, a.magnitude + b.magnitude};
  } else if (a.magnitude >= b.magnitude) {
    *out = {a.negative, a.magnitude - b.magnitude};
  } else {
    *out = {b.negative, b.magnitude - a.magnitude};
  }
  if (out->magnitude == 0) out->negative = false;
  return true;
}

bool mulWide(Wide a, Wide b, Wide* out) {
  if (bitLength(a.magnitude) + bitLength(b.magnitude) > kMaxIntBits) return false;
  *out = {a.negative != b.negative, a.magnitude * b.magnitude};
  if (out->magnitude == 0) out->negative = false;
  return true;
}

bool intOp(Operator op, Wide a, Wide b, Constant* out) {
  Wide r;
  switch (op) {
    case Operator::Sub:
      b.negative = !b.negative && b.magnitude != 0;
      [[fallthrough]];
    case Operator::Add:
      if (!addWide(a, b, &r)) return false;
      break;
    case Operator::Mult:
      if (!mulWide(a, b, &r)) return false;
      break;
    case Operator::Pow: {
      if (b.negative || b.magnitude > kMaxIntBits) return false;
      if (u64(bitLength(a.magnitude)) * u64(b.magnitude) > kMaxIntBits) return false;
      r = {false, 1};
      for (u64 i = 0; i < u64(b.magnitude); i++) {
        if (!mulWide(r, a, &r)) return false;
      }
      break;
    }
    case Operator::LShift:
      if (b.negative || b.magnitude > kMaxIntBits) return false;
      if (bitLength(a.magnitude) + int(b.magnitude) > kMaxIntBits) return false;
      r = {a.negative, b.magnitude >= 128 ? 0 : a.magnitude << int(b.magnitude)};
      break;
    case Operator::RShift: {
      if (b.negative) return false;
      int by = b.magnitude > 127 ? 127 : int(b.magnitude);
      r = {a.negative, a.magnitude >> by};
      if (a.negative && (r.magnitude << by) != a.magnitude) r.magnitude++;
      if (r.magnitude == 0) r.negative = false;
      break;
    }
    case Operator::FloorDiv:
    case Operator::Mod: {
      if (b.magnitude == 0) return false;
      u128 q = a.magnitude / b.magnitude, rest = a.magnitude % b.magnitude;
      bool minus = a.negative != b.negative;
      if (op == Operator::FloorDiv) {
        if (minus && rest != 0) q++;
        r = {minus && q != 0, q};
      } else {
        if (minus && rest != 0) rest = b.magnitude - rest;
        r = {b.negative && rest != 0, rest};
      }
      break;
    }
    case Operator::BitAnd:
    case Operator::BitOr:
    case Operator::BitXor: {
      if (a.magnitude >> 126 || b.magnitude >> 126) return false;
      __int128 x = a.negative ? -__int128(a.magnitude) : __int128(a.magnitude);
      __int128 y = b.negative ? -__int128(b.magnitude) : __int128(b.magnitude);
      __int128 z = op == Operator::BitAnd ? x & y : op == Operator::BitOr ? x | y : x ^ y;
      r = {z < 0, z < 0 ? u128(-z) : u128(z)};
      break;
    }
    default:
      return false;
  }
  *out = fromWide(r);
  return true;
}

// --- floats and complex numbers ---

bool toDouble(const Constant& c, double* out) {
  if (c.kind == K::Float) {
    *out = c.real;
    return true;
  }
  Wide w;
  if (!toWide(c, &w) || w.magnitude > (u128(1) << 53)) return false;
  *out = double(u64(w.magnitude));
  if (w.negative) *out = -*out;
  return true;
}

Constant number(double value) {
  Constant c = Constant::of(K::Float);
  c.real = value;
  return c;
}

bool floatOp(Operator op, double a, double b, Constant* out) {
  switch (op) {
    case Operator::Add:
      *out = number(a + b);
      return true;
    case Operator::Sub:
      *out = number(a - b);
      return true;
    case Operator::Mult:
      *out = number(a * b);
      return true;
    case Operator::Div:
      if (b == 0) return false;
      *out = number(a / b);
      return true;
    case Operator::Pow: {
      if (a < 0 || (a == 0 && b < 0)) return false;
      double r = std::pow(a, b);
      if (!std::isfinite(r)) return false;
      *out = number(r);
      return true;
    }
    default:
      return false;
  }
}

bool complexOp(Operator op, const Constant& l, const Constant& r, Constant* out) {
  // Adding a real number leaves the imaginary part alone (also its zero's sign).
  double real;
  *out = Constant::of(K::Complex);
  bool both = l.kind == K::Complex && r.kind == K::Complex;
  if (op == Operator::Add && (both || toDouble(l, &real) || toDouble(r, &real))) {
    if (both) {
      out->real = l.real + r.real, out->imag = l.imag + r.imag;
    } else {
      const Constant& c = l.kind == K::Complex ? l : r;
      out->real = l.kind == K::Complex ? c.real + real : real + c.real;
      out->imag = c.imag;
    }
    return true;
  }
  if (op == Operator::Sub) {
    if (both) {
      out->real = l.real - r.real, out->imag = l.imag - r.imag;
      return true;
    }
    if (l.kind == K::Complex && toDouble(r, &real)) {
      out->real = l.real - real, out->imag = l.imag;
      return true;
    }
    if (r.kind == K::Complex && toDouble(l, &real)) {
      out->real = real - r.real, out->imag = -r.imag;
      return true;
    }
  }
  return false;
}

// --- sequences ---

u64 countItems(const Constant& c) {
  u64 n = c.items.size();
  for (const Constant& item : c.items) n += countItems(item);
  return n;
}

bool repeat(const Constant& sequence, const Constant& times, Constant* out) {
  Wide w;
  if (!toWide(times, &w) || (w.magnitude >> 32) != 0) return false;
  u64 n = w.negative ? 0 : u64(w.magnitude);
  *out = Constant::of(sequence.kind);
  if (sequence.kind == K::Tuple) {
    if (n * sequence.items.size() > kMaxCollectionSize || n * countItems(sequence) > 1024)
      return false;
    for (u64 i = 0; i < n; i++) {
      out->items.insert(out->items.end(), sequence.items.begin(), sequence.items.end());
    }
    return true;
  }
  if (sequence.kind != K::Str && sequence.kind != K::Bytes) return false;
  if (n * sequence.text.size() > kMaxStrSize) return false;
  for (u64 i = 0; i < n; i++) out->text += sequence.text;
  return true;
}

bool binary(Operator op, const Constant& l, const Constant& r, Constant* out) {
  Wide a, b;
  if (toWide(l, &a) && toWide(r, &b)) {
    bool bools =
        (l.kind == K::True || l.kind == K::False) && (r.kind == K::True || r.kind == K::False);
    if (op == Operator::Div) {
      double x, y;
      return toDouble(l, &x) && toDouble(r, &y) && floatOp(op, x, y, out);
    }
    if (!intOp(op, a, b, out)) return false;
    bool bitwise = op == Operator::BitAnd || op == Operator::BitOr || op == Operator::BitXor;
    if (bools && bitwise) *out = Constant::boolean(out->number != 0);
    return true;
  }
  if (l.kind == K::Complex || r.kind == K::Complex) return complexOp(op, l, r, out);
  if (l.kind == K::Float || r.kind == K::Float) {
    double x, y;
    return toDouble(l, &x) && toDouble(r, &y) && floatOp(op, x, y, out);
  }
  if (op == Operator::Mult) return repeat(l, r, out) || repeat(r, l, out);
  if (op == Operator::Add && l.kind == r.kind) {
    *out = Constant::of(l.kind);
    if (l.kind == K::Tuple) {
      out->items = l.items;
      out->items.insert(out->items.end(), r.items.begin(), r.items.end());
      return out->items.size() <= kMaxCollectionSize;
    }
    if (l.kind == K::Str || l.kind == K::Bytes) {
      out->text = l.text + r.text;
      return true;
    }
  }
  return false;
}

bool unary(UnaryOperator op, const Constant& v, Constant* out) {
  if (op == UnaryOperator::Not) {
    *out = Constant::boolean(!Folder::isTrue(v));
    return true;
  }
  if (v.kind == K::Float || v.kind == K::Complex) {
    if (op == UnaryOperator::Invert) return false;
    *out = v;
    if (op == UnaryOperator::USub) out->real = -v.real, out->imag = -v.imag;
    return true;
  }
  if (v.kind == K::BigInt && op == UnaryOperator::USub) {
    *out = v;
    out->negative = !v.negative;
    // -2**63 fits again.
    Wide w;
    if (toWide(*out, &w)) *out = fromWide(w);
    return true;
  }
  Wide w;
  if (!toWide(v, &w)) return false;
  if (op == UnaryOperator::USub) w.negative = !w.negative && w.magnitude != 0;
  if (op == UnaryOperator::Invert) {
    if (v.kind == K::True || v.kind == K::False) return false;  // warns at run time
    w.negative = !w.negative && w.magnitude != 0;
    if (!addWide(w, {true, 1}, &w)) return false;
  }
  *out = fromWide(w);
  return true;
}

bool subscript(const Constant& value, const Constant& index, Constant* out) {
  Wide w;
  if (!toWide(index, &w)) return false;
  bool ascii = value.kind == K::Bytes;
  if (value.kind == K::Str) {
    ascii = true;
    for (char c : value.text) ascii = ascii && u8(c) < 0x80;
  }
  u64 size = value.kind == K::Tuple ? value.items.size() : ascii ? value.text.size() : 0;
  u64 at = w.negative ? size - u64(w.magnitude) : u64(w.magnitude);
  if (w.magnitude > size || at >= size) return false;
  if (value.kind == K::Tuple) {
    *out = value.items[at];
  } else if (value.kind == K::Bytes) {
    *out = Constant::integer(u8(value.text[at]));
  } else {
    *out = Constant::str(std::string_view(value.text).substr(at, 1));
  }
  return true;
}

Constant parseBigInt(std::string_view text, u32 base) {
  Constant c = Constant::of(K::BigInt);
  if (text.starts_with('-')) {
    c.negative = true;
    text.remove_prefix(1);
  }
  auto multiplyAdd = [&](u64 factor, u64 add) {
    u64 carry = add;
    for (u32& d : c.digits) {
      u64 v = u64(d) * factor + carry;
      d = u32(v & 0x3FFFFFFF);
      carry = v >> 30;
    }
    for (; carry != 0; carry >>= 30) c.digits.push_back(u32(carry & 0x3FFFFFFF));
  };
  // Several characters at a time: `chunk` of them make a factor of less than 2^30.
  int chunk = base == 10 ? 9 : base == 16 ? 7 : base == 8 ? 9 : 29;
  u64 factor = 1, value = 0;
  int n = 0;
  for (char ch : text) {
    u64 digit = u64(ch >= 'a' ? ch - 'a' + 10 : ch >= 'A' ? ch - 'A' + 10 : ch - '0');
    value = value * base + digit;
    factor *= base;
    if (++n < chunk) continue;
    multiplyAdd(factor, value);
    factor = 1, value = 0, n = 0;
  }
  if (n != 0) multiplyAdd(factor, value);
  Wide w;
  return toWide(c, &w) ? fromWide(w) : c;
}

}  // namespace

bool Folder::isTrue(const Constant& v) {
  switch (v.kind) {
    case K::None:
    case K::False:
      return false;
    case K::Int:
      return v.number != 0;
    case K::Float:
      return v.real != 0;
    case K::Complex:
      return v.real != 0 || v.imag != 0;
    case K::Str:
    case K::Bytes:
      return !v.text.empty();
    case K::Tuple:
    case K::FrozenSet:
      return !v.items.empty();
    default:
      return true;
  }
}

Constant Folder::fromLiteral(const ConstantValue& v) {
  using L = ConstantValue::Kind;
  Constant c;
  switch (v.kind) {
    case L::None:
      break;
    case L::True:
      c.kind = K::True;
      break;
    case L::False:
      c.kind = K::False;
      break;
    case L::Ellipsis:
      c.kind = K::Ellipsis;
      break;
    case L::Int:
      if (!v.isSmall) return parseBigInt(v.text->view(), v.base);
      c = Constant::integer(v.small);
      break;
    case L::Float:
      c = number(v.real);
      break;
    case L::Complex:
      c.kind = K::Complex;
      c.real = v.real;
      c.imag = v.imag;
      break;
    case L::Str:
      c = Constant::str(v.text->view());
      break;
    case L::Bytes:
      c.kind = K::Bytes;
      c.text = v.text->view();
      break;
    case L::Other:
      break;  // validate() lets none pass
    case L::Tuple:
    case L::FrozenSet:
      c.kind = v.kind == L::Tuple ? K::Tuple : K::FrozenSet;
      for (u32 i = 0; i < v.itemCount; i++) c.items.push_back(fromLiteral(v.items[i]));
      break;
  }
  return c;
}

const Constant* Folder::keep(const Expr* e, Constant value) {
  values_.push_back(std::move(value));
  return memo_[e] = &values_.back();
}

const Constant* Folder::constantOf(const Expr* e) {
  switch (e->kind) {
    case Kind::Constant:
    case Kind::UnaryOp:
    case Kind::BinOp:
    case Kind::Tuple:
    case Kind::Subscript:
    case Kind::JoinedStr:
      break;
    case Kind::Name:
      if (!(*as<Name>(e)->id == "__debug__")) return nullptr;
      break;
    default:
      return nullptr;
  }
  auto found = memo_.find(e);
  if (found != memo_.end()) return found->second;
  if (depth_ > kMaxTreeDepth) return nullptr;
  depth_++;
  Constant value;
  bool known = fold(e, &value);
  depth_--;
  if (!known) return memo_[e] = nullptr;
  return keep(e, std::move(value));
}

bool Folder::fold(const Expr* e, Constant* out) {
  switch (e->kind) {
    case Kind::Constant:
      *out = fromLiteral(as<ast::Constant>(e)->value);
      return true;
    case Kind::Name:
      *out = Constant::boolean(optimize_ == 0);
      return true;
    case Kind::UnaryOp: {
      const Constant* v = constantOf(as<UnaryOp>(e)->operand);
      return v != nullptr && unary(as<UnaryOp>(e)->op, *v, out);
    }
    case Kind::BinOp: {
      const Constant* l = constantOf(as<BinOp>(e)->left);
      if (l == nullptr) return false;
      const Constant* r = constantOf(as<BinOp>(e)->right);
      return r != nullptr && binary(as<BinOp>(e)->op, *l, *r, out);
    }
    case Kind::Tuple: {
      auto* t = as<ast::Tuple>(e);
      if (t->ctx != ExprContext::Load) return false;
      out->kind = K::Tuple;
      for (const Expr* item : t->elts) {
        const Constant* v = constantOf(item);
        if (v == nullptr) return false;
        out->items.push_back(*v);
      }
      return true;
    }
    case Kind::Subscript: {
      auto* s = as<Subscript>(e);
      if (s->ctx != ExprContext::Load) return false;
      const Constant* v = constantOf(s->value);
      if (v == nullptr) return false;
      const Constant* i = constantOf(s->slice);
      return i != nullptr && subscript(*v, *i, out);
    }
    case Kind::JoinedStr: {
      out->kind = K::Str;
      for (const Expr* part : as<JoinedStr>(e)->values) {
        const Constant* v = part->kind == Kind::Constant ? constantOf(part) : nullptr;
        if (v == nullptr || !v->isStr()) return false;
        out->text += v->text;
      }
      return true;
    }
    default:
      return false;
  }
}

}  // namespace dx::compiler
