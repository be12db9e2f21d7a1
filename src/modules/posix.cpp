// Module posix: set-up, path arguments, names and the environment.
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <unistd.h>

#include "modules/posix.gen.h"
#include "modules/posix_path.h"
#include "runtime/lifecycle.h"

extern char** environ;

namespace dx {

static const char* const kHaveFunctions[] = {
    "HAVE_FACCESSAT", "HAVE_FCHDIR",    "HAVE_FCHMOD",   "HAVE_FCHMODAT",   "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",  "HAVE_FDOPENDIR", "HAVE_FSTATAT",  "HAVE_FSTATVFS",   "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",  "HAVE_LINKAT",    "HAVE_LCHOWN",   "HAVE_LSTAT",      "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",  "HAVE_MKNODAT",   "HAVE_OPENAT",   "HAVE_READLINKAT", "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT", "HAVE_UNLINKAT",  "HAVE_UTIMENSAT"};

Result<void> posix_exec(Thread& t, Module& module) {
  struct Constant {
    const char* name;
    i64 value;
  };
  static const Constant kConstants[] = {
#define DX_CONST(name) {#name, i64(name)},
#define DX_CONST_VALUE(name, value) {#name, i64(value)},
#include "modules/posix_constants.def"
#undef DX_CONST
#undef DX_CONST_VALUE
  };
  for (const Constant& c : kConstants) moduleSet(module, c.name, makeInt(c.value));
  moduleSet(module, "error", Value(kOSError));
  Ref<List> have = newList();
  for (const char* name : kHaveFunctions) listAppend(have, Ref<>(makeAscii(name)));
  moduleSet(module, "_have_functions", have);
  addConfigNames(module);
  addProcessTypes(t, module);
  moduleSet(module, "environ", TRY(posix__create_environ(t)));
  addStatTypes(t, module);
  return {};
}

// os.environ works on the same dict.
Result<void> renewEnvironment(Thread& t) {
  Ref<> module = TRY(importModule(t, "posix"));
  Value old = dictGetStr(module.as<Module>()->dict, DX_NAME("environ"));
  Ref<> fresh = TRY(posix__create_environ(t));
  dictClear(old.as<Dict>());
  return dictMerge(t, old.as<Dict>(), fresh);
}

// ---- arguments ----

// A class says with __fspath__ = None that its instances are no paths.
static Result<Ref<>> callFspath(Thread& t, Value v, bool* missing) {
  Value method = typeLookup(typeOf(v), DX_NAME("__fspath__"));
  if (!method || isNone(method)) {
    *missing = true;
    return Error{};
  }
  return callSpecial(t, v, DX_NAME("__fspath__"), {}, missing);
}

Result<PathArg> pathArgument(Thread& t, const char* function, const char* name, Value v,
                             bool allowFd, bool nullable) {
  PathArg p;
  p.original = retain(v);
  if (nullable && (!v || isNone(v))) {
    p.absent = true;
    p.text = ".";
    p.original.reset();
    return p;
  }
  if (allowFd && (isInt(v) || (!isStr(v) && !isBytes(v) && hasIndex(v)))) {
    if (isBool(v)) TRY(warn(t, kRuntimeWarning, "bool is used as a file descriptor"));
    p.fd = TRY(argI32(t, v));
    if (p.fd < 0) p.fd = INT32_MAX;  // an invalid descriptor, not "none"
    return p;
  }
  Ref<> path = retain(v);
  if (!isStr(v) && !isBytes(v)) {
    bool missing = false;
    Result<Ref<>> r = callFspath(t, v, &missing);
    if (missing) {
      const char* what = allowFd && nullable ? "string, bytes, os.PathLike, integer or None"
                         : allowFd           ? "string, bytes, os.PathLike or integer"
                         : nullable          ? "string, bytes, os.PathLike or None"
                                             : "string, bytes or os.PathLike";
      return t.raise(kTypeError, "{}: {} should be {}, not {}", function, name, what, typeOf(v));
    }
    path = TRY(std::move(r));
    if (!isStr(path) && !isBytes(path))
      return t.raise(kTypeError, "expected {}.__fspath__() to return str or bytes, not {}",
                     typeOf(v), typeOf(path));
  }
  p.bytes = isBytes(path);
  if (p.bytes) {
    p.text = path.as<Bytes>()->view();
  } else {
    p.text = TRY(encodeFs(t, path));
  }
  if (p.text.find('\0') != std::string::npos)
    return t.raise(kValueError, "{}: embedded null character in {}", function, name);
  return p;
}

Result<int> dirFd(Thread& t, Value v) {
  if (!v || isNone(v)) return AT_FDCWD;
  if (!hasIndex(v))
    return t.raise(kTypeError, "argument should be integer or None, not {}", typeOf(v));
  if (isBool(v)) TRY(warn(t, kRuntimeWarning, "bool is used as a file descriptor"));
  return int(TRY(argI32(t, v)));
}

i64 eventFolder(int at) { return at == AT_FDCWD ? -1 : at; }

// ---- names ----

Result<Ref<>> posix_fspath(Thread& t, Value path) {
  if (isStr(path) || isBytes(path)) return retain(path);
  bool missing = false;
  Result<Ref<>> r = callFspath(t, path, &missing);
  if (missing)
    return t.raise(kTypeError, "expected str, bytes or os.PathLike object, not {}", typeOf(path));
  Ref<> result = TRY(std::move(r));
  if (!isStr(result) && !isBytes(result))
    return t.raise(kTypeError, "expected {}.__fspath__() to return str or bytes, not {}",
                   typeOf(path), typeOf(result));
  return result;
}

Result<Ref<>> posix__path_normpath(Thread& t, Value path) {
  Ref<> p = TRY(posix_fspath(t, path));
  bool bytes = isBytes(p);
  std::string text = bytes ? std::string(p.as<Bytes>()->view()) : toUtf8(p.as<Str>());
  if (text.empty()) return bytes ? Ref<>(makeBytes(".")) : Ref<>(makeAscii("."));
  size_t slashes = 0;
  while (slashes < text.size() && text[slashes] == '/') slashes++;
  std::string root = slashes == 0 ? "" : slashes == 2 ? "//" : "/";
  std::vector<std::string> parts;
  for (size_t at = slashes; at < text.size();) {
    size_t end = text.find('/', at);
    if (end == std::string::npos) end = text.size();
    std::string part = text.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (part != ".." || root.empty())
      parts.push_back(part);
  }
  std::string out = root;
  for (size_t i = 0; i < parts.size(); i++) out += (i ? "/" : "") + parts[i];
  if (out.empty()) out = ".";
  return bytes ? Ref<>(makeBytes(out)) : Ref<>(makeStr(out));
}

Result<Ref<>> posix__path_splitroot_ex(Thread& t, Value path) {
  Ref<> p = TRY(posix_fspath(t, path));
  bool bytes = isBytes(p);
  std::string text = bytes ? std::string(p.as<Bytes>()->view()) : toUtf8(p.as<Str>());
  auto piece = [&](const std::string& s) {
    return bytes ? Ref<>(makeBytes(s)) : Ref<>(makeStr(s));
  };
  size_t slashes = 0;
  while (slashes < text.size() && text[slashes] == '/') slashes++;
  size_t root = slashes == 0 ? 0 : slashes == 2 ? 2 : 1;
  return Ref<>(tupleOf(piece(""), piece(text.substr(0, root)), piece(text.substr(root))));
}

Result<Ref<>> posix_strerror(Thread&, i32 code) { return Ref<>(decodeFs(strerror(code))); }

// ---- environment ----

Result<Ref<>> posix__create_environ(Thread& t) {
  Ref<Dict> d = newDict();
  for (char** e = environ; e && *e; e++) {
    const char* eq = strchr(*e, '=');
    if (!eq) continue;
    Ref<Bytes> key = makeBytes({*e, size_t(eq - *e)});
    (void)TRY(dictSetDefault(t, d, key, makeBytes(eq + 1)));
  }
  return Ref<>(std::move(d));
}

Result<void> posix_putenv(Thread& t, Value name, Value value) {
  PathArg n = TRY(pathArgument(t, "putenv", "name", name)),
          v = TRY(pathArgument(t, "putenv", "value", value));
  if (n.text.empty() || n.text.find('=') != std::string::npos)
    return t.raise(kValueError, "illegal environment variable name");
  TRY(auditCall(t, "os.putenv", makeBytes(n.text), makeBytes(v.text)));
  if (setenv(n.c(), v.c(), 1) != 0) return raiseErrno(t, errno);
  return {};
}
Result<void> posix_unsetenv(Thread& t, Value name) {
  PathArg n = TRY(pathArgument(t, "unsetenv", "name", name));
  TRY(auditCall(t, "os.unsetenv", makeBytes(n.text)));
  if (unsetenv(n.c()) != 0) return raiseErrno(t, errno);
  return {};
}

// ---- the system ----

Result<Ref<>> posix_urandom(Thread& t, i64 size) {
  if (size < 0) return t.raise(kValueError, "negative argument not allowed");
  Ref<Bytes> b = newBytes(size);
  if (!b) return t.raiseMemory();
  for (i64 at = 0; at < size;) {
    ssize_t n = ::getrandom(b->data + at, size_t(size - at), 0);
    if (n < 0 && errno == EINTR) {
      TRY(handlePending(t));
      continue;
    }
    if (n < 0) return raiseErrno(t, errno);
    at += n;
  }
  return Ref<>(std::move(b));
}
Result<Ref<>> posix_getrandom(Thread& t, i64 size, i32 flags) {
  if (size < 0) return raiseErrno(t, EINVAL);
  std::string buffer(size_t(size), '\0');
  ssize_t n = ::getrandom(buffer.data(), buffer.size(), unsigned(flags));
  if (n < 0) return raiseErrno(t, errno);
  return Ref<>(makeBytes(std::string_view(buffer).substr(0, size_t(n))));
}
Result<Ref<>> posix_cpu_count(Thread&) {
  long n = ::sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? makeInt(i64(n)) : noneRef();
}
Result<Ref<>> posix_getloadavg(Thread& t) {
  double load[3];
  if (::getloadavg(load, 3) != 3) return t.raise(kOSError, "Load averages are unobtainable");
  return Ref<>(tupleOf(makeFloat(load[0]), makeFloat(load[1]), makeFloat(load[2])));
}
}  // namespace dx
