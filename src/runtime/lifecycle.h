// Starting and ending the interpreter.
#pragma once
#include "runtime/module.h"

namespace dx {

// Makes the first thread, sys, builtins and the import system, standard streams, and runs `site` as
// the configuration says. Prints what went wrong and returns null on failure.
Thread* startInterpreter(const Config& config);
// Does what all starts have in common and writes the state to `path` (runtime/snapshot.h), instead
// of starting. What went wrong, or empty; the process has to end then.
std::string makeSnapshot(const Config& config, const std::string& path);
// Where the start's time went, for --dump=startup.
void reportStart(FILE* out);
// What exists now is not the program's; the end of the program then need not look for garbage in
// it.
void programBegins();
// Runs atexit functions, flushes the streams, clears modules. Gives the exit status to use when
// flushing failed (120), else `status`.
int endInterpreter(Thread& t, int status);

// Where the standard library is: DX_HOME, PYTHONHOME, or relative to the executable.
std::string findStandardLibrary(const std::string& executable, const std::string& home);

// Appends what is in a file. False: it cannot be opened or read.
bool readWholeFile(const std::string& path, std::string* out);

// dxpy's own Python modules (the folder lib/ of the source, or lib/dxpy beside an installed
// program).
std::string findOwnLibrary(const std::string& executable);

// The library's archive, beside the program.
constexpr const char* kLibraryArchive = "stdlib.dpb";

// ---- implemented by others, called in order ----
void readyStaticTypes();                 // runtime/types.cpp
Result<void> initExceptions(Thread& t);  // runtime: ExceptionGroup
Result<void> fillNativeModule(Thread& t, Module& m, const NativeModule& native);
// What a process that goes on from a snapshot makes anew: attributes of sys that depend on the
// command line, os.environ, handlers of signals, the time zone.
Result<void> setProcessData(Thread& t, Module& sys);
Result<void> renewEnvironment(Thread& t);
Result<void> renewSignals(Thread& t);
void renewTimeZone();
// Prints a SyntaxError or any exception with its traceback to stderr; consumes it. Runs
// sys.excepthook.
void printPendingException(Thread& t);
// The exit status that an uncaught exception asks for; prints it (SystemExit rules).
int handleUncaught(Thread& t);

}  // namespace dx
