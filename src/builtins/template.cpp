#include "runtime/template.h"

#include "builtins/template.gen.h"
#include "memory/heap.h"

namespace dx {

// ---- making ----

Result<Ref<>> makeTemplate(Thread&, Tuple* strings, Tuple* interpolations) {
  Ref<Template> r = make<Template>(&_PyTemplate_Type);
  r->strings = retain(Value(strings)).release();
  r->interpolations = retain(Value(interpolations)).release();
  gcTrack(r);
  return Ref<>(std::move(r));
}

Result<Ref<>> makeInterpolation(Thread&, Value value, Value expression, Value conversion,
                                Value spec) {
  Ref<Interpolation> r = make<Interpolation>(&_PyInterpolation_Type);
  r->value = retain(value).release();
  r->expression = retain(expression).release();
  r->conversion = retain(conversion).release();
  r->formatSpec = retain(spec).release();
  gcTrack(r);
  return Ref<>(std::move(r));
}

Result<Ref<>> interpolation___new__(Thread& t, Type&, Value value, Str& expression,
                                    Value conversion, Str& spec) {
  if (!isNone(conversion)) {
    if (!isStr(conversion))
      return t.raise(kTypeError, "Interpolation() argument 'conversion' must be str, not {}",
                     typeOf(conversion));
    auto* s = conversion.as<Str>();
    u32 c = s->length == 1 ? s->at(0) : 0;
    if (c != 's' && c != 'r' && c != 'a')
      return t.raise(kValueError,
                     "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
  }
  return makeInterpolation(t, value, &expression, conversion, &spec);
}

// Neighbouring strings become one; between two interpolations stands the empty string.
Result<Ref<>> tmpl___new__(Thread& t, Type&, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "Template.__new__ only accepts *args arguments");
  Ref<List> strings = newList(), interpolations = newList();
  Ref<Str> pending = Ref<Str>::steal(emptyStr());
  for (Value v : Values(args.v, args.count)) {
    if (isStr(v)) {
      pending = concat(t, pending, v.as<Str>());
      if (!pending) return Error{};
    } else if (typeOf(v) == &_PyInterpolation_Type) {
      listAppend(strings, Ref<>(std::move(pending)));
      pending = Ref<Str>::steal(emptyStr());
      listAppend(interpolations, v);
    } else {
      return t.raise(kTypeError,
                     "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {}",
                     typeOf(v));
    }
  }
  listAppend(strings, Ref<>(std::move(pending)));
  Ref<Tuple> texts = makeTuple(valuesOf(strings.get())),
             fields = makeTuple(valuesOf(interpolations.get()));
  return makeTemplate(t, texts, fields);
}

// ---- Template ----

Result<Ref<>> tmpl___repr__(Thread&, Template& self) {
  Ref<Str> r =
      formatStr("Template(strings={!r}, interpolations={!r})", self.strings, self.interpolations);
  if (!r) return Error{};
  return Ref<>(std::move(r));
}

Result<Ref<>> tmpl___add__(Thread& t, Template& self, Value other) {
  if (typeOf(other) != &_PyTemplate_Type)
    return t.raise(kTypeError,
                   "can only concatenate string.templatelib.Template (not \"{}\") to "
                   "string.templatelib.Template",
                   typeOf(other));
  Values left = valuesOf(self.strings.as<Tuple>()),
         right = valuesOf(other.as<Template>()->strings.as<Tuple>());
  Ref<Str> middle = concat(t, left.back().as<Str>(), right.front().as<Str>());
  if (!middle) return Error{};
  Ref<List> strings = makeList(left.first(left.size() - 1));
  listAppend(strings, Ref<>(std::move(middle)));
  for (Value v : right.subspan(1)) listAppend(strings, v);
  Ref<List> fields = makeList(valuesOf(self.interpolations.as<Tuple>()));
  for (Value v : valuesOf(other.as<Template>()->interpolations.as<Tuple>())) listAppend(fields, v);
  Ref<Tuple> texts = makeTuple(valuesOf(strings.get())),
             interpolations = makeTuple(valuesOf(fields.get()));
  return makeTemplate(t, texts, interpolations);
}

Result<Ref<>> tmpl_get_values(Thread&, Template& self) {
  Ref<List> values = newList();
  for (Value v : valuesOf(self.interpolations.as<Tuple>()))
    listAppend(values, v.as<Interpolation>()->value);
  return Ref<>(makeTuple(valuesOf(values.get())));
}

Result<Ref<>> tmpl___reduce__(Thread& t, Template& self) {
  Ref<> function = TRY(importAttr(t, "string.templatelib", "_template_unpickle"));
  return Ref<>(tupleOf(function, tupleOf(self.strings, self.interpolations)));
}

// ---- the iterator: strings that are not empty, and interpolations, in order ----

Result<Ref<>> tmpl___iter__(Thread&, Template& self) {
  Ref<TemplateIter> it = make<TemplateIter>(&_PyTemplateIter_Type);
  it->source = retain(Value(&self)).release();
  gcTrack(it);
  return Ref<>(std::move(it));
}

Result<Ref<>> tmpliter___iter__(Thread&, TemplateIter& self) { return retain(Value(&self)); }

Result<Ref<>> tmpliter___next__(Thread&, TemplateIter& self) {
  if (self.source.isEmpty()) return Ref<>();
  auto* source = self.source.as<Template>();
  auto* strings = source->strings.as<Tuple>();
  auto* fields = source->interpolations.as<Tuple>();
  for (;;) {
    if (self.atInterpolation) {
      if (self.index >= fields->size) break;
      self.atInterpolation = false;
      return retain(fields->items[self.index++]);
    }
    self.atInterpolation = true;
    Value text = strings->items[self.index];
    if (text.as<Str>()->length) return retain(text);
  }
  clearField(self.source);
  return Ref<>();
}

// ---- Interpolation ----

Result<Ref<>> interpolation___repr__(Thread&, Interpolation& self) {
  Ref<Str> r = formatStr("Interpolation({!r}, {!r}, {!r}, {!r})", self.value, self.expression,
                         self.conversion, self.formatSpec);
  if (!r) return Error{};
  return Ref<>(std::move(r));
}

Result<Ref<>> interpolation___reduce__(Thread&, Interpolation& self) {
  return Ref<>(tupleOf(Value(self.type),
                       tupleOf(self.value, self.expression, self.conversion, self.formatSpec)));
}

}  // namespace dx
