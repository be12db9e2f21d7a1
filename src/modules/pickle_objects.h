// Objects of the module _pickle and what its files share.
#pragma once
#include <unordered_map>

#include "runtime/api.h"

namespace dx {

enum class PickleOp : u8 {
  Mark = '(',
  Stop = '.',
  Pop = '0',
  PopMark = '1',
  Dup = '2',
  Float = 'F',
  Int = 'I',
  BinInt = 'J',
  BinInt1 = 'K',
  BinInt2 = 'M',
  Long = 'L',
  None = 'N',
  PersId = 'P',
  BinPersId = 'Q',
  Reduce = 'R',
  String = 'S',
  BinString = 'T',
  ShortBinString = 'U',
  Unicode = 'V',
  BinUnicode = 'X',
  Append = 'a',
  Build = 'b',
  Global = 'c',
  Dict = 'd',
  EmptyDict = '}',
  Appends = 'e',
  Get = 'g',
  BinGet = 'h',
  Inst = 'i',
  LongBinGet = 'j',
  List = 'l',
  EmptyList = ']',
  Obj = 'o',
  Put = 'p',
  BinPut = 'q',
  LongBinPut = 'r',
  SetItem = 's',
  Tuple = 't',
  EmptyTuple = ')',
  SetItems = 'u',
  BinFloat = 'G',
  // Protocol 2.
  Proto = 0x80,
  NewObj = 0x81,
  Ext1 = 0x82,
  Ext2 = 0x83,
  Ext4 = 0x84,
  Tuple1 = 0x85,
  Tuple2 = 0x86,
  Tuple3 = 0x87,
  NewTrue = 0x88,
  NewFalse = 0x89,
  Long1 = 0x8a,
  Long4 = 0x8b,
  // Protocol 3.
  BinBytes = 'B',
  ShortBinBytes = 'C',
  // Protocol 4.
  ShortBinUnicode = 0x8c,
  BinUnicode8 = 0x8d,
  BinBytes8 = 0x8e,
  EmptySet = 0x8f,
  AddItems = 0x90,
  FrozenSet = 0x91,
  NewObjEx = 0x92,
  StackGlobal = 0x93,
  Memoize = 0x94,
  Frame = 0x95,
  // Protocol 5.
  ByteArray8 = 0x96,
  NextBuffer = 0x97,
  ReadOnlyBuffer = 0x98
};
constexpr i32 kHighestProtocol = 5, kDefaultProtocol = 5;

// Which objects a pickler has written, by identity, and the numbers it gave them. Owns the objects.
class PickleMemo {
 public:
  struct Entry {
    Object* object;
    i64 index;
  };
  PickleMemo() = default;
  PickleMemo(const PickleMemo&) = delete;
  ~PickleMemo() { clear(); }
  void swap(PickleMemo& o) {
    table_.swap(o.table_);
    std::swap(count_, o.count_);
  }
  i64 size() const { return count_; }
  i64 find(const Object* o) const;  // -1: absent
  void set(Object* o, i64 index);
  void clear();
  void copyFrom(const PickleMemo& other);
  template <class F>
  void forEach(F&& fn) const {
    for (const Entry& e : table_)
      if (e.object) fn(e);
  }

 private:
  Entry& slotOf(const Object* o);
  std::vector<Entry> table_;  // power of two, or empty
  i64 count_ = 0;
};

struct PicklerState {
  PickleMemo memo;
  std::string out;
  i64 frameStart = -1;  // of the open frame in `out`
  bool framing = false, running = false, fixImports = true;
  i32 protocol = kDefaultProtocol;
  std::vector<Object*> fastPath;  // "fast" picklers: containers around the one being written
};
struct PicklerObject : Object {
  PicklerState* state;
  Value write;            // empty: dumps(), or not initialized
  Value bufferCallback;   // empty: none
  Value dispatchTable;    // empty: copyreg's
  Value persistentId;     // set on the instance
  Value persistentCall;   // what a running dump() asks; empty: nothing overrides the method
  Value reducerOverride;  // during dump()
  i32 bin, fast;
};

// What an unpickler has made, by number. Numbers far beyond the count are kept aside, so that
// hostile input cannot ask for much memory.
class UnpickleMemo {
 public:
  UnpickleMemo() = default;
  UnpickleMemo(const UnpickleMemo&) = delete;
  ~UnpickleMemo() { clear(); }
  void swap(UnpickleMemo& o) {
    dense_.swap(o.dense_);
    sparse_.swap(o.sparse_);
    std::swap(count_, o.count_);
  }
  i64 size() const { return count_; }
  Value find(i64 index) const;  // borrowed; empty: absent
  void set(i64 index, Value v);
  void clear();
  template <class F>
  void forEach(F&& fn) const {
    for (size_t i = 0; i < dense_.size(); i++)
      if (dense_[i]) fn(i64(i), dense_[i]);
    for (auto& [index, v] : sparse_) fn(index, v);
  }

