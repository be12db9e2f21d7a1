// The % operator of bytes and bytearray (PEP 461).
#include "base/format_spec.h"
#include "builtins/byte_methods.h"
#include "builtins/bytes.gen.h"

namespace dx {

namespace {

class Formatter {
 public:
  Formatter(Thread& t, Value receiver, Value args)
      : t_(t), format_(bytesOf(receiver)), args_(args) {
    tuple_ = isTuple(args);
    mapping_ = !tuple_ && !isStr(args) && !isBytes(args) && !isByteArray(args) && args.isObject() &&
               slotsOf(args).getItem != nullptr;
  }

  Result<void> run() {
    for (size_t i = 0; i < format_.size();) {
      size_t percent = format_.find('%', i);
      if (percent == std::string::npos) {
        out_.append(format_, i, std::string::npos);
        break;
      }
      out_.append(format_, i, percent - i);
      i = TRY(directive(percent + 1));
    }
    if (!keyed_ && !mapping_ && used_ < (tuple_ ? args_.as<Tuple>()->size : 1))
      return t_.raise(kTypeError, "not all arguments converted during bytes formatting");
    return {};
  }

  const std::string& out() const { return out_; }

 private:
  Result<Ref<>> nextArgument() {
    if (current_) return retain(current_);
    if (tuple_) {
      if (used_ < args_.as<Tuple>()->size) return retain(args_.as<Tuple>()->items[used_++]);
    } else if (used_ == 0) {
      used_ = 1;
      return retain(args_);
    }
    return t_.raise(kTypeError, "not enough arguments for format string");
  }

  Result<i32> star() {
    Ref<> v = TRY(nextArgument());
    if (!isInt(v)) return t_.raise(kTypeError, "* wants int");
    i64 i;
    if (!intToI64(v, &i) || i > INT32_MAX || i < INT32_MIN)
      return t_.raise(kOverflowError, "Python int too large to convert to C int");
    return i32(i);
  }

  Result<size_t> directive(size_t at) {
    PercentSpec spec;
    const u8* text = reinterpret_cast<const u8*>(format_.data());
    switch (parsePercentSpec(text, format_.size(), at, &spec)) {
      case PercentError::kNone:
        break;
      case PercentError::kIncomplete:
        return t_.raise(kValueError, "incomplete format");
      case PercentError::kIncompleteKey:
        return t_.raise(kValueError, "incomplete format key");
      case PercentError::kWidthTooBig:
        return t_.raise(kValueError, "width too big");
      case PercentError::kPrecisionTooBig:
        return t_.raise(kValueError, "prec too big");
    }
    if (spec.hasKey) {
      if (!mapping_) return t_.raise(kTypeError, "format requires a mapping");
      Ref<Bytes> key =
          makeBytes(std::string_view(format_).substr(spec.keyStart, spec.keyEnd - spec.keyStart));
      current_ = TRY(getItem(t_, args_, key));
      keyed_ = true;
    }
    if (spec.starWidth) setPercentWidth(&spec, TRY(star()));
    if (spec.starPrecision) {
      i64 p = TRY(star());
      spec.precision = p < 0 ? 0 : p;
    }
    if (spec.conversion == '%' && spec.next == at + 1) {
      out_.push_back('%');
    } else {
      Ref<> v = TRY(nextArgument());
      TRY(convert(spec, v));
    }
    current_.reset();
    return spec.next;
  }

  void field(const PercentSpec& spec, std::string_view text) {
    size_t pad = spec.width > i64(text.size()) ? size_t(spec.width) - text.size() : 0;
    if (!spec.leftAlign) out_.append(pad, ' ');
    out_.append(text);
    if (spec.leftAlign) out_.append(pad, ' ');
  }

  Result<void> convert(const PercentSpec& spec, Value v) {
    if (spec.width > (i64(1) << 40)) return t_.raiseMemory();
    switch (spec.conversion) {
      case 'a':
      case 'r': {
        Ref<Str> text = TRY(ascii(t_, v));
        std::string_view s = text->ascii();
        field(spec, spec.precision >= 0 ? s.substr(0, size_t(spec.precision)) : s);
        return {};
      }
      case 's':
      case 'b':
        return convertBytes(spec, v);
      case 'c':
        return convertChar(spec, v);
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return convertInteger(spec, v);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        if (!isExactFloat(v) && !hasNumber(v))
          return t_.raise(kTypeError, "float argument required, not {}", typeOf(v));
        FormattedText text;
        formatPercentDouble(spec, TRY(asDouble(t_, v)), &text);
        out_.append(joinFormatted(text));
        return {};
      }
      default:
        break;
    }
    char code[2] = {char(spec.conversion), 0};
    char hex[16];
    snprintf(hex, sizeof hex, "%x", spec.conversion);
    if (spec.conversion < 32 || spec.conversion > 126) code[0] = '?';
    return t_.raise(kValueError, "unsupported format character '{}' (0x{}) at index {}", code, hex,
                    u64(spec.conversionAt));
  }

