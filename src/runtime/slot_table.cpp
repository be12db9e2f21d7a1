#include "runtime/slot_table.h"

#include "runtime/call.h"
#include "runtime/slot_dispatch.h"

namespace dx {
namespace {

template <class F>
F typed(SlotFn f) {
  return reinterpret_cast<F>(f);
}

Error wrongCount(Thread& t, const char* expected, u32 got) {
  return t.raise(kTypeError, "expected {}, got {}", expected, got);
}

// Texts for wrappers of a fixed number of arguments.
Result<void> takesNone(Thread& t, const Args& args) {
  if (args.count != 0) return wrongCount(t, "0 arguments", args.count);
  return ok();
}
Result<void> takesOne(Thread& t, const Args& args) {
  if (args.count != 1) return wrongCount(t, "1 argument", args.count);
  return ok();
}
Result<void> takesTwo(Thread& t, const Args& args, const SlotWrapper& row) {
  if (args.count != 2)
    return t.raise(kTypeError, "{} expected 2 arguments, got {}", row.name, args.count);
  return ok();
}

using CompareFn = Result<Ref<>> (*)(Thread&, Value, Value, CompareOp);
using HashFn = Result<i64> (*)(Thread&, Value);
using TruthFn = Result<bool> (*)(Thread&, Value);
using ContainsFn = Result<bool> (*)(Thread&, Value, Value);
using CallFn = Result<Ref<>> (*)(Thread&, Value, const Args&);
using InitFn = Result<void> (*)(Thread&, Value, const Args&);
using GetAttrFn = Result<Ref<>> (*)(Thread&, Value, Str*);
using SetAttrFn = Result<void> (*)(Thread&, Value, Str*, Value);
using DescrGetFn = Result<Ref<>> (*)(Thread&, Value, Value, Value);
using StoreFn = Result<void> (*)(Thread&, Value, Value, Value);
using IndexFn = Result<Ref<>> (*)(Thread&, Value, i64);

#define WRAPPER(name) \
  Result<Ref<>> name(Thread& t, Value self, const Args& args, const SlotWrapper& row, SlotFn f)

WRAPPER(wrapUnary) {
  TRY(takesNone(t, args));
  return typed<UnaryFn>(f)(t, self);
}

WRAPPER(wrapNext) {
  TRY(takesNone(t, args));
  Result<Ref<>> r = typed<UnaryFn>(f)(t, self);
  if (!r && !t.hasException()) return t.raiseNone(kStopIteration);
  return r;
}

WRAPPER(wrapBinary) {
  TRY(takesOne(t, args));
  return typed<BinaryFn>(f)(t, self, args[0]);
}

WRAPPER(wrapBinaryReflected) {
  TRY(takesOne(t, args));
  return typed<BinaryFn>(f)(t, args[0], self);
}

Result<void> takesPowerOperands(Thread& t, const Args& args) {
  if (args.count != 1 && args.count != 2) return wrongCount(t, "1 or 2 arguments", args.count);
  return ok();
}
WRAPPER(wrapPower) {
  TRY(takesPowerOperands(t, args));
  return typed<TernaryFn>(f)(t, self, args[0], args.count == 2 ? args[1] : none());
}
WRAPPER(wrapPowerReflected) {
  TRY(takesPowerOperands(t, args));
  return typed<TernaryFn>(f)(t, args[0], self, args.count == 2 ? args[1] : none());
}

template <CompareOp op>
WRAPPER(wrapCompare) {
  TRY(takesOne(t, args));
  return typed<CompareFn>(f)(t, self, args[0], op);
}

WRAPPER(wrapHash) {
  TRY(takesNone(t, args));
  return makeInt(TRY(typed<HashFn>(f)(t, self)));
}

WRAPPER(wrapLength) {
  TRY(takesNone(t, args));
  return makeInt(TRY(typed<HashFn>(f)(t, self)));
}

WRAPPER(wrapTruth) {
  TRY(takesNone(t, args));
  return boolRef(TRY(typed<TruthFn>(f)(t, self)));
}

WRAPPER(wrapContains) {
  TRY(takesOne(t, args));
  return boolRef(TRY(typed<ContainsFn>(f)(t, self, args[0])));
}

WRAPPER(wrapCall) { return typed<CallFn>(f)(t, self, args); }

WRAPPER(wrapInit) {
  TRY(typed<InitFn>(f)(t, self, args));
  return noneRef();
}

WRAPPER(wrapSetItem) {
  TRY(takesTwo(t, args, row));
  TRY(typed<StoreFn>(f)(t, self, args[0], args[1]));
  return noneRef();
}

WRAPPER(wrapDelItem) {
  TRY(takesOne(t, args));
  TRY(typed<StoreFn>(f)(t, self, args[0], Value()));
  return noneRef();
}

WRAPPER(wrapRepeat) {
  TRY(takesOne(t, args));
  i64 n = TRY(indexI64(t, args[0], kOverflowError));
  return typed<IndexFn>(f)(t, self, n);
}

WRAPPER(wrapSeqItem) {
  TRY(takesOne(t, args));
  i64 i = TRY(indexI64(t, args[0], kOverflowError));
  if (i < 0 && slotsOf(self).length) i += TRY(slotsOf(self).length(t, self));
  return typed<IndexFn>(f)(t, self, i);
}

Result<Str*> attributeName(Thread& t, Value v) {
  if (!isStr(v)) return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(v));
  return v.as<Str>();
}

WRAPPER(wrapGetAttribute) {
  TRY(takesOne(t, args));
  Str* name = TRY(attributeName(t, args[0]));
  return typed<GetAttrFn>(f)(t, self, name);
}

// object.__setattr__(int, ...) must not get around type.__setattr__: the function must be the one
// that the nearest native base of the receiver's type uses.
Result<void> mayApplySetattr(Thread& t, Value self, SlotFn f, const SlotWrapper& row) {
  Type* type = typeOf(self);
  while (type && type->data->slots.setattro == dispatchSetAttr) type = type->base;
  if (type && slotAt(type->data->slots, DX_SLOT_INDEX(setattro)) != f)
    return t.raise(kTypeError, "can't apply this {} to {} object", row.name, typeOf(self));
  return ok();
}

WRAPPER(wrapSetAttr) {
  TRY(takesTwo(t, args, row));
  TRY(mayApplySetattr(t, self, f, row));
  Str* name = TRY(attributeName(t, args[0]));
  TRY(typed<SetAttrFn>(f)(t, self, name, args[1]));
  return noneRef();
}

WRAPPER(wrapDelAttr) {
  TRY(takesOne(t, args));
  TRY(mayApplySetattr(t, self, f, row));
  Str* name = TRY(attributeName(t, args[0]));
  TRY(typed<SetAttrFn>(f)(t, self, name, Value()));
  return noneRef();
}

WRAPPER(wrapDescrGet) {
  if (args.count < 1) return t.raise(kTypeError, "__get__ expected at least 1 argument, got 0");
  if (args.count > 2)
    return t.raise(kTypeError, "__get__ expected at most 2 arguments, got {}", args.count);
  Value object = isNone(args[0]) ? Value() : args[0];
  Value type = args.count == 2 && !isNone(args[1]) ? args[1] : Value();
  if (!object && !type) return t.raise(kTypeError, "__get__(None, None) is invalid");
  return typed<DescrGetFn>(f)(t, self, object, type);
}

WRAPPER(wrapDescrSet) {
  TRY(takesTwo(t, args, row));
  TRY(typed<StoreFn>(f)(t, self, args[0], args[1]));
  return noneRef();
}

WRAPPER(wrapDescrDelete) {
  TRY(takesOne(t, args));
  TRY(typed<StoreFn>(f)(t, self, args[0], Value()));
  return noneRef();
}

WRAPPER(wrapDel) {
  TRY(takesNone(t, args));
  typed<void (*)(Thread&, Object*)>(f)(t, self.object());
  return noneRef();
}

WRAPPER(wrapBuffer) {
  TRY(takesOne(t, args));
  i64 flags = TRY(indexI64(t, args[0], kOverflowError));
  if (flags != i32(flags)) return t.raise(kOverflowError, "buffer flags out of range");
  return memoryViewOf(t, self, int(flags), typed<BuffGetFn>(f));
}

WRAPPER(wrapReleaseBuffer) {
  TRY(takesOne(t, args));
  TRY(releaseMemoryView(t, self, args[0]));
  return noneRef();
}

#undef WRAPPER

constexpr bool takesKeywords(u32 index) {
  return index == DX_SLOT_INDEX(call) || index == DX_SLOT_INDEX(init);
}

template <class F>
SlotFn erased(F f) {
  return reinterpret_cast<SlotFn>(f);
}
inline SlotFn erased(std::nullptr_t) { return nullptr; }

const SlotWrapper kTable[] = {
#define DX_SLOT(name, member, wrapper, dispatch, doc)                         \
  {#name,   u16(DX_SLOT_INDEX(member)), takesKeywords(DX_SLOT_INDEX(member)), \
   wrapper, erased(dispatch),           doc},
#include "runtime/slot_table.def"
#undef DX_SLOT
};
constexpr u32 kRows = sizeof kTable / sizeof kTable[0];
static_assert(kRows < 256);

// Names to rows: open addressing by the address of the interned name, made on first use.
struct NameIndex {
  struct Entry {
    Str* name;
    u8 rows[2];
    u8 count;
  };
  static constexpr u32 kSize = 256;
  Entry entries[kSize] = {};
  Str* names[kRows] = {};

