// str: translate and maketrans.
#include "builtins/str.gen.h"
#include "simd/kernels.h"

namespace dx {

// What table[c] says, appended. Borrows nothing over Python code but the table.
static Result<void> addTranslated(Thread& t, StrBuilder& out, Value table, u32 c) {
  Ref<> item;
  if (isExactDict(table)) {
    Value found = TRY(dictGet(t, table.as<Dict>(), Value::smallInt(c)));
    if (!found) {
      out.add(c);
      return {};
    }
    item = retain(found);
  } else {
    Result<Ref<>> got = getItem(t, table, Value::smallInt(c));
    if (!got) {
      if (!t.takeIf(kLookupError)) return Error{};
      out.add(c);
      return {};
    }
    item = std::move(got).take();
  }
  Value v = item.get();
  if (isNone(v)) return {};
  if (isStr(v)) {
    out.add(v.as<Str>());
    return {};
  }
  if (!isInt(v)) return t.raise(kTypeError, "character mapping must return integer, None or str");
  i64 to = -1;
  if (!intToI64(v, &to) || to < 0 || to > 0x10FFFF)
    return t.raise(kValueError, "character mapping must be in range(0x110000)");
  out.add(u32(to));
  return {};
}

// ASCII by a dict of ints that makes one ASCII character of each that occurs: by a table. Empty:
// otherwise. Keys that are not plain ints could be equal to one.
static Ref<Str> translateAscii(Str& self, Dict* table) {
  constexpr u8 kOther = 0x80;
  u8 to[256];
  for (u32 c = 0; c < 128; c++) to[c] = u8(c);
  memset(to + 128, kOther, 128);
  i64 position = 0;
  Value key, v;
  while (dictNext(table, &position, &key, &v)) {
    if (!key.isSmallInt()) {
      if (isExactStr(key)) continue;
      return {};
    }
    i64 c = key.smallInt();
    if (c < 0 || c > 127) continue;
    to[c] = kOther;
    if (v.isSmallInt() && u64(v.smallInt()) < 128)
      to[c] = u8(v.smallInt());
    else if (isStr(v) && v.as<Str>()->length == 1 && v.as<Str>()->at(0) < 128)
      to[c] = u8(v.as<Str>()->at(0));
  }
  Ref<Str> r = newStr(self.length, 0x7F);
  if (!r) return {};
  u8* out = r->data();
  simd::translate(self.data(), size_t(self.length), to, out);
  if (simd::findFrom(out, size_t(self.length), kOther) != size_t(self.length)) return {};
  return r;
}

Result<Ref<>> str_translate(Thread& t, Str& self, Value table) {
  if (self.isAscii() && self.length >= 2 && isExactDict(table) &&
      table.as<Dict>()->used <= 64 + 4 * self.length)
    if (Ref<Str> r = translateAscii(self, table.as<Dict>())) return Ref<>(std::move(r));
  StrBuilder out;
  // One character to one character is remembered, for ASCII.
  i16 known[128];
  memset(known, 0xFF, sizeof known);
  for (i64 i = 0; i < self.length; i++) {
    u32 c = self.at(i);
    if (c < 128 && known[c] >= 0) {
      out.add(u32(known[c]));
      continue;
    }
    i64 before = out.length();
    TRY(addTranslated(t, out, table, c));
    if (c < 128 && out.length() == before + 1 && out.at(before) < 0x7FFF)
      known[c] = i16(out.at(before));
  }
  return Ref<>(out.finish());
}

static Result<Ref<>> tableFromDict(Thread& t, Value x) {
  if (!isExactDict(x))
    return t.raise(kTypeError, "if you give only one argument to maketrans it must be a dict");
  Ref<Dict> table = newDict();
  i64 position = 0;
  Value key, value;
  while (dictNext(x.as<Dict>(), &position, &key, &value)) {
    if (isStr(key)) {
      if (key.as<Str>()->length != 1)
        return t.raise(kValueError, "string keys in translatetable must be of length 1");
      TRY(dictSet(t, table, Value::smallInt(key.as<Str>()->at(0)), value));
    } else if (isInt(key)) {
      TRY(dictSet(t, table, key, value));
    } else {
      return t.raise(kTypeError, "keys in translate table mustbe strings or integers");
    }
  }
  return Ref<>(std::move(table));
}

Result<Ref<>> str_maketrans(Thread& t, Value x, Value y, Value z) {
  if (!y) return tableFromDict(t, x);
  if (!isStr(y))
    return t.raise(kTypeError, "maketrans() argument 2 must be str, not {}", typeOf(y));
  if (z && !isStr(z))
    return t.raise(kTypeError, "maketrans() argument 3 must be str, not {}", typeOf(z));
  if (!isStr(x))
    return t.raise(kTypeError,
                   "first maketrans argument must be a string if there is a second argument");
  auto *from = x.as<Str>(), *to = y.as<Str>();
  if (from->length != to->length)
    return t.raise(kValueError, "the first two maketrans arguments must have equal length");
  Ref<Dict> table = newDict();
  for (i64 i = 0; i < from->length; i++)
    TRY(dictSet(t, table, Value::smallInt(from->at(i)), Value::smallInt(to->at(i))));
  if (z)
    for (i64 i = 0; i < z.as<Str>()->length; i++)
      TRY(dictSet(t, table, Value::smallInt(z.as<Str>()->at(i)), none()));
  return Ref<>(std::move(table));
}

}  // namespace dx
