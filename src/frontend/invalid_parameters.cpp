// Mistakes in parameter lists. Only in the second pass; see invalid_statements.cpp.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

void Parser::invalidParameters(bool lambda) {
  int start = mark_;
  auto plain = [&] { return paramNoDefault(lambda); };
  auto withDefault = [&] { return paramWithDefault(lambda); };
  auto maybeDefault = [&] { return paramMaybeDefault(lambda); };
  auto slash = [&] {
    int before = mark_;
    if (slashNoDefault(lambda)) return true;
    if (failed_) return false;
    mark_ = before;
    return slashWithDefault(lambda) != nullptr;
  };
  // '/' ','
  if (const PToken* a = expect(T::Slash)) {
    if (expect(T::Comma)) {
      raiseOn(a, "at least one argument must precede /");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // (slash_no_default | slash_with_default) param_maybe_default* '/'
  if (slash()) {
    repeat(maybeDefault);
    if (const PToken* a = expect(T::Slash)) {
      raiseOn(a, "/ may appear only once");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // slash_no_default? param_no_default* (slash_with_default | param_with_default+)
  //     param_no_default
  if (!slashNoDefault(lambda)) mark_ = start;
  if (failed_) return;
  repeat(plain);
  int before = mark_;
  bool helper = slashWithDefault(lambda) != nullptr;
  if (failed_) return;
  if (!helper) {
    mark_ = before;
    helper = repeat(withDefault) > 0;
  }
  if (failed_) return;
  if (helper) {
    if (Arg* a = plain()) {
      raiseOn(a, "parameter without a default follows parameter with a default");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // param_no_default* '(' param_no_default+ ','? ')'
  repeat(plain);
  if (const PToken* a = expect(T::LPar)) {
    bool some = lambda ? gather([&] { return param(true); }) > 0 : repeat(plain) > 0;
    if (some) {
      expect(T::Comma);
      if (const PToken* b = expect(T::RPar)) {
        raiseRange(a, b,
                   lambda ? "Lambda expression parameters cannot be parenthesized"
                          : "Function parameters cannot be parenthesized");
        return;
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // (slash_no_default | slash_with_default)? param_maybe_default* '*' (',' | param_no_default)
  //     param_maybe_default* '/'
  if (!slash()) mark_ = start;
  if (failed_) return;
  repeat(maybeDefault);
  if (expect(T::Star) && (expect(T::Comma) || plain())) {
    repeat(maybeDefault);
    if (const PToken* a = expect(T::Slash)) {
      raiseOn(a, "/ must be ahead of *");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // param_maybe_default+ '/' '*'
  if (repeat(maybeDefault) && expect(T::Slash)) {
    if (const PToken* a = expect(T::Star)) raiseOn(a, "expected comma between / and *");
  }
}

void Parser::invalidDefault() {
  // '=' &(')' | ',')
  const PToken* a = expect(T::Equal);
  if (a && lookaheadAny({T::RPar, T::Comma})) raiseOn(a, "expected default value expression");
}

void Parser::invalidStarEtc(bool lambda) {
  int start = mark_;
  const PToken* star = expect(T::Star);
  if (!star) return;
  T close = paramsClose(lambda);
  // '*' (close | ',' (close | '**'))
  bool bare =
      expect(close) != nullptr || (expect(T::Comma) && (expect(close) || expect(T::DoubleStar)));
  if (failed_) return;
  if (bare) {
    if (lambda)
      raiseLast("named arguments must follow bare *");
    else
      raiseOn(star, "named arguments must follow bare *");
    return;
  }
  mark_ = start + 1;
  if (!lambda) {
    // '*' ',' TYPE_COMMENT
    if (expect(T::Comma) && expect(T::TypeComment)) {
      raiseLast("bare * has associated type comment");
      return;
    }
    if (failed_) return;
    mark_ = start + 1;
  }
  // '*' param '='
  if (param(lambda)) {
    if (const PToken* a = expect(T::Equal)) {
      raiseOn(a, "var-positional argument cannot have default value");
      return;
    }
  }
  if (failed_) return;
  mark_ = start + 1;
  // '*' (param_no_default | ',') param_maybe_default* '*' (param_no_default | ',')
  auto plainOrComma = [&] {
    int before = mark_;
    if (paramNoDefault(lambda)) return true;
    if (failed_) return false;
    mark_ = before;
    return expect(T::Comma) != nullptr;
  };
  if (!plainOrComma()) return;
  repeat([&] { return paramMaybeDefault(lambda); });
  if (const PToken* a = expect(T::Star)) {
    if (plainOrComma()) raiseOn(a, "* argument may appear only once");
  }
}

void Parser::invalidKwds(bool lambda) {
  if (!expect(T::DoubleStar) || !param(lambda)) return;
  // '**' param '='
  if (const PToken* a = expect(T::Equal)) {
    raiseOn(a, "var-keyword argument cannot have default value");
    return;
  }
  if (!expect(T::Comma)) return;
  // '**' param ',' param
  int before = mark_;
  if (Arg* a = param(lambda)) {
    raiseOn(a, "arguments cannot follow var-keyword argument");
    return;
  }
  if (failed_) return;
  mark_ = before;
  // '**' param ',' ('*' | '**' | '/')
  if (const PToken* a = expectAny({T::Star, T::DoubleStar, T::Slash})) {
    raiseOn(a, "arguments cannot follow var-keyword argument");
  }
}

}  // namespace dx::frontend
