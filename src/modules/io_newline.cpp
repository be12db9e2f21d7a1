// Newlines: universal newline decoding, finding the ends of lines, the newline argument.
#include "modules/io_text.gen.h"
#include "runtime/str_units.h"

namespace dx {

Result<const char*> newlineArgument(Thread& t, const Str* newline, bool quoted) {
  if (!newline) return nullptr;
  for (const char* known : {"", "\n", "\r", "\r\n"})
    if (equalAscii(newline, known)) return known;
  if (quoted) return t.raise(kValueError, "illegal newline value: {!r}", Value(newline));
  for (i64 i = 0; i < newline->length; i++)
    if (newline->at(i) == 0) return t.raise(kValueError, "embedded null character");
  return t.raise(kValueError, "illegal newline value: {}", Value(newline));
}

Ref<Str> replaceLf(Str* s, const char* with) {
  StrBuilder out;
  for (i64 at = 0;;) {
    i64 end = findChar(s, '\n', at, s->length);
    if (end < 0) {
      if (at == 0) return retainObject(s);
      out.add(s, at, s->length);
      return out.finish();
    }
    out.add(s, at, end);
    out.add(std::string_view(with));
    at = end + 1;
  }
}

Ref<> newlinesSeen(u8 seen) {
  if (!seen) return noneRef();
  Ref<Str> kinds[3];
  i64 n = 0;
  if (seen & kSeenCr) kinds[n++] = makeAscii("\r");
  if (seen & kSeenLf) kinds[n++] = makeAscii("\n");
  if (seen & kSeenCrLf) kinds[n++] = makeAscii("\r\n");
  if (n == 1) return Ref<>(std::move(kinds[0]));
  Ref<Tuple> r = newTuple(n);
  for (i64 i = 0; i < n; i++) r->items[i] = kinds[i].release();
  return Ref<>(std::move(r));
}

// ---- universal newlines ----

namespace {

template <class U>
void noteNewlines(const U* p, i64 n, u8* seen) {
  for (i64 i = 0; i < n; i++) {
    if (p[i] == '\n') {
      *seen |= kSeenLf;
    } else if (p[i] == '\r') {
      if (i + 1 < n && p[i + 1] == '\n') {
        *seen |= kSeenCrLf;
        i++;
      } else {
        *seen |= kSeenCr;
      }
    }
    if (*seen == (kSeenCr | kSeenLf | kSeenCrLf)) return;
  }
}

// Copies with \r\n and \r as \n; returns the new length.
template <class U>
i64 translateNewlines(U* to, const U* p, i64 n, u8* seen) {
  i64 out = 0;
  for (i64 i = 0; i < n; i++) {
    U c = p[i];
    if (c == '\n') {
      *seen |= kSeenLf;
    } else if (c == '\r') {
      if (i + 1 < n && p[i + 1] == '\n') {
        *seen |= kSeenCrLf;
        i++;
      } else {
        *seen |= kSeenCr;
      }
      c = '\n';
    }
    to[out++] = c;
  }
  return out;
}

Ref<Str> translated(const Str* s, u8* seen) {
  std::vector<u8> units(size_t(s->length) * s->kind());
  i64 n = withUnits(s, [&](auto u) {
    using U = std::remove_const_t<std::remove_pointer_t<decltype(u.p)>>;
    return translateNewlines(reinterpret_cast<U*>(units.data()), u.p, u.n, seen);
  });
  switch (s->kind()) {
    case 1:
      return s->isAscii() ? makeAscii({reinterpret_cast<char*>(units.data()), size_t(n)})
                          : makeLatin1({reinterpret_cast<char*>(units.data()), size_t(n)});
    case 2:
      return makeStrFromUnits(reinterpret_cast<u16*>(units.data()), n);
    default:
      return makeStrFromUnits(reinterpret_cast<u32*>(units.data()), n);
  }
}

}  // namespace

Result<Ref<Str>> decodeNewlines(Thread& t, NewlineState& state, Ref<Str> text, bool final) {
  if (state.pendingCr && (final || text->length > 0)) {
    Ref<Str> cr = makeAscii("\r");
    text = concat(t, cr, text);
    if (!text) return Error{};
    state.pendingCr = false;
  }
  i64 n = text->length;
  // A \r at the end may be the first half of \r\n: it waits, so that nobody sees half a newline.
  if (!final && n > 0 && text->at(n - 1) == '\r') {
    text = substring(text, 0, n - 1);
    state.pendingCr = true;
    n--;
  }
  if (n == 0) return text;
  bool onlyLf = findChar(text, '\r', 0, n) < 0;
  if (onlyLf) {
    if (!(state.seen & kSeenLf) && findChar(text, '\n', 0, n) >= 0) state.seen |= kSeenLf;
    return text;
  }
  if (state.translate) return translated(text, &state.seen);
  if (state.seen != (kSeenCr | kSeenLf | kSeenCrLf))
    withUnits(text, [&](auto u) { noteNewlines(u.p, u.n, &state.seen); });
  return text;
}

// ---- ends of lines ----

namespace {

template <class U>
i64 findIn(const U* p, i64 n, const char* text) {
  size_t k = strlen(text);
  for (i64 i = 0; i + i64(k) <= n; i++)
    if (p[i] == U(text[0]) && (k == 1 || p[i + 1] == U(text[1]))) return i;
  return -1;
}

template <class U>
i64 findEnding(const U* p, i64 n, const LineEnding& how, i64* safe) {
  if (how.translated) {
    if constexpr (sizeof(U) == 1) {
      const void* end = memchr(p, '\n', size_t(n));
      if (end) return static_cast<const U*>(end) - p + 1;
    } else {
      for (i64 i = 0; i < n; i++)
        if (p[i] == '\n') return i + 1;
    }
    *safe = n;
    return -1;
  }
  if (how.universal) {
    for (i64 i = 0; i < n; i++) {
      if (p[i] == '\n') return i + 1;
      if (p[i] == '\r') return i + (i + 1 < n && p[i + 1] == '\n' ? 2 : 1);
    }
    *safe = n;
    return -1;
  }
  i64 k = i64(strlen(how.text));
  i64 at = findIn(p, n, how.text);
  if (at >= 0) return at + k;
  // The last character may begin an ending of two.
  *safe = k == 2 && n > 0 && p[n - 1] == U(how.text[0]) ? n - 1 : n;
  return -1;
}

}  // namespace

i64 findLineEnding(const Str* s, i64 start, i64 end, const LineEnding& how, i64* safe) {
  return withUnits(s, [&](auto u) { return findEnding(u.p + start, end - start, how, safe); });
}
i64 findLineEnding(const u32* s, i64 n, const LineEnding& how, i64* safe) {
  return findEnding(s, n, how, safe);
}

// ---- IncrementalNewlineDecoder ----

Result<void> nldecoder___init__(Thread&, NewlineDecoder& self, Value decoder, bool translate,
                                Value errors) {
  setField(self.decoder, retain(decoder));
  setField(self.errors, retain(errors));
  self.state = {false, translate, 0};
  return {};
}

static Result<void> requireDecoder(Thread& t, NewlineDecoder& self) {
  if (self.decoder) return {};
  return t.raise(kValueError, "IncrementalNewlineDecoder.__init__() not called");
}

Result<Ref<>> nldecoder_decode(Thread& t, NewlineDecoder& self, Value input, bool final) {
  TRY(requireDecoder(t, self));
  Ref<> text;
  if (isNone(self.decoder)) {
    text = retain(input);
  } else {
    Ref<> decoder = retain(self.decoder);
    text = TRY(callMethodWith(t, decoder, DX_NAME("decode"), input, boolean(final)));
  }
  if (!isStr(text))
    return t.raise(kTypeError, "decoder should return a string result, not '{}'", typeOf(text));
  return Ref<>(TRY(decodeNewlines(t, self.state, std::move(text).cast<Str>(), final)));
}

Result<Ref<>> nldecoder_getstate(Thread& t, NewlineDecoder& self) {
  TRY(requireDecoder(t, self));
  Ref<> held = Ref<>(makeBytes({}));
  Ref<> flag = makeInt(0);
  if (!isNone(self.decoder)) {
    Ref<> decoder = retain(self.decoder);
    Ref<> state = TRY(callMethod(t, decoder, DX_NAME("getstate"), {}));
    if (!isTuple(state) || state.as<Tuple>()->size != 2 || !isInt(state.as<Tuple>()->items[1]))
      return t.raise(kTypeError, "illegal decoder state");
    held = retain(state.as<Tuple>()->items[0]);
    flag = retain(state.as<Tuple>()->items[1]);
  }
  flag = TRY(intShift(t, flag, Value::smallInt(1), true));
  if (self.state.pendingCr) flag = intBitwise(BinaryOp::Or, flag, Value::smallInt(1));
  return Ref<>(tupleOf(held.get(), flag.get()));
}

Result<void> nldecoder_setstate(Thread& t, NewlineDecoder& self, Value state) {
  TRY(requireDecoder(t, self));
  if (!isTuple(state)) return t.raise(kTypeError, "state argument must be a tuple");
  Tuple* s = state.as<Tuple>();
  if (s->size != 2 || !isInt(s->items[1]))
    return t.raise(kTypeError, "setstate(): illegal state argument");
  u64 flag = TRY(argU64Mask(t, s->items[1]));
  self.state.pendingCr = flag & 1;
  if (isNone(self.decoder)) return {};
  Ref<> decoder = retain(self.decoder);
  Ref<Tuple> inner = tupleOf(s->items[0], makeInt(flag >> 1).get());
  (void)TRY(callMethodWith(t, decoder, DX_NAME("setstate"), Value(inner)));
  return {};
}

Result<Ref<>> nldecoder_reset(Thread& t, NewlineDecoder& self) {
  TRY(requireDecoder(t, self));
  self.state.seen = 0;
  self.state.pendingCr = false;
  if (isNone(self.decoder)) return noneRef();
  Ref<> decoder = retain(self.decoder);
  return callMethod(t, decoder, DX_NAME("reset"), {});
}

Result<Ref<>> nldecoder_get_newlines(Thread& t, NewlineDecoder& self) {
  TRY(requireDecoder(t, self));
  return newlinesSeen(self.state.seen);
}

}  // namespace dx
