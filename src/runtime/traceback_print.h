// Tracebacks as CPython 3.14 prints them.
#pragma once
#include "runtime/thread.h"

namespace dx {

// To sys.stderr, or to file descriptor 2 when that is missing or fails.
void printException(Thread& t, Value exception);
void printExceptionTo(Thread& t, Value exception, Value file);
// The same text as a string.
std::string formatException(Thread& t, Value exception);
void writeStderr(Thread& t, std::string_view utf8);

}  // namespace dx
