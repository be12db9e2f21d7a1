// Module termios.
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "modules/arguments.h"
#include "modules/exception_class.h"
#include "modules/int_constants.h"
#include "modules/posix_path.h"
#include "modules/termios.gen.h"

namespace dx {

static Type* gTermiosError = nullptr;

// termios.error(errno, text); not an OSError.
static Error termiosError(Thread& t) {
  if (t.hasException()) return Error{};
  int code = errno;
  Result<Ref<>> e = callWith(t, Value(gTermiosError), Value::smallInt(code),
                             Ref<Str>(decodeFs(::strerror(code))));
  if (!e) return Error{};
  return t.raiseException(std::move(e).take());
}

static Result<void> onTerminal(Thread& t, Value file, auto&& call) {
  int fd = TRY(descriptorArgument(t, file));
  if (blocking(t, [&] { return call(fd); }) < 0) return termiosError(t);
  return {};
}

Result<Ref<>> termios_tcgetattr(Thread& t, Value file) {
  termios mode;
  TRY(onTerminal(t, file, [&](int fd) { return ::tcgetattr(fd, &mode); }));
  Ref<List> cc = newList(NCCS);
  for (int i = 0; i < NCCS; i++) {
    // Outside canonical mode these two are counts.
    if (!(mode.c_lflag & ICANON) && (i == VMIN || i == VTIME))
      listAppend(cc, makeInt(int(mode.c_cc[i])));
    else
      listAppend(cc, Ref<>(makeBytes({reinterpret_cast<char*>(&mode.c_cc[i]), 1})));
  }
  Ref<List> out = newList(7);
  for (u32 flags : {mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag,
                    u32(::cfgetispeed(&mode)), u32(::cfgetospeed(&mode))})
    listAppend(out, makeInt(flags));
  listAppend(out, Ref<>(std::move(cc)));
  return Ref<>(std::move(out));
}

Result<void> termios_tcsetattr(Thread& t, Value file, i32 when, Value attributes) {
  int fd = TRY(descriptorArgument(t, file));
  if (!isList(attributes) || attributes.as<List>()->size != 7)
    return t.raise(kTypeError, "tcsetattr, arg 3: must be 7 element list");
  // Conversions run Python, which may change the list.
  Ref<Tuple> items = makeTuple(valuesOf(attributes.as<List>()));
  termios mode;
  if (blocking(t, [&] { return ::tcgetattr(fd, &mode); }) < 0) return termiosError(t);
  u32 numbers[6];
  for (int i = 0; i < 6; i++) {
    Ref<> n = TRY(toIndex(t, items->items[i]));
    i64 value;
    if (!intToI64(n, &value))
      return t.raise(kOverflowError, "Python int too large to convert to C long");
    numbers[i] = u32(value);
  }
  mode.c_iflag = numbers[0];
  mode.c_oflag = numbers[1];
  mode.c_cflag = numbers[2];
  mode.c_lflag = numbers[3];
  Value cc = items->items[6];
  if (!isList(cc) || cc.as<List>()->size != NCCS)
    return t.raise(kTypeError, "tcsetattr: attributes[6] must be {} element list", NCCS);
  Ref<Tuple> characters = makeTuple(valuesOf(cc.as<List>()));
  for (int i = 0; i < NCCS; i++) {
    Value v = characters->items[i];
    if (isBytes(v) && v.as<Bytes>()->size == 1) {
      mode.c_cc[i] = cc_t(v.as<Bytes>()->data[0]);
    } else if (isInt(v)) {
      i64 n;
      if (!intToI64(v, &n))
        return t.raise(kOverflowError, "Python int too large to convert to C long");
      mode.c_cc[i] = cc_t(n);
    } else {
      return t.raise(kTypeError,
                     "tcsetattr: elements of attributes must be characters or integers");
    }
  }
  if (::cfsetispeed(&mode, numbers[4]) < 0 || ::cfsetospeed(&mode, numbers[5]) < 0)
    return termiosError(t);
  if (blocking(t, [&] { return ::tcsetattr(fd, when, &mode); }) < 0) return termiosError(t);
  return {};
}

Result<void> termios_tcsendbreak(Thread& t, Value file, i32 duration) {
  return onTerminal(t, file, [&](int fd) { return ::tcsendbreak(fd, duration); });
}
Result<void> termios_tcdrain(Thread& t, Value file) {
  return onTerminal(t, file, [](int fd) { return ::tcdrain(fd); });
}
Result<void> termios_tcflush(Thread& t, Value file, i32 queue) {
  return onTerminal(t, file, [&](int fd) { return ::tcflush(fd, queue); });
}
Result<void> termios_tcflow(Thread& t, Value file, i32 action) {
  return onTerminal(t, file, [&](int fd) { return ::tcflow(fd, action); });
}

Result<Ref<>> termios_tcgetwinsize(Thread& t, Value file) {
  winsize w;
  TRY(onTerminal(t, file, [&](int fd) { return ::ioctl(fd, TIOCGWINSZ, &w); }));
  return Ref<>(tupleOf(makeInt(int(w.ws_row)), makeInt(int(w.ws_col))));
}
Result<void> termios_tcsetwinsize(Thread& t, Value file, Value size) {
  constexpr const char* kText = "tcsetwinsize, arg 2: must be a two-item sequence";
  int fd = TRY(descriptorArgument(t, file));
  Result<Ref<>> sequence = sequenceFast(t, size, kText);
  if (!sequence) return Error{};
  Ref<Tuple> items = TRY(tupleFrom(t, *sequence));
  if (items->size != 2) return t.raise(kTypeError, kText);
  i64 rows = TRY(argI64(t, items->items[0])), columns = TRY(argI64(t, items->items[1]));
  winsize w;
  if (blocking(t, [&] { return ::ioctl(fd, TIOCGWINSZ, &w); }) < 0) return termiosError(t);
  if (rows < 0 || rows > 0xFFFF || columns < 0 || columns > 0xFFFF)
    return t.raise(kOverflowError, "winsize value(s) out of range.");
  w.ws_row = u16(rows);
  w.ws_col = u16(columns);
  if (blocking(t, [&] { return ::ioctl(fd, TIOCSWINSZ, &w); }) < 0) return termiosError(t);
  return {};
}

Result<void> termios_exec(Thread& t, Module& m) {
  static constexpr IntConstant kConstants[] = {
#define DX_CONST(name) {#name, i64(name)},
#define DX_CONST_VALUE(name, value) {#name, value},
#include "modules/termios_constants.def"
#undef DX_CONST
#undef DX_CONST_VALUE
  };
  addConstants(m, kConstants);
  if (!gTermiosError)
    gTermiosError = TRY(newExceptionClass(t, "termios", "error", kException)).release();
  moduleSet(m, "error", Value(gTermiosError));
  return {};
}

}  // namespace dx
