// A compiled module: one position-independent block of bytes, in memory as on disk. What every
// byte means: docs/dpb.md.
//
// All offsets are in bytes from the image's start; all records are little endian. Nothing in an
// image is written after it is built. Code object 0 is the module body.
//
// The last part of an image is cold: what few programs look at. In an archive it lies apart from
// the rest, so that loading a module touches few pages.
#pragma once
#include <algorithm>

#include "bytecode/opcode.h"

namespace dx::bytecode {

constexpr u32 kImageMagic = 0x1A425044;  // "DPB\x1a"

// What makes images of one build useless to another: the opcodes, the records and the compiler.
// Computed when dxpy is built (tools/gen_format_version.py).
extern const u32 kFormatVersion;

constexpr u32 kImageArchive = 1;  // in ImageHeader::flags: many modules (bytecode/archive.h)
// Of one whose code object got constants from elsewhere: it is not the whole.
constexpr u32 kImageByHand = 2;

struct ImageHeader {  // 64 bytes, one cache line
  u32 magic;
  u32 version;
  u32 size;  // of the whole image
  u32 flags;
  u32 cold;  // offset of the cold part, a multiple of 8; the image's end when there is none
  u32 codeCount;
  u32 constants;  // offset of ConstRecord[constCount], all code objects' tables one after another
  u32 constCount;
  u8 hash[32];  // bytecode/seal.h; zero in images that never leave memory
};
static_assert(sizeof(ImageHeader) == 64);

// After a module's header comes the hash of its cold part, then CodeRecord[codeCount].
constexpr u32 kColdHash = sizeof(ImageHeader), kCodes = kColdHash + 32;

enum class ConstKind : u8 {
  None,
  True,
  False,
  Ellipsis,
  Int,      // value: the number, or (kConstWide) the offset of 8 bytes
  BigInt,   // value: offset of `length` 30-bit digits (u32 each, least first)
  Float,    // value: offset of a double
  Complex,  // value: offset of two doubles
  Str1,     // value: offset of `length` code units of 1 byte
  Str2,
  Str4,       // likewise of 2 and 4 bytes; the kind is the smallest that fits (PEP 393)
  Bytes,      // value: offset of `length` bytes
  Tuple,      // value: offset of `length` u32 constant indices of the same code object
  FrozenSet,  // likewise
  Slice,      // value: offset of 3 u32 constant indices
  Code,       // value: code index
};
static_assert(int(ConstKind::Code) == 15);  // four bits: there are no others
constexpr u8 kConstAscii = 1;               // of Str1
constexpr u8 kConstNegative = 1;            // of BigInt
constexpr u8 kConstWide = 1;                // of Int
constexpr u8 kConstInterned = 2;            // names and identifier-like strings
constexpr u8 kConstCold = 4;                // a doc string: the contents are in the cold part

// Lengths from this on stand in the 4 bytes before the contents.
constexpr u32 kLongLength = 0xFFFFFF;

struct ConstRecord {
  u32 head;  // kind (4 bits), flags (4), length (24)
  u32 value;
  static ConstRecord of(ConstKind kind, u8 flags, u32 length, u32 value) {
    return {u32(kind) | u32(flags) << 4 | std::min(length, kLongLength) << 8, value};
  }
  ConstKind kind() const { return ConstKind(head & 15); }
  u8 flags() const { return head >> 4 & 15; }
  bool isStr() const { return kind() >= ConstKind::Str1 && kind() <= ConstKind::Str4; }
};
static_assert(sizeof(ConstRecord) == 8);

// CPython's co_flags values.
enum CodeFlag : u32 {
  kCodeOptimized = 0x1,
  kCodeNewLocals = 0x2,
  kCodeVarArgs = 0x4,
  kCodeVarKeywords = 0x8,
  kCodeNested = 0x10,
  kCodeGenerator = 0x20,
  kCodeCoroutine = 0x80,
  kCodeIterableCoroutine = 0x100,
  kCodeAsyncGenerator = 0x200,
  kCodeFutureBarryAsBdfl = 0x400000,
  kCodeFutureAnnotations = 0x1000000,
  kCodeHasDocstring = 0x4000000,
  kCodeMethod = 0x8000000,
};
constexpr u32 kCodeAnyGenerator = kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator;

enum LocalKind : u8 {  // CPython's co_localspluskinds bits
  kLocalHidden = 0x10,
  kLocalPlain = 0x20,
  kLocalCell = 0x40,
  kLocalFree = 0x80,
  kLocalArgPos = 0x02,
  kLocalArgKw = 0x04,
  kLocalArgVar = 0x08,
};

// Handlers, innermost first for equal ranges. On an exception at `pc` in [start, end):
// registers >= keep are released, register `reg` (>= keep) receives the exception, execution
// goes on at `target`.
struct ExceptionRecord {
  u32 start, end, target;  // byte offsets into the code's instructions
  u16 keep, reg;
};
static_assert(sizeof(ExceptionRecord) == 16);

// Source position of the instructions in [offset, next record's offset). line 0 without a column:
// none; with one: the start of a module.
// Columns are UTF-8 bytes; -1 = unknown. In images they are packed (bytecode/positions.h).
struct PositionRecord {
  u32 offset;
  i32 line, endLine, col, endCol;
  bool isNone() const { return line == 0 && col < 0; }
};

// Registers 0..localCount-1 are, in order: arguments (positional, keyword-only, *args, **kwargs),
// other locals, cells that are not arguments, free variables: the variables; then those that only
// comprehensions use (kind kLocalHidden alone); the rest are temporaries.
// An argument that is also a cell keeps its register (MakeCell wraps it in the prologue).
struct CodeRecord {
  u32 name, qualname, filename;  // constant indices of this code
  u32 firstLine;
  u32 flags;     // CodeFlag
  u32 argCount;  // positional, positional-only included
  u32 posOnlyCount, kwOnlyCount;
  u32 localCount;                  // registers with a name
  u32 registerCount;               // all registers, temporaries and call windows included
  u32 slotCount;                   // feedback slots, slot 0 included
  u32 constBase, constCount;       // this code's range of the constant table
  u32 insns, insnBytes;            // offset, size
  u32 exceptions, exceptionCount;  // offset of ExceptionRecord[]
  u32 positions, positionBytes;    // offset in the cold part, size (bytecode/positions.h)
  u32 localNames;                  // offset of u32[localCount] constant indices
  u32 localKinds;                  // offset of u8[localCount], LocalKind
  u32 nameCount;                   // the first constants that are names: co_names
  u32 docConst;                    // constant index of the doc string + 1, 0 = none
  // co_consts: as many constants, after the names and the names of the variables, in this order.
  // The rest serve the tables.
  u32 plainCount;
};
static_assert(sizeof(CodeRecord) == 96);

// A borrowed view; valid while the bytes are. Of an image in one piece, or in two.
class ImageView {
 public:
  ImageView(const u8* bytes) : bytes_(bytes), coldBase_(bytes) {}  // NOLINT: bytes are an image
  ImageView(const u8* bytes, const u8* cold)
      : bytes_(bytes), coldBase_(cold - reinterpret_cast<const ImageHeader*>(bytes)->cold) {}
  const u8* bytes() const { return bytes_; }
  const ImageHeader& header() const { return at<ImageHeader>(0); }
  const CodeRecord& code(u32 i) const { return (&at<CodeRecord>(kCodes))[i]; }
  u32 indexOf(const CodeRecord& c) const { return u32(&c - &code(0)); }
  const ConstRecord& constant(const CodeRecord& c, u32 i) const {
    return (&at<ConstRecord>(header().constants))[c.constBase + i];
  }
  // How many registers are variables (CPython's nlocalsplus).
  u32 variableCount(const CodeRecord& c) const {
    const u8* kinds = &at<u8>(c.localKinds);
    u32 n = 0;
    while (n < c.localCount && kinds[n] != kLocalHidden) n++;
    return n;
  }
  u32 length(const ConstRecord& r) const {
    u32 length = r.head >> 8;
    return length < kLongLength ? length : at<u32>(r.value - 4);
  }
  template <class T>
  const T& contents(const ConstRecord& r) const {
    const u8* base = r.flags() & kConstCold ? coldBase_ : bytes_;
    return *reinterpret_cast<const T*>(base + r.value);
  }
  i64 intValue(const ConstRecord& r) const {
    return r.flags() & kConstWide ? at<i64>(r.value) : i32(r.value);
  }
  template <class T>
  const T& at(u64 offset) const {
    return *reinterpret_cast<const T*>(bytes_ + offset);
  }
  const u8* cold(u64 offset) const { return coldBase_ + offset; }
  std::span<const u8> coldPart() const {
    return {cold(header().cold), header().size - header().cold};
  }
  // In one piece.
  std::vector<u8> copy() const {
    std::vector<u8> all(bytes_, bytes_ + header().cold);
    all.insert(all.end(), coldPart().begin(), coldPart().end());
    return all;
  }

 private:
  const u8* bytes_;
  const u8* coldBase_;  // the cold part's offsets count from here
};

}  // namespace dx::bytecode
