// The command line and the PYTHON* variables.
#pragma once
#include "runtime/module.h"

namespace dx {

struct CommandLine {
  Config config;
  enum class Run { Interactive, File, Command, Module, Stdin, Tool } run = Run::Interactive;
  std::string target;   // file name, command text or module name
  std::string dump;     // --dump=ast,bytecode,feedback
  std::string profile;  // -X profile=FILE
  int exitStatus = -1;  // >= 0: nothing to run (--version, --help, a wrong option)
};

CommandLine parseCommandLine(int argc, char** argv);

}  // namespace dx
