// The built-in exception classes. object/exceptions.def says names, bases and layouts; what the
// families do differently stands here as tables.
#include "builtins/exceptions.h"

#include "runtime/frame.h"
#include "runtime/types.h"

namespace dx {

namespace {

// Owned fields of each layout after BaseException's own.
#define AT(layout, field) u16(offsetof(layout, field))
constexpr u16 kNoFields[] = {0};
constexpr u16 kGroupFields[] = {AT(ExceptionGroup, message), AT(ExceptionGroup, exceptions),
                                AT(ExceptionGroup, excsStr)};
constexpr u16 kSyntaxFields[] = {
    AT(SyntaxErrorObject, message),   AT(SyntaxErrorObject, filename),
    AT(SyntaxErrorObject, lineno),    AT(SyntaxErrorObject, offset),
    AT(SyntaxErrorObject, endLineno), AT(SyntaxErrorObject, endOffset),
    AT(SyntaxErrorObject, text),      AT(SyntaxErrorObject, printFileAndLine),
    AT(SyntaxErrorObject, metadata)};
constexpr u16 kImportFields[] = {AT(ImportErrorObject, message), AT(ImportErrorObject, name),
                                 AT(ImportErrorObject, path), AT(ImportErrorObject, nameFrom)};
constexpr u16 kUnicodeFields[] = {AT(UnicodeErrorObject, encoding), AT(UnicodeErrorObject, object),
                                  AT(UnicodeErrorObject, reason)};
constexpr u16 kExitFields[] = {AT(SystemExitObject, code)};
constexpr u16 kOSFields[] = {AT(OSErrorObject, errnum), AT(OSErrorObject, strerror),
                             AT(OSErrorObject, filename), AT(OSErrorObject, filename2)};
constexpr u16 kStopFields[] = {AT(StopIterationObject, value)};
constexpr u16 kNameFields[] = {AT(NameErrorObject, name)};
constexpr u16 kAttributeFields[] = {AT(AttributeErrorObject, object),
                                    AT(AttributeErrorObject, name)};
template <class L>
std::span<const u16> fieldsOf() {
  return {kNoFields, 0};
}
template <>
std::span<const u16> fieldsOf<ExceptionGroup>() {
  return kGroupFields;
}
template <>
std::span<const u16> fieldsOf<SyntaxErrorObject>() {
  return kSyntaxFields;
}
template <>
std::span<const u16> fieldsOf<ImportErrorObject>() {
  return kImportFields;
}
template <>
std::span<const u16> fieldsOf<UnicodeErrorObject>() {
  return kUnicodeFields;
}
template <>
std::span<const u16> fieldsOf<SystemExitObject>() {
  return kExitFields;
}
template <>
std::span<const u16> fieldsOf<OSErrorObject>() {
  return kOSFields;
}
template <>
std::span<const u16> fieldsOf<StopIterationObject>() {
  return kStopFields;
}
template <>
std::span<const u16> fieldsOf<NameErrorObject>() {
  return kNameFields;
}
template <>
std::span<const u16> fieldsOf<AttributeErrorObject>() {
  return kAttributeFields;
}

constexpr u16 kBaseFields[] = {AT(BaseException, dict),    AT(BaseException, args),
                               AT(BaseException, notes),   AT(BaseException, traceback),
                               AT(BaseException, context), AT(BaseException, cause)};
Value& fieldAt(Object* o, u16 offset) {
  return *reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + offset);
}

template <class L>
void clearFields(Object* o) {
  for (u16 at : kBaseFields) clearField(fieldAt(o, at));
  for (u16 at : fieldsOf<L>()) clearField(fieldAt(o, at));
}
template <class L>
void deallocException(Object* o) {
  gcUntrack(o);
  clearFields<L>(o);
  freeObject(o);
}
template <class L>
void traverseException(Object* o, Visitor& v) {
  for (u16 at : kBaseFields) v(fieldAt(o, at));
  for (u16 at : fieldsOf<L>()) v(fieldAt(o, at));
}

}  // namespace

// ---- BaseException ----

Tuple* exceptionArgs(Value e) { return e.as<BaseException>()->args.as<Tuple>(); }

