#include "cli/options.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/version.h"
#include "runtime/lifecycle.h"
#include "speculation/feedback.h"

namespace dx {

namespace {

const char kUsage[] = "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n";

const char kHelp[] =
    "Options (and corresponding environment variables):\n"
    "-b     : warn on comparing bytes with str, or bytes with int (-bb: error)\n"
    "-B     : write no compiled files on import; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : run the program text cmd (ends the option list)\n"
    "-d     : accepted for compatibility; also PYTHONDEBUG=x\n"
    "-E     : ignore PYTHON* environment variables\n"
    "-h     : print this help and exit (also -? or --help)\n"
    "-i     : prompt after running the script; also PYTHONINSPECT=x\n"
    "-I     : isolate from the user's environment (implies -E, -P and -s)\n"
    "-m mod : run a library module as a script (ends the option list)\n"
    "-O     : remove assert statements and code behind __debug__; also PYTHONOPTIMIZE=x\n"
    "-OO    : -O, and remove docstrings\n"
    "-P     : put no potentially unsafe path on sys.path; also PYTHONSAFEPATH\n"
    "-q     : no version and copyright messages at an interactive start\n"
    "-s     : keep the user's site folder off sys.path; also PYTHONNOUSERSITE=x\n"
    "-S     : do not run 'import site' at the start\n"
    "-u     : unbuffered stdout and stderr; also PYTHONUNBUFFERED=x\n"
    "-v     : report each import; also PYTHONVERBOSE=x\n"
    "-V     : print the version and exit (also --version); twice: more\n"
    "-W arg : warning control, action:message:category:module:lineno; also PYTHONWARNINGS=arg\n"
    "-x     : skip the first line of the source\n"
    "-X opt : an implementation option (dev, importtime, utf8, profile=FILE, ...)\n"
    "--check-hash-based-pycs always|default|never:\n"
    "         how hash-based compiled files are checked\n"
    "file   : program read from a script file\n"
    "-      : program read from standard input (default)\n"
    "arg ...: arguments passed to the program in sys.argv[1:]\n"
    "\n"
    "Tools:\n"
    "dxpy dis FILE : print the bytecode of a source file, a compiled file or an archive\n"
    "dxpy compile [-O] [-o FILE] PATH...: make an archive of files and folders, which dxpy runs\n"
    "dxpy snapshot: write the snapshots of the started runtime beside the program\n"
    "dxpy dis --stencils: print the machine code that the baseline compiler copies, by opcode\n"
    "--dump=WHAT FILE: ast, bytecode: print these; feedback: run FILE, then print what it taught\n"
    "         the interpreter, beside the source; startup: where the start's time went, then run\n";

std::string resolveExecutable(const char* argv0) {
  char buffer[4096];
  ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer - 1);
  std::string self = n > 0 ? std::string(buffer, size_t(n)) : argv0;
  return self;
}

// sys.executable: as it was called, made absolute, so that a virtual environment's link is seen.
std::string calledAs(const char* argv0) {
  std::string name = argv0;
  auto absolute = [](std::string path) {
    if (path[0] == '/') return path;
    char cwd[4096];
    if (!getcwd(cwd, sizeof cwd)) return path;
    if (path.rfind("./", 0) == 0) path = path.substr(2);
    return std::string(cwd) + "/" + path;
  };
  if (name.find('/') != std::string::npos) return absolute(name);
  const char* path = getenv("PATH");
  for (const char* at = path ? path : ""; *at;) {
    const char* end = strchrnul(at, ':');
    std::string candidate = std::string(at, size_t(end - at)) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return absolute(candidate);
    at = *end ? end + 1 : end;
  }
  return resolveExecutable(argv0);
}

const char* environment(const Config& c, const char* name) {
  if (c.ignoreEnvironment) return nullptr;
  const char* v = getenv(name);
  return v && *v ? v : nullptr;
}

int environmentLevel(const Config& c, const char* name, int present) {
  const char* v = environment(c, name);
  if (!v) return present;
  char* end;
  long n = strtol(v, &end, 10);
  int level = *end || n < 0 ? 1 : int(n);
  return level > present ? level : present;
}

// 1: imports that load something; 2: also those that find a module.
void readImportTime(CommandLine& line, const char* what, const std::string& value) {
  char* end;
  long n = strtol(value.c_str(), &end, 10);
  line.config.importTime = *end || value.empty() ? 1 : int(n);
  if (line.config.importTime == 1 || line.config.importTime == 2) return;
  fprintf(stderr,
          "Fatal Python error: config_init_import_time: %s values other than 1 and 2 are reserved "
          "for future use.\nPython runtime state: preinitialized\n\n",
          what);
  line.exitStatus = 1;
}

void readEnvironment(CommandLine& line) {
  Config& c = line.config;
  c.debug = environmentLevel(c, "PYTHONDEBUG", c.debug);
  c.verbose = environmentLevel(c, "PYTHONVERBOSE", c.verbose);
  c.optimize = environmentLevel(c, "PYTHONOPTIMIZE", c.optimize);
  if (environment(c, "PYTHONINSPECT")) c.inspect = 1;
  if (environment(c, "PYTHONUNBUFFERED")) c.unbufferedStdio = 1;
  if (environment(c, "PYTHONDONTWRITEBYTECODE")) c.dontWriteBytecode = 1;
  if (environment(c, "PYTHONNOUSERSITE")) c.noUserSite = 1;
  if (environment(c, "PYTHONSAFEPATH")) c.safePath = 1;
  if (environment(c, "PYTHONWARNDEFAULTENCODING")) c.warnDefaultEncoding = 1;
  if (environment(c, "PYTHONDEVMODE")) c.devMode = 1;
  if (const char* v = environment(c, "PYTHONPROFILEIMPORTTIME"))
    readImportTime(line, "PYTHONPROFILEIMPORTTIME: numeric", v);
  if (const char* v = environment(c, "PYTHONPYCACHEPREFIX")) c.pycachePrefix = v;
  if (const char* v = environment(c, "PYTHONINTMAXSTRDIGITS")) c.intMaxStrDigits = atoi(v);
  if (const char* v = environment(c, "PYTHONHASHSEED")) c.hashSeed = v;
  if (const char* v = environment(c, "PYTHONUTF8")) c.utf8Mode = strcmp(v, "0") != 0;
  if (const char* v = environment(c, "PYTHONWARNINGS")) {
    std::vector<std::string> fromEnvironment;
    for (const char* at = v;;) {
      const char* end = strchrnul(at, ',');
      fromEnvironment.emplace_back(at, size_t(end - at));
      if (!*end) break;
      at = end + 1;
    }
    c.warnOptions.insert(c.warnOptions.begin(), fromEnvironment.begin(), fromEnvironment.end());
  }
}

bool isDirectory(const std::string& p) {
  struct stat st;
  return stat(p.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

std::string_view stripped(std::string_view v) {
  size_t first = v.find_first_not_of(" \t\r"), last = v.find_last_not_of(" \t\r");
  return first == v.npos ? std::string_view() : v.substr(first, last - first + 1);
}

// `key = value` among the lines of a pyvenv.cfg.
std::string_view settingOf(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    size_t equals = line.find('=');
    if (equals == line.npos) continue;
    std::string_view name = stripped(line.substr(0, equals));
    if (name.size() == key.size() && strncasecmp(name.data(), key.data(), key.size()) == 0)
      return stripped(line.substr(equals + 1));
  }
  return {};
}

// The virtual environment that the executable belongs to, or empty: pyvenv.cfg lies beside it or
// one folder up. Its `home` is the folder of the base installation's executable. `site` does the
// rest.
std::string virtualEnvironment(const std::string& executable, std::string* home) {
  std::string folder = executable;
  for (int up = 0; up < 2; up++) {
    size_t slash = folder.rfind('/');
    if (slash == std::string::npos || slash == 0) break;
    folder.resize(slash);
    std::string text;
    if (!readWholeFile(folder + "/pyvenv.cfg", &text)) continue;
    *home = settingOf(text, "home");
    return up == 0 ? folder.substr(0, folder.rfind('/')) : folder;
  }
  return {};
}

void setUpPaths(CommandLine& line, const char* argv0) {
  Config& c = line.config;
  c.executable = calledAs(argv0);
  std::string real = resolveExecutable(argv0);
  const char* home = environment(c, "DX_HOME");
  if (!home) home = environment(c, "PYTHONHOME");
  if (home) c.home = home;
  c.stdlib = findStandardLibrary(real, c.home);
  std::string prefix =
      c.stdlib.substr(0, c.stdlib.size() > 15 ? c.stdlib.rfind("/lib/python3.14") : 0);
  c.prefix = c.basePrefix = prefix;
  c.baseExecutable = c.executable;
  std::string base;
  if (std::string env = virtualEnvironment(c.executable, &base); !env.empty()) {
    c.prefix = env;
    c.baseExecutable = base + c.executable.substr(c.executable.rfind('/'));
    if (base.empty() || access(c.baseExecutable.c_str(), X_OK) != 0) c.baseExecutable = real;
  }
  if (const char* path = environment(c, "PYTHONPATH")) {
    for (const char* at = path;;) {
      const char* end = strchrnul(at, ':');
      c.path.emplace_back(at, size_t(end - at));
      if (!*end) break;
      at = end + 1;
    }
  }
  c.path.push_back(prefix + "/lib/python314.zip");
  c.ownLib = findOwnLibrary(real);
  c.archive = real.substr(0, real.rfind('/') + 1) + kLibraryArchive;
  if (!c.ownLib.empty()) c.path.push_back(c.ownLib);  // overlays the library
  c.path.push_back(c.stdlib);
  if (isDirectory(c.stdlib + "/lib-dynload")) c.path.push_back(c.stdlib + "/lib-dynload");
}

// A tool's name in the place of a file, unless there is such a file.
bool isTool(const std::string& name, int at, int argc) {
  if (at != 1 || access(name.c_str(), F_OK) == 0) return false;
  return (name == "dis" && argc == 3) || (name == "compile" && argc >= 3) ||
         (name == "snapshot" && argc == 2);
}

int wrongOption(const char* program, const std::string& text) {
  fprintf(stderr, "%s\n", text.c_str());
  fprintf(stderr, kUsage, program);
  fputs("Try `python -h' for more information.\n", stderr);
  return 2;
}

}  // namespace

CommandLine parseCommandLine(int argc, char** argv) {
  CommandLine line;
  Config& c = line.config;
  for (int i = 0; i < argc; i++) c.origArgv.push_back(argv[i]);
  int versions = 0;
  bool done = false;
  int i = 1;
  for (; i < argc && !done; i++) {
    std::string arg = argv[i];
    if (arg == "-" || arg[0] != '-') break;
    if (arg.rfind("--", 0) == 0) {
      if (arg == "--version")
        versions++;
      else if (arg == "--help" || arg == "--help-all" || arg == "--help-env" ||
               arg == "--help-xoptions") {
        printf(kUsage, argv[0]);
        fputs(kHelp, stdout);
        line.exitStatus = 0;
        return line;
      } else if (arg == "--check-hash-based-pycs") {
        if (i + 1 == argc) {
          line.exitStatus =
              wrongOption(argv[0], "Argument expected for the --check-hash-based-pycs option");
          return line;
        }
        c.checkHashes = argv[++i];
        if (c.checkHashes != "always" && c.checkHashes != "never" && c.checkHashes != "default") {
          line.exitStatus = wrongOption(
              argv[0], "--check-hash-based-pycs must be one of 'default', 'always', or 'never'");
          return line;
        }
      } else if (arg.rfind("--dump=", 0) == 0) {
        line.dump = arg.substr(7);
      } else if (arg == "--") {
        i++;
        break;
      } else {
        line.exitStatus = wrongOption(argv[0], "unknown option " + arg);
        return line;
      }
      continue;
    }
    for (size_t k = 1; k < arg.size(); k++) {
      char o = arg[k];
      if (o == 'c' || o == 'm' || o == 'W' || o == 'X') {
        std::string value = arg.substr(k + 1);
        if (value.empty()) {
          if (++i >= argc) {
            line.exitStatus =
                wrongOption(argv[0], std::string("Argument expected for the -") + o + " option");
            return line;
          }
          value = argv[i];
        }
        if (o == 'W')
          c.warnOptions.push_back(value);
        else if (o == 'X')
          c.xOptions.push_back(value);
        else {
          line.run = o == 'c' ? CommandLine::Run::Command : CommandLine::Run::Module;
          line.target = value;
          done = true;
        }
        break;
      }
      switch (o) {
        case 'b':
          c.bytesWarning++;
          break;
        case 'B':
          c.dontWriteBytecode = 1;
          break;
        case 'd':
          c.debug++;
          break;
        case 'E':
          c.ignoreEnvironment = 1;
          break;
        case 'h':
        case '?':
          printf(kUsage, argv[0]);
          fputs(kHelp, stdout);
          line.exitStatus = 0;
          return line;
        case 'i':
          c.inspect = 1;
          c.interactive = 1;
          break;
        case 'I':
          c.isolated = 1;
          c.ignoreEnvironment = 1;
          c.noUserSite = 1;
          c.safePath = 1;
          break;
        case 'O':
          c.optimize++;
          break;
        case 'P':
          c.safePath = 1;
          break;
        case 'q':
          c.quiet = 1;
          break;
        case 'R':
          break;
        case 's':
          c.noUserSite = 1;
          break;
        case 'S':
          c.noSite = 1;
          break;
        case 't':
          break;
        case 'u':
          c.unbufferedStdio = 1;
          break;
        case 'v':
          c.verbose++;
          break;
        case 'V':
          versions++;
          break;
        case 'x':
          c.skipFirstLine = 1;
          break;
        default:
          line.exitStatus = wrongOption(argv[0], std::string("Unknown option: -") + o);
          return line;
      }
    }
  }
  if (versions) {
    puts(versions > 1 ? "Python " DX_PYTHON_VERSION " (dxpy " DX_VERSION ")"
                      : "Python " DX_PYTHON_VERSION);
    line.exitStatus = 0;
    return line;
  }
  c.argv.clear();
  if (done) {
    c.argv.push_back(line.run == CommandLine::Run::Command ? "-c" : "-m");
  } else if (i < argc) {
    std::string target = argv[i];
    if (target == "-") {
      line.run = CommandLine::Run::Stdin;
      c.argv.push_back("-");
    } else if (isTool(target, i, argc)) {
      line.run = CommandLine::Run::Tool;
      line.target = target;
      c.argv.push_back(target);
    } else {
      line.run = CommandLine::Run::File;
      line.target = target;
      c.argv.push_back(target);
    }
    i++;
  } else {
    line.run = isatty(0) ? CommandLine::Run::Interactive : CommandLine::Run::Stdin;
    if (c.interactive) line.run = CommandLine::Run::Interactive;
    c.argv.push_back("");
  }
  for (; i < argc; i++) c.argv.push_back(argv[i]);
  readEnvironment(line);
  for (const std::string& x : c.xOptions) {
    if (x == "dev")
      c.devMode = 1;
    else if (x == "importtime")
      c.importTime = 1;
    else if (x.starts_with("importtime="))
      readImportTime(line, "-X importtime:", x.substr(11));
    else if (x == "utf8" || x == "utf8=1")
      c.utf8Mode = 1;
    else if (x == "utf8=0")
      c.utf8Mode = 0;
    else if (x.rfind("int_max_str_digits=", 0) == 0)
      c.intMaxStrDigits = atoi(x.c_str() + 19);
    else if (x == "pycache_prefix")
      c.pycachePrefix.clear();
    else if (x.rfind("pycache_prefix=", 0) == 0)
      c.pycachePrefix = x.substr(15);
    else if (x == "warn_default_encoding")
      c.warnDefaultEncoding = 1;
    else if (x.rfind("profile=", 0) == 0 && x.size() > 8)
      line.profile = x.substr(8);
    else if (x == "dx-caches=off")
      cacheMode = CacheMode::Off;
    else if (x == "dx-caches=megamorphic")
      cacheMode = CacheMode::Megamorphic;
  }
  if (c.devMode) c.warnOptions.insert(c.warnOptions.begin(), "default");
  if (c.bytesWarning)
    c.warnOptions.push_back(c.bytesWarning > 1 ? "error::BytesWarning" : "default::BytesWarning");
  setUpPaths(line, argv[0]);
  return line;
}

}  // namespace dx
