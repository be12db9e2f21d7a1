// dx_compile_check FILE...: parses, compiles and verifies every file and reports what fails.
// -v prints the bytecode, -f the facts that code attributes show, -O and -OO as for Python,
// -e FILE reports on the sources in a file. Exit status 1 when a file failed.
#include <fstream>
#include <iterator>

#include "bytecode/flow_check.h"
#include "bytecode/positions.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"
#include "compiler/compiler.h"
#include "frontend/parser.h"

namespace {

std::string quotedList(const dx::bytecode::ImageView& image, const dx::bytecode::CodeRecord& code,
                       dx::u8 kinds, bool names) {
  std::string out = "[";
  auto add = [&](dx::u32 index) {
    if (out.size() > 1) out += ", ";
    out += dx::bytecode::printConstant(image, code, index);
  };
  if (names) {
    for (dx::u32 i = 0; i < code.nameCount; i++) add(i);
  } else {
    for (dx::u32 i = 0; i < code.localCount; i++) {
      if ((&image.at<dx::u8>(code.localKinds))[i] & kinds)
        add((&image.at<dx::u32>(code.localNames))[i]);
    }
  }
  return out + "]";
}

// One line for each code object, for comparison with CPython's code attributes.
void printFacts(const dx::u8* bytes) {
  using namespace dx::bytecode;
  ImageView image(bytes);
  for (dx::u32 i = 0; i < image.header().codeCount; i++) {
    const CodeRecord& c = image.code(i);
    printf("%s line=%u args=%u,%u,%u flags=%#x vars=%s cells=%s free=%s\n",
           printConstant(bytes, c, c.qualname).c_str(), c.firstLine, c.argCount, c.posOnlyCount,
           c.kwOnlyCount, c.flags, quotedList(image, c, kLocalPlain, false).c_str(),
           quotedList(image, c, kLocalCell, false).c_str(),
           quotedList(image, c, kLocalFree, false).c_str());
    // Positions of what can raise.
    std::vector<PositionRecord> p = readPositions(PositionReader(image, c));
    size_t next = 0;
    for (dx::u32 at = 0; at < c.insnBytes;) {
      const OpInfo& info = kOpInfo[image.at<dx::u8>(c.insns + at)];
      while (next < p.size() && p[next].offset <= at) next++;
      const PositionRecord& r = p[next - 1];
      if (info.effects[0] == 'r' && r.line > 0 && info.size > 4) {
        printf("@%d,%d,%d,%d %s\n", r.line, r.endLine, r.col, r.endCol, info.name);
      }
      at += info.size;
    }
  }
}

bool check(const std::string& path, const dx::compiler::CompileOptions& base, bool print,
           bool facts) {
  std::ifstream file(path, std::ios::binary);
  std::string source((std::istreambuf_iterator<char>(file)), {});
  dx::frontend::ParseOptions parseOptions;
  parseOptions.fileName = path;
  dx::frontend::ParseResult parsed = dx::frontend::parse(source, parseOptions);
  if (parsed.module == nullptr) {
    printf("%s:%d:%d: parser: %s\n", path.c_str(), parsed.error.line, parsed.error.offset,
           parsed.error.message.c_str());
    return false;
  }
  dx::compiler::CompileOptions options = base;
  options.filename = path;
  dx::compiler::CompileResult result =
      dx::compiler::compile(*parsed.module, options, *parsed.arena);
  for (const auto& w : result.warnings) {
    if (print) printf("%s:%d: warning: %s\n", path.c_str(), w.span.line, w.message.c_str());
  }
  if (result.error) {
    printf("%s:%d:%d: compiler: %s\n", path.c_str(), result.error.span.line,
           result.error.span.col + 1, result.error.message.c_str());
    return false;
  }
  std::string problem = dx::bytecode::verifyImage(result.image);
  if (problem.empty()) problem = dx::bytecode::checkRegisterFlow(result.image.data());
  if (print) fputs(dx::bytecode::printImage(result.image.data()).c_str(), stdout);
  if (facts) printFacts(result.image.data());
  if (problem.empty()) return true;
  printf("%s: verifier: %s\n", path.c_str(), problem.c_str());
  return false;
}

// FILE holds sources that end with NUL. Prints one line for each: ok or the error, then the
// warnings, tab-separated: for comparison with CPython's messages and positions.
void reportErrors(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string all((std::istreambuf_iterator<char>(file)), {});
  for (size_t at = 0; at < all.size();) {
    size_t end = all.find('\0', at);
    std::string_view source(all.data() + at, end - at);
    at = end + 1;
    dx::frontend::ParseOptions parseOptions;
    parseOptions.sourceIsText = true;
    dx::frontend::ParseResult parsed = dx::frontend::parse(source, parseOptions);
    auto escaped = [](std::string text) {
      for (char& c : text) c = c == '\n' || c == '\t' ? ' ' : c;
      return text;
    };
    if (parsed.module == nullptr) {
      const auto& e = parsed.error;
      printf("parser\t%d\t%d\t%d\t%d\t%s\n", e.line, e.offset, e.endLine, e.endOffset,
             escaped(e.message).c_str());
      continue;
    }
    dx::compiler::CompileOptions options;
    auto result = dx::compiler::compile(*parsed.module, options, *parsed.arena);
    if (result.error) {
      const auto& e = result.error;
      printf("compiler\t%d\t%d\t%d\t%d\t%s", e.span.line, e.span.col + 1, e.span.endLine,
             e.span.endCol + 1, escaped(e.message).c_str());
    } else {
      std::string problem = dx::bytecode::verifyImage(result.image);
      if (problem.empty()) problem = dx::bytecode::checkRegisterFlow(result.image.data());
      printf("%s", problem.empty() ? "ok" : problem.c_str());
    }
    for (const auto& w : parsed.warnings) printf("\t%d:%s", w.line, escaped(w.message).c_str());
    for (const auto& w : result.warnings)
      printf("\t%d:%s", w.span.line, escaped(w.message).c_str());
    printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  dx::compiler::CompileOptions options;
  bool print = false, facts = false;
  int failed = 0, checked = 0;
  for (int i = 1; i < argc; i++) {
    std::string_view arg = argv[i];
    if (arg == "-v") {
      print = true;
    } else if (arg == "-f") {
      facts = true;
    } else if (arg == "-e" && i + 1 < argc) {
      reportErrors(argv[++i]);
    } else if (arg == "-O") {
      options.optimize = 1;
    } else if (arg == "-OO") {
      options.optimize = 2;
    } else {
      checked++;
      failed += !check(argv[i], options, print, facts);
    }
  }
  if (checked > 1) printf("%d of %d files failed\n", failed, checked);
  return failed != 0;
}
