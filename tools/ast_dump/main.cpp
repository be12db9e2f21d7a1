// Prints the syntax tree of Python files, or the error, for comparison with CPython.
//
// usage: dx_ast_dump [--mode=exec|eval|single|func_type] [--type-comments] [--incomplete]
//                    [--dont-imply-dedent] [--warnings] [--tokens] FILE...
//        dx_ast_dump [...] --records FILE              a line for each record: SIZE newline BYTES
//        dx_ast_dump --list FILE-WITH-NAMES OUTDIR     writes OUTDIR/0.txt, 1.txt, ...
//
// An error is one line: ERROR class|message|lineno|offset|end_lineno|end_offset
#include <iconv.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "frontend/decode_hook.h"
#include "frontend/dump.h"
#include "frontend/parser.h"
#include "frontend/token_stream.h"

using namespace dx;
using namespace dx::frontend;

namespace {

bool showWarnings = false;
bool showTokens = false;

bool readFile(const std::string& path, std::string* out) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  out->assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

const char* className(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Indentation:
      return "IndentationError";
    case ErrorKind::Tab:
      return "TabError";
    case ErrorKind::Incomplete:
      return "_IncompleteInputError";
    case ErrorKind::Memory:
      return "MemoryError";
    case ErrorKind::Value:
      return "ValueError";
    case ErrorKind::Overflow:
      return "OverflowError";
    default:
      return "SyntaxError";
  }
}

std::string tokensOf(const std::string& source) {
  TokenStream stream(source, true);
  std::string out;
  char buffer[80];
  while (stream.next()) {
    const TokenInfo& t = stream.token();
    snprintf(buffer, sizeof buffer, ":%d,%d-%d,%d ", t.line, t.col, t.endLine, t.endCol);
    out += std::to_string(t.type) + ":" + reprString(t.text) + buffer;
  }
  if (stream.failed()) {
    const SyntaxErrorInfo& e = stream.error();
    auto number = [](i32 n) { return n == INT32_MIN ? std::string("None") : std::to_string(n); };
    out += std::string("ERR ") + className(e.kind) + "|" + e.message + "|" + number(e.line) + "|" +
           number(e.offset) + "|" + number(e.endLine) + "|" + number(e.endOffset) + " ";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

std::string textOf(const std::string& source, const ParseOptions& options, bool withText = false) {
  ParseResult result = parse(source, options);
  std::string warnings;
  if (showWarnings) {
    for (const SyntaxWarningInfo& w : result.warnings) {
      warnings += "WARNING " + std::to_string(w.line) + "|" + w.message + "|" +
                  std::to_string(w.asError.line) + "|" + std::to_string(w.asError.offset) + "|" +
                  w.asError.message + "~";
    }
    if (result.module) return warnings;
  }
  if (result.module) return dump(result.module);
  const SyntaxErrorInfo& e = result.error;
  std::string out = std::string("ERROR ") + className(e.kind) + "|" + e.message;
  if (!e.hasLocation)
    return e.kind == ErrorKind::Memory || e.kind == ErrorKind::Value
               ? out
               : out + "|None|None|None|None" + (withText ? "|None" : "");
  auto number = [](i32 n) { return n == INT32_MIN ? std::string("None") : std::to_string(n); };
  out += "|" + number(e.line) + "|" + number(e.offset) + "|" + number(e.endLine) + "|" +
         number(e.endOffset);
  if (withText) out += "|" + (e.hasText ? reprString(e.text) : "None");
  return out;
}

// The codecs of the C library stand in for Python's.
bool decodeWithIconv(std::string_view encoding, std::string_view bytes, std::string* out,
                     std::string* problem) {
  iconv_t converter = iconv_open("UTF-8", std::string(encoding).c_str());
  if (converter == iconv_t(-1)) {
    *problem = "unknown encoding: " + std::string(encoding);
    return false;
  }
  out->resize(bytes.size() * 4);
  char* in = const_cast<char*>(bytes.data());
  char* to = out->data();
  size_t inLeft = bytes.size(), outLeft = out->size();
  bool good = iconv(converter, &in, &inLeft, &to, &outLeft) != size_t(-1);
  iconv_close(converter);
  out->resize(out->size() - outLeft);
  if (!good) *problem = "invalid bytes";
  return good;
}

int dumpRecords(const std::string& path, const ParseOptions& options) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  while (std::getline(in, line)) {
    std::string source(size_t(atol(line.c_str())), '\0');
    in.read(source.data(), std::streamsize(source.size()));
    std::string text = showTokens ? tokensOf(source) : textOf(source, options, true);
    for (char& c : text) {
      if (c == '\n') c = '~';
    }
    std::cout << text << "\n";
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ParseOptions options;
  std::vector<std::string> files;
  bool list = false, records = false;
  decodeHook = decodeWithIconv;
  for (int i = 1; i < argc; i++) {
    std::string arg = argv[i];
    if (arg == "--list")
      list = true;
    else if (arg == "--warnings")
      showWarnings = true;
    else if (arg == "--tokens")
      showTokens = true;
    else if (arg == "--incomplete")
      options.allowIncompleteInput = true;
    else if (arg == "--dont-imply-dedent")
      options.dontImplyDedent = true;
    else if (arg == "--records")
      records = true;
    else if (arg == "--type-comments")
      options.typeComments = true;
    else if (arg == "--mode=eval")
      options.mode = ParseMode::Eval;
    else if (arg == "--mode=single")
      options.mode = ParseMode::Single;
    else if (arg == "--mode=func_type")
      options.mode = ParseMode::FuncType;
    else if (arg == "--mode=exec")
      options.mode = ParseMode::Exec;
    else
      files.push_back(arg);
  }
  if (records) return files.size() == 1 ? dumpRecords(files[0], options) : 2;
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
