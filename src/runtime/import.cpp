// The import statements. The import system itself is the library's importlib; what is here is its
// entry, the fast path for modules that are already there, and native modules.
#include <time.h>

#include "runtime/abstract.h"
#include "runtime/call.h"
#include "runtime/containers.h"
#include "runtime/frame.h"
#include "runtime/module.h"

namespace dx {

// A module that is being initialized has __spec__._initializing true.
static Result<bool> isInitializing(Thread& t, Value module) {
  Ref<> spec;
  if (!TRY(lookupAttr(t, module, DX_NAME("__spec__"), &spec)) || isNone(spec)) return false;
  Ref<> flag;
  if (!TRY(lookupAttr(t, spec, DX_NAME("_initializing"), &flag))) return false;
  return isTrue(t, flag);
}

static Result<Ref<>> modulesGet(Thread& t, Str* name) {
  Value modules = theInterpreter.modules;
  Value found = TRY(dictGet(t, modules.as<Dict>(), name));
  return found ? retain(found) : Ref<>();
}

// The import system's own frames say nothing to a reader: as CPython does, takes them out of the
// pending exception's traceback (of an ImportError all of them; else what leads to
// _call_with_frames_removed).
static void removeImportlibFrames(Thread& t) {
  if (theInterpreter.config.verbose || !t.currentException) return;
  bool all = t.matches(kImportError);
  Value* link = &t.currentException->traceback;
  Value* outer = nullptr;
  bool inside = false;
  while (*link && !isNone(*link)) {
    auto* tb = link->as<Traceback>();
    Code* code = tb->frame->code;
    bool here = equalAscii(code->filename, "<frozen importlib._bootstrap>") ||
                equalAscii(code->filename, "<frozen importlib._bootstrap_external>");
    if (here && !inside) outer = link;
    inside = here;
    if (here && (all || equalAscii(code->name, "_call_with_frames_removed"))) {
      setField(*outer, retain(tb->next));
      link = outer;
      inside = false;
      if (*link && !isNone(*link)) continue;
      break;
    }
    link = &tb->next;
  }
}

// -X importtime: a line for each import that loads something, as CPython prints it.
class ImportTimer {
 public:
  explicit ImportTimer(Str* name) : name_(name) {
    if (!theInterpreter.config.importTime) return;
    head();
    level_++;
    outside_ = std::exchange(inside_, 0);
    begin_ = now();
  }
  ~ImportTimer() {
    if (!begin_) return;
    i64 all = now() - begin_;
    level_--;
    fprintf(stderr, "import time: %9lld | %10lld | %*s%s\n", (long long)((all - inside_) / 1000),
            (long long)(all / 1000), level_ * 2, "", text(name_).c_str());
    inside_ = outside_ + all;
  }
  // An import of a module that is there.
  static void cached(Str* name) {
    head();
    fprintf(stderr, "import time: cached    | cached     | %*s%s\n", level_ * 2, "",
            text(name).c_str());
  }

 private:
  static void head() {
    if (!std::exchange(started_, true))
      fputs("import time: self [us] | cumulative | imported package\n", stderr);
  }
  // As standard error shows it.
  static std::string text(Str* name) {
    std::string out;
    for (i64 i = 0; i < name->length; i++) {
      u32 c = name->at(i);
      char escape[16];
      if (c >= 0xD800 && c < 0xE000) {
        snprintf(escape, sizeof escape, "\\u%04x", c);
        out += escape;
      } else {
        out += toUtf8(substring(name, i, i + 1));
      }
    }
    return out;
  }
  static i64 now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return i64(t.tv_sec) * 1000000000 + t.tv_nsec;
  }
  static inline int level_;
  static inline bool started_;
  static inline i64 inside_;  // of the imports inside the one that runs
  Str* name_;
  i64 begin_ = 0, outside_ = 0;
};

