// memoryview and the managed buffer that its views share (PEP 3118, PEP 688).
//
// A ManagedBuffer owns what the exporter filled in; each memoryview owns a description (shape,
// strides, suboffsets in its own `array`) and keeps the managed buffer alive. The exporter is told
// when the managed buffer goes, or at release() of its last view.
#include <cmath>

#include "base/half_float.h"
#include "builtins/byte_methods.h"
#include "builtins/memoryview.gen.h"
#include "runtime/slot_dispatch.h"
#include "runtime/types.h"

namespace dx {
namespace {

enum : int { kReleased = 1, kRestricted = 32 };  // MemoryView::flags
enum : int { kBufferReleased = 1 };              // ManagedBuffer::flags
constexpr int kMaxDimensions = 64;

bool isReleased(const MemoryView& m) {
  return (m.flags & kReleased) || (m.mbuf->flags & kBufferReleased);
}

Result<void> check(Thread& t, const MemoryView& m) {
  if (isReleased(m))
    return t.raise(kValueError, "operation forbidden on released memoryview object");
  return {};
}

// New views must not outlive a buffer that is being released.
Result<void> checkShareable(Thread& t, const MemoryView& m) {
  TRY(check(t, m));
  if (m.flags & kRestricted)
    return t.raise(kValueError, "cannot create new view on restricted memoryview");
  return {};
}

void releaseManaged(ManagedBuffer* b) {
  if (b->flags & kBufferReleased) return;
  b->flags |= kBufferReleased;
  if (Object* owner = b->master.obj) {
    b->master.obj = nullptr;
    releaseView(thisThread(), owner, &b->master);
  }
}

// A view like `source` with room for `ndim` dimensions; shape and strides are copied when ndim
// agrees.
Ref<MemoryView> newView(ManagedBuffer* buffer, const BufferView& source, int ndim) {
  Ref<MemoryView> m = make<MemoryView>(&PyMemoryView_Type, size_t(ndim) * 3 * sizeof(i64));
  m->size = i64(ndim) * 3;
  m->mbuf = retainObject(buffer).release();
  buffer->exports++;
  m->hash = -1;
  m->view = source;
  m->view.obj = buffer->master.obj;
  m->view.ndim = ndim;
  m->view.shape = m->array;
  m->view.strides = m->array + ndim;
  m->view.suboffsets = nullptr;
  if (source.ndim == ndim && ndim > 0) {
    if (source.shape)
      memcpy(m->view.shape, source.shape, size_t(ndim) * sizeof(i64));
    else
      m->view.shape[0] = source.itemsize ? source.len / source.itemsize : 0;
    if (source.strides) {
      memcpy(m->view.strides, source.strides, size_t(ndim) * sizeof(i64));
    } else {
      i64 step = source.itemsize;
      for (int i = ndim - 1; i >= 0; i--) {
        m->view.strides[i] = step;
        step *= m->view.shape[i];
      }
    }
    if (source.suboffsets) {
      m->view.suboffsets = m->array + 2 * ndim;
      memcpy(m->view.suboffsets, source.suboffsets, size_t(ndim) * sizeof(i64));
    }
  }
  gcTrack(m.get());
  return m;
}

Result<Ref<>> viewOf(Thread& t, Value object, int flags) {
  if (isInstanceOf(object, &PyMemoryView_Type)) {
    MemoryView& m = *object.as<MemoryView>();
    TRY(checkShareable(t, m));
    return newView(m.mbuf, m.view, m.view.ndim);
  }
  if (!hasBuffer(object))
    return t.raise(kTypeError, "memoryview: a bytes-like object is required, not '{}'",
                   typeOf(object));
  return memoryViewOf(t, object, flags, slotsOf(object).getBuffer);
}

bool contiguous(const BufferView& v, bool fortran) {
  if (v.suboffsets) return false;
  if (v.len == 0) return true;
  i64 step = v.itemsize;
  for (int k = 0; k < v.ndim; k++) {
    int i = fortran ? k : v.ndim - 1 - k;
    if (v.shape[i] > 1 && v.strides[i] != step) return false;
    step *= v.shape[i];
  }
  return true;
}

const char* formatOf(const BufferView& v) { return v.format ? v.format : "B"; }

// The one native format character of the view, or 0.
char nativeFormat(const char* f) {
  if (*f == '@') f++;
  return f[0] && !f[1] && strchr("cbB?hHiIlLqQnNfdeP", f[0]) ? f[0] : 0;
}

i64 formatSize(char f) {
  switch (f) {
    case 'c':
    case 'b':
    case 'B':
    case '?':
      return 1;
    case 'h':
    case 'H':
    case 'e':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    default:
      return 8;
  }
}

template <class T>
T load(const u8* p) {
  T v;
  memcpy(&v, p, sizeof v);
  return v;
}
template <class T>
void store(u8* p, T v) {
  memcpy(p, &v, sizeof v);
}

Result<Ref<>> unpack(Thread& t, const u8* p, const char* format) {
  switch (nativeFormat(format)) {
    case 'B':
      return makeInt(i64(*p));
    case 'b':
      return makeInt(i64(load<i8>(p)));
    case 'c':
      return makeBytes({reinterpret_cast<const char*>(p), 1});
    case '?':
      return boolRef(*p);
    case 'h':
      return makeInt(i64(load<i16>(p)));
    case 'H':
      return makeInt(i64(load<u16>(p)));
    case 'i':
      return makeInt(i64(load<i32>(p)));
    case 'I':
      return makeInt(i64(load<u32>(p)));
    case 'l':
    case 'q':
    case 'n':
      return makeInt(load<i64>(p));
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
      return makeInt(load<u64>(p));
    case 'e':
      return makeFloat(doubleFromHalf(load<u16>(p)));
    case 'f':
      return makeFloat(double(load<float>(p)));
    case 'd':
      return makeFloat(load<double>(p));
  }
  return t.raise(kNotImplementedError, "memoryview: format {} not supported", format);
}

Result<void> packHalf(Thread& t, u8* p, double d) {
  u16 half;
  if (!halfFromDouble(d, &half))
    return t.raise(kOverflowError, "float too large to pack with e format");
  store(p, half);
  return {};
}

Result<void> packInt(Thread& t, u8* p, char f, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  bool isUnsigned = strchr("BHILQNP", f) != nullptr;
  i64 size = formatSize(f), s = 0;
  u64 bits = 0;
  bool fits = false;
  if (isUnsigned) {
    fits = intToU64(n, &bits) && (size == 8 || bits < (u64(1) << (8 * size)));
  } else if (intToI64(n, &s)) {
    i64 limit = size == 8 ? INT64_MAX : (i64(1) << (8 * size - 1)) - 1;
    fits = s <= limit && s >= -limit - 1;
    bits = u64(s);
  }
  if (!fits)
    return t.raise(kValueError, "memoryview: invalid value for format '{}'", std::string(1, f));
  memcpy(p, &bits, size_t(size));
  return {};
}

Result<void> pack(Thread& t, u8* p, const char* format, Value v) {
  char f = nativeFormat(format);
  if (!f) return t.raise(kNotImplementedError, "memoryview: format {} not supported", format);
  auto wrongType = [&] {
    return t.raise(kTypeError, "memoryview: invalid type for format '{}'", format);
  };
  switch (f) {
    case 'c':
      if (!isBytes(v)) return wrongType();
      if (v.as<Bytes>()->size != 1)
        return t.raise(kValueError, "memoryview: invalid value for format '{}'", format);
      *p = u8(v.as<Bytes>()->data[0]);
      return {};
    case '?':
      *p = TRY(isTrue(t, v));
      return {};
    case 'e':
    case 'f':
    case 'd': {
      Result<double> converted = asDouble(t, v);
      if (!converted && t.takeIf(kTypeError)) return wrongType();
      double d = TRY(converted);
      if (f == 'd')
        store(p, d);
      else if (f == 'f')
        store(p, float(d));
      else
        return packHalf(t, p, d);
      return {};
    }
  }
  if (!hasIndex(v)) return wrongType();
  return packInt(t, p, f, v);
}

u8* itemAt(const BufferView& v, u8* base, int dimension, i64 index) {
  u8* p = base + v.strides[dimension] * index;
  if (v.suboffsets && v.suboffsets[dimension] >= 0)
    p = *reinterpret_cast<u8**>(p) + v.suboffsets[dimension];
  return p;
}

Result<u8*> lookUp(Thread& t, const BufferView& v, u8* base, int dimension, i64 index) {
  i64 n = v.shape[dimension];
  if (index < 0) index += n;
  if (index < 0 || index >= n)
    return t.raise(kIndexError, "index out of bounds on dimension {}", dimension + 1);
  return itemAt(v, base, dimension, index);
}

// Calls fn(u8*) for the items in C order.
template <class F>
Result<void> forItems(const BufferView& v, u8* p, int dimension, F&& fn) {
  if (dimension == v.ndim) return fn(p);
  for (i64 i = 0; i < v.shape[dimension]; i++)
    TRY(forItems(v, itemAt(v, p, dimension, i), dimension + 1, fn));
  return {};
}

std::string contents(const MemoryView& m, bool fortran = false) {
  const BufferView& v = m.view;
  u8* base = static_cast<u8*>(v.buf);
  if (contiguous(v, fortran)) return {reinterpret_cast<char*>(base), size_t(v.len)};
  std::string out;
  out.reserve(size_t(v.len));
  auto add = [&](u8* p) -> Result<void> {
    out.append(reinterpret_cast<char*>(p), size_t(v.itemsize));
    return {};
  };
  if (!fortran) {
    (void)forItems(v, base, 0, add);
    return out;
  }
  std::vector<i64> at(size_t(v.ndim), 0);
  for (i64 n = v.itemsize ? v.len / v.itemsize : 0; n > 0; n--) {
    u8* p = base;
    for (int d = 0; d < v.ndim; d++) p = itemAt(v, p, d, at[size_t(d)]);
    (void)add(p);
    for (int d = 0; d < v.ndim && ++at[size_t(d)] == v.shape[d]; d++) at[size_t(d)] = 0;
  }
  return out;
}

Result<Ref<>> listOf(Thread& t, const BufferView& v, u8* p, int dimension) {
  if (dimension == v.ndim) return unpack(t, p, formatOf(v));
  Ref<List> list = newList();
  for (i64 i = 0; i < v.shape[dimension]; i++)
    listAppend(list.get(), TRY(listOf(t, v, itemAt(v, p, dimension, i), dimension + 1)));
  return list;
}

// The view of one dimension sliced; `m` has one dimension or the slice applies to the first.
Result<Ref<MemoryView>> sliced(Thread& t, MemoryView& m, Slice& s) {
  TRY(checkShareable(t, m));
  // The new view comes first: a bound's __index__ may release m.
  Ref<MemoryView> r = newView(m.mbuf, m.view, m.view.ndim);
  SliceBounds b = TRY(resolveSlice(t, s, r->view.shape[0]));
  BufferView& v = r->view;
  v.buf = static_cast<u8*>(v.buf) + v.strides[0] * b.start;
  v.shape[0] = b.count;
  v.strides[0] *= b.step;
  v.len = v.itemsize;
  for (int i = 0; i < v.ndim; i++) v.len *= v.shape[i];
  return r;
}

// The address that an int or a tuple of ints names, or null for other keys.
Result<u8*> addressOf(Thread& t, MemoryView& m, Value key) {
  BufferView& v = m.view;
  u8* p = static_cast<u8*>(v.buf);
  if (hasIndex(key)) {
    i64 i = TRY(indexI64(t, key, kIndexError));
    TRY(check(t, m));
    if (v.ndim != 1)
      return t.raise(kNotImplementedError, "multi-dimensional sub-views are not implemented");
    return lookUp(t, v, p, 0, i);
  }
  if (!isInstanceOf(key, &PyTuple_Type)) return static_cast<u8*>(nullptr);
  Tuple& tuple = *key.as<Tuple>();
  for (i64 i = 0; i < tuple.size; i++)
    if (!hasIndex(tuple.items[i])) return static_cast<u8*>(nullptr);
  if (tuple.size < v.ndim) return t.raise(kNotImplementedError, "sub-views are not implemented");
  if (tuple.size > v.ndim)
    return t.raise(kTypeError, "cannot index {}-dimension view with {}-element tuple", v.ndim,
                   tuple.size);
  for (int d = 0; d < v.ndim; d++) {
    i64 i = TRY(indexI64(t, tuple.items[d], kIndexError));
    TRY(check(t, m));
    p = TRY(lookUp(t, v, p, d, i));
  }
  return p;
}

Ref<Tuple> intTuple(const i64* values, int n) {
  Ref<List> list = newList();
  for (int i = 0; i < n; i++) listAppend(list.get(), makeInt(values[i]));
  return makeTuple(Values(list->items, list->size));
}

}  // namespace

// ---- the managed buffer ----

void managedBuffer_dealloc(Object* o) {
  auto* b = static_cast<ManagedBuffer*>(o);
  gcUntrack(b);
  releaseManaged(b);
  freeObject(b);
}
void managedBuffer_traverse(Object* o, Visitor& visit) {
  auto* b = static_cast<ManagedBuffer*>(o);
  if (b->master.obj) visit(b->master.obj);
}
void managedBuffer_clear(Object* o) { releaseManaged(static_cast<ManagedBuffer*>(o)); }

// ---- making and releasing ----

static bool releaseQuietly(MemoryView& m) {
  if (m.flags & kReleased) return true;
  if (m.exports > 0) return false;
  m.flags |= kReleased;
  if (--m.mbuf->exports == 0) releaseManaged(m.mbuf);
  return true;
}

void memoryview_dealloc(Object* o) {
  auto* m = static_cast<MemoryView*>(o);
  gcUntrack(m);
  clearWeakrefs(m);
  if (m->mbuf) {
    releaseQuietly(*m);
    decrefObject(m->mbuf);
  }
  freeObject(m);
}
void memoryview_traverse(Object* o, Visitor& visit) {
  auto* m = static_cast<MemoryView*>(o);
  if (m->mbuf) visit(m->mbuf);
}
void memoryview_clear(Object* o) {
  auto* m = static_cast<MemoryView*>(o);
  if (m->mbuf) releaseQuietly(*m);
}

// ---- for runtime/slot_buffer.cpp ----

Result<Ref<>> memoryViewOf(Thread& t, Value object, int flags, BuffGetFn get) {
  Ref<ManagedBuffer> b = make<ManagedBuffer>(&_PyManagedBuffer_Type);
  b->flags = kBufferReleased;
  gcTrack(b.get());
  TRY(get(t, object, &b->master, flags));
  // A simple view's shape and strides point into itself: it lies where it was filled.
  b->flags = 0;
  return newView(b.get(), b->master, b->master.ndim);
}

Ref<> restrictedViewOf(const BufferView& view) {
  Ref<ManagedBuffer> b = make<ManagedBuffer>(&_PyManagedBuffer_Type);
  b->master = view;
  b->master.obj = nullptr;  // releasing the view releases nothing
  gcTrack(b.get());
  Ref<MemoryView> m = newView(b.get(), view, view.ndim);
  m->view.obj = view.obj;
  m->flags |= kRestricted;
  return m;
}

Result<void> releaseMemoryView(Thread& t, Value self, Value view) {
  if (!isInstanceOf(view, &PyMemoryView_Type))
    return t.raise(kTypeError, "expected a memoryview object");
  auto* m = view.as<MemoryView>();
  if (!m->view.obj) return ok();  // released already
  if (Value(m->view.obj) != self)
    return t.raise(kValueError, "memoryview's buffer is not this object");
  if (m->flags & kReleased)
    return t.raise(kValueError, "memoryview's buffer has already been released");
  (void)TRY(callMethod(t, view, DX_NAME("release"), {}));
  return ok();
}

Result<Ref<>> memoryview___new__(Thread& t, Type&, Value object) {
  return viewOf(t, object, kBufferFullRO);
}
Result<Ref<>> memoryview__from_flags(Thread& t, Type&, Value object, i32 flags) {
  return viewOf(t, object, flags);
}

Result<Ref<>> memoryview_release(Thread& t, MemoryView& m) {
  if (!releaseQuietly(m))
    return t.raise(kBufferError, "memoryview has {} exported buffer{}", m.exports,
                   m.exports == 1 ? "" : "s");
  return noneRef();
}
Result<Ref<>> memoryview___enter__(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return retain(Value(&m));
}
Result<Ref<>> memoryview___exit__(Thread& t, MemoryView& m, Values) {
  return memoryview_release(t, m);
}

Result<void> memoryview_getBuffer(Thread& t, MemoryView& m, BufferView* out, int flags) {
  TRY(checkShareable(t, m));
  const BufferView& v = m.view;
  if ((flags & kBufferWritable) && v.readonly)
    return t.raise(kBufferError, "memoryview: underlying buffer is not writable");
  if ((flags & kBufferCContiguous) == kBufferCContiguous && !contiguous(v, false))
    return t.raise(kBufferError, "memoryview: underlying buffer is not C-contiguous");
  if ((flags & kBufferStrides) != kBufferStrides && !contiguous(v, false))
    return t.raise(kBufferError, "memoryview: underlying buffer is not C-contiguous");
  *out = v;
  if (!(flags & kBufferFormat)) out->format = nullptr;
  if (!(flags & kBufferND)) {
    out->ndim = 1;
    out->shape = nullptr;
  }
  if ((flags & kBufferStrides) != kBufferStrides) out->strides = nullptr;
  out->obj = retainObject(&m).release();
  m.exports++;
  return {};
}
void memoryview_releaseBuffer(Thread&, MemoryView& m, BufferView*) { m.exports--; }

Result<Ref<>> memoryview_toreadonly(Thread& t, MemoryView& m) {
  TRY(checkShareable(t, m));
  Ref<MemoryView> r = newView(m.mbuf, m.view, m.view.ndim);
  r->view.readonly = 1;
  return r;
}

static Result<i64> castSize(Thread& t, MemoryView& m, Str* format) {
  std::string text = toUtf8(format);
  char f = nativeFormat(text.c_str());
  if (!f)
    return t.raise(kValueError,
                   "memoryview: destination format must be a native single character format "
                   "prefixed with an optional '@'");
  char from = nativeFormat(formatOf(m.view));
  auto isByte = [](char c) { return c == 'b' || c == 'B' || c == 'c'; };
  if (!from)
    return t.raise(kValueError,
                   "memoryview: source format must be a native single character format prefixed "
                   "with an optional '@'");
  if (!isByte(f) && !isByte(from))
    return t.raise(kTypeError, "memoryview: cannot cast between two non-byte formats");
  if (m.view.len % formatSize(f))
    return t.raise(kTypeError, "memoryview: length is not a multiple of itemsize");
  return formatSize(f);
}

// The same format with static lifetime.
static char* keepFormat(Str* format) {
  static const char kAll[] = "c\0b\0B\0?\0h\0H\0i\0I\0l\0L\0q\0Q\0n\0N\0f\0d\0e\0P\0";
  static const char kNative[] =
      "@c\0@b\0@B\0@?\0@h\0@H\0@i\0@I\0@l\0@L\0@q\0@Q\0@n\0@N\0@f\0@d\0@e\0@P\0";
  std::string text = toUtf8(format);
  const char* table = text.size() == 2 ? kNative : kAll;
  for (const char* p = table; *p; p += strlen(p) + 1)
    if (text == p) return const_cast<char*>(p);
  return nullptr;
}

Result<Ref<>> memoryview_cast(Thread& t, MemoryView& m, Value format, Value shape) {
  TRY(checkShareable(t, m));
  if (!isStr(format)) return t.raise(kTypeError, "memoryview: format argument must be a string");
  if (!contiguous(m.view, false))
    return t.raise(kTypeError, "memoryview: casts are restricted to C-contiguous views");
  if (shape && !isInstanceOf(shape, &PyTuple_Type) && !isInstanceOf(shape, &PyList_Type))
    return t.raise(kTypeError, "shape must be a list or a tuple");
  if (shape && m.view.ndim != 1)
    return t.raise(kTypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
  for (int i = 0; i < m.view.ndim; i++)
    if (m.view.shape[i] == 0 && (shape || m.view.ndim != 1))
      return t.raise(kTypeError, "memoryview: cannot cast view with zeros in shape or strides");
  i64 size = TRY(castSize(t, m, format.as<Str>()));
  std::vector<i64> dimensions{m.view.len / size};
  if (shape) {
    Ref<Tuple> wanted = TRY(tupleFrom(t, shape));
    if (wanted->size > kMaxDimensions)
      return t.raise(kValueError, "memoryview: number of dimensions must not exceed {}",
                     kMaxDimensions);
    dimensions.clear();
    i64 total = size;
    for (i64 i = 0; i < wanted->size; i++) {
      if (!isInt(wanted->items[i]))
        return t.raise(kTypeError, "memoryview.cast(): elements of shape must be integers");
      i64 n = 0;
      if (!intToI64(wanted->items[i], &n) || n <= 0)
        return t.raise(kValueError, "memoryview.cast(): elements of shape must be integers > 0");
      if (__builtin_mul_overflow(total, n, &total))
        return t.raise(kValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
      dimensions.push_back(n);
    }
    if (total != m.view.len)
      return t.raise(kTypeError, "memoryview: product(shape) * itemsize != buffer size");
  }
  BufferView plain = m.view;
  plain.ndim = -1;
  Ref<MemoryView> r = newView(m.mbuf, plain, int(dimensions.size()));
  BufferView& v = r->view;
  v.itemsize = size;
  v.format = keepFormat(format.as<Str>());
  i64 step = size;
  for (int i = v.ndim - 1; i >= 0; i--) {
    v.shape[i] = dimensions[size_t(i)];
    v.strides[i] = step;
    step *= v.shape[i];
  }
  return r;
}

// ---- items ----

Result<i64> memoryview___len__(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  if (m.view.ndim == 0) return t.raise(kTypeError, "0-dim memory has no length");
  return m.view.shape[0];
}

Result<Ref<>> memoryview___seqitem__(Thread& t, MemoryView& m, i64 index) {
  TRY(check(t, m));
  if (m.view.ndim == 0) return t.raise(kTypeError, "invalid indexing of 0-dim memory");
  if (m.view.ndim != 1)
    return t.raise(kNotImplementedError, "multi-dimensional sub-views are not implemented");
  return unpack(t, TRY(lookUp(t, m.view, static_cast<u8*>(m.view.buf), 0, index)),
                formatOf(m.view));
}

Result<Ref<>> memoryview___getitem__(Thread& t, MemoryView& m, Value key) {
  TRY(check(t, m));
  if (m.view.ndim == 0) {
    if (isInstanceOf(key, &PyTuple_Type) && key.as<Tuple>()->size == 0)
      return unpack(t, static_cast<u8*>(m.view.buf), formatOf(m.view));
    if (key == ellipsis()) return retain(Value(&m));
    return t.raise(kTypeError, "invalid indexing of 0-dim memory");
  }
  if (isInstanceOf(key, &PySlice_Type)) return TRY(sliced(t, m, *key.as<Slice>()));
  u8* p = TRY(addressOf(t, m, key));
  if (p) return unpack(t, p, formatOf(m.view));
  if (isInstanceOf(key, &PyTuple_Type))
    return t.raise(kNotImplementedError, "multi-dimensional slicing is not implemented");
  return t.raise(kTypeError, "memoryview: invalid slice key");
}

static Result<void> copyInto(Thread& t, MemoryView& target, Value source) {
  Ref<> from = TRY(viewOf(t, source, kBufferFullRO));
  MemoryView& s = *from.as<MemoryView>();
  const BufferView &a = target.view, &b = s.view;
  if (a.ndim != b.ndim || a.itemsize != b.itemsize ||
      nativeFormat(formatOf(a)) != nativeFormat(formatOf(b)) || a.shape[0] != b.shape[0])
    return t.raise(kValueError,
                   "memoryview assignment: lvalue and rvalue have different structures");
  std::string bytes = contents(s);  // a copy: the two may overlap
  const char* p = bytes.data();
  return forItems(a, static_cast<u8*>(a.buf), 0, [&](u8* to) -> Result<void> {
    memcpy(to, p, size_t(a.itemsize));
    p += a.itemsize;
    return {};
  });
}

Result<void> memoryview___setitem__(Thread& t, MemoryView& m, Value key, Value value) {
  TRY(check(t, m));
  if (m.view.readonly) return t.raise(kTypeError, "cannot modify read-only memory");
  if (!value) return t.raise(kTypeError, "cannot delete memory");
  // The item is converted on the side: conversion may run Python and release the view.
  auto assign = [&](u8* p) -> Result<void> {
    u8 item[8];
    TRY(pack(t, item, formatOf(m.view), value));
    TRY(check(t, m));
    memcpy(p, item, size_t(m.view.itemsize));
    return {};
  };
  if (m.view.ndim == 0) {
    if (key == ellipsis() || (isInstanceOf(key, &PyTuple_Type) && key.as<Tuple>()->size == 0))
      return assign(static_cast<u8*>(m.view.buf));
    return t.raise(kTypeError, "invalid indexing of 0-dim memory");
  }
  if (isInstanceOf(key, &PySlice_Type)) {
    if (m.view.ndim > 1)
      return t.raise(kNotImplementedError,
                     "memoryview slice assignments are currently restricted to ndim = 1");
    Ref<MemoryView> part = TRY(sliced(t, m, *key.as<Slice>()));
    TRY(check(t, m));
    return copyInto(t, *part.get(), value);
  }
  u8* p = TRY(addressOf(t, m, key));
  if (p) return assign(p);
  bool slices = isInstanceOf(key, &PyTuple_Type) && key.as<Tuple>()->size > 0;
  if (slices)
    for (Value part : valuesOf(key.as<Tuple>())) slices &= isInstanceOf(part, &PySlice_Type);
  if (slices)
    return t.raise(kNotImplementedError,
                   "memoryview slice assignments are currently restricted to ndim = 1");
  return t.raise(kTypeError, "memoryview: invalid slice key");
}

Result<Ref<>> memoryview___iter__(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  if (m.view.ndim == 0) return t.raise(kTypeError, "invalid indexing of 0-dim memory");
  if (m.view.ndim != 1)
    return t.raise(kNotImplementedError, "multi-dimensional sub-views are not implemented");
  Ref<MemoryIter> it = make<MemoryIter>(&_PyMemoryIter_Type);
  it->view = retain(Value(&m)).release();
  gcTrack(it.get());
  return it;
}

Result<Ref<>> memoryIterator___iter__(Thread&, MemoryIter& it) { return retain(Value(&it)); }
Result<Ref<>> memoryIterator___next__(Thread& t, MemoryIter& it) {
  if (!it.view) return Ref<>();
  MemoryView& m = *it.view.as<MemoryView>();
  if (isReleased(m) || it.index < m.view.shape[0]) return memoryview___seqitem__(t, m, it.index++);
  Ref<> done = Ref<>::steal(it.view);
  it.view = Value();
  return Ref<>();
}

Result<Ref<>> memoryview_tolist(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return listOf(t, m.view, static_cast<u8*>(m.view.buf), 0);
}

Result<Ref<>> memoryview_tobytes(Thread& t, MemoryView& m, Value order) {
  TRY(check(t, m));
  bool fortran = false;
  if (order && !isNone(order)) {
    if (!isStr(order))
      return t.raise(kTypeError, "tobytes() argument 'order' must be str or None, not {}",
                     typeOf(order));
    std::string o = toUtf8(order.as<Str>());
    if (o != "C" && o != "F" && o != "A")
      return t.raise(kValueError, "order must be 'C', 'F' or 'A'");
    fortran = o == "F" || (o == "A" && !contiguous(m.view, false) && contiguous(m.view, true));
  }
  return makeBytes(contents(m, fortran));
}

Result<Ref<>> memoryview_hex(Thread& t, MemoryView& m, Value separator, i32 bytesPerSeparator) {
  TRY(check(t, m));
  m.exports++;  // the separator's methods must not release the view
  Result<Ref<>> text = bytesToHex(t, contents(m), separator, bytesPerSeparator);
  m.exports--;
  return text;
}

Result<Ref<>> memoryview_count(Thread& t, MemoryView& m, Value value) {
  i64 found = 0;
  TRY(forEach(t, Value(&m), [&](Value item) -> Result<bool> {
    found += TRY(compareBool(t, item, value, CompareOp::Eq));
    return true;
  }));
  return makeInt(found);
}

Result<Ref<>> memoryview_index(Thread& t, MemoryView& m, Value value, Value start, Value stop) {
  TRY(check(t, m));
  if (m.view.ndim == 0) return t.raise(kTypeError, "invalid lookup on 0-dim memory");
  if (m.view.ndim != 1)
    return t.raise(kNotImplementedError, "multi-dimensional lookup is not implemented");
  i64 from, to;
  TRY(clipBounds(t, start, stop, m.view.shape[0], &from, &to));
  for (i64 i = from; i < to; i++) {
    Ref<> item = TRY(memoryview___seqitem__(t, m, i));
    if (TRY(compareBool(t, item, value, CompareOp::Eq))) return makeInt(i);
  }
  return t.raise(kValueError, "memoryview.index(x): x not found");
}

// ---- comparing and hashing ----

Result<Ref<>> memoryview___richcompare__(Thread& t, MemoryView& m, Value other, CompareOp op) {
  if (op != CompareOp::Eq && op != CompareOp::Ne) return notImplementedRef();
  auto answer = [&](bool same) { return boolRef(same == (op == CompareOp::Eq)); };
  if (isReleased(m)) return answer(other == Value(&m));
  if (!hasBuffer(other)) return notImplementedRef();
  Result<Ref<>> made = viewOf(t, other, kBufferFullRO);
  if (!made) {
    t.clearException();
    return isInstanceOf(other, &PyMemoryView_Type) ? answer(false) : notImplementedRef();
  }
  Ref<> held = std::move(made).take();
  MemoryView& w = *held.as<MemoryView>();
  const BufferView &a = m.view, &b = w.view;
  if (a.ndim != b.ndim) return answer(false);
  for (int i = 0; i < a.ndim; i++)
    if (a.shape[i] != b.shape[i]) return answer(false);
  char fa = nativeFormat(formatOf(a)), fb = nativeFormat(formatOf(b));
  if (!fa || !fb) return answer(false);
  std::string x = contents(m), y = contents(w);
  if (fa == fb && !strchr("efd?", fa)) return answer(x == y);
  i64 count = a.itemsize ? a.len / a.itemsize : 0;
  for (i64 i = 0; i < count; i++) {
    Ref<> p = TRY(unpack(t, reinterpret_cast<const u8*>(x.data()) + i * a.itemsize, formatOf(a)));
    Ref<> q = TRY(unpack(t, reinterpret_cast<const u8*>(y.data()) + i * b.itemsize, formatOf(b)));
    Ref<> same = TRY(compare(t, p, q, CompareOp::Eq));
    if (!TRY(isTrue(t, same))) return answer(false);
  }
  return answer(true);
}

Result<i64> memoryview___hash__(Thread& t, MemoryView& m) {
  if (m.hash != -1) return m.hash;
  TRY(check(t, m));
  if (!m.view.readonly) return t.raise(kValueError, "cannot hash writable memoryview object");
  char f = nativeFormat(formatOf(m.view));
  if (f != 'B' && f != 'b' && f != 'c')
    return t.raise(kValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  if (m.view.obj) {  // the owner must be hashable too, and may not release the view meanwhile
    m.exports++;
    Result<i64> owner = hash(t, Value(m.view.obj));
    m.exports--;
    if (!owner) return Error{};
  }
  m.hash = hashBytes(contents(m));
  return m.hash;
}

Result<Ref<>> memoryview___repr__(Thread&, MemoryView& m) {
  return formatStr(isReleased(m) ? "<released memory at {}>" : "<memory at {}>", pointerText(&m));
}

// ---- properties ----

Result<Ref<>> memoryview_get_obj(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return m.view.obj ? Ref<>(retain(Value(m.view.obj))) : noneRef();
}
Result<Ref<>> memoryview_get_nbytes(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return makeInt(m.view.len);
}
Result<Ref<>> memoryview_get_readonly(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return boolRef(m.view.readonly);
}
Result<Ref<>> memoryview_get_itemsize(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return makeInt(m.view.itemsize);
}
Result<Ref<>> memoryview_get_format(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return makeStr(formatOf(m.view));
}
Result<Ref<>> memoryview_get_ndim(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return makeInt(i64(m.view.ndim));
}
Result<Ref<>> memoryview_get_shape(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return intTuple(m.view.shape, m.view.ndim);
}
Result<Ref<>> memoryview_get_strides(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return intTuple(m.view.strides, m.view.ndim);
}
Result<Ref<>> memoryview_get_suboffsets(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return intTuple(m.view.suboffsets, m.view.suboffsets ? m.view.ndim : 0);
}
Result<Ref<>> memoryview_get_c_contiguous(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return boolRef(contiguous(m.view, false));
}
Result<Ref<>> memoryview_get_f_contiguous(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return boolRef(contiguous(m.view, true));
}
Result<Ref<>> memoryview_get_contiguous(Thread& t, MemoryView& m) {
  TRY(check(t, m));
  return boolRef(contiguous(m.view, false) || contiguous(m.view, true));
}

}  // namespace dx
