// Reading pickles: opcodes to objects. Input is hostile: every length, index and type is checked.
#include <bit>

#include "base/int_math.h"
#include "builtins/byte_methods.h"
#include "modules/_pickle.gen.h"
#include "runtime/attributes.h"
#include "runtime/codecs.h"

namespace dx {

Result<Ref<>> importedModule(Thread& t, Value name) {
  if (!isStr(name)) return t.raise(kTypeError, "module name must be a string");
  (void)TRY(importName(t, name.as<Str>(), none(), none(), none(), 0));
  Value modules = sysGet("modules");
  if (!modules) return t.raise(kRuntimeError, "unable to get sys.modules");
  Ref<> hold = retain(modules);
  return getItem(t, hold, name);
}

Result<Ref<>> findPickledClass(Thread& t, UnpicklerObject& u, Value module, Value name) {
  Value auditArgs[] = {module, name};
  TRY(audit(t, "pickle.find_class", auditArgs));
  Ref<> from = retain(module), what = retain(name);
  if (u.state->protocol < 3 && u.state->fixImports) {
    Value mapped = TRY(dictGet(t, gPickle.nameMapping.as<Dict>(), tupleOf(module, name)));
    if (mapped) {
      if (!isTuple(mapped) || mapped.as<Tuple>()->size != 2)
        return t.raise(kRuntimeError,
                       "_compat_pickle.NAME_MAPPING values should be 2-tuples, not {}",
                       typeOf(mapped));
      Value m = mapped.as<Tuple>()->items[0], n = mapped.as<Tuple>()->items[1];
      if (!isStr(m) || !isStr(n))
        return t.raise(kRuntimeError,
                       "_compat_pickle.NAME_MAPPING values should be pairs of str, not ({}, {})",
                       typeOf(m), typeOf(n));
      from = retain(m);
      what = retain(n);
    } else if (Value m = TRY(dictGet(t, gPickle.importMapping.as<Dict>(), module))) {
      if (!isStr(m))
        return t.raise(kRuntimeError,
                       "_compat_pickle.IMPORT_MAPPING values should be strings, not {}", typeOf(m));
      from = retain(m);
    }
  }
  Ref<> found = TRY(importedModule(t, from));
  if (!isStr(what))
    return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(what));
  auto* path = what.as<Str>();
  if (u.state->protocol < 4 || findChar(path, '.', 0, path->length) < 0)
    return getAttr(t, found, path);
  for (i64 start = 0; start <= path->length;) {
    i64 dot = findChar(path, '.', start, path->length);
    if (dot < 0) dot = path->length;
    Ref<Str> part = intern(substring(path, start, dot));
    Result<Ref<>> inner = getAttr(t, found, part.get());
    if (!inner) {
      if (!t.matches(kAttributeError)) return Error{};
      return raiseInContext(t, kAttributeError, "Can't resolve path {!r} on module {!r}", what,
                            from);
    }
    found = std::move(inner).take();
    start = dot + 1;
  }
  return found;
}

namespace {

constexpr i64 kPrefetch = 128 * 1024;

class Loader {
 public:
  Loader(Thread& t, UnpicklerObject& u) : t_(t), u_(u), s_(*u.state) {}

  Result<Ref<>> run() {
    s_.popTo(0);
    s_.marks.clear();
    s_.protocol = 0;
    Result<Ref<>> r = loop();
    s_.popTo(0);
    s_.marks.clear();
    if (r && !skipConsumed()) return Error{};
    return r;
  }

 private:
  DX_COLD Error bad(const char* text) { return t_.raise(gPickle.unpicklingError, "{}", text); }
  DX_COLD Error truncated() { return bad("pickle data was truncated"); }

  // ---- input ----

