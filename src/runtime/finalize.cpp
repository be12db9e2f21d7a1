// The end of the interpreter: exit functions, then the modules give up what they hold, in
// CPython's order, so that finalizers of global objects run while what they use is still there.
#include "memory/collector.h"
#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/gil.h"
#include "runtime/lifecycle.h"
#include "runtime/str_units.h"

namespace dx {

namespace {

void callIfImported(Thread& t, const char* module, const char* function) {
  Ref<> m = retain(dictGetStr(theInterpreter.modules, internImmortal(module)));
  if (!m) return;
  Result<Ref<>> r = callMethod(t, m, internImmortal(function), {});
  if (!r) printPendingException(t);
}

// Flushes sys.stdout and sys.stderr; false when stdout failed.
bool flushStreams(Thread& t) {
  bool ok = true;
  for (const char* name : {"stdout", "stderr"}) {
    Value stream = sysGet(name);
    if (!stream || isNone(stream)) continue;
    Ref<> held = retain(stream);
    Ref<> closed;
    Result<bool> has = lookupAttr(t, held, "closed", &closed);
    if (has && *has) {
      Result<bool> isClosed = isTrue(t, closed);
      if (isClosed && *isClosed) continue;
    }
    t.clearException();
    Result<Ref<>> r = callMethod(t, held, DX_NAME("flush"), {});
    if (r) continue;
    if (!strcmp(name, "stdout")) {
      writeUnraisable(t, nullptr, held);
      ok = false;
    } else {
      t.clearException();
    }
  }
  return ok;
}

// What users often leave in sys and builtins and what keeps frames or streams alive.
void resetSpecialNames() {
  for (const char* name : {"path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value",
                           "last_traceback", "path_importer_cache", "path_hooks", "meta_path"})
    if (sysGet(name)) dictSetStr(theInterpreter.sysDict, name, none());
  struct {
    const char *name, *original;
  } streams[] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
  for (auto& s : streams) {
    Value original = sysGet(s.original);
    dictSetStr(theInterpreter.sysDict, s.name, original ? original : none());
  }
  dictSetStr(theInterpreter.builtinsDict, "_", none());
}

Dict* namespaceOf(Value module) {
  return module && isInstanceOf(module, &PyModule_Type) ? module.as<Module>()->dict : nullptr;
}

bool modulesHoldWatched() {
  std::vector<Object*> namespaces;
  i64 position = 0;
  Value name, value;
  while (dictNext(theInterpreter.modules, &position, &name, &value))
    if (Dict* d = namespaceOf(value)) namespaces.push_back(d);
  return watchedAreHeld(namespaces);
}

// How many modules there were when the program began.
size_t startModules;

// The modules' names with weak references to them, in the order of their import. Of those that were
// there when the program began, the namespace too: when collections do not examine it, it has to be
// cleared even when the module itself is dead.
struct ModuleRef {
  Ref<> name;
  Ref<WeakRef> module;
  Ref<Dict> names;
};

std::vector<ModuleRef> releaseModules(Thread& t) {
  std::vector<ModuleRef> modules;
  Dict* d = theInterpreter.modules;
  i64 position = 0;
  Value name, value;
  std::vector<Ref<>> names;
  while (dictNext(d, &position, &name, &value)) {
    names.push_back(retain(name));
    if (!value.isObject() || !isInstanceOf(value, &PyModule_Type)) continue;
    Ref<WeakRef> w = make<WeakRef>(&_PyWeakref_RefType);
    w->hash = -1;
    linkWeakref(w, value.object());
    gcTrack(w);
    modules.push_back({retain(name), std::move(w), {}});
    bool program = isStr(name) && equalAscii(name.as<Str>(), "__main__");
    if (onlyStartIsOld() && names.size() <= startModules && !program)
      modules.back().names = retainObject(value.as<Module>()->dict);
  }
  for (const Ref<>& n : names)
    if (!dictSet(t, d, n, none())) t.clearException();
  return modules;
}

// "_name", but not "__name".
bool isPrivate(const Str* name) {
  return withUnits(name,
                   [](auto u) { return u.n > 0 && u[0] == '_' && (u.n == 1 || u[1] != '_'); });
}

// Sets the names to None: private ones first, `__builtins__` never, as finalizers may need it.
void clearModuleDict(Thread& t, Dict* d) {
  for (bool privateNames : {true, false}) {
    std::vector<Ref<>> names;
    i64 position = 0;
    Value name, value;
    while (dictNext(d, &position, &name, &value))
      if (isStr(name) && !isNone(value) && isPrivate(name.as<Str>()) == privateNames &&
          !equalAscii(name.as<Str>(), "__builtins__"))
        names.push_back(retain(name));
    for (const Ref<>& n : names)
      if (!dictSet(t, d, n, none())) t.clearException();
  }
}

// Finalizers get the built-ins as they were; what the program put there dies here.
void restoreBuiltins(Thread& t) {
  Dict* builtins = theInterpreter.builtinsDict;
  Dict* original = theInterpreter.originalBuiltins;
  if (!dictMerge(t, builtins, Value(original))) t.clearException();
  std::vector<Ref<>> added;
  i64 position = 0;
  Value name, value;
  while (dictNext(builtins, &position, &name, &value))
    if (isStr(name) && !dictGetStr(original, name.as<Str>())) added.push_back(retain(name));
  for (const Ref<>& n : added) dictDeleteStr(builtins, n.as<Str>());
}

void finalizeModules(Thread& t, EndNotice notice) {
  gcState().phaseHook = nullptr;  // what gc.callbacks need goes now
  bool weakly = notice == EndNotice::WeakReferences;
  Ref<Dict> program;
  Dict* main = namespaceOf(dictGetStr(theInterpreter.modules, DX_NAME("__main__")));
  if (weakly && main) program = retainObject(main);
  resetSpecialNames();
  std::vector<ModuleRef> modules = releaseModules(t);
  dictClear(theInterpreter.modules);
  restoreBuiltins(t);
  bool kept = program && program->refcount > 1;
  bool unnoticed = weakly && !(kept && isKeptWithWatchers(program));
  program = Ref<Dict>();
  if (unnoticed) {
    finalizeStart();
    return;
  }
  collectAtEnd();
  // Those that something else than sys.modules keeps alive, newest first.
  for (auto m = modules.rbegin(); m != modules.rend(); ++m) {
    Object* o = m->module->referent;
    if ((!o || o->refcount == 0) && m->names && m->names->refcount > 1)
      clearModuleDict(t, m->names);
    m->names = Ref<Dict>();
    if (!o || o->refcount == 0 || o == theInterpreter.sys || o == theInterpreter.builtins) continue;
    Ref<> held = Ref<>::retain(o);
    if (Dict* d = held.as<Module>()->dict) clearModuleDict(t, retainObject(d));
  }
  modules.clear();
  collectAtEnd();
  clearModuleDict(t, theInterpreter.sysDict);
  clearModuleDict(t, theInterpreter.builtinsDict);
}

}  // namespace

void programBegins() {
  startModules = size_t(theInterpreter.modules->used);
  ageTracked();
  // The program's own module is young.
  Value main = dictGetStr(theInterpreter.modules, DX_NAME("__main__"));
  if (!main || !isInstanceOf(main, &PyModule_Type)) return;
  for (Object* o :
       {static_cast<Object*>(main.as<Module>()), static_cast<Object*>(main.as<Module>()->dict)}) {
    gcUntrack(o);
    gcTrack(o);
  }
}

int endInterpreter(Thread& t, int status) {
  callIfImported(t, "threading", "_shutdown");
  callIfImported(t, "atexit", "_run_exitfuncs");
  if (!flushStreams(t)) status = 120;
  theInterpreter.finalizing = true;  // from now on other threads stop where they want the lock
  EndNotice notice = whoNoticesTheEnd();
  if (notice == EndNotice::Nobody) {
    finalizeStart();
    return status;
  }
  if (notice == EndNotice::WeakReferences && !modulesHoldWatched()) notice = EndNotice::Finalizers;
  if (notice == EndNotice::Finalizers && gcState().enabled) collectAtEnd();
  finalizeModules(t, notice);
  checkLeaks();
  return status;
}

}  // namespace dx
