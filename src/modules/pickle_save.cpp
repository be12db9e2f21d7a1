// Writing pickles: objects to opcodes (PEPs 307, 3154, 574).
#include <bit>

#include "base/float_text.h"
#include "base/int_math.h"
#include "modules/_pickle.gen.h"
#include "runtime/codecs.h"

namespace dx {

namespace {

constexpr i64 kFrameTarget = 64 * 1024, kFrameMinimum = 4, kFrameHeader = 9;
constexpr i64 kBatch = 1000;
constexpr size_t kFastDepth = 50;  // from here on, "fast" picklers look for cycles

// "module.Class" as notes and errors show a type.
std::string fullTypeName(Value v) {
  Type* type = typeOf(v);
  if (!type->has(kTypeHeap)) return std::string(typeName(type));
  std::string name = toUtf8(static_cast<HeapType*>(type)->htQualname);
  Value module = dictGetStr(typeDict(type), DX_NAME("__module__"));
  if (!module || !isStr(module) || equalAscii(module.as<Str>(), "builtins") ||
      equalAscii(module.as<Str>(), "__main__"))
    return name;
  return toUtf8(module.as<Str>()) + "." + name;
}

class Saver {
 public:
  Saver(Thread& t, PicklerObject& p) : t_(t), p_(p), s_(*p.state), proto_(p.state->protocol) {}

  Result<void> run(Value object) {
    if (proto_ >= 2) {
      op(PickleOp::Proto);
      byte(u8(proto_));
    }
    s_.framing = proto_ >= 4;
    TRY(save(object));
    op(PickleOp::Stop);
    commitFrame();
    s_.framing = false;
    return {};
  }
  Result<void> flush() {
    commitFrame();
    Ref<Bytes> bytes = makeBytes(s_.out);
    s_.out.clear();
    Ref<> write = retain(p_.write);
    (void)TRY(callWith(t_, write, bytes));
    return {};
  }

 private:
  // ---- output ----

  void raw(std::string_view bytes) {
    if (s_.framing && s_.frameStart < 0) {
      s_.frameStart = i64(s_.out.size());
      s_.out.append(size_t(kFrameHeader), '\0');
    }
    s_.out.append(bytes);
  }
  void byte(u8 b) { raw({reinterpret_cast<char*>(&b), 1}); }
  void op(PickleOp o) { byte(u8(o)); }
  template <class T>
  void number(T v) {
    raw({reinterpret_cast<char*>(&v), sizeof v});
  }
  template <class T>
  static std::string header(PickleOp o, T v) {
    std::string h(1, char(o));
    h.append(reinterpret_cast<char*>(&v), sizeof v);
    return h;
  }
  void line(PickleOp o, std::string_view text) {
    op(o);
    raw(text);
    raw("\n");
  }

  void commitFrame() {
    if (s_.frameStart < 0) return;
    u64 length = s_.out.size() - size_t(s_.frameStart + kFrameHeader);
    if (i64(length) >= kFrameMinimum) {
      char* head = s_.out.data() + s_.frameStart;
      *head = char(PickleOp::Frame);
      memcpy(head + 1, &length, sizeof length);
    } else {
      s_.out.erase(size_t(s_.frameStart), size_t(kFrameHeader));
    }
    s_.frameStart = -1;
  }
  Result<void> opcodeBoundary() {
    if (s_.frameStart < 0 || i64(s_.out.size()) - s_.frameStart - kFrameHeader < kFrameTarget)
      return {};
    commitFrame();
    return p_.write ? flush() : Result<void>();
  }
  // Large data stands outside frames and goes to the file without a copy.
  Result<void> payload(std::string_view head, std::string_view data, Value object) {
    if (i64(data.size()) < kFrameTarget) {
      raw(head);
      raw(data);
      return {};
    }
    commitFrame();
    bool framing = std::exchange(s_.framing, false);
    raw(head);
    Result<void> r;
    if (p_.write) {
      Ref<> bytes = object ? retain(object) : Ref<>(makeBytes(data));
      r = flush();
      if (r) {
        Ref<> write = retain(p_.write);
        if (!callWith(t_, write, bytes)) r = Error{};
      }
    } else {
      raw(data);
    }
    s_.framing = framing;
    return r;
  }

  // ---- errors ----

