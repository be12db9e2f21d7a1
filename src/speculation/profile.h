// Profiles: what the feedback of a run told, without anything that means something to one process
// only, saved (-X profile=FILE) and loaded again. Types and code are named: classes as
// module.qualname, code by a hash of what it does, so that a function that was edited is not
// mistaken for what it was, and one that only moved is found again.
//
// A file is trusted no further than its bounds are checked; a wrong checksum, another version of
// the bytecode, or a program none of whose code it knows makes it count for nothing.
#pragma once
#include <map>
#include <string>
#include <unordered_map>

#include "speculation/predictor.h"

namespace dx {

// Of instructions, constants, names, handlers and signature; not of lines and file names.
struct CodeKey {
  u64 low = 0, high = 0;
  auto operator<=>(const CodeKey&) const = default;
};
CodeKey codeKey(const bytecode::ImageView& image, const bytecode::CodeRecord& record);

struct ProfiledSlot {
  SlotFamily family = SlotFamily::None;
  Confidence confidence = Confidence::None;
  Statistics statistics;
  u16 left = 0, right = 0;
  u32 taken = 0, notTaken = 0;
  CacheKind access = CacheKind::Empty;
  TargetKind target = TargetKind::None;
  bool builtin = false;
  bool hasCode = false;
  CodeKey code;          // Call, Iteration: of a function or generator
  std::string typeName;  // "module.qualname" or empty
};

struct ProfiledCode {
  std::string name;  // for people
  u32 executions = 0;
  std::map<u32, ProfiledSlot> slots;
  const ProfiledSlot* slot(u32 index) const {
    auto found = slots.find(index);
    return found == slots.end() ? nullptr : &found->second;
  }
};

class Profile {
 public:
  // Adds what the feedback of all warm code tells, over what is there of the same code.
  void gather();
  std::string write() const;
  // Replaces what is there. What is wrong with the file, or empty.
  std::string read(std::string_view bytes);
  const ProfiledCode* find(const CodeData* data) const;
  CodeKey keyOf(const CodeData* data) const;              // remembered
  bool knowsAny(const bytecode::ImageView& image) const;  // of an image's code
  size_t size() const { return codes_.size(); }
  void clear() { codes_.clear(); }

 private:
  std::map<CodeKey, ProfiledCode> codes_;
  mutable std::unordered_map<u32, CodeKey> keys_;  // by serial
};

// -X profile=FILE. Load: complains on standard error, once, about a file that cannot be used; a
// file that is not there is no fault. Save: writes a new file and renames it.
Profile* theProfile();  // null: not asked for
void loadProfile(const std::string& path);
void checkProfile(const bytecode::ImageView& mainImage);  // the program that runs
void saveProfile();

}  // namespace dx
