// Second pass over the symbol tables: from definitions and uses to scopes.
#include "compiler/symtable.h"

namespace dx::compiler {

using namespace ast;

void collectSymbols(Symtable& table, const Mod& mod);

namespace {

// A set of interned names: one bit per name of the arena.
class NameSet {
 public:
  explicit NameSet(u32 names) : bits_((names + 64) / 64) {}
  bool has(Identifier name) const { return bits_[name->id / 64] >> (name->id % 64) & 1; }
  void add(Identifier name) { bits_[name->id / 64] |= u64(1) << (name->id % 64); }
  void remove(Identifier name) { bits_[name->id / 64] &= ~(u64(1) << (name->id % 64)); }
  void addAll(const NameSet& other) {
    for (size_t i = 0; i < bits_.size(); i++) bits_[i] |= other.bits_[i];
  }
  bool empty() const {
    for (u64 word : bits_) {
      if (word != 0) return false;
    }
    return true;
  }
  template <class F>
  void each(F&& visit) const {
    for (size_t i = 0; i < bits_.size(); i++) {
      for (u64 word = bits_[i]; word != 0; word &= word - 1) {
        visit(u32(i * 64) + u32(__builtin_ctzll(word)));
      }
    }
  }

 private:
  std::vector<u64> bits_;
};

}  // namespace

class SymtableAnalyzer {
 public:
  explicit SymtableAnalyzer(Symtable& table) : t_(table), names_(table.arena_.nameCount() + 1) {}

  void run() {
    NameSet free(names_), global(names_), typeParams(names_);
    block(t_.top_, nullptr, free, global, typeParams, nullptr);
  }

 private:
  using Scopes = std::vector<NameScope>;  // by symbol of the block

  void fail(const char* before, Identifier name, const char* after, const Block& b) {
    if (t_.error_) return;
    Span span = b.span;
    for (const auto& d : b.directives) {
      if (d.name == name) {
        span = d.span;
        break;
      }
    }
    std::string text = before;
    if (after != nullptr) text += "'" + std::string(name->view()) + "'" + after;
    t_.error_ = {CompileError::Kind::Syntax, text, span};
  }

  NameScope scopeOf(const Block& b, const Symbol& s, NameSet* bound, NameSet& local, NameSet& free,
                    NameSet& global, NameSet& typeParams, const Block* classEntry) {
    Identifier name = s.name;
    if (s.flags & kDefGlobal) {
      if (s.flags & kDefNonlocal) fail("name ", name, " is nonlocal and global", b);
      global.add(name);
      if (bound != nullptr) bound->remove(name);
      return NameScope::GlobalExplicit;
    }
    if (s.flags & kDefNonlocal) {
      if (bound == nullptr) {
        fail("nonlocal declaration not allowed at module level", name, nullptr, b);
      } else if (!bound->has(name)) {
        fail("no binding for nonlocal ", name, " found", b);
      } else if (typeParams.has(name)) {
        fail("nonlocal binding not allowed for type parameter ", name, "", b);
      }
      free.add(name);
      return NameScope::Free;
    }
    if (s.flags & kDefBound) {
      local.add(name);
      global.remove(name);
      if (s.flags & kDefTypeParam) {
        typeParams.add(name);
      } else {
        typeParams.remove(name);
      }
      return NameScope::Local;
    }
    // A name that the class around an annotation scope binds is looked up there first, and if it
    // is missing at run time then in the globals, not in functions around the class.
    if (classEntry != nullptr) {
      const Symbol* inClass = classEntry->find(name);
      if (inClass != nullptr && (inClass->flags & kDefGlobal)) return NameScope::GlobalExplicit;
      if (inClass != nullptr && (inClass->flags & kDefBound) && !(inClass->flags & kDefNonlocal)) {
        return NameScope::GlobalImplicit;
      }
    }
    if (bound != nullptr && bound->has(name)) {
      free.add(name);
      return NameScope::Free;
    }
    return NameScope::GlobalImplicit;
  }

  bool isFreeInAnyChild(const Block& b, Identifier name) {
    for (const Block* child : b.children) {
      bool found =
          child->inlined ? isFreeInAnyChild(*child, name) : child->scopeOf(name) == NameScope::Free;
      if (found) return true;
    }
    return false;
  }

  Symbol& symbolOf(Block& b, Scopes& scopes, Identifier name) {
    auto [it, isNew] = b.index.try_emplace(name, u32(b.symbols.size()));
    if (isNew) {
      b.symbols.push_back({name, 0});
      scopes.push_back(NameScope::None);
    }
    return b.symbols[it->second];
  }

