// The % operator of str.
#include <charconv>

#include "base/format_spec.h"
#include "builtins/str.gen.h"

namespace dx {

namespace {

// The right operand: a tuple gives several arguments, anything else is one; a mapping also has
// keys.
class PercentArgs {
 public:
  explicit PercentArgs(Value args) : args_(args) {
    if (isTuple(args))
      count_ = args.as<Tuple>()->size;
    else if (!isStr(args) && slotsOf(args).getItem)
      mapping_ = args;
  }

  // New reference, because the argument of a key belongs to nobody else.
  Result<Ref<>> next(Thread& t) {
    if (keyed_) {
      Ref<> v = std::move(keyed_);
      keyed_ = Ref<>();
      return v;
    }
    if (single_) return t.raise(kTypeError, "not enough arguments for format string");
    if (count_ < 0) {
      if (used_++) return t.raise(kTypeError, "not enough arguments for format string");
      return retain(args_);
    }
    if (used_ >= count_) return t.raise(kTypeError, "not enough arguments for format string");
    return retain(args_.as<Tuple>()->items[used_++]);
  }
  Result<void> selectKey(Thread& t, Str* key) {
    if (!mapping_) return t.raise(kTypeError, "format requires a mapping");
    keyed_ = TRY(getItem(t, mapping_, key));
    single_ = true;
    return {};
  }
  bool leftOver() const {
    return !mapping_ && !single_ && (count_ < 0 ? used_ == 0 : used_ < count_);
  }

 private:
  Value args_, mapping_;
  i64 count_ = -1;  // of a tuple
  i64 used_ = 0;
  Ref<> keyed_;          // what the last key gave, until a directive takes it
  bool single_ = false;  // from the first key on, only keys give arguments
};

class PercentFormatter {
 public:
  PercentFormatter(Thread& t, Str* format, Value args) : t_(t), format_(format), args_(args) {}

  Result<Ref<>> run() {
    i64 at = 0;
    while (at < format_->length) {
      i64 percent = findChar(format_, '%', at, format_->length);
      if (percent < 0) break;
      out_.add(format_, at, percent);
      at = TRY(directive(percent + 1));
    }
    out_.add(format_, at, format_->length);
    if (args_.leftOver())
      return t_.raise(kTypeError, "not all arguments converted during string formatting");
    return Ref<>(out_.finish());
  }

 private:
  Result<i64> directive(i64 at) {
    if (at < format_->length && format_->at(at) == '%') {
      out_.add(u32('%'));
      return at + 1;
    }
    PercentSpec spec;
    PercentError error = withUnits(
        format_, [&](auto u) { return parsePercentSpec(u.p, size_t(u.n), size_t(at), &spec); });
    if (spec.hasKey && error != PercentError::kIncompleteKey) {
      Ref<Str> key = substring(format_, i64(spec.keyStart), i64(spec.keyEnd));
      TRY(args_.selectKey(t_, key));
    }
    switch (error) {
      case PercentError::kNone:
        break;
      case PercentError::kIncomplete:
        return t_.raise(kValueError, "incomplete format");
      case PercentError::kIncompleteKey:
        return missingKey();
      case PercentError::kWidthTooBig:
        return t_.raise(kValueError, "width too big");
      case PercentError::kPrecisionTooBig:
        return t_.raise(kValueError, "precision too big");
    }
    if (spec.starWidth) {
      i64 width = TRY(star());
      setPercentWidth(&spec, width);
    }
    if (spec.starPrecision) spec.precision = std::max<i64>(0, TRY(star()));
    Ref<> v = TRY(args_.next(t_));
    TRY(convert(spec, v));
    return i64(spec.next);
  }

  DX_COLD Error missingKey() { return t_.raise(kValueError, "incomplete format key"); }

  Result<i64> star() {
    Ref<> v = TRY(args_.next(t_));
    if (!isInt(v)) return t_.raise(kTypeError, "* wants int");
    i64 n = 0;
    if (!intToI64(v, &n))
      return t_.raise(kOverflowError, "Python int too large to convert to C ssize_t");
    return n;
  }

  Result<void> convert(const PercentSpec& spec, Value v) {
    bool decimal = spec.conversion == 'd' || spec.conversion == 's' || spec.conversion == 'i';
    if (v.isSmallInt() && decimal && spec.plain()) {
      char text[24];
      auto end = std::to_chars(text, text + sizeof text, v.smallInt());
      out_.add(std::string_view(text, size_t(end.ptr - text)));
      return {};
    }
    switch (spec.conversion) {
      case 's':
        addText(spec, *TRY(str(t_, v)));
        return {};
      case 'r':
        addText(spec, *TRY(repr(t_, v)));
        return {};
      case 'a':
        addText(spec, *TRY(ascii(t_, v)));
        return {};
      case 'c':
        return character(spec, v);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return integer(spec, v);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        double d = TRY(asDouble(t_, v));
        FormattedText text;
        formatPercentDouble(spec, d, &text);
        addFormatted(text);
        return {};
      }
      default:
        return unsupported(spec);
    }
  }

