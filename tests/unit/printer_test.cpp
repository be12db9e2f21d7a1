// Golden files: tests/bytecode/NAME.py compiled and printed gives NAME.txt.
// DX_UPDATE_GOLDEN=1 writes them anew.
#include "bytecode/printer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "bytecode/flow_check.h"
#include "bytecode/verifier.h"
#include "compiler/compiler.h"
#include "frontend/parser.h"

namespace dx::bytecode {

#ifndef DX_TEST_DATA
#define DX_TEST_DATA "tests/unit/data"
#endif

std::string readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Printer, image_ofEachGoldenSource_printsAsBefore) {
  std::filesystem::path folder = std::filesystem::path(DX_TEST_DATA) / "../../bytecode";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".py") continue;
    files++;
    auto parsed = frontend::parse(readFile(entry.path()));
    ASSERT_NE(parsed.module, nullptr) << parsed.error.message;
    compiler::CompileOptions options;
    options.filename = entry.path().filename();
    auto result = compiler::compile(*parsed.module, options, *parsed.arena);
    ASSERT_FALSE(result.error) << result.error.message;
    EXPECT_EQ(verifyImage(result.image), "");
    EXPECT_EQ(checkRegisterFlow(result.image.data()), "");
    std::string text = printImage(result.image.data());
    std::filesystem::path golden = entry.path();
    golden.replace_extension(".txt");
    if (getenv("DX_UPDATE_GOLDEN") != nullptr) {
      std::ofstream(golden, std::ios::binary) << text;
    } else {
      EXPECT_EQ(text, readFile(golden)) << golden;
    }
  }
  EXPECT_GE(files, 6);
}

}  // namespace dx::bytecode
