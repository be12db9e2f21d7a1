// The operations of the language on any value. All may run Python and raise.
#pragma once
#include "memory/slots.h"
#include "runtime/errors.h"

namespace dx {

// Identity as `is` sees it: the same object, or exact ints / floats of equal value (floats: bits).
bool sameValue(Value a, Value b);

// ---- attributes (runtime/attributes.cpp) ----
Result<Ref<>> getAttr(Thread& t, Value o, Str* name);
Result<Ref<>> getAttr(Thread& t, Value o, const char* name);
// Missing attribute: empty and no exception, with *missing = true.
Result<Ref<>> getAttrOrMissing(Thread& t, Value o, Str* name, bool* missing);
// Like getattr(o, name, None) is None -> empty Ref in `out` and false.
Result<bool> lookupAttr(Thread& t, Value o, Str* name, Ref<>* out);
Result<bool> lookupAttr(Thread& t, Value o, const char* name, Ref<>* out);
Result<void> setAttr(Thread& t, Value o, Str* name, Value valueOrEmpty);
Result<void> setAttr(Thread& t, Value o, const char* name, Value valueOrEmpty);
Result<bool> hasAttr(Thread& t, Value o, Str* name);
// object.__getattribute__ and object.__setattr__.
Result<Ref<>> genericGetAttr(Thread& t, Value o, Str* name);
Result<void> genericSetAttr(Thread& t, Value o, Str* name, Value valueOrEmpty);
// The instance's __dict__: made when missing and the type has one; null if the type has none.
Result<Dict*> instanceDict(Thread& t, Value o);
// Replaces it (nullable to delete).
Result<void> setInstanceDict(Thread& t, Value o, Value dict);

// ---- types (runtime/types.cpp) ----
// The attribute along the MRO, borrowed, or empty. Runs no Python, raises nothing.
Value typeLookup(Type* type, Str* name);
Dict* typeDict(Type* type);     // fills static types' dictionary on first use
void typeModified(Type* type);  // after any change of attributes, bases, slots
bool isSubtype(const Type* a, const Type* b);
inline bool isInstanceOf(Value v, const Type* type) {
  return typeOf(v) == type || isSubtype(typeOf(v), type);
}
Ref<Str> qualifiedTypeName(
    Type* type);  // "module.Outer.Inner"; built-in and __main__'s without module
std::string_view typeName(Type* type);  // tp_name as error texts show it ("int", "m.C" for static)
inline std::string_view typeNameOf(Value v) { return typeName(typeOf(v)); }
Result<bool> isInstance(Thread& t, Value o,
                        Value classinfo);  // isinstance(): hooks, tuples, unions
Result<bool> isSubclass(Thread& t, Value c, Value classinfo);
// The bound special method type(o).name looked up on the type, or empty without exception.
Result<Ref<>> lookupSpecial(Thread& t, Value o, Str* name);
// Calls type(o).name(o, args...); missing: *missing = true, empty, no exception.
Result<Ref<>> callSpecial(Thread& t, Value o, Str* name, Values args, bool* missing);
// Binds a descriptor found on a type: descr.__get__(o, type) or the value itself.
Result<Ref<>> bindDescriptor(Thread& t, Value descr, Value objectOrEmpty, Value type);
Result<Ref<Type>> makeType(Thread& t, Type* metatype, Str* name, Tuple* bases, Dict* ns,
                           const Args& extra);

// ---- calls (runtime/call.cpp) ----
Result<Ref<>> call(Thread& t, Value callee, const Args& args);
template <class... V>
Result<Ref<>> callWith(Thread& t, Value callee, const V&... values) {
  Value list[sizeof...(V) + 1] = {Value(values)..., Value()};
  return call(t, callee, Args(list, sizeof...(V)));
}
// callee(*args, **kwargs); `keywords` may be null.
Result<Ref<>> callTupleDict(Thread& t, Value callee, Tuple* args, Dict* keywords);
// o.name(args...) without making the bound method.
Result<Ref<>> callMethod(Thread& t, Value o, Str* name, Values args);
template <class... V>
Result<Ref<>> callMethodWith(Thread& t, Value o, Str* name, const V&... values) {
  Value list[sizeof...(V) + 1] = {Value(values)..., Value()};
  return callMethod(t, o, name, Values(list, sizeof...(V)));
}
bool isCallable(Value v);

// ---- basic protocol (runtime/protocol.cpp) ----
Result<Ref<Str>> repr(Thread& t, Value v);
Result<Ref<Str>> str(Thread& t, Value v);
Result<Ref<Str>> ascii(Thread& t, Value v);
Result<Ref<Str>> format(Thread& t, Value v, Value spec);  // spec empty or str
Result<i64> hash(Thread& t, Value v);
Result<bool> isTrue(Thread& t, Value v);
Result<Ref<>> compare(Thread& t, Value a, Value b, CompareOp op);  // rich comparison's object
Result<bool> compareBool(Thread& t, Value a, Value b, CompareOp op);
Result<bool> equal(Thread& t, Value a, Value b);  // identity counts as equal
bool equalStr(const Str* a, const Str* b);
// The answer of equal() where no type has a say: 1, 0, or -1 for not known.
inline int quickEqual(Value a, Value b) {
  if (a == b) return 1;
  if (a.isSmallInt() && b.isSmallInt()) return 0;
  if (a.isFlonum() && b.isFlonum()) return 0;
  if (isExactStr(a) && isExactStr(b)) return equalStr(a.as<Str>(), b.as<Str>());
  return -1;
}
// Calls repr for an object that may contain itself: false if `o` is being repr'd already.
bool enterRepr(Thread& t, Object* o);
void leaveRepr(Thread& t, Object* o);

// ---- iteration ----
Result<Ref<>> iter(Thread& t, Value v);
Result<Ref<>> iterNext(Thread& t, Value iterator);  // empty without exception: exhausted
bool isIterator(Value v);                           // has next
// Calls `fn(value)` (borrowed) for each item; fn returns Result<bool>, false stops.
template <class F>
Result<void> forEach(Thread& t, Value iterable, F&& fn);
Result<Ref<List>> listFrom(Thread& t, Value iterable);
Result<Ref<Tuple>> tupleFrom(Thread& t, Value iterable);
// A list or tuple's own storage or a new list: for reading many items. TypeError text `message`.
Result<Ref<>> sequenceFast(Thread& t, Value v, const char* message);
Result<i64> lengthHint(Thread& t, Value v, i64 fallback);

// ---- containers ----
Result<i64> length(Thread& t, Value v);
Result<Ref<>> getItem(Thread& t, Value o, Value key);
// mapping[name]; empty without an exception where that is a KeyError.
Result<Ref<>> mappingGet(Thread& t, Value mapping, Str* name);
Result<void> setItem(Thread& t, Value o, Value key, Value valueOrEmpty);
Result<bool> contains(Thread& t, Value container, Value item);
// o[start:stop] with values as given (None allowed).
Result<Ref<>> getSlice(Thread& t, Value o, Value start, Value stop);
// Resolves a slice against a length, which is read after the slice's __index__ methods ran: start,
// stop, step, count as slice.indices.
struct SliceBounds {
  i64 start, stop, step, count;
};
Result<SliceBounds> resolveSlice(Thread& t, Slice& s, const i64& length);
// The two halves of it: the indices as they are (which may run Python), and cut to a length.
struct SliceIndices {
  i64 start, stop, step;
};
Result<SliceIndices> sliceIndices(Thread& t, Slice& s);
SliceBounds boundsWithin(const SliceIndices& indices, i64 length);
// start/stop arguments of index(), find(), ...: None or __index__, clipped, negative from the end.
Result<void> clipBounds(Thread& t, Value startOrEmpty, Value stopOrEmpty, const i64& length,
                        i64* start, i64* stop);

// ---- numbers (runtime/numbers.cpp) ----
Result<Ref<>> binary(Thread& t, BinaryOp op, Value a, Value b);
Result<Ref<>> inplace(Thread& t, BinaryOp op, Value a, Value b);
Result<Ref<>> power(Thread& t, Value a, Value b, Value c);
Result<Ref<>> negative(Thread& t, Value v);
Result<Ref<>> positive(Thread& t, Value v);
Result<Ref<>> absolute(Thread& t, Value v);
Result<Ref<>> invert(Thread& t, Value v);
Result<Ref<>> toIndex(Thread& t, Value v);  // operator.index: an int
// __index__ as i64; outside the range raises `overflow` ("cannot fit 'X' into an index-sized
// integer"), or clips when overflow is null.
Result<i64> indexI64(Thread& t, Value v, Type* overflow);
Result<Ref<>> toInt(Thread& t, Value v);      // int(v) of numbers and text
Result<Ref<>> toFloat(Thread& t, Value v);    // float(v)
Result<double> asDouble(Thread& t, Value v);  // __float__ or __index__
bool hasIndex(Value v);

// ---- buffers (PEP 688) ----
constexpr int kBufferSimple = 0, kBufferWritable = 1, kBufferFormat = 4, kBufferND = 8,
              kBufferStrides = 0x18, kBufferCContiguous = 0x38, kBufferFullRO = 0x11C;
// A contiguous view of a bytes-like object; releases itself.
class Buffer {
 public:
  Buffer() { memset(&view_, 0, sizeof view_); }
  Buffer(Buffer&& o) noexcept { take(o); }
  Buffer& operator=(Buffer&& o) noexcept {
    if (this != &o) {
      close();
      take(o);
    }
    return *this;
  }
  ~Buffer() { close(); }
  // TypeError "a bytes-like object is required, not 'X'".
  static Result<void> get(Thread& t, Value v, Buffer* out, int flags = kBufferSimple);
  u8* data() const { return static_cast<u8*>(view_.buf); }
  i64 size() const { return view_.len; }
  std::string_view bytes() const { return {static_cast<char*>(view_.buf), size_t(view_.len)}; }
  const BufferView& view() const { return view_; }
  void close();

 private:
  void take(Buffer& o);
  BufferView view_;
};
bool hasBuffer(Value v);
// For getBuffer slots: describes `size` bytes of `owner` (retained) as one dimension of format "B".
// BufferError "Object is not writable." The shape points into the view: a view may be copied only
// without its shape.
Result<void> fillBuffer(Thread& t, BufferView* view, Object* owner, void* data, i64 size,
                        bool readOnly, int flags);
// Ends a view that getBuffer filled: the owner's releaseBuffer, then its count.
void releaseView(Thread& t, Object* owner, BufferView* view);

template <class F>
Result<void> forEach(Thread& t, Value iterable, F&& fn) {
  Ref<> it = TRY(iter(t, iterable));
  for (;;) {
    Result<Ref<>> item = iterNext(t, it);
    if (!item) return t.hasException() ? Result<void>(Error{}) : Result<void>();
    if (!TRY(fn(item.peek().get()))) return {};
  }
}

}  // namespace dx