  template <class... A>
  DX_COLD Error failed(const char* format, const A&... args) {
    return t_.raise(gPickle.picklingError, format, args...);
  }
  // The pending exception says what was being written.
  DX_COLD Error noteText(const Ref<Str>& text) {
    if (!text) return Error{};
    Ref<> exception = t_.takeException();
    if (!callMethodWith(t_, exception, DX_NAME("add_note"), text)) t_.clearException();
    t_.restoreException(std::move(exception));
    return Error{};
  }
  template <class... A>
  DX_COLD Error note(Value object, const char* part, const A&... args) {
    Ref<> exception = t_.takeException();
    Ref<Str> text = formatStr("when serializing {}", fullTypeName(object));
    Ref<Str> rest = formatStr(part, args...);
    if (rest) text = formatStr("{} {}", text, rest);
    bool ok = bool(rest);
    if (!ok) t_.clearException();
    t_.restoreException(std::move(exception));
    return ok ? noteText(text) : Error{};
  }

  // ---- memo ----

  Result<void> memoize(Value object) {
    if (p_.fast || !object.isObject()) return {};
    i64 index = s_.memo.size();
    s_.memo.set(object.object(), index);
    if (proto_ >= 4)
      op(PickleOp::Memoize);
    else if (!p_.bin)
      line(PickleOp::Put, std::to_string(index));
    else if (index < 256)
      op(PickleOp::BinPut), byte(u8(index));
    else if (index <= UINT32_MAX)
      op(PickleOp::LongBinPut), number(u32(index));
    else
      return failed("memo id too large for LONG_BINPUT");
    return {};
  }
  i64 memoized(Value object) const {
    return object.isObject() ? s_.memo.find(object.object()) : -1;
  }
  Result<void> get(i64 index) {
    if (!p_.bin)
      line(PickleOp::Get, std::to_string(index));
    else if (index >= 0 && index < 256)
      op(PickleOp::BinGet), byte(u8(index));
    else if (index >= 0 && index <= UINT32_MAX)
      op(PickleOp::LongBinGet), number(u32(index));
    else
      return failed("memo id too large for LONG_BINGET");
    return {};
  }

  // ---- simple values ----

  Result<void> saveInt(Value v) {
    i64 i;
    if (intToI64(v, &i) && i == i32(i)) {
      if (!p_.bin) {
        line(PickleOp::Int, std::to_string(i));
      } else if (i >= 0 && i <= 0xFF) {
        op(PickleOp::BinInt1), byte(u8(i));
      } else if (i >= 0 && i <= 0xFFFF) {
        op(PickleOp::BinInt2), number(u16(i));
      } else {
        op(PickleOp::BinInt), number(i32(i));
      }
      return {};
    }
    if (proto_ < 2) {
      std::string text = TRY(intToDecimal(t_, v));
      line(PickleOp::Long, text + "L");
      return {};
    }
    IntReader reader(v);
    IntView view = reader;
    size_t n = view.count * 30 / 8 + 2;
    if (n > INT32_MAX) return t_.raise(kOverflowError, "int too large to pickle");
    std::string bytes(n, '\0');
    auto* p = reinterpret_cast<u8*>(bytes.data());
    (void)intToBytes(view, p, n, true, true);
    // Bytes that only repeat the sign are left out.
    while (n > 1 &&
           ((p[n - 1] == 0 && !(p[n - 2] & 0x80)) || (p[n - 1] == 0xFF && (p[n - 2] & 0x80))))
      n--;
    if (n < 256)
      op(PickleOp::Long1), byte(u8(n));
    else
      op(PickleOp::Long4), number(i32(n));
    raw({bytes.data(), n});
    return {};
  }
  void saveFloat(double d) {
    if (p_.bin) {
      op(PickleOp::BinFloat);
      number(__builtin_bswap64(std::bit_cast<u64>(d)));
      return;
    }
    std::string text;
    floatRepr(d, &text);
    line(PickleOp::Float, text);
  }

