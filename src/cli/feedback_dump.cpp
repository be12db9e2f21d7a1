// --dump=feedback: after the program, what its instructions' feedback tells, beside the source.
#include <algorithm>

#include "bytecode/printer.h"
#include "cli/run.h"
#include "runtime/abstract.h"
#include "runtime/code.h"
#include "speculation/profile.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::Insn;

namespace {

std::vector<std::string> linesOf(const std::string& path) {
  std::vector<std::string> lines;
  if (FILE* f = fopen(path.c_str(), "rb")) {
    std::string line;
    for (int c; (c = getc(f)) != EOF;) {
      if (c == '\n')
        lines.push_back(std::exchange(line, {}));
      else
        line += char(c);
    }
    if (!line.empty()) lines.push_back(line);
    fclose(f);
  }
  return lines;
}

void dumpCode(const Predictor& predictor, const CodeData* data,
              const std::vector<std::string>& lines) {
  const CodeRecord& r = *data->record;
  bytecode::ImageView image = data->image->view();
  u32 index = image.indexOf(r);
  const CodeCounters& counts = data->feedback[0].counters;
  printf("\n%s, line %u: %u calls, %u loop turns\n",
         bytecode::printConstant(image, r, r.qualname).c_str(), r.firstLine, counts.calls,
         counts.turns);
  const u8* insns = &data->image->view().at<u8>(r.insns);
  i32 shown = -1;
  for (u32 at = 0; at < r.insnBytes;) {
    auto* insn = reinterpret_cast<const Insn*>(insns + at);
    u32 here = at;
    at += bytecode::kOpInfo[insn->op].size;
    if (slotFamily(insn->opcode()) == SlotFamily::None || slotIndex(insn) == 0) continue;
    i32 line =
        positionAt(data->code,
                   reinterpret_cast<const Insn*>(reinterpret_cast<const u8*>(data->insns) + here))
            .line;
    if (line != shown && line > 0) {
      shown = line;
      printf("%5d  %s\n", line,
             size_t(line) <= lines.size() ? lines[size_t(line) - 1].c_str() : "");
    }
    std::string row = bytecode::printInstruction(image, index, here);
    printf("       %-52s  %s\n", row.c_str(), describe(predictor.at(data, insn)).c_str());
  }
}

}  // namespace

void dumpFeedback(Thread& t, const std::string& file) {
  Value out = sysGet("stdout");
  if (out && !isNone(out)) {
    Ref<> held = retain(out);
    if (!callMethodWith(t, held, DX_NAME("flush"))) t.clearException();
  }
  char* real = realpath(file.c_str(), nullptr);
  std::string absolute = real ? real : file;
  free(real);
  Predictor predictor(theProfile());
  std::vector<const CodeData*> codes;
  for (CodeData* c = firstWarmCode(); c; c = c->nextWarm)
    if (textOf(c->code->filename) == absolute) codes.push_back(c);
  std::sort(codes.begin(), codes.end(), [](const CodeData* a, const CodeData* b) {
    return a->record->firstLine < b->record->firstLine ||
           (a->record->firstLine == b->record->firstLine && a->serial < b->serial);
  });
  std::vector<std::string> lines = linesOf(file);
  for (const CodeData* c : codes) dumpCode(predictor, c, lines);
  fflush(stdout);
}

}  // namespace dx
