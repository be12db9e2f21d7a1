#include "bytecode/printer.h"

#include <map>

#include "base/float_text.h"
#include "base/int_text.h"
#include "bytecode/positions.h"

namespace dx::bytecode {
namespace {

std::string decimal(double v) {
  std::string out;
  floatRepr(v, &out);
  return out;
}

void appendUtf8(std::string* out, u32 c) {
  if (c < 0x80) {
    *out += char(c);
  } else if (c < 0x800) {
    *out += char(0xC0 | c >> 6);
    *out += char(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out += char(0xE0 | c >> 12);
    *out += char(0x80 | (c >> 6 & 0x3F));
    *out += char(0x80 | (c & 0x3F));
  } else {
    *out += char(0xF0 | c >> 18);
    *out += char(0x80 | (c >> 12 & 0x3F));
    *out += char(0x80 | (c >> 6 & 0x3F));
    *out += char(0x80 | (c & 0x3F));
  }
}

u32 unitAt(const ImageView& image, const ConstRecord& r, u32 i) {
  switch (r.kind()) {
    case ConstKind::Str2:
      return (&image.contents<u16>(r))[i];
    case ConstKind::Str4:
      return (&image.contents<u32>(r))[i];
    default:
      return (&image.contents<u8>(r))[i];
  }
}

std::string text(const ImageView& image, const CodeRecord& code, u32 index) {
  const ConstRecord& r = image.constant(code, index);
  std::string out;
  for (u32 i = 0; i < image.length(r); i++) appendUtf8(&out, unitAt(image, r, i));
  return out;
}

std::string quoted(const ImageView& image, const ConstRecord& r, bool bytes) {
  std::string out = bytes ? "b'" : "'";
  for (u32 i = 0; i < image.length(r); i++) {
    u32 c = unitAt(image, r, i);
    char hex[16];
    if (c == '\'' || c == '\\') {
      out += '\\';
      out += char(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7F || (bytes && c >= 0x80)) {
      snprintf(hex, sizeof hex, "\\x%02x", c);
      out += hex;
    } else if (c >= 0xD800 && c < 0xE000) {
      snprintf(hex, sizeof hex, "\\u%04x", c);
      out += hex;
    } else {
      appendUtf8(&out, c);
    }
  }
  return out + "'";
}

std::string bigInt(const ImageView& image, const ConstRecord& r) {
  // Base 10^9 digits, most by repeated multiplication: constants are short.
  std::vector<u32> out;
  for (u32 i = image.length(r); i-- > 0;) {
    u64 carry = (&image.contents<u32>(r))[i];
    for (u32& d : out) {
      u64 v = (u64(d) << 30) + carry;
      d = u32(v % 1000000000);
      carry = v / 1000000000;
    }
    for (; carry != 0; carry /= 1000000000) out.push_back(u32(carry % 1000000000));
  }
  std::string s = r.flags() & kConstNegative ? "-" : "";
  for (size_t i = out.size(); i-- > 0;) {
    char buffer[16];
    snprintf(buffer, sizeof buffer, i + 1 == out.size() ? "%u" : "%09u", out[i]);
    s += buffer;
  }
  return s;
}

class Printer {
 public:
  Printer(const ImageView& image, u32 index)
      : image_(image), index_(index), c_(image_.code(index)) {}

  std::string run() {
    findLabels();
    std::string qualname = text(image_, c_, c_.qualname);
    out_ = "code " + std::to_string(index_) + ": " + qualname + ", line " +
           std::to_string(c_.firstLine);
    out_ += ", " + std::to_string(c_.argCount) + " arguments";
    if (c_.posOnlyCount != 0) out_ += " (" + std::to_string(c_.posOnlyCount) + " positional only)";
    if (c_.kwOnlyCount != 0) out_ += ", " + std::to_string(c_.kwOnlyCount) + " keyword only";
    char flags[32];
    snprintf(flags, sizeof flags, ", flags 0x%x", c_.flags);
    out_ += flags;
    out_ += "\n  registers: " + std::to_string(c_.registerCount) +
            ", slots: " + std::to_string(c_.slotCount) + "\n";
    if (c_.localCount != 0) {
      out_ += "  locals:";
      for (u32 i = 0; i < c_.localCount; i++) out_ += " " + localName(i) + kindMark(i);
      out_ += "\n";
    }
    if (c_.docConst != 0) out_ += "  doc: " + constant(c_.docConst - 1) + "\n";
    instructions();
    const ExceptionRecord* e = &image_.at<ExceptionRecord>(c_.exceptions);
    for (u32 i = 0; i < c_.exceptionCount; i++) {
      out_ += "  handler " + std::to_string(e[i].start) + "-" + std::to_string(e[i].end) + " -> " +
              label(e[i].target) + ", keep below " + reg(e[i].keep) + ", exception in " +
              reg(e[i].reg) + "\n";
    }
    return std::move(out_);
  }

  std::string instruction(u32 at) {
    findLabels();
    return row(at);
  }

  std::string constant(u32 index) { return printConstant(image_, c_, index); }

 private:
  std::string localName(u32 i) { return text(image_, c_, (&image_.at<u32>(c_.localNames))[i]); }
  std::string kindMark(u32 i) {
    u8 kind = (&image_.at<u8>(c_.localKinds))[i];
    std::string s;
    if (kind & kLocalCell) s += "(cell)";
    if (kind & kLocalFree) s += "(free)";
    if (kind & kLocalHidden) s += "(hidden)";
    return s;
  }

  Insn insn(u32 at) const {
    Insn i{};
    u8 op = image_.at<u8>(u64(c_.insns) + at);
    memcpy(&i, image_.bytes() + c_.insns + at, kOpInfo[op].size);
    return i;
  }

  void findLabels() {
    std::map<u32, u32> targets;
    for (u32 at = 0; at < c_.insnBytes;) {
      Insn i = insn(at);
      const OpInfo& info = kOpInfo[i.op];
      if (info.b == Operand::Jump32) targets[u32(i64(at) + i.jump32())];
      if (info.d == Operand::Jump) targets[u32(i64(at) + i.jump())];
      at += info.size;
    }
    const ExceptionRecord* e = &image_.at<ExceptionRecord>(c_.exceptions);
    for (u32 i = 0; i < c_.exceptionCount; i++) targets[e[i].target];
    u32 n = 0;
    for (auto& [at, number] : targets) number = n++;
    labels_ = std::move(targets);
  }

  std::string label(u32 at) { return "L" + std::to_string(labels_[at]); }

  std::string reg(u32 v) {
    bool kill = v & kKill;
    v &= ~u32(kKill);
    std::string s;
    if (v < c_.localCount) {
      s = localName(v);
      // Equal names: a comprehension's own variable.
      if ((&image_.at<u8>(c_.localKinds))[v] & kLocalHidden) s += "@" + std::to_string(v);
    } else {
      s = "t" + std::to_string(v - c_.localCount);
    }
    return kill ? s + "!" : s;
  }

  std::string operand(u32 at, const Insn& i, Operand kind, u32 v) {
    switch (kind) {
      case Operand::None:
        return "";
      case Operand::Dst:
      case Operand::Reg:
        return reg(v);
      case Operand::Opt:
        return v == kNoReg ? "-" : reg(v);
      case Operand::Win:
      case Operand::Run:
      case Operand::Out:
        return reg(v) + "..";
      case Operand::Imm:
        return "#" + std::to_string(v);
      case Operand::Int:
        return "#" + std::to_string(i16(v));
      case Operand::Imm32:
        return "#" + std::to_string(i32(v));
      case Operand::Slot:
        return "";
      case Operand::Const:
      case Operand::Const32:
      case Operand::Code:
        return constant(v);
      case Operand::Name:
      case Operand::Name32:
        return text(image_, c_, v);
      case Operand::Jump:
      case Operand::Jump32:
        return "-> " + label(u32(i64(at) + i32(v)));
    }
    return "?";
  }

  std::string row(u32 at) {
    Insn i = insn(at);
    const OpInfo& info = kOpInfo[i.op];
    char buffer[64];
    snprintf(buffer, sizeof buffer, "  %5u  %-20s", at, info.name);
    std::string row = buffer;
    bool first = true;
    auto add = [&](Operand kind, u32 v) {
      std::string s = operand(at, i, kind, v);
      if (s.empty()) return;
      row += first ? " " : ", ";
      first = false;
      row += s;
    };
    bool pair = info.b == Operand::Const32 || info.b == Operand::Imm32 ||
                info.b == Operand::Jump32 || info.b == Operand::Name32;
    add(info.a, i.a);
    if (pair) {
      add(info.b, i.bc());
    } else {
      add(info.b, i.b);
      add(info.c, i.c);
    }
    add(info.d, i.d);
    add(info.x, i.x);
    while (row.ends_with(' ')) row.pop_back();
    return row;
  }

  void instructions() {
    std::vector<PositionRecord> p = readPositions(PositionReader(image_, c_));
    size_t next = 0;
    i32 line = -1;
    for (u32 at = 0; at < c_.insnBytes;) {
      while (next < p.size() && p[next].offset <= at) next++;
      if (next > 0 && p[next - 1].line != line) {
        line = p[next - 1].line;
        out_ += line > 0 ? "  line " + std::to_string(line) + "\n" : "  no line\n";
      }
      if (labels_.contains(at)) out_ += label(at) + ":\n";
      out_ += row(at) + "\n";
      at += kOpInfo[insn(at).op].size;
    }
  }

  ImageView image_;
  u32 index_;
  const CodeRecord& c_;
  std::map<u32, u32> labels_;
  std::string out_;
};

}  // namespace

std::string printConstant(const ImageView& image, const CodeRecord& code, u32 index) {
  const ConstRecord& r = image.constant(code, index);
  switch (r.kind()) {
    case ConstKind::None:
      return "None";
    case ConstKind::True:
      return "True";
    case ConstKind::False:
      return "False";
    case ConstKind::Ellipsis:
      return "Ellipsis";
    case ConstKind::Int:
      return std::to_string(image.intValue(r));
    case ConstKind::BigInt:
      return bigInt(image, r);
    case ConstKind::Float:
      return decimal(image.contents<double>(r));
    case ConstKind::Complex: {
      const double* parts = &image.contents<double>(r);
      return "complex(" + decimal(parts[0]) + ", " + decimal(parts[1]) + ")";
    }
    case ConstKind::Str1:
    case ConstKind::Str2:
    case ConstKind::Str4:
      return quoted(image, r, false);
    case ConstKind::Bytes:
      return quoted(image, r, true);
    case ConstKind::Tuple:
    case ConstKind::FrozenSet:
    case ConstKind::Slice: {
      std::string out = r.kind() == ConstKind::Tuple   ? "("
                        : r.kind() == ConstKind::Slice ? "slice("
                                                       : "frozenset({";
      for (u32 i = 0; i < image.length(r); i++) {
        if (i > 0) out += ", ";
        out += printConstant(image, code, (&image.contents<u32>(r))[i]);
      }
      if (r.kind() == ConstKind::Tuple && image.length(r) == 1) out += ",";
      return out + (r.kind() == ConstKind::FrozenSet ? "})" : ")");
    }
    case ConstKind::Code: {
      const CodeRecord& inner = image.code(r.value);
      return "<code " + std::to_string(r.value) + " " + text(image, inner, inner.qualname) + ">";
    }
  }
  return "?";
}

std::string printInstruction(const ImageView& image, u32 codeIndex, u32 offset) {
  return Printer(image, codeIndex).instruction(offset);
}

std::string printCode(const ImageView& image, u32 codeIndex) {
  return Printer(image, codeIndex).run();
}

std::string printImage(const ImageView& image) {
  std::string out;
  for (u32 i = 0; i < image.header().codeCount; i++) {
    if (i > 0) out += "\n";
    out += printCode(image, i);
  }
  return out;
}

}  // namespace dx::bytecode
