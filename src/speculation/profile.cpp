#include "speculation/profile.h"

#include <unistd.h>

#include "base/siphash.h"
#include "bytecode/printer.h"

namespace dx {

using bytecode::CodeRecord;
using bytecode::ConstKind;
using bytecode::ImageView;
using bytecode::Insn;

namespace {

// Two hashes under fixed keys: against mistakes and damage, not against attack.
CodeKey hash128(std::string_view s) {
  return {sipHash13({0x6478707066696C65, 1}, s.data(), s.size()),
          sipHash13({0x6478707066696C65, 2}, s.data(), s.size())};
}

template <class T>
void append(std::string* out, T v) {
  out->append(reinterpret_cast<const char*>(&v), sizeof v);
}
void appendText(std::string* out, std::string_view s) {
  s = s.substr(0, 0xFFFF);
  append(out, u16(s.size()));
  out->append(s);
}

// What instructions mean.
CodeKey formatKey() {
  static const CodeKey key = [] {
    std::string s;
    append(&s, bytecode::kFormatVersion);
    for (int i = 0; i < bytecode::kOpCount; i++) {
      const bytecode::OpInfo& o = bytecode::kOpInfo[i];
      appendText(&s, o.name);
      for (auto operand : {o.x, o.a, o.b, o.c, o.d}) append(&s, operand);
    }
    return hash128(s);
  }();
  return key;
}

// Reads within bounds: after the first failure everything is zero and empty.
struct Reader {
  std::string_view rest;
  bool failed = false;
  template <class T>
  T get() {
    T v{};
    if (rest.size() < sizeof v) {
      failed = true;
      rest = {};
      return v;
    }
    memcpy(&v, rest.data(), sizeof v);
    rest.remove_prefix(sizeof v);
    return v;
  }
  template <class E>
  E getEnum(E last) {
    u8 v = get<u8>();
    if (v > u8(last)) failed = true;
    return failed ? E(0) : E(v);
  }
  std::string getText() {
    u16 n = get<u16>();
    if (rest.size() < n) {
      failed = true;
      rest = {};
      return {};
    }
    std::string s(rest.substr(0, n));
    rest.remove_prefix(n);
    return s;
  }
};

constexpr u32 kMagic = 0x46505844;  // "DXPF"
constexpr u32 kVersion = 1;
struct Header {
  u32 magic, version;
  CodeKey format;
  CodeKey checksum;  // of what follows
  u64 size;          // of what follows
};
static_assert(sizeof(Header) == 48);

}  // namespace

CodeKey codeKey(const ImageView& image, const CodeRecord& r) {
  std::string s;
  for (u32 v : {r.flags, r.argCount, r.posOnlyCount, r.kwOnlyCount, r.localCount, r.registerCount,
                r.slotCount, r.constCount, r.qualname, r.exceptionCount})
    append(&s, v);
  s.append(reinterpret_cast<const char*>(&image.at<u8>(r.insns)), r.insnBytes);
  s.append(reinterpret_cast<const char*>(&image.at<u8>(r.exceptions)),
           r.exceptionCount * sizeof(bytecode::ExceptionRecord));
  for (u32 i = 0; i < r.constCount; i++) {
    if (i == r.filename) continue;
    const bytecode::ConstRecord& c = image.constant(r, i);
    if (c.kind() == ConstKind::Code) {  // its own entry; here only its name counts
      const CodeRecord& inner = image.code(c.value);
      appendText(&s, bytecode::printConstant(image, inner, inner.qualname));
    } else {
      std::string text = bytecode::printConstant(image, r, i);
      append(&s, u64(text.size()));
      s += text;
    }
  }
  return hash128(s);
}

CodeKey Profile::keyOf(const CodeData* data) const {
  auto [at, isNew] = keys_.try_emplace(data->serial);
  if (isNew) at->second = codeKey(data->image->view(), *data->record);
  return at->second;
}

const ProfiledCode* Profile::find(const CodeData* data) const {
  if (codes_.empty()) return nullptr;
  auto found = codes_.find(keyOf(data));
  return found == codes_.end() ? nullptr : &found->second;
}

bool Profile::knowsAny(const ImageView& image) const {
  for (u32 i = 0; i < image.header().codeCount; i++)
    if (codes_.contains(codeKey(image, image.code(i)))) return true;
  return false;
}

void Profile::gather() {
  Predictor predictor;
  std::map<CodeKey, ProfiledCode> found;
  for (CodeData* data = firstWarmCode(); data; data = data->nextWarm) {
    ProfiledCode& code = found[keyOf(data)];  // several objects may have the same code
    const CodeRecord& r = *data->record;
    code.name = bytecode::printConstant(data->image->view(), r, r.qualname);
    code.executions = std::max(code.executions, Predictor::executions(data));
    const u8* insns = &data->image->view().at<u8>(r.insns);
    for (u32 at = 0; at < r.insnBytes;) {
      auto* insn = reinterpret_cast<const Insn*>(insns + at);
      at += bytecode::kOpInfo[insn->op].size;
      if (slotFamily(insn->opcode()) == SlotFamily::None) continue;
      Prediction p = predictor.at(data, insn);
      if (p.confidence == Confidence::None) continue;
      ProfiledSlot& s = code.slots[slotIndex(insn)];
      if (s.confidence > p.confidence ||
          (s.confidence == p.confidence && s.statistics.hits > p.statistics.hits))
        continue;
      s.family = p.family;
      s.confidence = p.confidence;
      s.statistics = p.statistics;
      s.left = p.left;
      s.right = p.right;
      s.taken = p.taken;
      s.notTaken = p.notTaken;
      s.access = p.attribute.access;
      s.target = p.target;
      s.builtin = p.builtin;
      s.typeName = p.type ? qualifiedName(p.type) : std::string();
      s.hasCode = p.code != nullptr;
      s.code = p.code ? keyOf(p.code) : CodeKey();
    }
  }
  for (auto& [key, code] : found) codes_[key] = std::move(code);
}

std::string Profile::write() const {
  std::string body;
  append(&body, u32(codes_.size()));
  for (auto& [key, code] : codes_) {
    append(&body, key);
    appendText(&body, code.name);
    append(&body, code.executions);
    append(&body, u32(code.slots.size()));
    for (auto& [index, s] : code.slots) {
      append(&body, index);
      for (u8 v : {u8(s.family), u8(s.confidence), u8(s.access), u8(s.target),
                   u8(s.builtin | s.hasCode << 1)})
        append(&body, v);
      for (u32 v :
           {s.statistics.hits, s.statistics.misses, s.statistics.changes, s.taken, s.notTaken})
        append(&body, v);
      append(&body, s.left);
      append(&body, s.right);
      append(&body, s.code);
      appendText(&body, s.typeName);
    }
  }
  Header h = {kMagic, kVersion, formatKey(), hash128(body), body.size()};
  std::string out;
  append(&out, h);
  return out + body;
}

std::string Profile::read(std::string_view bytes) {
  codes_.clear();
  Reader in{bytes};
  auto h = in.get<Header>();
  if (in.failed || h.magic != kMagic) return "not a profile";
  if (h.version != kVersion || h.format != formatKey()) return "of another version";
  if (h.size != in.rest.size() || h.checksum != hash128(in.rest)) return "damaged";
  for (u32 n = in.get<u32>(); n && !in.failed; n--) {
    auto key = in.get<CodeKey>();
    ProfiledCode& code = codes_[key];
    code.name = in.getText();
    code.executions = in.get<u32>();
    for (u32 slots = in.get<u32>(); slots && !in.failed; slots--) {
      ProfiledSlot& s = code.slots[in.get<u32>()];
      s.family = in.getEnum(SlotFamily::Iteration);
      s.confidence = in.getEnum(Confidence::Stable);
      s.access = in.getEnum(CacheKind::Last);
      s.target = in.getEnum(TargetKind::Other);
      u8 flags = in.get<u8>();
      s.builtin = flags & 1;
      s.hasCode = flags & 2;
      for (u32* v :
           {&s.statistics.hits, &s.statistics.misses, &s.statistics.changes, &s.taken, &s.notTaken})
        *v = in.get<u32>();
      s.left = in.get<u16>();
      s.right = in.get<u16>();
      s.code = in.get<CodeKey>();
      s.typeName = in.getText();
    }
  }
  if (in.failed || !in.rest.empty()) {
    codes_.clear();
    return "damaged";
  }
  return "";
}

// ---- -X profile=FILE ----

namespace {
Profile* gProfile;
std::string* gPath;

void complain(const char* what) {
  fprintf(stderr, "dxpy: profile '%s' is ignored: %s\n", gPath->c_str(), what);
}
}  // namespace

Profile* theProfile() { return gProfile; }

void loadProfile(const std::string& path) {
  gProfile = new Profile;  // until the process ends
  gPath = new std::string(path);
  FILE* f = fopen(path.c_str(), "rb");
  if (!f) {
    if (errno != ENOENT) complain(strerror(errno));
    return;
  }
  std::string bytes;
  char buffer[65536];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) bytes.append(buffer, n);
  bool failed = ferror(f);
  fclose(f);
  std::string problem = failed ? "it cannot be read" : gProfile->read(bytes);
  if (!problem.empty()) complain(problem.c_str());
}

void checkProfile(const ImageView& mainImage) {
  if (!gProfile || gProfile->size() == 0 || gProfile->knowsAny(mainImage)) return;
  complain("of another program");
  gProfile->clear();
}

void saveProfile() {
  if (!gProfile) return;
  gProfile->gather();
  std::string bytes = gProfile->write();
  std::string draft = *gPath + "." + std::to_string(getpid());
  FILE* f = fopen(draft.c_str(), "wb");
  bool ok = f && fwrite(bytes.data(), 1, bytes.size(), f) == bytes.size();
  if (f && fclose(f) != 0) ok = false;
  if (ok) ok = rename(draft.c_str(), gPath->c_str()) == 0;
  if (ok) return;
  fprintf(stderr, "dxpy: profile '%s' is not saved: %s\n", gPath->c_str(), strerror(errno));
  if (f) unlink(draft.c_str());
}

}  // namespace dx
