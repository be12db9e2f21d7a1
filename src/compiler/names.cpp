// Names and constants: which instruction a load or store takes.
#include "compiler/codegen.h"

namespace dx::compiler {

using namespace bytecode;

Codegen::Var Codegen::resolve(Identifier name) {
  using VK = Var::Kind;
  const Block& block = *u_->block;
  for (size_t i = u_->inlined.size(); i-- > 0;) {
    const InlinedComp& comp = u_->inlined[i];
    for (auto& [bound, reg] : comp.regs) {
      if (bound != name) continue;
      bool cell = comp.block->scopeOf(name) == NameScope::Cell;
      return {cell ? VK::Cell : VK::Fast, reg};
    }
  }
  bool isClass = block.type == BlockType::Class;
  bool inComp = !u_->inlined.empty();
  NameScope scope = block.scopeOf(name);
  // A comprehension does not see the names that the class body around it binds.
  if (inComp && (isClass || scope == NameScope::None)) {
    for (size_t i = u_->inlined.size(); i-- > 0;) {
      NameScope inner = u_->inlined[i].block->scopeOf(name);
      if (inner == NameScope::None) continue;
      scope = inner;
      break;
    }
  }
  auto reg = u_->regs.find(name);
  bool hasReg = reg != u_->regs.end();
  switch (scope) {
    case NameScope::Local:
      if (block.isFunctionLike() && hasReg) return {VK::Fast, reg->second};
      return {VK::Name};
    case NameScope::Cell:
      if (hasReg) return {VK::Cell, reg->second};
      break;
    case NameScope::Free:
      if (!hasReg) break;
      if (isClass && !inComp) return {VK::ClassFree, reg->second, true};
      if (block.canSeeClassScope && name->data[0] != '.' &&
          u_->regs.contains(id("__classdict__"))) {
        return {VK::DictCell, reg->second, true};
      }
      return {VK::Cell, reg->second, true};
    case NameScope::GlobalExplicit:
      return {VK::Global};
    default:
      break;
  }
  if (block.isFunctionLike()) {
    bool dict = block.canSeeClassScope && u_->regs.contains(id("__classdict__"));
    return {dict ? VK::DictGlobal : VK::Global};
  }
  return {isClass && inComp ? VK::Global : VK::Name};
}

int Codegen::fastRegister(Identifier name) {
  Var v = resolve(mangled(name));
  return v.kind == Var::Kind::Fast ? int(v.reg) : -1;
}

u32 Codegen::boundLocal(u32 reg) {
  if (!u_->b.isBound(reg)) u_->b.CheckBound(reg, u_->b.localName(reg), 0);
  return reg;
}

void Codegen::loadName(Identifier unmangled, u32 dst) {
  CodeBuilder& b = u_->b;
  if (*unmangled == "__debug__") {
    loadConst(Const::boolean(options_.optimize == 0), dst);
    return;
  }
  Identifier name = mangled(unmangled);
  Var v = resolve(name);
  switch (v.kind) {
    case Var::Kind::Fast: {
      u32 reg = boundLocal(v.reg);
      if (reg != dst) b.Move(dst, reg);
      break;
    }
    case Var::Kind::Cell:
      b.LoadCell(dst, v.reg, b.localName(v.reg), v.isFree);
      break;
    case Var::Kind::Global:
      b.LoadGlobal(dst, nameIndex(name));
      break;
    case Var::Kind::Name:
      b.LoadName(dst, nameIndex(name));
      break;
    case Var::Kind::ClassFree: {
      u32 t = newTemp();
      b.LoadLocals(t);
      b.LoadFromDictOrCell(dst, t | kKill, v.reg, b.localName(v.reg));
      u_->top--;
      break;
    }
    case Var::Kind::DictGlobal:
    case Var::Kind::DictCell: {
      u32 t = newTemp();
      b.LoadCell(t, u_->regs[id("__classdict__")], b.localName(u_->regs[id("__classdict__")]), 1);
      if (v.kind == Var::Kind::DictCell) {
        b.LoadFromDictOrCell(dst, t | kKill, v.reg, b.localName(v.reg));
      } else {
        b.LoadFromDictOrGlobal(dst, t | kKill, nameIndex(name));
      }
      u_->top--;
      break;
    }
  }
}

void Codegen::storeName(Identifier unmangled, u32 use) {
  CodeBuilder& b = u_->b;
  Identifier name = mangled(unmangled);
  Var v = resolve(name);
  switch (v.kind) {
    case Var::Kind::Fast:
      if (keep(use) != v.reg) b.Move(v.reg, use);
      break;
    case Var::Kind::Cell:
    case Var::Kind::ClassFree:
    case Var::Kind::DictCell:
      b.StoreCell(v.reg, use);
      break;
    case Var::Kind::Global:
    case Var::Kind::DictGlobal:
      b.StoreGlobal(use, nameIndex(name));
      break;
    case Var::Kind::Name:
      b.StoreName(use, nameIndex(name));
      break;
  }
}

void Codegen::deleteName(Identifier unmangled) {
  CodeBuilder& b = u_->b;
  Identifier name = mangled(unmangled);
  Var v = resolve(name);
  switch (v.kind) {
    case Var::Kind::Fast:
      b.DeleteLocal(v.reg, b.localName(v.reg));
      break;
    case Var::Kind::Cell:
    case Var::Kind::ClassFree:
    case Var::Kind::DictCell:
      b.DeleteCell(v.reg, b.localName(v.reg), v.isFree);
      break;
    case Var::Kind::Global:
    case Var::Kind::DictGlobal:
      b.DeleteGlobal(nameIndex(name));
      break;
    case Var::Kind::Name:
      b.DeleteName(nameIndex(name));
      break;
  }
}

// The register that holds the cell itself, for a closure.
u32 Codegen::cellRegister(Identifier name) {
  for (size_t i = u_->inlined.size(); i-- > 0;) {
    for (auto& [bound, reg] : u_->inlined[i].regs) {
      if (bound == name && u_->inlined[i].block->scopeOf(name) == NameScope::Cell) return reg;
    }
  }
  auto found = u_->regs.find(name);
  DX_CHECK(found != u_->regs.end());
  return found->second;
}

void Codegen::loadConst(const Const& value, u32 dst) {
  CodeBuilder& b = u_->b;
  switch (value.kind) {
    case Const::Kind::None:
      b.LoadNone(dst);
      return;
    case Const::Kind::True:
      b.LoadTrue(dst);
      return;
    case Const::Kind::False:
      b.LoadFalse(dst);
      return;
    case Const::Kind::Int:
      if (value.number == i32(value.number)) {
        b.LoadInt(dst, u32(i32(value.number)));
        return;
      }
      break;
    default:
      break;
  }
  if (b.reachable()) b.LoadConst(dst, b.constant(value));
}

}  // namespace dx::compiler