  Result<void> bytesData(std::string_view data, Value object) {
    u64 n = data.size();
    if (n <= 0xFF) return payload(header(PickleOp::ShortBinBytes, u8(n)), data, object);
    if (n <= UINT32_MAX) return payload(header(PickleOp::BinBytes, u32(n)), data, object);
    if (proto_ >= 4) return payload(header(PickleOp::BinBytes8, n), data, object);
    return t_.raise(kOverflowError,
                    "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or "
                    "higher");
  }
  Result<void> saveBytes(Bytes* b) {
    if (proto_ >= 3) {
      TRY(bytesData(b->view(), b));
      return memoize(b);
    }
    if (b->size == 0)
      return saveReduce(tupleOf(Value(&PyBytes_Type), Value(emptyTuple())).get(), b);
    Ref<Str> text = makeLatin1(b->view());
    return saveReduce(tupleOf(gPickle.encode, tupleOf(text, makeAscii("latin1"))).get(), b);
  }
  Result<void> byteArrayData(std::string_view data, Value object) {
    return payload(header(PickleOp::ByteArray8, u64(data.size())), data, object);
  }
  Result<void> saveByteArray(ByteArray* a) {
    std::string_view data{a->start, size_t(a->size)};
    if (proto_ >= 5) {
      if (i64(data.size()) < kFrameTarget) {
        TRY(byteArrayData(data, a));
      } else {  // writing may run Python, which may resize it
        Buffer hold;
        TRY(Buffer::get(t_, a, &hold));
        TRY(byteArrayData(hold.bytes(), a));
      }
      return memoize(a);
    }
    Value type(&PyByteArray_Type);
    if (a->size == 0) return saveReduce(tupleOf(type, Value(emptyTuple())).get(), a);
    return saveReduce(tupleOf(type, tupleOf(makeBytes(data))).get(), a);
  }
  Result<void> saveBuffer(PickleBufferObject* b) {
    if (proto_ < 5) return failed("PickleBuffer can only be pickled with protocol >= 5");
    TRY(requirePickleBuffer(t_, *b));
    Buffer hold;  // the callback may release the object
    TRY(Buffer::get(t_, b->buffer.view().obj, &hold, kBufferFullRO));
    const BufferView& v = hold.view();
    if (!isContiguous(v, false) && !isContiguous(v, true))
      return failed("PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
    if (p_.bufferCallback) {
      Ref<> callback = retain(p_.bufferCallback);
      Ref<> inBand = TRY(callWith(t_, callback, Value(b)));
      if (!TRY(isTrue(t_, inBand))) {
        op(PickleOp::NextBuffer);
        if (v.readonly) op(PickleOp::ReadOnlyBuffer);
        return {};
      }
    }
    // The file may keep what it is given longer than the buffer lives: always a copy.
    if (v.readonly)
      TRY(bytesData(hold.bytes(), Value()));
    else
      TRY(byteArrayData(hold.bytes(), Value()));
    return memoize(b);
  }

  Result<void> saveStr(Str* s) {
    if (!p_.bin) {
      std::string text;
      char hex[16];
      for (i64 i = 0; i < s->length; i++) {
        u32 c = s->at(i);
        if (c >= 0x10000) {
          snprintf(hex, sizeof hex, "\\U%08x", c);
          text += hex;
        } else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1A) {
          snprintf(hex, sizeof hex, "\\u%04x", c);
          text += hex;
        } else {
          text += char(c);
        }
      }
      line(PickleOp::Unicode, text);
      return memoize(s);
    }
    std::string utf8;
    std::string_view data;
    if (s->isAscii()) {
      data = s->ascii();
    } else {
      utf8 = toUtf8(s);
      data = utf8;
    }
    u64 n = data.size();
    if (n <= 0xFF && proto_ >= 4)
      TRY(payload(header(PickleOp::ShortBinUnicode, u8(n)), data, Value()));
    else if (n <= UINT32_MAX)
      TRY(payload(header(PickleOp::BinUnicode, u32(n)), data, Value()));
    else if (proto_ >= 4)
      TRY(payload(header(PickleOp::BinUnicode8, n), data, Value()));
    else
      return t_.raise(kOverflowError,
                      "serializing a string larger than 4 GiB requires pickle protocol 4 or "
                      "higher");
    return memoize(s);
  }

  // ---- containers ----

  Result<void> item(Value container, Value v, i64 index) {
    Ref<> hold = retain(v);
    if (!save(v)) return note(container, "item {}", index);
    return {};
  }
  Result<void> pops(i64 n) {
    while (n--) op(PickleOp::Pop);
    return {};
  }

  Result<void> saveTuple(Tuple* tuple) {
    i64 n = tuple->size;
    if (n == 0) {
      if (p_.bin) {
        op(PickleOp::EmptyTuple);
      } else {
        op(PickleOp::Mark);
        op(PickleOp::Tuple);
      }
      return {};
    }
    bool small = n <= 3 && proto_ >= 2;
    if (!small) op(PickleOp::Mark);
    for (i64 i = 0; i < n; i++) TRY(item(tuple, tuple->items[i], i));
    if (i64 index = memoized(tuple); index >= 0) {  // writing the items wrote the tuple itself
      if (small)
        TRY(pops(n));
      else if (p_.bin)
        op(PickleOp::PopMark);
      else
        TRY(pops(n + 1));
      return get(index);
    }
    op(small ? PickleOp(u8(PickleOp::Tuple1) + n - 1) : PickleOp::Tuple);
    return memoize(tuple);
  }

  Result<void> emptyContainer(PickleOp binary, PickleOp text) {
    if (p_.bin) {
      op(binary);
    } else {
      op(PickleOp::Mark);
      op(text);
    }
    return {};
  }

