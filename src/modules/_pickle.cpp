// Module _pickle: the objects' life and attributes, and the module's functions. Writing is in
// pickle_save.cpp, reading in pickle_load.cpp.
#include "modules/_pickle.gen.h"
#include "modules/exception_class.h"
#include "runtime/attributes.h"

namespace dx {

PickleGlobals gPickle;

// ---- memos ----

namespace {

// Neighbours in memory are spread over the table: in rows they would make long runs of full slots.
size_t hashOf(const Object* o) {
  return (reinterpret_cast<u64>(o) >> 4) * 0x9E3779B97F4A7C15 >> 24;
}

}  // namespace

PickleMemo::Entry& PickleMemo::slotOf(const Object* o) {
  size_t mask = table_.size() - 1, i = hashOf(o) & mask;
  while (table_[i].object && table_[i].object != o) i = (i + 1) & mask;
  return table_[i];
}
i64 PickleMemo::find(const Object* o) const {
  if (count_ == 0) return -1;
  const Entry& e = const_cast<PickleMemo*>(this)->slotOf(o);
  return e.object ? e.index : -1;
}
void PickleMemo::set(Object* o, i64 index) {
  if (size_t(count_) * 3 >= table_.size() * 2) {
    std::vector<Entry> old(std::max<size_t>(8, table_.size() * 2));
    std::swap(old, table_);
    for (const Entry& e : old)
      if (e.object) slotOf(e.object) = e;
  }
  Entry& e = slotOf(o);
  if (!e.object) {
    count_++;
    increfObject(o);
    e.object = o;
  }
  e.index = index;
}
void PickleMemo::clear() {
  std::vector<Entry> old;
  std::swap(old, table_);
  count_ = 0;
  for (const Entry& e : old)
    if (e.object) decrefObject(e.object);
}
void PickleMemo::copyFrom(const PickleMemo& other) {
  clear();
  other.forEach([&](const Entry& e) { set(e.object, e.index); });
}

Value UnpickleMemo::find(i64 index) const {
  if (index >= 0 && index < i64(dense_.size()) && dense_[size_t(index)])
    return dense_[size_t(index)];
  if (sparse_.empty()) return Value();
  auto it = sparse_.find(index);
  return it == sparse_.end() ? Value() : it->second;
}
void UnpickleMemo::set(i64 index, Value v) {
  incref(v);
  Value* slot;
  if (index < 2 * i64(dense_.size()) + 1024) {
    if (index >= i64(dense_.size())) dense_.resize(size_t(index) + 1);
    if (!sparse_.empty()) {
      if (auto it = sparse_.find(index); it != sparse_.end()) {
        dense_[size_t(index)] = it->second;
        sparse_.erase(it);
      }
    }
    slot = &dense_[size_t(index)];
  } else {
    slot = &sparse_[index];
  }
  Value old = *slot;
  *slot = v;
  if (!old) count_++;
  decref(old);
}
void UnpickleMemo::clear() {
  std::vector<Value> dense;
  std::unordered_map<i64, Value> sparse;
  std::swap(dense, dense_);
  std::swap(sparse, sparse_);
  count_ = 0;
  for (Value v : dense) decref(v);
  for (auto& [index, v] : sparse) decref(v);
}

// ---- Pickler ----

namespace {

template <class T, class F>
void eachPicklerField(T* p, F&& fn) {
  fn(p->write), fn(p->bufferCallback), fn(p->dispatchTable), fn(p->persistentId);
  fn(p->persistentCall), fn(p->reducerOverride);
}
template <class T, class F>
void eachUnpicklerField(T* u, F&& fn) {
  fn(u->read), fn(u->readline), fn(u->readinto), fn(u->peek), fn(u->buffers);
  fn(u->persistentLoad), fn(u->persistentCall);
}

// The method an instance's class overrides the native one with, or the instance's own; else empty.
Result<Ref<>> overridden(Thread& t, Value self, Type* native, Value own, Str* name) {
  if (own) return retain(own);
  Type* type = typeOf(self);
  if (type == native || typeLookup(type, name) == typeLookup(native, name)) return noneRef();
  return getAttr(t, self, name);
}
void setOrClear(Value& field, Ref<> v) { setField(field, isNone(v) ? Ref<>() : std::move(v)); }

Result<void> setProtocol(Thread& t, PicklerObject& p, Value protocol, bool fixImports,
                         Value callback) {
  i64 proto = kDefaultProtocol;
  if (!isNone(protocol)) {
    proto = TRY(argI64(t, protocol));
    if (proto < 0) proto = kHighestProtocol;
    if (proto > kHighestProtocol)
      return t.raise(kValueError, "pickle protocol must be <= {}", kHighestProtocol);
  }
  if (!isNone(callback) && proto < 5)
    return t.raise(kValueError, "buffer_callback needs protocol >= 5");
  p.state->protocol = i32(proto);
  p.bin = proto > 0;
  p.state->fixImports = fixImports && proto < 3;
  setOrClear(p.bufferCallback, retain(callback));
  return {};
}
Result<void> setOutput(Thread& t, PicklerObject& p, Value file) {
  Ref<> write;
  if (!TRY(lookupAttr(t, file, DX_NAME("write"), &write)))
    return t.raise(kTypeError, "file must have a 'write' attribute");
  setField(p.write, std::move(write));
  return {};
}
Result<void> setInput(Thread& t, UnpicklerObject& u, Value file) {
  Ref<> read, readline, readinto, peek;
  TRY(lookupAttr(t, file, DX_NAME("peek"), &peek));
  TRY(lookupAttr(t, file, DX_NAME("readinto"), &readinto));
  TRY(lookupAttr(t, file, DX_NAME("read"), &read));
  TRY(lookupAttr(t, file, DX_NAME("readline"), &readline));
  if (!read || !readline)
    return t.raise(kTypeError, "file must have 'read' and 'readline' attributes");
  setField(u.peek, std::move(peek));
  setField(u.readinto, std::move(readinto));
  setField(u.read, std::move(read));
  setField(u.readline, std::move(readline));
  return {};
}
Result<void> setOptions(Thread& t, UnpicklerObject& u, bool fixImports, Str& encoding, Str& errors,
                        Value buffers) {
  u.state->encoding = TRY(utf8(t, &encoding));
  u.state->errors = TRY(utf8(t, &errors));
  u.state->fixImports = fixImports;
  u.state->protocol = 0;
  setField(u.buffers, !buffers || isNone(buffers) ? Ref<>() : TRY(iter(t, buffers)));
  return {};
}

Ref<PicklerObject> newPickler(Type* cls) {
  auto p = Ref<PicklerObject>::steal(static_cast<PicklerObject*>(newInstance(cls)));
  p->state = new PicklerState;
  p->bin = 1;
  if (!gcIsTracked(p)) gcTrack(p.get());
  return p;
}
Ref<UnpicklerObject> newUnpickler(Type* cls) {
  auto u = Ref<UnpicklerObject>::steal(static_cast<UnpicklerObject*>(newInstance(cls)));
  u->state = new UnpicklerState;
  if (!gcIsTracked(u)) gcTrack(u.get());
  return u;
}

template <class State>
class Running {
 public:
  explicit Running(State* s) : s_(s) { s->running = true; }
  ~Running() { s_->running = false; }

