// str.format and str.format_map.
#include "builtins/str.gen.h"
#include "runtime/str_markup.h"

namespace dx {

namespace {

class MarkupFormatter {
 public:
  MarkupFormatter(Thread& t, Str* format, const Values* args, Value mapping)
      : t_(t), format_(format), args_(args), mapping_(mapping) {}

  Result<Ref<Str>> build(StrSpan span, int depth) {
    if (depth <= 0) return t_.raise(kValueError, "Max string recursion exceeded");
    StrBuilder out;
    i64 at = span.start;
    MarkupPiece piece;
    while (TRY(nextMarkup(t_, format_, &at, span.end, &piece))) {
      out.add(format_, piece.literal.start, piece.literal.end);
      if (!piece.hasField) continue;
      Ref<Str> text = TRY(field(piece, depth));
      out.add(text.get());
    }
    return out.finish();
  }

 private:
  enum class Numbering { Unknown, Automatic, Manual };

  Result<Ref<Str>> field(const MarkupPiece& piece, int depth) {
    Ref<> value = TRY(lookUp(piece.name));
    switch (piece.conversion) {
      case 0:
        break;
      case 'r':
        value = TRY(repr(t_, value));
        break;
      case 's':
        value = TRY(str(t_, value));
        break;
      case 'a':
        value = TRY(ascii(t_, value));
        break;
      default:
        return unknownConversion(piece.conversion);
    }
    Ref<Str> spec;
    if (piece.nestedSpec)
      spec = TRY(build(piece.spec, depth - 1));
    else
      spec = substring(format_, piece.spec.start, piece.spec.end);
    return format(t_, value, spec);
  }

  DX_COLD Error unknownConversion(u32 c) {
    if (c > 32 && c < 127)
      return t_.raise(kValueError, "Unknown conversion specifier {}", std::string(1, char(c)));
    char hex[16];
    snprintf(hex, sizeof hex, "%x", c);
    return t_.raise(kValueError, "Unknown conversion specifier \\x{}", hex);
  }

  Result<Ref<>> lookUp(StrSpan name) {
    i64 at = 0;
    StrSpan first = markupFirst(format_, name, &at);
    i64 index = TRY(markupInteger(t_, format_, first));
    if (first.empty() || index >= 0) {
      Numbering wanted = first.empty() ? Numbering::Automatic : Numbering::Manual;
      if (numbering_ == Numbering::Unknown) numbering_ = wanted;
      if (numbering_ != wanted)
        return t_.raise(
            kValueError,
            wanted == Numbering::Automatic
                ? "cannot switch from manual field specification to automatic field numbering"
                : "cannot switch from automatic field numbering to manual field specification");
      if (first.empty()) index = nextIndex_++;
    }
    Ref<> value = TRY(root(first, index));
    FieldStep step;
    while (TRY(nextFieldStep(t_, format_, &at, name.end, &step))) {
      Ref<> key;
      if (!step.isAttribute && step.index >= 0)
        key = makeInt(step.index);
      else
        key = substring(format_, step.name.start, step.name.end);
      value =
          step.isAttribute ? TRY(getAttr(t_, value, key.as<Str>())) : TRY(getItem(t_, value, key));
    }
    return value;
  }

  Result<Ref<>> root(StrSpan first, i64 index) {
    if (index >= 0) {
      if (!args_) return t_.raise(kValueError, "Format string contains positional fields");
      if (u64(index) >= args_->size())
        return t_.raise(kIndexError, "Replacement index {} out of range for positional args tuple",
                        index);
      return retain((*args_)[size_t(index)]);
    }
    Ref<Str> key = substring(format_, first.start, first.end);
    if (mapping_.isEmpty()) return raiseKeyError(t_, key);
    return getItem(t_, mapping_, key);
  }

  Thread& t_;
  Str* format_;
  const Values* args_;
  Value mapping_;
  Numbering numbering_ = Numbering::Unknown;
  i64 nextIndex_ = 0;
};

}  // namespace

Result<Ref<>> formatMarkup(Thread& t, Str* format, const Values* args, Value mapping) {
  MarkupFormatter formatter(t, format, args, mapping);
  return Ref<>(TRY(formatter.build({0, format->length}, 2)));
}

Result<Ref<>> str_format(Thread& t, Str& self, Values args, Dict* kwargs) {
  return formatMarkup(t, &self, &args, kwargs ? Value(kwargs) : Value());
}

Result<Ref<>> str_format_map(Thread& t, Str& self, Value mapping) {
  return formatMarkup(t, &self, nullptr, mapping);
}

}  // namespace dx
