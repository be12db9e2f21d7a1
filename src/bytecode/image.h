// A compiled module: one position-independent block of bytes, in memory as on disk. What every
// byte means: docs/dpb.md.
//
// All offsets are in bytes from the image's start; all records are little endian and 8-byte
// aligned. Nothing in an image is written after it is built. Code object 0 is the module body.
#pragma once
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
  u32 codes;  // offset of CodeRecord[codeCount]
  u32 codeCount;
  u32 constants;  // offset of ConstRecord[constCount], all code objects' tables one after another
  u32 constCount;
  u8 hash[32];  // bytecode/seal.h; zero in images that never leave memory
};
static_assert(sizeof(ImageHeader) == 64);

enum class ConstKind : u8 {
  None,
  True,
  False,
  Ellipsis,
  Int,      // payload: the i64
  BigInt,   // payload: offset of `length` 30-bit digits (u32 each, least first); flags bit0 =
            // negative
  Float,    // payload: bits
  Complex,  // payload: offset of two doubles
  Str1,     // payload: offset of `length` code units of 1 byte (flags bit0: all ASCII)
  Str2,
  Str4,       // likewise of 2 and 4 bytes; the kind is the smallest that fits (PEP 393)
  Bytes,      // payload: offset of `length` bytes
  Tuple,      // payload: offset of `length` u32 constant indices of the same code object
  FrozenSet,  // likewise
  Slice,      // payload: offset of 3 u32 constant indices
  Code,       // payload: code index
};
constexpr u8 kConstAscii = 1;
constexpr u8 kConstNegative = 1;
constexpr u8 kConstInterned = 2;  // names and identifier-like strings

struct ConstRecord {
  ConstKind kind;
  u8 flags;
  u16 reserved;
  u32 length;
  u64 payload;
};
static_assert(sizeof(ConstRecord) == 16);

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
// Columns are UTF-8 bytes; -1 = unknown.
struct PositionRecord {
  u32 offset;
  i32 line, endLine, col, endCol;
  bool isNone() const { return line == 0 && col < 0; }
};
static_assert(sizeof(PositionRecord) == 20);

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
  u32 positions, positionCount;    // offset of PositionRecord[]
  u32 localNames;                  // offset of u32[localCount] constant indices
  u32 localKinds;                  // offset of u8[localCount], LocalKind
  u32 nameCount;                   // the first constants that are names: co_names
  u32 docConst;                    // constant index of the doc string + 1, 0 = none
  // co_consts: as many constants, after the names and the names of the variables, in this order.
  // The rest serve the tables.
  u32 plainCount;
};
static_assert(sizeof(CodeRecord) == 96);

// A borrowed view; valid while the bytes are.
class ImageView {
 public:
  explicit ImageView(const u8* bytes) : bytes_(bytes) {}
  const u8* bytes() const { return bytes_; }
  const ImageHeader& header() const { return at<ImageHeader>(0); }
  const CodeRecord& code(u32 i) const { return (&at<CodeRecord>(header().codes))[i]; }
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
  template <class T>
  const T& at(u64 offset) const {
    return *reinterpret_cast<const T*>(bytes_ + offset);
  }

 private:
  const u8* bytes_;
};

}  // namespace dx::bytecode