  static u32 hashOf(const Str* s) { return u32(reinterpret_cast<u64>(s) >> 4) * 2654435769u >> 24; }
  Entry& find(const Str* s) {
    u32 i = hashOf(s);
    while (entries[i].name && entries[i].name != s) i = (i + 1) % kSize;
    return entries[i];
  }
  NameIndex() {
    for (u32 row = 0; row < kRows; row++) {
      names[row] = internImmortal(kTable[row].name);
      Entry& e = find(names[row]);
      e.name = names[row];
      DX_CHECK(e.count < 2);
      e.rows[e.count++] = u8(row);
    }
  }
};
NameIndex& nameIndex() {
  static NameIndex* index = new NameIndex;
  return *index;
}

}  // namespace

std::span<const SlotWrapper> slotTable() { return kTable; }

Str* slotName(const SlotWrapper& row) { return nameIndex().names[&row - kTable]; }

std::span<const u8> slotRowsOf(Str* name) {
  // Cheap refusal first: special methods begin with two underscores.
  if (name->length < 6 || !name->isAscii() || !name->isCompact() || name->data()[0] != '_')
    return {};
  NameIndex::Entry& e = nameIndex().find(name);
  return {e.rows, e.count};
}

}  // namespace dx

// ---- calling wrapper descriptors ----
namespace dx {

static Result<Ref<>> callWrapper(Thread& t, WrapperDescriptor* d, Value self, const Args& args) {
  const SlotWrapper& row = *d->def;
  if (args.names && args.names->size != 0 && !row.keywords) [[unlikely]]
    return t.raise(kTypeError, "wrapper {}() takes no keyword arguments", row.name);
  return row.wrapper(t, self, args, row, reinterpret_cast<SlotFn>(d->wrapped));
}

Result<Ref<>> wrapperDescriptorCall(Thread& t, Value callee, const Args& args) {
  auto* d = callee.as<WrapperDescriptor>();
  if (args.count < 1)
    return t.raise(kTypeError, "descriptor '{}' of '{}' object needs an argument", d->name,
                   d->owner);
  Value self = args[0];
  if (!isInstanceOf(self, d->owner))
    return t.raise(kTypeError, "descriptor '{}' requires a '{}' object but received a '{}'",
                   d->name, d->owner, typeOf(self));
  return callWrapper(t, d, self, Args(args.v + 1, args.count - 1, args.names));
}

Result<Ref<>> methodWrapperCall(Thread& t, Value callee, const Args& args) {
  auto* m = callee.as<MethodWrapper>();
  return callWrapper(t, m->descriptor, m->self, args);
}

}  // namespace dx
