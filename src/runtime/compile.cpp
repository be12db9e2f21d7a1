// From source text to a code object: parser, compiler, and the exceptions and warnings of both.
#include "runtime/compile.h"

#include "compiler/compiler.h"
#include "frontend/decode_hook.h"
#include "frontend/parser.h"
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
  Ref<Tuple> details = tupleOf(Value(filename), makeInt(e.line), makeInt(e.offset), text.get(),
                               makeInt(e.endLine), makeInt(e.endOffset));
  Ref<> exception = TRY(callWith(t, Value(type), Value(message), Value(details)));
  return t.raiseException(std::move(exception));
}

// Line `line` (from 1) of UTF-8 text, with its end of line, or empty.
static std::string_view lineOf(std::string_view source, i32 line) {
  size_t at = 0;
  for (i32 n = 1; n < line; n++) {
    size_t end = source.find('\n', at);
    if (end == std::string_view::npos) return {};
    at = end + 1;
  }
  size_t end = source.find('\n', at);
  return source.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

// warnings.warn_explicit(SyntaxWarning, ...); an error filter makes it a SyntaxError.
static Result<void> warnSyntax(Thread& t, const std::string& message, i32 line, Str* filename,
                               const SyntaxErrorInfo& asError) {
  Ref<Str> text = makeStr(message);
  if (warnExplicit(t, kSyntaxWarning, text, filename, line)) return {};
  if (!t.takeIf(kSyntaxWarning)) return Error{};
  return raiseSyntaxError(t, asError, filename);
}

Result<Ref<Code>> codeFromImage(Thread& t, std::vector<u8> bytes, u32 index) {
  // The image lives as long as a code object of it does.
  auto* image = static_cast<ModuleImage*>(allocate(sizeof(ModuleImage)));
  auto* copy = static_cast<u8*>(allocate(bytes.size() + 16));
  memcpy(copy, bytes.data(), bytes.size());
  *image = {copy, 0, [](ModuleImage* self) {
              release(const_cast<u8*>(self->bytes));
              release(self);
            }};
  return makeCode(t, image, index);
}

Result<Ref<Code>> compileTree(Thread& t, const ast::Mod& mod, ast::Arena& arena,
                              std::string_view source, Str* filename,
                              const CompileOptions& options) {
  compiler::CompileOptions o;
  o.filename = toUtf8(filename);
  o.optimize = options.optimize < 0 ? theInterpreter.config.optimize : options.optimize;
  o.futureFlags = options.futureFlags & kFutureMask;
  o.topLevelAwait = options.futureFlags & kPyCfAllowTopLevelAwait;
  compiler::CompileResult result = compiler::compile(mod, o, arena);
  auto located = [&](const auto& e) {
    SyntaxErrorInfo info;
    info.kind = ErrorKind::Syntax;
    info.message = e.message;
    info.line = e.span.line;
    info.endLine = e.span.endLine;
    std::string_view text = lineOf(source, e.span.line);
    info.text = text;
    info.hasText = !text.empty();
    // The tree counts bytes from 0, the exception characters from 1.
    auto characters = [](std::string_view line, i32 bytes) {
      i32 n = 0;
      for (i32 i = 0; i < bytes && size_t(i) < line.size(); i++)
        n += (line[size_t(i)] & 0xC0) != 0x80;
      return line.empty() ? bytes : n;
    };
    info.offset = e.span.col < 0 ? 0 : characters(text, e.span.col) + 1;
    info.endOffset =
        e.span.endCol < 0 ? 0 : characters(lineOf(source, e.span.endLine), e.span.endCol) + 1;
    return info;
  };
  for (const auto& w : result.warnings)
    TRY(warnSyntax(t, w.message, w.span.line, filename, located(w)));
  if (result.error) {
    using Kind = compiler::CompileError::Kind;
    if (result.error.kind == Kind::Recursion)
      return t.raise(kRecursionError, "{}", result.error.message);
    if (result.error.kind == Kind::Overflow)
      return t.raise(kOverflowError, "{}", result.error.message);
    return raiseSyntaxError(t, located(result.error), filename);
  }
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
  p.typeComments = options.futureFlags & kPyCfTypeComments;
  p.barryAsFlufl = options.futureFlags & bytecode::kCodeFutureBarryAsBdfl;
  p.dontImplyDedent = options.futureFlags & kPyCfDontImplyDedent;
  p.allowIncompleteInput = options.futureFlags & kPyCfAllowIncompleteInput;
  if (options.featureVersion >= 0) p.featureVersion = options.featureVersion;
  p.maxIntDigits = theInterpreter.config.intMaxStrDigits;
  *out = frontend::parse(source, p);
  for (const auto& w : out->warnings) TRY(warnSyntax(t, w.message, w.line, filename, w.asError));
  if (!out->module) return raiseSyntaxError(t, out->error, filename);
  return out;
}

Result<Ref<Code>> compileSource(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                                const CompileOptions& options) {
  frontend::ParseResult parsed;
  TRY(parseSource(t, source, isUtf8, filename, options, &parsed));
  return compileTree(t, *parsed.module, *parsed.arena, source, filename, options);
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
    if (t.matches(kLookupError)) {
      *problem = "unknown encoding: " + std::string(encoding);
    } else if (t.hasException()) {
      Result<Ref<Str>> s = str(t, Value(t.currentException));
      if (s) *problem = toUtf8(s.peek());
    }
    t.clearException();
    return false;
  };
}

}  // namespace dx
