// Parameters of functions and of lambdas. `lambda` ones have no annotations and no type
// comments, and end at ':' instead of ')'.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

Arguments* Parser::params(bool lambda) {
  int start = mark_;
  if (diagnosing_) {
    invalidParameters(lambda);
    mark_ = start;
    if (failed_) return nullptr;
  }
  return parameters(lambda);
}

// The end of one parameter: ',' [TYPE_COMMENT] or [TYPE_COMMENT] before the closing token.
bool Parser::paramEnd(bool lambda, const PToken** typeComment) {
  *typeComment = nullptr;
  if (expect(T::Comma)) {
    if (!lambda) *typeComment = expect(T::TypeComment);
    return !failed_;
  }
  if (!lambda) *typeComment = expect(T::TypeComment);
  return at(paramsClose(lambda));
}

Arg* Parser::param(bool lambda) {
  int start = mark_;
  const PToken* token = expect(T::Name);
  if (!token) return nullptr;
  Expr* annotation = nullptr;
  if (!lambda) {
    int before = mark_;
    if (expect(T::Colon)) {
      annotation = expression();
      if (!annotation) mark_ = before;
    }
    if (failed_) return nullptr;
  }
  return arena_.make<Arg>(since(start), identifier(token), annotation, nullptr);
}

Arg* Parser::paramNoDefault(bool lambda, bool starAnnotation) {
  int start = mark_;
  Arg* arg;
  if (starAnnotation) {
    const PToken* token = expect(T::Name);
    if (!token || !expect(T::Colon)) return nullptr;
    Expr* annotation = starExpression();
    if (!annotation) return nullptr;
    arg = arena_.make<Arg>(since(start), identifier(token), annotation, nullptr);
  } else {
    arg = param(lambda);
  }
  const PToken* comment;
  if (!arg || !paramEnd(lambda, &comment)) return nullptr;
  if (comment) arg->typeComment = typeCommentOf(comment);
  return arg;
}

// default: '=' expression | invalid_default
Expr* Parser::defaultValue() {
  int start = mark_;
  if (!expect(T::Equal)) return nullptr;
  Expr* value = expression();
  if (value || failed_) return value;
  if (diagnosing_) {
    mark_ = start;
    invalidDefault();
  }
  return nullptr;
}

NameDefault* Parser::paramWithDefault(bool lambda) {
  Arg* arg = param(lambda);
  if (!arg) return nullptr;
  Expr* value = defaultValue();
  const PToken* comment;
  if (!value || !paramEnd(lambda, &comment)) return nullptr;
  if (comment) arg->typeComment = typeCommentOf(comment);
  return arena_.make<NameDefault>(NameDefault{arg, value});
}

NameDefault* Parser::paramMaybeDefault(bool lambda) {
  Arg* arg = param(lambda);
  if (!arg) return nullptr;
  int before = mark_;
  Expr* value = at(T::Equal) ? defaultValue() : nullptr;
  if (failed_) return nullptr;
  if (!value) mark_ = before;
  const PToken* comment;
  if (!paramEnd(lambda, &comment)) return nullptr;
  if (comment) arg->typeComment = typeCommentOf(comment);
  return arena_.make<NameDefault>(NameDefault{arg, value});
}

// param_no_default+ '/' (',' | &close)
Seq<Arg*>* Parser::slashNoDefault(bool lambda) {
  List<Arg*> args(*this);
  for (;;) {
    int before = mark_;
    Arg* arg = paramNoDefault(lambda);
    if (!arg) {
      if (failed_) return nullptr;
      mark_ = before;
      break;
    }
    args.add(arg);
  }
  if (args.size() == 0 || !expect(T::Slash)) return nullptr;
  if (!expect(T::Comma) && !at(paramsClose(lambda))) return nullptr;
  return arena_.make<Seq<Arg*>>(args.seq());
}

// param_no_default* param_with_default+ '/' (',' | &close)
SlashWithDefault* Parser::slashWithDefault(bool lambda) {
  List<Arg*> plain(*this);
  for (;;) {
    int before = mark_;
    Arg* arg = paramNoDefault(lambda);
    if (!arg) {
      if (failed_) return nullptr;
      mark_ = before;
      break;
    }
    plain.add(arg);
  }
  List<NameDefault*> defaults(*this);
  for (;;) {
    int before = mark_;
    NameDefault* item = paramWithDefault(lambda);
    if (!item) {
      if (failed_) return nullptr;
      mark_ = before;
      break;
    }
    defaults.add(item);
  }
  if (defaults.size() == 0 || !expect(T::Slash)) return nullptr;
  if (!expect(T::Comma) && !at(paramsClose(lambda))) return nullptr;
  return arena_.make<SlashWithDefault>(SlashWithDefault{plain.seq(), defaults.seq()});
}