 private:
  std::vector<Value> dense_;
  std::unordered_map<i64, Value> sparse_;
  i64 count_ = 0;
};

struct UnpicklerState {
  UnpickleMemo memo;
  std::vector<Value> stack;  // owned
  std::vector<size_t> marks;
  Buffer input;
  i64 at = 0;     // next byte of the input
  i64 limit = 0;  // end of the open frame, or of the input
  bool inFrame = false;
  i64 prefetched = 0;  // input up to here was consumed from the file, the rest only peeked at
  i32 protocol = 0;
  bool running = false, fixImports = true, ready = false;
  std::string encoding = "ASCII", errors = "strict";
  ~UnpicklerState() { popTo(0); }
  void popTo(size_t n) {
    while (stack.size() > n) {
      Ref<> last = Ref<>::steal(stack.back());
      stack.pop_back();
    }
  }
};
struct UnpicklerObject : Object {
  UnpicklerState* state;
  Value read, readline, readinto, peek;  // empty: loads(), or absent
  Value buffers;                         // iterator over out-of-band buffers, or empty
  Value persistentLoad;                  // set on the instance
  Value persistentCall;                  // what a running load() asks; empty: nothing does
};

struct PicklerMemoProxy : Object {
  PicklerObject* pickler;
};
struct UnpicklerMemoProxy : Object {
  UnpicklerObject* unpickler;
};
struct PickleBufferObject : Object {
  Buffer buffer;  // no object: released
  Object* weakrefs;
};

extern "C" Type picklerType, unpicklerType, picklerMemoProxyType, unpicklerMemoProxyType,
    PyPickleBuffer_Type;

// Classes and objects of Python modules that pickling is about.
struct PickleGlobals {
  Type *error, *picklingError, *unpicklingError;
  Value dispatchTable, extensionRegistry, invertedRegistry, extensionCache;    // copyreg
  Value nameMapping, importMapping, reverseNameMapping, reverseImportMapping;  // _compat_pickle
  Value encode, partial, getattr;  // codecs.encode, functools.partial, builtins.getattr
};
extern PickleGlobals gPickle;

// PickleBuffer: ValueError when released; contiguous in C or Fortran order?
Result<void> requirePickleBuffer(Thread& t, const PickleBufferObject& b);
bool isContiguous(const BufferView& v, bool fortran);

Result<void> pickleTo(Thread& t, PicklerObject& p, Value object);  // into p.state->out
Result<void> flushPickle(Thread& t, PicklerObject& p);             // out to the file
Result<Ref<>> unpickleFrom(Thread& t, UnpicklerObject& u);
Result<Ref<>> findPickledClass(Thread& t, UnpicklerObject& u, Value module, Value name);
// The pending exception is replaced by `type(format...)` and becomes its context.
template <class... A>
Error raiseInContext(Thread& t, Type* type, const char* format, const A&... args) {
  Ref<> context = t.takeException();
  (void)t.raise(type, format, args...);
  Ref<> error = t.takeException();
  setField(error.as<BaseException>()->context, std::move(context));
  t.restoreException(std::move(error));
  return Error{};
}
// Imports a module and gives what sys.modules has under its name.
Result<Ref<>> importedModule(Thread& t, Value name);

}  // namespace dx
