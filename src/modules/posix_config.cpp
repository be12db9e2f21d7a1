// Module posix: what the system says about itself, and device numbers.
#include <sys/sysmacros.h>
#include <unistd.h>

#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"

namespace dx {

namespace {

struct ConfigName {
  const char* name;
  int value;
};
// Of the rows of the table, those of one kind.
#define DX_KEEP_CS_CS(name) {#name, _##name},
#define DX_KEEP_PC_PC(name) {#name, _##name},
#define DX_KEEP_SC_SC(name) {#name, _##name},
#define DX_KEEP_CS_PC(name)
#define DX_KEEP_CS_SC(name)
#define DX_KEEP_PC_CS(name)
#define DX_KEEP_PC_SC(name)
#define DX_KEEP_SC_CS(name)
#define DX_KEEP_SC_PC(name)
constexpr ConfigName kConfstr[] = {
#define DX_NAME_OF(kind, name) DX_KEEP_CS_##kind(name)
#include "modules/posix_config_names.def"
#undef DX_NAME_OF
};
constexpr ConfigName kPathconf[] = {
#define DX_NAME_OF(kind, name) DX_KEEP_PC_##kind(name)
#include "modules/posix_config_names.def"
#undef DX_NAME_OF
};
constexpr ConfigName kSysconf[] = {
#define DX_NAME_OF(kind, name) DX_KEEP_SC_##kind(name)
#include "modules/posix_config_names.def"
#undef DX_NAME_OF
};

Ref<Dict> namesDict(std::span<const ConfigName> names) {
  Ref<Dict> d = newDict();
  for (const ConfigName& n : names) dictSetStr(d, n.name, makeInt(n.value));
  return d;
}

Result<int> nameArgument(Thread& t, Value name, std::span<const ConfigName> names) {
  if (isInt(name) || (!isStr(name) && hasIndex(name))) return int(TRY(argI32(t, name)));
  if (!isStr(name)) return t.raise(kTypeError, "configuration names must be strings or integers");
  for (const ConfigName& n : names)
    if (equalAscii(name.as<Str>(), n.name)) return n.value;
  return t.raise(kValueError, "unrecognized configuration name");
}

}  // namespace

void addConfigNames(Module& module) {
  moduleSet(module, "confstr_names", namesDict(kConfstr));
  moduleSet(module, "pathconf_names", namesDict(kPathconf));
  moduleSet(module, "sysconf_names", namesDict(kSysconf));
}

Result<i64> posix_sysconf(Thread& t, Value name) {
  int which = TRY(nameArgument(t, name, kSysconf));
  errno = 0;
  long n = ::sysconf(which);
  if (n == -1 && errno) return raiseErrno(t, errno);
  return i64(n);
}

Result<Ref<>> posix_confstr(Thread& t, Value name) {
  int which = TRY(nameArgument(t, name, kConfstr));
  errno = 0;
  size_t size = ::confstr(which, nullptr, 0);
  if (size == 0) {
    if (errno) return raiseErrno(t, errno);
    return noneRef();
  }
  std::string text(size, '\0');
  ::confstr(which, text.data(), size);
  text.resize(size - 1);
  return Ref<>(decodeFs(text));
}

Result<i64> posix_pathconf(Thread& t, Value path, Value name) {
  PathArg p = TRY(pathArgument(t, "pathconf", "path", path, true));
  int which = TRY(nameArgument(t, name, kPathconf));
  if (p.fd == INT32_MAX) return raiseErrno(t, EBADF, p.original);  // the C library would not look
  errno = 0;
  long n = p.fd >= 0 ? ::fpathconf(p.fd, which) : ::pathconf(p.c(), which);
  if (n == -1 && errno) return pathError(t, p);
  return i64(n);
}
Result<i64> posix_fpathconf(Thread& t, Value file, Value name) {
  int fd = TRY(descriptorArgument(t, file));
  int which = TRY(nameArgument(t, name, kPathconf));
  errno = 0;
  long n = ::fpathconf(fd, which);
  if (n == -1 && errno) return raiseErrno(t, errno);
  return i64(n);
}

// ---- device numbers; -1 is none ----

static Ref<> deviceValue(u64 v, u64 none) { return v == none ? makeInt(-1) : makeInt(v); }

Result<Ref<>> posix_major(Thread& t, Value device) {
  u64 d = TRY(deviceArgument(t, device));
  return d == ~u64(0) ? makeInt(-1) : makeInt(u32(::gnu_dev_major(d)));
}
Result<Ref<>> posix_minor(Thread& t, Value device) {
  u64 d = TRY(deviceArgument(t, device));
  return d == ~u64(0) ? makeInt(-1) : makeInt(u32(::gnu_dev_minor(d)));
}
Result<Ref<>> posix_makedev(Thread& t, Value major, Value minor) {
  u64 parts[2];
  for (int i = 0; i < 2; i++) {
    parts[i] = TRY(deviceArgument(t, i ? minor : major));
    if (parts[i] == ~u64(0)) parts[i] = u32(-1);
    if (parts[i] > UINT32_MAX)
      return t.raise(kOverflowError, "Python int too large to convert to C unsigned int");
  }
  return deviceValue(::gnu_dev_makedev(u32(parts[0]), u32(parts[1])), ~u64(0));
}

}  // namespace dx
