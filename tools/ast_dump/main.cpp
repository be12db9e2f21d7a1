// Prints the syntax tree of Python files, or the error, for comparison with CPython.
//
// usage: dx_ast_dump [--mode=exec|eval|single|func_type] [--type-comments] FILE...
//        dx_ast_dump --list FILE-WITH-NAMES OUTDIR     writes OUTDIR/0.txt, 1.txt, ...
//
// An error is one line: ERROR class|message|lineno|offset|end_lineno|end_offset
#include <fstream>
#include <iostream>
#include <iterator>

#include "frontend/dump.h"
#include "frontend/parser.h"

using namespace dx;
using namespace dx::frontend;

namespace {

bool readFile(const std::string& path, std::string* out) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  out->assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

const char* className(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Indentation: return "IndentationError";
    case ErrorKind::Tab: return "TabError";
    case ErrorKind::Incomplete: return "_IncompleteInputError";
    case ErrorKind::Memory: return "MemoryError";
    case ErrorKind::Value: return "ValueError";
    case ErrorKind::Overflow: return "OverflowError";
    default: return "SyntaxError";
  }
}

std::string textOf(const std::string& source, const ParseOptions& options) {
  ParseResult result = parse(source, options);
  if (result.module) return dump(result.module);
  const SyntaxErrorInfo& e = result.error;
  std::string out = std::string("ERROR ") + className(e.kind) + "|" + e.message;
  if (!e.hasLocation) return e.kind == ErrorKind::Memory ? out : out + "|None|None|None|None";
  auto number = [](i32 n) { return n == INT32_MIN ? std::string("None") : std::to_string(n); };
  return out + "|" + number(e.line) + "|" + number(e.offset) + "|" + number(e.endLine) + "|" +
         number(e.endOffset);
}

}  // namespace

int main(int argc, char** argv) {
  ParseOptions options;
  std::vector<std::string> files;
  bool list = false;
  for (int i = 1; i < argc; i++) {
    std::string arg = argv[i];
    if (arg == "--list") list = true;
    else if (arg == "--type-comments") options.typeComments = true;
    else if (arg == "--mode=eval") options.mode = ParseMode::Eval;
    else if (arg == "--mode=single") options.mode = ParseMode::Single;
    else if (arg == "--mode=func_type") options.mode = ParseMode::FuncType;
    else if (arg == "--mode=exec") options.mode = ParseMode::Exec;
    else files.push_back(arg);
  }
  if (list) {
    if (files.size() != 2) return 2;
    std::ifstream names(files[0]);
    std::string path, source;
    for (int i = 0; std::getline(names, path); i++) {
      if (!readFile(path, &source)) continue;
      std::ofstream out(files[1] + "/" + std::to_string(i) + ".txt", std::ios::binary);
      out << textOf(source, options);
    }
    return 0;
  }
  for (const std::string& path : files) {
    std::string source;
    if (!readFile(path, &source)) {
      std::cerr << "cannot read " << path << "\n";
      return 2;
    }
    std::cout << textOf(source, options) << "\n";
  }
  return 0;
}
