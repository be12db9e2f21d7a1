#include "cli/run.h"

#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/pyc_magic.h"
#include "runtime/abstract.h"
#include "runtime/call.h"
#include "runtime/code.h"
#include "runtime/lifecycle.h"
#include "runtime/native.h"
#include "speculation/profile.h"

namespace dx {

namespace {

Dict* mainDict() {
  Value main = dictGetStr(theInterpreter.modules, DX_NAME("__main__"));
  return main.as<Module>()->dict;
}

void prependPath(Value entry) {
  Value path = sysGet("path");
  if (path && isList(path)) listInsert(path.as<List>(), 0, entry);
}

std::string readStream(FILE* f) {
  std::string text;
  char buffer[65536];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) text.append(buffer, n);
  return text;
}

Result<void> runSource(Thread& t, const std::string& source, bool isText, Str* filename) {
  CompileOptions options;
  options.fromFile = !isText;
  Ref<Code> code = TRY(compileSource(t, source, isText, filename, options));
  checkProfile(code->data->image->view());
  (void)TRY(evalCode(t, code, mainDict(), Value(mainDict())));
  return {};
}

// The leading blanks that all lines with text share go, as textwrap.dedent does it; lines of blanks
// become empty.
std::string dedent(const std::string& source) {
  std::vector<std::string_view> lines;
  std::string_view rest = source, margin;
  bool known = false;
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    size_t blanks = text.find_first_not_of(" \t");
    if (blanks == text.npos) {
      lines.push_back({});
      continue;
    }
    lines.push_back(text);
    std::string_view own = text.substr(0, blanks);
    if (!std::exchange(known, true)) margin = own;
    size_t common = 0;
    while (common < margin.size() && common < own.size() && margin[common] == own[common]) common++;
    margin = margin.substr(0, common);
  }
  if (margin.empty()) return source;
  std::string out;
  for (std::string_view text : lines) {
    if (!text.empty()) out += text.substr(margin.size());
    out += '\n';
  }
  return out;
}

Result<void> runCommand(Thread& t, const CommandLine& line) {
  if (!theInterpreter.config.safePath) prependPath(Value(emptyStr()));
  std::string source = dedent(line.target);
  if (source.empty() || source.back() != '\n') source += '\n';
  Ref<Str> name = makeAscii("<string>");
  // Its text serves tracebacks.
  if (Module* ready = std::exchange(theInterpreter.lineCache, nullptr))
    TRY(dictSet(t, theInterpreter.modules, DX_NAME("linecache"), Ref<Module>::steal(ready)));
  Ref<> linecache = TRY(importModule(t, "linecache"));
  Ref<> registered;
  if (TRY(lookupAttr(t, linecache, "_register_code", &registered))) {
    Ref<Code> code = TRY(compileSource(t, source, true, name, {}));
    Result<Ref<>> r = callWith(t, registered, Value(code), Value(makeStr(source)), Value(name));
    if (!r) t.clearException();
    (void)TRY(evalCode(t, code, mainDict(), Value(mainDict())));
    return {};
  }
  return runSource(t, source, true, name);
}

Result<void> runModule(Thread& t, const std::string& name, bool alterArgv) {
  Ref<> run = TRY(importAttr(t, "runpy", "_run_module_as_main"));
  (void)TRY(callWith(t, run, Value(makeStr(name)), boolean(alterArgv)));
  return {};
}

// A folder or zip file with a __main__.
Result<bool> isImportablePath(Thread& t, Value path) {
  Ref<> importer = TRY(importAttr(t, "pkgutil", "get_importer"));
  Ref<> found = TRY(callWith(t, importer, path));
  return !isNone(found);
}

// What a file that is no source begins with.
enum class FileKind { Source, Zip, Archive, Compiled };
FileKind kindOf(const std::string& path) {
  u8 start[sizeof(bytecode::ImageHeader)] = {};
  FILE* f = fopen(path.c_str(), "rb");
  size_t n = f ? fread(start, 1, sizeof start, f) : 0;
  if (f) fclose(f);
  u32 word;
  memcpy(&word, start, 4);
  if (n >= 2 && start[0] == 'P' && start[1] == 'K') return FileKind::Zip;
  if (n >= 4 && word == bytecode::kImageMagic) return FileKind::Archive;
  bool named = path.ends_with(".pyc") || path.ends_with(".dpb");
  if ((n >= 4 && word == pycMagicToken()) || named) return FileKind::Compiled;
  return FileKind::Source;
}

