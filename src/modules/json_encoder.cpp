// Writing JSON: what json.encoder._make_iterencode does, into one string.
#include <cmath>

#include "base/float_text.h"
#include "modules/_json.gen.h"
#include "runtime/str_units.h"

namespace dx {

// ---- strings ----

static void addUnicodeEscape(StrBuilder& out, u32 c) {
  char text[16];
  if (c >= 0x10000) {
    c -= 0x10000;
    snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xD800 | c >> 10, 0xDC00 | (c & 0x3FF));
  } else {
    snprintf(text, sizeof text, "\\u%04x", c);
  }
  out.add(std::string_view(text));
}

constexpr auto kEscaped = simd::ByteSet("\"\\").addRange(0, 0x1F),
               kEscapedAscii =
                   simd::ByteSet(kEscaped).addRange(0x7F, 0xFF).withAbove(simd::Above::kIn);

void addJsonString(StrBuilder& out, const Str* s, bool asciiOnly) {
  out.add(u32('"'));
  withUnits(s, [&](auto u) {
    i64 plainFrom = 0;
    const simd::ByteSet& special = asciiOnly ? kEscapedAscii : kEscaped;
    for (i64 i = 0; i < u.n; i++) {
      if (i == plainFrom && u.n - i >= kShortText) {
        i += i64(simd::findIn(u.p + i, size_t(u.n - i), special));
        if (i == u.n) break;
      }
      u32 c = u[i];
      bool stays = c >= ' ' && c != '"' && c != '\\';
      if (stays && (!asciiOnly || c < 0x7F)) continue;
      out.add(s, plainFrom, i);
      plainFrom = i + 1;
      switch (c) {
        case '"':
          out.add("\\\"");
          break;
        case '\\':
          out.add("\\\\");
          break;
        case '\b':
          out.add("\\b");
          break;
        case '\f':
          out.add("\\f");
          break;
        case '\n':
          out.add("\\n");
          break;
        case '\r':
          out.add("\\r");
          break;
        case '\t':
          out.add("\\t");
          break;
        default:
          addUnicodeEscape(out, c);
      }
    }
    out.add(s, plainFrom, u.n);
  });
  out.add(u32('"'));
}

static Result<Ref<>> quoted(Thread& t, Value string, bool asciiOnly) {
  if (!isStr(string))
    return t.raise(kTypeError, "first argument must be a string, not {}", typeOf(string));
  auto* s = string.as<Str>();
  bool plain = withUnits(s, [&](auto u) {
    return i64(simd::findIn(u.p, size_t(u.n), asciiOnly ? kEscapedAscii : kEscaped)) == u.n;
  });
  if (plain) {
    Ref<Str> r = newStr(s->length + 2, maxChar(s));
    if (!r) return t.raiseMemory();
    fillUnits(r, 0, 1, '"');
    copyAll(r, 1, s);
    fillUnits(r, s->length + 1, 1, '"');
    return Ref<>(std::move(r));
  }
  StrBuilder out;
  addJsonString(out, s, asciiOnly);
  return Ref<>(out.finish());
}
Result<Ref<>> _json_encode_basestring(Thread& t, Value string) { return quoted(t, string, false); }
Result<Ref<>> _json_encode_basestring_ascii(Thread& t, Value string) {
  return quoted(t, string, true);
}

// ---- values ----

namespace {

enum class StringMode { Call, Plain, Ascii };

StringMode stringMode(Value encoder) {
  if (!isInstanceOf(encoder, &PyCFunction_Type)) return StringMode::Call;
  auto* f = encoder.as<CFunction>();
  if (!isStr(f->module) || !equalAscii(f->module.as<Str>(), "_json")) return StringMode::Call;
  if (strcmp(f->def->name, "encode_basestring_ascii") == 0) return StringMode::Ascii;
  return strcmp(f->def->name, "encode_basestring") == 0 ? StringMode::Plain : StringMode::Call;
}

class Encoder {
 public:
  Encoder(Thread& t, JsonEncoder& options)
      : t_(t),
        o_(options),
        mode_(stringMode(options.encoder)),
        indented_(!isNone(options.indent)) {}

