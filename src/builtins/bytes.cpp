// bytes: making, indexing, iterating. The methods it shares with bytearray: byte_methods.cpp.
#include "builtins/byte_methods.h"
#include "builtins/bytes.gen.h"
#include "memory/heap.h"
#include "runtime/module.h"

namespace dx {

// ---- making ----

Ref<> newByteString(bool asByteArray, i64 size, char** data) {
  if (!asByteArray) {
    Ref<Bytes> b = newBytes(size);
    if (!b) return {};
    *data = b->data;
    return b;
  }
  char* storage = static_cast<char*>(allocateOrNull(size_t(size) + 1));
  if (!storage) return {};
  storage[size] = 0;
  Ref<ByteArray> a = make<ByteArray>(&PyByteArray_Type);
  a->bytes = a->start = storage;
  a->size = size;
  a->allocated = size + 1;
  *data = storage;
  return a;
}

namespace {

// bytes from an iterable of ints; TypeError "cannot convert ..." when it is none.
Result<Ref<Bytes>> fromIterable(Thread& t, Value v) {
  if (isStr(v)) return t.raise(kTypeError, "cannot convert '{}' object to bytes", typeOf(v));
  std::string out;
  if (isExactList(v) || isExactTuple(v)) {
    for (i64 i = 0;; i++) {
      Values items = isExactList(v) ? valuesOf(v.as<List>()) : valuesOf(v.as<Tuple>());
      if (i >= i64(items.size())) break;
      Ref<> item = retain(items[size_t(i)]);
      out.push_back(char(TRY(byteValue(t, item, "bytes must be in range(0, 256)"))));
    }
    return makeBytes(out);
  }
  if (v.isImmediate() || (!slotsOf(v).iter && !slotsOf(v).seqItem && !slotsOf(v).getItem))
    return t.raise(kTypeError, "cannot convert '{}' object to bytes", typeOf(v));
  Result<Ref<>> it = iter(t, v);
  if (!it) {
    if (t.takeIf(kTypeError))
      return t.raise(kTypeError, "cannot convert '{}' object to bytes", typeOf(v));
    return Error{};
  }
  Ref<> iterator = std::move(it).take();
  for (;;) {
    Result<Ref<>> item = iterNext(t, iterator);
    if (!item) {
      if (t.hasException()) return Error{};
      break;
    }
    out.push_back(char(TRY(byteValue(t, item.peek(), "bytes must be in range(0, 256)"))));
  }
  return makeBytes(out);
}

Result<Ref<Bytes>> fromBuffer(Thread& t, Value v) {
  // Also views that are not contiguous are copied, in C order.
  Ref<> view = TRY(callWith(t, &PyMemoryView_Type, v));
  Ref<> r = TRY(callMethodWith(t, view, DX_NAME("tobytes")));
  return std::move(r).cast<Bytes>();
}

// __bytes__; empty without exception when the type has none.
Result<Ref<Bytes>> fromSpecial(Thread& t, Value v) {
  if (v.isImmediate()) return Error{};
  bool missing;
  Result<Ref<>> called = callSpecial(t, v, DX_NAME("__bytes__"), {}, &missing);
  if (missing) return Error{};
  Ref<> r = TRY(std::move(called));
  if (!isBytes(r)) return t.raise(kTypeError, "__bytes__ returned non-bytes (type {})", typeOf(r));
  return std::move(r).cast<Bytes>();
}

}  // namespace

Result<Ref<Bytes>> bytesFromObject(Thread& t, Value v) {
  if (v.isObject() && v.object()->type == &PyBytes_Type) return retainObject(v.as<Bytes>());
  Result<Ref<Bytes>> special = fromSpecial(t, v);
  if (special || t.hasException()) return special;
  if (hasBuffer(v)) return fromBuffer(t, v);
  return fromIterable(t, v);
}

static Result<Ref<Bytes>> bytesValue(Thread& t, Value source, Value encoding, Value errors) {
  if (encoding && !isStr(encoding))
    return t.raise(kTypeError, "bytes() argument 'encoding' must be str, not {}", typeOf(encoding));
  if (errors && !isStr(errors))
    return t.raise(kTypeError, "bytes() argument 'errors' must be str, not {}", typeOf(errors));
  if (source.isEmpty()) {
    if (encoding) return t.raise(kTypeError, "encoding without a string argument");
    if (errors) return t.raise(kTypeError, "errors without a string argument");
    return makeBytes("");
  }
  if (encoding) {
    if (!isStr(source)) return t.raise(kTypeError, "encoding without a string argument");
    Ref<> r = errors ? TRY(callMethodWith(t, source, DX_NAME("encode"), encoding, errors))
                     : TRY(callMethodWith(t, source, DX_NAME("encode"), encoding));
    if (!isBytes(r))
      return t.raise(kTypeError, "__bytes__ returned non-bytes (type {})", typeOf(r));
    return std::move(r).cast<Bytes>();
  }
  if (errors) {
    if (isStr(source)) return t.raise(kTypeError, "string argument without an encoding");
    return t.raise(kTypeError, "errors without a string argument");
  }
  if (source.isObject() && source.object()->type == &PyBytes_Type)
    return retainObject(source.as<Bytes>());
  Result<Ref<Bytes>> special = fromSpecial(t, source);
  if (special || t.hasException()) return special;
  if (isStr(source)) return t.raise(kTypeError, "string argument without an encoding");
  if (hasIndex(source)) {
    Result<i64> size = indexI64(t, source, kOverflowError);
    if (size) {
      if (*size < 0) return t.raise(kValueError, "negative count");
      Ref<Bytes> r = newBytes(*size);
      if (!r) return t.raiseMemory();
      memset(r->data, 0, size_t(*size));
      return r;
    }
    // A class whose __index__ refuses may still be iterable.
    if (!t.matches(kTypeError) || source.isSmallInt()) return Error{};
    t.clearException();
  }
  if (hasBuffer(source)) return fromBuffer(t, source);
  return fromIterable(t, source);
}

Result<Ref<>> bytes___new__(Thread& t, Type& cls, Value source, Value encoding, Value errors) {
  Ref<Bytes> value = TRY(bytesValue(t, source, encoding, errors));
  if (&cls == &PyBytes_Type) {
    // A subclass's instance (from __bytes__) stays what it is.
    return value;
  }
  Bytes* b = static_cast<Bytes*>(newInstance(&cls, size_t(value->size)));
  b->size = value->size;
  b->hash = -1;
  memcpy(b->data, value->data, size_t(value->size) + 1);
  return Ref<>::steal(b);
}

Result<i64> bytes___hash__(Thread&, Value self) {
  Bytes* b = self.as<Bytes>();
  if (b->hash == -1) b->hash = hashBytes(b->view());
  return b->hash;
}

Result<Ref<>> bytes___bytes__(Thread&, Value self) {
  if (typeOf(self) == &PyBytes_Type) return retain(self);
  return makeBytes(bytesOf(self));
}

Result<Ref<>> bytes___getnewargs__(Thread&, Value self) {
  Ref<Bytes> copy = makeBytes(bytesOf(self));
  return tupleOf(copy);
}

Result<void> bytes_getBuffer(Thread& t, Value self, BufferView* view, int flags) {
  Bytes* b = self.as<Bytes>();
  return fillBuffer(t, view, b, b->data, b->size, true, flags);
}

Result<Ref<>> bytes___seqitem__(Thread& t, Value self, i64 i) {
  Bytes* b = self.as<Bytes>();
  if (i < 0 || i >= b->size) return t.raise(kIndexError, "index out of range");
  return makeInt(int(u8(b->data[i])));
}
Result<Ref<>> bytes___getitem__(Thread& t, Value self, Value key) {
  Bytes* b = self.as<Bytes>();
  if (hasIndex(key)) {
    i64 i = TRY(indexI64(t, key, kIndexError));
    return bytes___seqitem__(t, self, i < 0 ? i + b->size : i);
  }
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "byte indices must be integers or slices, not {}", typeOf(key));
  SliceBounds s = TRY(resolveSlice(t, *key.as<Slice>(), b->size));
  if (s.step == 1 && s.count == b->size && b->type == &PyBytes_Type) return retain(self);
  if (s.step == 1) return makeBytes({b->data + s.start, size_t(s.count)});
  Ref<Bytes> out = newBytes(s.count);
  if (!out) return t.raiseMemory();
  for (i64 i = 0, at = s.start; i < s.count; i++, at += s.step) out->data[i] = b->data[at];
  return out;
}

