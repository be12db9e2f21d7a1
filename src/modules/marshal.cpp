// Module marshal: CPython's encoding of values (type codes, back references). The code object of a
// whole module is written as its image: 'c', number of zeros n (1 byte), 6 zeros, n zeros, the
// image. After the 16 bytes that begin a compiled file, and nothing else, the image stands at a
// multiple of 64. Any other code object is written as what it consists of: 'c', 0, 1, 0, parts.
#include <algorithm>
#include <unordered_map>

#include "builtins/code_parts.h"
#include "bytecode/seal.h"
#include "bytecode/verifier.h"
#include "modules/marshal.gen.h"
#include "runtime/compile.h"
#include "runtime/monitoring.h"

namespace dx {

Result<void> marshal_exec(Thread&, Module& module) {
  moduleSet(module, "version", makeInt(5));
  return {};
}

namespace {

constexpr int kMaxDepth = 2000;
constexpr u8 kFlagRef = 0x80;
constexpr size_t kFileHeader = 16, kImageAlignment = 64;
constexpr u16 kParts = 1;  // after the number of zeros: what follows is no image

class Writer {
 public:
  Writer(Thread& t, int version, bool allowCode)
      : t_(t), version_(version), allowCode_(allowCode) {}

  Result<void> write(Value v) {
    if (++depth_ > kMaxDepth) return t_.raise(kValueError, "object too deeply nested to marshal");
    Result<void> r = writeValue(v);
    depth_--;
    return r;
  }
  std::string& bytes() { return out_; }

 private:
  void byte(int c) { out_ += char(c); }
  void u32Word(u32 n) { out_.append(reinterpret_cast<const char*>(&n), 4); }
  void u16Word(u32 n) { out_.append(reinterpret_cast<const char*>(&n), 2); }
  void doubleWord(double d) { out_.append(reinterpret_cast<const char*>(&d), 8); }

  // Writes a back reference if the object was written before; else gives the flag for its type
  // code.
  bool writeRef(Value v, u8* flag) {
    *flag = 0;
    if (version_ < 3 || v.isImmediate()) return false;
    Object* o = v.object();
    if (o->refcount == 1) return false;  // nobody else can refer to it
    auto [it, fresh] = refs_.try_emplace(o, u32(refs_.size()));
    if (!fresh) {
      byte('r');
      u32Word(it->second);
      return true;
    }
    *flag = kFlagRef;
    return false;
  }

  Result<void> writeInt(Value v, u8 flag) {
    i64 n;
    if (intToI64(v, &n) && n >= INT32_MIN && n <= INT32_MAX) {
      byte('i' | flag);
      u32Word(u32(n));
      return {};
    }
    // 15-bit digits, the count signed.
    u32 scratch[3];
    IntView view = viewInt(v, scratch);
    std::vector<u16> digits;
    for (size_t i = 0; i < view.count; i++) {
      digits.push_back(u16(view.digits[i] & 0x7FFF));
      digits.push_back(u16(view.digits[i] >> 15));
    }
    while (!digits.empty() && digits.back() == 0) digits.pop_back();
    byte('l' | flag);
    u32Word(view.negative ? u32(-i32(digits.size())) : u32(digits.size()));
    for (u16 d : digits) u16Word(d);
    return {};
  }

  Result<void> writeStr(Str* s, u8 flag) {
    if (version_ >= 4 && s->isAscii()) {
      bool isShort = s->length < 256;
      bool interned = s->interned() != 0;
      byte((isShort ? (interned ? 'Z' : 'z') : (interned ? 'A' : 'a')) | flag);
      if (isShort)
        byte(int(s->length));
      else
        u32Word(u32(s->length));
      out_.append(s->ascii());
      return {};
    }
    std::string text = toUtf8(s);
    byte((s->interned() && version_ >= 1 ? 't' : 'u') | flag);
    u32Word(u32(text.size()));
    out_ += text;
    return {};
  }

  Result<void> writeItems(Values items) {
    for (size_t i = 0; i < items.size(); i++) TRY(write(items[i]));
    return {};
  }

  // The image says everything that there is to say about the code object.
  Result<bool> isWholeImage(Code* code) {
    if (code->data->record != &code->data->image->view().code(0) || isBuiltByHand(*code))
      return false;
    Value filename = TRY(codeConstant(t_, code, code->data->record->filename));
    return equalStr(code->filename, filename.as<Str>());
  }