  Result<void> saveList(List* list) {
    TRY(emptyContainer(PickleOp::EmptyList, PickleOp::List));
    TRY(memoize(list));
    if (list->size == 0) return {};
    if (!p_.bin) return appendOneByOne(TRY(iter(t_, list)), list);
    if (list->size == 1) {
      TRY(item(list, list->items[0], 0));
      op(PickleOp::Append);
      return {};
    }
    for (i64 i = 0; i < list->size;) {
      op(PickleOp::Mark);
      i64 end = i + kBatch;
      for (; i < end && i < list->size; i++) TRY(item(list, list->items[i], i));
      op(PickleOp::Appends);
    }
    return {};
  }
  Result<void> appendOneByOne(Ref<> items, Value container) {
    for (i64 i = 0;; i++) {
      Ref<> v = TRY(next(items));
      if (!v) return {};
      TRY(item(container, v, i));
      op(PickleOp::Append);
    }
  }
  // An empty value: the end.
  struct Next {
    Ref<> value;
    bool ok;
    explicit operator bool() const { return ok; }
    Ref<> take() && { return std::move(value); }
  };
  Next next(Value it) {
    Ref<> v = iterNext(t_, it).take();
    bool ok = v || !t_.hasException();
    return {std::move(v), ok};
  }

  Result<void> appendAll(Value items, Value container) {
    if (!p_.bin) return appendOneByOne(retain(items), container);
    i64 i = 0;
    for (;;) {
      Ref<> first = TRY(next(items));
      if (!first) return {};
      Ref<> second = TRY(next(items));
      if (!second) {
        TRY(item(container, first, i));
        op(PickleOp::Append);
        return {};
      }
      op(PickleOp::Mark);
      TRY(item(container, first, i));
      i64 n = 1;
      while (second) {
        TRY(item(container, second, i + n));
        if (++n == kBatch) break;
        second = TRY(next(items));
      }
      op(PickleOp::Appends);
      if (n < kBatch) return {};
      i += n;
    }
  }

  Result<void> pair(Value container, Value key, Value v) {
    Ref<> holdKey = retain(key), holdValue = retain(v);
    TRY(save(key));
    if (!save(v)) return note(container, "item {!r}", key);
    return {};
  }
  Result<void> pair(Value container, Value keyAndValue) {
    if (!isTuple(keyAndValue) || keyAndValue.as<Tuple>()->size != 2)
      return t_.raise(kTypeError, "dict items iterator must return 2-tuples");
    Value* items = keyAndValue.as<Tuple>()->items;
    return pair(container, items[0], items[1]);
  }
  Result<void> saveDict(Dict* d) {
    TRY(emptyContainer(PickleOp::EmptyDict, PickleOp::Dict));
    TRY(memoize(d));
    if (d->used == 0) return {};
    i64 size = d->used, at = 0, n = 0;
    Value key, v;
    bool marked = p_.bin && size > 1;
    while (dictNext(d, &at, &key, &v)) {
      if (marked && n % kBatch == 0) op(PickleOp::Mark);
      TRY(pair(d, key, v));
      if (d->used != size)
        return t_.raise(kRuntimeError, "dictionary changed size during iteration");
      n++;
      if (!marked)
        op(PickleOp::SetItem);
      else if (n % kBatch == 0)
        op(PickleOp::SetItems);
    }
    if (marked && n % kBatch) op(PickleOp::SetItems);
    return {};
  }
  Result<void> setAll(Value items, Value container) {
    for (;;) {
      Ref<> first = TRY(next(items));
      if (!first) return {};
      Ref<> second = p_.bin ? TRY(next(items)) : Ref<>();
      if (!second) {
        TRY(pair(container, first));
        op(PickleOp::SetItem);
        if (p_.bin) return {};
        continue;
      }
      op(PickleOp::Mark);
      TRY(pair(container, first));
      i64 n = 1;
      while (second) {
        TRY(pair(container, second));
        if (++n == kBatch) break;
        second = TRY(next(items));
      }
      op(PickleOp::SetItems);
      if (n < kBatch) return {};
    }
  }

  Result<void> saveSet(Set* set, bool frozen) {
    if (proto_ < 4) {
      Ref<List> items = TRY(listFrom(t_, set));
      return saveReduce(tupleOf(Value(set->type), tupleOf(items)).get(), set);
    }
    if (!frozen) {
      op(PickleOp::EmptySet);
      TRY(memoize(set));
      if (set->used == 0) return {};
    } else {
      op(PickleOp::Mark);
    }
    i64 size = set->used, at = 0, n = 0;
    Value v;
    while (setNext(set, &at, &v)) {
      if (!frozen && n % kBatch == 0) op(PickleOp::Mark);
      Ref<> hold = retain(v);
      if (!save(v)) return note(set, "element");
      if (set->used != size) return t_.raise(kRuntimeError, "set changed size during iteration");
      n++;
      if (!frozen && n % kBatch == 0) op(PickleOp::AddItems);
    }
    if (!frozen) {
      if (n % kBatch) op(PickleOp::AddItems);
      return {};
    }
    if (i64 index = memoized(set); index >= 0) {
      op(PickleOp::PopMark);
      return get(index);
    }
    op(PickleOp::FrozenSet);
    return memoize(set);
  }