 private:
  State* s_;
};

Result<void> dumpTo(Thread& t, PicklerObject& p, Value obj) {
  Ref<PicklerObject> hold = retainObject(&p);
  Running<PicklerState> running(p.state);
  Result<void> r = pickleTo(t, p, obj);
  if (r && p.write) r = flushPickle(t, p);
  return r;
}

}  // namespace

Result<Ref<>> pickler___new__(Thread&, Type& cls, const Args&) { return newPickler(&cls); }
void pickler_dealloc(Object* o) {
  gcUntrack(o);
  auto* p = static_cast<PicklerObject*>(o);
  eachPicklerField(p, [](Value& v) { clearField(v); });
  delete p->state;
  freeObject(o);
}
void pickler_traverse(Object* o, Visitor& v) {
  auto* p = static_cast<PicklerObject*>(o);
  eachPicklerField(p, v);
  p->state->memo.forEach([&](const PickleMemo::Entry& e) { v(e.object); });
}
void pickler_clear(Object* o) {
  auto* p = static_cast<PicklerObject*>(o);
  eachPicklerField(p, [](Value& v) { clearField(v); });
  p->state->memo.clear();
}

Result<void> pickler___init__(Thread& t, PicklerObject& self, Value file, Value protocol,
                              bool fixImports, Value callback) {
  if (self.state->running) return t.raise(kRuntimeError, "Pickler object is already used");
  clearField(self.write);
  TRY(setProtocol(t, self, protocol, fixImports, callback));
  TRY(setOutput(t, self, file));
  self.state->memo.clear();
  self.state->out.clear();
  self.state->frameStart = -1;
  self.fast = 0;
  Ref<> table;
  TRY(lookupAttr(t, Value(&self), DX_NAME("dispatch_table"), &table));
  setField(self.dispatchTable, std::move(table));
  return {};
}
Result<Ref<>> pickler___getattribute__(Thread& t, PicklerObject& self, Str* name) {
  if (self.persistentId && equalAscii(name, "persistent_id")) return retain(self.persistentId);
  return genericGetAttr(t, &self, name);
}
Result<void> pickler___setattr__(Thread& t, PicklerObject& self, Str* name, Value v) {
  if (equalAscii(name, "persistent_id") && (v || self.persistentId)) {
    setField(self.persistentId, retain(v));
    return {};
  }
  return genericSetAttr(t, &self, name, v);
}
Result<Ref<>> pickler_persistent_id(Thread&, PicklerObject&, Value) { return noneRef(); }

Result<void> pickler_dump(Thread& t, PicklerObject& self, Value obj) {
  if (!self.write)
    return t.raise(gPickle.picklingError, "Pickler.__init__() was not called by {}.__init__()",
                   self.type);
  if (self.state->running) return t.raise(kRuntimeError, "Pickler object is already used");
  Ref<> call = TRY(overridden(t, &self, &picklerType, self.persistentId, DX_NAME("persistent_id")));
  Ref<> reduce;
  if (self.type != &picklerType) TRY(lookupAttr(t, &self, DX_NAME("reducer_override"), &reduce));
  setOrClear(self.persistentCall, std::move(call));
  setField(self.reducerOverride, std::move(reduce));
  Result<void> r = dumpTo(t, self, obj);
  // Bound methods of the pickler would keep it alive.
  clearField(self.persistentCall);
  clearField(self.reducerOverride);
  return r;
}
Result<void> pickler_clear_memo(Thread&, PicklerObject& self) {
  self.state->memo.clear();
  return {};
}
Result<i64> pickler___sizeof__(Thread&, PicklerObject& self) {
  return self.type->basicSize + i64(sizeof(PicklerState)) + self.state->memo.size() * 24;
}
Result<Ref<>> pickler_get_memo(Thread&, PicklerObject& self) {
  Ref<PicklerMemoProxy> proxy = make<PicklerMemoProxy>(&picklerMemoProxyType);
  proxy->pickler = retainObject(&self).release();
  gcTrack(proxy.get());
  return proxy;
}
Result<void> pickler_set_memo(Thread& t, PicklerObject& self, Value v) {
  if (!v) return t.raise(kTypeError, "attribute deletion is not supported");
  PickleMemo memo;
  if (typeOf(v) == &picklerMemoProxyType) {
    memo.copyFrom(v.as<PicklerMemoProxy>()->pickler->state->memo);
  } else if (isDict(v)) {
    i64 at = 0;
    Value key, item;
    while (dictNext(v.as<Dict>(), &at, &key, &item)) {
      if (!isTuple(item) || item.as<Tuple>()->size != 2)
        return t.raise(kTypeError, "'memo' values must be 2-item tuples");
      Value number = item.as<Tuple>()->items[0], object = item.as<Tuple>()->items[1];
      if (!isInt(number)) return t.raise(kTypeError, "an integer is required");
      i64 index = TRY(argIndex(t, number));
      if (object.isObject()) memo.set(object.object(), index);  // numbers are written by value
    }
  } else {
    return t.raise(kTypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not {}",
                   typeOf(v));
  }
  memo.swap(self.state->memo);
  return {};
}

Result<void> picklerMemo_clear(Thread&, PicklerMemoProxy& self) {
  self.pickler->state->memo.clear();
  return {};
}
Result<Ref<>> picklerMemo_copy(Thread& t, PicklerMemoProxy& self) {
  std::vector<std::pair<Ref<>, i64>> entries;
  self.pickler->state->memo.forEach(
      [&](const PickleMemo::Entry& e) { entries.emplace_back(retain(e.object), e.index); });
  Ref<Dict> copy = newDict();
  for (auto& [object, index] : entries)
    TRY(dictSet(t, copy, makeInt(object.get().bits()), tupleOf(makeInt(index), object)));
  return copy;
}
Result<Ref<>> picklerMemo___reduce__(Thread& t, PicklerMemoProxy& self) {
  Ref<> copy = TRY(picklerMemo_copy(t, self));
  return tupleOf(Value(&PyDict_Type), tupleOf(copy));
}

// ---- Unpickler ----

Result<Ref<>> unpickler___new__(Thread&, Type& cls, const Args&) { return newUnpickler(&cls); }
void unpickler_dealloc(Object* o) {
  gcUntrack(o);
  auto* u = static_cast<UnpicklerObject*>(o);
  eachUnpicklerField(u, [](Value& v) { clearField(v); });
  delete u->state;
  freeObject(o);
}
void unpickler_traverse(Object* o, Visitor& v) {
  auto* u = static_cast<UnpicklerObject*>(o);
  eachUnpicklerField(u, v);
  u->state->memo.forEach([&](i64, Value x) { v(x); });
  for (Value x : u->state->stack) v(x);
  v(u->state->input.view().obj);
}
void unpickler_clear(Object* o) {
  auto* u = static_cast<UnpicklerObject*>(o);
  eachUnpicklerField(u, [](Value& v) { clearField(v); });
  u->state->memo.clear();
}

Result<void> unpickler___init__(Thread& t, UnpicklerObject& self, Value file, bool fixImports,
                                Str& encoding, Str& errors, Value buffers) {
  if (self.state->running) return t.raise(kRuntimeError, "Unpickler object is already used");
  self.state->ready = false;
  TRY(setInput(t, self, file));
  TRY(setOptions(t, self, fixImports, encoding, errors, buffers));
  self.state->memo.clear();
  self.state->input.close();
  self.state->at = self.state->prefetched = self.state->limit = 0;
  self.state->inFrame = false;
  self.state->ready = true;
  return {};
}
Result<Ref<>> unpickler___getattribute__(Thread& t, UnpicklerObject& self, Str* name) {
  if (self.persistentLoad && equalAscii(name, "persistent_load"))
    return retain(self.persistentLoad);
  return genericGetAttr(t, &self, name);
}
Result<void> unpickler___setattr__(Thread& t, UnpicklerObject& self, Str* name, Value v) {
  if (equalAscii(name, "persistent_load") && (v || self.persistentLoad)) {
    setField(self.persistentLoad, retain(v));
    return {};
  }
  return genericSetAttr(t, &self, name, v);
}
Result<Ref<>> unpickler_persistent_load(Thread& t, UnpicklerObject&, Value) {
  return t.raise(gPickle.unpicklingError,
                 "A load persistent id instruction was encountered, but no persistent_load "
                 "function was specified.");
}
Result<Ref<>> unpickler_load(Thread& t, UnpicklerObject& self) {
  if (!self.state->ready)
    return t.raise(gPickle.unpicklingError, "Unpickler.__init__() was not called by {}.__init__()",
                   self.type);
  if (self.state->running) return t.raise(kRuntimeError, "Unpickler object is already used");
  Ref<> call =
      TRY(overridden(t, &self, &unpicklerType, self.persistentLoad, DX_NAME("persistent_load")));
  setOrClear(self.persistentCall, std::move(call));
  Running<UnpicklerState> running(self.state);
  Result<Ref<>> r = unpickleFrom(t, self);
  clearField(self.persistentCall);
  return r;
}
Result<Ref<>> unpickler_find_class(Thread& t, UnpicklerObject& self, Value module, Value name) {
  return findPickledClass(t, self, module, name);
}
Result<i64> unpickler___sizeof__(Thread&, UnpicklerObject& self) {
  const UnpicklerState& s = *self.state;
  return self.type->basicSize + i64(sizeof(UnpicklerState)) + s.memo.size() * 8 +
         i64(s.stack.capacity() + s.marks.capacity()) * 8;
}
Result<Ref<>> unpickler_get_memo(Thread&, UnpicklerObject& self) {
  Ref<UnpicklerMemoProxy> proxy = make<UnpicklerMemoProxy>(&unpicklerMemoProxyType);
  proxy->unpickler = retainObject(&self).release();
  gcTrack(proxy.get());
  return proxy;
}
Result<void> unpickler_set_memo(Thread& t, UnpicklerObject& self, Value v) {
  if (!v) return t.raise(kTypeError, "attribute deletion is not supported");
  UnpickleMemo memo;
  if (typeOf(v) == &unpicklerMemoProxyType) {
    v.as<UnpicklerMemoProxy>()->unpickler->state->memo.forEach(
        [&](i64 index, Value x) { memo.set(index, x); });
  } else if (isDict(v)) {
    i64 at = 0;
    Value key, item;
    while (dictNext(v.as<Dict>(), &at, &key, &item)) {
      if (!isInt(key)) return t.raise(kTypeError, "memo key must be integers");
      i64 index = TRY(argIndex(t, key));
      if (index < 0) return t.raise(kValueError, "memo key must be positive integers.");
      memo.set(index, item);
    }
  } else {
    return t.raise(kTypeError,
                   "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {}",
                   typeOf(v));
  }
  memo.swap(self.state->memo);
  return {};
}

Result<void> unpicklerMemo_clear(Thread&, UnpicklerMemoProxy& self) {
  self.unpickler->state->memo.clear();
  return {};
}
Result<Ref<>> unpicklerMemo_copy(Thread& t, UnpicklerMemoProxy& self) {
  std::vector<std::pair<i64, Ref<>>> entries;
  self.unpickler->state->memo.forEach(
      [&](i64 index, Value x) { entries.emplace_back(index, retain(x)); });
  Ref<Dict> copy = newDict();
  for (auto& [index, v] : entries) TRY(dictSet(t, copy, makeInt(index), v));
  return copy;
}
Result<Ref<>> unpicklerMemo___reduce__(Thread& t, UnpicklerMemoProxy& self) {
  Ref<> copy = TRY(unpicklerMemo_copy(t, self));
  return tupleOf(Value(&PyDict_Type), tupleOf(copy));
}

// ---- functions ----

Result<void> _pickle_dump(Thread& t, Value obj, Value file, Value protocol, bool fixImports,
                          Value callback) {
  Ref<PicklerObject> p = newPickler(&picklerType);
  TRY(setProtocol(t, *p, protocol, fixImports, callback));
  TRY(setOutput(t, *p, file));
  return dumpTo(t, *p, obj);
}
Result<Ref<>> _pickle_dumps(Thread& t, Value obj, Value protocol, bool fixImports, Value callback) {
  Ref<PicklerObject> p = newPickler(&picklerType);
  TRY(setProtocol(t, *p, protocol, fixImports, callback));
  TRY(dumpTo(t, *p, obj));
  return makeBytes(p->state->out);
}
Result<Ref<>> _pickle_load(Thread& t, Value file, bool fixImports, Str& encoding, Str& errors,
                           Value buffers) {
  Ref<UnpicklerObject> u = newUnpickler(&unpicklerType);
  TRY(setInput(t, *u, file));
  TRY(setOptions(t, *u, fixImports, encoding, errors, buffers));
  Running<UnpicklerState> running(u->state);
  return unpickleFrom(t, *u);
}
Result<Ref<>> _pickle_loads(Thread& t, Value data, bool fixImports, Str& encoding, Str& errors,
                            Value buffers) {
  Ref<UnpicklerObject> u = newUnpickler(&unpicklerType);
  TRY(Buffer::get(t, data, &u->state->input));
  u->state->limit = u->state->input.size();
  TRY(setOptions(t, *u, fixImports, encoding, errors, buffers));
  Running<UnpicklerState> running(u->state);
  return unpickleFrom(t, *u);
}

Result<void> _pickle_exec(Thread& t, Module& module) {
  PickleGlobals& g = gPickle;
  if (!g.error) {
    Ref<Type> base = TRY(newExceptionClass(t, "_pickle", "PickleError", kException));
    g.picklingError = TRY(newExceptionClass(t, "_pickle", "PicklingError", base)).release();
    g.unpicklingError = TRY(newExceptionClass(t, "_pickle", "UnpicklingError", base)).release();
    g.error = base.release();
  }
  auto dictOf = [&](Value* to, const char* from, const char* name) -> Result<void> {
    Ref<> d = TRY(importAttr(t, from, name));
    if (!isDict(d))
      return t.raise(kRuntimeError, "{}.{} should be a dict, not {}", from, name, typeOf(d));
    setField(*to, std::move(d));
    return {};
  };
  TRY(dictOf(&g.dispatchTable, "copyreg", "dispatch_table"));
  TRY(dictOf(&g.extensionRegistry, "copyreg", "_extension_registry"));
  TRY(dictOf(&g.invertedRegistry, "copyreg", "_inverted_registry"));
  TRY(dictOf(&g.extensionCache, "copyreg", "_extension_cache"));
  TRY(dictOf(&g.nameMapping, "_compat_pickle", "NAME_MAPPING"));
  TRY(dictOf(&g.importMapping, "_compat_pickle", "IMPORT_MAPPING"));
  TRY(dictOf(&g.reverseNameMapping, "_compat_pickle", "REVERSE_NAME_MAPPING"));
  TRY(dictOf(&g.reverseImportMapping, "_compat_pickle", "REVERSE_IMPORT_MAPPING"));
  setField(g.encode, TRY(importAttr(t, "codecs", "encode")));
  setField(g.partial, TRY(importAttr(t, "functools", "partial")));
  setField(g.getattr, TRY(importAttr(t, "builtins", "getattr")));
  moduleSet(module, "PickleError", g.error);
  moduleSet(module, "PicklingError", g.picklingError);
  moduleSet(module, "UnpicklingError", g.unpicklingError);
  return {};
}

}  // namespace dx
