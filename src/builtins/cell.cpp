#include "builtins/cell.gen.h"
#include "runtime/types.h"

namespace dx {

Result<Ref<>> cell___new__(Thread&, Type&, Value contents) { return makeCell(contents); }

Result<Ref<>> cell___repr__(Thread&, Cell& c) {
  if (!c.content) return formatStr("<cell at {}: empty>", pointerText(&c));
  return formatStr("<cell at {}: {} object at {}>", pointerText(&c), typeOf(c.content),
                   pointerText(c.content));
}

// An empty cell is less than any other.
Result<Ref<>> cell___richcompare__(Thread& t, Cell& c, Value other, CompareOp op) {
  if (typeOf(other) != &PyCell_Type) return notImplementedRef();
  Ref<> a = retain(c.content), b = retain(other.as<Cell>()->content);
  if (a && b) return compare(t, a, b, op);
  int order = int(bool(a)) - int(bool(b));
  switch (op) {
    case CompareOp::Lt:
      return boolRef(order < 0);
    case CompareOp::Le:
      return boolRef(order <= 0);
    case CompareOp::Eq:
      return boolRef(order == 0);
    case CompareOp::Ne:
      return boolRef(order != 0);
    case CompareOp::Gt:
      return boolRef(order > 0);
    case CompareOp::Ge:
      return boolRef(order >= 0);
  }
  DX_UNREACHABLE();
}

Result<Ref<>> cell_get_cell_contents(Thread& t, Cell& c) {
  if (!c.content) return t.raise(kValueError, "Cell is empty");
  return retain(c.content);
}

Result<void> cell_set_cell_contents(Thread&, Cell& c, Value v) {
  setField(c.content, retain(v));
  return ok();
}

}  // namespace dx
