// The way in, tokens, names and numbers.
#include "frontend/parser.h"

#include <locale.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "base/unicode.h"
#include "frontend/parser_impl.h"
#include "frontend/source.h"

namespace dx::frontend {

using namespace ast;

ParseResult parse(std::string_view source, const ParseOptions& options) {
  ParseResult result;
  DecodedSource decoded;
  if (source.size() >= size_t(INT32_MAX)) {
    result.error.kind = ErrorKind::Overflow;
    result.error.message = "Parser column offset overflow - source line is too big";
    result.error.hasLocation = false;
    return result;
  }
  bool good = decodeSource(source, options, &decoded, &result.error);
  result.encoding = decoded.encoding;
  if (!good) return result;
  std::string text = translateNewlines(decoded.text, options.mode == ParseMode::Exec);
  decoded.text.clear();
  result.arena = std::make_unique<Arena>();
  auto parser = std::make_unique<Parser>(text, options, *result.arena);
  result.module = parser->run();
  result.warnings = parser->takeWarnings();
  if (result.module != nullptr) return result;
  result.error = parser->takeError();
  if (result.error.hasLocation) {
    result.error.hasMetadata = true;
    if (options.fileName.empty()) result.error.source = std::move(text);
  }
  return result;
}

Parser::Parser(std::string_view text, const ParseOptions& options, Arena& arena)
    : arena_(arena),
      options_(options),
      tokenizer_(text,
                 {.typeComments = options.typeComments, .fromFile = !options.fileName.empty()}),
      barry_(options.barryAsFlufl) {}

Mod* Parser::run() {
  Mod* module = parseTop();
  if (module != nullptr && !failed_) {
    if (options_.mode == ParseMode::Single && badSingleStatement()) {
      return raiseLast("multiple statements found while compiling a single statement");
    }
    return module;
  }
  Tokenizer::State state = tokenizer_.state();
  bool endOfSource = state == Tokenizer::State::Eof || state == Tokenizer::State::EofInString ||
                     state == Tokenizer::State::EolInString;
  if (options_.allowIncompleteInput && endOfSource && error_.kind != ErrorKind::Memory) {
    failed_ = false;
    error_ = {};
    return raiseLast("incomplete input", ErrorKind::Incomplete);
  }
  if (error_.kind == ErrorKind::Memory || error_.kind == ErrorKind::Value) return nullptr;
  const PToken* last = tokens_.empty() ? nullptr : tokens_.back();
  if (!failed_) {
    for (PToken* token : tokens_) token->memo = nullptr;
    mark_ = 0;
    secondPass_ = diagnosing_ = true;
    scratch_.clear();
    parseTop();
  }
  settleSecondPass(last);
  return nullptr;
}

// After the statement that was asked for, only blanks and comments may follow.
bool Parser::badSingleStatement() {
  std::string_view text = tokenizer_.text();
  size_t at = size_t(tokenizer_.position() - text.data());
  while (at < text.size()) {
    char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\f') {
      at++;
    } else {
      return true;
    }
  }
  return false;
}

bool Parser::fill() {
  if (failed_) return false;
  Token token = tokenizer_.next();
  while (token.type == T::TypeIgnore) {
    typeIgnores_.push_back(arena_.make<TypeIgnore>(token.line, arena_.string(token.text)));
    token = tokenizer_.next();
  }
  if (options_.mode == ParseMode::Single && token.type == T::EndMarker && parsingStarted_) {
    token.type = T::Newline;
    parsingStarted_ = false;
    if (tokenizer_.indent() && !options_.dontImplyDedent) tokenizer_.closeIndentation();
  } else {
    parsingStarted_ = true;
  }
  if (token.type == T::Name) token.type = keywordOf(token.text);
  PToken* stored = arena_.make<PToken>();
  static_cast<Token&>(*stored) = token;
  tokens_.push_back(stored);
  if (token.type == T::ErrorToken) {
    raiseTokenizerError();
    return false;
  }
  return true;
}

T Parser::peekSecond() {
  if (peekToken() == nullptr) return T::ErrorToken;
  mark_++;
  T type = peek();
  mark_--;
  return type;
}

const PToken* Parser::expectForced(T type, const char* what) {
  const PToken* token = peekToken();
  if (token == nullptr) return nullptr;
  if (token->type != type) return raiseOn(token, std::string("expected '") + what + "'");
  mark_++;
  return token;
}

bool Parser::atAnySoftKeyword() {
  const PToken* token = peekToken();
  return token && token->type == T::Name &&
         (token->text == "_" || token->text == "case" || token->text == "match" ||
          token->text == "type");
}

Span Parser::since(int mark) {
  const PToken* first = tokens_[mark];
  Span at{first->line, first->col, first->line, first->col};
  for (int i = mark_ - 1; i >= 0; i--) {
    const PToken* token = tokens_[i];
    if (token->type == T::EndMarker || token->type == T::Newline || token->type == T::Indent ||
        token->type == T::Dedent) {
      continue;
    }
    at.endLine = token->endLine;
    at.endCol = token->endCol;
    break;
  }
  return at;
}