  // Without a memo, a container inside itself would be written for ever.
  template <class F>
  Result<void> nested(Object* o, F&& fn) {
    if (!p_.fast) return fn();
    auto& path = s_.fastPath;
    if (path.size() >= kFastDepth)
      for (Object* outer : path)
        if (outer == o)
          return t_.raise(kValueError,
                          "fast mode: can't pickle cyclic objects including object type {} at {}",
                          o->type, formatStr("0x{}", hexText(o)));
    path.push_back(o);
    Result<void> r = fn();
    path.pop_back();
    return r;
  }
  static std::string hexText(Object* o) {
    char text[20];
    snprintf(text, sizeof text, "%lx", reinterpret_cast<u64>(o));
    return text;
  }

  // ---- globals ----

  static std::vector<Ref<Str>> dottedPath(Str* name) {
    std::vector<Ref<Str>> path;
    i64 start = 0;
    for (;;) {
      i64 dot = findChar(name, '.', start, name->length);
      path.push_back(intern(substring(name, start, dot < 0 ? name->length : dot)));
      if (dot < 0) return path;
      start = dot + 1;
    }
  }
  Result<Ref<>> followPath(Value from, const std::vector<Ref<Str>>& path) {
    Ref<> o = retain(from);
    for (const Ref<Str>& name : path) o = TRY(getAttr(t_, o, name.get()));
    return o;
  }

  // The name of the module that has the object under this path.
  Result<Ref<>> moduleOf(Value object, Str* name, const std::vector<Ref<Str>>& path) {
    Ref<> moduleName;
    TRY(lookupAttr(t_, object, DX_NAME("__module__"), &moduleName));
    for (const Ref<Str>& part : path)
      if (equalAscii(part, "<locals>")) return failed("Can't pickle local object {!r}", object);
    if (moduleName && !isNone(moduleName)) return moduleName;
    Value modules = sysGet("modules");
    if (!modules) return t_.raise(kRuntimeError, "unable to get sys.modules");
    Ref<> list = TRY(callMethod(t_, modules, DX_NAME("items"), {}));
    Ref<List> items = TRY(listFrom(t_, list));
    for (i64 i = 0; i < items->size; i++) {
      if (!isTuple(items->items[i]) || items->items[i].as<Tuple>()->size != 2) continue;
      Ref<> key = retain(items->items[i].as<Tuple>()->items[0]);
      Ref<> module = retain(items->items[i].as<Tuple>()->items[1]);
      if (isNone(module) || (isStr(key) && (equalAscii(key.as<Str>(), "__main__") ||
                                            equalAscii(key.as<Str>(), "__mp_main__"))))
        continue;
      Result<Ref<>> found = followPath(module, path);
      if (!found && !t_.takeIf(kAttributeError)) return Error{};
      if (found && sameValue(*found, object)) return key;
    }
    return Ref<>(makeAscii("__main__"));
  }

  Result<bool> saveExtension(Value object, Value module, Value name) {
    Value code = TRY(dictGet(t_, gPickle.extensionRegistry.as<Dict>(), tupleOf(module, name)));
    if (!code) return false;
    i64 number;
    if (!isInt(code))
      return failed("Can't pickle {!r}: extension code {!r} isn't an integer", object, code);
    if (!intToI64(code, &number) || number <= 0 || number > INT32_MAX)
      return t_.raise(kRuntimeError, "extension code {} is out of range", code);
    if (number <= 0xFF)
      op(PickleOp::Ext1), byte(u8(number));
    else if (number <= 0xFFFF)
      op(PickleOp::Ext2), this->number(u16(number));
    else
      op(PickleOp::Ext4), this->number(i32(number));
    return true;
  }