// ---- iterator ----

Result<Ref<>> bytes___iter__(Thread&, Value self) {
  Ref<ByteIterator> it = make<ByteIterator>(&PyBytesIter_Type);
  it->sequence = retain(self).release();
  gcTrack(it);
  return it;
}

Result<Ref<>> bytesIterator___iter__(Thread&, ByteIterator& self) { return retainObject(&self); }

Result<Ref<>> bytesIterator___next__(Thread&, ByteIterator& self) {
  if (self.sequence.isEmpty()) return Error{};
  std::string_view s = bytesOf(self.sequence);
  if (self.index < i64(s.size())) return makeInt(int(u8(s[size_t(self.index++)])));
  clearField(self.sequence);
  return Error{};
}

Result<Ref<>> bytesIterator___length_hint__(Thread&, ByteIterator& self) {
  if (self.sequence.isEmpty()) return makeInt(0);
  i64 left = i64(bytesOf(self.sequence).size()) - self.index;
  return makeInt(left < 0 ? i64(0) : left);
}

Result<Ref<>> bytesIterator___reduce__(Thread& t, ByteIterator& self) {
  Ref<> iterFunction = TRY(importAttr(t, "builtins", "iter"));
  if (self.sequence.isEmpty()) {
    Ref<> nothing = makeTuple({});
    Ref<Tuple> args = tupleOf(nothing);
    return tupleOf(iterFunction, args);
  }
  Ref<Tuple> args = tupleOf(self.sequence);
  return tupleOf(iterFunction, args, Value::smallInt(self.index));
}

Result<Ref<>> bytesIterator___setstate__(Thread& t, ByteIterator& self, Value state) {
  i64 index = TRY(indexI64(t, state, kOverflowError));
  if (!self.sequence.isEmpty()) {
    i64 size = i64(bytesOf(self.sequence).size());
    self.index = index < 0 ? 0 : index > size ? size : index;
  }
  return noneRef();
}

Result<Ref<>> bytearrayIterator___iter__(Thread& t, ByteIterator& self) {
  return bytesIterator___iter__(t, self);
}
Result<Ref<>> bytearrayIterator___next__(Thread& t, ByteIterator& self) {
  return bytesIterator___next__(t, self);
}
Result<Ref<>> bytearrayIterator___length_hint__(Thread& t, ByteIterator& self) {
  return bytesIterator___length_hint__(t, self);
}
Result<Ref<>> bytearrayIterator___reduce__(Thread& t, ByteIterator& self) {
  return bytesIterator___reduce__(t, self);
}
Result<Ref<>> bytearrayIterator___setstate__(Thread& t, ByteIterator& self, Value state) {
  return bytesIterator___setstate__(t, self, state);
}

}  // namespace dx
