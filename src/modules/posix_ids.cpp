// Module posix: who a process is, how it is scheduled, and waiting for others.
#include <grp.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"
#include "modules/posix_usage.h"
#include "runtime/types.h"

namespace dx {

namespace {

constexpr StructSeqField kSchedFields[] = {{"sched_priority", "the scheduling priority"}};
constexpr StructSeqDesc kSched = {
    "posix.sched_param",
    "Currently has only one field: sched_priority\n\n  sched_priority\n    A scheduling parameter.",
    kSchedFields, 1};
constexpr StructSeqField kWaitFields[] = {{"si_pid", nullptr},
                                          {"si_uid", nullptr},
                                          {"si_signo", nullptr},
                                          {"si_status", nullptr},
                                          {"si_code", nullptr}};
constexpr StructSeqDesc kWait = {
    "posix.waitid_result",
    "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n"
    "  (si_pid, si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and "
    "so on.\n\nSee os.waitid for more information.",
    kWaitFields, 5};
Type *gSched = nullptr, *gWait = nullptr;
Result<Ref<>> (*gFromSequence)(Thread&, Type*, const Args&) = nullptr;

// sched_param(sched_priority). What pickle and copy pass, (tuple, dict), goes the way of other
// struct sequences.
Result<Ref<>> schedParamNew(Thread& t, Type* cls, const Args& args) {
  if (args.count >= 1 && isTuple(args[0])) return gFromSequence(t, cls, args);
  static const char* const kNames[] = {"sched_priority"};
  static constexpr ParamSpec kSpec = {"sched_param", kNames, 0, 1, 0, 1, 0, false, false};
  Value in[1];
  TRY(bindArgs(t, kSpec, args, in));
  Ref<Tuple> sequence = tupleOf(in[0]);
  Value list[] = {Value(sequence)};
  return gFromSequence(t, cls, Args(list, 1));
}

Result<sched_param> schedParam(Thread& t, Value v) {
  if (typeOf(v) != gSched) return t.raise(kTypeError, "must have a sched_param object");
  i64 priority = TRY(argI64(t, v.as<Tuple>()->items[0]));
  if (priority < INT32_MIN || priority > INT32_MAX)
    return t.raise(kOverflowError, "sched_priority out of range");
  sched_param p;
  memset(&p, 0, sizeof p);
  p.sched_priority = int(priority);
  return p;
}

Result<void> zero(Thread& t, int r) {
  if (r != 0) return raiseErrno(t, errno);
  return {};
}
Result<i64> number(Thread& t, i64 r) {
  if (r < 0) return raiseErrno(t, errno);
  return r;
}

}  // namespace

// For posix_spawn.
Result<sched_param> schedParamArgument(Thread& t, Value v) { return schedParam(t, v); }

void addProcessTypes(Thread& t, Module& module) {
  if (!gSched) {
    gSched = makeStructSeqType(t, kSched).release();
    gFromSequence = gSched->data->slots.construct;
    gSched->data->slots.construct = schedParamNew;
    gWait = makeStructSeqType(t, kWait).release();
  }
  moduleSet(module, "sched_param", Value(gSched));
  moduleSet(module, "waitid_result", Value(gWait));
}

// ---- users and groups ----

#define DX_SET_IDS_1(name, what)                         \
  Result<void> posix_##name(Thread& t, Value a) {        \
    return zero(t, ::name(TRY(idArgument(t, a, what)))); \
  }
#define DX_SET_IDS_2(name, what)                                                   \
  Result<void> posix_##name(Thread& t, Value a, Value b) {                         \
    u32 first = TRY(idArgument(t, a, what)), second = TRY(idArgument(t, b, what)); \
    return zero(t, ::name(first, second));                                         \
  }
#define DX_SET_IDS_3(name, what)                                                   \
  Result<void> posix_##name(Thread& t, Value a, Value b, Value c) {                \
    u32 first = TRY(idArgument(t, a, what)), second = TRY(idArgument(t, b, what)), \
        third = TRY(idArgument(t, c, what));                                       \
    return zero(t, ::name(first, second, third));                                  \
  }
DX_SET_IDS_1(setuid, "uid")
DX_SET_IDS_1(setgid, "gid")
DX_SET_IDS_1(seteuid, "uid")
DX_SET_IDS_1(setegid, "gid")
DX_SET_IDS_2(setreuid, "uid")
DX_SET_IDS_2(setregid, "gid")
DX_SET_IDS_3(setresuid, "uid")
DX_SET_IDS_3(setresgid, "gid")
#undef DX_SET_IDS_1
#undef DX_SET_IDS_2
#undef DX_SET_IDS_3

