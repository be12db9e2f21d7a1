// Reading JSON: what json.scanner.py_make_scanner does, on the code units of a str.
#include "modules/_json.gen.h"
#include "runtime/str_units.h"

namespace dx {

namespace {

// Raises json.JSONDecodeError(message, document, position).
DX_COLD Error badJson(Thread& t, const char* message, Str* doc, i64 at) {
  Result<Ref<>> cls = importAttr(t, "json.decoder", "JSONDecodeError");
  if (!cls) return Error{};
  Ref<> text = makeAscii(message), position = makeInt(at);
  Result<Ref<>> e = callWith(t, *cls, text, Value(doc), position);
  if (!e) return Error{};
  return t.raiseException(std::move(e).take());
}

int hexDigit(u32 c) {
  if (c >= '0' && c <= '9') return int(c - '0');
  if (c >= 'a' && c <= 'f') return int(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return int(c - 'A' + 10);
  return -1;
}

u32 simpleEscape(u32 c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// Where a string is not what it stands for.
constexpr auto kStops = simd::ByteSet("\"\\").addRange(0, 0x1F);

template <class U>
class Scanner {
 public:
  Scanner(Thread& t, Str* doc, Units<U> u, JsonScanner* context, bool strict)
      : t_(t), doc_(doc), u_(u), context_(context), strict_(strict) {}

  // The string whose opening quote is at `at - 1`; *next is behind the closing quote.
  Result<Ref<Str>> string(i64 at, i64* next) {
    i64 begin = at - 1;
    i64 stop = TRY(plainRun(at));
    if (stop < u_.n && u_[stop] == '"') {
      *next = stop + 1;
      return substring(doc_, at, stop);
    }
    StrBuilder out;
    for (;;) {
      if (stop >= u_.n) return badJson(t_, "Unterminated string starting at", doc_, begin);
      out.add(doc_, at, stop);
      if (u_[stop] == '"') break;
      at = TRY(escape(stop + 1, begin, out));
      stop = TRY(plainRun(at));
    }
    *next = stop + 1;
    return out.finish();
  }

  Result<Ref<>> value(i64 at, i64* next) {
    if (at < 0) return t_.raise(kValueError, "idx cannot be negative");
    if (at >= u_.n) return nothing(at);
    switch (u_[at]) {
      case '"':
        return string(at + 1, next);
      case '{': {
        RecursionGuard guard(t_);
        TRY(guard.check(" while decoding a JSON object from a unicode string"));
        return object(at + 1, next);
      }
      case '[': {
        RecursionGuard guard(t_);
        TRY(guard.check(" while decoding a JSON array from a unicode string"));
        return array(at + 1, next);
      }
      case 'n':
        if (word(at, "null", next)) return noneRef();
        break;
      case 't':
        if (word(at, "true", next)) return boolRef(true);
        break;
      case 'f':
        if (word(at, "false", next)) return boolRef(false);
        break;
      case 'N':
        if (word(at, "NaN", next)) return constant("NaN");
        break;
      case 'I':
        if (word(at, "Infinity", next)) return constant("Infinity");
        break;
      case '-':
        if (word(at, "-Infinity", next)) return constant("-Infinity");
        break;
      default:
        break;
    }
    return number(at, next);
  }

 private:
  Error nothing(i64 at) {
    Ref<> position = makeInt(at);
    return raiseStopIteration(t_, position);
  }

  // Where the text stops being plain: at a quote, a backslash or the end.
  Result<i64> plainRun(i64 at) {
    i64 near = std::min(u_.n, at + kShortText);
    while (at < near && !kStops.has(u_[at])) at++;
    if (at == near) at += i64(simd::findIn(u_.p + at, size_t(u_.n - at), kStops));
    for (; at < u_.n; at++) {
      u32 c = u_[at];
      if (c == '"' || c == '\\') break;
      if (c <= 0x1F && strict_) return badJson(t_, "Invalid control character at", doc_, at);
    }
    return at;
  }

  // Four hexadecimal digits, or -1.
  i64 fourDigits(i64 at) const {
    u32 c = 0;
    for (i64 i = at; i < at + 4; i++) {
      int d = hexDigit(u_[i]);
      if (d < 0) return -1;
      c = c << 4 | u32(d);
    }
    return c;
  }

  // The escape behind a backslash; returns where text goes on.
  Result<i64> escape(i64 at, i64 begin, StrBuilder& out) {
    if (at >= u_.n) return badJson(t_, "Unterminated string starting at", doc_, begin);
    if (u_[at] != 'u') {
      u32 c = simpleEscape(u_[at]);
      if (!c) return badJson(t_, "Invalid \\escape", doc_, at - 1);
      out.add(c);
      return at + 1;
    }
    i64 digits = at + 1, end = digits + 4;
    if (end >= u_.n) return badJson(t_, "Invalid \\uXXXX escape", doc_, digits - 1);
    i64 c = fourDigits(digits);
    if (c < 0) return badJson(t_, "Invalid \\uXXXX escape", doc_, end - 5);
    if ((c & 0xFC00) == 0xD800 && end + 6 < u_.n && u_[end] == '\\' && u_[end + 1] == 'u') {
      i64 low = fourDigits(end + 2);
      if (low < 0) return badJson(t_, "Invalid \\uXXXX escape", doc_, end + 1);
      if ((low & 0xFC00) == 0xDC00) {
        c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
        end += 6;
      }
    }
    out.add(u32(c));
    return end;
  }

  bool word(i64 at, const char* text, i64* next) const {
    i64 n = i64(strlen(text));
    if (at + n > u_.n) return false;
    for (i64 i = 0; i < n; i++)
      if (u_[at + i] != U(text[i])) return false;
    *next = at + n;
    return true;
  }

  Result<Ref<>> constant(const char* name) {
    Ref<> text = makeAscii(name), function = retain(context_->parseConstant);
    return callWith(t_, function, text);
  }

  i64 skipSpace(i64 at) const {
    while (at < u_.n && (u_[at] == ' ' || u_[at] == '\t' || u_[at] == '\n' || u_[at] == '\r')) at++;
    return at;
  }
  bool isAt(i64 at, char c) const { return at < u_.n && u_[at] == U(c); }
  bool digitAt(i64 at) const { return at < u_.n && u_[at] >= '0' && u_[at] <= '9'; }

  Result<Ref<>> number(i64 start, i64* next) {
    i64 at = start;
    if (isAt(at, '-')) at++;
    if (!digitAt(at)) return nothing(start);
    if (u_[at] == '0')
      at++;
    else
      while (digitAt(at)) at++;
    bool isFloat = false;
    if (isAt(at, '.') && digitAt(at + 1)) {
      isFloat = true;
      at += 2;
      while (digitAt(at)) at++;
    }
    if (isAt(at, 'e') || isAt(at, 'E')) {
      i64 exponent = at + 1;
      if (isAt(exponent, '+') || isAt(exponent, '-')) exponent++;
      if (digitAt(exponent)) {
        isFloat = true;
        at = exponent;
        while (digitAt(at)) at++;
      }
    }
    *next = at;
    return isFloat ? floatOf(start, at) : intOf(start, at);
  }

  Result<Ref<>> intOf(i64 start, i64 end) {
    if (context_->parseInt == Value(&PyLong_Type) && end - start <= 18) {
      bool negative = u_[start] == '-';
      i64 n = 0;
      for (i64 i = start + negative; i < end; i++) n = n * 10 + (u_[i] - '0');
      return makeInt(negative ? -n : n);
    }
    Ref<> text = substring(doc_, start, end), function = retain(context_->parseInt);
    return callWith(t_, function, text);
  }
  Result<Ref<>> floatOf(i64 start, i64 end) {
    Ref<> text = substring(doc_, start, end), function = retain(context_->parseFloat);
    if (function.get() == Value(&PyFloat_Type)) return toFloat(t_, text);
    return callWith(t_, function, text);
  }

  Result<Ref<>> array(i64 at, i64* next) {
    Ref<List> list = newList();
    at = skipSpace(at);
    if (!isAt(at, ']')) {
      for (;;) {
        Ref<> item = TRY(value(at, &at));
        listAppend(list, std::move(item));
        at = skipSpace(at);
        if (isAt(at, ']')) break;
        if (!isAt(at, ',')) return badJson(t_, "Expecting ',' delimiter", doc_, at);
        i64 comma = at;
        at = skipSpace(at + 1);
        if (isAt(at, ']'))
          return badJson(t_, "Illegal trailing comma before end of array", doc_, comma);
      }
    }
    *next = at + 1;
    return Ref<>(std::move(list));
  }

  // One "key": value; the key is shared with equal keys of the same document.
  Result<Ref<>> member(i64* at, Ref<>* key) {
    if (!isAt(*at, '"'))
      return badJson(t_, "Expecting property name enclosed in double quotes", doc_, *at);
    Ref<Str> name = TRY(string(*at + 1, at));
    if (!memo_) memo_ = newDict();
    *key = retain(TRY(dictSetDefault(t_, memo_, name, name)));
    *at = skipSpace(*at);
    if (!isAt(*at, ':')) return badJson(t_, "Expecting ':' delimiter", doc_, *at);
    *at = skipSpace(*at + 1);
    return value(*at, at);
  }

  Result<Ref<>> object(i64 at, i64* next) {
    bool pairsWanted = !isNone(context_->objectPairsHook);
    Ref<List> pairs = pairsWanted ? newList() : Ref<List>();
    Ref<Dict> dict = pairsWanted ? Ref<Dict>() : newDict();
    at = skipSpace(at);
    if (!isAt(at, '}')) {
      for (;;) {
        Ref<> key;
        Ref<> item = TRY(member(&at, &key));
        if (pairsWanted)
          listAppend(pairs, Ref<>(tupleOf(key, item)));
        else
          TRY(dictSet(t_, dict, key, item));
        at = skipSpace(at);
        if (isAt(at, '}')) break;
        if (!isAt(at, ',')) return badJson(t_, "Expecting ',' delimiter", doc_, at);
        i64 comma = at;
        at = skipSpace(at + 1);
        if (isAt(at, '}'))
          return badJson(t_, "Illegal trailing comma before end of object", doc_, comma);
      }
    }
    *next = at + 1;
    if (pairsWanted) {
      Ref<> hook = retain(context_->objectPairsHook);
      return callWith(t_, hook, pairs);
    }
    if (isNone(context_->objectHook)) return Ref<>(std::move(dict));
    Ref<> hook = retain(context_->objectHook);
    return callWith(t_, hook, dict);
  }

  Thread& t_;
  Str* doc_;
  Units<U> u_;
  JsonScanner* context_;
  bool strict_;
  Ref<Dict> memo_;
};

}  // namespace

Result<Ref<>> _json_scanstring(Thread& t, Value string, i64 end, bool strict) {
  if (!isStr(string))
    return t.raise(kTypeError, "first argument must be a string, not {}", typeOf(string));
  auto* doc = string.as<Str>();
  if (end < 0 || end > doc->length) return t.raise(kValueError, "end is out of bounds");
  return withUnits(doc, [&](auto u) -> Result<Ref<>> {
    i64 next = 0;
    Scanner scanner(t, doc, u, nullptr, strict);
    Ref<Str> text = TRY(scanner.string(end, &next));
    return Ref<>(tupleOf(text, makeInt(next)));
  });
}

Result<Ref<>> jscanner___new__(Thread& t, Type& cls, Value context) {
  Ref<> strict = TRY(getAttr(t, context, "strict"));
  bool isStrict = TRY(isTrue(t, strict));
  Ref<> parts[5];
  static constexpr const char* kNames[] = {"object_hook", "object_pairs_hook", "parse_float",
                                           "parse_int", "parse_constant"};
  for (int i = 0; i < 5; i++) parts[i] = TRY(getAttr(t, context, kNames[i]));
  auto s = Ref<JsonScanner>::steal(static_cast<JsonScanner*>(newInstance(&cls)));
  s->strict = isStrict;
  Value* fields[] = {&s->objectHook, &s->objectPairsHook, &s->parseFloat, &s->parseInt,
                     &s->parseConstant};
  for (int i = 0; i < 5; i++) *fields[i] = parts[i].release();
  if (!gcIsTracked(s)) gcTrack(s);
  return Ref<>(std::move(s));
}

Result<Ref<>> jscanner___call__(Thread& t, JsonScanner& self, Value string, i64 idx) {
  if (!isStr(string))
    return t.raise(kTypeError, "first argument must be a string, not {}", typeOf(string));
  auto* doc = string.as<Str>();
  return withUnits(doc, [&](auto u) -> Result<Ref<>> {
    i64 next = 0;
    Scanner scanner(t, doc, u, &self, self.strict);
    Ref<> value = TRY(scanner.value(idx, &next));
    return Ref<>(tupleOf(value, makeInt(next)));
  });
}

Result<void> _json_exec(Thread&, Module& module) {
  moduleSet(module, "make_scanner", Value(&jsonScannerType));
  moduleSet(module, "make_encoder", Value(&jsonEncoderType));
  return {};
}

}  // namespace dx