  // Tells the file about what was used of the bytes that were only peeked at.
  Result<void> skipConsumed() {
    i64 consumed = s_.at - s_.prefetched;
    if (consumed <= 0 || !u_.read) return {};
    Ref<> read = retain(u_.read);
    (void)TRY(callWith(t_, read, makeInt(consumed)));
    s_.prefetched = s_.at;
    return {};
  }
  Result<i64> setInput(Value data) {
    Buffer fresh;
    TRY(Buffer::get(t_, data, &fresh));
    s_.input = std::move(fresh);
    s_.at = 0;
    s_.prefetched = s_.input.size();
    s_.inFrame = false;
    return s_.limit = s_.input.size();
  }
  // New input of at least n bytes, if the file has them; n < 0: a line.
  Result<i64> fill(i64 n) {
    if (!u_.read) return truncated();
    TRY(skipConsumed());
    if (n < 0) {
      Ref<> readline = retain(u_.readline);
      return setInput(TRY(call(t_, readline, Args())));
    }
    if (u_.peek && n < kPrefetch) {
      Ref<> peek = retain(u_.peek);
      Result<Ref<>> data = callWith(t_, peek, Value::smallInt(kPrefetch));
      if (data) {
        i64 size = TRY(setInput(*data));
        s_.prefetched = 0;
        if (n <= size) return n;
      } else if (t_.takeIf(kNotImplementedError)) {
        clearField(u_.peek);
      } else {
        return Error{};
      }
    }
    Ref<> read = retain(u_.read);
    return setInput(TRY(callWith(t_, read, makeInt(n))));
  }
  // An item must not cross the end of its frame; at the end, the frame is over.
  Result<void> leaveFrame() {
    if (!s_.inFrame) return {};
    if (s_.at < s_.limit) return bad("pickle exhausted before end of frame");
    s_.inFrame = false;
    s_.limit = s_.input.size();
    return {};
  }
  // The next n bytes, valid until the next read.
  Result<const u8*> bytes(i64 n) {
    if (n > s_.limit - s_.at) [[unlikely]] {
      TRY(leaveFrame());
      if (n > INT64_MAX - s_.at) return bad("read would overflow (invalid bytecode)");
      if (n > s_.limit - s_.at && TRY(fill(n)) < n) return truncated();
    }
    const u8* p = s_.input.data() + s_.at;
    s_.at += n;
    return p;
  }
  template <class T>
  Result<T> number() {
    T v;
    memcpy(&v, TRY(bytes(sizeof v)), sizeof v);
    return v;
  }
  const char* findLineEnd() const {
    i64 left = s_.limit - s_.at;
    const void* end = left > 0 ? memchr(s_.input.data() + s_.at, '\n', size_t(left)) : nullptr;
    return static_cast<const char*>(end);
  }
  // A line without its end, as a copy.
  Result<std::string> line() {
    const char* end = findLineEnd();
    if (!end && s_.inFrame) {
      TRY(leaveFrame());
      end = findLineEnd();
    }
    if (!end) {
      // What was only peeked at comes again with the line.
      i64 n = TRY(fill(-1));
      auto* start = reinterpret_cast<const char*>(s_.input.data());
      if (n == 0 || start[n - 1] != '\n') return truncated();
      end = start + n - 1;
    }
    auto* start = reinterpret_cast<const char*>(s_.input.data()) + s_.at;
    size_t n = size_t(end - start);
    std::string text(start, n);
    s_.at += i64(n) + 1;
    return text;
  }
  Result<std::string> nameLine() {
    std::string text = TRY(line());
    if (text.empty()) return truncated();
    return text;
  }

  // ---- the stack ----

  size_t fence() const { return s_.marks.empty() ? 0 : s_.marks.back(); }
  DX_COLD Error underflow() {
    return bad(s_.marks.empty() ? "unpickling stack underflow" : "unexpected MARK found");
  }
  Result<void> need(size_t n) {
    if (s_.stack.size() < n + fence()) return underflow();
    return {};
  }
  void push(Ref<> v) { s_.stack.push_back(v.release()); }
  Result<Ref<>> pop() {
    TRY(need(1));
    Ref<> v = Ref<>::steal(s_.stack.back());
    s_.stack.pop_back();
    return v;
  }
  Value top() const { return s_.stack.back(); }
  Result<size_t> popMark() {
    if (s_.marks.empty()) return bad("could not find MARK");
    size_t at = s_.marks.back();
    s_.marks.pop_back();
    return at;
  }
  Values above(size_t at) const { return {s_.stack.data() + at, s_.stack.size() - at}; }
  // A list or tuple takes the items over.
  Ref<Tuple> takeTuple(size_t at) {
    Ref<Tuple> tuple = newTuple(i64(s_.stack.size() - at));
    std::copy(s_.stack.begin() + long(at), s_.stack.end(), tuple->items);
    s_.stack.resize(at);
    return tuple;
  }
  Ref<List> takeList(size_t at) {
    Ref<List> list = makeList(above(at));
    s_.popTo(at);
    return list;
  }

  // ---- values ----