static Result<Ref<Str>> absoluteName(Thread& t, Str* name, Value globals, int level) {
  if (level == 0) return retainObject(name);
  Ref<> calc = TRY(getAttr(t, theInterpreter.importlib, "_calc___package__"));
  Ref<> package = TRY(callWith(t, calc, globals));
  if (!isStr(package)) return t.raise(kTypeError, "__package__ must be a string");
  if (package.as<Str>()->length == 0)
    return t.raise(kImportError, "attempted relative import with no known parent package");
  Ref<> resolve = TRY(getAttr(t, theInterpreter.importlib, "_resolve_name"));
  Ref<> r = TRY(callWith(t, resolve, Value(name), package.get(), Value::smallInt(level)));
  return std::move(r).cast<Str>();
}

Result<Ref<>> importName(Thread& t, Str* name, Value globals, Value locals, Value fromlist,
                         int level) {
  if (level < 0) return t.raise(kValueError, "level must be >= 0");
  if (name->length == 0 && level == 0) return t.raise(kValueError, "Empty module name");
  Ref<Str> full = TRY(absoluteName(t, name, globals, level));
  Ref<> module;
  {
    Result<Ref<>> r = modulesGet(t, full);
    if (t.hasException()) return Error{};
    module = std::move(r).take();
  }
  if (module && !isNone(module)) {
    if (theInterpreter.config.importTime > 1) [[unlikely]]
      ImportTimer::cached(full);
    if (TRY(isInitializing(t, module))) {
      Ref<> wait = TRY(getAttr(t, theInterpreter.importlib, "_lock_unlock_module"));
      (void)TRY(callWith(t, wait, Value(full.get())));
    }
  } else {
    if (!theInterpreter.importlib)
      return t.raise(kImportError, "No module named {!r} (the import system is not set up)", full);
    Ref<> find = TRY(getAttr(t, theInterpreter.importlib, "_find_and_load"));
    Value function = theInterpreter.importFunction
                         ? theInterpreter.importFunction
                         : dictGetStr(theInterpreter.builtinsDict, DX_NAME("__import__"));
    Result<Ref<>> found = Error{};
    {
      ImportTimer timer(full);
      found = callWith(t, find, Value(full.get()), function);
    }
    if (!found) {
      removeImportlibFrames(t);
      return Error{};
    }
    module = std::move(found).take();
  }
  bool hasFrom = fromlist && !isNone(fromlist) && TRY(isTrue(t, fromlist));
  if (hasFrom) {
    Ref<> path;
    if (!TRY(lookupAttr(t, module, DX_NAME("__path__"), &path))) return module;
    Ref<> handle = TRY(getAttr(t, theInterpreter.importlib, "_handle_fromlist"));
    Value function = theInterpreter.importFunction
                         ? theInterpreter.importFunction
                         : dictGetStr(theInterpreter.builtinsDict, DX_NAME("__import__"));
    return callWith(t, handle, module.get(), fromlist, function);
  }
  // `import a.b` gives a.
  i64 dot = findChar(name, '.', 0, name->length);
  if (dot < 0) return module;
  if (level == 0) {
    Ref<Str> front = substring(name, 0, dot);
    return importName(t, front, Value(), Value(), Value(), 0);
  }
  i64 cut = full->length - (name->length - dot);
  Ref<Str> front = substring(full, 0, cut);
  Result<Ref<>> r = modulesGet(t, front);
  if (t.hasException()) return Error{};
  if (!r) return t.raise(kKeyError, "{!r} not in sys.modules as expected", front);
  return r;
}

Result<Ref<>> importStatement(Thread& t, Function* importer, Value locals, Str* name,
                              Value fromlist, int level) {
  Ref<> import = mappingGet(t, importer->builtins, DX_NAME("__import__")).take();
  if (t.hasException()) return Error{};
  if (!import) return t.raise(kImportError, "__import__ not found");
  if (import.get() == theInterpreter.importFunction)
    return importName(t, name, Value(importer->globals), locals, fromlist, level);
  return callWith(t, import.get(), Value(name), Value(importer->globals), locals, fromlist,
                  Value::smallInt(level));
}

