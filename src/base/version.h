// Which Python this is.
#pragma once

#define DX_VERSION "0.1.0"
#define DX_PYTHON_VERSION "3.14.8"

namespace dx {

constexpr int kPythonMajor = 3, kPythonMinor = 14, kPythonMicro = 8;
constexpr unsigned kPythonHex = 0x030E08F0;

}  // namespace dx