  Result<void> pushDecimalInt(const std::string& text) {
    Ref<Str> original = TRY(decode(t_, text + "\n", "latin-1", nullptr));
    push(TRY(intFromText(t_, original, text, 10)));
    return {};
  }
  Result<void> loadInt() {
    std::string text = TRY(line());
    if (text == "00" || text == "01") {
      push(boolRef(text == "01"));
      return {};
    }
    Result<void> r = pushDecimalInt(text);
    if (!r && t_.takeIf(kValueError))
      return t_.raise(kValueError, "could not convert string to int");
    return r;
  }
  Result<void> loadLong() {
    std::string text = TRY(line());
    if (!text.empty() && text.back() == 'L') text.pop_back();
    return pushDecimalInt(text);
  }
  Result<void> loadBinLong(i64 n) {
    if (n < 0) return bad("LONG pickle has negative byte count");
    const u8* p = TRY(bytes(n));
    push(n ? makeInt(intFromBytes(p, size_t(n), true, true)) : makeInt(0));
    return {};
  }
  Result<void> loadFloat() {
    std::string text = TRY(line());
    Ref<Str> s = TRY(decode(t_, text + "\n", "latin-1", nullptr));
    Result<Ref<>> value = toFloat(t_, s);
    if (!value) {
      if (t_.takeIf(kValueError))
        return t_.raise(kValueError, "could not convert string to float: {!r}",
                        TRY(decode(t_, text, "latin-1", nullptr)));
      return Error{};
    }
    push(std::move(value).take());
    return {};
  }

  // Length of a string or bytes opcode.
  Result<i64> size8(const char* what) {
    u64 n = TRY(number<u64>());
    if (n > u64(INT64_MAX))
      return t_.raise(kOverflowError, "{} exceeds system's maximum size of {} bytes", what,
                      i64(INT64_MAX));
    return i64(n);
  }
  Result<void> loadText(i64 n) {
    const u8* p = TRY(bytes(n));
    std::string_view text{reinterpret_cast<const char*>(p), size_t(n)};
    bool ascii = true;
    for (char c : text) ascii &= i8(c) >= 0;
    push(ascii ? Ref<>(makeAscii(text)) : Ref<>(TRY(decode(t_, text, "utf-8", "surrogatepass"))));
    return {};
  }
  Result<void> loadBytes(i64 n) {
    const u8* p = TRY(bytes(n));
    push(makeBytes({reinterpret_cast<const char*>(p), size_t(n)}));
    return {};
  }
  Result<void> loadByteArray(i64 n) {
    if (n > s_.limit - s_.at) TRY(leaveFrame());
    i64 ready = std::min(n, s_.limit - s_.at);
    if (ready < n && !u_.read) return n > (i64(1) << 55) ? t_.raiseMemory() : truncated();
    char* data;
    Ref<> array = newByteString(true, n, &data);
    if (!array) return t_.raiseMemory();
    push(retain(array));
    if (ready > 0) {
      memcpy(data, s_.input.data() + s_.at, size_t(ready));
      s_.at += ready;
    }
    if (ready == n) return {};
    TRY(skipConsumed());
    if (!u_.readinto) {
      Ref<> read = retain(u_.read);
      Ref<> rest = TRY(callWith(t_, read, makeInt(n - ready)));
      if (!isBytes(rest))
        return t_.raise(kValueError, "read() returned non-bytes object ({!r})", rest);
      if (rest.as<Bytes>()->size < n - ready) return truncated();
      memcpy(data + ready, rest.as<Bytes>()->data, size_t(n - ready));
      return {};
    }
    // The view keeps the array from being resized while the file writes into it.
    Ref<> view = TRY(callWith(t_, &PyMemoryView_Type, array));
    Ref<> part = TRY(getSlice(t_, view, makeInt(ready), none()));
    Ref<> readinto = retain(u_.readinto);
    Result<Ref<>> got = callWith(t_, readinto, part);
    Result<i64> count = got ? indexI64(t_, *got, kValueError) : Result<i64>(Error{});
    Result<Ref<>> released = Error{};
    {
      ExceptionSaver saver(t_);
      released = callMethodWith(t_, part, DX_NAME("release"));
      if (released) released = callMethodWith(t_, view, DX_NAME("release"));
      if (!released) t_.clearException();
    }
    if (TRY(std::move(count)) < 0)
      return t_.raise(kValueError, "readinto() returned negative size");
    if (*count < n - ready) return truncated();
    return {};
  }
  // A str of Python 2.
  Result<void> pushOldString(std::string_view text) {
    if (s_.encoding == "bytes") {
      push(makeBytes(text));
      return {};
    }
    Ref<Bytes> hold = makeBytes(text);
    push(TRY(decode(t_, hold->view(), s_.encoding.c_str(), s_.errors.c_str())));
    return {};
  }
  Result<void> loadString() {
    std::string text = TRY(line());
    size_t n = text.size();
    if (n < 2 || text[0] != text[n - 1] || (text[0] != '"' && text[0] != '\''))
      return bad("the STRING opcode argument must be quoted");
    std::string out;
    size_t errorAt, invalid;
    ByteView in{reinterpret_cast<const u8*>(text.data()) + 1, n - 2};
    switch (decodeBytesEscape(in, ErrorPolicy::kStrict, &out, &errorAt, &invalid)) {
      case BytesEscape::kOk:
        return pushOldString(out);
      case BytesEscape::kInvalidX:
        return t_.raise(kValueError, "invalid \\x escape at position {}", i64(errorAt));
      default:
        return t_.raise(kValueError, "Trailing \\ in string");
    }
  }
  Result<void> loadBinString(i64 n) {
    if (n < 0) return bad("BINSTRING pickle has negative byte count");
    const u8* p = TRY(bytes(n));
    return pushOldString({reinterpret_cast<const char*>(p), size_t(n)});
  }
  Result<void> loadUnicode() {
    std::string text = TRY(line());
    TextBuffer out;
    push(TRY(decode(t_, text, "raw_unicode_escape", nullptr)));
    return {};
  }

