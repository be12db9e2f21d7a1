// CPython's compact encodings of source positions and handlers, for co_linetable, co_lnotab and
// co_exceptiontable. Formats: CPython's InternalDocs/code_objects.md, exception_handling.md.
#pragma once
#include <string>
#include <vector>

#include "bytecode/image.h"

namespace dx {

// The positions that a table in CPython's format gives; what comes after its end has none.
std::vector<bytecode::PositionRecord> decodeLocations(std::string_view table, u32 codeBytes,
                                                      i32 firstLine);
std::string encodeLocations(std::span<const bytecode::PositionRecord> positions, u32 codeBytes,
                            i32 firstLine);
std::string encodeLineNumbers(std::span<const bytecode::PositionRecord> positions, u32 codeBytes,
                              i32 firstLine);
// The depth of an entry is `keep`, counted from the first temporary; `reg` is the same register.
std::string encodeHandlers(std::span<const bytecode::ExceptionRecord> handlers, u32 locals);
// False if the table ends early or a number is out of range.
bool decodeHandlers(std::string_view table, u32 locals,
                    std::vector<bytecode::ExceptionRecord>* out);

}  // namespace dx
