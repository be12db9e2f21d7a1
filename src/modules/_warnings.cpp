// Module _warnings: whether a warning is shown, ignored or raised. The filters are a list that
// `warnings` shares and a context may replace (sys.flags.context_aware_warnings).
#include <fstream>

#include "modules/_warnings.gen.h"
#include "modules/contextvars_objects.h"
#include "runtime/frame.h"
#include "runtime/traceback_print.h"

namespace dx {

namespace {

struct State {
  Value filters, onceRegistry, defaultAction, context, lock;
  i64 version = 1;
};
State& state() {
  static State s;
  return s;
}

// What the library's `warnings` calls `name`, or empty. `import`: load that module if it is not
// there.
Result<Ref<>> warningsAttr(Thread& t, const char* name, bool import, bool* missing) {
  *missing = true;
  Ref<> module;
  if (import) {
    Result<Ref<>> r = importModule(t, "warnings");
    if (!r) {
      if (!t.takeIf(kImportError)) return Error{};
      return Ref<>();
    }
    module = std::move(r).take();
  } else {
    module = retain(TRY(dictGet(t, theInterpreter.modules, DX_NAME("warnings"))));
    if (!module) return Ref<>();
  }
  Ref<> value;
  if (TRY(lookupAttr(t, module, name, &value))) *missing = false;
  return value;
}
#define WARNINGS_ATTR(out, name, import)                           \
  Ref<> out;                                                       \
  {                                                                \
    bool missing;                                                  \
    Result<Ref<>> found = warningsAttr(t, name, import, &missing); \
    if (!found && !missing) return Error{};                        \
    if (t.hasException()) return Error{};                          \
    if (!missing) out = std::move(found).take();                   \
  }

Result<Type*> categoryOf(Thread& t, Value message, Value category) {
  if (isInstanceOf(message, kWarning)) return typeOf(message);
  if (!category || isNone(category)) return kUserWarning;
  if (!isType(category) || !isSubtype(category.as<Type>(), kWarning))
    return t.raise(kTypeError, "category must be a Warning subclass, not '{}'", typeOf(category));
  return category.as<Type>();
}

// ---- filters ----

Result<bool> matches(Thread& t, Value pattern, Value text) {
  if (isNone(pattern)) return true;
  if (isExactStr(pattern)) return isStr(text) && equalStr(pattern.as<Str>(), text.as<Str>());
  Ref<> r = TRY(callMethodWith(t, pattern, DX_NAME("match"), text));
  return isTrue(t, r);
}

struct Event {
  Type* category;
  Value text, module;
  i64 line;
};

// The first filter of `filters` that applies: its action; empty: none does.
Result<Ref<>> search(Thread& t, const Event& e, Value filters, const char* name, Ref<>* item) {
  auto* list = filters.as<List>();
  for (i64 i = 0; i < list->size; i++) {
    Ref<> f = retain(list->items[i]);
    if (!isTuple(f) || f.as<Tuple>()->size != 5)
      return t.raise(kValueError, "warnings.{} item {} isn't a 5-tuple", name, i);
    Value* part = f.as<Tuple>()->items;
    if (!isStr(part[0]))
      return t.raise(kTypeError, "action must be a string, not '{}'", typeOf(part[0]));
    if (!TRY(matches(t, part[1], e.text))) continue;
    if (!TRY(matches(t, part[3], e.module))) continue;
    if (!TRY(isSubclass(t, Value(e.category), part[2]))) continue;
    i64 line = TRY(indexI64(t, part[4], kOverflowError));
    if (line != 0 && line != e.line) continue;
    Ref<> action = retain(part[0]);
    *item = std::move(f);
    return action;
  }
  return Ref<>();
}

Result<Ref<>> actionFor(Thread& t, const Event& e, Ref<>* item) {
  Value context = contextVarValue(t, state().context.as<ContextVar>());
  if (context && !isNone(context)) {
    Ref<> held = retain(context);
    Ref<> filters = TRY(getAttr(t, held, "_filters"));
    if (!isList(filters))
      return t.raise(kValueError, "_filters of warnings._warnings_context must be a list");
    Result<Ref<>> action = search(t, e, filters, "_warnings_context.filters", item);
    if (action || t.hasException()) return action;
  } else {
    WARNINGS_ATTR(filters, "filters", false);
    if (filters) setField(state().filters, std::move(filters));
    if (!isList(state().filters)) return t.raise(kValueError, "_warnings.filters must be a list");
    Ref<> held = retain(state().filters);
    Result<Ref<>> action = search(t, e, held, "filters", item);
    if (action || t.hasException()) return action;
  }
  WARNINGS_ATTR(action, "defaultaction", false);
  if (action) {
    if (!isStr(action))
      return t.raise(kTypeError, "_warnings.defaultaction must be a string, not '{}'",
                     typeOf(action));
    setField(state().defaultAction, std::move(action));
  }
  *item = noneRef();
  return retain(state().defaultAction);
}

// ---- registries ----

// Is `key` in the registry? A registry of older filters is emptied.
Result<bool> alreadyWarned(Thread& t, Dict* registry, Value key, bool set) {
  Value version = TRY(dictGet(t, registry, DX_NAME("version")));
  i64 n = 0;
  if (!version || !isExactInt(version) || !intToI64(version, &n) || n != state().version) {
    dictClear(registry);
    TRY(dictSet(t, registry, DX_NAME("version"), makeInt(state().version)));
  } else if (Value v = TRY(dictGet(t, registry, key))) {
    Ref<> held = retain(v);
    if (TRY(isTrue(t, held))) return true;
  }
  if (set) TRY(dictSet(t, registry, key, trueValue()));
  return false;
}

Result<Ref<>> onceRegistry(Thread& t) {
  WARNINGS_ATTR(registry, "onceregistry", false);
  if (!registry) return retain(state().onceRegistry);
  if (!isDict(registry))
    return t.raise(kTypeError, "_warnings.onceregistry must be a dict, not '{}'", typeOf(registry));
  setField(state().onceRegistry, retain(registry));
  return registry;
}

// ---- showing ----

// Raises what is wrong with the module's __loader__ and __spec__.
Result<Ref<>> blessedLoader(Thread& t, Dict* globals) {
  Ref<> external = TRY(getAttr(t, theInterpreter.importlib, "_bootstrap_external"));
  return callMethodWith(t, external, DX_NAME("_bless_my_loader"), Value(globals));
}

// The line as the module's loader gives it, or empty.
Ref<> sourceLineOf(Thread& t, Dict* globals, i64 line) {
  auto find = [&]() -> Result<Ref<>> {
    Ref<> loader = TRY(blessedLoader(t, globals));
    Value name = TRY(dictGet(t, globals, DX_NAME("__name__")));
    if (!name) return noneRef();
    Ref<> heldName = retain(name), getSource;
    if (!TRY(lookupAttr(t, loader, "get_source", &getSource))) return noneRef();
    Ref<> source = TRY(callWith(t, getSource, heldName));
    if (isNone(source)) return source;
    Ref<> lines = TRY(callMethod(t, source, DX_NAME("splitlines"), {}));
    return getItem(t, lines, makeInt(line - 1));
  };
  Result<Ref<>> r = find();
  if (!r) t.clearException();
  return r && isStr(r.peek()) ? std::move(r).take() : Ref<>();
}

// Lets the library's `linecache` find the lines of a module without a file.
void primeLineCache(Thread& t, Str* filename, Dict* globals) {
  Result<Ref<>> function = importAttr(t, "linecache", "lazycache");
  if (!function || !callWith(t, function.peek(), Value(filename), Value(globals)))
    t.clearException();
}

std::string lineOfFile(const std::string& file, i64 line) {
  std::ifstream in(file);
  std::string text;
  for (i64 i = 0; i < line; i++)
    if (!std::getline(in, text)) return {};
  return text;
}

// As the library shows it, before the library is there.
void showPlainly(Thread& t, Type* category, Value text, Str* filename, i64 line, Dict* globals) {
  Result<Ref<Str>> message = str(t, text);
  if (!message) return t.clearException();
  std::string name = std::string(typeName(category));
  name = name.substr(name.rfind('.') + 1);
  std::string out = toUtf8(filename) + ":" + std::to_string(line) + ": " + name + ": " +
                    toUtf8(message.peek()) + "\n";
  Ref<> given = globals ? sourceLineOf(t, globals, line) : Ref<>();
  std::string source = given ? toUtf8(given.as<Str>()) : lineOfFile(toUtf8(filename), line);
  size_t start = source.find_first_not_of(" \t\f");
  if (start != std::string::npos) {
    size_t end = source.find_last_not_of(" \t\f\r\n");
    out += "  " + source.substr(start, end == std::string::npos ? 0 : end + 1 - start) + "\n";
  }
  Value stream = sysGet("stderr");
  if (stream && !isNone(stream)) writeStderr(t, out);
}

Result<void> show(Thread& t, Type* category, Value text, Value message, Str* filename, i64 line,
                  Dict* globals, Value source) {
  // The library can say where `source` was allocated.
  WARNINGS_ATTR(function, "_showwarnmsg", source && !isNone(source));
  if (!function) {
    showPlainly(t, category, text, filename, line, globals);
    return {};
  }
  if (globals) primeLineCache(t, filename, globals);
  if (!isCallable(function))
    return t.raise(kTypeError, "warnings._showwarnmsg() must be set to a callable");
  WARNINGS_ATTR(cls, "WarningMessage", false);
  if (!cls) return t.raise(kRuntimeError, "unable to get warnings.WarningMessage");
  Value args[] = {message, Value(category), Value(filename),         makeInt(line).get(),
                  none(),  none(),          source ? source : none()};
  Ref<> info = TRY(call(t, cls, Args(args, 7)));
  (void)TRY(callWith(t, function, info));
  return {};
}

// ---- warning ----

Ref<Str> moduleOfFile(Str* filename) {
  if (filename->length == 0) return makeAscii("<unknown>");
  i64 n = filename->length;
  if (n >= 3 && filename->at(n - 3) == '.' && filename->at(n - 2) == 'p' &&
      filename->at(n - 1) == 'y')
    return substring(filename, 0, n - 3);
  return retainObject(filename);
}

class Lock {
 public:
  explicit Lock(Thread& t) : t_(t) {}
  Result<void> take() {
    (void)TRY(callMethod(t_, state().lock, DX_NAME("acquire"), {}));
    held_ = true;
    return {};
  }
  ~Lock() { give(); }
  void give() {
    if (!std::exchange(held_, false)) return;
    ExceptionSaver saver(t_);
    if (!callMethod(t_, state().lock, DX_NAME("release"), {})) t_.clearException();
  }