  Result<void> loadNextBuffer() {
    if (!u_.buffers)
      return bad("pickle stream refers to out-of-band data but no *buffers* argument was given");
    Ref<> buffers = retain(u_.buffers);
    Ref<> buffer = iterNext(t_, buffers).take();
    if (!buffer) {
      if (t_.hasException()) return Error{};
      return bad("not enough out-of-band buffers");
    }
    push(std::move(buffer));
    return {};
  }
  Result<void> loadReadOnlyBuffer() {
    TRY(need(1));
    Ref<> buffer = retain(top());
    Ref<> view = TRY(callWith(t_, &PyMemoryView_Type, buffer));
    if (view.as<MemoryView>()->view.readonly) return {};
    Ref<> readOnly = TRY(callMethod(t_, view, DX_NAME("toreadonly"), {}));
    setField(s_.stack.back(), std::move(readOnly));
    return {};
  }

  // ---- containers ----

  Result<void> loadTuple(size_t n) {
    TRY(need(n));
    push(takeTuple(s_.stack.size() - n));
    return {};
  }
  Result<void> loadDict() {
    size_t at = TRY(popMark()), n = s_.stack.size() - at;
    if (n % 2) return bad("odd number of items for DICT");
    Ref<Dict> d = newDict(i64(n / 2));
    for (size_t i = at; i < at + n; i += 2) TRY(dictSet(t_, d, s_.stack[i], s_.stack[i + 1]));
    s_.popTo(at);
    push(std::move(d));
    return {};
  }
  Result<void> loadFrozenSet() {
    Ref<Tuple> items = takeTuple(TRY(popMark()));
    push(TRY(callWith(t_, &PyFrozenSet_Type, items)));
    return {};
  }
  // Items from `at` up go to the list below them.
  Result<void> append(size_t at) {
    if (at <= fence() || at > s_.stack.size()) return underflow();
    if (at == s_.stack.size()) return {};
    Ref<> to = retain(s_.stack[at - 1]);
    if (isExactList(to)) {
      auto* list = to.as<List>();
      listReplace(list, list->size, list->size, above(at));
      s_.popTo(at);
      return {};
    }
    Ref<List> items = takeList(at);
    Ref<> extend;
    if (items->size > 1 && TRY(lookupAttr(t_, to, DX_NAME("extend"), &extend))) {
      (void)TRY(callWith(t_, extend, items));
      return {};
    }
    Ref<> appendOne = TRY(getAttr(t_, to, DX_NAME("append")));
    for (i64 i = 0; i < items->size; i++) {
      Ref<> item = retain(items->items[i]);
      (void)TRY(callWith(t_, appendOne, item));
    }
    return {};
  }
  Result<void> setItems(size_t at) {
    size_t n = s_.stack.size();
    if (at <= fence() || at > n) return underflow();
    if ((n - at) % 2) return bad("odd number of items for SETITEMS");
    Ref<> to = retain(s_.stack[at - 1]);
    bool plain = isExactDict(to);
    for (size_t i = at; i < n; i += 2) {
      Value key = s_.stack[i], v = s_.stack[i + 1];
      TRY(plain ? dictSet(t_, to.as<Dict>(), key, v) : setItem(t_, to, key, v));
    }
    s_.popTo(at);
    return {};
  }
  Result<void> addItems() {
    size_t at = TRY(popMark());
    if (at <= fence() || at > s_.stack.size()) return underflow();
    if (at == s_.stack.size()) return {};
    Ref<> to = retain(s_.stack[at - 1]);
    Ref<Tuple> items = takeTuple(at);
    if (isInstanceOf(to, &PySet_Type)) return setUpdate(t_, to.as<Set>(), items);
    Ref<> add = TRY(getAttr(t_, to, DX_NAME("add")));
    for (Value item : valuesOf(items.get())) (void)TRY(callWith(t_, add, item));
    return {};
  }

