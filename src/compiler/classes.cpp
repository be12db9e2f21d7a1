// Class definitions.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

void Codegen::classDef(const ClassDef* c) {
  std::vector<u32> decoratorRegs = decorators(c->decoratorList);
  i32 line = firstLineOf(c, c->decoratorList);
  u32 value = newTemp();
  u32 top = u_->top;
  at(c);
  if (c->typeParams.empty()) {
    classCall(c, line, false, value);
  } else {
    u32 window = newWindow();
    u32 callable = newTemp();
    Block* block = blockOf(c, BlockRole::TypeParameters);
    enterUnit(UnitKind::TypeParams,
              id("<generic parameters of " + std::string(c->name->view()) + ">"), block, line, {});
    u_->owner = c->name;
    at(c);
    u32 params = typeParams(c->typeParams);
    at(c);
    u32 made = newTemp();
    u_->b.StoreCell(u_->regs[id(".type_params")], params);
    u32 generic = u_->regs[id(".generic_base")];
    u_->b.SubscriptGeneric(generic, params | kKill);
    classCall(c, line, true, made);
    u_->b.Return(made | kKill);
    u32 code = leaveUnit();
    at(c);
    makeFunction(callable, code, *block, {}, kNoReg);
    u_->b.Call(value, window, 0);
  }
  u_->top = top;
  applyDecorators(c->decoratorList, decoratorRegs, value);
  at(c);
  storeName(c->name, value | kKill);
}

// __build_class__(body function, name, *bases, **keywords)
void Codegen::classCall(const ClassDef* c, i32 line, bool generic, u32 dst) {
  CodeBuilder& b = u_->b;
  u32 window = newWindow();
  u32 callable = newTemp(), function = newTemp();
  u32 code = classBody(c, line);
  at(c);
  b.LoadBuildClass(callable);
  makeFunction(function, code, *blockOf(c), {}, kNoReg);
  u32 name = newTemp();
  loadStr(c->name->view(), name);
  checkKeywords(c->keywords);
  finishCall(dst, window, 2, c->bases, generic ? u_->regs[id(".generic_base")] : u32(kNoReg),
             c->keywords, false, c->span());
}

u32 Codegen::classBody(const ClassDef* c, i32 line) {
  Block* block = blockOf(c);
  enterUnit(UnitKind::Class, c->name, block, line, {});
  u_->owner = c->name;
  CodeBuilder& b = u_->b;
  Position start{line, line, 0, 0};
  b.setPosition(start);
  u32 t = newTemp();
  auto set = [&](const char* name) { b.StoreName(t | kKill, nameIndex(id(name))); };
  b.LoadName(t, nameIndex(id("__name__")));
  set("__module__");
  loadStr(u_->qualname, t);
  set("__qualname__");
  b.LoadInt(t, u32(line));
  set("__firstlineno__");
  if (!c->typeParams.empty()) {
    b.LoadCell(t, u_->regs[id(".type_params")], b.localName(u_->regs[id(".type_params")]), 1);
    set("__type_params__");
  }
  if (block->needsClassDict) {
    b.LoadLocals(t);
    b.StoreCell(u_->regs[id("__classdict__")], t | kKill);
  }
  bool future = futureFlags_ & kCodeFutureAnnotations;
  if (block->annotationsUsed && future) b.SetupAnnotations();
  if (block->annotationsUsed && !future) numberAnnotations(c->body);
  if (block->conditionalAnnotations) {
    b.BuildSet(t, t, 0);
    b.StoreCell(u_->regs[id("__conditional_annotations__")], t | kKill);
  }
  u32 from = 0;
  if (hasDoc(c->body)) {
    from = 1;
    if (options_.optimize < 2) {
      at(as<ExprStmt>(c->body[0])->value);
      loadStr(docOf(c->body), t);
      set("__doc__");
    }
  }
  for (u32 i = from; i < c->body.count; i++) stmt(c->body[i]);

  if (block->annotationsUsed && !future && deferredAnnotations(c->body, {line, 0, line, 0}, t)) {
    b.setPosition(start);
    set("__annotate_func__");
  }
  b.setNoPosition();
  Const attributes = Const::tuple({});
  for (const std::string& name : u_->staticAttributes) attributes.items.push_back(Const::str(name));
  loadConst(attributes, t);
  set("__static_attributes__");
  if (block->needsClassDict)
    b.StoreName(u_->regs[id("__classdict__")], nameIndex(id("__classdictcell__")));
  if (block->needsClassClosure) {
    u32 cell = u_->regs[id("__class__")];
    b.StoreName(cell, nameIndex(id("__classcell__")));
    b.Return(cell);
  } else {
    b.ReturnNone();
  }
  return leaveUnit();
}

}  // namespace dx::compiler
