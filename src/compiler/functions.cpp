// Functions, lambdas and generic ones (PEP 695); classes are in classes.cpp.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

u32 Codegen::tupleOf(const Seq<Expr*>& items) {
  CodeBuilder& b = u_->b;
  u32 tuple = newTemp();
  Position position = b.position();
  Const c = Const::tuple({});
  bool constant = true;
  for (const Expr* e : items) {
    const Const* value = folder_.constantOf(e);
    constant = constant && value != nullptr;
    if (constant) c.items.push_back(*value);
  }
  if (constant) {
    loadConst(c, tuple);
    return tuple;
  }
  u32 run = tempAt(u_->top);
  for (const Expr* e : items) toTemp(e);
  b.setPosition(position);
  b.BuildTuple(tuple, run, items.count);
  u_->top = tuple - b.localCount() + 1;
  return tuple;
}

Codegen::Defaults Codegen::defaults(const Arguments* args) {
  CodeBuilder& b = u_->b;
  Defaults d;
  Position position = b.position();
  if (!args->defaults.empty()) d.positional = tupleOf(args->defaults);
  bool keywords = false;
  for (const Expr* e : args->kwDefaults) keywords = keywords || e != nullptr;
  if (keywords) {
    d.keyword = newTemp();
    u32 run = tempAt(u_->top);
    u32 count = 0;
    for (u32 i = 0; i < args->kwonlyargs.count; i++) {
      if (args->kwDefaults[i] == nullptr) continue;
      u32 key = newTemp();
      loadStr(mangled(args->kwonlyargs[i]->arg)->view(), key);
      toTemp(args->kwDefaults[i]);
      count++;
    }
    b.setPosition(position);
    b.BuildMap(d.keyword, run, count);
    u_->top = d.keyword - b.localCount() + 1;
  }
  return d;
}

// A function object in `dst`, with its closure, defaults and __annotate__ function.
void Codegen::makeFunction(u32 dst, u32 codeIndex, const Block& block, Defaults d, u32 annotate) {
  CodeBuilder& b = u_->b;
  Const code = Const::of(Const::Kind::Code);
  code.number = codeIndex;
  if (b.reachable()) b.MakeFunction(dst, b.constant(code));
  std::vector<Identifier> free;
  for (const Symbol& s : block.symbols) {
    if (s.scope() == NameScope::Free || (s.flags & kDefFreeClass)) free.push_back(s.name);
  }
  if (!free.empty()) {
    std::sort(free.begin(), free.end(),
              [](Identifier x, Identifier y) { return x->view() < y->view(); });
    u32 top = u_->top;
    u32 run = tempAt(top);
    for (Identifier name : free) {
      u32 t = newTemp();
      b.Move(t, cellRegister(name));
    }
    b.BuildTuple(run, run, u32(free.size()));
    b.SetFunctionAttr(dst, run | kKill, 3);
    u_->top = top;
  }
  if (annotate != kNoReg) b.SetFunctionAttr(dst, annotate | kKill, 4);
  if (d.keyword != kNoReg) b.SetFunctionAttr(dst, d.keyword | kKill, 1);
  if (d.positional != kNoReg) b.SetFunctionAttr(dst, d.positional | kKill, 0);
}

void Codegen::lambda(const Lambda* l, u32 dst) {
  at(l);
  Defaults d = defaults(l->args);
  Block* block = blockOf(l);
  UnitArgs args;
  args.args = l->args;
  enterUnit(UnitKind::Lambda, id("<lambda>"), block, l->line, args);
  CodeBuilder& b = u_->b;
  u32 use = operand(l->body);
  at(l->body);
  b.Return(use);
  u32 code = leaveUnit();
  at(l);
  u32 work = workFor(dst);
  makeFunction(work, code, *block, d, kNoReg);
  finishWork(work, dst);
}

std::vector<u32> Codegen::decorators(const Seq<Expr*>& list) {
  std::vector<u32> regs;
  for (const Expr* d : list) regs.push_back(toTemp(d));
  return regs;
}

// Decorators are called from the last to the first with what is in temporary `value`.
void Codegen::applyDecorators(const Seq<Expr*>& list, const std::vector<u32>& regs, u32 value) {
  CodeBuilder& b = u_->b;
  for (size_t i = regs.size(); i-- > 0;) {
    u32 top = u_->top;
    u32 window = newWindow();
    u32 callable = newTemp(), argument = newTemp();
    at(list[i]);
    b.Move(callable, regs[i] | kKill);
    b.Move(argument, value | kKill);
    b.Call(value, window, 1);
    u_->top = top;
  }
}