  // ---- objects ----

  Result<void> pushClass(Value module, Value name) {
    Ref<> found;
    if (u_.type == &unpicklerType)
      found = TRY(findPickledClass(t_, u_, module, name));
    else
      found = TRY(callMethodWith(t_, &u_, DX_NAME("find_class"), module, name));
    push(std::move(found));
    return {};
  }
  Result<void> loadGlobal(const char* encoding) {
    std::string module = TRY(nameLine());
    Ref<Str> m = TRY(decode(t_, module, encoding, nullptr));
    std::string name = TRY(nameLine());
    Ref<Str> n = TRY(decode(t_, name, encoding, nullptr));
    return pushClass(m, n);
  }
  Result<void> loadStackGlobal() {
    Ref<> name = TRY(pop()), module = TRY(pop());
    if (!isExactStr(name) || !isExactStr(module)) return bad("STACK_GLOBAL requires str");
    return pushClass(module, name);
  }
  Result<void> instantiate(Value cls, Ref<Tuple> args) {
    if (args->size == 0 && isType(cls) && !TRY(hasAttr(t_, cls, DX_NAME("__getinitargs__")))) {
      Ref<> make = TRY(getAttr(t_, cls, DX_NAME("__new__")));
      push(TRY(callWith(t_, make, cls)));
    } else {
      push(TRY(call(t_, cls, Args(args->items, u32(args->size)))));
    }
    return {};
  }
  Result<void> loadInst() {
    size_t at = TRY(popMark());
    Ref<Tuple> args = takeTuple(at);
    TRY(loadGlobal("ascii"));
    Ref<> cls = TRY(pop());
    return instantiate(cls, std::move(args));
  }
  Result<void> loadObj() {
    size_t at = TRY(popMark());
    if (s_.stack.size() - at < 1) return underflow();
    Ref<Tuple> args = takeTuple(at + 1);
    Ref<> cls = TRY(pop());
    return instantiate(cls, std::move(args));
  }
  Result<void> loadNewObject(bool withKeywords) {
    const char* op = withKeywords ? "NEWOBJ_EX" : "NEWOBJ";
    Ref<> keywords;
    if (withKeywords) keywords = TRY(pop());
    Ref<> args = TRY(pop()), cls = TRY(pop());
    Type* unpickling = gPickle.unpicklingError;
    if (!isType(cls))
      return t_.raise(unpickling, "{} class argument must be a type, not {}", op, typeOf(cls));
    auto construct = cls.as<Type>()->data->slots.construct;
    if (!construct || cls.as<Type>()->has(kTypeDisallowInstantiation))
      return t_.raise(unpickling, "{} class argument '{}' doesn't have __new__", op,
                      cls.as<Type>());
    if (!isTuple(args))
      return t_.raise(unpickling, "{} args argument must be a tuple, not {}", op, typeOf(args));
    if (keywords && !isDict(keywords))
      return t_.raise(unpickling, "{} kwargs argument must be a dict, not {}", op,
                      typeOf(keywords));
    auto* positional = args.as<Tuple>();
    u32 count = u32(positional->size);
    if (!keywords || keywords.as<Dict>()->used == 0) {
      push(TRY(construct(t_, cls.as<Type>(), Args(positional->items, count))));
      return {};
    }
    std::vector<Value> all(positional->items, positional->items + count);
    Ref<List> names = newList(), values = newList();
    i64 at = 0;
    Value key, v;
    while (dictNext(keywords.as<Dict>(), &at, &key, &v)) {
      if (!isStr(key)) return t_.raise(kTypeError, "keywords must be strings");
      listAppend(names, key);
      listAppend(values, v);
    }
    all.insert(all.end(), values->items, values->items + values->size);
    Ref<Tuple> nameTuple = makeTuple(valuesOf(names.get()));
    push(TRY(construct(t_, cls.as<Type>(), Args(all.data(), count, nameTuple))));
    return {};
  }
  Result<void> loadReduce() {
    Ref<> args = TRY(pop()), function = TRY(pop());
    if (!isTuple(args)) {
      if (!isCallable(function))
        return t_.raise(kTypeError, "'{}' object is not callable", typeOf(function));
      return t_.raise(kTypeError, "argument list must be a tuple");
    }
    auto* tuple = args.as<Tuple>();
    push(TRY(call(t_, function, Args(tuple->items, u32(tuple->size)))));
    return {};
  }