 private:
  Thread& t_;
  bool held_ = false;
};

Result<void> warnAt(Thread& t, Type* category, Value message, Str* filename, i64 line, Value module,
                    Value registry, Dict* globals, Value source) {
  if (module && isNone(module)) return {};  // during shutdown
  if (registry && isNone(registry)) registry = Value();
  if (registry && !isDict(registry))
    return t.raise(kTypeError, "'registry' must be a dict or None");
  Ref<> heldRegistry = retain(registry);
  Ref<> moduleName = module ? retain(module) : Ref<>(moduleOfFile(filename));
  Ref<> text, instance;
  Ref<Type> heldCategory = retainObject(category);
  if (isInstanceOf(message, kWarning)) {
    text = TRY(str(t, message));
    instance = retain(message);
    category = typeOf(message);
  } else {
    text = retain(message);
    instance = TRY(callWith(t, Value(category), message));
  }
  Lock lock(t);
  TRY(lock.take());
  Ref<> lineNumber = makeInt(line);
  Ref<Tuple> key = tupleOf(text, Value(category), lineNumber);
  if (registry && TRY(alreadyWarned(t, registry.as<Dict>(), key, false))) return {};
  Ref<> item;
  Ref<> action = TRY(actionFor(t, {category, text, moduleName, line}, &item));
  auto is = [&](const char* name) { return equalAscii(action.as<Str>(), name); };
  if (is("error")) return t.raiseException(std::move(instance));
  if (is("ignore")) return {};
  bool known = false;
  if (!is("always") && !is("all")) {
    if (registry) TRY(dictSet(t, registry.as<Dict>(), key, trueValue()));
    if (is("once")) {
      Ref<> once = registry ? retain(registry) : TRY(onceRegistry(t));
      known = TRY(alreadyWarned(t, once.as<Dict>(), tupleOf(text, Value(category)), true));
    } else if (is("module")) {
      if (registry)
        known = TRY(alreadyWarned(t, registry.as<Dict>(),
                                  tupleOf(text, Value(category), Value::smallInt(0)), true));
    } else if (!is("default")) {
      return t.raise(kRuntimeError, "Unrecognized action ({!r}) in warnings.filters:\n {!r}",
                     action, item);
    }
  }
  lock.give();
  if (known) return {};
  return show(t, category, text, instance, filename, line, globals, source);
}

// ---- whose code warns ----

bool hasText(const Str* s, const char* text) { return toUtf8(s).find(text) != std::string::npos; }
bool isInternal(const Value* fp) {
  Str* file = frameCode(fp)->filename;
  return hasText(file, "importlib") && hasText(file, "_bootstrap");
}
Result<bool> isSkipped(Thread& t, const Value* fp, Tuple* prefixes) {
  if (!prefixes || prefixes->size == 0) return false;
  Str* file = frameCode(fp)->filename;
  for (Value prefix : valuesOf(prefixes)) {
    if (!isStr(prefix))
      return t.raise(kTypeError, "Found non-str '{}' in skip_file_prefixes.", typeOf(prefix));
    auto* p = prefix.as<Str>();
    if (p->length <= file->length && findStr(file, p, 0, p->length) == 0) return true;
  }
  return false;
}

struct Place {
  Ref<Str> filename;
  i64 line = 0;
  Ref<> module;  // empty: from the file's name
  Ref<> registry;
};

Result<Place> placeOf(Thread& t, i64 level, Tuple* skipPrefixes) {
  Value* fp = t.fp;
  if (level <= 0 || (fp && isInternal(fp))) {
    while (--level > 0 && fp) fp = framePrevious(fp);
  } else {
    while (--level > 0 && fp) {
      do {
        fp = framePrevious(fp);
      } while (fp && (isInternal(fp) || TRY(isSkipped(t, fp, skipPrefixes))));
    }
  }
  Place p;
  Ref<Dict> globals;
  if (!fp) {
    globals = retainObject(theInterpreter.sysDict);
    p.filename = makeAscii("<sys>");
  } else {
    globals = retainObject(frameFunction(fp)->globals);
    p.filename = retainObject(frameCode(fp)->filename);
    p.line = std::max(frameLine(t, frameObject(t, fp)), 0);
  }
  p.registry = retain(TRY(dictGet(t, globals, DX_NAME("__warningregistry__"))));
  if (!p.registry) {
    p.registry = newDict();
    TRY(dictSet(t, globals, DX_NAME("__warningregistry__"), p.registry));
  }
  p.module = retain(TRY(dictGet(t, globals, DX_NAME("__name__"))));
  if (!p.module || !(isNone(p.module) || isStr(p.module))) p.module = makeAscii("<string>");
  return p;
}

}  // namespace

Result<Ref<>> _warnings_warn(Thread& t, Value message, Value category, i64 level, Value source,
                             Tuple* skipPrefixes) {
  Type* cls = TRY(categoryOf(t, message, category));
  if (skipPrefixes && skipPrefixes->size > 0 && level < 2) level = 2;
  Place p = TRY(placeOf(t, level, skipPrefixes));
  TRY(warnAt(t, cls, message, p.filename, p.line, p.module, p.registry, nullptr, source));
  return noneRef();
}

Result<Ref<>> _warnings_warn_explicit(Thread& t, Value message, Value category, Str& filename,
                                      i32 line, Value module, Value registry, Value globals,
                                      Value source) {
  Type* cls = TRY(categoryOf(t, message, category));
  Dict* moduleGlobals = nullptr;
  if (globals && !isNone(globals)) {
    if (!isDict(globals))
      return t.raise(kTypeError, "module_globals must be a dict, not '{}'", typeOf(globals));
    (void)TRY(blessedLoader(t, globals.as<Dict>()));
    moduleGlobals = globals.as<Dict>();
  }
  TRY(warnAt(t, cls, message, &filename, line, module, registry, moduleGlobals, source));
  return noneRef();
}

Result<void> _warnings__filters_mutated_lock_held(Thread&) {
  state().version++;
  return {};
}
Result<Ref<>> _warnings__acquire_lock(Thread& t) {
  (void)TRY(callMethod(t, state().lock, DX_NAME("acquire"), {}));
  return noneRef();
}
Result<Ref<>> _warnings__release_lock(Thread& t) {
  return callMethod(t, state().lock, DX_NAME("release"), {});
}

Result<void> _warnings_exec(Thread& t, Module& m) {
  State& s = state();
  if (!s.filters) {
    struct {
      const char* action;
      Type* category;
      const char* module;
    } defaults[] = {{"default", kDeprecationWarning, "__main__"},
                    {"ignore", kDeprecationWarning, nullptr},
                    {"ignore", kPendingDeprecationWarning, nullptr},
                    {"ignore", kImportWarning, nullptr},
                    {"ignore", kResourceWarning, nullptr}};
    Ref<List> filters = newList();
    if (!theInterpreter.config.devMode)
      for (auto& d : defaults)
        listAppend(filters,
                   Ref<>(tupleOf(Value(internImmortal(d.action)), none(), Value(d.category),
                                 d.module ? Value(internImmortal(d.module)) : none(),
                                 Value::smallInt(0))));
    s.filters = Value(filters.release());
    s.onceRegistry = Value(newDict().release());
    s.defaultAction = Value(DX_NAME("default"));
    s.context = makeContextVar("_warnings_context").release();
    Ref<> lock = TRY(importAttr(t, "_thread", "RLock"));
    s.lock = TRY(call(t, lock, Args())).release();
  }
  moduleSet(m, "filters", s.filters);
  moduleSet(m, "_onceregistry", s.onceRegistry);
  moduleSet(m, "_defaultaction", s.defaultAction);
  moduleSet(m, "_warnings_context", s.context);
  return {};
}

}  // namespace dx
