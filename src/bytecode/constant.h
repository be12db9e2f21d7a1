// Constants as the compiler and the builder pass them around, before they are records.
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

struct Constant {
  enum class Kind : u8 {
    None,
    True,
    False,
    Ellipsis,
    Int,
    BigInt,
    Float,
    Complex,
    Str,
    Bytes,
    Tuple,
    FrozenSet,
    Slice,
    Code,
  };

  Kind kind = Kind::None;
  bool negative = false;  // BigInt
  i64 number = 0;         // Int; Code: index
  double real = 0, imag = 0;
  std::string text;             // Str: WTF-8; Bytes
  std::vector<u32> digits;      // BigInt: 30 bits each, least first, no leading zero
  std::vector<Constant> items;  // Tuple, FrozenSet, Slice

  static Constant none() { return {}; }
  static Constant boolean(bool value) { return of(value ? Kind::True : Kind::False); }
  static Constant integer(i64 value) {
    Constant c = of(Kind::Int);
    c.number = value;
    return c;
  }
  static Constant str(std::string_view text) {
    Constant c = of(Kind::Str);
    c.text = text;
    return c;
  }
  static Constant tuple(std::vector<Constant> items) {
    Constant c = of(Kind::Tuple);
    c.items = std::move(items);
    return c;
  }
  static Constant of(Kind kind) {
    Constant c;
    c.kind = kind;
    return c;
  }

  bool isStr() const { return kind == Kind::Str; }
  bool isInt() const { return kind == Kind::Int; }
};

}  // namespace dx::bytecode