  // inst.__dict__ may be filled without being made.
  static bool hasPlainDict(Value inst) {
    Type* type = typeOf(inst);
    return type->has(kTypeManagedDict) && type->data->slots.getattro == genericGetAttr && [&] {
      Value d = typeLookup(type, DX_NAME("__dict__"));
      return d && typeOf(d) == &PyGetSetDescr_Type;
    }();
  }
  Result<void> setState(Value inst, Value state) {
    if (!isDict(state)) return bad("state is not a dictionary");
    bool plain = hasPlainDict(inst);
    Ref<> dict;
    if (!plain) dict = TRY(getAttr(t_, inst, DX_NAME("__dict__")));
    i64 at = 0;
    Value key, v;
    while (dictNext(state.as<Dict>(), &at, &key, &v)) {
      Ref<> holdKey = isExactStr(key) ? Ref<>(intern(retainObject(key.as<Str>()))) : retain(key);
      Ref<> holdValue = retain(v);
      if (plain && isExactStr(holdKey)) {
        bool found, hasDict = true;
        TRY(instanceStore(t_, inst.object(), holdKey.as<Str>(), v, &found, &hasDict));
        if (hasDict) continue;
      }
      if (!dict) dict = TRY(getAttr(t_, inst, DX_NAME("__dict__")));
      TRY(setItem(t_, dict, holdKey, holdValue));
      plain = false;
    }
    return {};
  }
  Result<void> loadBuild() {
    TRY(need(2));
    Ref<> state = TRY(pop()), inst = retain(top());
    Ref<> setter;
    if (TRY(lookupAttr(t_, inst, DX_NAME("__setstate__"), &setter))) {
      (void)TRY(callWith(t_, setter, state));
      return {};
    }
    Ref<> slots;
    if (isTuple(state) && state.as<Tuple>()->size == 2) {
      slots = retain(state.as<Tuple>()->items[1]);
      state = retain(state.as<Tuple>()->items[0]);
    }
    if (!isNone(state)) TRY(setState(inst, state));
    if (!slots) return {};
    if (!isDict(slots)) return bad("slot state is not a dictionary");
    i64 at = 0;
    Value key, v;
    while (dictNext(slots.as<Dict>(), &at, &key, &v)) {
      Ref<> name = retain(key), value = retain(v);
      if (!isStr(name))
        return t_.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(name));
      TRY(setAttr(t_, inst, name.as<Str>(), value));
    }
    return {};
  }

  Result<void> loadPersistent(Value id) {
    if (!u_.persistentCall) {
      push(TRY(unpickler_persistent_load(t_, u_, id)));
      return {};
    }
    Ref<> load = retain(u_.persistentCall);
    push(TRY(callWith(t_, load, id)));
    return {};
  }
  Result<void> loadPersId() {
    std::string text = TRY(line());
    for (char c : text)
      if (i8(c) < 0) return bad("persistent IDs in protocol 0 must be ASCII strings");
    return loadPersistent(makeAscii(text));
  }

  Result<void> loadExtension(i64 code) {
    if (code <= 0) return bad("EXT specifies code <= 0");
    Ref<> number = makeInt(code);
    if (Value cached = TRY(dictGet(t_, gPickle.extensionCache.as<Dict>(), number))) {
      push(retain(cached));
      return {};
    }
    Value pair = TRY(dictGet(t_, gPickle.invertedRegistry.as<Dict>(), number));
    if (!pair) return t_.raise(kValueError, "unregistered extension code {}", code);
    auto* names = pair.as<Tuple>();
    if (!isTuple(pair) || names->size != 2 || !isStr(names->items[0]) || !isStr(names->items[1]))
      return t_.raise(kValueError, "_inverted_registry[{}] isn't a 2-tuple of strings", code);
    Ref<> module = retain(names->items[0]), name = retain(names->items[1]);
    TRY(pushClass(module, name));
    Ref<> found = retain(top());
    return dictSet(t_, gPickle.extensionCache.as<Dict>(), number, found);
  }

