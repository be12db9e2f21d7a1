// Module _symtable: the compiler's symbol tables as objects.
#include "compiler/preprocess.h"
#include "compiler/symtable.h"
#include "modules/_symtable.gen.h"
#include "runtime/compile.h"

namespace dx {

namespace {

namespace c = compiler;

constexpr u32 kOwnFlags = c::kUnbinds;  // not CPython's

Ref<Str> text(ast::Identifier s) { return intern(makeStr(s->view())); }

// Makes the entries. What the compiler leaves out, because no code is made of it, is put in here.
class EntryMaker {
 public:
  EntryMaker(Thread& t, bool futureAnnotations) : t_(t), futureAnnotations_(futureAnnotations) {}

  Result<Ref<>> entry(const c::Block& block) {
    RecursionGuard guard(t_);
    TRY(guard.check(" while making a symbol table"));
    Ref<Dict> symbols = newDict(i64(block.symbols.size()));
    Ref<List> names = newList();
    if (isGenericFunction(block)) addParameter(symbols, names, ".defaults");
    for (const c::Symbol& s : block.symbols) {
      bool annotation = block.type == c::BlockType::Annotation;
      if (annotation && s.name->view() == "__conditional_annotations__") continue;
      u32 flags = s.flags & ~kOwnFlags;
      if (s.name->view() == ".format") flags |= c::kUse;
      dictSetStr(symbols, text(s.name), makeInt(flags));
    }
    addInlined(block, symbols);
    for (ast::Identifier s : block.params) listAppend(names.get(), Ref<>(text(s)));
    Ref<List> children = newList();
    bool localAnnotations = block.type == c::BlockType::Function && block.annotations;
    if (localAnnotations && !futureAnnotations_)
      listAppend(children.get(), annotations(block, true, block.annotations->span.line));
    TRY(addChildren(block, children.get()));
    std::string_view name = block.name->view();
    if (name.starts_with('<') && block.type == c::BlockType::Function)
      name = name.substr(1, name.size() - 2);
    i32 line = block.type == c::BlockType::Module ? 0 : block.span.line;
    return make(intern(makeStr(name)), symbols, names, children, block.nested, block.type, line);
  }

 private:
  Ref<> make(Ref<Str> name, Dict* symbols, List* names, List* children, bool nested,
             c::BlockType type, i32 line) {
    Ref<SymtableEntry> e = dx::make<SymtableEntry>(&PySTEntry_Type);
    e->id = makeInt(u64(reinterpret_cast<uintptr_t>(e.get()))).release();
    e->name = Value(name.release());
    e->symbols = retain(Value(symbols)).release();
    e->varnames = retain(Value(names)).release();
    e->children = retain(Value(children)).release();
    e->nested = nested;
    e->blockType = i32(type);
    e->line = line;
    gcTrack(e);
    return Ref<>(std::move(e));
  }

  static u32 localFlags(u32 flags) { return flags | u32(c::NameScope::Local) << c::kScopeShift; }
  static void addParameter(Dict* symbols, List* names, const char* name) {
    dictSetStr(symbols, name, makeInt(localFlags(c::kDefParam)));
    listAppend(names, Value(internImmortal(name)));
  }

  // The block of an __annotate__ function that is never made, in or of `block`.
  Ref<> annotations(const c::Block& block, bool nested, i32 line) {
    Ref<Dict> symbols = newDict();
    dictSetStr(symbols, ".format", makeInt(localFlags(c::kDefParam | c::kUse)));
    if (!nested && block.parent && block.parent->type == c::BlockType::Class) {
      u32 free = c::kUse | u32(c::NameScope::Free) << c::kScopeShift;
      dictSetStr(symbols, "__classdict__", makeInt(free));
    }
    Ref<List> names = newList(), children = newList();
    listAppend(names.get(), Value(DX_NAME(".format")));
    return make(retainObject(DX_NAME("__annotate__")), symbols, names, children,
                nested || block.nested, c::BlockType::Annotation, line);
  }

  static bool isDef(const c::Block& block) {
    return block.type == c::BlockType::Function && !block.name->view().starts_with('<');
  }
  // The type parameters of a function; those of classes and aliases have other children.
  static bool isGenericFunction(const c::Block& block) {
    if (block.type != c::BlockType::TypeParameters) return false;
    for (const c::Block* child : block.children)
      if (isDef(*child)) return true;
    return false;
  }

  // Comprehensions that run in the frame around them give it their names.
  void addInlined(const c::Block& block, Dict* symbols) {
    for (const c::Block* child : block.children) {
      if (!child->inlined) continue;
      for (const c::Symbol& s : child->symbols) {
        Ref<Str> name = text(s.name);
        u32 flags = s.flags & ~kOwnFlags;
        if (s.scope() == c::NameScope::Cell) flags |= c::kDefCompCell;
        if (!(s.flags & c::kDefParam) && !dictGetStr(symbols, name))
          dictSetStr(symbols, name, makeInt(flags));
      }
      addInlined(*child, symbols);
    }
  }
  Result<void> addChildren(const c::Block& block, List* out) {
    const c::Block* before = nullptr;
    for (const c::Block* child : block.children) {
      if (child->inlined) {
        TRY(addChildren(*child, out));
      } else {
        bool annotated = before && before->type == c::BlockType::Annotation &&
                         before->span.line == child->span.line;
        if (isDef(*child) && !annotated && !futureAnnotations_)
          listAppend(out, annotations(*child, false, child->span.line));
        listAppend(out, TRY(entry(*child)));
      }
      before = child;
    }
    return ok();
  }

  Thread& t_;
  bool futureAnnotations_;
};

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
  return EntryMaker(t, symtableOptions.futureAnnotations).entry(*table.top());
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