Identifier Parser::identifier(const PToken* token) {
  for (char c : token->text) {
    if (u8(c) >= 128) {
      std::vector<u32> codePoints;
      const char* p = token->text.data();
      const char* end = p + token->text.size();
      while (p < end) codePoints.push_back(decodeUtf8(p));
      std::string normal;
      for (u32 code : unicodeNormalize(NormalForm::kNFKC, codePoints.data(), codePoints.size())) {
        appendUtf8(&normal, code);
      }
      if (normal == "None" || normal == "True" || normal == "False") {
        if (!failed_) {
          failed_ = true;
          error_ = {};
          error_.kind = ErrorKind::Value;
          error_.message = "identifier field can't represent '" + normal + "' constant";
          error_.hasLocation = false;
        }
      }
      return arena_.intern(normal);
    }
  }
  return arena_.intern(token->text);
}

Name* Parser::name() {
  const PToken* token = expect(T::Name);
  if (token == nullptr) return nullptr;
  Span at{token->line, token->col, token->endLine, token->endCol};
  return arena_.make<Name>(at, identifier(token), ExprContext::Load);
}

namespace {

double toDouble(const std::string& digits) {
  double value = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code == std::errc()) return value;
  static const locale_t kC = newlocale(LC_ALL_MASK, "C", nullptr);
  return strtod_l(digits.c_str(), nullptr, kC);  // out of range: infinity or zero
}

}  // namespace

Expr* Parser::number() {
  const PToken* token = expect(T::Number);
  if (token == nullptr) return nullptr;
  Span at{token->line, token->col, token->endLine, token->endCol};
  std::string digits;
  digits.reserve(token->text.size());
  for (char c : token->text) {
    if (c != '_') digits += c;
  }
  if (digits.size() != token->text.size() &&
      !checkVersion(6, "Underscores in numeric literals are")) {
    return nullptr;
  }
  ConstantValue value;
  char last = char(digits.back() | 32);
  bool prefixed = digits.size() > 2 && digits[0] == '0' && (digits[1] | 32) >= 'a';
  int base = 10;
  if (prefixed) {
    char p = char(digits[1] | 32);
    base = p == 'x' ? 16 : p == 'o' ? 8 : p == 'b' ? 2 : 10;
  }
  if (base == 10 && last == 'j') {
    digits.pop_back();
    value.kind = ConstantValue::Kind::Complex;
    value.real = 0;
    value.imag = toDouble(digits);
  } else if (base == 10 && digits.find_first_of(".eE") != std::string::npos) {
    value.kind = ConstantValue::Kind::Float;
    value.real = toDouble(digits);
  } else {
    value.kind = ConstantValue::Kind::Int;
    value.base = u8(base);
    std::string_view body = digits;
    if (base != 10) body.remove_prefix(2);
    while (body.size() > 1 && body[0] == '0') body.remove_prefix(1);
    auto [end, code] = std::from_chars(body.data(), body.data() + body.size(), value.small, base);
    value.isSmall = code == std::errc();
    if (!value.isSmall) {
      value.small = 0;
      value.text = arena_.string(body);
      if (base == 10 && options_.maxIntDigits > 0 && int(body.size()) > options_.maxIntDigits &&
          body.size() > 640) {
        char message[320];
        snprintf(message, sizeof message,
                 "Exceeds the limit (%d digits) for integer string conversion: value has %zu "
                 "digits; use sys.set_int_max_str_digits() to increase the limit - Consider "
                 "hexadecimal for huge integer literals to avoid decimal conversion limits.",
                 options_.maxIntDigits, body.size());
        return raiseAt(ErrorKind::Syntax, token->line, -1, token->endLine, -1, message);
      }
    }
  }
  return arena_.make<Constant>(at, value, nullptr);
}

std::vector<SyntaxWarningInfo> Parser::takeWarnings() {
  for (const Tokenizer::Warning& w : tokenizer_.warnings()) {
    SyntaxWarningInfo info;
    info.message = w.message;
    info.line = w.line;
    info.asError.kind = ErrorKind::Syntax;
    info.asError.message = w.errorMessage;
    info.asError.line = info.asError.endLine = w.errorLine;
    info.asError.offset = info.asError.endOffset = w.errorOffset;
    info.asError.text = w.text;
    warnings_.push_back(std::move(info));
  }
  // In order, and once each: backtracking may have read a literal twice.
  auto key = [](const SyntaxWarningInfo& w) {
    return std::tie(w.asError.line, w.asError.offset, w.line, w.message);
  };
  std::sort(warnings_.begin(), warnings_.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::vector<SyntaxWarningInfo> out;
  for (SyntaxWarningInfo& w : warnings_) {
    if (out.empty() || key(out.back()) != key(w)) out.push_back(std::move(w));
  }
  return out;
}

}  // namespace dx::frontend