static Result<Ref<>> baseNew(Thread&, Type* cls, const Args& args) {
  Ref<> o = Ref<>::steal(Value(newInstance(cls)));
  o.as<BaseException>()->args = Value(makeTuple(Values(args.v, args.count)).release());
  if (!gcIsTracked(o.get().object())) gcTrack(o.get().object());
  return o;
}
static void setArgs(Value self, const Args& args) {
  setField(self.as<BaseException>()->args, makeTuple(Values(args.v, args.count)));
}
static Result<void> baseInit(Thread& t, Value self, const Args& args) {
  if (args.names && args.names->size)
    return t.raise(kTypeError, "{}() takes no keyword arguments", typeOf(self));
  setArgs(self, args);
  return {};
}

static Result<Ref<>> baseStr(Thread& t, Value self) {
  Tuple* a = exceptionArgs(self);
  if (a->size == 0) return Ref<>::retain(emptyStr());
  Ref<> held = retain(Value(a));
  return Ref<>(TRY(str(t, a->size == 1 ? a->items[0] : Value(a))));
}
static std::string shortTypeName(Type* type) {
  std::string_view name = typeName(type);
  size_t dot = name.rfind('.');
  return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
}
static Result<Ref<>> baseRepr(Thread& t, Value self) {
  Ref<> args = retain(Value(exceptionArgs(self)));
  std::string name = shortTypeName(typeOf(self));
  if (args.as<Tuple>()->size == 1) {
    Ref<Str> one = TRY(repr(t, args.as<Tuple>()->items[0]));
    return Ref<>(formatStr("{}({})", name, one));
  }
  Ref<Str> all = TRY(repr(t, args));
  return Ref<>(formatStr("{}{}", name, all));
}

static Result<Ref<>> getArgs(Thread&, Value self) { return retain(self.as<BaseException>()->args); }
static Result<void> setArgsAttr(Thread& t, Value self, Value v) {
  if (!v) return t.raise(kTypeError, "args may not be deleted");
  setField(self.as<BaseException>()->args, TRY(tupleFrom(t, v)));
  return {};
}
static Result<Ref<>> orNone(Value v) { return retain(v ? v : none()); }
static Result<Ref<>> getTraceback(Thread&, Value self) {
  return orNone(self.as<BaseException>()->traceback);
}
static Result<void> setTraceback(Thread& t, Value self, Value v) {
  if (!v) return t.raise(kTypeError, "__traceback__ may not be deleted");
  if (!isNone(v) && typeOf(v) != &PyTraceBack_Type)
    return t.raise(kTypeError, "__traceback__ must be a traceback or None");
  setField(self.as<BaseException>()->traceback, isNone(v) ? Ref<>() : retain(v));
  return {};
}
static Result<Ref<>> getContext(Thread&, Value self) {
  return orNone(self.as<BaseException>()->context);
}
static Result<void> setContext(Thread& t, Value self, Value v) {
  if (!v) return t.raise(kTypeError, "__context__ may not be deleted");
  if (!isNone(v) && !isExceptionInstance(v))
    return t.raise(kTypeError, "exception context must be None or derive from BaseException");
  setField(self.as<BaseException>()->context, isNone(v) ? Ref<>() : retain(v));
  return {};
}
static Result<Ref<>> getCause(Thread&, Value self) {
  return orNone(self.as<BaseException>()->cause);
}
static Result<void> setCause(Thread& t, Value self, Value v) {
  if (!v) return t.raise(kTypeError, "__cause__ may not be deleted");
  if (!isNone(v) && !isExceptionInstance(v))
    return t.raise(kTypeError, "exception cause must be None or derive from BaseException");
  self.as<BaseException>()->suppressContext = 1;
  setField(self.as<BaseException>()->cause, isNone(v) ? Ref<>() : retain(v));
  return {};
}
static Result<Ref<>> getDict(Thread& t, Value self) {
  return Ref<>::retain(TRY(instanceDict(t, self)));
}
static Result<void> setDict(Thread& t, Value self, Value v) { return setInstanceDict(t, self, v); }

