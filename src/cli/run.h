// What to run, and how its end becomes an exit status.
#pragma once
#include "cli/options.h"

namespace dx {

int runMain(Thread& t, const CommandLine& line);
void dumpFeedback(Thread& t, const std::string& file);  // of the code of a source file
int runTool(const CommandLine& line);                   // without an interpreter
int runCompile(const CommandLine& line);                // likewise
int writeSnapshots(const CommandLine& line);            // in processes of their own

// ---- of the tools ----
// The image of a source file; empty when `problem` says why.
std::vector<u8> compileFile(const std::string& path, const std::string& source, int optimize,
                            std::string* problem);

}  // namespace dx
