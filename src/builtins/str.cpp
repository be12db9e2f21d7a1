// str: construction, death, the sequence protocol and the iterator.
#include "builtins/str.gen.h"
#include "runtime/codecs.h"
#include "runtime/small_text.h"
#include "runtime/str_intern.h"
#include "runtime/str_text.h"

namespace dx {

Ref<> strOfClass(Type& cls, Ref<Str> value) {
  if (&cls == &PyUnicode_Type) return exactStr(value);
  auto* s = static_cast<LegacyStr*>(newInstance(&cls));
  size_t bytes = size_t(value->length) * value->kind();
  s->length = value->length;
  s->hash = hashStr(value);
  s->state = (value->state & (kStrAscii | 7u << kStrKindShift));
  s->ptr = allocate(bytes + value->kind());
  memcpy(s->ptr, value->data(), bytes);
  memset(static_cast<u8*>(s->ptr) + bytes, 0, value->kind());
  if (value->isAscii()) {
    s->utf8 = static_cast<char*>(s->ptr);
    s->utf8Length = value->length;
  }
  return Ref<>::steal(Value(s));
}

void str_dealloc(Object* o) {
  auto* s = static_cast<CompactStr*>(o);
  if (o->type == &PyUnicode_Type && endSmallStr(s)) return;
  if (s->interned() == kStrInternedMortal) forgetInterned(s);
  if (s->isCompact()) {
    if (!s->isAscii() && s->utf8) release(s->utf8);
  } else {
    void* data = static_cast<LegacyStr*>(o)->ptr;
    if (s->utf8 && s->utf8 != data) release(s->utf8);
    if (data) release(data);
  }
  freeObject(o);
}

Result<const char*> codecName(Thread& t, Str& name) {
  std::string_view text = TRY(utf8(t, &name));
  if (text.find('\0') != std::string_view::npos)
    return t.raise(kValueError, "embedded null character");
  return text.data();
}

DX_COLD static Result<Ref<>> decodeArgument(Thread& t, Value object, Value encoding, Value errors) {
  const char *encodingName = nullptr, *errorsName = nullptr;
  if (encoding) {
    if (!isStr(encoding))
      return t.raise(kTypeError, "str() argument 'encoding' must be str, not {}", typeOf(encoding));
    encodingName = TRY(codecName(t, *encoding.as<Str>()));
  }
  if (errors) {
    if (!isStr(errors))
      return t.raise(kTypeError, "str() argument 'errors' must be str, not {}", typeOf(errors));
    errorsName = TRY(codecName(t, *errors.as<Str>()));
  }
  if (!object) return Ref<>(Ref<Str>::steal(emptyStr()));
  if (isBytes(object))
    return decode(t, object.as<Bytes>()->view(), encodingName, errorsName, true, nullptr);
  if (isStr(object)) return t.raise(kTypeError, "decoding str is not supported");
  if (!hasBuffer(object))
    return t.raise(kTypeError, "decoding to str: need a bytes-like object, {} found",
                   typeOf(object));
  Buffer buffer;
  TRY(Buffer::get(t, object, &buffer));
  return decode(t, buffer.bytes(), encodingName, errorsName, true, nullptr);
}

Result<Ref<>> str___new__(Thread& t, Type& cls, Value object, Value encoding, Value errors) {
  Ref<> text;
  if (encoding || errors)
    text = TRY(decodeArgument(t, object, encoding, errors));
  else if (!object)
    text = Ref<Str>::steal(emptyStr());
  else
    text = TRY(str(t, object));
  if (&cls == &PyUnicode_Type) return text;
  return strOfClass(cls, std::move(text).cast<Str>());
}

// ---- special methods ----

Result<Ref<>> str___repr__(Thread&, Str& self) { return Ref<>(strRepr(&self)); }
Result<Ref<>> str___str__(Thread&, Str& self) { return sameStr(self); }
Result<i64> str___hash__(Thread&, Str& self) { return hashStr(&self); }
Result<i64> str___len__(Thread&, Str& self) { return self.length; }

Result<Ref<>> str___richcompare__(Thread&, Str& self, Value other, CompareOp op) {
  if (!isStr(other)) return notImplementedRef();
  auto* o = other.as<Str>();
  if (op == CompareOp::Eq) return boolRef(equalStr(&self, o));
  if (op == CompareOp::Ne) return boolRef(!equalStr(&self, o));
  int order = compareStr(&self, o);
  switch (op) {
    case CompareOp::Lt:
      return boolRef(order < 0);
    case CompareOp::Le:
      return boolRef(order <= 0);
    case CompareOp::Gt:
      return boolRef(order > 0);
    default:
      return boolRef(order >= 0);
  }
}

Result<bool> str___contains__(Thread& t, Str& self, Value item) {
  if (!isStr(item))
    return t.raise(kTypeError, "'in <string>' requires string as left operand, not {}",
                   typeOf(item));
  return findStr(&self, item.as<Str>(), 0, self.length) >= 0;
}

Result<Ref<>> str___seqitem__(Thread& t, Str& self, i64 index) {
  if (u64(index) >= u64(self.length)) return t.raise(kIndexError, "string index out of range");
  return Ref<>(makeChar(self.at(index)));
}

static Ref<Str> stepped(Str& self, const SliceBounds& b) {
  StrBuilder out;
  for (i64 i = 0, at = b.start; i < b.count; i++, at += b.step) out.add(self.at(at));
  return out.finish();
}

Result<Ref<>> str___getitem__(Thread& t, Str& self, Value key) {
  if (isInt(key) || (hasIndex(key) && !isInstanceOf(key, &PySlice_Type))) {
    i64 i = TRY(indexI64(t, key, kIndexError));
    if (i < 0) i += self.length;
    return str___seqitem__(t, self, i);
  }
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "string indices must be integers, not '{}'", typeOf(key));
  SliceBounds b = TRY(resolveSlice(t, *key.as<Slice>(), self.length));
  if (b.count <= 0) return Ref<>(Ref<Str>::steal(emptyStr()));
  if (b.step == 1) return Ref<>(substring(&self, b.start, b.start + b.count));
  return Ref<>(stepped(self, b));
}