static Result<Ref<>> withTraceback(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError,
                   "BaseException.with_traceback() takes exactly one argument ({} given)",
                   args.total());
  TRY(setTraceback(t, self, args[0]));
  return retain(self);
}
static Result<Ref<>> addNote(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError, "BaseException.add_note() takes exactly one argument ({} given)",
                   args.total());
  if (!isStr(args[0]))
    return t.raise(kTypeError, "add_note() argument must be str, not {}", typeOf(args[0]));
  Str* name = DX_NAME("__notes__");
  Ref<> notes;
  if (!TRY(lookupAttr(t, self, name, &notes))) {
    notes = newList();
    TRY(setAttr(t, self, name, notes));
  }
  if (!isList(notes)) return t.raise(kTypeError, "Cannot add note: __notes__ is not a list");
  listAppend(notes.as<List>(), args[0]);
  return noneRef();
}
static Result<Ref<>> baseReduce(Thread& t, Value self, const Args&) {
  auto* e = self.as<BaseException>();
  if (e->dict) return Ref<>(tupleOf(Value(typeOf(self)), e->args, e->dict));
  return Ref<>(tupleOf(Value(typeOf(self)), e->args));
}
static Result<Ref<>> baseSetState(Thread& t, Value self, const Args& args) {
  if (args.total() != 1)
    return t.raise(kTypeError, "BaseException.__setstate__() takes exactly one argument ({} given)",
                   args.total());
  Value state = args[0];
  if (isNone(state)) return noneRef();
  if (!isDict(state)) return t.raise(kTypeError, "state is not a dictionary");
  Ref<Dict> copy = dictCopy(state.as<Dict>());
  i64 at = 0;
  Value key, value;
  while (dictNext(copy, &at, &key, &value)) {
    if (!isStr(key))
      return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(key));
    TRY(setAttr(t, self, key.as<Str>(), value));
  }
  return noneRef();
}

static const NativeGetSet kBaseGetSets[] = {
    {"args", getArgs, setArgsAttr, nullptr},
    {"__traceback__", getTraceback, setTraceback, nullptr},
    {"__context__", getContext, setContext, "exception context"},
    {"__cause__", getCause, setCause, "exception cause"},
    {"__dict__", getDict, setDict, nullptr},
};
static const NativeMember kBaseMembers[] = {{"__suppress_context__",
                                             offsetof(BaseException, suppressContext),
                                             MemberKind::Bool, false, nullptr}};
static const NativeFunction kBaseMethods[] = {
    {"with_traceback", nullptr, kNativeOneArg,
     "with_traceback($self, object, /)\n--\n\nSet self.__traceback__ to tb and return self.",
     withTraceback},
    {"add_note", nullptr, kNativeOneArg,
     "add_note($self, object, /)\n--\n\nAdd a note to the exception", addNote},
    {"__reduce__", nullptr, kNativeNoArgs, nullptr, baseReduce},
    {"__setstate__", nullptr, kNativeOneArg, nullptr, baseSetState},
};
static const char* const kBaseSlots[] = {"__new__", "__init__", "__repr__", "__str__"};
static const char* const kInitSlots[] = {"__init__"};
static const char* const kInitStrSlots[] = {"__init__", "__str__"};
static const char* const kStrSlots[] = {"__str__"};

// ---- simple families ----

static Result<void> stopInit(Thread& t, Value self, const Args& args) {
  TRY(baseInit(t, self, args));
  setField(self.as<StopIterationObject>()->value, retain(args.count ? args[0] : none()));
  return {};
}
static const NativeMember kStopMembers[] = {
    {"value", AT(StopIterationObject, value), MemberKind::Object, false, "generator return value"}};

static Result<void> exitInit(Thread& t, Value self, const Args& args) {
  TRY(baseInit(t, self, args));
  if (args.count == 1)
    setField(self.as<SystemExitObject>()->code, retain(args[0]));
  else if (args.count > 1)
    setField(self.as<SystemExitObject>()->code, retain(self.as<BaseException>()->args));
  return {};
}
static const NativeMember kExitMembers[] = {
    {"code", AT(SystemExitObject, code), MemberKind::Object, false, "exception code"}};

static Result<Ref<>> keyErrorStr(Thread& t, Value self) {
  Tuple* a = exceptionArgs(self);
  if (a->size != 1) return baseStr(t, self);
  Ref<> key = retain(a->items[0]);
  return Ref<>(TRY(repr(t, key)));
}