  Result<void> writeParts(Code* code) {
    CodeParts p = TRY(partsOf(t_, *code));
    byte(0);
    u16Word(kParts);
    for (i32 n :
         {p.argCount, p.posOnlyCount, p.kwOnlyCount, p.stackSize, i32(p.flags), p.firstLine})
      u32Word(u32(n));
    Ref<> kinds = makeBytes(p.localKinds);
    for (Ref<>* part : {&p.code, &p.consts, &p.names, &p.localNames, &kinds, &p.filename, &p.name,
                        &p.qualname, &p.lineTable, &p.exceptionTable})
      TRY(write(*part));
    return {};
  }

  Result<void> writeCode(Code* code, u8 flag) {
    if (!allowCode_) return t_.raise(kValueError, "marshalling code objects is disallowed");
    bytecode::ImageView image = code->data->image->view();
    byte('c' | flag);
    if (!TRY(isWholeImage(code))) return writeParts(code);
    size_t zeros = -(kFileHeader + out_.size() + 7) % kImageAlignment;
    byte(int(zeros));
    u16Word(0);
    u32Word(0);
    out_.append(zeros, '\0');
    size_t start = out_.size();
    out_.append(image.header().size, '\0');
    // Sealed in aligned memory.
    std::vector<u8> own = image.copy();
    unpatchImage(code->data->image, own.data());
    bytecode::sealImage(own.data());
    memcpy(out_.data() + start, own.data(), own.size());
    return {};
  }

  Result<void> writeValue(Value v) {
    if (isNone(v)) return byte('N'), ok();
    if (v == trueValue()) return byte('T'), ok();
    if (v == falseValue()) return byte('F'), ok();
    if (v == ellipsis()) return byte('.'), ok();
    if (v == Value(kStopIteration)) return byte('S'), ok();
    u8 flag;
    if (writeRef(v, &flag)) return {};
    if (isExactInt(v)) return writeInt(v, flag);
    if (isExactFloat(v)) {
      if (version_ > 1) {
        byte('g' | flag);
        doubleWord(floatValue(v));
      } else {
        Ref<Str> text = TRY(repr(t_, v));
        byte('f' | flag);
        byte(int(text->length));
        out_.append(text->ascii());
      }
      return {};
    }
    Type* type = typeOf(v);
    if (type == &PyComplex_Type) {
      byte('y' | flag);
      doubleWord(v.as<Complex>()->real);
      doubleWord(v.as<Complex>()->imag);
      return {};
    }
    if (type == &PyBytes_Type) {
      byte('s' | flag);
      u32Word(u32(v.as<Bytes>()->size));
      out_.append(v.as<Bytes>()->view());
      return {};
    }
    if (type == &PyUnicode_Type) return writeStr(v.as<Str>(), flag);
    if (type == &PyTuple_Type) {
      i64 n = v.as<Tuple>()->size;
      if (version_ >= 4 && n < 256) {
        byte(')' | flag);
        byte(int(n));
      } else {
        byte('(' | flag);
        u32Word(u32(n));
      }
      return writeItems(valuesOf(v.as<Tuple>()));
    }
    if (type == &PyList_Type) {
      byte('[' | flag);
      Ref<Tuple> items = makeTuple(valuesOf(v.as<List>()));
      u32Word(u32(items->size));
      return writeItems(valuesOf(items.get()));
    }
    if (type == &PyDict_Type) {
      byte('{' | flag);
      i64 position = 0;
      Value key, value;
      while (dictNext(v.as<Dict>(), &position, &key, &value)) {
        TRY(write(key));
        TRY(write(value));
      }
      byte('0');
      return {};
    }
    if (type == &PySet_Type || type == &PyFrozenSet_Type) {
      byte((type == &PySet_Type ? '<' : '>') | flag);
      u32Word(u32(v.as<Set>()->used));
      i64 position = 0;
      Value item;
      // In the order of their encodings, so that equal sets give equal bytes.
      std::vector<std::string> encoded;
      while (setNext(v.as<Set>(), &position, &item)) {
        Writer inner(t_, version_ < 3 ? version_ : 2, allowCode_);
        inner.depth_ = depth_;
        TRY(inner.write(item));
        encoded.push_back(inner.out_);
      }
      std::sort(encoded.begin(), encoded.end());
      for (const std::string& e : encoded) out_ += e;
      return {};
    }
    if (type == &PySlice_Type && version_ >= 5) {
      byte(':' | flag);
      for (Value part : {v.as<Slice>()->start, v.as<Slice>()->stop, v.as<Slice>()->step})
        TRY(write(part));
      return {};
    }
    if (type == &PyCode_Type) return writeCode(v.as<Code>(), flag);
    if (hasBuffer(v)) {
      Buffer b;
      TRY(Buffer::get(t_, v, &b));
      byte('s' | flag);
      u32Word(u32(b.size()));
      out_.append(b.bytes());
      return {};
    }
    return t_.raise(kValueError, "unmarshallable object");
  }