Result<Ref<>> str___add__(Thread& t, Str& self, Value other) {
  if (!isStr(other))
    return t.raise(kTypeError, "can only concatenate str (not \"{}\") to str", typeOf(other));
  Ref<Str> r = concat(t, &self, other.as<Str>());
  if (!r) return Error{};
  return Ref<>(std::move(r));
}

Result<Ref<>> str___mul__(Thread& t, Str& self, i64 count) {
  if (count <= 0 || self.length == 0) return Ref<>(Ref<Str>::steal(emptyStr()));
  if (count == 1) return sameStr(self);
  if (count > kMaxStrBytes / self.length) return t.raiseMemory();
  Ref<Str> r = newStr(self.length * count, maxChar(&self));
  if (!r) return t.raiseMemory();
  if (self.length == 1) {
    fillUnits(r, 0, count, self.at(0));
    return Ref<>(std::move(r));
  }
  copyAll(r, 0, &self);
  size_t done = size_t(self.length) * self.kind(), total = done * size_t(count);
  u8* data = r->data();
  while (done < total) {  // double what is there
    size_t n = std::min(done, total - done);
    memcpy(data + done, data, n);
    done += n;
  }
  return Ref<>(std::move(r));
}

Result<Ref<>> str___getnewargs__(Thread& t, Str& self) {
  // A copy: what is made of it must not be the string itself.
  Ref<Str> copy = self.length > 1 ? newStr(self.length, maxChar(&self)) : exactStr(&self);
  if (!copy) return t.raiseMemory();
  if (self.length > 1) copyAll(copy, 0, &self);
  return Ref<>(tupleOf(Value(copy)));
}

Result<i64> str___sizeof__(Thread&, Str& self) {
  i64 size = self.isCompact() ? i64(self.isAscii() ? sizeof(Str) : sizeof(CompactStr))
                              : self.type->basicSize;
  size += (self.length + 1) * self.kind();
  auto* c = static_cast<CompactStr*>(&self);
  if (!self.isAscii() && c->utf8) size += c->utf8Length + 1;
  return size;
}

Result<Ref<>> str_encode(Thread& t, Str& self, Str& encoding, Str& errors) {
  if (&errors == DX_NAME("strict"))
    if (Ref<Bytes> b = encodeSound(&self, &encoding)) return Ref<>(std::move(b));
  const char* name = TRY(codecName(t, encoding));
  const char* handler = TRY(codecName(t, errors));
  return encode(t, &self, name, handler);
}

// ---- the iterator ----

Result<Ref<>> str___iter__(Thread&, Str& self) { return makeCursor(&PyUnicodeIter_Type, &self, 0); }
Result<Ref<>> striter___iter__(Thread&, SequenceCursor& self) { return retain(Value(&self)); }

Result<Ref<>> striter___next__(Thread&, SequenceCursor& self) {
  if (self.sequence.isEmpty()) return Ref<>();
  auto* s = self.sequence.as<Str>();
  if (self.index < s->length) return Ref<>(makeChar(s->at(self.index++)));
  clearField(self.sequence);
  return Ref<>();
}

Result<i64> striter___length_hint__(Thread&, SequenceCursor& self) {
  if (self.sequence.isEmpty()) return 0;
  return std::max<i64>(0, self.sequence.as<Str>()->length - self.index);
}

Result<Ref<>> striter___reduce__(Thread& t, SequenceCursor& self) {
  return reduceCursor(t, self, "iter", Value(emptyStr()));
}

Result<void> striter___setstate__(Thread& t, SequenceCursor& self, Value state) {
  TRY(setCursor(t, self, state));
  if (self.sequence && self.index > self.sequence.as<Str>()->length)
    self.index = self.sequence.as<Str>()->length;
  return {};
}

}  // namespace dx
