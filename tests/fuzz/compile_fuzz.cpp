// libFuzzer: whatever parses must compile to a verified image or give a report.
//
//   cmake --preset checked && ninja -C build/checked dx_compile_fuzz
//   build/checked/dx_compile_fuzz -dict=tests/fuzz/python.dict build/corpus
#include "bytecode/flow_check.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"
#include "compiler/compiler.h"
#include "frontend/parser.h"

using namespace dx;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  u8 choice = data[0];
  frontend::ParseOptions parseOptions;
  parseOptions.mode = frontend::ParseMode(choice % 3);
  auto parsed = frontend::parse({reinterpret_cast<const char*>(data) + 1, size - 1}, parseOptions);
  if (parsed.module == nullptr) return 0;
  compiler::CompileOptions options;
  options.optimize = choice >> 2 & 1;
  options.topLevelAwait = choice & 8;
  auto result = compiler::compile(*parsed.module, options, *parsed.arena);
  if (result.error) {
    DX_CHECK(!result.error.message.empty());
    return 0;
  }
  DX_CHECK(bytecode::verifyImage(result.image).empty());
  DX_CHECK(bytecode::checkRegisterFlow(result.image.data()).empty());
  DX_CHECK(!bytecode::printImage(result.image.data()).empty());
  return 0;
}