  Result<void> value(Value v, i64 level) {
    if (isNone(v)) return literal("null");
    if (v == trueValue()) return literal("true");
    if (v == falseValue()) return literal("false");
    if (isStr(v)) return string(v);
    if (isInt(v)) return integer(v);
    if (isInstanceOf(v, &PyFloat_Type)) return real(v);
    RecursionGuard guard(t_);
    TRY(guard.check(" while encoding a JSON object"));
    if (isList(v) || isTuple(v)) return sequence(v, level);
    if (isDict(v)) return mapping(v.as<Dict>(), level);
    return other(v, level);
  }

  Ref<Str> finish() { return out_.finish(); }

 private:
  Result<void> literal(const char* text) {
    out_.add(text);
    return {};
  }
  Result<void> string(Value v) {
    if (mode_ != StringMode::Call) {
      addJsonString(out_, v.as<Str>(), mode_ == StringMode::Ascii);
      return {};
    }
    Ref<> encoded = TRY(callWith(t_, o_.encoder, v));
    if (!isStr(encoded))
      return t_.raise(kTypeError, "encoder() must return a string, not {}", typeOf(encoded));
    out_.add(encoded.as<Str>());
    return {};
  }
  Result<void> integer(Value v) {
    Ref<> exact = exactInt(v);
    out_.add(TRY(repr(t_, exact)).get());
    return {};
  }
  Result<void> real(Value v) {
    double d = floatValue(v);
    if (!std::isfinite(d)) {
      if (!o_.allowNan)
        return t_.raise(kValueError, "Out of range float values are not JSON compliant: {!r}", v);
      return literal(std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
    }
    std::string text;
    floatRepr(d, &text);
    out_.add(std::string_view(text));
    return {};
  }

  // Marks a container as being written; empty when cycles are not looked for.
  Result<Ref<>> mark(Value v) {
    if (isNone(o_.markers)) return noneRef();
    Ref<> id = makeInt(v.bits());
    if (TRY(dictGet(t_, o_.markers.as<Dict>(), id)))
      return t_.raise(kValueError, "Circular reference detected");
    TRY(dictSet(t_, o_.markers.as<Dict>(), id, v));
    return id;
  }
  Result<void> unmark(Value id) {
    if (!isNone(id)) TRY(dictDelete(t_, o_.markers.as<Dict>(), id));
    return {};
  }

  void newline(i64 level) {
    out_.add(u32('\n'));
    for (i64 i = 0; i < level; i++) out_.add(o_.indent.as<Str>());
  }
  void separate(i64 level) {
    out_.add(o_.itemSeparator.as<Str>());
    if (indented_) newline(level);
  }

  // The pending exception says where in the data it happened.
  template <class... A>
  DX_COLD Error noteError(const char* format, const A&... args) {
    Ref<> exception = t_.takeException();
    Ref<Str> note = formatStr(format, args...);
    if (note) (void)callMethodWith(t_, exception, DX_NAME("add_note"), note);
    t_.clearException();
    t_.restoreException(std::move(exception));
    return Error{};
  }

  Result<void> sequence(Value v, i64 level) {
    if (v.as<VarObject>()->size == 0) return literal("[]");
    Ref<> id = TRY(mark(v));
    Ref<> items = TRY(sequenceFast(t_, v, "_iterencode_list needs a sequence"));
    out_.add(u32('['));
    if (indented_) newline(level + 1);
    // Encoding may run Python that changes the list.
    for (i64 i = 0; i < items.as<VarObject>()->size; i++) {
      if (i) separate(level + 1);
      Ref<> item = retain(isList(items) ? items.as<List>()->items[i] : items.as<Tuple>()->items[i]);
      if (!value(item, level + 1)) return noteError("when serializing {} item {}", typeOf(v), i);
    }
    TRY(unmark(id));
    if (indented_) newline(level);
    out_.add(u32(']'));
    return {};
  }

  // Writes the key as a string; false: it is skipped.
  Result<bool> key(Value k, bool first, i64 level) {
    Ref<Str> text;
    if (isStr(k))
      text = retainObject(k.as<Str>());
    else if (isNone(k))
      text = makeAscii("null");
    else if (isBool(k))
      text = makeAscii(k == trueValue() ? "true" : "false");
    else if (isInt(k))
      text = TRY(repr(t_, exactInt(k)));
    else if (isInstanceOf(k, &PyFloat_Type)) {
      StrBuilder kept;
      double d = floatValue(k);
      if (!std::isfinite(d) && !o_.allowNan)
        return t_.raise(kValueError, "Out of range float values are not JSON compliant: {!r}", k);
      std::string shown;
      if (std::isfinite(d))
        floatRepr(d, &shown);
      else
        shown = std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
      text = makeAscii(shown);
    } else if (o_.skipKeys) {
      return false;
    } else {
      return t_.raise(kTypeError, "keys must be str, int, float, bool or None, not {}", typeOf(k));
    }
    if (!first) separate(level);
    TRY(string(text));
    out_.add(o_.keySeparator.as<Str>());
    return true;
  }

  Result<bool> member(Value k, Value v, bool first, i64 level, Value dict) {
    if (!TRY(key(k, first, level))) return false;
    if (!value(v, level)) return noteError("when serializing {} item {!r}", typeOf(dict), k);
    return true;
  }

  Result<void> mapping(Dict* dict, i64 level) {
    i64 size = TRY(length(t_, dict));
    if (size == 0) return literal("{}");
    Ref<> id = TRY(mark(dict));
    out_.add(u32('{'));
    if (indented_) newline(level + 1);
    bool first = true;
    if (o_.sortKeys || !isExactDict(dict)) {
      Ref<> items = TRY(callMethodWith(t_, dict, DX_NAME("items")));
      Ref<List> list = TRY(listFrom(t_, items));
      if (o_.sortKeys) (void)TRY(callMethodWith(t_, list, DX_NAME("sort")));
      for (i64 i = 0; i < list->size; i++) {
        Ref<> item = retain(list->items[i]);
        if (!isTuple(item) || item.as<Tuple>()->size != 2)
          return t_.raise(kValueError, "items must return 2-tuples");
        if (TRY(member(item.as<Tuple>()->items[0], item.as<Tuple>()->items[1], first, level + 1,
                       dict)))
          first = false;
      }
    } else {
      i64 position = 0;
      Value k, v;
      while (dictNext(dict, &position, &k, &v)) {
        Ref<> keyRef = retain(k), valueRef = retain(v);
        if (TRY(member(keyRef, valueRef, first, level + 1, dict))) first = false;
      }
    }
    TRY(unmark(id));
    if (indented_) newline(level);
    out_.add(u32('}'));
    return {};
  }

  Result<void> other(Value v, i64 level) {
    Ref<> id = TRY(mark(v));
    Ref<> replacement = TRY(callWith(t_, o_.fallback, v));
    if (!value(replacement, level)) return noteError("when serializing {} object", typeOf(v));
    return unmark(id);
  }

  Thread& t_;
  JsonEncoder& o_;
  StringMode mode_;
  bool indented_;
  StrBuilder out_;
};

}  // namespace

Result<Ref<>> jencoder___new__(Thread& t, Type& cls, Value markers, Value fallback, Value encoder,
                               Value indent, Str& keySeparator, Str& itemSeparator, bool sortKeys,
                               bool skipKeys, bool allowNan) {
  if (!isNone(markers) && !isDict(markers))
    return t.raise(kTypeError, "make_encoder() argument 1 must be dict or None, not {}",
                   typeOf(markers));
  auto e = Ref<JsonEncoder>::steal(static_cast<JsonEncoder*>(newInstance(&cls)));
  e->markers = retain(markers).release();
  e->fallback = retain(fallback).release();
  e->encoder = retain(encoder).release();
  e->indent = retain(indent).release();
  e->keySeparator = retain(Value(&keySeparator)).release();
  e->itemSeparator = retain(Value(&itemSeparator)).release();
  e->sortKeys = sortKeys;
  e->skipKeys = skipKeys;
  e->allowNan = allowNan;
  if (!gcIsTracked(e)) gcTrack(e);
  return Ref<>(std::move(e));
}

Result<Ref<>> jencoder___call__(Thread& t, JsonEncoder& self, Value obj, i64 level) {
  if (!isNone(self.indent) && !isStr(self.indent))
    return t.raise(kTypeError, "can only concatenate str (not \"{}\") to str", typeOf(self.indent));
  Encoder encoder(t, self);
  TRY(encoder.value(obj, level));
  return Ref<>(tupleOf(encoder.finish()));
}

}  // namespace dx