template <class F>
void Codegen::functionDef(const F* f, bool isAsync) {
  std::vector<u32> decoratorRegs = decorators(f->decoratorList);
  i32 line = firstLineOf(f, f->decoratorList);
  u32 value = newTemp();
  u32 top = u_->top;
  at(f);
  if (f->typeParams.empty()) {
    u32 function = functionBody(f, isAsync, line);
    u_->b.Move(value, function | kKill);
  } else {
    // The type parameters' scope is a function that is called at once; it gets the defaults.
    u32 window = newWindow();
    u32 callable = newTemp();
    Defaults d = defaults(f->args);
    u32 count = 0;
    UnitArgs args;
    if (d.positional != kNoReg) count++;
    if (d.keyword != kNoReg) count++;
    args.argCount = count;
    Block* block = blockOf(f, BlockRole::TypeParameters);
    enterUnit(UnitKind::TypeParams,
              id("<generic parameters of " + std::string(f->name->view()) + ">"), block, line,
              args);
    at(f);
    u32 params = typeParams(f->typeParams);
    u32 function = functionBody(f, isAsync, line);
    at(f);
    u_->b.SetFunctionTypeParams(function, params | kKill);
    u_->b.Return(function | kKill);
    u32 code = leaveUnit();
    at(f);
    makeFunction(callable, code, *block, {}, kNoReg);
    u_->b.Call(value, window, count);
  }
  u_->top = top;
  applyDecorators(f->decoratorList, decoratorRegs, value);
  at(f);
  storeName(f->name, value | kKill);
}

template void Codegen::functionDef(const FunctionDef*, bool);
template void Codegen::functionDef(const AsyncFunctionDef*, bool);

// Makes the function in a new temporary, undecorated. In a generic function's own scope the
// defaults are arguments.
template <class F>
u32 Codegen::functionBody(const F* f, bool isAsync, i32 line) {
  u32 result = newTemp();
  Block* block = blockOf(f);
  Defaults d;
  if (f->typeParams.empty()) {
    d = defaults(f->args);
  } else {
    // Copies: nobody else can make these anything but a tuple and a dict.
    CodeBuilder& outer = u_->b;
    auto positional = u_->regs.find(id(".defaults")), keyword = u_->regs.find(id(".kwdefaults"));
    if (positional != u_->regs.end()) {
      d.positional = newTemp();
      outer.BuildList(d.positional, d.positional, 0);
      outer.ListExtend(d.positional, positional->second);
      outer.ListToTuple(d.positional, d.positional | kKill);
    }
    if (keyword != u_->regs.end()) {
      d.keyword = newTemp();
      outer.BuildMap(d.keyword, d.keyword, 0);
      outer.DictUpdate(d.keyword, keyword->second);
    }
  }
  at(f);
  u32 annotate = functionAnnotations(f->args, f->returns, f->span(), f->name);
  UnitArgs args;
  args.args = f->args;
  enterUnit(isAsync ? UnitKind::AsyncFunction : UnitKind::Function, f->name, block, line, args);
  u32 from = 0;
  if (hasDoc(f->body)) {
    from = 1;
    if (options_.optimize < 2) {
      u_->b.info().flags |= kCodeHasDocstring;
      u_->b.setDoc(docOf(f->body));
    }
  }
  for (u32 i = from; i < f->body.count; i++) stmt(f->body[i]);
  u32 code = leaveUnit();
  at(f);
  makeFunction(result, code, *block, d, annotate);
  return result;
}

// --- type parameters -----------------------------------------------------------------------

