#include "memory/heap.h"
#include "modules/_string.gen.h"
#include "runtime/str_markup.h"
#include "runtime/str_units.h"

namespace dx {

static Result<Ref<>> startIterator(Thread& t, Type* type, Value text, i64 at) {
  Ref<MarkupIterator> it = make<MarkupIterator>(type);
  it->text = retain(text).release();
  it->at = at;
  return Ref<>(std::move(it));
}

Result<Ref<>> _string_formatter_parser(Thread& t, Value object) {
  if (!isStr(object)) return t.raise(kTypeError, "expected str, got {}", typeOf(object));
  return startIterator(t, &formatterIteratorType, object, 0);
}

Result<Ref<>> _string_formatter_field_name_split(Thread& t, Value object) {
  if (!isStr(object)) return t.raise(kTypeError, "expected str, got {}", typeOf(object));
  auto* s = object.as<Str>();
  i64 rest = 0;
  StrSpan first = markupFirst(s, {0, s->length}, &rest);
  i64 index = TRY(markupInteger(t, s, first));
  Ref<> head;
  if (index >= 0)
    head = makeInt(index);
  else
    head = substring(s, first.start, first.end);
  Ref<> steps = TRY(startIterator(t, &fieldNameIteratorType, object, rest));
  return Ref<>(tupleOf(head, steps));
}

Result<Ref<>> formatteriterator___iter__(Thread&, MarkupIterator& self) {
  return retain(Value(&self));
}
Result<Ref<>> fieldnameiterator___iter__(Thread&, MarkupIterator& self) {
  return retain(Value(&self));
}

Result<Ref<>> formatteriterator___next__(Thread& t, MarkupIterator& self) {
  auto* s = self.text.as<Str>();
  MarkupPiece piece;
  if (!TRY(nextMarkup(t, s, &self.at, s->length, &piece))) return Ref<>();
  Ref<> literal = substring(s, piece.literal.start, piece.literal.end);
  if (!piece.hasField) return Ref<>(tupleOf(literal, none(), none(), none()));
  Ref<> name = substring(s, piece.name.start, piece.name.end);
  Ref<> spec = substring(s, piece.spec.start, piece.spec.end);
  Ref<> conversion = noneRef();
  if (piece.conversion) conversion = makeChar(piece.conversion);
  return Ref<>(tupleOf(literal, name, spec, conversion));
}

Result<Ref<>> fieldnameiterator___next__(Thread& t, MarkupIterator& self) {
  auto* s = self.text.as<Str>();
  FieldStep step;
  if (!TRY(nextFieldStep(t, s, &self.at, s->length, &step))) return Ref<>();
  Ref<> name;
  if (step.index >= 0)
    name = makeInt(step.index);
  else
    name = substring(s, step.name.start, step.name.end);
  return Ref<>(tupleOf(boolean(step.isAttribute), name));
}

}  // namespace dx