  // ---- memo ----

  Result<i64> indexLine() {
    std::string text = TRY(line());
    TRY(pushDecimalInt(text));
    Ref<> v = TRY(pop());
    i64 index;
    if (!intToI64(v, &index))
      return t_.raise(kOverflowError, "Python int too large to convert to C ssize_t");
    return index;
  }
  Result<void> get(i64 index) {
    Value v = s_.memo.find(index);
    if (!v) return t_.raise(gPickle.unpicklingError, "Memo value not found at index {}", index);
    push(retain(v));
    return {};
  }
  Result<void> put(i64 index) {
    TRY(need(1));
    s_.memo.set(index, top());
    return {};
  }
  Result<void> loadPut() {
    std::string text = TRY(line());
    TRY(need(1));
    TRY(pushDecimalInt(text));
    Ref<> v = TRY(pop());
    i64 index;
    if (!intToI64(v, &index))
      return t_.raise(kOverflowError, "Python int too large to convert to C ssize_t");
    if (index < 0) return t_.raise(kValueError, "negative PUT argument");
    return put(index);
  }

  Result<void> loadFrame() {
    u64 n = TRY(number<u64>());
    if (n > u64(INT64_MAX))
      return t_.raise(kOverflowError, "FRAME length exceeds system's maximum of {} bytes",
                      i64(INT64_MAX));
    if (s_.inFrame && s_.at < s_.limit)
      return bad("beginning of a new frame before end of current frame");
    (void)TRY(bytes(i64(n)));  // all of it at once
    s_.limit = s_.at;
    s_.at -= i64(n);
    s_.inFrame = true;
    return {};
  }
  Result<void> loadProto() {
    u8 protocol = TRY(number<u8>());
    if (protocol > kHighestProtocol)
      return t_.raise(kValueError, "unsupported pickle protocol: {}", int(protocol));
    s_.protocol = protocol;
    return {};
  }
  Result<void> loadPop() {
    if (!s_.marks.empty() && s_.marks.back() == s_.stack.size()) {
      s_.marks.pop_back();
      return {};
    }
    (void)TRY(pop());
    return {};
  }

  Result<Ref<>> loop() {
    for (;;) {
      u8 op;
      if (s_.at < s_.limit) {
        op = s_.input.data()[s_.at++];
      } else {
        Result<u8> next = number<u8>();
        if (!next) {
          if (t_.takeIf(gPickle.unpicklingError)) return t_.raise(kEOFError, "Ran out of input");
          return Error{};
        }
        op = *next;
      }
      if (PickleOp(op) == PickleOp::Stop) return pop();
      TRY(step(PickleOp(op)));
    }
  }