// Keyword arguments `names` of an exception whose positional ones are its args.
static Result<void> keywordFields(Thread& t, Value self, const Args& args,
                                  std::span<const char* const> names, std::span<const u16> offsets,
                                  const char* function) {
  for (u16 offset : offsets) clearField(fieldAt(self.object(), offset));
  for (u32 k = 0; k < args.keywordCount(); k++) {
    Str* key = args.names->items[k].as<Str>();
    size_t i = 0;
    while (i < names.size() && !equalAscii(key, names[i])) i++;
    if (i == names.size())
      return t.raise(kTypeError, "{}() got an unexpected keyword argument '{}'", function,
                     Value(key));
    setField(fieldAt(self.object(), offsets[i]), retain(args.v[args.count + k]));
  }
  setArgs(self, args);
  return {};
}
static Result<void> nameInit(Thread& t, Value self, const Args& args) {
  static const char* const kNames[] = {"name"};
  return keywordFields(t, self, args, kNames, kNameFields, "NameError");
}
static const NativeMember kNameMembers[] = {
    {"name", AT(NameErrorObject, name), MemberKind::Object, false, "name"}};
static Result<void> attributeInit(Thread& t, Value self, const Args& args) {
  static const char* const kNames[] = {"obj", "name"};
  return keywordFields(t, self, args, kNames, kAttributeFields, "AttributeError");
}
static const NativeMember kAttributeMembers[] = {
    {"name", AT(AttributeErrorObject, name), MemberKind::Object, false, "attribute name"},
    {"obj", AT(AttributeErrorObject, object), MemberKind::Object, false, "object"}};

// The name goes along when the exception is pickled, the object does not.
static Result<Ref<>> attributeGetState(Thread&, Value self, const Args&) {
  auto* e = self.as<AttributeErrorObject>();
  if (!e->name) return e->dict ? retain(e->dict) : noneRef();
  Ref<Dict> state = e->dict ? dictCopy(e->dict.as<Dict>()) : newDict();
  dictSetStr(state, "name", e->name);
  dictSetStr(state, "args", e->args);
  return Ref<>(std::move(state));
}
static Result<Ref<>> attributeReduce(Thread& t, Value self, const Args& args) {
  Ref<> state = TRY(attributeGetState(t, self, args));
  return Ref<>(tupleOf(Value(typeOf(self)), self.as<BaseException>()->args, state));
}
static const NativeFunction kAttributeMethods[] = {
    {"__getstate__", nullptr, kNativeNoArgs, nullptr, attributeGetState},
    {"__reduce__", nullptr, kNativeNoArgs, nullptr, attributeReduce}};

// ---- ImportError ----

static Result<void> importInit(Thread& t, Value self, const Args& args) {
  static const char* const kNames[] = {"name", "path", "name_from"};
  static constexpr u16 kOffsets[] = {AT(ImportErrorObject, name), AT(ImportErrorObject, path),
                                     AT(ImportErrorObject, nameFrom)};
  TRY(keywordFields(t, self, args, kNames, kOffsets, "ImportError"));
  setField(self.as<ImportErrorObject>()->message, retain(args.count == 1 ? args[0] : Value()));
  return {};
}
static Result<Ref<>> importStr(Thread& t, Value self) {
  Value message = self.as<ImportErrorObject>()->message;
  if (message && isExactStr(message)) return retain(message);
  return baseStr(t, self);
}
static Result<Ref<>> importReduce(Thread& t, Value self, const Args&) {
  auto* e = self.as<ImportErrorObject>();
  Ref<Dict> state;
  if (e->dict) state = dictCopy(e->dict.as<Dict>());
  for (auto [name, v] : {std::pair("name", e->name), std::pair("path", e->path),
                         std::pair("name_from", e->nameFrom)}) {
    if (!v || isNone(v)) continue;
    if (!state) state = newDict();
    dictSetStr(state, name, v);
  }
  if (state) return Ref<>(tupleOf(Value(typeOf(self)), e->args, Value(state)));
  return Ref<>(tupleOf(Value(typeOf(self)), e->args));
}
static const NativeMember kImportMembers[] = {
    {"msg", AT(ImportErrorObject, message), MemberKind::Object, false, "exception message"},
    {"name", AT(ImportErrorObject, name), MemberKind::Object, false, "module name"},
    {"path", AT(ImportErrorObject, path), MemberKind::Object, false, "module path"},
    {"name_from", AT(ImportErrorObject, nameFrom), MemberKind::Object, false,
     "name imported from module"}};