// Makes the tuple of type parameters in a new temporary and binds their names.
u32 Codegen::typeParams(const Seq<TypeParam*>& params) {
  CodeBuilder& b = u_->b;
  u32 tuple = newTemp();
  u32 run = tempAt(u_->top);
  for (const TypeParam* p : params) {
    u32 param = newTemp();
    u32 top = u_->top;
    Identifier name;
    const Expr* byDefault;
    u32 kind;
    u32 operands = newTemp();
    at(p);
    switch (p->kind) {
      case Kind::TypeVar: {
        auto* v = as<TypeVar>(p);
        name = v->name;
        byDefault = v->defaultValue;
        loadStr(name->view(), operands);
        kind = 0;
        if (v->bound != nullptr) {
          kind = v->bound->kind == Kind::Tuple ? 2 : 1;
          typeParamEvaluator(newTemp(), v->bound, p, BlockRole::Main, name, false);
        }
        break;
      }
      case Kind::ParamSpec:
        name = as<ParamSpec>(p)->name;
        byDefault = as<ParamSpec>(p)->defaultValue;
        loadStr(name->view(), operands);
        kind = 3;
        break;
      default:
        name = as<TypeVarTuple>(p)->name;
        byDefault = as<TypeVarTuple>(p)->defaultValue;
        loadStr(name->view(), operands);
        kind = 4;
    }
    at(p);
    b.TypeParam(param, operands, kind);
    u_->top = top;
    if (byDefault != nullptr) {
      u32 t = newTemp();
      typeParamEvaluator(t, byDefault, p, BlockRole::Default, name, p->kind == Kind::TypeVarTuple);
      at(p);
      b.SetTypeParamDefault(param, t | kKill);
      u_->top = top;
    }
    storeName(name, param);
  }
  bool seen = false;
  for (const TypeParam* p : params) {
    bool has = p->kind == Kind::TypeVar     ? as<TypeVar>(p)->defaultValue != nullptr
               : p->kind == Kind::ParamSpec ? as<ParamSpec>(p)->defaultValue != nullptr
                                            : as<TypeVarTuple>(p)->defaultValue != nullptr;
    if (seen && !has) {
      Identifier name = p->kind == Kind::TypeVar     ? as<TypeVar>(p)->name
                        : p->kind == Kind::ParamSpec ? as<ParamSpec>(p)->name
                                                     : as<TypeVarTuple>(p)->name;
      fail("non-default type parameter '" + std::string(name->view()) +
               "' follows default type parameter",
           p->span());
    }
    seen = seen || has;
  }
  b.BuildTuple(tuple, run, params.count);
  u_->top = tuple - b.localCount() + 1;
  return tuple;
}

// A bound, constraints or default: a function that evaluates it when it is asked for.
void Codegen::typeParamEvaluator(u32 dst, const Expr* e, const TypeParam* p, BlockRole role,
                                 Identifier name, bool allowStarred) {
  Block* block = blockOf(p, role);
  enterAnnotationUnit(name, block, e->span());
  CodeBuilder& b = u_->b;
  if (allowStarred && e->kind == Kind::Starred) {
    // *Ts = *tuple[int, str]: the only item of the unpacked value.
    u32 use = operand(as<Starred>(e)->value);
    u32 item = newTemp();
    at(e);
    b.UnpackSequence(item, use, 1);
    b.Return(item | kKill);
  } else {
    u32 use = operand(e);
    at(e);
    b.Return(use);
  }
  u32 code = leaveUnit();
  at(e);
  Defaults d;
  d.positional = newTemp();
  loadConst(Const::tuple({Const::integer(1)}), d.positional);
  makeFunction(dst, code, *block, d, kNoReg);
  u_->top--;
}

void Codegen::typeAlias(const ast::TypeAlias* a) {
  Identifier name = as<Name>(a->name)->id;
  u32 value = newTemp();
  if (a->typeParams.empty()) {
    at(a);
    typeAliasBody(a, name, kNoReg, value);
  } else {
    u32 window = newWindow();
    u32 callable = newTemp();
    Block* block = blockOf(a, BlockRole::TypeParameters);
    enterUnit(UnitKind::TypeParams, id("<generic parameters of " + std::string(name->view()) + ">"),
              block, a->line, {});
    at(a);
    u32 params = typeParams(a->typeParams);
    u32 alias = newTemp();
    at(a);
    typeAliasBody(a, name, params, alias);
    u_->b.Return(alias | kKill);
    u32 code = leaveUnit();
    at(a);
    makeFunction(callable, code, *block, {}, kNoReg);
    u_->b.Call(value, window, 0);
  }
  at(a->name);
  storeName(name, value | kKill);
}

void Codegen::typeAliasBody(const ast::TypeAlias* a, Identifier name, u32 params, u32 dst) {
  u32 run = newTemp();
  loadStr(name->view(), run);
  u32 paramsReg = newTemp();
  if (params == kNoReg) {
    u_->b.LoadNone(paramsReg);
  } else {
    u_->b.Move(paramsReg, params | kKill);
  }
  u32 function = newTemp();
  Block* block = blockOf(a);
  enterAnnotationUnit(name, block, a->span());
  u32 use = operand(a->value);
  at(a->value);
  u_->b.Return(use);
  u32 code = leaveUnit();
  at(a);
  Defaults d;
  d.positional = newTemp();
  loadConst(Const::tuple({Const::integer(1)}), d.positional);
  makeFunction(function, code, *block, d, kNoReg);
  u_->b.TypeAlias(dst, run);
}

}  // namespace dx::compiler