  Thread& t_;
  int version_, depth_ = 0;
  bool allowCode_;
  std::string out_;
  std::unordered_map<Object*, u32> refs_;
};

class Reader {
 public:
  Reader(Thread& t, std::string_view bytes, bool allowCode)
      : t_(t), bytes_(bytes), allowCode_(allowCode) {}
  size_t position() const { return at_; }

  // Empty without an exception: the end of a dict.
  Result<Ref<>> read() {
    if (depth_ > kMaxDepth) return t_.raise(kValueError, "recursion limit exceeded");
    depth_++;
    Result<Ref<>> r = readValue();
    depth_--;
    return r;
  }
  Result<Ref<>> readWhole(const char* what) {
    Result<Ref<>> r = read();
    if (!r && !t_.hasException())
      return t_.raise(kTypeError, "NULL object in marshal data for {}", what);
    return r;
  }

 private:
  Error eof() { return t_.raise(kEOFError, "marshal data too short"); }
  Result<std::string_view> take(i64 n) {
    if (n < 0 || u64(n) > bytes_.size() - at_) return eof();
    std::string_view v = bytes_.substr(at_, size_t(n));
    at_ += size_t(n);
    return v;
  }
  Result<i64> word() {
    std::string_view b = TRY(take(4));
    i32 n;
    memcpy(&n, b.data(), 4);
    return i64(n);
  }
  Result<i64> shortWord() {
    std::string_view b = TRY(take(1));
    return i64(u8(b[0]));
  }
  Result<double> binaryDouble() {
    std::string_view b = TRY(take(8));
    double d;
    memcpy(&d, b.data(), 8);
    return d;
  }
  Result<double> textDouble() {
    std::string_view b = TRY(take(TRY(shortWord())));
    Ref<> v = TRY(toFloat(t_, makeAscii(b)));
    return floatValue(v);
  }

  // Back references: an index is reserved before the parts are read.
  size_t reserve(bool flag) {
    if (!flag) return SIZE_MAX;
    refs_.push_back(Ref<>());
    return refs_.size() - 1;
  }
  Ref<> note(size_t index, Ref<> v) {
    if (index != SIZE_MAX) refs_[index] = retain(v);
    return v;
  }

  Result<i64> count(const char* what) {
    i64 n = TRY(word());
    if (n < 0) return t_.raise(kValueError, "bad marshal data ({} size out of range)", what);
    return n;
  }

  Result<Ref<>> readTuple(i64 n, bool flag) {
    size_t ref = reserve(flag);
    if (u64(n) > bytes_.size() - at_) return eof();
    if (n == 0) return note(ref, Ref<>::retain(emptyTuple()));
    Ref<Tuple> tuple = newTuple(n);
    for (i64 i = 0; i < n; i++) tuple->items[i] = TRY(readWhole("tuple")).release();
    return note(ref, std::move(tuple));
  }

  Result<Ref<>> readInt() {
    i64 n = TRY(word());
    if (n < -INT32_MAX || n > INT32_MAX)
      return t_.raise(kValueError, "bad marshal data (long size out of range)");
    i64 size = n < 0 ? -n : n;
    std::vector<u32> digits(size_t((size + 1) / 2), 0);
    for (i64 i = 0; i < size; i++) {
      std::string_view b = TRY(take(2));
      u16 d;
      memcpy(&d, b.data(), 2);
      if (d & 0x8000) return t_.raise(kValueError, "bad marshal data (digit out of range in long)");
      if (i == size - 1 && d == 0)
        return t_.raise(kValueError, "bad marshal data (unnormalized long data)");
      digits[size_t(i / 2)] |= u32(d) << (i % 2 ? 15 : 0);
    }
    return makeIntFromDigits(digits.data(), i64(digits.size()), n < 0);
  }

