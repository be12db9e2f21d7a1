#include "bytecode/line_flow.h"

namespace dx::bytecode {
namespace {

constexpr u32 kNowhere = ~0u;
constexpr u32 kLongestTail = 4;  // instructions that are copied

struct Place {
  i32 line = 0, endLine = 0, col = -1, endCol = -1;
  bool operator==(const Place&) const = default;
  // Line 0 with a column is where a module starts.
  bool isNone() const { return line == 0 && col < 0; }
};

struct Item {
  Insn insn;
  Place place;
  u32 target = kNowhere;   // item
  u32 handler = kNowhere;  // index of the exception record
  bool gone = false;

  Op op() const { return insn.opcode(); }
  bool isJump() const { return op() == Op::Jump || op() == Op::JumpBack; }
  bool leaves() const {
    return op() == Op::Return || op() == Op::ReturnNone || op() == Op::Raise || op() == Op::Reraise;
  }
  bool fallsThrough() const { return !isJump() && !leaves() && op() != Op::CleanupThrow; }
};

bool jumpsInD(Op op) { return kOpInfo[int(op)].d == Operand::Jump; }

class Arranger {
 public:
  Arranger(std::vector<u8>* insns, std::vector<PositionRecord>* positions,
           std::vector<ExceptionRecord>* exceptions)
      : insns_(*insns), positions_(*positions), exceptions_(*exceptions) {}

  void run() {
    decode();
    threadJumps();
    spread();
    copyTails();
    dropUnreachable();
    spread();
    moveHandlers();
    dropNops();
    encode();
  }

 private:
  void decode() {
    std::vector<u32> itemAt(insns_.size() / 4 + 1, kNowhere);
    Place place;
    size_t nextPlace = 0, nextHandler = 0;
    for (u32 at = 0; at < insns_.size();) {
      Item item{};
      u32 size = kOpInfo[insns_[at]].size;
      memcpy(&item.insn, insns_.data() + at, size);
      while (nextPlace < positions_.size() && positions_[nextPlace].offset <= at) {
        const PositionRecord& p = positions_[nextPlace++];
        place = {p.line, p.endLine, p.col, p.endCol};
      }
      item.place = place;
      while (nextHandler < exceptions_.size() && exceptions_[nextHandler].end <= at) nextHandler++;
      if (nextHandler < exceptions_.size() && exceptions_[nextHandler].start <= at)
        item.handler = u32(nextHandler);
      if (item.isJump())
        item.target = u32(i64(at) + item.insn.jump32());
      else if (jumpsInD(item.op()))
        item.target = u32(i64(at) + item.insn.jump());
      itemAt[at / 4] = u32(items_.size());
      items_.push_back(item);
      at += size;
    }
    for (Item& item : items_)
      if (item.target != kNowhere) item.target = itemAt[item.target / 4];
    for (const ExceptionRecord& e : exceptions_) handlers_.push_back(itemAt[e.target / 4]);
  }

  // Past Nops without a line, and past nothing else.
  u32 skip(u32 i) const {
    while (items_[i].op() == Op::Nop && items_[i].place.isNone()) i++;
    return i;
  }

  void threadJumps() {
    for (Item& item : items_) {
      if (item.target == kNowhere) continue;
      for (int steps = 0; steps < 16; steps++) {
        const Item& next = items_[skip(item.target)];
        if (!next.isJump() || next.target == item.target) break;
        // Only an unconditional jump can become one that polls signals.
        if (!item.isJump() &&
            (next.op() == Op::JumpBack || next.target <= u32(&item - items_.data())))
          break;
        bool sameLine = next.place.isNone() || next.place.line == item.place.line;
        if (!sameLine) break;
        item.target = next.target;
        if (next.op() == Op::JumpBack) item.insn.op = u8(Op::JumpBack);
      }
    }
  }

  void countWays() {
    ways_.assign(items_.size(), 0);
    isTarget_.assign(items_.size(), false);
    for (u32 i = 0; i < items_.size(); i++) {
      const Item& item = items_[i];
      if (item.gone) continue;
      if (item.fallsThrough() && i + 1 < items_.size()) ways_[i + 1]++;
      if (item.target != kNowhere) {
        ways_[item.target]++;
        isTarget_[item.target] = true;
      }
    }
    for (u32 h : handlers_) {
      ways_[h] += 2;  // from anywhere
      isTarget_[h] = true;
    }
  }