static const NativeFunction kImportMethods[] = {
    {"__reduce__", nullptr, kNativeNoArgs, nullptr, importReduce}};

// ---- SyntaxError ----

static Result<void> syntaxInit(Thread& t, Value self, const Args& args) {
  TRY(baseInit(t, self, args));
  auto* e = self.as<SyntaxErrorObject>();
  if (args.count >= 1) setField(e->message, retain(args[0]));
  if (args.count != 2) return {};
  Ref<Tuple> info = TRY(tupleFrom(t, args[1]));
  if (info->size < 4 || info->size > 7 || info->size == 5)
    return t.raise(kTypeError,
                   info->size == 5  ? "end_offset must be provided when end_lineno is provided"
                   : info->size < 4 ? "function missing required argument 'text' (pos 4)"
                                    : "function takes at most 7 arguments ({} given)",
                   info->size);
  Value* fields[] = {&e->filename,  &e->lineno,    &e->offset,  &e->text,
                     &e->endLineno, &e->endOffset, &e->metadata};
  for (i64 i = 0; i < 7; i++)
    setField(*fields[i], i < info->size ? retain(info->items[i]) : Ref<>());
  return {};
}
static Result<Ref<>> syntaxStr(Thread& t, Value self) {
  auto* e = self.as<SyntaxErrorObject>();
  Ref<Str> message = e->message ? TRY(str(t, e->message)) : makeAscii("None");
  std::string file;
  bool named = e->filename && isStr(e->filename);
  if (named) {
    file = toUtf8(e->filename.as<Str>());
    file = file.substr(file.rfind('/') + 1);
  }
  bool line = e->lineno && isInt(e->lineno);
  if (named && line) return Ref<>(formatStr("{} ({}, line {})", message, file, e->lineno));
  if (named) return Ref<>(formatStr("{} ({})", message, file));
  if (line) return Ref<>(formatStr("{} (line {})", message, e->lineno));
  return Ref<>(std::move(message));
}
static const NativeMember kSyntaxMembers[] = {
    {"msg", AT(SyntaxErrorObject, message), MemberKind::Object, false, "exception msg"},
    {"filename", AT(SyntaxErrorObject, filename), MemberKind::Object, false, "exception filename"},
    {"lineno", AT(SyntaxErrorObject, lineno), MemberKind::Object, false, "exception lineno"},
    {"offset", AT(SyntaxErrorObject, offset), MemberKind::Object, false, "exception offset"},
    {"text", AT(SyntaxErrorObject, text), MemberKind::Object, false, "exception text"},
    {"end_lineno", AT(SyntaxErrorObject, endLineno), MemberKind::Object, false,
     "exception end lineno"},
    {"end_offset", AT(SyntaxErrorObject, endOffset), MemberKind::Object, false,
     "exception end offset"},
    {"print_file_and_line", AT(SyntaxErrorObject, printFileAndLine), MemberKind::Object, false,
     "exception print_file_and_line"},
    {"_metadata", AT(SyntaxErrorObject, metadata), MemberKind::Object, false,
     "exception private metadata"}};

// ---- OSError ----

