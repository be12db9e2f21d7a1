// `dxpy snapshot`: writes the snapshots of the started runtime that lie beside the program.
#include "runtime/snapshot.h"

#include <sys/wait.h>
#include <unistd.h>

#include "cli/run.h"
#include "runtime/lifecycle.h"

namespace dx {

// In a process of its own, as the state of the process goes into the snapshot.
static bool writeOne(const Config& config) {
  fflush(nullptr);
  pid_t child = fork();
  if (child == 0) {
    std::string path = snapshotFor(config);
    std::string problem = makeSnapshot(config, path);
    if (!problem.empty()) {
      unlink(path.c_str());
      fprintf(stderr, "dxpy snapshot: %s: %s\n", path.c_str(), problem.c_str());
    }
    _exit(problem.empty() ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int writeSnapshots(const CommandLine& line) {
  if (line.config.stdlib.empty()) {
    fputs("dxpy snapshot: no standard library found\n", stderr);
    return 1;
  }
  // Nothing of this process's options and environment.
  Config config;
  config.hashSeed = "0";
  config.executable = line.config.executable;
  config.prefix = config.basePrefix = line.config.basePrefix;
  config.stdlib = line.config.stdlib;
  config.ownLib = line.config.ownLib;
  config.archive = line.config.archive;
  if (!config.ownLib.empty()) config.path.push_back(config.ownLib);
  config.path.push_back(config.stdlib);
  clearenv();
  bool ok = true;
  for (int noSite : {1, 0}) {
    config.noSite = noSite;
    ok = writeOne(config) && ok;
  }
  return ok ? 0 : 1;
}

}  // namespace dx