// "cannot import name 'x' from 'm' (path)".
DX_COLD static Error cannotImport(Thread& t, Value module, Str* name) {
  Ref<> moduleName, origin;
  Result<bool> named = lookupAttr(t, module, DX_NAME("__name__"), &moduleName);
  t.clearException();
  if (!named || !moduleName || !isStr(moduleName)) moduleName = makeAscii("<unknown module name>");
  Result<bool> filed = lookupAttr(t, module, DX_NAME("__file__"), &origin);
  t.clearException();
  bool hasFile = filed && origin && isStr(origin);
  bool initializing = false;
  if (Result<bool> r = isInitializing(t, module)) initializing = *r;
  t.clearException();
  Ref<Str> text;
  if (initializing)
    text = formatStr(
        "cannot import name {!r} from partially initialized module {!r} (most likely due to a "
        "circular import) ({})",
        Value(name), moduleName, hasFile ? origin.get() : Value(DX_NAME("unknown location")));
  else
    text = formatStr("cannot import name {!r} from {!r} ({})", Value(name), moduleName,
                     hasFile ? origin.get() : Value(DX_NAME("unknown location")));
  (void)raiseImportError(t, kImportError, text, moduleName, hasFile ? origin.get() : none());
  if (t.matches(kImportError))
    setField(reinterpret_cast<ImportErrorObject*>(t.currentException)->nameFrom,
             retain(Value(name)));
  return Error{};
}

Result<Ref<>> importFrom(Thread& t, Value module, Str* name) {
  Ref<> v;
  if (TRY(lookupAttr(t, module, name, &v))) return v;
  // A submodule that is still being imported is not an attribute of its package yet.
  Ref<> package;
  if (TRY(lookupAttr(t, module, DX_NAME("__name__"), &package)) && isStr(package)) {
    Ref<Str> full = formatStr("{}.{}", package, Value(name));
    Result<Ref<>> r = modulesGet(t, full);
    if (t.hasException()) return Error{};
    if (r) return r;
  }
  return cannotImport(t, module, name);
}

Result<void> importStar(Thread& t, Value module, Value ns) {
  Ref<> names;
  bool skipPrivate = false;
  if (!TRY(lookupAttr(t, module, DX_NAME("__all__"), &names))) {
    Ref<> dict;
    if (!TRY(lookupAttr(t, module, DX_NAME("__dict__"), &dict)))
      return t.raise(kImportError, "from-import-* object has no __dict__ and no __all__");
    names = TRY(callMethodWith(t, dict, DX_NAME("keys")));
    names = TRY(listFrom(t, names));
    skipPrivate = true;
  }
  for (i64 i = 0;; i++) {
    Result<Ref<>> item = getItem(t, names, makeInt(i));
    if (!item) {
      if (t.takeIf(kIndexError)) return {};
      return Error{};
    }
    Ref<> name = std::move(item).take();
    if (!isStr(name)) {
      Ref<> moduleName = TRY(getAttr(t, module, DX_NAME("__name__")));
      return t.raise(kTypeError,
                     skipPrivate ? "Key in {}.__dict__ must be str, not {}"
                                 : "Item in {}.__all__ must be str, not {}",
                     moduleName, typeOf(name));
    }
    if (skipPrivate && name.as<Str>()->length > 0 && name.as<Str>()->at(0) == '_') continue;
    Ref<> v = TRY(getAttr(t, module, name.as<Str>()));
    if (isExactDict(ns))
      TRY(dictSet(t, ns.as<Dict>(), name, v));
    else
      TRY(setItem(t, ns, name, v));
  }
}

Result<Ref<>> importModule(Thread& t, const char* name) {
  Ref<Str> text = intern(makeAscii(name));
  Ref<> fromlist = Ref<>(tupleOf(Value(emptyStr())));
  bool dotted = strchr(name, '.') != nullptr;
  if (!dotted) return importName(t, text, Value(), Value(), Value(), 0);
  (void)TRY(importName(t, text, Value(), Value(), Value(), 0));
  Result<Ref<>> r = modulesGet(t, text);
  if (t.hasException()) return Error{};
  if (!r) return t.raise(kImportError, "{} is not in sys.modules", text);
  return r;
}

Result<Ref<>> importAttr(Thread& t, const char* module, const char* name) {
  Ref<> m = TRY(importModule(t, module));
  return getAttr(t, m, name);
}

}  // namespace dx