  bool startsBlock(u32 i) const {
    return i == 0 || isTarget_[i] || items_[i - 1].target != kNowhere ||
           !items_[i - 1].fallsThrough();
  }

  // Instructions without a line get one from what leads to them, if that is certain.
  void spread() {
    countWays();
    Place last;
    for (u32 i = 0; i < items_.size(); i++) {
      Item& item = items_[i];
      if (startsBlock(i)) {
        // What runs into the block from above passes its line on if nothing else leads here.
        bool fromAbove = i > 0 && items_[i - 1].fallsThrough() && ways_[i] == 1;
        if (!fromAbove) last = {};
      }
      if (item.place.isNone())
        item.place = last;
      else
        last = item.place;
      if (item.target != kNowhere && ways_[item.target] == 1) {
        Item& target = items_[item.target];
        if (target.place.isNone()) target.place = item.place;
      }
    }
  }

  // How many instructions without a line stand at i before control leaves or goes back; 0: no.
  u32 tailLength(u32 i) const {
    for (u32 n = 0; n < kLongestTail && i + n < items_.size(); n++) {
      const Item& item = items_[i + n];
      if (!item.place.isNone() || (n > 0 && isTarget_[i + n])) return 0;
      if (item.leaves() || item.op() == Op::JumpBack) return n + 1;
      if (item.target != kNowhere || !item.fallsThrough()) return 0;
    }
    return 0;
  }

  void copyTails() {
    countWays();
    std::vector<Item> out, atEnd;
    std::vector<u32> moved(items_.size());
    struct Patch {
      u32 item, atEnd;
    };
    std::vector<Patch> patches;
    for (u32 i = 0; i < items_.size(); i++) {
      moved[i] = u32(out.size());
      Item item = items_[i];
      u32 t = item.target;
      bool wants = t != kNowhere && item.op() != Op::JumpBack && (item.isJump() || ways_[t] > 1);
      u32 n = wants ? tailLength(t) : 0;
      if (n == 0) {
        out.push_back(item);
        continue;
      }
      ways_[t]--;
      std::vector<Item>& to = item.isJump() ? out : atEnd;
      if (!item.isJump()) {
        patches.push_back({u32(out.size()), u32(atEnd.size())});
        out.push_back(item);
      }
      for (u32 k = 0; k < n; k++) {
        to.push_back(items_[t + k]);
        if (k == 0) to.back().place = item.place;
      }
    }
    u32 base = u32(out.size());
    out.insert(out.end(), atEnd.begin(), atEnd.end());
    for (Item& item : out)
      if (item.target != kNowhere) item.target = moved[item.target];
    for (const Patch& p : patches) out[p.item].target = base + p.atEnd;
    for (u32& h : handlers_) h = moved[h];
    items_ = std::move(out);
  }

  void dropUnreachable() {
    std::vector<bool> seen(items_.size());
    std::vector<u32> work{0};
    while (!work.empty()) {
      u32 i = work.back();
      work.pop_back();
      while (i < items_.size() && !seen[i]) {
        seen[i] = true;
        const Item& item = items_[i];
        if (item.target != kNowhere) work.push_back(item.target);
        if (item.handler != kNowhere) work.push_back(handlers_[item.handler]);
        if (!item.fallsThrough()) break;
        i++;
      }
    }
    compact([&](u32 i) { return seen[i]; });
  }

  // Keeps some of the items; jumps to others go to the next one that stays.
  template <class F>
  void compact(F&& stays) {
    std::vector<u32> moved(items_.size() + 1);
    std::vector<Item> out;
    for (u32 i = 0; i < items_.size(); i++) {
      moved[i] = u32(out.size());
      if (stays(i)) out.push_back(items_[i]);
    }
    for (Item& item : out)
      if (item.target != kNowhere) item.target = moved[item.target];
    for (u32& h : handlers_) h = moved[h];
    items_ = std::move(out);
  }

