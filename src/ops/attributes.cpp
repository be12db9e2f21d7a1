// Attributes and methods.
//
// A monomorphic hit is two or three compares and a load; nothing in it runs Python.
#include "ops/vocabulary.h"
#include "runtime/call.h"
#include "runtime/slot_dispatch.h"
#include "speculation/attribute_cache.h"
#include "speculation/megamorphic.h"
#include "speculation/polymorphic.h"

namespace dx {

static Str* nameAt(Thread* t, Value* fp, u32 i) {
  Value v = frameCode(fp)->data->constants[i];
  if (!v) v = makeConstant(t, fp, i);
  return v.as<Str>();
}

// Pushes the frame of a __get__; its descriptor's class may have changed since it was cached.
static Value* enterDescriptor(Thread* t, const Insn* pc, Value* fp, Value descr) {
  const Slots& slots = slotsOf(descr);
  if (!slots.descrSet || slots.descrGet != &dispatchDescrGet) return nullptr;
  Value getter = typeLookup(typeOf(descr), DX_NAME("__get__"));
  if (!getter || typeOf(getter) != &PyFunction_Type) return nullptr;
  Code* code = getter.as<Function>()->code;
  CodeData* data = code->data;
  Value* args = callRegisters(t, fp);
  if (data->simpleArgs != 3 || !roomForFrame(t, args, data)) return nullptr;
  Value receiver = takeOperand(fp, pc->b);
  args[-1] = getter;
  incref(getter);
  args[0] = descr;
  incref(descr);
  args[1] = receiver;
  args[2] = Value(typeOf(receiver));
  incref(args[2]);
  pushPlainFrame(t, pc, fp, args, 3, code, data);
  return args;
}

// Pushes the frame of a property's getter, or of the __get__ of another data descriptor; null: it
// is not a plain function, or there is no room.
DX_SLOW Value* enterGetter(Thread* t, const Insn* pc, Value* fp, const AttrCache& cache) {
  Value descr = Value::fromBits(cache.payload);
  if (typeOf(descr) != &PyProperty_Type) return enterDescriptor(t, pc, fp, descr);
  Value getter = descr.as<Property>()->get;
  if (!getter || typeOf(getter) != &PyFunction_Type) return nullptr;
  Code* code = getter.as<Function>()->code;
  CodeData* data = code->data;
  Value* args = callRegisters(t, fp);
  if (data->simpleArgs != 1 || !roomForFrame(t, args, data)) return nullptr;
  args[-1] = getter;
  incref(getter);
  args[0] = takeOperand(fp, pc->b);
  pushPlainFrame(t, pc, fp, args, 1, code, data);
  return args;
}

// Is it worth asking what can be cached? What could not be before is asked about rarely.
static bool mayFill(AttrCache& own) {
  constexpr u8 kTries = 16;
  return own.kind != CacheKind::Empty || ++own.misses <= kTries || own.misses % kTries == 0;
}
static void remember(MegamorphicCache& table, CodeData* data, AttrCache& own,
                     const AttrCache& fresh, Str* name) {
  if (fresh.kind == CacheKind::Empty) return;
  table.keep(fresh, name);
  addEntry(data, own, fresh);
}

enum class LoadOutcome : u8 { Error, Done, Frame };
DX_SLOW LoadOutcome loadAttrMiss(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return LoadOutcome::Error;
  Value o = fp[regIndex(pc->b)];
  CodeData* data = frameCode(fp)->data;
  bool caching = feedback != kZeroFeedback && pc->c;
  Value v;
  if (caching && o.isObject()) {
    if (const AttrCache* shared = megamorphicLoads().find(o.object()->type, name)) {
      AttrCache entry = *shared;
      v = cachedAttr(entry, o.object());
      if (v || entry.kind == CacheKind::Property) addEntry(data, feedback[pc->c].attr, entry);
      if (!v && entry.kind == CacheKind::Property && enterGetter(t, pc, fp, entry))
        return LoadOutcome::Frame;
      if (!v && entry.kind == CacheKind::Getter) addEntry(data, feedback[pc->c].attr, entry);
    }
    incref(v);
  }
  if (!v) {
    Result<Ref<>> r = getAttr(*t, o, name);
    if (r && caching && mayFill(feedback[pc->c].attr)) {
      AttrCache fresh{};
      fillLoadCache(fresh, fp[regIndex(pc->b)], name);
      remember(megamorphicLoads(), data, feedback[pc->c].attr, fresh, name);
    }
    v = r ? std::move(r).take().release() : Value();
  }
  killOperand(fp, pc->b);
  if (!v) return LoadOutcome::Error;
  setReg(fp, pc->a, v);
  return LoadOutcome::Done;
}

// The result of a native getter, owned; empty: it raised. Consumes the receiver.
DX_INLINE Value callGetter(Thread* t, const Insn* pc, Value* fp, AttrCache& own, AttrCache* at) {
  auto get = cachedGetter(*at);
  noteHit(own, at);
  Value receiver = takeOperand(fp, pc->b);  // a local may go while the getter runs Python
  Result<Ref<>> r = get(*t, receiver);
  releaseValue(receiver);
  return std::move(r).take().release();
}
// A hit that is not the plain one, or a miss.
PART(loadAttrRest) {
  Value receiver = REG(b);
  if (receiver.isObject()) {
    AttrCache& own = feedback[pc->c].attr;
    Object* o = receiver.object();
    for (AttrCache* at = &own; at; at = nextEntry(own, at)) {
      if (o->type->versionTag != at->versionTag) continue;
      if (Value v = cachedAttr(*at, o)) {
        incref(v);
        noteHit(own, at);
        SAVE_PC();
        killOperand(fp, pc->b);
        setReg(fp, pc->a, v);
        NEXT(LoadAttr);
      }
      if (at->kind == CacheKind::Getter) {
        SAVE_PC();
        Value result = callGetter(t, pc, fp, own, at);
        if (!result) [[unlikely]]
          RAISE();
        setReg(fp, pc->a, result);
        NEXT(LoadAttr);
      }
      if (at->kind == CacheKind::Property) {
        if (Value* args = enterGetter(t, pc, fp, *at)) {
          noteHit(own, at);
          CodeData* data = frameCode(args)->data;
          ENTER_CALLEE(args, data);
        }
      }
    }
  }
  LoadOutcome outcome = loadAttrMiss(t, pc, fp, feedback);
  if (outcome == LoadOutcome::Frame) ENTER_FRAME();
  if (outcome == LoadOutcome::Error) [[unlikely]]
    RAISE();
  NEXT(LoadAttr);
}
OP(LoadAttr) {
  Value receiver = REG(b);
  if (receiver.isObject()) [[likely]] {
    const AttrCache& cache = feedback[pc->c].attr;
    Object* o = receiver.object();
    if (o->type->versionTag == cache.versionTag) [[likely]] {
      Value v;
      if (cache.kind == CacheKind::InlineSlot) {
        if (managedDictWord(o) != cache.shape) [[unlikely]]
          LEAVE(loadAttrRest);
        v = *fieldOf(o, cache);
      } else if (cache.kind == CacheKind::Member) {
        v = *fieldOf(o, cache);
      }
      if (v) [[likely]] {
        KILL_OR(b, receiver, loadAttrRest);
        incref(v);
        SET_NEXT(LoadAttr, v);
      }
    }
  }
  LEAVE(loadAttrRest);
}

// Does the instruction after a LoadMethod call what that finds, without arguments?
static bool callsAtOnce(const Insn* load) {
  const Insn* call = stepOver(load, kSizeOf[int(Op::LoadMethod)]);
  return call->op == u8(Op::CallMethod) && call->c == 0 &&
         u32(call->b) + kFrameHeader == u32(load->a) + 1;
}
// Remembers a method for the instruction at pc.
static void addMethodEntry(const Insn* pc, CodeData* data, AttrCache& own, AttrCache entry) {
  Value f = Value::fromBits(entry.payload);
  if (entry.kind == CacheKind::Method && typeOf(f) == &PyMethodDescr_Type &&
      f.as<MethodDescriptor>()->owner->versionTag == entry.versionTag &&
      f.as<MethodDescriptor>()->def->takesDirectly(0) && callsAtOnce(pc))
    entry.kind = CacheKind::CalledMethod;
  addEntry(data, own, entry);
}
DX_SLOW bool loadMethodMiss(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Value o = fp[regIndex(pc->b)];
  CodeData* data = frameCode(fp)->data;
  bool caching = feedback != kZeroFeedback && pc->c;
  Value f;
  if (caching) {
    if (const AttrCache* shared = megamorphicMethods().find(typeOf(o), name)) {
      f = cachedMethod(*shared, o);
      if (f) addMethodEntry(pc, data, feedback[pc->c].attr, *shared);
    }
  }
  if (!f && (f = plainMethod(o, name)) && caching) {
    AttrCache fresh{};
    fillMethodCache(fresh, o, name, f);
    if (fresh.kind != CacheKind::Empty) {
      megamorphicMethods().keep(fresh, name);
      addMethodEntry(pc, data, feedback[pc->c].attr, fresh);
    }
  }
  if (f) {
    incref(f);
    Value self = takeOperand(fp, pc->b);
    setReg(fp, pc->a, f);
    setReg(fp, pc->a + 1, self);
    return true;
  }
  Result<Ref<>> r = getAttr(*t, o, name);
  if (r && caching && cacheMode == CacheMode::On && mayFill(feedback[pc->c].attr)) {
    AttrCache fresh{};
    fillLoadCache(fresh, fp[regIndex(pc->b)], name, true);
    if (fresh.kind != CacheKind::Empty) addEntry(data, feedback[pc->c].attr, fresh);
  }
  Value v = r ? std::move(r).take().release() : Value();
  killOperand(fp, pc->b);
  if (!v) return false;
  setReg(fp, pc->a, v);
  setReg(fp, pc->a + 1, Value());
  return true;
}

// A function in a module, a class or an instance slot, called without self; a class method; a miss.
PART(loadMethodRest) {
  Value receiver = REG(b);
  AttrCache& own = feedback[pc->c].attr;
  u32 version = typeOf(receiver)->versionTag;
  for (AttrCache* at = &own; at; at = nextEntry(own, at)) {
    if (version != at->versionTag) continue;
    if (Value f = cachedMethod(*at, receiver)) {
      incref(f);
      noteHit(own, at);
      Value self = takeOperand(fp, pc->b);
      fp[pc->a] = f;
      fp[pc->a + 1] = self;
      NEXT(LoadMethod);
    }
    if (!receiver.isObject()) continue;
    Value self;
    Value f = cachedAttr(*at, receiver.object());
    if (!f) f = cachedClassMethod(*at, receiver, &self);
    if (f) {
      incref(f);
      incref(self);
      noteHit(own, at);
      SAVE_PC();
      killOperand(fp, pc->b);
      fp[pc->a] = f;
      fp[pc->a + 1] = self;
      NEXT(LoadMethod);
    }
  }
  NEXT_IF(loadMethodMiss(t, pc, fp, feedback), LoadMethod);
}
// Calls the method of a CalledMethod entry that was hit, unless the next instruction is another one
// now. Nothing has to be put into the call's window.
DX_SLOW LoadOutcome callLoadedMethod(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  if (!callsAtOnce(pc)) return LoadOutcome::Frame;
  const Insn* call = stepOver(pc, kSizeOf[int(Op::LoadMethod)]);
  auto* def = Value::fromBits(feedback[pc->c].attr.payload).as<MethodDescriptor>()->def;
  TargetFeedback& seen = feedback[call->d].target;
  if (seen.target == reinterpret_cast<u64>(def)) [[likely]]
    seen.hits++;
  else
    noteTarget(seen, TargetKind::Native, def, 0);
  t->pc = call;
  Value receiver = takeOperand(fp, pc->b);  // a local may go while the method runs Python
  Result<Ref<>> r = def->direct(*t, receiver, nullptr, 0);
  releaseValue(receiver);
  if (!r) [[unlikely]]
    return LoadOutcome::Error;
  setReg(fp, call->a, std::move(r).take().release());
  return LoadOutcome::Done;
}
PART(loadCalledMethod) {
  LoadOutcome outcome = callLoadedMethod(t, pc, fp, feedback);
  if (outcome == LoadOutcome::Done) [[likely]]
    GOTO(kSizeOf[int(Op::LoadMethod)] + kSizeOf[int(Op::CallMethod)]);
  if (outcome == LoadOutcome::Error) LEAVE_AT(opUnwind, stepOver(pc, kSizeOf[int(Op::LoadMethod)]));
  LEAVE(loadMethodRest);
}

OP(LoadMethod) {
  Value receiver = REG(b);
  const AttrCache& cache = feedback[pc->c].attr;
  if (typeOf(receiver)->versionTag == cache.versionTag) [[likely]] {
    if (cache.kind == CacheKind::CalledMethod) LEAVE(loadCalledMethod);
    if (cache.kind == CacheKind::Method ||
        (cache.kind == CacheKind::MethodShape && managedDictWord(receiver.object()) == cache.shape))
        [[likely]] {
      Value f = Value::fromBits(cache.payload);
      incref(f);
      Value self = takeOperand(fp, pc->b);
      fp[pc->a] = f;  // a call window: empty before
      fp[pc->a + 1] = self;
      NEXT(LoadMethod);
    }
  }
  LEAVE(loadMethodRest);
}

// Does the store if the cache fits; the receiver's type has the cache's version.
DX_INLINE bool storeCached(Thread* t, const Insn* pc, Value* fp, const AttrCache& cache,
                           Object* o) {
  Value* field = fieldOf(o, cache);
  if (cache.kind == CacheKind::Member ||
      (cache.kind == CacheKind::InlineSlot && managedDictWord(o) == cache.shape)) {
    Value old = *field;
    *field = takeOperand(fp, pc->b);
    t->pc = pc;
    releaseValue(old);
    killOperand(fp, pc->a);
    return true;
  }
  if (cache.kind == CacheKind::DictValue) {
    Value* cell = cachedCell(cache, o);
    if (!cell) return false;
    Value old = *cell;
    *cell = takeOperand(fp, pc->b);
    t->pc = pc;
    releaseValue(old);
    killOperand(fp, pc->a);
    return true;
  }
  if (cache.kind == CacheKind::AddSlot && managedDictWord(o) == cache.shape) {
    *field = takeOperand(fp, pc->b);
    managedDictWord(o) = cache.payload;
    t->pc = pc;
    killOperand(fp, pc->a);
    return true;
  }
  return false;
}

DX_SLOW bool storeAttrMiss(Thread* t, const Insn* pc, Value* fp, FeedbackSlot* feedback) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  Value o = fp[regIndex(pc->a)];
  CodeData* data = frameCode(fp)->data;
  bool caching = feedback != kZeroFeedback && pc->c;
  if (caching && o.isObject()) {
    if (const AttrCache* shared = megamorphicStores().find(o.object()->type, name)) {
      AttrCache entry = *shared;
      if (storeCached(t, pc, fp, entry, o.object())) {
        addEntry(data, feedback[pc->c].attr, entry);
        return true;
      }
    }
  }
  caching = caching && mayFill(feedback[pc->c].attr);
  u64 before = caching ? shapeWordBefore(o) : 0;
  bool ok = bool(setAttr(*t, o, name, fp[regIndex(pc->b)]));
  if (ok && caching) {
    AttrCache fresh{};
    fillStoreCache(fresh, fp[regIndex(pc->a)], name, before);
    remember(megamorphicStores(), data, feedback[pc->c].attr, fresh, name);
  }
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  return ok;
}

