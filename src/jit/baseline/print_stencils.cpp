#include <cxxabi.h>

#include <cstdarg>
#include <cstdlib>

#include "jit/baseline/stencil.h"

namespace dx::baseline {

namespace {

__attribute__((format(printf, 2, 3))) void add(std::string* out, const char* format, ...) {
  char buffer[512];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  *out += buffer;
}

// "dx::addSlow", without parameters.
std::string readable(const char* name) {
  int status;
  char* text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string out = status == 0 ? text : name;
  free(text);
  return out.substr(0, out.find('('));
}

// The first byte of a direct call or jump before a 32-bit relative hole.
bool isCall(const Stencil& s, const StencilHole& h) {
  return h.form == HoleForm::Rel32 && h.offset > 0 &&
         (s.code[h.offset - 1] == 0xE8 || s.code[h.offset - 1] == 0xE9 ||
          (h.offset > 1 && s.code[h.offset - 2] == 0x0F && (s.code[h.offset - 1] & 0xF0) == 0x80));
}

const char* const kForms[] = {"32 bits", "32 bits signed", "32 bits relative", "64 bits"};

}  // namespace

const char* holeName(Hole hole) {
  static const char* const names[] = {"reg A", "reg B", "reg C", "A",    "B",    "C",    "D",
                                      "X",     "B+C",   "pc",    "next", "skip", "jump", "symbol"};
  return names[size_t(hole)];
}

std::string printStencils() {
  std::string out;
  u32 total = 0, count = 0, falling = 0;
  for (int i = 0; i < bytecode::kOpCount; i++) {
    const Stencil& s = kStencils[i];
    const char* name = bytecode::kOpInfo[i].name;
    if (!s.code) {
      add(&out, "%s: none: %s\n\n", name, s.reason);
      continue;
    }
    total += s.size;
    count++;
    falling += s.fallsThrough;
    add(&out, "%s: %u bytes, %u holes\n", name, s.size, s.holeCount);
    for (u32 at = 0; at < s.size; at++)
      add(&out, "%s%02x", at % 32 == 0 ? (at ? "\n    " : "    ") : " ", s.code[at]);
    out += "\n";
    for (u32 k = 0; k < s.holeCount; k++) {
      const StencilHole& h = s.holes[k];
      bool symbol = h.hole == Hole::Symbol;
      add(&out, "  %5u  %-6s %s", h.offset,
          symbol ? isCall(s, h) ? (s.code[h.offset - 1] == 0xE8 ? "call" : "leave") : "data"
                 : holeName(h.hole),
          symbol ? readable(kStencilSymbols[h.symbol].name).c_str() : kForms[size_t(h.form)]);
      if (h.addend) add(&out, ", addend %d", h.addend);
      out += "\n";
    }
    out += s.fallsThrough ? "  ends in a jump to next, which falls away\n\n" : "\n";
  }
  add(&out, "%u stencils, %u bytes; %u end in a jump that falls away; %u symbols of the program\n",
      count, total, falling, kStencilSymbolCount);
  return out;
}

}  // namespace dx::baseline