  // What only exceptions lead to goes to the end: the way without them has no jumps around it.
  void moveHandlers() {
    std::vector<bool> plain(items_.size());
    std::vector<u32> work{0};
    while (!work.empty()) {
      u32 i = work.back();
      work.pop_back();
      while (i < items_.size() && !plain[i]) {
        plain[i] = true;
        if (items_[i].target != kNowhere) work.push_back(items_[i].target);
        if (!items_[i].fallsThrough()) break;
        i++;
      }
    }
    std::vector<Item> out;
    std::vector<u32> moved(items_.size());
    struct Jumped {
      u32 item, to;
    };
    std::vector<Jumped> added;
    for (bool want : {true, false}) {
      for (u32 i = 0; i < items_.size(); i++) {
        if (plain[i] != want) continue;
        moved[i] = u32(out.size());
        out.push_back(items_[i]);
        if (want || !items_[i].fallsThrough() || i + 1 >= items_.size() || !plain[i + 1]) continue;
        Item jump{};
        jump.insn.op = u8(Op::Jump);
        jump.handler = kNowhere;
        jump.place = items_[i].place;
        added.push_back({u32(out.size()), i + 1});
        out.push_back(jump);
      }
    }
    for (Item& item : out)
      if (item.target != kNowhere) item.target = moved[item.target];
    for (const Jumped& j : added) out[j.item].target = moved[j.to];
    for (u32& h : handlers_) h = moved[h];
    items_ = std::move(out);
  }

  void dropNops() {
    countWays();
    // A jump to what follows does nothing.
    for (u32 i = 0; i + 1 < items_.size(); i++) {
      Item& item = items_[i];
      if (item.op() != Op::Jump || item.target != i + 1) continue;
      item.insn = {};
      item.insn.op = u8(Op::Nop);
      item.target = kNowhere;
    }
    std::vector<bool> drop(items_.size());
    i32 before = -1;
    for (u32 i = 0; i < items_.size(); i++) {
      Item& item = items_[i];
      if (startsBlock(i)) before = -1;
      if (item.op() == Op::Nop && i + 1 < items_.size()) {
        Item& next = items_[i + 1];
        bool sameBlock = !startsBlock(i + 1);
        if (item.place.isNone() || item.place.line == before) {
          drop[i] = true;
        } else if (sameBlock && next.place.isNone()) {
          next.place = item.place;
          drop[i] = true;
        } else if (items_[skip(i + 1)].place.line == item.place.line) {
          drop[i] = true;
        }
        if (drop[i]) continue;
      }
      before = item.place.line;
    }
    compact([&](u32 i) { return !drop[i]; });
  }

  void encode() {
    std::vector<u32> offsets;
    u32 size = 0;
    for (const Item& item : items_) {
      offsets.push_back(size);
      size += kOpInfo[item.insn.op].size;
    }
    insns_.assign(size, 0);
    positions_.clear();
    std::vector<ExceptionRecord> exceptions;
    for (u32 i = 0; i < items_.size(); i++) {
      Item& item = items_[i];
      u32 at = offsets[i];
      if (item.target != kNowhere) {
        i32 distance = i32(offsets[item.target]) - i32(at);
        if (item.isJump()) {
          item.insn.op = u8(distance > 0 ? Op::Jump : Op::JumpBack);
          item.insn.b = u16(u32(distance));
          item.insn.c = u16(u32(distance) >> 16);
        } else {
          item.insn.d = u32(distance);
        }
      }
      u32 bytes = kOpInfo[item.insn.op].size;
      memcpy(insns_.data() + at, &item.insn, bytes);
      const Place& p = item.place;
      if (positions_.empty() || !(Place{positions_.back().line, positions_.back().endLine,
                                        positions_.back().col, positions_.back().endCol} == p))
        positions_.push_back({at, p.line, p.endLine, p.col, p.endCol});
      if (item.handler == kNowhere) continue;
      ExceptionRecord e = exceptions_[item.handler];
      e.start = at;
      e.end = at + bytes;
      e.target = offsets[handlers_[item.handler]];
      ExceptionRecord* last = exceptions.empty() ? nullptr : &exceptions.back();
      if (last && last->end == at && last->target == e.target && last->keep == e.keep &&
          last->reg == e.reg)
        last->end = e.end;
      else
        exceptions.push_back(e);
    }
    exceptions_ = std::move(exceptions);
  }

  std::vector<u8>& insns_;
  std::vector<PositionRecord>& positions_;
  std::vector<ExceptionRecord>& exceptions_;
  std::vector<Item> items_;
  std::vector<u32> handlers_;  // item where each exception record's handler starts
  std::vector<u32> ways_;
  std::vector<bool> isTarget_;
};

}  // namespace

void arrangeLines(std::vector<u8>* insns, std::vector<PositionRecord>* positions,
                  std::vector<ExceptionRecord>* exceptions) {
  Arranger(insns, positions, exceptions).run();
}

}  // namespace dx::bytecode
