// Module _stat.
#include <sys/stat.h>

#include "modules/_stat.gen.h"
#include "modules/int_constants.h"
#include "runtime/api.h"

namespace dx {

static Result<u32> modeArgument(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  if (intSign(n) < 0)
    return t.raise(kOverflowError, "can't convert negative value to unsigned int");
  u64 mode;
  if (!intToU64(n, &mode))
    return t.raise(kOverflowError, "Python int too large to convert to C unsigned long");
  if (mode > UINT32_MAX) return t.raise(kOverflowError, "mode out of range");
  return u32(mode);
}

Result<i64> _stat_S_IFMT(Thread& t, Value mode) { return i64(TRY(modeArgument(t, mode)) & S_IFMT); }
Result<i64> _stat_S_IMODE(Thread& t, Value mode) { return i64(TRY(modeArgument(t, mode)) & 07777); }

#define DX_KIND(name)                                \
  Result<bool> _stat_##name(Thread& t, Value mode) { \
    u32 m = TRY(modeArgument(t, mode));              \
    return bool(name(m));                            \
  }
DX_KIND(S_ISDIR)
DX_KIND(S_ISCHR)
DX_KIND(S_ISBLK)
DX_KIND(S_ISREG)
DX_KIND(S_ISFIFO)
DX_KIND(S_ISLNK)
DX_KIND(S_ISSOCK)
#undef DX_KIND

// Kinds of other systems.
static Result<bool> never(Thread& t, Value mode) {
  TRY(modeArgument(t, mode));
  return false;
}
Result<bool> _stat_S_ISDOOR(Thread& t, Value mode) { return never(t, mode); }
Result<bool> _stat_S_ISPORT(Thread& t, Value mode) { return never(t, mode); }
Result<bool> _stat_S_ISWHT(Thread& t, Value mode) { return never(t, mode); }

Result<Ref<>> _stat_filemode(Thread& t, Value mode) {
  u32 m = TRY(modeArgument(t, mode));
  std::string s;
  s += S_ISREG(m)    ? '-'
       : S_ISDIR(m)  ? 'd'
       : S_ISLNK(m)  ? 'l'
       : S_ISBLK(m)  ? 'b'
       : S_ISCHR(m)  ? 'c'
       : S_ISFIFO(m) ? 'p'
       : S_ISSOCK(m) ? 's'
                     : '?';
  auto triple = [&](int shift, u32 special, char withX, char withoutX) {
    u32 bits = m >> shift;
    s += bits & 4 ? 'r' : '-';
    s += bits & 2 ? 'w' : '-';
    s += m & special ? (bits & 1 ? withX : withoutX) : bits & 1 ? 'x' : '-';
  };
  triple(6, S_ISUID, 's', 'S');
  triple(3, S_ISGID, 's', 'S');
  triple(0, S_ISVTX, 't', 'T');
  return Ref<>(makeAscii(s));
}

Result<void> _stat_exec(Thread&, Module& m) {
  static constexpr IntConstant kConstants[] = {
#define DX_CONST_VALUE(name, value) {#name, value},
#include "modules/stat_constants.def"
#undef DX_CONST_VALUE
  };
  addConstants(m, kConstants);
  return {};
}

}  // namespace dx