Result<Ref<>> posix_getresuid(Thread& t) {
  uid_t r, e, s;
  TRY(zero(t, ::getresuid(&r, &e, &s)));
  return Ref<>(tupleOf(idValue(r), idValue(e), idValue(s)));
}
Result<Ref<>> posix_getresgid(Thread& t) {
  gid_t r, e, s;
  TRY(zero(t, ::getresgid(&r, &e, &s)));
  return Ref<>(tupleOf(idValue(r), idValue(e), idValue(s)));
}

Result<void> posix_setgroups(Thread& t, Value groups) {
  Ref<> sequence = TRY(sequenceFast(t, groups, "setgroups argument must be a sequence"));
  Ref<Tuple> items = TRY(tupleFrom(t, sequence));
  if (items->size > NGROUPS_MAX) return t.raise(kValueError, "too many groups");
  std::vector<gid_t> ids;
  for (i64 i = 0; i < items->size; i++) {
    if (!isInt(items->items[i])) return t.raise(kTypeError, "groups must be integers");
    ids.push_back(TRY(idArgument(t, items->items[i], "gid")));
  }
  return zero(t, ::setgroups(ids.size(), ids.data()));
}
Result<void> posix_initgroups(Thread& t, Value user, Value gid) {
  std::string name = TRY(encodeFs(t, user));
  u32 group = TRY(idArgument(t, gid, "gid"));
  int r, error;
  {
    AllowThreads allow(t);
    r = ::initgroups(name.c_str(), group);
    error = errno;
  }
  if (r < 0) return raiseErrno(t, error);
  return {};
}
Result<Ref<>> posix_getgrouplist(Thread& t, Str& user, Value group) {
  std::string name = TRY(plainText(t, user));
  u32 gid = TRY(idArgument(t, group, "gid"));
  std::vector<gid_t> ids(64);
  for (;;) {
    int n = int(ids.size()), r;
    {
      AllowThreads allow(t);
      r = ::getgrouplist(name.c_str(), gid, ids.data(), &n);
    }
    if (r >= 0) {
      ids.resize(size_t(n));
      break;
    }
    if (ids.size() > 1 << 20) return raiseErrno(t, ERANGE);
    ids.resize(std::max(ids.size() * 2, size_t(std::max(n, 0))));
  }
  Ref<List> list = newList();
  for (gid_t id : ids) listAppend(list, idValue(id));
  return Ref<>(std::move(list));
}

Result<void> posix_setpgrp(Thread& t) { return zero(t, ::setpgrp()); }

// ---- scheduling ----

Result<i64> posix_getpriority(Thread& t, i32 which, i32 who) {
  errno = 0;
  int r = ::getpriority(__priority_which(which), id_t(who));
  if (errno) return raiseErrno(t, errno);
  return i64(r);
}
Result<void> posix_setpriority(Thread& t, i32 which, i32 who, i32 priority) {
  return zero(t, ::setpriority(__priority_which(which), id_t(who), priority));
}
Result<i64> posix_sched_get_priority_max(Thread& t, i32 policy) {
  return number(t, ::sched_get_priority_max(policy));
}
Result<i64> posix_sched_get_priority_min(Thread& t, i32 policy) {
  return number(t, ::sched_get_priority_min(policy));
}
Result<Ref<>> posix_sched_getparam(Thread& t, i32 pid) {
  sched_param p;
  TRY(zero(t, ::sched_getparam(pid, &p)));
  Ref<Tuple> s = newStructSeq(gSched);
  s->items[0] = makeInt(p.sched_priority).release();
  return Ref<>(std::move(s));
}
Result<void> posix_sched_setparam(Thread& t, i32 pid, Value param) {
  sched_param p = TRY(schedParam(t, param));
  return zero(t, ::sched_setparam(pid, &p));
}
Result<i64> posix_sched_getscheduler(Thread& t, i32 pid) {
  return number(t, ::sched_getscheduler(pid));
}
Result<void> posix_sched_setscheduler(Thread& t, i32 pid, i32 policy, Value param) {
  sched_param p = TRY(schedParam(t, param));
  return zero(t, ::sched_setscheduler(pid, policy, &p));
}
Result<double> posix_sched_rr_get_interval(Thread& t, i32 pid) {
  timespec ts;
  TRY(zero(t, ::sched_rr_get_interval(pid, &ts)));
  return double(ts.tv_sec) + 1e-9 * double(ts.tv_nsec);
}
Result<void> posix_sched_yield(Thread& t) {
  AllowThreads allow(t);
  ::sched_yield();
  return {};
}

