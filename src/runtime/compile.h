// Between the front end and the runtime: trees, images, errors.
#pragma once
#include "compiler/error.h"
#include "frontend/parser.h"
#include "runtime/code.h"

namespace dx {

// compile() flags (PyCF_*).
constexpr u32 kPyCfDontImplyDedent = 0x0200, kPyCfOnlyAst = 0x0400, kPyCfTypeComments = 0x1000,
              kPyCfAllowTopLevelAwait = 0x2000, kPyCfAllowIncompleteInput = 0x4000,
              kPyCfOptimizedAst = 0x8000 | kPyCfOnlyAst;
constexpr u32 kFutureMask = 0x1FE0000;  // CO_FUTURE_*

// Parses into *out and returns it; SyntaxErrors and warnings are raised.
Result<frontend::ParseResult*> parseSource(Thread& t, std::string_view source, bool isUtf8,
                                           Str* filename, const CompileOptions& options,
                                           frontend::ParseResult* out);
Result<Ref<Code>> compileTree(Thread& t, const ast::Mod& mod, ast::Arena& arena, Str* filename,
                              const CompileOptions& options);
// Before a tree is shown to programs: SyntaxErrors of `from __future__`; `optimized`:
// PyCF_OPTIMIZED_AST.
Result<void> preprocessTree(Thread& t, ast::Mod& mod, ast::Arena& arena, Str* filename,
                            const CompileOptions& options, bool optimized);
// The code object `index` of an image (verified or fresh from the compiler).
// Sets what calls want to know from the record.
void setArgumentCounts(CodeData* data);
Result<Ref<Code>> codeFromImage(Thread& t, std::span<const u8> bytes, u32 index = 0);
// The same of bytes that come from outside (copied): ImportError "damaged bytecode: ..." when the
// hash or the header is wrong; the rest is verified as it is used.
Result<Ref<Code>> codeFromOutside(Thread& t, std::string_view bytes, u32 index);
Error raiseCompileError(Thread& t, const compiler::CompileError& e, Str* filename);
Error raiseSyntaxError(Thread& t, const frontend::SyntaxErrorInfo& e, Str* filename);
void installDecodeHook();

// warnings.warn_explicit for `filename`:`line`; an error when the filters say so.
Result<void> warnExplicit(Thread& t, Type* category, Str* message, Str* filename, i32 line);
// bytes.decode(encoding, errors) through the codec registry; str expected.
Result<Ref<>> decodeWithCodec(Thread& t, std::string_view bytes, const char* encoding,
                              const char* errors);

}  // namespace dx