// A compiled file of one module, as in __pycache__.
Result<void> runCompiled(Thread& t, const CommandLine& line, Str* filename) {
  std::string bytes;
  u32 magic = 0;
  constexpr size_t kHeader = 16;
  if (readWholeFile(line.target, &bytes) && bytes.size() >= kHeader)
    memcpy(&magic, bytes.data(), 4);
  if (magic != pycMagicToken()) return t.raise(kRuntimeError, "Bad magic number in .pyc file");
  Ref<> loads = TRY(importAttr(t, "marshal", "loads"));
  Ref<Bytes> payload = makeBytes(std::string_view(bytes).substr(kHeader));
  Ref<> code = TRY(callWith(t, loads, Value(payload)));
  if (typeOf(code) != &PyCode_Type) return t.raise(kRuntimeError, "Bad code object in .pyc file");
  Ref<> loaderType = TRY(importAttr(t, "_frozen_importlib_external", "SourcelessFileLoader"));
  Ref<> loader = TRY(callWith(t, loaderType, Value(DX_NAME("__main__")), Value(filename)));
  dictSetStr(mainDict(), "__loader__", loader);
  (void)TRY(evalCode(t, code.as<Code>(), mainDict(), Value(mainDict())));
  return {};
}

// An archive of `dxpy compile`: its __main__, or else its only module or package.
Result<void> runArchive(Thread& t, Str* path) {
  Ref<> finder = TRY(importAttr(t, "_archive_loader", "ArchiveFinder"));
  Value hooks = sysGet("path_hooks");
  if (hooks && isList(hooks)) listInsert(hooks.as<List>(), 0, finder);
  prependPath(Value(path));
  Ref<> names = TRY(importAttr(t, "_imp", "_archive_names"));
  names = TRY(callWith(t, names, Value(path)));
  std::string only;
  i64 position = 0;
  Value key, package;
  while (dictNext(names.as<Dict>(), &position, &key, &package)) {
    std::string name = toUtf8(key.as<Str>());
    if (name == "__main__") return runModule(t, name, false);
    if (name.find('/') != std::string::npos) continue;
    if (!only.empty())
      return t.raise(kImportError, "{!r} has no __main__ and more than one module", Value(path));
    only = name;
  }
  return runModule(t, only, false);
}

std::string absolutePath(const std::string& path) {
  char folder[PATH_MAX];
  if (path[0] == '/' || !getcwd(folder, sizeof folder)) return path;
  return std::string(folder) + "/" + path;
}

Result<void> runFile(Thread& t, const CommandLine& line) {
  Ref<Str> filename = decodeFs(absolutePath(line.target));
  struct stat st;
  bool compiled = false;
  if (stat(line.target.c_str(), &st) == 0) {
    FileKind kind = S_ISREG(st.st_mode) ? kindOf(line.target) : FileKind::Source;
    if (kind == FileKind::Archive) return runArchive(t, filename);
    compiled = kind == FileKind::Compiled;
    if (S_ISDIR(st.st_mode) || kind == FileKind::Zip) {
      if (TRY(isImportablePath(t, filename))) {
        prependPath(filename);
        return runModule(t, "__main__", false);
      }
    }
  }
  FILE* f = fopen(line.target.c_str(), "rb");
  if (f && S_ISDIR(st.st_mode)) {
    fprintf(stderr, "%s: '%s' is a directory, cannot continue\n", line.config.executable.c_str(),
            line.target.c_str());
    fclose(f);
    return t.raiseValue(kSystemExit, makeInt(1));
  }
  if (!f) {
    int error = errno;
    fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", line.config.executable.c_str(),
            absolutePath(line.target).c_str(), error, strerror(error));
    return t.raiseValue(kSystemExit, makeInt(2));
  }
  std::string source = readStream(f);
  fclose(f);
  if (theInterpreter.config.skipFirstLine) {
    size_t end = source.find('\n');
    source = end == std::string::npos ? "" : source.substr(end);
  }
  if (!theInterpreter.config.safePath) {
    char* real = realpath(line.target.c_str(), nullptr);
    std::string path = real ? real : line.target;
    free(real);
    size_t slash = path.rfind('/');
    prependPath(decodeFs(slash == std::string::npos ? ""
                         : slash == 0               ? "/"
                                                    : path.substr(0, slash)));
  }
  Dict* main = mainDict();
  dictSetStr(main, "__file__", filename);
  dictSetStr(main, "__cached__", none());
  if (compiled) return runCompiled(t, line, filename);
  Ref<> loaderType = TRY(importAttr(t, "_frozen_importlib_external", "SourceFileLoader"));
  Ref<> loader = TRY(callWith(t, loaderType, Value(DX_NAME("__main__")), Value(filename)));
  dictSetStr(main, "__loader__", loader);
  return runSource(t, source, false, filename);
}

