// Module _symtable: the compiler's symbol tables as objects.
#include "compiler/symtable.h"

#include "compiler/preprocess.h"
#include "modules/_symtable.gen.h"
#include "runtime/compile.h"

namespace dx {

namespace {

namespace c = compiler;

constexpr u32 kOwnFlags = c::kUnbinds;  // not CPython's

Ref<Str> text(ast::Identifier s) { return intern(makeStr(s->view())); }

Result<Ref<>> makeEntry(Thread& t, const c::Block& block);

// Comprehensions that run in the frame around them have given their names to its block.
Result<void> addChildren(Thread& t, const c::Block& block, List* out) {
  for (const c::Block* child : block.children) {
    if (child->inlined)
      TRY(addChildren(t, *child, out));
    else
      listAppend(out, TRY(makeEntry(t, *child)));
  }
  return ok();
}

Result<Ref<>> makeEntry(Thread& t, const c::Block& block) {
  RecursionGuard guard(t);
  TRY(guard.check(" while making a symbol table"));
  Ref<Dict> symbols = newDict(i64(block.symbols.size()));
  for (const c::Symbol& s : block.symbols)
    dictSetStr(symbols, text(s.name), makeInt(s.flags & ~kOwnFlags));
  Ref<List> names = newList();
  for (ast::Identifier s : block.params) listAppend(names.get(), Ref<>(text(s)));
  Ref<List> children = newList();
  TRY(addChildren(t, block, children));
  Ref<SymtableEntry> e = make<SymtableEntry>(&PySTEntry_Type);
  e->id = makeInt(u64(reinterpret_cast<uintptr_t>(e.get()))).release();
  e->name = Value(text(block.name).release());
  e->symbols = Value(symbols.release());
  e->varnames = Value(names.release());
  e->children = Value(children.release());
  e->nested = block.nested;
  e->blockType = i32(block.type);
  e->line = block.type == c::BlockType::Module ? 0 : block.span.line;
  gcTrack(e);
  return Ref<>(std::move(e));
}

}  // namespace

Result<Ref<>> symtableEntry___repr__(Thread&, SymtableEntry& self) {
  return Ref<>(formatStr("<symtable entry {}({}), line {}>", self.name, self.id, self.line));
}

Result<Ref<>> _symtable_symtable(Thread& t, Value source, Value filename, Str& startstr) {
  Ref<Str> name = decodeFs(TRY(encodeFs(t, filename)));
  CompileOptions options;
  if (equalAscii(&startstr, "exec"))
    options.mode = CompileMode::Exec;
  else if (equalAscii(&startstr, "eval"))
    options.mode = CompileMode::Eval;
  else if (equalAscii(&startstr, "single"))
    options.mode = CompileMode::Single;
  else
    return t.raise(kValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
  Buffer buffer;
  std::string_view program;
  if (isStr(source)) {
    program = TRY(utf8(t, source.as<Str>()));
  } else if (hasBuffer(source)) {
    TRY(Buffer::get(t, source, &buffer));
    program = buffer.bytes();
  } else {
    return t.raise(kTypeError, "symtable() arg 1 must be a string or bytes object");
  }
  frontend::ParseResult parsed;
  TRY(parseSource(t, program, isStr(source), name, options, &parsed));
  c::Futures futures = c::readFutures(*parsed.module);
  if (futures.error) return raiseCompileError(t, futures.error, name);
  c::SymtableOptions symtableOptions;
  symtableOptions.futureAnnotations = futures.flags & bytecode::kCodeFutureAnnotations;
  symtableOptions.lastFuture = futures.last;
  c::Symtable table(*parsed.arena, symtableOptions);
  if (!table.build(*parsed.module)) {
    c::CompileError error = table.error();
    error.messageOnly = true;
    return raiseCompileError(t, error, name);
  }
  return makeEntry(t, *table.top());
}

Result<void> _symtable_exec(Thread&, Module& m) {
  struct Constant {
    const char* name;
    int value;
  };
  using c::BlockType;
  using c::NameScope;
  const Constant constants[] = {
      {"USE", c::kUse},
      {"DEF_GLOBAL", c::kDefGlobal},
      {"DEF_NONLOCAL", c::kDefNonlocal},
      {"DEF_LOCAL", c::kDefLocal},
      {"DEF_PARAM", c::kDefParam},
      {"DEF_TYPE_PARAM", c::kDefTypeParam},
      {"DEF_FREE_CLASS", c::kDefFreeClass},
      {"DEF_IMPORT", c::kDefImport},
      {"DEF_BOUND", c::kDefLocal | c::kDefParam | c::kDefImport},
      {"DEF_ANNOT", c::kDefAnnot},
      {"DEF_COMP_ITER", c::kDefCompIter},
      {"DEF_COMP_CELL", c::kDefCompCell},
      {"TYPE_FUNCTION", int(BlockType::Function)},
      {"TYPE_CLASS", int(BlockType::Class)},
      {"TYPE_MODULE", int(BlockType::Module)},
      {"TYPE_ANNOTATION", int(BlockType::Annotation)},
      {"TYPE_TYPE_ALIAS", int(BlockType::TypeAlias)},
      {"TYPE_TYPE_PARAMETERS", int(BlockType::TypeParameters)},
      {"TYPE_TYPE_VARIABLE", int(BlockType::TypeVariable)},
      {"LOCAL", int(NameScope::Local)},
      {"GLOBAL_EXPLICIT", int(NameScope::GlobalExplicit)},
      {"GLOBAL_IMPLICIT", int(NameScope::GlobalImplicit)},
      {"FREE", int(NameScope::Free)},
      {"CELL", int(NameScope::Cell)},
      {"SCOPE_OFF", c::kScopeShift},
      {"SCOPE_MASK", 15},
  };
  for (const Constant& constant : constants) moduleSet(m, constant.name, makeInt(constant.value));
  return ok();
}

}  // namespace dx