  Result<Ref<>> readParts() {
    CodeParts p;
    i32 flags = 0;
    for (i32* n :
         {&p.argCount, &p.posOnlyCount, &p.kwOnlyCount, &p.stackSize, &flags, &p.firstLine})
      *n = i32(TRY(word()));
    p.flags = u32(flags);
    Ref<> kinds;
    struct Field {
      Ref<>* value;
      Type* type;
    };
    for (Field f : {Field{&p.code, &PyBytes_Type},
                    {&p.consts, &PyTuple_Type},
                    {&p.names, &PyTuple_Type},
                    {&p.localNames, &PyTuple_Type},
                    {&kinds, &PyBytes_Type},
                    {&p.filename, &PyUnicode_Type},
                    {&p.name, &PyUnicode_Type},
                    {&p.qualname, &PyUnicode_Type},
                    {&p.lineTable, &PyBytes_Type},
                    {&p.exceptionTable, &PyBytes_Type}}) {
      *f.value = TRY(readWhole("code"));
      if (typeOf(*f.value) != f.type)
        return t_.raise(kTypeError, "bad marshal data (code of wrong parts)");
    }
    p.localKinds = kinds.as<Bytes>()->view();
    if (p.localKinds.size() != u64(p.localNames.as<Tuple>()->size))
      return t_.raise(kValueError, "bad marshal data (code of wrong parts)");
    return Ref<>(TRY(buildCode(t_, p)));
  }

  Result<Ref<>> readCode(bool flag) {
    if (!allowCode_) return t_.raise(kValueError, "unmarshalling code objects is disallowed");
    size_t ref = reserve(flag);
    i64 zeros = TRY(shortWord());
    std::string_view form = TRY(take(2));
    if (form[0] == char(kParts)) return note(ref, TRY(readParts()));
    (void)TRY(take(4 + zeros));
    if (bytes_.size() - at_ < sizeof(bytecode::ImageHeader)) return eof();
    u32 size;
    memcpy(&size, bytes_.data() + at_ + offsetof(bytecode::ImageHeader, size), 4);
    std::string_view image = TRY(take(size));
    return note(ref, TRY(codeFromOutside(t_, image, 0)));
  }

