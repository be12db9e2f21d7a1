// Module syslog.
#include <syslog.h>

#include "modules/arguments.h"
#include "modules/int_constants.h"
#include "modules/syslog.gen.h"
#include "runtime/gil.h"

namespace dx {

static bool gOpen = false;
static std::string gIdent;  // the C library keeps the pointer

// The script's name, as the shell would log it.
static std::string scriptName() {
  Value argv = sysGet("argv");
  if (!argv || !isList(argv) || argv.as<List>()->size == 0) return "";
  Value script = argv.as<List>()->items[0];
  if (!isStr(script)) return "";
  std::string name = toUtf8(script.as<Str>());
  return name.substr(name.rfind('/') + 1);  // npos + 1: all of it
}

static Result<void> open(Thread& t, Str* ident, i32 option, i32 facility) {
  std::string name = ident ? TRY(plainText(t, *ident)) : scriptName();
  Ref<Str> shown = makeStr(name);
  Ref<> option_ = makeInt(option), facility_ = makeInt(facility);
  Value event[] = {ident || !name.empty() ? Value(shown) : none(), option_, facility_};
  TRY(audit(t, "syslog.openlog", event));
  gIdent = name;
  ::openlog(gIdent.empty() ? nullptr : gIdent.c_str(), option, facility);
  gOpen = true;
  return {};
}

Result<void> syslog_openlog(Thread& t, Str* ident, i32 option, i32 facility) {
  return open(t, ident, option, facility);
}

Result<void> syslog_syslog(Thread& t, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "syslog.syslog() takes no keyword arguments");
  if (args.count < 1 || args.count > 2)
    return t.raise(kTypeError, "syslog.syslog requires 1 to 2 arguments");
  i32 priority = args.count == 2 ? TRY(argI32(t, args[0])) : LOG_INFO;
  Value message = args[args.count - 1];
  if (!isStr(message))
    return t.raise(kTypeError, "syslog() argument {} must be str, not {}", args.count,
                   isNone(message) ? std::string_view("None") : typeNameOf(message));
  std::string text = TRY(plainText(t, *message.as<Str>()));
  Ref<> number = makeInt(priority);
  Value event[] = {number, message};
  TRY(audit(t, "syslog.syslog", event));
  if (!gOpen) TRY(open(t, nullptr, 0, LOG_USER));
  AllowThreads allow(t);
  ::syslog(priority, "%s", text.c_str());
  return {};
}

Result<void> syslog_closelog(Thread& t) {
  TRY(audit(t, "syslog.closelog", {}));
  if (gOpen) {
    ::closelog();
    gOpen = false;
  }
  return {};
}

Result<i64> syslog_setlogmask(Thread& t, i32 mask) {
  Ref<> number = makeInt(mask);
  Value event[] = {number};
  TRY(audit(t, "syslog.setlogmask", event));
  return i64(::setlogmask(mask));
}
Result<i64> syslog_LOG_MASK(Thread&, i32 priority) { return i64(int(1u << (u32(priority) & 31))); }
Result<i64> syslog_LOG_UPTO(Thread&, i32 priority) {
  return i64(int((1u << ((u32(priority) + 1) & 31)) - 1));
}

Result<void> syslog_exec(Thread&, Module& m) {
#define X(name) {#name, i64(name)},
  static constexpr IntConstant kConstants[] = {
      X(LOG_ALERT) X(LOG_AUTH) X(LOG_AUTHPRIV) X(LOG_CONS) X(LOG_CRIT) X(LOG_CRON) X(LOG_DAEMON)
          X(LOG_DEBUG) X(LOG_EMERG) X(LOG_ERR) X(LOG_FTP) X(LOG_INFO) X(LOG_KERN) X(LOG_LOCAL0)
              X(LOG_LOCAL1) X(LOG_LOCAL2) X(LOG_LOCAL3) X(LOG_LOCAL4) X(LOG_LOCAL5) X(LOG_LOCAL6)
                  X(LOG_LOCAL7) X(LOG_LPR) X(LOG_MAIL) X(LOG_NDELAY) X(LOG_NEWS) X(LOG_NOTICE)
                      X(LOG_NOWAIT) X(LOG_ODELAY) X(LOG_PERROR) X(LOG_PID) X(LOG_SYSLOG) X(LOG_USER)
                          X(LOG_UUCP) X(LOG_WARNING)};
#undef X
  addConstants(m, kConstants);
  return {};
}

}  // namespace dx