Result<void> runStdin(Thread& t) {
  if (!theInterpreter.config.safePath) prependPath(Value(emptyStr()));
  return runSource(t, readStream(stdin), false, makeAscii("<stdin>"));
}

// A line for the prompt when standard input is no terminal: the prompt goes to standard error.
Result<Ref<>> promptedLine(Thread& t, Value, const Args& args) {
  Value err = sysGet("stderr");
  if (args.count && err && !isNone(err)) {
    Ref<> stream = retain(err);
    (void)TRY(callMethodWith(t, stream, DX_NAME("write"), args[0]));
    (void)TRY(callMethodWith(t, stream, DX_NAME("flush")));
  }
  Value in = sysGet("stdin");
  if (!in || isNone(in)) return t.raise(kRuntimeError, "lost sys.stdin");
  Ref<> stream = retain(in);
  Ref<> line = TRY(callMethodWith(t, stream, DX_NAME("readline")));
  if (!isStr(line)) return t.raise(kTypeError, "object.readline() returned non-string");
  i64 n = line.as<Str>()->length;
  if (n == 0) return t.raise(kEOFError, "EOF when reading a line");
  if (line.as<Str>()->at(n - 1) == '\n') return Ref<>(substring(line.as<Str>(), 0, n - 1));
  return line;
}
const NativeFunction kPromptedLine = {"raw_input", nullptr, kNativeFastCall, nullptr, promptedLine};

// A plain prompt: the library's `code.InteractiveConsole`.
Result<void> runInteractive(Thread& t) {
  if (!theInterpreter.config.safePath && theInterpreter.config.argv[0].empty())
    prependPath(Value(emptyStr()));
  Ref<> makeConsole = TRY(importAttr(t, "code", "InteractiveConsole"));
  Ref<> console = TRY(callWith(t, makeConsole, Value(mainDict()), Value(DX_NAME("<stdin>"))));
  if (!isatty(0)) {
    Ref<CFunction> reader = makeCFunction(&kPromptedLine, Value(), Value());
    TRY(setAttr(t, console, "raw_input", reader));
  }
  Value version = sysGet("version");
  Ref<> banner = theInterpreter.config.quiet
                     ? Ref<>(makeAscii(""))
                     : Ref<>(formatStr("Python {} on linux", version ? version : none()));
  (void)TRY(callMethodWith(t, console, DX_NAME("interact"), banner.get(), Value(emptyStr())));
  return {};
}

Result<void> dispatch(Thread& t, const CommandLine& line) {
  switch (line.run) {
    case CommandLine::Run::Command:
      return runCommand(t, line);
    case CommandLine::Run::Module:
      // runpy puts the module's path into argv[0]; sys.path[0] is the current folder.
      if (!theInterpreter.config.safePath) {
        char cwd[4096];
        prependPath(decodeFs(getcwd(cwd, sizeof cwd) ? cwd : ""));
      }
      return runModule(t, line.target, true);
    case CommandLine::Run::File:
      return runFile(t, line);
    case CommandLine::Run::Stdin:
      return runStdin(t);
    default:
      return runInteractive(t);
  }
}

}  // namespace

int runMain(Thread& t, const CommandLine& line) {
  int status = 0;
  if (!dispatch(t, line)) status = handleUncaught(t);
  if (theInterpreter.config.inspect && line.run != CommandLine::Run::Interactive && isatty(0)) {
    if (!runInteractive(t)) status = handleUncaught(t);
  }
  return status;
}

}  // namespace dx