// All parameters in one sweep: [plain...] [defaults...] '/' [plain...] [defaults...] [star_etc].
// A sweep accepts what the grammar's five alternatives accept together.
Arguments* Parser::parameters(bool lambda) {
  struct Item {
    Arg* arg;
    Expr* value;
  };
  std::vector<Item> items;
  int slashAt = -1;
  bool sawDefault = false;
  int end = mark_;
  for (;;) {
    if (failed_) return nullptr;
    if (at(T::Slash) && slashAt < 0 && !items.empty()) {
      int before = mark_++;
      if (!expect(T::Comma) && !at(paramsClose(lambda))) {
        mark_ = before;
        break;
      }
      slashAt = int(items.size());
      end = mark_;
      continue;
    }
    if (!at(T::Name)) break;
    Arg* arg = param(lambda);
    Expr* value = nullptr;
    if (arg && at(T::Equal)) {
      value = defaultValue();
      if (!value) arg = nullptr;
    } else if (sawDefault) {
      arg = nullptr;
    }
    const PToken* comment = nullptr;
    if (!arg || !paramEnd(lambda, &comment)) {
      if (failed_) return nullptr;
      mark_ = end;
      break;
    }
    if (comment) arg->typeComment = typeCommentOf(comment);
    sawDefault |= value != nullptr;
    items.push_back({arg, value});
    end = mark_;
  }
  mark_ = end;
  StarEtc* rest = nullptr;
  if (secondPass_ || at(T::Star) || at(T::DoubleStar)) {
    rest = starEtc(lambda);
    if (failed_) return nullptr;
    if (!rest) mark_ = end;
  }
  if (items.empty() && !rest) return nullptr;
  if (slashAt >= 0 && !checkVersion(8, "Positional-only parameters are")) return nullptr;
  Arguments* out = arena_.make<Arguments>();
  u32 positionalOnly = slashAt < 0 ? 0 : u32(slashAt);
  out->posonlyargs.count = positionalOnly;
  out->posonlyargs.items = arena_.array<Arg*>(positionalOnly);
  out->args.count = u32(items.size()) - positionalOnly;
  out->args.items = arena_.array<Arg*>(out->args.count);
  List<Expr*> defaults(*this);
  for (u32 i = 0; i < items.size(); i++) {
    if (i < positionalOnly)
      out->posonlyargs.items[i] = items[i].arg;
    else
      out->args.items[i - positionalOnly] = items[i].arg;
    if (items[i].value) defaults.add(items[i].value);
  }
  out->defaults = defaults.seq();
  if (rest) {
    out->vararg = rest->vararg;
    out->kwarg = rest->kwarg;
    u32 count = rest->keywordOnly.count;
    out->kwonlyargs.count = out->kwDefaults.count = count;
    out->kwonlyargs.items = arena_.array<Arg*>(count);
    out->kwDefaults.items = arena_.array<Expr*>(count);
    for (u32 i = 0; i < count; i++) {
      out->kwonlyargs.items[i] = rest->keywordOnly[i]->arg;
      out->kwDefaults.items[i] = rest->keywordOnly[i]->value;
    }
  }
  return out;
}

StarEtc* Parser::starEtc(bool lambda) {
  int start = mark_;
  if (diagnosing_) {
    invalidStarEtc(lambda);
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (expect(T::Star)) {
    int afterStar = mark_;
    Arg* vararg = nullptr;
    bool bare = expect(T::Comma) != nullptr;
    if (!bare) {
      vararg = paramNoDefault(lambda);
      if (!vararg && !lambda && !failed_) {
        mark_ = afterStar;
        vararg = paramNoDefault(false, true);
      }
    }
    if (failed_) return nullptr;
    if (vararg || bare) {
      List<NameDefault*> keywordOnly(*this);
      for (;;) {
        int before = mark_;
        NameDefault* item = paramMaybeDefault(lambda);
        if (!item) {
          if (failed_) return nullptr;
          mark_ = before;
          break;
        }
        keywordOnly.add(item);
      }
      if (vararg || keywordOnly.size() > 0) {
        int before = mark_;
        Arg* kwarg = kwds(lambda);
        if (failed_) return nullptr;
        if (!kwarg) mark_ = before;
        return arena_.make<StarEtc>(StarEtc{vararg, keywordOnly.seq(), kwarg});
      }
    }
    mark_ = start;
  }
  Arg* kwarg = kwds(lambda);
  if (!kwarg) return nullptr;
  return arena_.make<StarEtc>(StarEtc{nullptr, {}, kwarg});
}

Arg* Parser::kwds(bool lambda) {
  int start = mark_;
  if (diagnosing_) {
    invalidKwds(lambda);
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::DoubleStar)) return nullptr;
  return paramNoDefault(lambda);
}

}  // namespace dx::frontend