  void inlineComprehension(Block& b, Block& comp, Scopes& scopes, NameSet& compFree,
                           NameSet& inlinedCells) {
    for (Symbol& s : comp.symbols) {
      u32 flags = s.flags & ((1u << kScopeShift) - 1);
      if (flags & kDefParam) continue;
      NameScope scope = s.scope();
      if (scope == NameScope::Cell || (flags & kDefCompCell)) inlinedCells.add(s.name);
      Symbol* existing = b.find(s.name);
      if (existing == nullptr) {
        bool implicit =
            b.type == BlockType::Class && (*s.name == "__class__" || *s.name == "__classdict__" ||
                                           *s.name == "__conditional_annotations__");
        if (scope == NameScope::Free && implicit) {
          // The implicit cells of a class are not for the comprehensions in its body, but for
          // the functions in them.
          if (!isFreeInAnyChild(comp, s.name)) {
            compFree.remove(s.name);
            s.flags = (s.flags & ~(15u << kScopeShift)) | u32(NameScope::GlobalImplicit)
                                                              << kScopeShift;
          }
        } else if (!(flags & kDefBound) || (flags & kDefNonlocal)) {
          symbolOf(b, scopes, s.name).flags |= flags;
          scopes[b.index[s.name]] = scope;
        }
        // What the comprehension binds lives in registers of its own.
        continue;
      }
      if ((existing->flags & kDefBound) && b.type != BlockType::Class &&
          !isFreeInAnyChild(comp, s.name)) {
        compFree.remove(s.name);
      }
    }
  }

  void block(Block* b, NameSet* bound, NameSet& free, NameSet& global, NameSet& typeParams,
             const Block* classEntry) {
    NameSet local(names_), newGlobal(names_), newFree(names_), newBound(names_),
        inlinedCells(names_);
    bool isClass = b->type == BlockType::Class;
    if (isClass) {
      newGlobal.addAll(global);
      if (bound != nullptr) newBound.addAll(*bound);
    }
    Scopes scopes;
    for (size_t i = 0; i < b->symbols.size(); i++) {
      scopes.push_back(
          scopeOf(*b, b->symbols[i], bound, local, free, global, typeParams, classEntry));
    }
    if (!isClass) {
      if (b->isFunctionLike()) newBound.addAll(local);
      if (bound != nullptr) newBound.addAll(*bound);
      newGlobal.addAll(global);
    } else {
      for (const char* name : {"__class__", "__classdict__", "__conditional_annotations__"}) {
        newBound.add(t_.arena_.intern(name));
      }
    }
    for (Block* child : b->children) {
      if (t_.error_) return;
      const Block* entry = nullptr;
      if (child->canSeeClassScope) entry = isClass ? b : classEntry;
      bool inlined = child->comprehension != ComprehensionType::None &&
                     child->comprehension != ComprehensionType::Generator && !b->canSeeClassScope;
      NameSet childBound = newBound, childFree(names_), childGlobal = newGlobal,
              childTypeParams = typeParams;
      block(child, &childBound, childFree, childGlobal, childTypeParams, entry);
      if (inlined) {
        inlineComprehension(*b, *child, scopes, childFree, inlinedCells);
        child->inlined = true;
      }
      newFree.addAll(childFree);
    }
    if (t_.error_) return;

    if (b->isFunctionLike()) {
      for (size_t i = 0; i < b->symbols.size(); i++) {
        Identifier name = b->symbols[i].name;
        if (scopes[i] != NameScope::Local || !newFree.has(name)) continue;
        scopes[i] = NameScope::Cell;
        newFree.remove(name);
      }
    } else if (isClass) {
      auto drop = [&](const char* text) {
        Identifier name = t_.arena_.intern(text);
        bool had = newFree.has(name);
        newFree.remove(name);
        return had;
      };
      b->needsClassClosure = drop("__class__");
      b->needsClassDict = drop("__classdict__");
      if (drop("__conditional_annotations__")) b->conditionalAnnotations = true;
    }
    for (size_t i = 0; i < b->symbols.size(); i++) {
      b->symbols[i].flags |= u32(scopes[i]) << kScopeShift;
      if (inlinedCells.has(b->symbols[i].name)) b->symbols[i].flags |= kDefCompCell;
    }
    propagate(b, bound, newFree, isClass || b->canSeeClassScope);
    free.addAll(newFree);
  }

  // Free names of inner blocks pass through this one, or are met by it.
  void propagate(Block* b, NameSet* bound, NameSet& newFree, bool classLike) {
    newFree.each([&](u32 id) {
      Identifier name = nameOf(id);
      if (name == nullptr) return;
      if (Symbol* s = b->find(name)) {
        if (classLike) s->flags |= kDefFreeClass;
        return;
      }
      if (bound != nullptr && !bound->has(name)) return;
      b->index[name] = u32(b->symbols.size());
      b->symbols.push_back({name, u32(NameScope::Free) << kScopeShift});
    });
  }

  Identifier nameOf(u32 id) {
    if (byId_.empty()) {
      byId_.resize(names_);
      for (const auto& b : t_.blocks_) {
        for (const Symbol& s : b->symbols) byId_[s.name->id] = s.name;
      }
      for (const char* name : {"__class__", "__classdict__", "__conditional_annotations__"}) {
        Identifier n = t_.arena_.intern(name);
        byId_[n->id] = n;
      }
    }
    return byId_[id];
  }

  Symtable& t_;
  u32 names_;
  std::vector<Identifier> byId_;
};

bool Symtable::build(const Mod& mod) {
  for (const char* name : {"__class__", "__classdict__", "__conditional_annotations__"}) {
    arena_.intern(name);
  }
  collectSymbols(*this, mod);
  if (!error_) SymtableAnalyzer(*this).run();
  return !error_;
}

}  // namespace dx::compiler
