// Tools that need no interpreter.
#include "bytecode/archive.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"
#include "cli/run.h"
#include "compiler/compiler.h"
#include "frontend/dump.h"
#include "frontend/parser.h"
#include "jit/baseline/stencil.h"
#include "modules/pyc_magic.h"
#include "runtime/lifecycle.h"

namespace dx {

static bool print(const std::string& text) {
  return fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

static int bad(const std::string& path, const std::string& problem) {
  fprintf(stderr, "dxpy: %s: %s\n", path.c_str(), problem.c_str());
  return 1;
}

// A module of an archive, or the only one of a compiled file.
static int printChecked(const std::string& path, std::span<const u8> bytes) {
  std::vector<u8> aligned(bytes.begin(), bytes.end());
  std::string problem = bytecode::verifyImage(aligned);
  if (problem.empty() && !bytecode::isSealed(aligned.data())) problem = "the hash is another";
  if (!problem.empty()) return bad(path, problem);
  return print(bytecode::printImage(aligned.data())) ? 0 : 1;
}

static int printArchived(const std::string& path, const bytecode::ArchiveView& archive,
                         const bytecode::ArchiveEntry& entry) {
  std::string problem = bytecode::verifyArchived(archive, entry);
  if (!problem.empty()) return bad(path, problem);
  return printChecked(path, archive.image(entry).copy());
}

static int printArchive(const std::string& path, const std::string& contents) {
  std::vector<u8> bytes(contents.begin(), contents.end());
  std::string problem = bytecode::verifyArchive(bytes);
  if (!problem.empty()) return bad(path, problem);
  bytecode::ArchiveView archive(bytes.data());
  for (u32 i = 0; i < archive.count(); i++) {
    const bytecode::ArchiveEntry& e = archive.entry(i);
    std::string name(archive.name(e));
    const char* kind = e.flags & bytecode::kEntryPackage ? "package" : "module";
    print((i ? "\n" : "") + std::string(kind) + " " + name + "\n\n");
    if (int status = printArchived(path + ": " + name, archive, e)) return status;
  }
  return 0;
}

// The payload is marshal's, whose first value is the module's code.
static int printCompiled(const std::string& path, const std::string& contents) {
  constexpr size_t kImage = 64;  // where marshal puts it (modules/marshal.cpp)
  if (contents.size() < kImage || (contents[16] & 0x7F) != 'c') return bad(path, "holds no code");
  return printChecked(
      path, {reinterpret_cast<const u8*>(contents.data()) + kImage, contents.size() - kImage});
}

int runTool(const CommandLine& line) {
  if (line.run == CommandLine::Run::Tool && line.config.argv.back() == "--stencils") {
    std::string text = baseline::printStencils();
    fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  if (line.run == CommandLine::Run::Tool && line.target == "compile") return runCompile(line);
  if (line.run == CommandLine::Run::Tool && line.target == "snapshot") return writeSnapshots(line);
  std::string path = line.run == CommandLine::Run::Tool ? line.config.argv.back() : line.target;
  std::string source;
  if (!readWholeFile(path, &source)) {
    fprintf(stderr, "dxpy: can't open file '%s': %s\n", path.c_str(), strerror(errno));
    return 2;
  }
  u32 magic = 0;
  if (source.size() >= 4) memcpy(&magic, source.data(), 4);
  if (magic == bytecode::kImageMagic) return printArchive(path, source);
  if (magic == pycMagicToken()) return printCompiled(path, source);
  if (line.dump.find("ast") != std::string::npos) {
    frontend::ParseResult parsed = frontend::parse(source);
    if (!parsed.module) {
      fprintf(stderr, "%s:%d: SyntaxError: %s\n", path.c_str(), parsed.error.line,
              parsed.error.message.c_str());
      return 1;
    }
    print(frontend::dump(parsed.module) + "\n");
  }
  if (line.run == CommandLine::Run::Tool || line.dump.find("bytecode") != std::string::npos) {
    std::string problem;
    std::vector<u8> image = compileFile(path, source, line.config.optimize, &problem);
    if (image.empty()) {
      fprintf(stderr, "%s\n", problem.c_str());
      return 1;
    }
    print(bytecode::printImage(image.data()));
  }
  return 0;
}

}  // namespace dx
