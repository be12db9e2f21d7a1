// The syntax tree of Python 3.14: same classes, fields and positions as the `ast` module
// shows. Nodes live in an Arena and are trivially destructible. The node structs are
// generated from ast.asdl (see the end of this file); here is what they are made of.
//
// Names: ASDL `stmt` -> `Stmt`, `expr` -> `Expr`, statement `Expr` -> `ExprStmt`, fields in
// camelCase (`type_comment` -> `typeComment`). The classes without fields become enums
// (`Operator::Add`, `ExprContext::Load`).
//
//   if (auto* call = ast::dynAs<ast::Call>(expr)) use(call->func, call->args);
//   switch (stmt->kind) { case ast::Kind::For: compile(ast::as<ast::For>(stmt)); ... }
#pragma once
#include "frontend/arena.h"

namespace dx::ast {

// Where a node stands. Lines count from 1; columns are offsets in bytes of the UTF-8 line,
// from 0; the end is exclusive.
struct Span {
  i32 line = 0;
  i32 col = 0;
  i32 endLine = 0;
  i32 endCol = 0;
};

using Identifier =
    const Str*;             // interned in the tree's arena, NFKC-normalized; may be null for `?`
using String = const Str*;  // text, not interned; null for None

// A list of the tree: borrowed pointer and length, both in the arena.
template <class T>
struct Seq {
  T* items = nullptr;
  u32 count = 0;

  u32 size() const { return count; }
  bool empty() const { return count == 0; }
  T& operator[](size_t index) const {
    DX_ASSERT(index < count);
    return items[index];
  }
  T& front() const { return (*this)[0]; }
  T& back() const { return (*this)[count - 1]; }
  T* begin() const { return items; }
  T* end() const { return items + count; }
};

// The value of a literal.
struct ConstantValue {
  enum class Kind : u8 {
    None,
    True,
    False,
    Ellipsis,
    Int,        // see below
    Float,      // real
    Complex,    // real, imag; a literal has real = 0
    Str,        // text: WTF-8
    Bytes,      // text: the bytes
    Tuple,      // items; the parser makes none of these two, but a tree that a program
    FrozenSet,  // built by hand may hold them
    Other,      // something that is no constant: `text` names its type; validate() refuses it
  };

  Kind kind = Kind::None;

  // Int: when `isSmall`, `small` is the value. Otherwise it does not fit into an i64 and
  // `text` holds its digits in `base`, without prefix and underscores. Literals are not
  // negative; a '-' sign may come first in hand-made trees.
  u8 base = 10;
  bool isSmall = false;
  union {
    i64 small = 0;
    double real;
  };
  union {
    double imag = 0;
    const Str* text;
    const ConstantValue* items;
  };
  u32 itemCount = 0;
};

// What the generated part is described with. `_ast` builds its classes and converts trees in
// both directions by a loop over these tables.

enum class FieldType : u8 {
  Node,        // a pointer to a Node
  Enum,        // a one-byte enum (operator, expr_context, ...)
  Identifier,  // const Str*
  String,      // const Str*
  Constant,    // ConstantValue
  Int,         // i32
};

enum class Quantifier : u8 {
  One,
  Optional,          // `?`: null pointer is None (an Int is never None: 0)
  Sequence,          // `*`: Seq<T>
  OptionalSequence,  // `?*`: Seq<T> with null items
};

enum class ClassId : u8;
enum class Kind : u8;

struct FieldInfo {
  const char* name;      // as Python spells it
  const char* typeName;  // ASDL type: "expr", "identifier", ...
  ClassId type;          // of Node and Enum: the class its values are instances of
  FieldType fieldType;
  Quantifier quantifier;
  u16 offset;  // in bytes from the start of the node struct
};

struct ClassInfo {
  enum class Role : u8 {
    Abstract,  // `stmt`, `operator`: base of others
    Node,      // has a struct; `kind` and `size` are meaningful
    Value,     // a member of an enum (`Add`); `value` is its number
  };

  const char* name;
  const char* doc;  // ast.NAME.__doc__
  ClassId base;     // ClassId::AST at the top
  Role role;
  Kind kind;
  u8 value;
  u16 size;              // bytes of the node struct
  bool hasAttributes;    // lineno, col_offset, end_lineno, end_col_offset
  bool endMayBeMissing;  // end_lineno and end_col_offset are `int?`
  u8 fieldCount;
  const FieldInfo* fields;
};

struct Node {
  Kind kind;
  i32 line;
  i32 col;
  i32 endLine;
  i32 endCol;

  Span span() const { return {line, col, endLine, endCol}; }
  void setSpan(Span at) { line = at.line, col = at.col, endLine = at.endLine, endCol = at.endCol; }

 protected:
  Node(Kind k, Span at)
      : kind(k), line(at.line), col(at.col), endLine(at.endLine), endCol(at.endCol) {}
};

// `T` is a node struct (Call) or an abstract one (Expr).
template <class T>
bool is(const Node* node) {
  return node != nullptr && T::holds(node->kind);
}

template <class T>
T* as(Node* node) {
  DX_ASSERT(is<T>(node));
  return static_cast<T*>(node);
}

template <class T>
const T* as(const Node* node) {
  DX_ASSERT(is<T>(node));
  return static_cast<const T*>(node);
}

template <class T>
T* dynAs(Node* node) {
  return is<T>(node) ? static_cast<T*>(node) : nullptr;
}

template <class T>
const T* dynAs(const Node* node) {
  return is<T>(node) ? static_cast<const T*>(node) : nullptr;
}

const ClassInfo& classInfo(ClassId id);
const ClassInfo& classInfo(Kind kind);
ClassId classIdOf(Kind kind);
// The class of one value of an enum type: classOfValue(ClassId::operator_, 0) is Add.
ClassId classOfValue(ClassId enumType, u8 value);

// A node of this kind with all fields empty: for conversion from objects.
Node* newNode(Arena& arena, Kind kind);

// Typed access to a field by its description.
template <class T>
T& fieldAs(Node* node, const FieldInfo& field) {
  return *reinterpret_cast<T*>(reinterpret_cast<char*>(node) + field.offset);
}
template <class T>
const T& fieldAs(const Node* node, const FieldInfo& field) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(node) + field.offset);
}

}  // namespace dx::ast

#include "frontend/ast.gen.h"

namespace dx::ast {

// Calls visit(Node*) for each child that is present, in the order of the fields.
template <class Visit>
void forEachChild(const Node* node, Visit&& visit) {
  const ClassInfo& info = classInfo(node->kind);
  for (int i = 0; i < info.fieldCount; i++) {
    const FieldInfo& field = info.fields[i];
    if (field.fieldType != FieldType::Node) continue;
    if (field.quantifier == Quantifier::One || field.quantifier == Quantifier::Optional) {
      if (Node* child = fieldAs<Node*>(node, field)) visit(child);
    } else {
      for (Node* child : fieldAs<Seq<Node*>>(node, field)) {
        if (child != nullptr) visit(child);
      }
    }
  }
}

}  // namespace dx::ast