  Result<void> textName(Value v, const char* what) {
    // Identifiers beyond ASCII need protocol 3.
    Result<Ref<Bytes>> bytes = encode(t_, v.as<Str>(), proto_ >= 3 ? "utf-8" : "ascii", nullptr);
    if (!bytes) {
      if (!t_.matches(kUnicodeEncodeError)) return Error{};
      return raiseInContext(t_, gPickle.picklingError,
                            "can't pickle {} identifier {!r} using pickle protocol {}", what, v,
                            proto_);
    }
    raw((*bytes)->view());
    raw("\n");
    return {};
  }
  // By GLOBAL, under the names of Python 2 when asked.
  Result<void> saveTopLevel(Value moduleName, Value name) {
    Ref<> module = retain(moduleName), attribute = retain(name);
    if (s_.fixImports) {
      Value mapped =
          TRY(dictGet(t_, gPickle.reverseNameMapping.as<Dict>(), tupleOf(module, attribute)));
      if (mapped) {
        if (!isTuple(mapped) || mapped.as<Tuple>()->size != 2)
          return t_.raise(kRuntimeError,
                          "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples, not {}",
                          typeOf(mapped));
        Value m = mapped.as<Tuple>()->items[0], a = mapped.as<Tuple>()->items[1];
        if (!isStr(m) || !isStr(a))
          return t_.raise(kRuntimeError,
                          "_compat_pickle.REVERSE_NAME_MAPPING values should be pairs of str, not "
                          "({}, {})",
                          typeOf(m), typeOf(a));
        module = retain(m);
        attribute = retain(a);
      } else if (Value m = TRY(dictGet(t_, gPickle.reverseImportMapping.as<Dict>(), module))) {
        if (!isStr(m))
          return t_.raise(kRuntimeError,
                          "_compat_pickle.REVERSE_IMPORT_MAPPING values should be strings, not {}",
                          typeOf(m));
        module = retain(m);
      }
    }
    op(PickleOp::Global);
    TRY(textName(module, "module"));
    return textName(attribute, "global");
  }

  Result<void> saveGlobal(Value object, Value given) {
    Ref<> name = retain(given);
    if (!name) {
      TRY(lookupAttr(t_, object, DX_NAME("__qualname__"), &name));
      if (!name) name = TRY(getAttr(t_, object, DX_NAME("__name__")));
    }
    if (!isStr(name)) return t_.raise(kTypeError, "must be str, not {}", typeOf(name));
    std::vector<Ref<Str>> path = dottedPath(name.as<Str>());
    Ref<> module = TRY(moduleOf(object, name.as<Str>(), path));
    Result<Ref<>> imported = importedModule(t_, module);
    if (!imported) {
      if (!t_.matches(kImportError) && !t_.matches(kValueError) && !t_.matches(kKeyError))
        return Error{};
      Ref<> cause = retain(t_.currentException);
      return raiseInContext(t_, gPickle.picklingError, "Can't pickle {!r}: {}", object, cause);
    }
    Result<Ref<>> found = followPath(*imported, path);
    if (!found) {
      if (!t_.matches(kAttributeError)) return Error{};
      return raiseInContext(t_, gPickle.picklingError, "Can't pickle {!r}: it's not found as {}.{}",
                            object, module, name);
    }
    if (!sameValue(*found, object))
      return failed("Can't pickle {!r}: it's not the same object as {}.{}", object, module, name);
    if (!isStr(module)) return t_.raise(kTypeError, "must be str, not {}", typeOf(module));

    if (proto_ >= 2 && TRY(saveExtension(object, module, name))) return {};
    if (proto_ >= 4) {
      TRY(save(module));
      TRY(save(name));
      op(PickleOp::StackGlobal);
    } else if (path.size() > 1) {
      // As getattr(getattr(..., a), b).
      for (size_t i = 1; i < path.size(); i++) {
        TRY(save(gPickle.getattr));
        if (proto_ < 2) op(PickleOp::Mark);
      }
      TRY(saveTopLevel(module, path[0]));
      for (size_t i = 1; i < path.size(); i++) {
        TRY(save(path[i]));
        op(proto_ < 2 ? PickleOp::Tuple : PickleOp::Tuple2);
        op(PickleOp::Reduce);
      }
    } else {
      TRY(saveTopLevel(module, name));
    }
    return memoize(object);
  }
  Result<void> saveType(Value type) {
    Value only;
    if (type == Value(typeOf(none()))) only = none();
    if (type == Value(typeOf(notImplemented()))) only = notImplemented();
    if (type == Value(typeOf(ellipsis()))) only = ellipsis();
    if (!only) return saveGlobal(type, Value());
    return saveReduce(tupleOf(Value(&PyType_Type), tupleOf(only)).get(), type);
  }

  // ---- everything else ----

  Result<bool> savePersistent(Value object) {
    Ref<> ask = retain(p_.persistentCall);
    Ref<> id = TRY(callWith(t_, ask, object));
    if (isNone(id)) return false;
    if (p_.bin) {
      TRY(save(id, true));
      op(PickleOp::BinPersId);
      return true;
    }
    Ref<Str> text = TRY(str(t_, id));
    if (!text->isAscii()) return failed("persistent IDs in protocol 0 must be ASCII strings");
    line(PickleOp::PersId, text->ascii());
    return true;
  }

