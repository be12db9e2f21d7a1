// Arguments that several modules of the operating system take.
#pragma once
#include "runtime/api.h"

namespace dx {

// An int or what has a fileno() method; never negative.
Result<int> descriptorArgument(Thread& t, Value v);
// An unsigned number of at most `max`; `ctype` is named in the OverflowError.
Result<u64> unsignedArgument(Thread& t, Value v, u64 max, const char* ctype);
// A user's or group's number, -1 being "none"; `what` ("uid", "gid") is named in errors.
Result<u32> idArgument(Thread& t, Value v, const char* what);
inline Ref<> idValue(u32 id) { return id == u32(-1) ? makeInt(-1) : makeInt(id); }
// A device number, -1 being NODEV.
Result<u64> deviceArgument(Thread& t, Value v);
// A writable buffer, the argument at `index`.
Result<Buffer> writableArgument(Thread& t, Value v, const char* function, int index);
// A str without NULs as UTF-8: ValueError "embedded null character".
Result<std::string> plainText(Thread& t, Str& s);

}  // namespace dx
