// Tools that need no interpreter.
#include "bytecode/printer.h"
#include "cli/run.h"
#include "compiler/compiler.h"
#include "frontend/dump.h"
#include "frontend/parser.h"
#include "jit/baseline/stencil.h"

namespace dx {

int runTool(const CommandLine& line) {
  if (line.run == CommandLine::Run::Tool && line.config.argv.back() == "--stencils") {
    std::string text = baseline::printStencils();
    fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  std::string path = line.run == CommandLine::Run::Tool ? line.config.argv.back() : line.target;
  FILE* f = fopen(path.c_str(), "rb");
  if (!f) {
    fprintf(stderr, "dxpy: can't open file '%s': %s\n", path.c_str(), strerror(errno));
    return 2;
  }
  std::string source;
  char buffer[65536];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) source.append(buffer, n);
  fclose(f);
  frontend::ParseResult parsed = frontend::parse(source);
  if (!parsed.module) {
    fprintf(stderr, "%s:%d: SyntaxError: %s\n", path.c_str(), parsed.error.line,
            parsed.error.message.c_str());
    return 1;
  }
  if (line.dump.find("ast") != std::string::npos) {
    std::string text = frontend::dump(parsed.module);
    fwrite(text.data(), 1, text.size(), stdout);
    putchar('\n');
  }
  if (line.run == CommandLine::Run::Tool || line.dump.find("bytecode") != std::string::npos) {
    compiler::CompileOptions options;
    options.filename = path;
    options.optimize = line.config.optimize;
    compiler::CompileResult result = compiler::compile(*parsed.module, options, *parsed.arena);
    if (result.error) {
      fprintf(stderr, "%s:%d: SyntaxError: %s\n", path.c_str(), result.error.span.line,
              result.error.message.c_str());
      return 1;
    }
    std::string text = bytecode::printImage(result.image.data());
    fwrite(text.data(), 1, text.size(), stdout);
  }
  return 0;
}

}  // namespace dx