  Result<void> saveReduce(Value value, Value object) {
    Ref<> hold = retain(value);
    auto* v = value.as<Tuple>();
    if (v->size < 2 || v->size > 6)
      return failed("tuple returned by __reduce__ must contain 2 through 6 elements");
    Value part[6];
    for (i64 i = 0; i < v->size; i++)
      if (i < 2 || !isNone(v->items[i])) part[i] = v->items[i];
    auto [function, args, state, listItems, dictItems, stateSetter] = part;
    if (!isCallable(function))
      return failed("first item of the tuple returned by __reduce__ must be callable, not {}",
                    fullTypeName(function));
    if (!isTuple(args))
      return failed("second item of the tuple returned by __reduce__ must be a tuple, not {}",
                    fullTypeName(args));
    if (listItems && !isIterator(listItems))
      return failed("fourth item of the tuple returned by __reduce__ must be an iterator, not {}",
                    fullTypeName(listItems));
    if (dictItems && !isIterator(dictItems))
      return failed("fifth item of the tuple returned by __reduce__ must be an iterator, not {}",
                    fullTypeName(dictItems));
    if (stateSetter && !isCallable(stateSetter))
      return failed("sixth item of the tuple returned by __reduce__ must be callable, not {}",
                    fullTypeName(stateSetter));

    Ref<> name;
    if (proto_ >= 2) TRY(lookupAttr(t_, function, DX_NAME("__name__"), &name));
    bool named = name && isStr(name);
    if (named && equalAscii(name.as<Str>(), "__newobj_ex__")) {
      TRY(newObjectEx(object, args.as<Tuple>()));
    } else if (named && equalAscii(name.as<Str>(), "__newobj__")) {
      TRY(newObject(object, args.as<Tuple>()));
    } else {
      if (!save(function)) return note(object, "reconstructor");
      if (!save(args)) return note(object, "reconstructor arguments");
      op(PickleOp::Reduce);
    }

    if (i64 index = memoized(object); index >= 0) {  // making it wrote the object itself
      op(PickleOp::Pop);
      TRY(get(index));
    } else {
      TRY(memoize(object));
    }
    if (listItems) TRY(appendAll(listItems, object));
    if (dictItems) TRY(setAll(dictItems, object));
    if (!state) return {};
    if (!stateSetter) {
      if (!save(state)) return note(object, "state");
      op(PickleOp::Build);
      return {};
    }
    if (!save(stateSetter)) return note(object, "state setter");
    TRY(save(object));
    if (!save(state)) return note(object, "state");
    op(PickleOp::Tuple2);
    op(PickleOp::Reduce);
    op(PickleOp::Pop);  // what the setter gave
    return {};
  }

  Result<void> checkClass(Value object, Value cls, const char* function) {
    Ref<> actual = TRY(getAttr(t_, object, DX_NAME("__class__")));
    if (actual.get() != cls)
      return failed("first argument to {}() must be {!r}, not {!r}", function, actual, cls);
    return {};
  }
  Result<void> newObjectEx(Value object, Tuple* args) {
    if (args->size != 3) return failed("__newobj_ex__ expected 3 arguments, got {}", args->size);
    Value cls = args->items[0], positional = args->items[1], keywords = args->items[2];
    if (!isType(cls))
      return failed("first argument to __newobj_ex__() must be a class, not {}", fullTypeName(cls));
    TRY(checkClass(object, cls, "__newobj_ex__"));
    if (!isTuple(positional))
      return failed("second argument to __newobj_ex__() must be a tuple, not {}",
                    fullTypeName(positional));
    if (!isDict(keywords))
      return failed("third argument to __newobj_ex__() must be a dict, not {}",
                    fullTypeName(keywords));
    if (proto_ >= 4) {
      if (!save(cls)) return note(object, "class");
      if (!save(positional) || !save(keywords)) return note(object, "__new__ arguments");
      op(PickleOp::NewObjEx);
      return {};
    }
    Ref<> make = TRY(getAttr(t_, cls, DX_NAME("__new__")));
    Ref<List> all = newList();
    listAppend(all, make.get());
    listAppend(all, cls);
    for (Value v : valuesOf(positional.as<Tuple>())) listAppend(all, v);
    Ref<Tuple> partialArgs = makeTuple(valuesOf(all.get()));
    Ref<> partial = TRY(callTupleDict(t_, gPickle.partial, partialArgs, keywords.as<Dict>()));
    if (!save(partial)) return note(object, "reconstructor");
    TRY(save(emptyTuple()));
    op(PickleOp::Reduce);
    return {};
  }
  Result<void> newObject(Value object, Tuple* args) {
    if (args->size < 1)
      return failed("__newobj__ expected at least 1 argument, got {}", args->size);
    Value cls = args->items[0];
    if (!isType(cls))
      return failed("first argument to __newobj__() must be a class, not {}", fullTypeName(cls));
    TRY(checkClass(object, cls, "__newobj__"));
    if (!save(cls)) return note(object, "class");
    Ref<Tuple> rest = makeTuple(valuesOf(args).subspan(1));
    if (!save(rest)) return note(object, "__new__ arguments");
    op(PickleOp::NewObj);
    return {};
  }