PART(storeAttrRest) {
  Value receiver = REG(a);
  if (receiver.isObject()) {
    AttrCache& own = feedback[pc->c].attr;
    Object* o = receiver.object();
    for (AttrCache* at = &own; at; at = nextEntry(own, at)) {
      if (o->type->versionTag != at->versionTag) continue;
      AttrCache entry = *at;
      if (storeCached(t, pc, fp, entry, o)) NEXT(StoreAttr);
    }
  }
  NEXT_IF(storeAttrMiss(t, pc, fp, feedback), StoreAttr);
}
OP(StoreAttr) {
  Value receiver = REG(a);
  if (receiver.isObject()) [[likely]] {
    const AttrCache& cache = feedback[pc->c].attr;
    Object* o = receiver.object();
    if (o->type->versionTag == cache.versionTag && isField(cache.kind) &&
        (cache.kind == CacheKind::Member || managedDictWord(o) == cache.shape)) [[likely]] {
      KILL_OR(a, receiver, storeAttrRest);
      Value* field = fieldOf(o, cache);
      Value old;
      if (cache.kind == CacheKind::AddSlot)
        managedDictWord(o) = cache.payload;
      else
        old = *field;
      *field = takeOperand(fp, pc->b);
      RELEASE_NEXT(StoreAttr, old);
    }
  }
  LEAVE(storeAttrRest);
}