static Result<void> osFill(Thread& t, OSErrorObject* e, const Args& args) {
  u32 n = args.count;
  Ref<Tuple> kept = makeTuple(Values(args.v, n));
  if (n >= 2 && n <= 5) {
    setField(e->errnum, retain(args[0]));
    setField(e->strerror, retain(args[1]));
    if (n >= 3 && !isNone(args[2])) {
      if (isSubtype(e->type, kBlockingIOError) && hasIndex(args[2])) {
        e->written = TRY(argIndex(t, args[2]));
      } else {
        setField(e->filename, retain(args[2]));
        if (n >= 5 && !isNone(args[4])) setField(e->filename2, retain(args[4]));
        kept = makeTuple(Values(args.v, 2));  // the file names are attributes only
      }
    }
  }
  setField(e->args, std::move(kept));
  return {};
}
static Result<Ref<>> osNew(Thread& t, Type* cls, const Args& args) {
  if (args.names && args.names->size && cls->data->slots.init == osInitSlot())
    return t.raise(kTypeError, "{}() takes no keyword arguments", cls);
  if (cls == kOSError && args.count >= 2 && args.count <= 5 && isInt(args[0])) {
    i64 code;
    if (intToI64(args[0], &code)) cls = osErrorSubclass(code);
  }
  Ref<> o = Ref<>::steal(Value(newInstance(cls)));
  auto* e = o.as<OSErrorObject>();
  e->written = -1;
  e->args = Value(retainObject(emptyTuple()).release());
  if (!gcIsTracked(e)) gcTrack(e);
  if (cls->data->slots.init == osInitSlot()) TRY(osFill(t, e, args));
  return o;
}
static Result<void> osInit(Thread& t, Value self, const Args& args) {
  auto* e = self.as<OSErrorObject>();
  // Filled by __new__ already unless a subclass has its own __init__ that calls this one.
  if (typeOf(self)->data->slots.init == osInitSlot()) return {};
  if (args.names && args.names->size)
    return t.raise(kTypeError, "{}() takes no keyword arguments", typeOf(self));
  return osFill(t, e, args);
}
InitSlot osInitSlot() { return osInit; }
ConstructSlot osNewSlot() { return osNew; }
static Result<Ref<>> osStr(Thread& t, Value self) {
  auto* e = self.as<OSErrorObject>();
  Value errnum = e->errnum ? e->errnum : none(), text = e->strerror ? e->strerror : none();
  if (e->filename) {
    if (e->filename2)
      return Ref<>(
          formatStr("[Errno {}] {}: {!r} -> {!r}", errnum, text, e->filename, e->filename2));
    return Ref<>(formatStr("[Errno {}] {}: {!r}", errnum, text, e->filename));
  }
  if (e->errnum && e->strerror) return Ref<>(formatStr("[Errno {}] {}", errnum, text));
  return baseStr(t, self);
}
static Result<Ref<>> osReduce(Thread& t, Value self, const Args&) {
  auto* e = self.as<OSErrorObject>();
  Ref<> args = retain(e->args);
  if (args.as<Tuple>()->size == 2 && e->filename) {
    Value* a = args.as<Tuple>()->items;
    args = e->filename2 ? Ref<>(tupleOf(a[0], a[1], e->filename, none(), e->filename2))
                        : Ref<>(tupleOf(a[0], a[1], e->filename));
  }
  if (e->dict) return Ref<>(tupleOf(Value(typeOf(self)), args.get(), e->dict));
  return Ref<>(tupleOf(Value(typeOf(self)), args.get()));
}
static Result<Ref<>> getWritten(Thread& t, Value self) {
  if (self.as<OSErrorObject>()->written == -1)
    return t.raise(kAttributeError, "characters_written");
  return makeInt(self.as<OSErrorObject>()->written);
}
static Result<void> setWritten(Thread& t, Value self, Value v) {
  if (!v) {
    if (self.as<OSErrorObject>()->written == -1)
      return t.raise(kAttributeError, "characters_written");
    self.as<OSErrorObject>()->written = -1;
    return {};
  }
  self.as<OSErrorObject>()->written = TRY(argIndex(t, v));
  return {};
}
static const NativeMember kOSMembers[] = {
    {"errno", AT(OSErrorObject, errnum), MemberKind::Object, false, "POSIX exception code"},
    {"strerror", AT(OSErrorObject, strerror), MemberKind::Object, false, "exception strerror"},
    {"filename", AT(OSErrorObject, filename), MemberKind::Object, false, "exception filename"},
    {"filename2", AT(OSErrorObject, filename2), MemberKind::Object, false,
     "second exception filename"}};
static const NativeGetSet kOSGetSets[] = {{"characters_written", getWritten, setWritten, nullptr}};
static const NativeFunction kOSMethods[] = {
    {"__reduce__", nullptr, kNativeNoArgs, nullptr, osReduce}};
static const char* const kOSSlots[] = {"__new__", "__init__", "__str__"};

// ---- Unicode errors ----