  // What stands for the object: by a dispatch table, or the object's own word.
  Result<Ref<>> reduced(Value object) {
    Type* type = typeOf(object);
    Ref<> reduce;
    if (!p_.dispatchTable) {
      reduce = retain(TRY(dictGet(t_, gPickle.dispatchTable.as<Dict>(), type)));
    } else {
      Ref<> table = retain(p_.dispatchTable);
      Result<Ref<>> found = getItem(t_, table, type);
      if (found)
        reduce = std::move(found).take();
      else if (!t_.takeIf(kKeyError))
        return Error{};
    }
    if (reduce) return callWith(t_, reduce, object);
    if (isSubtype(type, &PyType_Type)) return noneRef();  // a class of another metaclass
    TRY(lookupAttr(t_, object, DX_NAME("__reduce_ex__"), &reduce));
    if (reduce) return callWith(t_, reduce, Value::smallInt(proto_));
    TRY(lookupAttr(t_, object, DX_NAME("__reduce__"), &reduce));
    if (!reduce) return failed("Can't pickle {} object", fullTypeName(object));
    return call(t_, reduce, Args());
  }

  Result<void> save(Value object, bool isPersistentId = false) {
    RecursionGuard guard(t_);
    TRY(guard.check(" while pickling an object"));
    TRY(opcodeBoundary());
    if (p_.persistentCall && !isPersistentId && TRY(savePersistent(object))) return {};

    if (isExactInt(object)) return saveInt(object);
    if (isExactFloat(object)) return saveFloat(floatValue(object)), Result<void>();
    if (isNone(object)) return op(PickleOp::None), Result<void>();
    if (isBool(object)) {
      bool b = object == trueValue();
      if (proto_ >= 2)
        op(b ? PickleOp::NewTrue : PickleOp::NewFalse);
      else
        line(PickleOp::Int, b ? "01" : "00");
      return {};
    }
    if (i64 index = memoized(object); index >= 0) return get(index);

    Type* type = typeOf(object);
    if (type == &PyBytes_Type) return saveBytes(object.as<Bytes>());
    if (type == &PyUnicode_Type) return saveStr(object.as<Str>());
    if (type == &PyDict_Type)
      return nested(object.object(), [&] { return saveDict(object.as<Dict>()); });
    if (type == &PyList_Type)
      return nested(object.object(), [&] { return saveList(object.as<List>()); });
    if (type == &PySet_Type || type == &PyFrozenSet_Type)
      return saveSet(object.as<Set>(), type == &PyFrozenSet_Type);
    if (type == &PyTuple_Type) return saveTuple(object.as<Tuple>());
    if (type == &PyByteArray_Type) return saveByteArray(object.as<ByteArray>());
    if (type == &PyPickleBuffer_Type) return saveBuffer(object.as<PickleBufferObject>());

    Ref<> value = notImplementedRef();
    if (p_.reducerOverride) {
      Ref<> reduce = retain(p_.reducerOverride);
      value = TRY(callWith(t_, reduce, object));
    }
    if (value.get() == notImplemented()) {
      if (type == &PyType_Type) return saveType(object);
      if (type == &PyFunction_Type) return saveGlobal(object, Value());
      value = TRY(reduced(object));
      if (isNone(value) && isSubtype(type, &PyType_Type)) return saveGlobal(object, Value());
    }
    if (isStr(value)) return saveGlobal(object, value);
    Result<void> r = isTuple(value) ? saveReduce(value, object)
                                    : failed("__reduce__ must return a string or tuple, not {}",
                                             fullTypeName(value));
    if (!r) return note(object, "object");
    return {};
  }

  Thread& t_;
  PicklerObject& p_;
  PicklerState& s_;
  const i32 proto_;
};

}  // namespace

Result<void> pickleTo(Thread& t, PicklerObject& p, Value object) {
  PicklerState& s = *p.state;
  s.out.clear();
  s.frameStart = -1;
  s.fastPath.clear();
  return Saver(t, p).run(object);
}
Result<void> flushPickle(Thread& t, PicklerObject& p) { return Saver(t, p).flush(); }

}  // namespace dx
