// What to run, and how its end becomes an exit status.
#pragma once
#include "cli/options.h"

namespace dx {

int runMain(Thread& t, const CommandLine& line);
void dumpFeedback(Thread& t, const std::string& file);  // of the code of a source file
int runTool(const CommandLine& line);                   // without an interpreter

}  // namespace dx