static Result<void> unicodeFill(Thread& t, Value self, const Args& args, bool translate) {
  TRY(baseInit(t, self, args));
  u32 want = translate ? 4 : 5;
  if (args.count != want)
    return t.raise(kTypeError, "function takes exactly {} arguments ({} given)", want, args.count);
  auto* e = self.as<UnicodeErrorObject>();
  const Value* v = args.v;
  if (!translate) {
    if (!isStr(v[0])) return t.raise(kTypeError, "argument 1 must be str, not {}", typeOf(v[0]));
    setField(e->encoding, retain(v[0]));
    v++;
  }
  bool decoding = isInstanceOf(self, kUnicodeDecodeError);
  u32 first = translate ? 1 : 2;
  Ref<> object = retain(v[0]);
  if (decoding) {
    if (!isBytes(object)) {
      if (!hasBuffer(object))
        return t.raise(kTypeError, "a bytes-like object is required, not '{}'", typeOf(object));
      Buffer b;
      TRY(Buffer::get(t, object, &b));
      object = makeBytes(b.bytes());
    }
  } else if (!isStr(object)) {
    return t.raise(kTypeError, "argument {} must be str, not {}", first, typeOf(object));
  }
  setField(e->object, std::move(object));
  e->start = TRY(argIndex(t, v[1]));
  e->end = TRY(argIndex(t, v[2]));
  if (!isStr(v[3]))
    return t.raise(kTypeError, "argument {} must be str, not {}", first + 3, typeOf(v[3]));
  setField(e->reason, retain(v[3]));
  return {};
}
static Result<void> unicodeInit(Thread& t, Value self, const Args& args) {
  return unicodeFill(t, self, args, false);
}
static Result<void> translateInit(Thread& t, Value self, const Args& args) {
  return unicodeFill(t, self, args, true);
}
static std::string escaped(u32 c) {
  char text[16];
  snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
  return text;
}
static Result<Ref<>> unicodeStr(Thread& t, Value self) {
  auto* e = self.as<UnicodeErrorObject>();
  if (!e->object) return Ref<>::retain(emptyStr());
  auto textOf = [&](Value v) -> Result<Ref<Str>> {
    if (!v) return makeAscii("<NULL>");
    Ref<> held = retain(v);
    return str(t, held);
  };
  Ref<Str> reason = TRY(textOf(e->reason)), encoding = TRY(textOf(e->encoding));
  // The attributes may have changed meanwhile.
  bool decoding = isInstanceOf(self, kUnicodeDecodeError);
  Ref<> object = retain(e->object);
  if (!object) return t.raise(kTypeError, "UnicodeError 'object' attribute is not set");
  if (decoding ? !isBytes(object) : !isStr(object))
    return t.raise(kTypeError, "UnicodeError 'object' attribute must be a {}",
                   decoding ? "bytes" : "string");
  i64 size = decoding ? object.as<Bytes>()->size : object.as<Str>()->length;
  i64 start = e->start, end = e->end;
  bool one = start >= 0 && start < size && end == start + 1;
  if (decoding) {
    if (one) {
      char byte[8];
      snprintf(byte, sizeof byte, "%02x", u8(object.as<Bytes>()->data[start]));
      return Ref<>(formatStr("'{}' codec can't decode byte 0x{} in position {}: {}", encoding, byte,
                             start, reason));
    }
    return Ref<>(formatStr("'{}' codec can't decode bytes in position {}-{}: {}", encoding, start,
                           end - 1, reason));
  }
  bool translate = isInstanceOf(self, kUnicodeTranslateError);
  if (one) {
    std::string c = escaped(object.as<Str>()->at(start));
    if (translate)
      return Ref<>(
          formatStr("can't translate character '{}' in position {}: {}", c, start, reason));
    return Ref<>(formatStr("'{}' codec can't encode character '{}' in position {}: {}", encoding, c,
                           start, reason));
  }
  if (translate)
    return Ref<>(
        formatStr("can't translate characters in position {}-{}: {}", start, end - 1, reason));
  return Ref<>(formatStr("'{}' codec can't encode characters in position {}-{}: {}", encoding,
                         start, end - 1, reason));
}
static const NativeMember kUnicodeMembers[] = {
    {"encoding", AT(UnicodeErrorObject, encoding), MemberKind::Object, false, "exception encoding"},
    {"object", AT(UnicodeErrorObject, object), MemberKind::Object, false, "exception object"},
    {"start", AT(UnicodeErrorObject, start), MemberKind::I64, false, "exception start"},
    {"end", AT(UnicodeErrorObject, end), MemberKind::I64, false, "exception end"},
    {"reason", AT(UnicodeErrorObject, reason), MemberKind::Object, false, "exception reason"}};

