// Frame objects, the write-through view of a frame's locals (PEP 667), tracebacks.
#include "builtins/frame.gen.h"
#include "builtins/generator.gen.h"
#include "memory/heap.h"
#include "runtime/frame_locals.h"
#include "runtime/monitoring.h"
#include "runtime/types.h"

namespace dx {

// ---- frame ----

void frame_dealloc(Object* o) {
  gcUntrack(o);
  auto* f = static_cast<FrameObject*>(o);
  if (f->registers) {
    for (u32 i = 0; i < f->code->data->localCount; i++)
      decref(std::exchange(f->registers[i], Value()));
    release(f->registers);
  }
  for (Value* v : {&f->back, &f->trace, &f->extraLocals, &f->localsCache, &f->overwritten,
                   &f->builtins, &f->locals})
    clearField(*v);
  clearOwned(f->globals);
  clearOwned(f->code);
  freeObject(o);
}
void frame_traverse(Object* o, Visitor& v) {
  auto* f = static_cast<FrameObject*>(o);
  for (Value x :
       {f->back, f->trace, f->extraLocals, f->localsCache, f->overwritten, f->builtins, f->locals})
    v(x);
  v(f->globals);
  v(f->code);
  // A live frame's registers belong to the stack or to its generator.
  for (u32 i = 0; f->registers && i < f->code->data->localCount; i++) v(f->registers[i]);
}
void frame_clear(Object* o) {
  auto* f = static_cast<FrameObject*>(o);
  for (Value* v : {&f->trace, &f->extraLocals, &f->localsCache, &f->overwritten}) clearField(*v);
  if (f->registers)
    for (u32 i = 0; i < f->code->data->localCount; i++)
      decref(std::exchange(f->registers[i], Value()));
}

Result<Ref<>> frame_get_f_back(Thread& t, FrameObject& self) {
  Ref<> back = frameBack(t, &self);
  return back ? std::move(back) : noneRef();
}
Result<Ref<>> frame_get_f_lineno(Thread& t, FrameObject& self) {
  i32 line = frameLine(t, &self);
  return line >= 0 ? makeInt(line) : noneRef();
}
Result<void> frame_set_f_lineno(Thread& t, FrameObject& self, Value v) {
  if (!v)
    return t.raise(kAttributeError, "attribute 'f_lineno' of 'frame' objects cannot be deleted");
  if (!isExactInt(v)) return t.raise(kValueError, "lineno must be an integer");
  i64 line;
  return jumpToLine(t, &self, intToI64(v, &line) ? line : INT64_MAX);
}
static const bytecode::Insn* framePosition(Thread& t, FrameObject& f) {
  const auto* base = reinterpret_cast<const u8*>(f.code->data->insns);
  if (!f.frame) return reinterpret_cast<const bytecode::Insn*>(base + f.pcOffset);
  const Value* callee = nullptr;
  auto* fp = reinterpret_cast<Value*>(f.frame);
  for (const Value* at = t.fp; at; callee = at, at = framePrevious(at))
    if (at == fp) return framePc(t, fp, callee);
  return frameReturn(fp);
}
Result<Ref<>> frame_get_f_lasti(Thread& t, FrameObject& self) {
  return makeInt(i64(pcOffset(self.code, framePosition(t, self))));
}
Result<Ref<>> frame_get_f_locals(Thread&, FrameObject& self) {
  if (!(self.code->flags & bytecode::kCodeOptimized) && !frameInComprehension(&self))
    return self.locals ? retain(self.locals) : Ref<>::retain(self.globals);
  Ref<LocalsProxy> p = make<LocalsProxy>(&PyFrameLocalsProxy_Type);
  p->frame = retainObject(&self).release();
  gcTrack(p);
  return Ref<>(std::move(p));
}
Result<Ref<>> frame_get_f_trace(Thread&, FrameObject& self) {
  return retain(self.trace ? self.trace : none());
}
Result<void> frame_set_f_trace(Thread&, FrameObject& self, Value v) {
  setField(self.trace, v && !isNone(v) ? retain(v) : Ref<>());
  return {};
}
Result<Ref<>> frame_get_f_trace_opcodes(Thread&, FrameObject& self) {
  return boolRef(self.traceOpcodes);
}
Result<void> frame_set_f_trace_opcodes(Thread& t, FrameObject& self, Value v) {
  if (!v)
    return t.raise(kAttributeError,
                   "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted");
  if (!isBool(v)) return t.raise(kTypeError, "attribute value type must be bool");
  self.traceOpcodes = v == trueValue();
  if (self.traceOpcodes) {
    u32 events = localToolEvents(self.code, kTraceTool);
    setLocalToolEvents(t, kTraceTool, self.code, events | eventBit(Event::Instruction));
  }
  return {};
}
Result<Ref<>> frame_get_f_generator(Thread&, FrameObject& self) {
  if (!self.frame || !isGeneratorFrame(reinterpret_cast<Value*>(self.frame))) return noneRef();
  return Ref<>::retain(frameGenerator(reinterpret_cast<Value*>(self.frame)));
}
Result<void> frame_clear(Thread& t, FrameObject& self) {
  if (self.frame) {
    auto* fp = reinterpret_cast<Value*>(self.frame);
    if (isGeneratorFrame(fp)) settleGenerator(frameGenerator(fp));
    if (!isGeneratorFrame(fp) || frameGenerator(fp)->state == GenState::Executing)
      return t.raise(kRuntimeError, "cannot clear an executing frame");
    if (frameGenerator(fp)->state != GenState::Created)
      return t.raise(kRuntimeError, "cannot clear a suspended frame");
    // A coroutine that nobody awaited says so.
    Ref<> owner = Ref<>::retain(frameGenerator(fp));
    Generator* g = owner.as<Generator>();
    if (g->type == &PyCoro_Type) coroutine___del__(t, *g);
    if (g->frame) generatorDropFrame(g);
    return {};
  }
  frameClear(t, &self);
  clearField(self.overwritten);
  return {};
}
Result<i64> frame___sizeof__(Thread&, FrameObject& self) {
  return i64(sizeof(FrameObject)) + i64(self.code->data->localCount) * 8;
}
Result<Ref<>> frame___repr__(Thread& t, FrameObject& self) {
  return Ref<>(formatStr("<frame at {}, file {!r}, line {}, code {}>", pointerText(&self),
                         Value(self.code->filename), frameLine(t, &self), Value(self.code->name)));
}

// ---- locals proxy ----

// Calls fn(name, value) for each bound local; fn returns false to stop.
template <class F>
static Result<void> eachLocal(FrameObject* f, F&& fn) {
  Tuple* names = localNames(f->code);
  for (u32 i = 0; i < u32(names->size); i++) {
    if (!frameShowsLocal(f, i)) continue;
    if (Value v = frameGetLocal(f, i)) TRY(fn(names->items[i], v));
  }
  i64 at = 0;
  Value k, v;
  if (f->extraLocals)
    while (dictNext(f->extraLocals.as<Dict>(), &at, &k, &v)) TRY(fn(k, v));
  return {};
}
// Is the name what a dict would take for `key`?
static Result<bool> sameKey(Thread& t, Value name, Value key, i64 keyHash) {
  if (isExactStr(key)) return equalStr(name.as<Str>(), key.as<Str>());
  return hashStr(name.as<Str>()) == keyHash && TRY(equal(t, name, key));
}
static Result<i64> localIndex(Thread& t, FrameObject* f, Value key, bool boundOnly) {
  i64 keyHash = TRY(hash(t, key));
  Tuple* names = localNames(f->code);
  for (i64 i = 0; i < names->size; i++)
    if (frameShowsLocal(f, u32(i)) && TRY(sameKey(t, names->items[i], key, keyHash)) &&
        (!boundOnly || frameGetLocal(f, u32(i))))
      return i;
  return i64(-1);
}
static Result<Ref<>> proxyGet(Thread& t, LocalsProxy& self, Value key) {
  i64 i = TRY(localIndex(t, self.frame, key, true));
  if (i >= 0) return retain(frameGetLocal(self.frame, u32(i)));
  if (self.frame->extraLocals)
    return retain(TRY(dictGet(t, self.frame->extraLocals.as<Dict>(), key)));
  return Ref<>();
}
static Result<Ref<Dict>> snapshot(Thread& t, LocalsProxy& self) {
  Ref<Dict> d = newDict();
  TRY(eachLocal(self.frame, [&](Value k, Value v) { return dictSet(t, d, k, v); }));
  return d;
}

Result<Ref<>> LocalsProxy___new__(Thread& t, Type&, Value frame) {
  if (typeOf(frame) != &PyFrame_Type)
    return t.raise(kTypeError, "expect frame, not {}", typeOf(frame));
  Ref<LocalsProxy> p = make<LocalsProxy>(&PyFrameLocalsProxy_Type);
  p->frame = retainObject(frame.as<FrameObject>()).release();
  gcTrack(p);
  return Ref<>(std::move(p));
}
Result<i64> LocalsProxy___len__(Thread&, LocalsProxy& self) {
  i64 n = 0;
  TRY(eachLocal(self.frame, [&](Value, Value) -> Result<void> { return n++, ok(); }));
  return n;
}
Result<Ref<>> LocalsProxy_keys(Thread& t, LocalsProxy& self) {
  Ref<List> out = newList();
  TRY(eachLocal(self.frame,
                [&](Value k, Value) -> Result<void> { return listAppend(out, k), ok(); }));
  (void)t;
  return Ref<>(std::move(out));
}
Result<Ref<>> LocalsProxy_values(Thread&, LocalsProxy& self) {
  Ref<List> out = newList();
  TRY(eachLocal(self.frame,
                [&](Value, Value v) -> Result<void> { return listAppend(out, v), ok(); }));
  return Ref<>(std::move(out));
}
Result<Ref<>> LocalsProxy_items(Thread&, LocalsProxy& self) {
  Ref<List> out = newList();
  TRY(eachLocal(self.frame, [&](Value k, Value v) -> Result<void> {
    return listAppend(out, Ref<>(tupleOf(k, v))), ok();
  }));
  return Ref<>(std::move(out));
}
Result<Ref<>> LocalsProxy___iter__(Thread& t, LocalsProxy& self) {
  return iter(t, TRY(LocalsProxy_keys(t, self)));
}
Result<Ref<>> LocalsProxy___reversed__(Thread& t, LocalsProxy& self) {
  Ref<> keys = TRY(LocalsProxy_keys(t, self));
  (void)TRY(callMethod(t, keys, DX_NAME("reverse"), {}));
  return keys;
}
Result<bool> LocalsProxy___contains__(Thread& t, LocalsProxy& self, Value key) {
  Result<Ref<>> v = proxyGet(t, self, key);
  if (t.hasException()) return Error{};
  return bool(v);
}
Result<Ref<>> LocalsProxy___getitem__(Thread& t, LocalsProxy& self, Value key) {
  Result<Ref<>> v = proxyGet(t, self, key);
  if (v || t.hasException()) return v;
  if (isStr(key)) return t.raise(kKeyError, "local variable '{}' is not defined", key);
  return raiseKeyError(t, key);
}
Result<void> LocalsProxy___setitem__(Thread& t, LocalsProxy& self, Value key, Value value) {
  i64 i = TRY(localIndex(t, self.frame, key, false));
  if (!value) {
    if (i >= 0) return t.raise(kValueError, "cannot remove local variables from FrameLocalsProxy");
    if (!self.frame->extraLocals || !TRY(dictDelete(t, self.frame->extraLocals.as<Dict>(), key)))
      return raiseKeyError(t, key);
    return {};
  }
  if (i >= 0) {
    frameSetLocal(self.frame, u32(i), retain(value));
    return {};
  }
  if (!self.frame->extraLocals) self.frame->extraLocals = Value(newDict().release());
  return dictSet(t, self.frame->extraLocals.as<Dict>(), key, value);
}
Result<Ref<>> LocalsProxy___repr__(Thread& t, LocalsProxy& self) {
  if (!enterRepr(t, &self)) return Ref<>(makeAscii("{...}"));
  Result<Ref<Dict>> d = snapshot(t, self);
  Result<Ref<Str>> s = d ? repr(t, Value(d.peek().get())) : Result<Ref<Str>>(Error{});
  leaveRepr(t, &self);
  return s;
}
Result<Ref<>> LocalsProxy___richcompare__(Thread& t, LocalsProxy& self, Value other, CompareOp op) {
  if (op != CompareOp::Eq && op != CompareOp::Ne) return notImplementedRef();
  if (typeOf(other) == &PyFrameLocalsProxy_Type)
    return boolRef((self.frame == other.as<LocalsProxy>()->frame) == (op == CompareOp::Eq));
  if (!isDict(other)) return notImplementedRef();
  Ref<Dict> d = TRY(snapshot(t, self));
  return compare(t, d, other, op);
}
static Result<Ref<>> asDict(Thread& t, Value v) {
  if (typeOf(v) == &PyFrameLocalsProxy_Type) return Ref<>(TRY(snapshot(t, *v.as<LocalsProxy>())));
  return retain(v);
}
Result<Ref<>> LocalsProxy___or__(Thread& t, Value left, Value right) {
  Ref<> a = TRY(asDict(t, left)), b = TRY(asDict(t, right));
  if (!isDict(a) || !isDict(b)) return notImplementedRef();
  Ref<Dict> out = dictCopy(a.as<Dict>());
  TRY(dictMerge(t, out, b));
  return Ref<>(std::move(out));
}
Result<void> LocalsProxy_update(Thread& t, LocalsProxy& self, Value other) {
  Ref<> source = TRY(asDict(t, other));
  if (!isDict(source))
    return t.raise(kTypeError, "update() argument must be dict or another FrameLocalsProxy");
  Ref<Dict> copy = dictCopy(source.as<Dict>());
  i64 at = 0;
  Value k, v;
  while (dictNext(copy, &at, &k, &v)) TRY(LocalsProxy___setitem__(t, self, k, v));
  return {};
}
Result<Ref<>> LocalsProxy___ior__(Thread& t, LocalsProxy& self, Value other) {
  TRY(LocalsProxy_update(t, self, other));
  return Ref<>::retain(&self);
}
Result<Ref<>> LocalsProxy_copy(Thread& t, LocalsProxy& self) {
  return Ref<>(TRY(snapshot(t, self)));
}
Result<Ref<>> LocalsProxy_get(Thread& t, LocalsProxy& self, Value key, Value fallback) {
  Result<Ref<>> v = proxyGet(t, self, key);
  if (v || t.hasException()) return v;
  return retain(fallback);
}
Result<Ref<>> LocalsProxy_setdefault(Thread& t, LocalsProxy& self, Value key, Value fallback) {
  Result<Ref<>> v = proxyGet(t, self, key);
  if (v || t.hasException()) return v;
  TRY(LocalsProxy___setitem__(t, self, key, fallback));
  return retain(fallback);
}
Result<Ref<>> LocalsProxy_pop(Thread& t, LocalsProxy& self, Value key, Value fallback) {
  if (TRY(localIndex(t, self.frame, key, false)) >= 0)
    return t.raise(kValueError, "cannot remove local variables from FrameLocalsProxy");
  Ref<> v;
  if (self.frame->extraLocals) {
    Result<Ref<>> r = dictPop(t, self.frame->extraLocals.as<Dict>(), key);
    if (t.hasException()) return Error{};
    v = std::move(r).take();
  }
  if (v) return v;
  if (fallback) return retain(fallback);
  return raiseKeyError(t, key);
}

// ---- traceback ----

Result<Ref<>> traceback___new__(Thread& t, Type& cls, Value next, Value frame, i32 lasti,
                                i32 lineno) {
  if (!isNone(next) && typeOf(next) != &PyTraceBack_Type)
    return t.raise(kTypeError, "traceback() argument 'tb_next' must be traceback or None, not {}",
                   typeOf(next));
  if (typeOf(frame) != &PyFrame_Type)
    return t.raise(kTypeError, "traceback() argument 'tb_frame' must be frame, not {}",
                   typeOf(frame));
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  auto* tb = o.as<Traceback>();
  tb->next = isNone(next) ? Value() : retain(next).release();
  tb->frame = retainObject(frame.as<FrameObject>()).release();
  tb->lasti = lasti;
  tb->lineno = lineno;
  gcTrack(tb);
  return o;
}
Result<Ref<>> traceback_get_tb_lineno(Thread&, Traceback& self) {
  i32 line = tracebackLine(&self);
  return line == 0 ? noneRef() : makeInt(line);
}
Result<Ref<>> traceback_get_tb_next(Thread&, Traceback& self) {
  return retain(self.next ? self.next : none());
}
Result<void> traceback_set_tb_next(Thread& t, Traceback& self, Value v) {
  if (!v) return t.raise(kTypeError, "can't delete tb_next attribute");
  if (!isNone(v) && typeOf(v) != &PyTraceBack_Type)
    return t.raise(kTypeError, "expected traceback object or None, got '{}'", typeOf(v));
  for (Value at = v; at && !isNone(at); at = at.as<Traceback>()->next)
    if (at == Value(&self)) return t.raise(kValueError, "traceback loop detected");
  setField(self.next, isNone(v) ? Ref<>() : retain(v));
  return {};
}
Result<Ref<>> traceback___dir__(Thread&, Traceback&) {
  Ref<List> names = newList();
  for (const char* name : {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"})
    listAppend(names, Ref<>(makeAscii(name)));
  return Ref<>(std::move(names));
}

}  // namespace dx
