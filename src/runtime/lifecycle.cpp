#include "runtime/lifecycle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory/collector.h"
#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/archive.h"
#include "runtime/code.h"
#include "runtime/compile.h"
#include "runtime/gil.h"
#include "runtime/snapshot.h"

namespace dx {

bool readWholeFile(const std::string& path, std::string* out) {
  FILE* f = fopen(path.c_str(), "rb");
  if (!f) return false;
  char buffer[65536];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) out->append(buffer, n);
  bool ok = !ferror(f);
  fclose(f);
  return ok;
}

namespace {

// The moments at which a part of the start was done.
struct Moment {
  const char* part;
  timespec time;
};
std::vector<Moment> moments;
void done(const char* part) {
  moments.push_back({part, {}});
  clock_gettime(CLOCK_MONOTONIC, &moments.back().time);
}

bool isFile(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

// A library file's code, from the archive when it has it.
Result<Ref<Code>> libraryCode(Thread& t, const std::string& path, Str* filename) {
  if (LibraryModule found = findLibrarySource(path); found.entry) {
    Result<Ref<Code>> code = loadFromLibrary(t, found, filename);
    if (code || t.hasException()) return code;
  }
  std::string source;
  if (!readWholeFile(path, &source)) return t.raise(kImportError, "cannot read {}", path);
  return compileSource(t, source, false, filename, {});
}

// Runs a library file as a module that is there before the import system is.
Result<Ref<Module>> runFrozen(Thread& t, const char* name, const std::string& path) {
  Ref<Str> moduleName = intern(makeAscii(name));
  Ref<Module> m = newModule(moduleName);
  dictSetStr(m->dict, "__builtins__", Value(theInterpreter.builtins));
  TRY(dictSet(t, theInterpreter.modules, moduleName, m));
  // "<frozen importlib._bootstrap>", as CPython names it; dxpy's own files by their paths.
  Ref<Str> filename;
  if (path.starts_with(theInterpreter.config.stdlib)) {
    std::string dotted = path.substr(theInterpreter.config.stdlib.size() + 1);
    dotted = dotted.substr(0, dotted.size() - 3);
    for (char& c : dotted)
      if (c == '/') c = '.';
    filename = formatStr("<frozen {}>", dotted);
  } else {
    filename = decodeFs(path);
    dictSetStr(m->dict, "__file__", Value(filename));
  }
  Ref<Code> code = TRY(libraryCode(t, path, filename));
  (void)TRY(evalCode(t, code, m->dict, Value(m->dict)));
  return m;
}

// The modules that the import system itself needs.
Result<void> startNativeModules(Thread& t) {
  theInterpreter.importFunction = dictGetStr(theInterpreter.builtinsDict, DX_NAME("__import__"));
  for (const char* name : {"posix", "_codecs", "_thread", "sys.monitoring"})
    (void)TRY(initNativeModule(t, name));
  return {};
}

// Compiled files end in .dpb; .pyc is accepted where files are without sources. And the library's
// modules come from its archive.
Result<void> setUpCompiledFiles(Thread& t, Module* bootstrap, Module* external, Module* imp) {
  Value suffixes = dictGetStr(external->dict, DX_NAME("BYTECODE_SUFFIXES"));
  if (suffixes && isList(suffixes)) listInsert(suffixes.as<List>(), 0, makeAscii(".dpb"));
  const std::string& own = theInterpreter.config.ownLib;
  if (own.empty()) return {};
  Ref<Module> loader = TRY(runFrozen(t, "_archive_loader", own + "/_archive_loader.py"));
  (void)TRY(
      callMethodWith(t, loader, DX_NAME("install"), Value(bootstrap), Value(external), Value(imp)));
  return {};
}

Result<void> setUpImport(Thread& t) {
  const std::string& lib = theInterpreter.config.stdlib;
  openLibraryArchive();
  Ref<Module> imp = TRY(initNativeModule(t, "_imp"));
  Ref<Module> bootstrap = TRY(runFrozen(t, "_frozen_importlib", lib + "/importlib/_bootstrap.py"));
  theInterpreter.importlib = retain(Value(bootstrap)).release();
  (void)TRY(
      callMethodWith(t, bootstrap, DX_NAME("_install"), Value(theInterpreter.sys), Value(imp)));
  Ref<Module> external =
      TRY(runFrozen(t, "_frozen_importlib_external", lib + "/importlib/_bootstrap_external.py"));
  TRY(setUpCompiledFiles(t, bootstrap, external, imp));
  (void)TRY(callMethod(t, bootstrap, DX_NAME("_install_external_importers"), {}));
  theInterpreter.importFunction = dictGetStr(theInterpreter.builtinsDict, DX_NAME("__import__"));
  // Sets up SIGINT and SIGPIPE, whether or not the program imports signal.
  (void)TRY(importModule(t, "_signal"));
  // Zip files on sys.path.
  Ref<> zipimporter = TRY(importAttr(t, "zipimport", "zipimporter"));
  Value hooks = sysGet("path_hooks");
  if (hooks && isList(hooks)) listInsert(hooks.as<List>(), 0, zipimporter);
  return {};
}

// sys.stdin, stdout, stderr as CPython makes them.
Result<Ref<>> makeStream(Thread& t, int fd, bool write, const char* name, const char* errors) {
  struct stat st;
  if (fstat(fd, &st) != 0) return noneRef();
  const Config& config = theInterpreter.config;
  Ref<> open = TRY(importAttr(t, "_io", "open"));
  bool unbuffered = config.unbufferedStdio && write;
  Ref<Dict> kw = newDict();
  dictSetStr(kw, "buffering", makeInt(unbuffered ? 0 : -1));
  dictSetStr(kw, "closefd", falseValue());
  Ref<> raw =
      TRY(callTupleDict(t, open, tupleOf(makeInt(fd), Value(makeAscii(write ? "wb" : "rb"))), kw));
  Ref<> wrapper = TRY(importAttr(t, "_io", "TextIOWrapper"));
  std::string encoding = "utf-8";
  std::string errorHandler = errors;
  if (const char* env = config.ignoreEnvironment ? nullptr : getenv("PYTHONIOENCODING")) {
    std::string text = env;
    size_t colon = text.find(':');
    if (colon != 0 && !text.substr(0, colon).empty()) encoding = text.substr(0, colon);
    if (colon != std::string::npos && fd != 2) errorHandler = text.substr(colon + 1);
  }
  Ref<Dict> options = newDict();
  dictSetStr(options, "encoding", makeStr(encoding));
  dictSetStr(options, "errors", makeStr(errorHandler));
  dictSetStr(options, "newline", write ? Value(makeAscii("\n").release()) : none());
  bool tty = isatty(fd);
  dictSetStr(options, "line_buffering", boolean(tty || fd == 2));
  dictSetStr(options, "write_through", boolean(unbuffered));
  Ref<Str> label = makeAscii(name);
  if (!unbuffered) {
    Ref<> file = TRY(getAttr(t, raw, "raw"));
    TRY(setAttr(t, file, "name", label));
  } else {
    TRY(setAttr(t, raw, "name", label));
  }
  Ref<> stream = TRY(callTupleDict(t, wrapper, tupleOf(raw.get()), options));
  TRY(setAttr(t, stream, "mode", makeAscii(write ? "w" : "r")));
  return stream;
}

Result<void> setUpStreams(Thread& t) {
  struct {
    int fd;
    bool write;
    const char *name, *attr, *dunder, *errors;
  } streams[] = {
      {0, false, "<stdin>", "stdin", "__stdin__", "strict"},
      {1, true, "<stdout>", "stdout", "__stdout__", "strict"},
      {2, true, "<stderr>", "stderr", "__stderr__", "backslashreplace"},
  };
  // The C and POSIX locales get surrogateescape, as PEP 540 says.
  const char* locale = getenv("LC_ALL");
  if (!locale || !*locale) locale = getenv("LC_CTYPE");
  if (!locale || !*locale) locale = getenv("LANG");
  bool posix = !locale || !*locale || !strcmp(locale, "C") || !strcmp(locale, "POSIX");
  for (auto& s : streams) {
    const char* errors = posix && s.fd != 2 ? "surrogateescape" : s.errors;
    Ref<> stream = TRY(makeStream(t, s.fd, s.write, s.name, errors));
    dictSetStr(theInterpreter.sysDict, s.dunder, stream);
    dictSetStr(theInterpreter.sysDict, s.attr, stream);
  }
  return {};
}

// -X faulthandler, PYTHONFAULTHANDLER, -X dev.
Result<void> startFaultHandler(Thread& t) {
  const Config& config = theInterpreter.config;
  const char* variable = config.ignoreEnvironment ? nullptr : getenv("PYTHONFAULTHANDLER");
  bool wanted = config.devMode || (variable && *variable);
  for (const std::string& option : config.xOptions) wanted |= option == "faulthandler";
  if (!wanted) return {};
  Ref<> enable = TRY(importAttr(t, "faulthandler", "enable"));
  if (!call(t, enable, Args())) t.clearException();  // no usable stderr
  return {};
}

// What all starts have in common; a snapshot keeps what it leaves behind.
Result<void> startCommon(Thread& t) {
  Interpreter& interp = theInterpreter;
  interp.modules = newDict().release();
  TRY(initExceptions(t));
  const NativeModule* builtins = findNativeModule("builtins");
  const NativeModule* sys = findNativeModule("sys");
  if (!builtins || !sys) return t.raise(kImportError, "native modules are missing");
  interp.builtins = newModule(DX_NAME("builtins")).release();
  interp.builtinsDict = retainObject(interp.builtins->dict).release();
  TRY(fillNativeModule(t, *interp.builtins, *builtins));
  interp.sys = newModule(DX_NAME("sys")).release();
  interp.sysDict = retainObject(interp.sys->dict).release();
  TRY(dictSet(t, interp.modules, DX_NAME("builtins"), Value(interp.builtins)));
  TRY(dictSet(t, interp.modules, DX_NAME("sys"), Value(interp.sys)));
  dictSetStr(interp.sysDict, "modules", Value(interp.modules));
  TRY(fillNativeModule(t, *interp.sys, *sys));
  installDecodeHook();
  TRY(startNativeModules(t));
  done("exceptions, builtins, sys");
  TRY(setUpImport(t));
  (void)TRY(importModule(t, "encodings"));
  done("import system");
  (void)TRY(importModule(t, "io"));
  Ref<> open = TRY(importAttr(t, "_io", "open"));
  dictSetStr(interp.builtinsDict, "open", open);
  // __main__ exists from now on.
  Ref<Module> main = newModule(DX_NAME("__main__"));
  dictSetStr(main->dict, "__builtins__", Value(interp.builtins));
  TRY(dictSet(t, interp.modules, DX_NAME("__main__"), main));
  return {};
}

// What the snapshot holds of the process that made it is made anew.
Result<void> adaptToProcess(Thread& t) {
  TRY(setProcessData(t, *theInterpreter.sys));
  TRY(renewEnvironment(t));
  TRY(renewSignals(t));
  renewTimeZone();
  if (Value site = dictGetStr(theInterpreter.modules, DX_NAME("site"))) {
    Ref<Str> prefix = decodeFs(theInterpreter.config.prefix);
    dictSetStr(site.as<Module>()->dict, "PREFIXES",
               makeList(std::initializer_list<Value>{Value(prefix), Value(prefix)}));
  }
  return {};
}

// The rest: what depends on the process, its options and its environment.
Result<void> startProcess(Thread& t) {
  Interpreter& interp = theInterpreter;
  TRY(setUpStreams(t));
  interp.originalBuiltins = dictCopy(interp.builtinsDict).release();
  done("standard streams");
  TRY(startFaultHandler(t));
  if (!interp.config.warnOptions.empty() && !importModule(t, "warnings")) t.clearException();
  if (interp.config.noSite == 0) {
    // A snapshot has the module, but what it does to sys.path is the process's.
    bool there = bool(dictGetStr(interp.modules, DX_NAME("site")));
    Ref<> site = TRY(importModule(t, "site"));
    if (there) (void)TRY(callMethod(t, site, DX_NAME("main"), {}));
  }
  done("site");
  return {};
}

// In a new state of the runtime.
Result<void> startWithout(Thread& t) {
  acquireGil(t);
  readyStaticTypes();
  done("types");
  return startCommon(t);
}

}  // namespace

// A folder's path without links; empty when there is none. (The system knows it; realpath() looks
// at each of its parts.)
static std::string realFolder(const std::string& path) {
  int fd = open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return {};
  char link[32], real[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, real, sizeof real);
  close(fd);
  if (n > 0 && n < ssize_t(sizeof real)) return std::string(real, size_t(n));
  char* slow = realpath(path.c_str(), nullptr);  // without /proc
  std::string found = slow ? slow : "";
  free(slow);
  return found;
}

std::string findStandardLibrary(const std::string& executable, const std::string& home) {
  const std::string mark = "/os.py", name = "/lib/python3.14";
  for (const std::string& base : {home}) {
    if (!base.empty() && isFile(base + name + mark)) return base + name;
  }
  std::string folder = executable.substr(0, executable.rfind('/'));
  for (const char* up : {"/../stdlib", "/..", "/../.."}) {
    std::string lib = folder + up + name;
    if (isFile(lib + mark)) {
      std::string real = realFolder(lib);
      return real.empty() ? lib : real;
    }
  }
  return {};
}

std::string findOwnLibrary(const std::string& executable) {
  std::string folder = executable.substr(0, executable.rfind('/'));
  for (const char* up : {"/../../lib", "/../lib/dxpy"}) {
    std::string lib = realFolder(folder + up);
    if (!lib.empty() && isFile(lib + "/README.md")) return lib;
  }
  return {};
}

void reportStart(FILE* out) {
  auto micros = [](const timespec& t) { return i64(t.tv_sec) * 1000000 + t.tv_nsec / 1000; };
  // What came before: the processor time of the process up to now, without what is listed.
  timespec cpu;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  i64 listed = micros(moments.back().time) - micros(moments.front().time);
  fprintf(out, "start: [us] | part\n");
  fprintf(out, "start: %6lld | program load, options (processor time)\n",
          (long long)std::max<i64>(0, micros(cpu) - listed));
  for (size_t i = 1; i < moments.size(); i++)
    fprintf(out, "start: %6lld | %s\n",
            (long long)(micros(moments[i].time) - micros(moments[i - 1].time)), moments[i].part);
  fprintf(out, "start: %6lld | sum of the parts\n", (long long)listed);
}

Thread* startInterpreter(const Config& config) {
  done("process");
  Moment begin = moments.front();
  std::string snapshot = snapshotFor(config);
  Thread* t = snapshot.empty() ? nullptr : restoreSnapshot(snapshot, config);
  // Nothing of what is made now is garbage, so nobody looks for it.
  int threshold = std::exchange(gcState().thresholds[0], 0);
  bool started;
  if (t) {
    moments = {begin};
    started = bool(adaptToProcess(*t));
    done("snapshot");
  } else {
    theInterpreter.config = config;
    t = newThread(&theInterpreter);
    theInterpreter.mainThread = t;
    started = bool(startWithout(*t));
  }
  started = started && startProcess(*t);
  if (gcState().thresholds[0] == 0) gcState().thresholds[0] = threshold;
  if (started) {
    programBegins();
    return t;
  }
  fputs("Fatal Python error: failed to start the interpreter\n", stderr);
  if (t->hasException()) printPendingException(*t);
  return nullptr;
}

// What starts would find out one after the other: that the instructions of functions are in order,
// and what is in the library's folders. And the module that `-c` needs, which is not imported yet.
static Result<void> prepareStarts(Thread& t) {
  forEachTracked(
      -1,
      [](Object* o, void*) {
        if (o->type == &PyFunction_Type) (void)isSound(static_cast<Function*>(o)->code->data);
      },
      nullptr);
  Value finders = sysGet("path_importer_cache");
  i64 position = 0;
  Value path, finder;
  while (dictNext(finders.as<Dict>(), &position, &path, &finder))
    if (!isNone(finder))
      (void)TRY(callMethodWith(t, finder, DX_NAME("find_spec"), Value(makeAscii("no module"))));
  Ref<> lineCache = TRY(importModule(t, "linecache"));
  theInterpreter.lineCache = lineCache.release().as<Module>();
  dictDeleteStr(theInterpreter.modules, DX_NAME("linecache"));
  ageTracked();
  return {};
}

std::string makeSnapshot(const Config& config, const std::string& path) {
  if (!beginSnapshot()) return "this build cannot make snapshots";
  theInterpreter.config = config;
  theInterpreter.config.noSite = 1;  // importing `site` must not do its work yet
  Thread* t = newThread(&theInterpreter);
  theInterpreter.mainThread = t;
  int threshold = std::exchange(gcState().thresholds[0], 0);
  bool started =
      startWithout(*t) && (config.noSite || importModule(*t, "site")) && prepareStarts(*t);
  gcState().thresholds[0] = threshold;
  if (!started) {
    if (t->hasException()) printPendingException(*t);
    return "the start failed";
  }
  moments = {};
  return writeSnapshot(*t, path);
}

}  // namespace dx
