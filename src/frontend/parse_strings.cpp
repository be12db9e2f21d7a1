// Strings side by side, f-strings (PEP 701) and t-strings (PEP 750).
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

namespace {

bool isText(const Expr* expr) {
  return is<Constant>(expr) && as<Constant>(expr)->value.kind == ConstantValue::Kind::Str;
}

bool isEmptyText(const Expr* expr) {
  return isText(expr) && as<Constant>(expr)->value.text->size == 0;
}

Seq<Expr*> valuesOf(const Expr* expr) {
  if (expr->kind == Kind::JoinedStr) return as<JoinedStr>(expr)->values;
  return as<TemplateStr>(expr)->values;
}

}  // namespace

Expr* Parser::strings() {
  // Fields nest: reading one twice at each level would take exponential time.
  if (!secondPass_ && at(T::String)) return stringsBody();
  return memo(Rule::Strings, [&] { return stringsBody(); });
}

Expr* Parser::stringsBody() {
  int start = mark_;
  if (diagnosing_) {
    invalidStringConcat();
    mark_ = start;
    if (failed_) return nullptr;
  }
  bool isTemplate = at(T::TStringStart);
  List<Expr*> parts(*this);
  for (;;) {
    int before = mark_;
    T type = peek();
    Expr* part = nullptr;
    if (type == T::String && !isTemplate)
      part = string();
    else if (type == T::FStringStart && !isTemplate)
      part = fstring(false);
    else if (type == T::TStringStart && isTemplate)
      part = fstring(true);
    if (failed_) return nullptr;
    if (!part) {
      mark_ = before;
      break;
    }
    parts.add(part);
  }
  if (parts.size() == 0) return nullptr;
  if (isTemplate && !checkVersion(14, "t-strings are")) return nullptr;
  return concatenate(parts.seq(), start, isTemplate);
}

Expr* Parser::string() {
  const PToken* token = expect(T::String);
  return token ? literalFromToken(token) : nullptr;
}

Expr* Parser::textConstant(std::string_view text, Span at) {
  ConstantValue value;
  value.kind = ConstantValue::Kind::Str;
  value.text = arena_.string(text);
  return arena_.make<Constant>(at, value, nullptr);
}

Expr* Parser::fstring(bool isTemplate) {
  if (!secondPass_ || !isTemplate) return fstringBody(isTemplate);
  return memo(Rule::TString, [&] { return fstringBody(true); });
}

Expr* Parser::fstringBody(bool isTemplate) {
  Depth depth(*this, 20);
  if (tooDeep()) return nullptr;
  const PToken* first = expect(isTemplate ? T::TStringStart : T::FStringStart);
  if (!first) return nullptr;
  bool raw = first->text.find_first_of("rR") != std::string_view::npos;
  struct Scope {
    bool& flag;
    bool saved;
    ~Scope() { flag = saved; }
  } scope{inRawString_, inRawString_};
  inRawString_ = raw;
  struct Part {
    const PToken* text;  // or
    Expr* field;
  };
  std::vector<Part> parts;
  for (;;) {
    int before = mark_;
    if (Expr* field = replacementField(isTemplate, false)) {
      parts.push_back({nullptr, field});
      continue;
    }
    if (failed_) return nullptr;
    mark_ = before;
    const PToken* text = expect(isTemplate ? T::TStringMiddle : T::FStringMiddle);
    if (!text) break;
    parts.push_back({text, nullptr});
  }
  const PToken* last = expect(isTemplate ? T::TStringEnd : T::FStringEnd);
  if (!last) return nullptr;
  List<Expr*> values(*this);
  std::string decoded;
  for (const Part& part : parts) {
    if (part.field) {
      // `{x=}` is its text and its value.
      if (part.field->kind == Kind::JoinedStr || part.field->kind == Kind::TemplateStr) {
        for (Expr* value : valuesOf(part.field)) values.add(value);
      } else {
        values.add(part.field);
      }
      continue;
    }
    std::string_view body = part.text->text;
    if (body == "{{" || body == "}}") body = body.substr(1);
    if (!decodeString(body, raw, last, &decoded)) return nullptr;
    if (decoded.empty()) continue;
    const PToken* t = part.text;
    values.add(textConstant(decoded, {t->line, t->col, t->endLine, t->endCol}));
  }
  Span at{first->line, first->col, last->endLine, last->endCol};
  if (isTemplate) return arena_.make<TemplateStr>(at, values.seq());
  return arena_.make<JoinedStr>(at, values.seq());
}

