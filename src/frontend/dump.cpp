#include "frontend/dump.h"

#include <gmp.h>

#include <charconv>
#include <cmath>

#include "base/unicode.h"
#include "frontend/source.h"

namespace dx::frontend {

using namespace ast;

namespace {

// repr of a float; without ".0" for a part of a complex number.
std::string floatText(double value, bool addDotZero) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  auto [end, code] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view text(buffer, size_t(end - buffer));
  std::string out;
  if (text[0] == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  size_t e = text.find('e');
  int exponent = 0;
  std::string_view exponentText = text.substr(e + 1);
  if (exponentText[0] == '+') exponentText.remove_prefix(1);
  std::from_chars(exponentText.data(), exponentText.data() + exponentText.size(), exponent);
  std::string digits;
  for (char c : text.substr(0, e)) {
    if (c != '.') digits += c;
  }
  if (exponent < -4 || exponent >= 16) {
    out += digits[0];
    if (digits.size() > 1) out += "." + digits.substr(1);
    snprintf(buffer, sizeof buffer, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return out + buffer;
  }
  if (exponent < 0) return out + "0." + std::string(size_t(-exponent - 1), '0') + digits;
  size_t whole = size_t(exponent) + 1;
  if (digits.size() <= whole) {
    out += digits + std::string(whole - digits.size(), '0');
    return addDotZero ? out + ".0" : out;
  }
  return out + digits.substr(0, whole) + "." + digits.substr(whole);
}

char quoteFor(std::string_view text) {
  bool single = text.find('\'') != std::string_view::npos;
  bool twice = text.find('"') != std::string_view::npos;
  return single && !twice ? '"' : '\'';
}

bool appendSimpleEscape(std::string* out, u32 c, char quote) {
  switch (c) {
    case '\\':
      *out += "\\\\";
      return true;
    case '\n':
      *out += "\\n";
      return true;
    case '\r':
      *out += "\\r";
      return true;
    case '\t':
      *out += "\\t";
      return true;
  }
  if (c == u32(u8(quote))) {
    *out += '\\';
    *out += quote;
    return true;
  }
  return false;
}

std::string decimalOf(const ConstantValue& value) {
  mpz_t number;
  mpz_init(number);
  mpz_set_str(number, value.text->data, value.base);
  std::string out(mpz_sizeinbase(number, 10) + 2, '\0');
  mpz_get_str(out.data(), 10, number);
  out.resize(strlen(out.c_str()));
  mpz_clear(number);
  return out;
}

// Writes with an explicit stack, because trees may be deeper than the C stack allows.
class Dumper {
 public:
  explicit Dumper(bool attributes) : attributes_(attributes) {}

  std::string run(const Node* root) {
    stack_.push_back({root, {}});
    while (!stack_.empty()) {
      Task task = std::move(stack_.back());
      stack_.pop_back();
      if (task.node)
        expand(task.node);
      else
        out_ += task.text;
    }
    return std::move(out_);
  }

 private:
  struct Task {
    const Node* node;
    std::string text;
  };

  void text(std::string_view piece) {
    if (!parts_.empty() && parts_.back().node == nullptr)
      parts_.back().text += piece;
    else
      parts_.push_back({nullptr, std::string(piece)});
  }

  void child(const Node* node) {
    if (node)
      parts_.push_back({node, {}});
    else
      text("None");
  }

  void expand(const Node* node) {
    const ClassInfo& info = classInfo(node->kind);
    parts_.clear();
    text(info.name);
    text("(");
    bool first = true;
    auto begin = [&](std::string_view name) {
      if (!first) text(", ");
      first = false;
      text(name);
      text("=");
    };
    for (int i = 0; i < info.fieldCount; i++) {
      const FieldInfo& field = info.fields[i];
      bool list = field.quantifier == Quantifier::Sequence ||
                  field.quantifier == Quantifier::OptionalSequence;
      if (list ? fieldAs<Seq<char>>(node, field).empty() : isNone(node, field)) continue;
      begin(field.name);
      if (list)
        writeList(node, field);
      else
        writeOne(node, field);
    }
    if (attributes_ && info.hasAttributes) {
      const char* names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
      i32 values[] = {node->line, node->col, node->endLine, node->endCol};
      for (int i = 0; i < 4; i++) {
        begin(names[i]);
        text(std::to_string(values[i]));
      }
    }
    text(")");
    while (!parts_.empty()) {
      stack_.push_back(std::move(parts_.back()));
      parts_.pop_back();
    }
  }

  static bool isNone(const Node* node, const FieldInfo& field) {
    if (field.quantifier != Quantifier::Optional) return false;
    switch (field.fieldType) {
      case FieldType::Node:
      case FieldType::Identifier:
      case FieldType::String:
        return fieldAs<const void*>(node, field) == nullptr;
      default:
        return false;
    }
  }

  void writeEnum(const FieldInfo& field, u8 value) {
    text(classInfo(classOfValue(field.type, value)).name);
    text("()");
  }

  void writeOne(const Node* node, const FieldInfo& field) {
    switch (field.fieldType) {
      case FieldType::Node:
        child(fieldAs<Node*>(node, field));
        break;
      case FieldType::Enum:
        writeEnum(field, fieldAs<u8>(node, field));
        break;
      case FieldType::Identifier:
      case FieldType::String: {
        const Str* str = fieldAs<const Str*>(node, field);
        text(str ? reprString(str->view()) : "None");
        break;
      }
      case FieldType::Constant:
        text(reprConstant(fieldAs<ConstantValue>(node, field)));
        break;
      case FieldType::Int:
        text(std::to_string(fieldAs<i32>(node, field)));
        break;
    }
  }

  void writeList(const Node* node, const FieldInfo& field) {
    text("[");
    u32 count = fieldAs<Seq<char>>(node, field).count;
    for (u32 i = 0; i < count; i++) {
      if (i > 0) text(", ");
      switch (field.fieldType) {
        case FieldType::Node:
          child(fieldAs<Seq<Node*>>(node, field)[i]);
          break;
        case FieldType::Enum:
          writeEnum(field, fieldAs<Seq<u8>>(node, field)[i]);
          break;
        default:
          text(reprString(fieldAs<Seq<const Str*>>(node, field)[i]->view()));
          break;
      }
    }
    text("]");
  }

  bool attributes_;
  std::string out_;
  std::vector<Task> stack_;
  std::vector<Task> parts_;
};

}  // namespace

std::string reprFloat(double value) { return floatText(value, true); }

std::string reprString(std::string_view text) {
  char quote = quoteFor(text);
  std::string out(1, quote);
  const char* p = text.data();
  const char* end = p + text.size();
  char buffer[16];
  while (p < end) {
    u32 c = decodeUtf8(p);
    if (appendSimpleEscape(&out, c, quote)) continue;
    bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (c >= 0x20 && c < 0x7F) {
      out += char(c);
    } else if (c >= 0x80 && !surrogate && unicodeIsPrintable(c)) {
      appendUtf8(&out, c);
    } else {
      snprintf(buffer, sizeof buffer,
               c < 0x100     ? "\\x%02x"
               : c < 0x10000 ? "\\u%04x"
                             : "\\U%08x",
               c);
      out += buffer;
    }
  }
  return out + quote;
}

std::string reprBytes(std::string_view bytes) {
  char quote = quoteFor(bytes);
  std::string out = "b";
  out += quote;
  char buffer[8];
  for (char c : bytes) {
    if (appendSimpleEscape(&out, u8(c), quote)) continue;
    if (u8(c) >= 0x20 && u8(c) < 0x7F) {
      out += c;
    } else {
      snprintf(buffer, sizeof buffer, "\\x%02x", u8(c));
      out += buffer;
    }
  }
  return out + quote;
}

std::string reprConstant(const ConstantValue& value) {
  auto items = [&](const char* open, const char* close) {
    std::string out = open;
    for (u32 i = 0; i < value.itemCount; i++) {
      if (i > 0) out += ", ";
      out += reprConstant(value.items[i]);
    }
    return out + close;
  };
  switch (value.kind) {
    case ConstantValue::Kind::None:
      return "None";
    case ConstantValue::Kind::True:
      return "True";
    case ConstantValue::Kind::False:
      return "False";
    case ConstantValue::Kind::Ellipsis:
      return "Ellipsis";
    case ConstantValue::Kind::Int:
      return value.isSmall ? std::to_string(value.small) : decimalOf(value);
    case ConstantValue::Kind::Float:
      return reprFloat(value.real);
    case ConstantValue::Kind::Complex:
      if (value.real == 0 && !std::signbit(value.real)) return floatText(value.imag, false) + "j";
      return "(" + floatText(value.real, false) + (std::signbit(value.imag) ? "" : "+") +
             floatText(value.imag, false) + "j)";
    case ConstantValue::Kind::Str:
      return reprString(value.text->view());
    case ConstantValue::Kind::Bytes:
      return reprBytes(value.text->view());
    case ConstantValue::Kind::Tuple:
      return items("(", value.itemCount == 1 ? ",)" : ")");
    case ConstantValue::Kind::FrozenSet:
      return value.itemCount == 0 ? "frozenset()" : items("frozenset({", "})");
    case ConstantValue::Kind::Other:
      return "<" + std::string(value.text->view()) + ">";
  }
  DX_UNREACHABLE();
}

std::string dump(const Node* node, bool includeAttributes) {
  return Dumper(includeAttributes).run(node);
}

}  // namespace dx::frontend