  DX_COLD Result<void> unsupported(const PercentSpec& spec) {
    u32 c = spec.conversion;
    char hex[16];
    snprintf(hex, sizeof hex, "%x", c);
    std::string shown(1, c > 31 && c < 128 ? char(c) : '?');
    return t_.raise(kValueError, "unsupported format character '{}' (0x{}) at index {}", shown, hex,
                    u64(spec.conversionAt));
  }

  void addText(const PercentSpec& spec, const Str& s) {
    i64 n = spec.precision >= 0 ? std::min(spec.precision, s.length) : s.length;
    i64 pad = std::max<i64>(0, spec.width - n);
    if (!spec.leftAlign) out_.addRepeated(' ', pad);
    out_.add(&s, 0, n);
    if (spec.leftAlign) out_.addRepeated(' ', pad);
  }

  void addFormatted(const FormattedText& f) {
    std::string_view text = f.text;
    out_.addRepeated(f.fill, i64(f.left));
    out_.add(text.substr(0, f.padAt));
    out_.addRepeated(f.fill, i64(f.padCount));
    out_.add(text.substr(f.padAt));
    out_.addRepeated(f.fill, i64(f.right));
  }

  Result<void> character(PercentSpec spec, Value v) {
    spec.precision = -1;
    if (isStr(v)) {
      if (v.as<Str>()->length != 1)
        return t_.raise(kTypeError,
                        "%c requires an int or a unicode character, not a string of length {}",
                        v.as<Str>()->length);
      addText(spec, *v.as<Str>());
      return {};
    }
    if (!isInt(v) && !hasIndex(v))
      return t_.raise(kTypeError, "%c requires an int or a unicode character, not {!q}", typeOf(v));
    Ref<> number = TRY(toIndex(t_, v));
    i64 c = -1;
    if (!intToI64(number, &c) || c < 0 || c > 0x10FFFF)
      return t_.raise(kOverflowError, "%c arg not in range(0x110000)");
    Ref<Str> s = makeChar(u32(c));
    addText(spec, *s);
    return {};
  }

  Result<void> integer(const PercentSpec& spec, Value v) {
    Ref<> number = retain(v);
    if (!isInt(v)) {
      bool exact = spec.conversion == 'o' || (spec.conversion | 0x20) == 'x';
      const Slots& slots = slotsOf(v);
      if (!slots.index && !slots.toInt && !slots.toFloat) return wrongType(spec, v, exact);
      Result<Ref<>> converted = exact ? toIndex(t_, v) : toInt(t_, v);
      if (!converted) {
        if (t_.takeIf(kTypeError)) return wrongType(spec, v, exact);
        return Error{};
      }
      number = std::move(converted).take();
    }
    u32 scratch[3];
    FormattedText text;
    if (spec.precision > INT32_MAX - 3) return t_.raise(kOverflowError, "precision too large");
    if (number.get().isSmallInt() || number.as<Int>()->digitCount() < 400) {
      if (spec.precision > INT32_MAX - 3) return t_.raise(kOverflowError, "precision too large");
      formatPercentInteger(spec, viewInt(number, scratch), &text);
    } else {
      if (spec.conversion == 'd' || spec.conversion == 'i' || spec.conversion == 'u')
        (void)TRY(str(t_, exactInt(number)));  // the limit on decimal digits
      formatPercentInteger(spec, viewInt(number, scratch), &text);
    }
    addFormatted(text);
    return {};
  }

  DX_COLD Result<void> wrongType(const PercentSpec& spec, Value v, bool exact) {
    std::string code(1, char(spec.conversion));
    return t_.raise(kTypeError,
                    exact ? "%{} format: an integer is required, not {}"
                          : "%{} format: a real number is required, not {}",
                    code, typeOf(v));
  }

  Thread& t_;
  Str* format_;
  PercentArgs args_;
  StrBuilder out_;
};

}  // namespace

Result<Ref<>> str___mod__(Thread& t, Value left, Value right) {
  if (!isStr(left)) return notImplementedRef();
  return PercentFormatter(t, left.as<Str>(), right).run();
}

}  // namespace dx
