// Module resource: getrusage, getrlimit, setrlimit, prlimit.
#include <sys/resource.h>
#include <unistd.h>

#include "modules/int_constants.h"
#include "modules/posix_usage.h"
#include "modules/resource.gen.h"
#include "runtime/api.h"

namespace dx {

namespace {

constexpr StructSeqField kFields[] = {{"ru_utime", "user time used"},
                                      {"ru_stime", "system time used"},
                                      {"ru_maxrss", "max. resident set size"},
                                      {"ru_ixrss", "shared memory size"},
                                      {"ru_idrss", "unshared data size"},
                                      {"ru_isrss", "unshared stack size"},
                                      {"ru_minflt", "page faults not requiring I/O"},
                                      {"ru_majflt", "page faults requiring I/O"},
                                      {"ru_nswap", "number of swap outs"},
                                      {"ru_inblock", "block input operations"},
                                      {"ru_oublock", "block output operations"},
                                      {"ru_msgsnd", "IPC messages sent"},
                                      {"ru_msgrcv", "IPC messages received"},
                                      {"ru_nsignals", "signals received"},
                                      {"ru_nvcsw", "voluntary context switches"},
                                      {"ru_nivcsw", "involuntary context switches"}};
constexpr StructSeqDesc kUsage = {
    "resource.struct_rusage",
    "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n"
    "    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n"
    "    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\n"
    "or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    kFields, 16};

// RLIM_INFINITY is -1 in Python.
Ref<> limitValue(rlim_t v) { return v == RLIM_INFINITY ? makeInt(-1) : makeInt(u64(v)); }
Ref<> limitPair(const rlimit& v) {
  return Ref<>(tupleOf(limitValue(v.rlim_cur), limitValue(v.rlim_max)));
}

Result<rlim_t> readLimit(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  i64 small;
  if (intToI64(n, &small) && small == -1) return rlim_t(RLIM_INFINITY);
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  u64 out;
  if (!intToU64(n, &out))
    return t.raise(kOverflowError, "Python int too large to convert to C rlim_t");
  return rlim_t(out);
}

Result<rlimit> readLimits(Thread& t, Value limits) {
  Ref<Tuple> pair = TRY(tupleFrom(t, limits));
  if (pair->size != 2) return t.raise(kValueError, "expected a tuple of 2 integers");
  rlimit out;
  out.rlim_cur = TRY(readLimit(t, pair->items[0]));
  out.rlim_max = TRY(readLimit(t, pair->items[1]));
  return out;
}

Result<void> checkResource(Thread& t, i32 resource) {
  if (resource < 0 || resource >= RLIM_NLIMITS)
    return t.raise(kValueError, "invalid resource specified");
  return {};
}

Error limitError(Thread& t) {
  if (errno == EINVAL) return t.raise(kValueError, "current limit exceeds maximum limit");
  if (errno == EPERM) return t.raise(kValueError, "not allowed to raise maximum limit");
  return raiseErrno(t, errno);
}

}  // namespace

Ref<> usageResult(Type* type, const rusage& u) {
  Ref<Tuple> s = newStructSeq(type);
  auto seconds = [](const timeval& tv) {
    return makeFloat(double(tv.tv_sec) + double(tv.tv_usec) * 0.000001);
  };
  s->items[0] = seconds(u.ru_utime).release();
  s->items[1] = seconds(u.ru_stime).release();
  long counts[] = {u.ru_maxrss, u.ru_ixrss,    u.ru_idrss,   u.ru_isrss,   u.ru_minflt,
                   u.ru_majflt, u.ru_nswap,    u.ru_inblock, u.ru_oublock, u.ru_msgsnd,
                   u.ru_msgrcv, u.ru_nsignals, u.ru_nvcsw,   u.ru_nivcsw};
  for (int i = 0; i < 14; i++) s->items[2 + i] = makeInt(i64(counts[i])).release();
  return Ref<>(std::move(s));
}

static Type* gUsage = nullptr;

Result<Ref<>> resource_getrusage(Thread& t, i32 who) {
  rusage u;
  if (::getrusage(__rusage_who(who), &u) != 0) {
    if (errno == EINVAL) return t.raise(kValueError, "invalid who parameter");
    return raiseErrno(t, errno);
  }
  return usageResult(gUsage, u);
}

Result<Ref<>> resource_getrlimit(Thread& t, i32 resource) {
  TRY(checkResource(t, resource));
  rlimit v;
  if (::getrlimit(__rlimit_resource(resource), &v) != 0) return raiseErrno(t, errno);
  return limitPair(v);
}

Result<void> resource_setrlimit(Thread& t, i32 resource, Value limits) {
  TRY(checkResource(t, resource));
  Value event[] = {Value::smallInt(resource), limits};
  TRY(audit(t, "resource.setrlimit", event));
  rlimit v = TRY(readLimits(t, limits));
  if (::setrlimit(__rlimit_resource(resource), &v) != 0) return limitError(t);
  return {};
}

Result<Ref<>> resource_prlimit(Thread& t, i32 pid, i32 resource, Value limits) {
  TRY(checkResource(t, resource));
  Value event[] = {Value::smallInt(pid), Value::smallInt(resource), limits};
  TRY(audit(t, "resource.prlimit", event));
  rlimit fresh, old;
  bool change = !isNone(limits);
  if (change) fresh = TRY(readLimits(t, limits));
  if (::prlimit(pid, __rlimit_resource(resource), change ? &fresh : nullptr, &old) != 0) {
    if (errno == EINVAL) return t.raise(kValueError, "current limit exceeds maximum limit");
    return raiseErrno(t, errno);
  }
  return limitPair(old);
}

Result<i64> resource_getpagesize(Thread&) { return i64(::sysconf(_SC_PAGESIZE)); }

Result<void> resource_exec(Thread& t, Module& m) {
#define X(name) {#name, i64(name)},
  constexpr IntConstant kConstants[] = {
      X(RLIMIT_AS) X(RLIMIT_CORE) X(RLIMIT_CPU) X(RLIMIT_DATA) X(RLIMIT_FSIZE) X(RLIMIT_MEMLOCK)
          X(RLIMIT_MSGQUEUE) X(RLIMIT_NICE) X(RLIMIT_NOFILE) X(RLIMIT_NPROC) X(RLIMIT_OFILE)
              X(RLIMIT_RSS) X(RLIMIT_RTPRIO) X(RLIMIT_RTTIME) X(RLIMIT_SIGPENDING) X(RLIMIT_STACK)
                  X(RUSAGE_CHILDREN) X(RUSAGE_SELF) X(RUSAGE_THREAD){"RLIM_INFINITY", -1}};
#undef X
  addConstants(m, kConstants);
  moduleSet(m, "error", Value(kOSError));
  if (!gUsage) gUsage = makeStructSeqType(t, kUsage).release();
  moduleSet(m, "struct_rusage", Value(gUsage));
  return {};
}

}  // namespace dx
