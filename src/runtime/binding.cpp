// Binding of call arguments to the parameters of native functions, with the error texts of
// CPython's argument parsers.
#include <algorithm>

#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/int.h"
#include "runtime/native.h"
#include "runtime/str.h"

namespace dx {

namespace {

const char* shortName(const ParamSpec& spec) {
  const char* dot = strrchr(spec.function, '.');
  return dot ? dot + 1 : spec.function;
}

bool hasKeywordParameters(const ParamSpec& s) {
  return s.positionalOnly < s.positional || s.keywordOnly || s.varKeywords;
}

// Purely positional functions: three families of texts, by METH_NOARGS, METH_O and the rest.
DX_COLD Error wrongCount(Thread& t, const ParamSpec& s, u32 given) {
  if (s.positional == 0)
    return t.raise(kTypeError, "{}() takes no arguments ({} given)", s.function, given);
  if (s.positional == 1 && s.required == 1)
    return t.raise(kTypeError, "{}() takes exactly one argument ({} given)", s.function, given);
  const char* name = shortName(s);
  bool few = given < s.required;
  u32 bound = few ? s.required : s.positional;
  const char* how = s.required == s.positional && !s.varArgs ? "" : few ? "at least " : "at most ";
  return t.raise(kTypeError, "{} expected {}{} argument{}, got {}", name, how, bound,
                 bound == 1 ? "" : "s", given);
}

DX_COLD Error tooManyPositional(Thread& t, const ParamSpec& s, u32 given, u32 keywords) {
  const char* name = shortName(s);
  u32 total = s.positional + s.keywordOnly;
  if (s.positional == 0) return t.raise(kTypeError, "{}() takes no positional arguments", name);
  if (given + keywords > total || s.keywordOnly == 0)
    return t.raise(kTypeError, "{}() takes {} {} argument{} ({} given)", name,
                   s.required + (s.keywordOnly ? 0u : 0u) == total ? "exactly" : "at most", total,
                   total == 1 ? "" : "s", given + keywords);
  return t.raise(kTypeError, "{}() takes {} {} positional argument{} ({} given)", name,
                 s.required == s.positional ? "exactly" : "at most", u32(s.positional),
                 s.positional == 1 ? "" : "s", given);
}

}  // namespace

Result<void> bindArgs(Thread& t, const ParamSpec& spec, const Args& args, Value* out, Values* rest,
                      Ref<Dict>* keywords) {
  u32 total = u32(spec.positional) + spec.keywordOnly;
  u32 nkw = args.keywordCount();
  if (nkw && !hasKeywordParameters(spec))
    return t.raise(kTypeError, "{}() takes no keyword arguments", spec.function);
  if (args.count > spec.positional && !spec.varArgs) [[unlikely]] {
    if (!hasKeywordParameters(spec)) return wrongCount(t, spec, args.count);
    return tooManyPositional(t, spec, args.count, nkw);
  }
  u32 taken = std::min<u32>(args.count, spec.positional);
  for (u32 i = 0; i < taken; i++) out[i] = args.v[i];
  for (u32 i = taken; i < total; i++) out[i] = Value();
  if (rest)
    *rest = args.count > spec.positional
                ? Values(args.v + spec.positional, args.count - spec.positional)
                : Values();

  for (u32 k = 0; k < nkw; k++) {
    Str* key = args.names->items[k].as<Str>();
    Value value = args.v[args.count + k];
    u32 i = spec.positionalOnly;
    while (i < total && !equalAscii(key, spec.names[i])) i++;
    if (i == total) {
      if (keywords) {
        if (!*keywords) *keywords = newDict();
        TRY(dictSet(t, *keywords, key, value));
        continue;
      }
      for (u32 p = 0; p < spec.positionalOnly; p++)
        if (equalAscii(key, spec.names[p]) && spec.names[p][0])
          return t.raise(
              kTypeError,
              "{}() got some positional-only arguments passed as keyword arguments: '{}'",
              shortName(spec), Value(key));
      return t.raise(kTypeError, "{}() got an unexpected keyword argument '{}'", shortName(spec),
                     Value(key));
    }
    if (out[i]) {
      if (i < args.count)
        return t.raise(kTypeError, "argument for {}() given by name ('{}') and position ({})",
                       shortName(spec), Value(key), i + 1);
      return t.raise(kTypeError, "{}() got multiple values for keyword argument '{}'",
                     shortName(spec), Value(key));
    }
    out[i] = value;
  }
  for (u32 i = taken; i < spec.required; i++) {
    if (out[i]) continue;
    if (!hasKeywordParameters(spec)) return wrongCount(t, spec, args.count);
    if (i < spec.positionalOnly)
      return t.raise(kTypeError, "{}() takes at least {} positional argument{} ({} given)",
                     shortName(spec), u32(std::min(spec.required, spec.positionalOnly)),
                     std::min(spec.required, spec.positionalOnly) == 1 ? "" : "s", args.count);
    return t.raise(kTypeError, "{}() missing required argument '{}' (pos {})", shortName(spec),
                   spec.names[i], i + 1);
  }
  for (u32 i = 0; i < spec.keywordOnly; i++)
    if ((spec.requiredKeywordOnly >> i & 1) && !out[spec.positional + i])
      return t.raise(kTypeError, "{}() missing required keyword-only argument '{}'",
                     shortName(spec), spec.names[spec.positional + i]);
  return {};
}

Result<i64> argIndex(Thread& t, Value v) {
  if (v.isSmallInt()) return v.smallInt();
  Ref<> n = TRY(toIndex(t, v));
  i64 out;
  if (!intToI64(n, &out))
    return t.raise(kOverflowError, "Python int too large to convert to C ssize_t");
  return out;
}

Result<i64> argI64(Thread& t, Value v) {
  if (v.isSmallInt()) return v.smallInt();
  Ref<> n = TRY(toIndex(t, v));
  i64 out;
  if (!intToI64(n, &out))
    return t.raise(kOverflowError, "Python int too large to convert to C long");
  return out;
}

Result<i32> argI32(Thread& t, Value v) {
  i64 n;
  if (v.isSmallInt()) {
    n = v.smallInt();
  } else {
    Ref<> i = TRY(toIndex(t, v));
    if (!intToI64(i, &n))
      return t.raise(kOverflowError, "Python int too large to convert to C long");
  }
  if (n > INT32_MAX) return t.raise(kOverflowError, "signed integer is greater than maximum");
  if (n < INT32_MIN) return t.raise(kOverflowError, "signed integer is less than minimum");
  return i32(n);
}

Result<u64> argU64Mask(Thread& t, Value v) {
  if (v.isSmallInt()) return u64(v.smallInt());
  Ref<> n = TRY(toIndex(t, v));
  u32 scratch[3];
  IntView view = viewInt(n, scratch);
  u64 out = 0;
  for (i64 i = 0; i < std::min<i64>(view.count, 3); i++) out |= u64(view.digits[i]) << (30 * i);
  return view.negative ? -out : out;
}

Result<double> argDouble(Thread& t, Value v) {
  return isFloat(v) ? Result<double>(floatValue(v)) : asDouble(t, v);
}

Result<void> argWrongType(Thread& t, Value v, const ParamSpec& spec, u32 index,
                          const char* expected) {
  std::string_view actual = isNone(v) ? "None" : typeNameOf(v);
  if (isStr(v) &&
      expected == std::string_view("a unicode character")) {  // a str, but not of length one
    std::string which = spec.positional == 1 ? "" : " " + std::to_string(index + 1);
    return t.raise(kTypeError,
                   "{}(): argument{} must be a unicode character, not a string of length {}",
                   shortName(spec), which, v.as<Str>()->length);
  }
  if (!hasKeywordParameters(spec)) {
    if (spec.positional == 1)
      return t.raise(kTypeError, "{}() argument must be {}, not {}", shortName(spec), expected,
                     actual);
    return t.raise(kTypeError, "{}() argument {} must be {}, not {}", shortName(spec), index + 1,
                   expected, actual);
  }
  if (index < spec.positionalOnly)
    return t.raise(kTypeError, "{}() argument {} must be {}, not {}", shortName(spec), index + 1,
                   expected, actual);
  return t.raise(kTypeError, "{}() argument '{}' must be {}, not {}", shortName(spec),
                 spec.names[index], expected, actual);
}

}  // namespace dx
