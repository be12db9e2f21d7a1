// Objects of the module _csv.
#pragma once
#include "runtime/api.h"

namespace dx {

constexpr u32 kCsvUnset = UINT32_MAX;  // no such character

enum CsvQuoting : i32 {
  kQuoteMinimal,
  kQuoteAll,
  kQuoteNonNumeric,
  kQuoteNone,
  kQuoteStrings,
  kQuoteNotNull
};

struct CsvDialect : Object {
  bool doubleQuote, skipInitialSpace, strict;
  i32 quoting;
  u32 delimiter, quoteChar, escapeChar;
  Value lineTerminator;
};
struct CsvReader : Object {
  Value input;  // iterator of lines
  CsvDialect* dialect;
  u64 lineNumber;
  u64 calls;  // of __next__: shows that the input asked for a row itself
};
struct CsvWriter : Object {
  Value write;
  CsvDialect* dialect;
};

extern "C" Type csvDialectType, csvReaderType, csvWriterType;

}  // namespace dx