  Result<Ref<>> readValue() {
    if (at_ >= bytes_.size()) return t_.raise(kEOFError, "EOF read where object expected");
    u8 code = u8(bytes_[at_++]);
    bool flag = code & kFlagRef;
    char type = char(code & ~kFlagRef);
    switch (type) {
      case '0':
        return Ref<>();
      case 'N':
        return noneRef();
      case 'T':
        return boolRef(true);
      case 'F':
        return boolRef(false);
      case '.':
        return Ref<>::steal(ellipsis());
      case 'S':
        return Ref<>::retain(kStopIteration);
      case 'i':
        return note(reserve(flag), makeInt(TRY(word())));
      case 'I': {
        std::string_view b = TRY(take(8));
        i64 n;
        memcpy(&n, b.data(), 8);
        return note(reserve(flag), makeInt(n));
      }
      case 'l':
        return note(reserve(flag), TRY(readInt()));
      case 'g':
        return note(reserve(flag), makeFloat(TRY(binaryDouble())));
      case 'f':
        return note(reserve(flag), makeFloat(TRY(textDouble())));
      case 'y': {
        double real = TRY(binaryDouble()), imag = TRY(binaryDouble());
        return note(reserve(flag), makeComplex(real, imag));
      }
      case 'x': {
        double real = TRY(textDouble()), imag = TRY(textDouble());
        return note(reserve(flag), makeComplex(real, imag));
      }
      case 's':
        return note(reserve(flag), makeBytes(TRY(take(TRY(count("bytes object"))))));
      case 'A':
      case 'a':
      case 'Z':
      case 'z': {
        i64 n = type == 'A' || type == 'a' ? TRY(count("string")) : TRY(shortWord());
        Ref<Str> s = makeLatin1(TRY(take(n)));
        return note(reserve(flag), type < 'a' ? intern(std::move(s)) : std::move(s));
      }
      case 't':
      case 'u': {
        std::string_view text = TRY(take(TRY(count("string"))));
        Ref<> s = TRY(decodeWithCodec(t_, text, "utf-8", "surrogatepass"));
        if (type == 't') s = intern(std::move(s).cast<Str>());
        return note(reserve(flag), std::move(s));
      }
      case ')':
        return readTuple(TRY(shortWord()), flag);
      case '(':
        return readTuple(TRY(count("tuple")), flag);
      case '[': {
        i64 n = TRY(count("list"));
        Ref<List> list = newList();
        size_t ref = reserve(flag);
        if (ref != SIZE_MAX) refs_[ref] = retain(Value(list));
        for (i64 i = 0; i < n; i++) listAppend(list, TRY(readWhole("list")));
        return Ref<>(std::move(list));
      }
      case '{': {
        Ref<Dict> dict = newDict();
        size_t ref = reserve(flag);
        if (ref != SIZE_MAX) refs_[ref] = retain(Value(dict));
        for (;;) {
          Result<Ref<>> key = read();
          if (!key) {
            if (t_.hasException()) return Error{};
            return Ref<>(std::move(dict));
          }
          Ref<> value = TRY(readWhole("dict"));
          TRY(dictSet(t_, dict, key.peek(), value));
        }
      }
      case '<':
      case '>': {
        i64 n = TRY(count("set"));
        size_t ref = reserve(flag);
        Ref<Set> set = newSet(type == '<' ? &PySet_Type : &PyFrozenSet_Type);
        for (i64 i = 0; i < n; i++) {
          Ref<> item = TRY(readWhole("set"));
          TRY(setAdd(t_, set, item));
        }
        return note(ref, std::move(set));
      }
      case ':': {
        size_t ref = reserve(flag);
        Ref<> start = TRY(readWhole("slice")), stop = TRY(readWhole("slice")),
              step = TRY(readWhole("slice"));
        return note(ref, makeSlice(start, stop, step));
      }
      case 'c':
        return readCode(flag);
      case 'r': {
        i64 n = TRY(word());
        if (n < 0 || u64(n) >= refs_.size() || !refs_[size_t(n)])
          return t_.raise(kValueError, "bad marshal data (invalid reference)");
        return retain(refs_[size_t(n)]);
      }
      default:
        return t_.raise(kValueError, "bad marshal data (unknown type code)");
    }
  }

  Thread& t_;
  std::string_view bytes_;
  size_t at_ = 0;
  int depth_ = 0;
  bool allowCode_;
  std::vector<Ref<>> refs_;
};

}  // namespace

Result<Ref<>> marshal_dumps(Thread& t, Value value, i32 version, bool allowCode) {
  Writer w(t, version, allowCode);
  TRY(w.write(value));
  return Ref<>(makeBytes(w.bytes()));
}

Result<Ref<>> marshal_dump(Thread& t, Value value, Value file, i32 version, bool allowCode) {
  Ref<> bytes = TRY(marshal_dumps(t, value, version, allowCode));
  return callMethodWith(t, file, DX_NAME("write"), bytes.get());
}

Result<Ref<>> marshal_loads(Thread& t, const Buffer& bytes, bool allowCode) {
  Reader r(t, bytes.bytes(), allowCode);
  return r.readWhole("object");
}

Result<Ref<>> marshal_load(Thread& t, Value file, bool allowCode) {
  // What one value needs is not known before: read everything, go back to the end of the value.
  Ref<> data = TRY(callMethod(t, file, DX_NAME("read"), {}));
  if (!isBytes(data))
    return t.raise(kTypeError, "file.read() returned not bytes but {}", typeOf(data));
  Reader r(t, data.as<Bytes>()->view(), allowCode);
  Ref<> v = TRY(r.readWhole("object"));
  i64 rest = data.as<Bytes>()->size - i64(r.position());
  if (rest > 0)
    (void)TRY(callMethodWith(t, file, DX_NAME("seek"), makeInt(-rest).get(), Value::smallInt(1)));
  return v;
}

}  // namespace dx
