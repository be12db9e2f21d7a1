#include "bytecode/format_version.gen.h"
#include "bytecode/image.h"

namespace dx::bytecode {

const u32 kFormatVersion = DX_FORMAT_VERSION;

}  // namespace dx::bytecode
