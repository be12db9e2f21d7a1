// Module posix: posix_spawn and posix_spawnp.
#include <fcntl.h>
#include <spawn.h>

#include "modules/posix.gen.h"
#include "modules/posix_path.h"
#include "modules/posix_process.h"
#include "modules/signal_set.h"

extern char** environ;

namespace dx {

Result<sched_param> schedParamArgument(Thread& t, Value v);

namespace {

enum : i32 { kOpen, kClose, kDup2, kCloseFrom };

class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

Result<void> check(Thread& t, int error) {
  if (error) return raiseErrno(t, error);
  return {};
}

Result<void> addAction(Thread& t, SpawnPlan& plan, Tuple* action) {
  i32 kind = TRY(argI32(t, action->items[0]));
  auto sized = [&](i64 size, const char* name) -> Result<void> {
    if (action->size != size)
      return t.raise(kTypeError, "A {} file_action tuple must have {} elements", name, size);
    return {};
  };
  switch (kind) {
    case kOpen: {
      TRY(sized(5, "open"));
      i32 fd = TRY(argI32(t, action->items[1]));
      std::string path = TRY(encodeFs(t, action->items[2]));
      i32 flags = TRY(argI32(t, action->items[3]));
      u64 mode = TRY(argU64Mask(t, action->items[4]));
      // The C library copies the path.
      return check(t, ::posix_spawn_file_actions_addopen(&plan.actions, fd, path.c_str(), flags,
                                                         mode_t(mode)));
    }
    case kClose: {
      TRY(sized(2, "close"));
      i32 fd = TRY(argI32(t, action->items[1]));
      return check(t, ::posix_spawn_file_actions_addclose(&plan.actions, fd));
    }
    case kDup2: {
      TRY(sized(3, "dup2"));
      i32 from = TRY(argI32(t, action->items[1])), to = TRY(argI32(t, action->items[2]));
      return check(t, ::posix_spawn_file_actions_adddup2(&plan.actions, from, to));
    }
    case kCloseFrom: {
      TRY(sized(2, "closefrom"));
      i32 fd = TRY(argI32(t, action->items[1]));
      return check(t, ::posix_spawn_file_actions_addclosefrom_np(&plan.actions, fd));
    }
  }
  return t.raise(kTypeError, "Unknown file_actions identifier");
}

struct Options {
  Value actions, group, mask, defaults, scheduler;
  bool resetIds, newSession;
};

Result<void> setAttributes(Thread& t, SpawnPlan& plan, const char* function, const Options& o) {
  short flags = 0;
  if (!isNone(o.group)) {
    i32 group = TRY(argI32(t, o.group));
    TRY(check(t, ::posix_spawnattr_setpgroup(&plan.attributes, group)));
    flags |= POSIX_SPAWN_SETPGROUP;
  }
  if (o.resetIds) flags |= POSIX_SPAWN_RESETIDS;
  if (o.newSession) flags |= POSIX_SPAWN_SETSID;
  if (o.mask) {
    sigset_t set = TRY(signalSet(t, o.mask));
    TRY(check(t, ::posix_spawnattr_setsigmask(&plan.attributes, &set)));
    flags |= POSIX_SPAWN_SETSIGMASK;
  }
  if (o.defaults) {
    sigset_t set = TRY(signalSet(t, o.defaults));
    TRY(check(t, ::posix_spawnattr_setsigdefault(&plan.attributes, &set)));
    flags |= POSIX_SPAWN_SETSIGDEF;
  }
  if (!isNone(o.scheduler)) {
    if (!isTuple(o.scheduler))
      return t.raise(kTypeError, "{}: scheduler must be a tuple or None", function);
    Tuple* pair = o.scheduler.as<Tuple>();
    if (pair->size != 2) return t.raise(kTypeError, "A scheduler tuple must have two elements");
    if (!isNone(pair->items[0])) {
      i32 policy = TRY(argI32(t, pair->items[0]));
      TRY(check(t, ::posix_spawnattr_setschedpolicy(&plan.attributes, policy)));
      flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    sched_param param = TRY(schedParamArgument(t, pair->items[1]));
    TRY(check(t, ::posix_spawnattr_setschedparam(&plan.attributes, &param)));
    flags |= POSIX_SPAWN_SETSCHEDPARAM;
  }
  return check(t, ::posix_spawnattr_setflags(&plan.attributes, flags));
}

Result<i64> spawn(Thread& t, const char* function, bool search, Value path, Value argv, Value env,
                  const Options& o) {
  PathArg p = TRY(pathArgument(t, function, "path", path));
  if (!isTuple(argv) && !isList(argv))
    return t.raise(kTypeError, "{}: argv must be a tuple or list", function);
  Ref<Tuple> items = TRY(tupleFrom(t, argv));
  if (items->size < 1) return t.raise(kValueError, "{}: argv must not be empty", function);
  if (!isNone(env) && !TRY(hasAttr(t, Value(typeOf(env)), DX_NAME("__getitem__"))))
    return t.raise(kTypeError, "{}: environment must be a mapping object or None", function);
  std::vector<std::string> arguments, variables;
  for (i64 i = 0; i < items->size; i++) arguments.push_back(TRY(encodeFs(t, items->items[i])));
  if (arguments[0].empty())
    return t.raise(kValueError, "{}: argv first element cannot be empty", function);
  if (!isNone(env)) variables = TRY(environmentList(t, env));
  SpawnPlan plan;
  if (o.actions && !isNone(o.actions)) {
    Ref<> sequence = TRY(sequenceFast(t, o.actions, "file_actions must be a sequence or None"));
    Ref<Tuple> list = TRY(tupleFrom(t, sequence));
    for (i64 i = 0; i < list->size; i++) {
      Value action = list->items[i];
      if (!isTuple(action) || action.as<Tuple>()->size == 0)
        return t.raise(kTypeError, "Each file_actions element must be a non-empty tuple");
      TRY(addAction(t, plan, action.as<Tuple>()));
    }
  }
  TRY(setAttributes(t, plan, function, o));
  Value event[] = {path, argv, env};
  TRY(audit(t, "os.posix_spawn", event));
  std::vector<char*> args = pointers(arguments), envp = pointers(variables);
  char** environment = isNone(env) ? environ : envp.data();
  pid_t pid;
  int error =
      search
          ? ::posix_spawnp(&pid, p.c(), &plan.actions, &plan.attributes, args.data(), environment)
          : ::posix_spawn(&pid, p.c(), &plan.actions, &plan.attributes, args.data(), environment);
  if (error) return raiseErrno(t, error, p.original);
  return i64(pid);
}

}  // namespace

Result<i64> posix_posix_spawn(Thread& t, Value path, Value argv, Value env, Value actions,
                              Value group, bool resetIds, bool newSession, Value mask,
                              Value defaults, Value scheduler) {
  return spawn(t, "posix_spawn", false, path, argv, env,
               {actions, group, mask, defaults, scheduler, resetIds, newSession});
}
Result<i64> posix_posix_spawnp(Thread& t, Value path, Value argv, Value env, Value actions,
                               Value group, bool resetIds, bool newSession, Value mask,
                               Value defaults, Value scheduler) {
  return spawn(t, "posix_spawnp", true, path, argv, env,
               {actions, group, mask, defaults, scheduler, resetIds, newSession});
}

}  // namespace dx
