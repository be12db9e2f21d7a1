// From source text to a code object: parser, compiler, and the exceptions and warnings of both.
#include "runtime/compile.h"

#include <sys/stat.h>

#include <fstream>

#include "bytecode/seal.h"
#include "bytecode/verifier.h"
#include "compiler/compiler.h"
#include "compiler/preprocess.h"
#include "frontend/decode_hook.h"
#include "frontend/parser.h"
#include "frontend/source.h"
#include "runtime/abstract.h"
#include "runtime/code.h"
#include "runtime/containers.h"
#include "runtime/int.h"
#include "runtime/module.h"
#include "runtime/str.h"

namespace dx {

using frontend::ErrorKind;
using frontend::SyntaxErrorInfo;

Error raiseSyntaxError(Thread& t, const SyntaxErrorInfo& e, Str* filename) {
  Type* type = kSyntaxError;
  switch (e.kind) {
    case ErrorKind::Indentation:
      type = kIndentationError;
      break;
    case ErrorKind::Tab:
      type = kTabError;
      break;
    case ErrorKind::Incomplete:
      type = k_IncompleteInputError;
      break;
    case ErrorKind::Memory:
      return t.raise(kMemoryError, "{}", e.message);
    case ErrorKind::Value:
      return t.raise(kValueError, "{}", e.message);
    case ErrorKind::Overflow:
      return t.raise(kOverflowError, "{}", e.message);
    default:
      break;
  }
  Ref<Str> message = makeStr(e.message);
  if (!e.hasLocation) return t.raiseValue(type, message);
  Ref<> text = e.hasText ? Ref<>(makeStr(e.text)) : noneRef();
  Value named = e.beforeNamed ? none() : Value(filename);
  Ref<Tuple> details = e.endLine == INT32_MIN
                           ? tupleOf(named, makeInt(e.line), makeInt(e.offset), text.get())
                           : tupleOf(named, makeInt(e.line), makeInt(e.offset), text.get(),
                                     makeInt(e.endLine), makeInt(e.endOffset));
  Ref<> exception = TRY(callWith(t, Value(type), Value(message), Value(details)));
  if (e.hasMetadata) {
    Ref<> source = e.source.empty() ? noneRef() : Ref<>(makeStr(e.source));
    setField(exception.as<SyntaxErrorObject>()->metadata,
             Ref<>(tupleOf(makeInt(e.statementLine), makeInt(e.statementCol), source.get())));
  }
  if (e.beforeNamed) setField(exception.as<SyntaxErrorObject>()->filename, retain(Value(filename)));
  return t.raiseException(std::move(exception));
}

constexpr size_t kLongestLine = 999;  // bytes of a line that errors show

// Line `line` (from 1) of the file that the program came from, as far as it can be read; errors
// that the compiler finds show this, not the text that was given.
static Ref<> programLine(Thread& t, Str* filename, i32 line) {
  if (line <= 0) return noneRef();
  std::string name = toUtf8(filename);
  struct stat info;
  // Opening anything else could wait, or have effects.
  if (stat(name.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return noneRef();
  std::ifstream in(name, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::string encoding = frontend::findCodingCookie(text);
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (i32 n = 1; n < line; n++) {
    size_t end = rest.find_first_of("\r\n");
    if (end == rest.npos) return noneRef();
    rest.remove_prefix(end + (rest.substr(end, 2) == "\r\n" ? 2 : 1));
  }
  if (rest.empty()) return noneRef();
  size_t end = rest.find_first_of("\r\n");
  std::string found(rest.substr(0, end));
  if (end != rest.npos) found += '\n';
  if (found.size() > kLongestLine) found.resize(kLongestLine);
  if (encoding.empty()) encoding = "utf-8";
  Result<Ref<>> decoded = decodeWithCodec(t, found, encoding.c_str(), "replace");
  if (decoded) return std::move(decoded).take();
  t.clearException();
  return noneRef();
}

// A SyntaxError that the compiler found. The symbol table's have their position as attributes only.
static Error raiseCompileError(Thread& t, const std::string& text, ast::Span span, Str* filename,
                               bool messageOnly) {
  Ref<Str> message = makeStr(text);
  Ref<> line = programLine(t, filename, span.line);
  auto column = [](i32 col) { return col < 0 ? i32(0) : col + 1; };
  if (!messageOnly) {
    Ref<Tuple> details = tupleOf(Value(filename), makeInt(span.line), makeInt(column(span.col)),
                                 line.get(), makeInt(span.endLine), makeInt(column(span.endCol)));
    Ref<> exception = TRY(callWith(t, Value(kSyntaxError), Value(message), Value(details)));
    return t.raiseException(std::move(exception));
  }
  Ref<> exception = TRY(callWith(t, Value(kSyntaxError), Value(message)));
  auto* e = exception.as<SyntaxErrorObject>();
  setField(e->filename, retain(Value(filename)));
  setField(e->lineno, makeInt(span.line));
  setField(e->offset, makeInt(column(span.col)));
  setField(e->text, std::move(line));
  setField(e->endLineno, makeInt(span.endLine));
  setField(e->endOffset, makeInt(column(span.endCol)));
  return t.raiseException(std::move(exception));
}

// warnings.warn_explicit(SyntaxWarning, ...); an error filter makes it a SyntaxError.
template <class Raise>
static Result<void> warnSyntax(Thread& t, const std::string& message, i32 line, Str* filename,
                               Raise&& raiseAsError) {
  Ref<Str> text = makeStr(message);
  if (warnExplicit(t, kSyntaxWarning, text, filename, line)) return {};
  if (!t.takeIf(kSyntaxWarning)) return Error{};
  return raiseAsError();
}

// -X no_debug_ranges, PYTHONNODEBUGRANGES: only the lines of positions are kept.
static bool keepsColumns() {
  const Config& config = theInterpreter.config;
  for (const std::string& option : config.xOptions)
    if (option == "no_debug_ranges") return false;
  const char* env = config.ignoreEnvironment ? nullptr : getenv("PYTHONNODEBUGRANGES");
  return !env || !*env;
}

// The image lives as long as a code object of it does. With one reference, the caller's; without a
// place for the cold part, which needs a sound header.
static ModuleImage* copyImage(std::span<const u8> bytes) {
  auto* image = static_cast<ModuleImage*>(allocate(sizeof(ModuleImage)));
  auto* copy = static_cast<u8*>(allocate(bytes.size() + 16));
  memcpy(copy, bytes.data(), bytes.size());
  *image = {copy, nullptr, 1, [](ModuleImage* self) {
              release(const_cast<u8*>(self->bytes));
              release(self);
            }};
  return image;
}

Result<Ref<Code>> codeFromImage(Thread& t, std::span<const u8> bytes, u32 index) {
  ModuleImage* image = copyImage(bytes);
  image->cold = bytecode::ImageView(image->bytes).coldPart().data();
  Result<Ref<Code>> code = makeCode(t, image, index);
  dropImage(image);
  return code;
}

Result<Ref<Code>> codeFromOutside(Thread& t, std::string_view bytes, u32 index) {
  ModuleImage* image = copyImage({reinterpret_cast<const u8*>(bytes.data()), bytes.size()});
  image->untrusted = true;
  std::string problem = bytecode::verifyHeader({image->bytes, bytes.size()});
  if (problem.empty() && !bytecode::isSealed(image->bytes)) problem = "the hash is another";
  Result<Ref<Code>> code = Error{};
  if (problem.empty()) {
    image->cold = bytecode::ImageView(image->bytes).coldPart().data();
    code = makeCode(t, image, index);
  } else {
    (void)t.raise(kImportError, "damaged bytecode: {}", problem);
  }
  dropImage(image);
  return code;
}

Error raiseCompileError(Thread& t, const compiler::CompileError& e, Str* filename) {
  using Kind = compiler::CompileError::Kind;
  if (e.kind == Kind::Recursion) return t.raise(kRecursionError, "{}", e.message);
  if (e.kind == Kind::Overflow) return t.raise(kOverflowError, "{}", e.message);
  return raiseCompileError(t, e.message, e.span, filename, e.messageOnly);
}

static int optimizeLevel(const CompileOptions& options) {
  return options.optimize < 0 ? theInterpreter.config.optimize : options.optimize;
}

Result<void> preprocessTree(Thread& t, ast::Mod& mod, ast::Arena& arena, Str* filename,
                            const CompileOptions& options, bool optimized) {
  compiler::Futures futures = compiler::readFutures(mod);
  if (futures.error) return raiseCompileError(t, futures.error, filename);
  if (optimized) {
    u32 flags = futures.flags | options.futureFlags;
    compiler::optimizeTree(mod, arena, optimizeLevel(options),
                           flags & bytecode::kCodeFutureAnnotations);
  }
  return {};
}

Result<Ref<Code>> compileTree(Thread& t, const ast::Mod& mod, ast::Arena& arena, Str* filename,
                              const CompileOptions& options) {
  compiler::CompileOptions o;
  o.filename = toUtf8(filename);
  o.optimize = optimizeLevel(options);
  o.futureFlags = options.futureFlags & kFutureMask;
  o.columns = keepsColumns();
  o.topLevelAwait = options.futureFlags & kPyCfAllowTopLevelAwait;
  compiler::CompileResult result = compiler::compile(mod, o, arena);
  for (const auto& w : result.warnings) {
    TRY(warnSyntax(t, w.message, w.span.line, filename,
                   [&] { return raiseCompileError(t, w.message, w.span, filename, false); }));
  }
  if (result.error) return raiseCompileError(t, result.error, filename);
  return codeFromImage(t, std::move(result.image));
}

Result<frontend::ParseResult*> parseSource(Thread& t, std::string_view source, bool isUtf8,
                                           Str* filename, const CompileOptions& options,
                                           frontend::ParseResult* out) {
  frontend::ParseOptions p;
  switch (options.mode) {
    case CompileMode::Exec:
      p.mode = frontend::ParseMode::Exec;
      break;
    case CompileMode::Eval:
      p.mode = frontend::ParseMode::Eval;
      break;
    case CompileMode::Single:
      p.mode = frontend::ParseMode::Single;
      break;
    case CompileMode::FuncType:
      p.mode = frontend::ParseMode::FuncType;
      break;
  }
  p.sourceIsText = isUtf8;
  std::string name;
  if (options.fromFile) p.fileName = name = toUtf8(filename);
  p.typeComments = options.futureFlags & kPyCfTypeComments;
  p.barryAsFlufl = options.futureFlags & bytecode::kCodeFutureBarryAsBdfl;
  p.dontImplyDedent = options.futureFlags & kPyCfDontImplyDedent;
  p.allowIncompleteInput = options.futureFlags & kPyCfAllowIncompleteInput;
  if (options.featureVersion >= 0) p.featureVersion = options.featureVersion;
  p.maxIntDigits = theInterpreter.config.intMaxStrDigits;
  *out = frontend::parse(source, p);
  for (const auto& w : out->warnings) {
    TRY(warnSyntax(t, w.message, w.line, filename,
                   [&] { return raiseSyntaxError(t, w.asError, filename); }));
  }
  if (!out->module) return raiseSyntaxError(t, out->error, filename);
  return out;
}

Result<Ref<Code>> compileSource(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                                const CompileOptions& options) {
  frontend::ParseResult parsed;
  TRY(parseSource(t, source, isUtf8, filename, options, &parsed));
  return compileTree(t, *parsed.module, *parsed.arena, filename, options);
}

void installDecodeHook() {
  frontend::decodeHook = [](std::string_view encoding, std::string_view bytes, std::string* out,
                            std::string* problem) {
    Thread& t = thisThread();
    Result<Ref<>> text = decodeWithCodec(t, bytes, std::string(encoding).c_str(), "strict");
    if (text && isStr(text.peek())) {
      *out = toUtf8(text.peek().as<Str>());
      return true;
    }
    if (t.hasException()) {
      Result<Ref<Str>> s = str(t, Value(t.currentException));
      if (s) *problem = toUtf8(s.peek());
    }
    t.clearException();
    return false;
  };
}

}  // namespace dx