// Sets of any number of processors: the C library's type ends at 1024.
namespace {
struct CpuSet {
  cpu_set_t* set;
  size_t bytes;
  int count;
  explicit CpuSet(int n) : set(CPU_ALLOC(size_t(n))), bytes(CPU_ALLOC_SIZE(size_t(n))), count(n) {
    CPU_ZERO_S(bytes, set);
  }
  CpuSet(const CpuSet&) = delete;
  ~CpuSet() { CPU_FREE(set); }
};
constexpr int kMostCpus = 1 << 20;
}  // namespace

Result<Ref<>> posix_sched_getaffinity(Thread& t, i32 pid) {
  for (int n = 1024; n <= kMostCpus; n *= 2) {
    CpuSet mask(n);
    if (::sched_getaffinity(pid, mask.bytes, mask.set) != 0) {
      if (errno == EINVAL && n < kMostCpus) continue;
      return raiseErrno(t, errno);
    }
    Ref<Set> cpus = newSet(&PySet_Type);
    for (int i = 0; i < n; i++)
      if (CPU_ISSET_S(size_t(i), mask.bytes, mask.set)) TRY(setAdd(t, cpus, makeInt(i)));
    return Ref<>(std::move(cpus));
  }
  return raiseErrno(t, EINVAL);
}
Result<void> posix_sched_setaffinity(Thread& t, i32 pid, Value cpus) {
  std::vector<int> wanted;
  int most = 1023;
  TRY(forEach(t, cpus, [&](Value v) -> Result<bool> {
    if (!isInt(v))
      return t.raise(kTypeError, "expected an iterator of ints, but iterator yielded {}",
                     Value(typeOf(v)));
    i64 n;
    if (!intToI64(v, &n))
      return t.raise(kOverflowError, "Python int too large to convert to C long");
    if (n < 0) return t.raise(kValueError, "negative CPU number");
    if (n > INT32_MAX - 1) return t.raise(kOverflowError, "CPU number too large");
    wanted.push_back(int(n));
    most = std::max(most, int(n));
    return true;
  }));
  if (most >= kMostCpus) return raiseErrno(t, EINVAL);
  CpuSet mask(most + 1);
  for (int n : wanted) CPU_SET_S(size_t(n), mask.bytes, mask.set);
  return zero(t, ::sched_setaffinity(pid, mask.bytes, mask.set));
}

Result<void> posix_setns(Thread& t, Value file, i32 type) {
  int fd = TRY(descriptorArgument(t, file));
  return zero(t, ::setns(fd, type));
}
Result<void> posix_unshare(Thread& t, i32 flags) { return zero(t, ::unshare(flags)); }

// ---- waiting ----

Result<i64> posix_pidfd_open(Thread& t, i32 pid, u64 flags) {
  return number(t, ::syscall(SYS_pidfd_open, pid, unsigned(flags)));
}

static Result<Ref<>> waitWithUsage(Thread& t, pid_t pid, int options) {
  int status = 0;
  rusage usage;
  memset(&usage, 0, sizeof usage);
  pid_t r = blocking(t, [&] { return ::wait4(pid, &status, options, &usage); });
  if (r < 0) return systemError(t);
  Ref<> type = TRY(importAttr(t, "resource", "struct_rusage"));
  return Ref<>(tupleOf(makeInt(i64(r)), makeInt(status), usageResult(type.as<Type>(), usage)));
}
Result<Ref<>> posix_wait3(Thread& t, i32 options) { return waitWithUsage(t, -1, options); }
Result<Ref<>> posix_wait4(Thread& t, i32 pid, i32 options) {
  return waitWithUsage(t, pid, options);
}

Result<Ref<>> posix_waitid(Thread& t, i32 kind, i32 id, i32 options) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  int r = blocking(t, [&] { return ::waitid(idtype_t(kind), id_t(id), &info, options); });
  if (r < 0) return systemError(t);
  if (info.si_pid == 0) return noneRef();
  Ref<Tuple> s = newStructSeq(gWait);
  i64 fields[] = {info.si_pid, i64(info.si_uid), info.si_signo, info.si_status, info.si_code};
  for (int i = 0; i < 5; i++) s->items[i] = makeInt(fields[i]).release();
  return Ref<>(std::move(s));
}

}  // namespace dx
