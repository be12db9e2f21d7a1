// What to run, and how its end becomes an exit status.
#pragma once
#include "cli/options.h"

namespace dx {

int runMain(Thread& t, const CommandLine& line);
int runTool(const CommandLine& line);  // without an interpreter

}  // namespace dx