  static bool hasNumber(Value v) {
    return v.isImmediate() || slotsOf(v).toFloat || slotsOf(v).index;
  }

  Result<void> convertBytes(const PercentSpec& spec, Value v) {
    Buffer buffer;
    Ref<> holder;
    std::string_view s;
    if (isBytes(v) && typeOf(v) == &PyBytes_Type) {
      s = v.as<Bytes>()->view();
    } else {
      bool missing = true;
      Result<Ref<>> called = notImplementedRef();
      if (v.isObject()) called = callSpecial(t_, v, DX_NAME("__bytes__"), {}, &missing);
      if (!missing) {
        holder = TRY(std::move(called));
        if (!isBytes(holder))
          return t_.raise(kTypeError, "__bytes__ returned non-bytes (type {})", typeOf(holder));
        s = holder.as<Bytes>()->view();
      } else if (hasBuffer(v)) {
        TRY(Buffer::get(t_, v, &buffer));
        s = buffer.bytes();
      } else {
        return t_.raise(
            kTypeError,
            "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
            typeOf(v));
      }
    }
    field(spec, spec.precision >= 0 ? s.substr(0, size_t(spec.precision)) : s);
    return {};
  }

  Result<void> convertChar(const PercentSpec& spec, Value v) {
    if (isBytes(v) || isByteArray(v)) {
      std::string_view s = bytesOf(v);
      if (s.size() != 1) {
        return t_.raise(
            kTypeError,
            "%c requires an integer in range(256) or a single byte, not a {} object of length {}",
            isBytes(v) ? "bytes" : "bytearray", u64(s.size()));
      }
      field(spec, s);
      return {};
    }
    if (!isInt(v)) {
      if (!hasIndex(v))
        return t_.raise(kTypeError, "%c requires an integer in range(256) or a single byte, not {}",
                        typeOf(v));
    }
    i64 i = TRY(indexI64(t_, v, nullptr));
    if (i < 0 || i > 255) return t_.raise(kOverflowError, "%c arg not in range(256)");
    char c = char(i);
    field(spec, {&c, 1});
    return {};
  }

  Result<void> convertInteger(const PercentSpec& spec, Value v) {
    Ref<> number;
    bool based = spec.conversion == 'o' || spec.conversion == 'x' || spec.conversion == 'X';
    char code[2] = {char(spec.conversion), 0};
    if (isInt(v)) {
      number = retain(v);
    } else if (based) {
      if (!hasIndex(v))
        return t_.raise(kTypeError, "%{} format: an integer is required, not {}", code, typeOf(v));
      number = TRY(toIndex(t_, v));
    } else {
      if (!isExactFloat(v) && !(v.isObject() && (slotsOf(v).toInt || slotsOf(v).index)))
        return t_.raise(kTypeError, "%{} format: a real number is required, not {}", code,
                        typeOf(v));
      number = TRY(toInt(t_, v));
    }
    if (!based) TRY(intToDecimal(t_, number));
    IntReader i(number);
    FormattedText text;
    if (spec.precision > INT32_MAX - 3) return t_.raise(kOverflowError, "precision too large");
    formatPercentInteger(spec, i, &text);
    out_.append(joinFormatted(text));
    return {};
  }

  Thread& t_;
  std::string format_;  // a copy: a bytearray may change while arguments are converted
  Value args_;
  bool tuple_, mapping_, keyed_ = false;
  i64 used_ = 0;
  Ref<> current_;
  std::string out_;
};

}  // namespace

Result<Ref<>> formatBytes(Thread& t, Value receiver, Value args) {
  Formatter f(t, receiver, args);
  TRY(f.run());
  return byteStringLike(t, receiver, f.out());
}

Result<Ref<>> byteString___mod__(Thread& t, Value left, Value right) {
  if (!isBytes(left) && !isByteArray(left)) return notImplementedRef();
  return formatBytes(t, left, right);
}

}  // namespace dx
