// compile, eval, exec and __import__.
#include "builtins/builtins.gen.h"
#include "builtins/syntax_trees.h"
#include "runtime/compile.h"
#include "runtime/frame.h"

namespace dx {

namespace {

constexpr u32 kKnownFlags = kFutureMask | bytecode::kCodeNested | kPyCfOptimizedAst |
                            kPyCfAllowTopLevelAwait | kPyCfTypeComments | kPyCfDontImplyDedent |
                            kPyCfAllowIncompleteInput;

// Source text of any kind that compile() takes. The buffer and string stay alive with the object.
struct Source {
  Buffer buffer;
  std::string_view text;
  bool isUtf8 = false;
};

Result<void> readSource(Thread& t, Value source, const char* function, const char* what,
                        Source* out) {
  if (isStr(source)) {
    out->text = TRY(utf8(t, source.as<Str>()));
    out->isUtf8 = true;
  } else if (hasBuffer(source)) {
    TRY(Buffer::get(t, source, &out->buffer));
    out->text = out->buffer.bytes();
  } else {
    return t.raise(kTypeError, "{}() arg 1 must be a {} object", function, what);
  }
  if (out->text.find('\0') != std::string_view::npos)
    return t.raise(kSyntaxError, "source code string cannot contain null bytes");
  return {};
}

Result<Ref<Str>> sourceName(Thread& t, Value filename) {
  if (isExactStr(filename)) return retainObject(filename.as<Str>());
  return decodeFs(TRY(encodeFs(t, filename)));
}

u32 inheritedFlags(Thread& t) {
  Code* code = currentCode(t);
  return code ? code->flags & kFutureMask : 0;
}

// What eval() and exec() share about their namespaces.
struct Namespaces {
  Ref<> globals, locals;
};

Result<Namespaces> namespaces(Thread& t, Value globals, Value locals, bool isExec) {
  Namespaces n;
  if (isExec ? !isNone(globals) && !isDict(globals) : false)
    return t.raise(kTypeError, "exec() globals must be a dict, not {}", typeOf(globals));
  if (!isNone(locals) && !slotsOf(locals).getItem) {
    if (isExec)
      return t.raise(kTypeError, "locals must be a mapping or None, not {}", typeOf(locals));
    return t.raise(kTypeError, "locals must be a mapping");
  }
  if (!isExec && !isNone(globals) && !isDict(globals))
    return t.raise(kTypeError, slotsOf(globals).getItem && !isTuple(globals) && !isList(globals)
                                   ? "globals must be a real dict; try eval(code, {{}}, mapping)"
                                   : "globals must be a dict");
  if (isNone(globals)) {
    Dict* g = currentGlobals(t);
    if (!g) return t.raise(kSystemError, "globals and locals cannot be NULL");
    n.globals = retain(g);
    n.locals = isNone(locals) ? TRY(currentLocals(t)) : retain(locals);
  } else {
    n.globals = retain(globals);
    n.locals = retain(isNone(locals) ? globals : locals);
  }
  Dict* g = n.globals.as<Dict>();
  if (!dictGetStr(g, DX_NAME("__builtins__")))
    dictSetStr(g, DX_NAME("__builtins__"), currentBuiltins(t));
  return n;
}

Result<Ref<>> compiledText(Thread& t, Value source, const char* function, CompileMode mode) {
  Source s;
  TRY(readSource(t, source, function, "string, bytes or code", &s));
  std::string_view text = s.text;
  if (mode == CompileMode::Eval) {
    size_t start = text.find_first_not_of(" \t");
    text = start == std::string_view::npos ? std::string_view() : text.substr(start);
  }
  CompileOptions options;
  options.mode = mode;
  options.futureFlags = inheritedFlags(t);
  return compileSource(t, text, s.isUtf8, DX_NAME("<string>"), options);
}

// compile() of a tree of ast objects.
Result<Ref<>> compiledTree(Thread& t, Value tree, Str* filename, const CompileOptions& options,
                           u32 bits) {
  bool optimized = (bits & kPyCfOptimizedAst) == kPyCfOptimizedAst;
  if (bits & kPyCfOnlyAst && !optimized) {
    TRY(checkTreeMode(t, tree, options.mode));
    return retain(tree);
  }
  ast::Arena arena;
  ast::Mod* mod = TRY(moduleFromTree(t, tree, options.mode, arena));
  if (!optimized) return compileTree(t, *mod, arena, filename, options);
  TRY(preprocessTree(t, *mod, arena, filename, options, true));
  return treeFromModule(t, *mod);
}

}  // namespace

Result<Ref<>> builtins_compile(Thread& t, Value source, Value filename, Str& mode, i32 flags,
                               bool dontInherit, i32 optimize, i32 featureVersion) {
  Ref<Str> name = TRY(sourceName(t, filename));
  u32 bits = u32(flags);
  if (bits & ~kKnownFlags) return t.raise(kValueError, "compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2)
    return t.raise(kValueError, "compile(): invalid optimize value");
  CompileOptions options;
  if (equalAscii(&mode, "exec"))
    options.mode = CompileMode::Exec;
  else if (equalAscii(&mode, "eval"))
    options.mode = CompileMode::Eval;
  else if (equalAscii(&mode, "single"))
    options.mode = CompileMode::Single;
  else if (equalAscii(&mode, "func_type") && (bits & kPyCfOnlyAst))
    options.mode = CompileMode::FuncType;
  else if (equalAscii(&mode, "func_type"))
    return t.raise(kValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
  else
    return t.raise(kValueError,
                   bits & kPyCfOnlyAst
                       ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                       : "compile() mode must be 'exec', 'eval' or 'single'");
  options.futureFlags = bits & ~kPyCfOptimizedAst;
  options.dontInherit = dontInherit;
  options.optimize = optimize;
  options.featureVersion = featureVersion;
  if (!dontInherit) options.futureFlags |= inheritedFlags(t);

  if (isSyntaxNode(source)) return compiledTree(t, source, name, options, bits);
  Source s;
  TRY(readSource(t, source, "compile", "string, bytes or AST", &s));
  if (bits & kPyCfOnlyAst) {
    return parseToTree(t, s.text, s.isUtf8, name, options,
                       (bits & kPyCfOptimizedAst) == kPyCfOptimizedAst);
  }
  return compileSource(t, s.text, s.isUtf8, name, options);
}

Result<Ref<>> builtins_eval(Thread& t, Value source, Value globals, Value locals) {
  Namespaces n = TRY(namespaces(t, globals, locals, false));
  Ref<> code;
  if (isInstanceOf(source, &PyCode_Type)) {
    Value argument = source;
    TRY(audit(t, "exec", Values(&argument, 1)));
    if (source.as<Code>()->freeCount > 0)
      return t.raise(kTypeError, "code object passed to eval() may not contain free variables");
    code = retain(source);
  } else {
    code = TRY(compiledText(t, source, "eval", CompileMode::Eval));
  }
  return evalCode(t, code.as<Code>(), n.globals.as<Dict>(), n.locals);
}

Result<void> builtins_exec(Thread& t, Value source, Value globals, Value locals, Value closure) {
  Namespaces n = TRY(namespaces(t, globals, locals, true));
  Ref<> code;
  Value cells;
  if (isInstanceOf(source, &PyCode_Type)) {
    i64 wanted = source.as<Code>()->freeCount;
    if (wanted == 0) {
      if (!isNone(closure))
        return t.raise(kTypeError, "cannot use a closure with this code object");
    } else {
      bool fits = isExactTuple(closure) && closure.as<Tuple>()->size == wanted;
      for (i64 i = 0; fits && i < wanted; i++)
        fits = isInstanceOf(closure.as<Tuple>()->items[i], &PyCell_Type);
      if (!fits)
        return t.raise(kTypeError, "code object requires a closure of exactly length {}", wanted);
      cells = closure;
    }
    TRY(audit(t, "exec", Values(&source, 1)));
    code = retain(source);
  } else {
    if (!isNone(closure))
      return t.raise(kTypeError, "closure can only be used when source is a code object");
    code = TRY(compiledText(t, source, "exec", CompileMode::Exec));
  }
  (void)TRY(evalCode(t, code.as<Code>(), n.globals.as<Dict>(), n.locals, cells));
  return {};
}

Result<Ref<>> builtins___import__(Thread& t, Value name, Value globals, Value locals,
                                  Value fromlist, i32 level) {
  if (!isStr(name)) return t.raise(kTypeError, "module name must be a string");
  return importName(t, name.as<Str>(), globals, locals, fromlist ? fromlist : Value(emptyTuple()),
                    level);
}

}  // namespace dx
