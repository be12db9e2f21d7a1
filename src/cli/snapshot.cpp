// `dxpy snapshot`: writes the snapshots of the started runtime that lie beside the program.
#include "runtime/snapshot.h"

#include <sys/wait.h>
#include <unistd.h>

#include "cli/run.h"
#include "runtime/lifecycle.h"

namespace dx {

// Runs `work` in a process of its own, as the state of the process is what snapshots are about.
template <class F>
static bool inChild(F&& work) {
  fflush(nullptr);
  pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool write(const Config& config, const WrittenBlocks& written) {
  return inChild([&] {
    std::string path = snapshotFor(config);
    std::string problem = makeSnapshot(config, path, written);
    if (problem.empty()) return true;
    unlink(path.c_str());
    fprintf(stderr, "dxpy snapshot: %s: %s\n", path.c_str(), problem.c_str());
    return false;
  });
}

// What `dxpy -c pass` writes to, by a pipe from the process that does it.
static WrittenBlocks tryStart(const Config& config) {
  WrittenBlocks written;
  int ends[2];
  if (pipe(ends) != 0) return written;
  pid_t child = fork();
  if (child == 0) {
    CommandLine line;
    line.config = config;
    line.config.hashSeed.clear();
    line.run = CommandLine::Run::Command;
    line.target = "pass";
    if (Thread* t = startInterpreter(line.config)) {
      runMain(*t, line);
      written = findWritten(snapshotFor(config));
    }
    FILE* out = fdopen(ends[1], "wb");
    fwrite(&written.units, sizeof(u32), 1, out);
    fwrite(written.allocations.data(), sizeof(u32), written.allocations.size(), out);
    fclose(out);
    _exit(0);
  }
  close(ends[1]);
  FILE* in = fdopen(ends[0], "rb");
  u32 word;
  if (fread(&written.units, sizeof(u32), 1, in) == 1)
    while (fread(&word, sizeof word, 1, in) == 1) written.allocations.push_back(word);
  fclose(in);
  waitpid(child, nullptr, 0);
  return written;
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
    ok = write(config, {}) && write(config, tryStart(config)) && ok;
  }
  return ok ? 0 : 1;
}

}  // namespace dx