DX_SLOW bool deleteAttr(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  bool ok = bool(setAttr(*t, fp[regIndex(pc->a)], name, Value()));
  killOperand(fp, pc->a);
  return ok;
}
OP(DeleteAttr) { NEXT_IF(deleteAttr(t, pc, fp), DeleteAttr); }

// super(cls, self).name; the run holds the value of the name `super`, the class and self.
DX_SLOW bool loadSuperAttr(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Str* name = nameAt(t, fp, pc->d);
  if (!name) return false;
  u32 run = regIndex(pc->b);
  Ref<> superValue = Ref<>::steal(std::exchange(fp[run], Value()));
  Ref<> cls = Ref<>::steal(std::exchange(fp[run + 1], Value()));
  Ref<> self = Ref<>::steal(std::exchange(fp[run + 2], Value()));
  bool method = pc->x & 1;
  if (superValue.get() == Value(&PySuper_Type) && isType(cls)) {
    bool isMethod = false;
    Result<Ref<>> r = superLookup(*t, cls.as<Type>(), self, name, method ? &isMethod : nullptr);
    if (!r) return false;
    setReg(fp, pc->a, std::move(r).take().release());
    if (method) setReg(fp, pc->a + 1, isMethod ? self.release() : Value());
    return true;
  }
  Result<Ref<>> object =
      pc->x & 2 ? callWith(*t, superValue, cls.get(), self.get()) : call(*t, superValue, Args());
  if (!object) return false;
  Result<Ref<>> r = getAttr(*t, object.peek(), name);
  if (!r) return false;
  setReg(fp, pc->a, std::move(r).take().release());
  if (method) setReg(fp, pc->a + 1, Value());
  return true;
}
OP(LoadSuperAttr) { NEXT_IF(loadSuperAttr(t, pc, fp), LoadSuperAttr); }

}  // namespace dx