// '{' annotated_rhs ['='] ['!' NAME] [':' spec] '}'
Expr* Parser::replacementField(bool isTemplate, bool inFormatSpec) {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  if (Expr* value = annotatedRhs()) {
    const PToken* debug = expect(T::Equal);
    FieldPart* conversion = at(T::Exclamation) ? fieldConversion(isTemplate) : nullptr;
    if (failed_) return nullptr;
    if (conversion || !at(T::Exclamation)) {
      FieldPart* format = at(T::Colon) ? fullFormatSpec(isTemplate) : nullptr;
      if (failed_) return nullptr;
      if (const PToken* brace = expect(T::RBrace)) {
        return makeField(value, debug, conversion, format, brace, start, isTemplate,
                         isTemplate && !inFormatSpec);
      }
    }
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidReplacementField(isTemplate);
  return nullptr;
}

FieldPart* Parser::fieldConversion(bool isTemplate) {
  int start = mark_;
  const PToken* mark = expect(T::Exclamation);
  const PToken* token = expect(T::Name);
  if (!token) {
    mark_ = start;
    return nullptr;
  }
  if (mark->line != token->line || mark->endCol != token->col) {
    return raiseRange(mark, token,
                      std::string(isTemplate ? "t" : "f") +
                          "-string: conversion type must come right after the exclamation mark");
  }
  Span at{token->line, token->col, token->endLine, token->endCol};
  Expr* id = arena_.make<Name>(at, identifier(token), ExprContext::Load);
  return arena_.make<FieldPart>(FieldPart{id, mark});
}

FieldPart* Parser::fullFormatSpec(bool isTemplate) {
  int start = mark_;
  const PToken* colon = expect(T::Colon);
  if (!colon) return nullptr;
  List<Expr*> parts(*this);
  for (;;) {
    int before = mark_;
    Expr* part = formatSpecPart(isTemplate);
    if (failed_) return nullptr;
    if (!part) {
      mark_ = before;
      break;
    }
    if (!isEmptyText(part)) parts.add(part);
  }
  Expr* spec;
  if (parts.size() == 0 || (parts.size() == 1 && is<Constant>(parts[0]))) {
    spec = arena_.make<JoinedStr>(since(start), parts.seq());
  } else {
    spec = concatenate(parts.seq(), start, false);
    if (!spec) return nullptr;
  }
  return arena_.make<FieldPart>(FieldPart{spec, colon});
}

Expr* Parser::formatSpecPart(bool isTemplate) {
  if (const PToken* text = expect(isTemplate ? T::TStringMiddle : T::FStringMiddle)) {
    std::string decoded;
    if (!decodeString(text->text, inRawString_, text, &decoded)) return nullptr;
    return textConstant(decoded, {text->line, text->col, text->endLine, text->endCol});
  }
  return replacementField(isTemplate, true);
}

Expr* Parser::makeField(Expr* value, const PToken* debug, FieldPart* conversion, FieldPart* format,
                        const PToken* brace, int start, bool isTemplate, bool asInterpolation) {
  int conversionValue = -1;
  if (conversion) {
    std::string_view id = as<Name>(conversion->result)->id->view();
    if (id != "s" && id != "r" && id != "a") {
      return raiseOn(conversion->result, std::string(isTemplate ? "t" : "f") +
                                             "-string: invalid conversion character '" +
                                             std::string(id) + "': expected 's', 'r', or 'a'");
    }
    conversionValue = id[0];
  } else if (debug && !format) {
    conversionValue = 'r';
  }
  Span at = since(start);
  const PToken* withSource = conversion ? conversion->token : format ? format->token : brace;
  std::string_view source = withSource->metadata;
  Expr* field;
  if (asInterpolation) {
    // The expression as written, without the `=` and what follows it.
    std::string_view expression = source;
    if (debug) expression = expression.substr(0, expression.rfind('='));
    ConstantValue text;
    text.kind = ConstantValue::Kind::Str;
    text.text = arena_.string(expression);
    field = arena_.make<Interpolation>(at, value, text, conversionValue,
                                       format ? format->result : nullptr);
  } else {
    field =
        arena_.make<FormattedValue>(at, value, conversionValue, format ? format->result : nullptr);
  }
  if (!debug) return field;
  int endLine = at.endLine, endCol = at.endCol;
  if (conversion) {
    endLine = conversion->result->line;
    endCol = conversion->result->col;
  } else if (format) {
    endLine = format->result->line;
    endCol = format->result->col + 1;
  }
  List<Expr*> values(*this);
  values.add(textConstant(source, {at.line, at.col + 1, endLine, endCol - 1}));
  values.add(field);
  Span whole{at.line, at.col, endLine, endCol};
  if (asInterpolation) return arena_.make<TemplateStr>(whole, values.seq());
  return arena_.make<JoinedStr>(whole, values.seq());
}

// One node out of adjacent literals: neighbouring texts become one.
Expr* Parser::concatenate(Seq<Expr*> parts, int start, bool isTemplate) {
  bool hasFields = isTemplate, hasText = false, hasBytes = false;
  for (Expr* part : parts) {
    if (!is<Constant>(part))
      hasFields = true;
    else if (isText(part))
      hasText = true;
    else
      hasBytes = true;
  }
  if ((hasText || hasFields) && hasBytes) {
    return raiseLast("cannot mix bytes and nonbytes literals");
  }
  if (hasBytes) {
    std::string all;
    for (Expr* part : parts) all += as<Constant>(part)->value.text->view();
    ConstantValue value;
    value.kind = ConstantValue::Kind::Bytes;
    value.text = arena_.string(all);
    return arena_.make<Constant>(since(start), value, as<Constant>(parts[0])->kind);
  }
  if (!hasFields && parts.count == 1) return parts[0];

  std::vector<Expr*> flat;
  for (Expr* part : parts) {
    if (part->kind == Kind::JoinedStr || part->kind == Kind::TemplateStr) {
      for (Expr* value : valuesOf(part)) flat.push_back(value);
    } else {
      flat.push_back(part);
    }
  }
  List<Expr*> values(*this);
  std::string joined;
  for (size_t i = 0; i < flat.size(); i++) {
    Expr* item = flat[i];
    if (is<Constant>(item)) {
      size_t end = i + 1;
      while (end < flat.size() && is<Constant>(flat[end])) end++;
      if (end > i + 1) {
        joined.clear();
        for (size_t j = i; j < end; j++) joined += as<Constant>(flat[j])->value.text->view();
        Expr* last = flat[end - 1];
        Expr* text = textConstant(joined, {item->line, item->col, last->endLine, last->endCol});
        as<Constant>(text)->kind = as<Constant>(item)->kind;
        item = text;
        i = end - 1;
      }
      if (hasFields && isEmptyText(item)) continue;
    }
    values.add(item);
  }
  if (!hasFields) return values[0];
  if (isTemplate) return arena_.make<TemplateStr>(since(start), values.seq());
  return arena_.make<JoinedStr>(since(start), values.seq());
}

}  // namespace dx::frontend