  Result<void> step(PickleOp op) {
    switch (op) {
      case PickleOp::None:
        return push(noneRef()), ok();
      case PickleOp::NewTrue:
        return push(boolRef(true)), ok();
      case PickleOp::NewFalse:
        return push(boolRef(false)), ok();
      case PickleOp::BinInt:
        return push(makeInt(i64(TRY(number<i32>())))), ok();
      case PickleOp::BinInt1:
        return push(makeInt(u32(TRY(number<u8>())))), ok();
      case PickleOp::BinInt2:
        return push(makeInt(u32(TRY(number<u16>())))), ok();
      case PickleOp::Int:
        return loadInt();
      case PickleOp::Long:
        return loadLong();
      case PickleOp::Long1:
        return loadBinLong(TRY(number<u8>()));
      case PickleOp::Long4:
        return loadBinLong(TRY(number<i32>()));
      case PickleOp::Float:
        return loadFloat();
      case PickleOp::BinFloat:
        return push(makeFloat(std::bit_cast<double>(__builtin_bswap64(TRY(number<u64>()))))), ok();

      case PickleOp::ShortBinBytes:
        return loadBytes(TRY(number<u8>()));
      case PickleOp::BinBytes:
        return loadBytes(TRY(number<u32>()));
      case PickleOp::BinBytes8:
        return loadBytes(TRY(size8("BINBYTES")));
      case PickleOp::ByteArray8:
        return loadByteArray(TRY(size8("BYTEARRAY8")));
      case PickleOp::String:
        return loadString();
      case PickleOp::ShortBinString:
        return loadBinString(TRY(number<u8>()));
      case PickleOp::BinString:
        return loadBinString(TRY(number<i32>()));
      case PickleOp::Unicode:
        return loadUnicode();
      case PickleOp::ShortBinUnicode:
        return loadText(TRY(number<u8>()));
      case PickleOp::BinUnicode:
        return loadText(TRY(number<u32>()));
      case PickleOp::BinUnicode8:
        return loadText(TRY(size8("BINUNICODE")));
      case PickleOp::NextBuffer:
        return loadNextBuffer();
      case PickleOp::ReadOnlyBuffer:
        return loadReadOnlyBuffer();

      case PickleOp::EmptyTuple:
        return push(retain(emptyTuple())), ok();
      case PickleOp::Tuple1:
      case PickleOp::Tuple2:
      case PickleOp::Tuple3:
        return loadTuple(u8(op) - u8(PickleOp::Tuple1) + 1);
      case PickleOp::Tuple:
        return push(takeTuple(TRY(popMark()))), ok();
      case PickleOp::EmptyList:
        return push(newList()), ok();
      case PickleOp::List:
        return push(takeList(TRY(popMark()))), ok();
      case PickleOp::EmptyDict:
        return push(newDict()), ok();
      case PickleOp::Dict:
        return loadDict();
      case PickleOp::EmptySet:
        return push(newSet(&PySet_Type)), ok();
      case PickleOp::FrozenSet:
        return loadFrozenSet();
      case PickleOp::Append:
        TRY(need(2));
        return append(s_.stack.size() - 1);
      case PickleOp::Appends:
        return append(TRY(popMark()));
      case PickleOp::SetItem:
        TRY(need(3));
        return setItems(s_.stack.size() - 2);
      case PickleOp::SetItems:
        return setItems(TRY(popMark()));
      case PickleOp::AddItems:
        return addItems();

      case PickleOp::Global:
        return loadGlobal("utf-8");
      case PickleOp::StackGlobal:
        return loadStackGlobal();
      case PickleOp::Inst:
        return loadInst();
      case PickleOp::Obj:
        return loadObj();
      case PickleOp::NewObj:
        return loadNewObject(false);
      case PickleOp::NewObjEx:
        return loadNewObject(true);
      case PickleOp::Reduce:
        return loadReduce();
      case PickleOp::Build:
        return loadBuild();
      case PickleOp::PersId:
        return loadPersId();
      case PickleOp::BinPersId:
        return loadPersistent(TRY(pop()));
      case PickleOp::Ext1:
        return loadExtension(TRY(number<u8>()));
      case PickleOp::Ext2:
        return loadExtension(TRY(number<u16>()));
      case PickleOp::Ext4:
        return loadExtension(TRY(number<i32>()));

      case PickleOp::Mark:
        return s_.marks.push_back(s_.stack.size()), ok();
      case PickleOp::Pop:
        return loadPop();
      case PickleOp::PopMark:
        return s_.popTo(TRY(popMark())), ok();
      case PickleOp::Dup:
        TRY(need(1));
        return push(retain(top())), ok();
      case PickleOp::Get:
        return get(TRY(indexLine()));
      case PickleOp::BinGet:
        return get(TRY(number<u8>()));
      case PickleOp::LongBinGet:
        return get(TRY(number<u32>()));
      case PickleOp::Put:
        return loadPut();
      case PickleOp::BinPut:
        return put(TRY(number<u8>()));
      case PickleOp::LongBinPut:
        return put(TRY(number<u32>()));
      case PickleOp::Memoize:
        return put(s_.memo.size());
      case PickleOp::Frame:
        return loadFrame();
      case PickleOp::Proto:
        return loadProto();
      case PickleOp::Stop:
        break;
    }
    u8 key = u8(op);
    char text[40];
    if (key >= 0x20 && key <= 0x7E && key != '\'' && key != '\\')
      snprintf(text, sizeof text, "invalid load key, '%c'.", key);
    else
      snprintf(text, sizeof text, "invalid load key, '\\x%02x'.", key);
    return bad(text);
  }

  Thread& t_;
  UnpicklerObject& u_;
  UnpicklerState& s_;
};

}  // namespace

Result<Ref<>> unpickleFrom(Thread& t, UnpicklerObject& u) { return Loader(t, u).run(); }

}  // namespace dx
