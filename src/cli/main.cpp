// dxpy: a Python 3.14 runtime. `dxpy FILE` runs a program.
#include <unistd.h>

#include "cli/options.h"
#include "cli/run.h"
#include "runtime/lifecycle.h"
#include "speculation/profile.h"

using namespace dx;

// Linked into builds that record a profile; otherwise null.
extern "C" [[gnu::weak]] int __llvm_profile_write_file();

int main(int argc, char** argv) {
  CommandLine line = parseCommandLine(argc, argv);
  if (line.exitStatus >= 0) return line.exitStatus;
  bool feedback = line.dump.find("feedback") != std::string::npos;
  bool startup = line.dump.find("startup") != std::string::npos;
  bool runs = line.dump.empty() || feedback || startup;
  if (line.run == CommandLine::Run::Tool || !runs) return runTool(line);
  if (line.config.stdlib.empty()) {
    fputs(
        "dxpy: no standard library found. Run `./dx setup` to download it, or set DX_HOME to the "
        "prefix of an\n"
        "installed Python 3.14 (the folder that holds lib/python3.14).\n",
        stderr);
    return 1;
  }
  if (!line.profile.empty()) loadProfile(line.profile);
  Thread* t = startInterpreter(line.config);
  if (!t) return 1;
  if (startup) reportStart(stderr);
  int status = runMain(*t, line);
  if (feedback) dumpFeedback(*t, line.target);
  saveProfile();
  status = endInterpreter(*t, status);
  fflush(nullptr);
  if (&__llvm_profile_write_file) (void)__llvm_profile_write_file();
  _exit(status);  // memory goes back with the process
}