// ---- the types ----

namespace {

struct Family {
  std::span<const NativeFunction> methods;
  std::span<const NativeGetSet> getsets;
  std::span<const NativeMember> members;
  std::span<const char* const> slotNames;
  InitSlot init = nullptr;
  ConstructSlot construct = nullptr;
  UnaryFn str = nullptr, repr = nullptr;
};

constexpr Family familyOf(std::string_view name) {
  if (name == "BaseException")
    return {kBaseMethods, kBaseGetSets, kBaseMembers, kBaseSlots,
            baseInit,     baseNew,      baseStr,      baseRepr};
  if (name == "StopIteration") return {{}, {}, kStopMembers, kInitSlots, stopInit};
  if (name == "SystemExit") return {{}, {}, kExitMembers, kInitSlots, exitInit};
  if (name == "KeyError") return {{}, {}, {}, kStrSlots, nullptr, nullptr, keyErrorStr};
  if (name == "NameError") return {{}, {}, kNameMembers, kInitSlots, nameInit};
  if (name == "AttributeError")
    return {kAttributeMethods, {}, kAttributeMembers, kInitSlots, attributeInit};
  if (name == "ImportError")
    return {kImportMethods, {}, kImportMembers, kInitStrSlots, importInit, nullptr, importStr};
  if (name == "SyntaxError")
    return {{}, {}, kSyntaxMembers, kInitStrSlots, syntaxInit, nullptr, syntaxStr};
  if (name == "OSError")
    return {kOSMethods, kOSGetSets, kOSMembers, kOSSlots, osInit, osNew, osStr};
  if (name == "UnicodeEncodeError" || name == "UnicodeDecodeError")
    return {{}, {}, kUnicodeMembers, kInitStrSlots, unicodeInit, nullptr, unicodeStr};
  if (name == "UnicodeTranslateError")
    return {{}, {}, kUnicodeMembers, kInitStrSlots, translateInit, nullptr, unicodeStr};
  if (name == "BaseExceptionGroup") {
    ExceptionGroupParts p = exceptionGroupParts();
    return {p.methods, {}, p.members, p.slotNames, p.init, p.construct, p.str, p.repr};
  }
  return {};
}

struct Parts {
  NativeTypeInfo info;
  TypeData data;
};

template <class L>
constexpr Parts partsOf(const char* name, const NativeTypeInfo* info) {
  Family f = familyOf(name);
  Parts parts{};
  parts.info.moduleName = "builtins";
  parts.info.methods = f.methods;
  parts.info.getsets = f.getsets;
  parts.info.members = f.members;
  parts.info.slotNames = f.slotNames;
  TypeData& data = parts.data;
  data.native = info;
  if (f.construct) data.slotFlags = kOwnNew;
  data.slots.init = f.init;
  data.slots.construct = f.construct;
  data.slots.str = f.str;
  data.slots.repr = f.repr;
  data.slots.dealloc = deallocException<L>;
  data.slots.traverse = traverseException<L>;
  data.slots.clear = clearFields<L>;
  return parts;
}

template <class L>
constexpr Type typeOfLayout(const char* name, Type* base, TypeData* data) {
  Type y{};
  y.refcount = kImmortalCount;
  y.headerFlags = 5;
  y.type = &PyType_Type;
  y.name = name;
  y.basicSize = sizeof(L);
  y.flags =
      kTypeHasGc | kTypeBaseType | kTypeImmutable | kTypeStaticBuiltin | kTypeExceptionSubclass;
  y.base = base;
  y.data = data;
  y.dictOffset = offsetof(BaseException, dict);
  return y;
}

}  // namespace

#define _PyExc_object PyBaseObject_Type
// All but the group's parts, which another file has, are constants.
#define DX_EXC(name, base, layout)                                      \
  static Parts parts##name = partsOf<layout>(#name, &parts##name.info); \
  extern "C" constinit Type _PyExc_##name =                             \
      typeOfLayout<layout>(#name, &_PyExc_##base, &parts##name.data);   \
  DX_REGISTER_TYPE(_PyExc_##name)
#include "object/exceptions.def"
#undef DX_EXC

}  // namespace dx
