// Native modules and the interpreter's global state.
#pragma once
#include "runtime/containers.h"
#include "runtime/errors.h"
#include "runtime/int.h"
#include "runtime/native.h"
#include "runtime/str.h"

namespace dx {

// What the command line decided (sys.flags and friends).
struct Config {
  int optimize = 0, verbose = 0, bytesWarning = 0, inspect = 0, interactive = 0, quiet = 0,
      debug = 0;
  int isolated = 0, ignoreEnvironment = 0, noSite = 0, noUserSite = 0, safePath = 0, devMode = 0;
  int dontWriteBytecode = 0, utf8Mode = 1, hashRandomization = 1, intMaxStrDigits = 4300;
  int skipFirstLine = 0, unbufferedStdio = 0, warnDefaultEncoding = 0, importTime = 0;
  std::string hashSeed;  // PYTHONHASHSEED
  std::vector<std::string> warnOptions, xOptions, argv, origArgv;
  std::string executable, baseExecutable, prefix, basePrefix, home, pycachePrefix, stdlib, ownLib;
  std::string checkHashes = "default";  // --check-hash-based-pycs
  std::string archive;                  // the library's compiled modules (runtime/archive.h)
  std::vector<std::string> path;        // initial sys.path
};

struct Interpreter {
  Config config;
  Dict* modules = nullptr;  // sys.modules
  Dict* sysDict = nullptr;
  Dict* builtinsDict = nullptr;
  Dict* originalBuiltins = nullptr;  // what builtins held before the program began
  Module* builtins = nullptr;
  Module* sys = nullptr;
  Value importlib;              // _frozen_importlib once set up
  Value importFunction;         // builtins.__import__ as installed, for the fast path
  Module* lineCache = nullptr;  // `linecache`, made by a snapshot and not imported yet; owned
  Thread* mainThread = nullptr;
  bool finalizing = false;
};
extern Interpreter theInterpreter;

Ref<Module> newModule(Str* name);
// Makes (or returns, from sys.modules) a native module by its full name; empty and no exception if
// there is none.
Result<Ref<Module>> initNativeModule(Thread& t, std::string_view name);
const NativeModule* findNativeModule(std::string_view name);
inline void moduleSet(Module& m, const char* name, Value v) { dictSetStr(m.dict, name, v); }

Result<Ref<>> importModule(Thread& t, const char* name);  // as `import a.b` gives b
Result<Ref<>> importAttr(Thread& t, const char* module, const char* name);
Result<Ref<>> importName(Thread& t, Str* name, Value globals, Value locals, Value fromlist,
                         int level);
// The three import statements' work: `import name` (through builtins.__import__ if replaced),
// `from module import name`, `from module import *`.
Result<Ref<>> importStatement(Thread& t, Function* importer, Value locals, Str* name,
                              Value fromlist, int level);
Result<Ref<>> importFrom(Thread& t, Value module, Str* name);
Result<void> importStar(Thread& t, Value module, Value ns);
Value sysGet(const char* name);                                 // borrowed sys attribute or empty
Result<void> audit(Thread& t, const char* event, Values args);  // sys.audit

// Struct sequences (os.stat_result, sys.version_info, ...): a tuple subclass with named fields.
struct StructSeqField {
  const char* name;
  const char* doc;
};
struct StructSeqDesc {
  const char* name;  // "sys.version_info"
  const char* doc;
  std::span<const StructSeqField> fields;  // name null: unnamed
  int visible;                             // length as a sequence
};
Ref<Type> makeStructSeqType(Thread& t, const StructSeqDesc& desc);
Ref<Tuple> newStructSeq(Type* type);  // items empty; fill all n_fields of items[]

// Lets other threads run / takes the lock again around blocking calls.
class AllowThreads {
 public:
  explicit AllowThreads(Thread& t);
  ~AllowThreads();

 private:
  Thread& t_;
};
// Runs signal handlers and other pending calls; safepoints call it when t.pending is set.
Result<void> handlePending(Thread& t);

}  // namespace dx
