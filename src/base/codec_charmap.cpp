// Character maps: tables of 256 characters, or any mapping.
#include <algorithm>

#include "base/codec_driver.h"

namespace dx {

using namespace detail;

namespace {

constexpr char kUndefined[] = "character maps to <undefined>";

class TableDecoder final : public CharmapLookup {
 public:
  explicit TableDecoder(TextView table) : table_(table) {}
  CharmapAnswer decodeByte(u8 byte, TextBuffer* out) override {
    u32 c = byte < table_.size ? table_[byte] : 0xfffe;
    if (c == 0xfffe) return CharmapAnswer::kUndefined;
    out->append(c);
    return CharmapAnswer::kMapped;
  }
  CharmapAnswer encodeChar(u32, std::string*) override { DX_UNREACHABLE(); }

 private:
  TextView table_;
};

class TableEncoder final : public CharmapLookup {
 public:
  explicit TableEncoder(const CharmapEncoder& map) : map_(map) {}
  CharmapAnswer decodeByte(u8, TextBuffer*) override { DX_UNREACHABLE(); }
  CharmapAnswer encodeChar(u32 c, std::string* out) override {
    int byte = map_.lookup(c);
    if (byte < 0) return CharmapAnswer::kUndefined;
    out->push_back(char(byte));
    return CharmapAnswer::kMapped;
  }

 private:
  const CharmapEncoder& map_;
};

CodecResult failed(size_t at) {
  CodecResult result;
  result.ok = false;
  result.consumed = at;
  result.error = {"charmap", nullptr, at, at + 1};
  return result;
}

// The map is a template parameter so that the tables' calls are direct.
template <class Map>
CodecResult decodeWith(ByteView in, Map& map, DecodeErrorHandler* handler, TextBuffer* out) {
  DecodeRun run{in, handler, out, "charmap"};
  out->reserve(out->size() + in.size);
  while (run.pos < run.in.size) {
    switch (map.decodeByte(run.in.data[run.pos], out)) {
      case CharmapAnswer::kMapped:
        run.pos++;
        break;
      case CharmapAnswer::kUndefined:
        if (!run.bad(kUndefined, run.pos, run.pos + 1)) return run.result;
        break;
      case CharmapAnswer::kFailed:
        return failed(run.pos);
    }
  }
  return run.done();
}

template <class Map>
CodecResult encodeWith(TextView in, Map& map, EncodeErrorHandler* handler, std::string* out) {
  EncodeRun run{in, handler, out, "charmap"};
  bool lookupFailed = false;
  auto one = [&](u32 c) {
    CharmapAnswer answer = map.encodeChar(c, out);
    lookupFailed = answer == CharmapAnswer::kFailed;
    return answer == CharmapAnswer::kMapped;
  };
  out->reserve(out->size() + in.size);
  while (run.pos < in.size) {
    if (one(in[run.pos])) {
      run.pos++;
      continue;
    }
    if (lookupFailed) return failed(run.pos);
    size_t end = run.pos + 1;
    std::string ignored;
    for (; end < in.size; end++) {
      CharmapAnswer answer = map.encodeChar(in[end], &ignored);
      if (answer == CharmapAnswer::kFailed) return failed(end);
      if (answer == CharmapAnswer::kMapped) break;
    }
    if (!run.bad(kUndefined, run.pos, end, one)) return lookupFailed ? failed(run.pos) : run.result;
  }
  return run.done();
}

}  // namespace

CharmapEncoder::CharmapEncoder(TextView table) {
  std::fill(std::begin(low_), std::end(low_), i16(-1));
  // Only a regular table (256 characters of the BMP, NUL first and nowhere else) makes U+FFFE
  // undefined; in any other one CPython maps it like the rest.
  bool regular = table.size == 256 && table[0] == 0;
  for (size_t i = 1; regular && i < 256; i++) regular = table[i] != 0 && table[i] <= 0xffff;
  for (size_t i = 0; i < std::min<size_t>(table.size, 256); i++) {
    u32 c = table[i];
    if (c == 0xfffe && regular) continue;
    if (c < 256)
      low_[c] = i16(i);
    else
      others_.push_back({c, u8(i)});
  }
  // Of several bytes for one character the last one wins.
  std::sort(others_.begin(), others_.end());
}

int CharmapEncoder::lookup(u32 c) const {
  if (c < 256) return low_[c];
  auto found = std::upper_bound(others_.begin(), others_.end(), c,
                                [](u32 v, auto& e) { return v < e.first; });
  return found != others_.begin() && (found - 1)->first == c ? (found - 1)->second : -1;
}

CodecResult decodeCharmap(ByteView in, TextView table, DecodeErrorHandler* handler,
                          TextBuffer* out) {
  TableDecoder map(table);
  return decodeWith(in, map, handler, out);
}
CodecResult decodeCharmap(ByteView in, CharmapLookup& map, DecodeErrorHandler* handler,
                          TextBuffer* out) {
  return decodeWith(in, map, handler, out);
}
CodecResult encodeCharmap(TextView in, const CharmapEncoder& map, EncodeErrorHandler* handler,
                          std::string* out) {
  TableEncoder table(map);
  return encodeWith(in, table, handler, out);
}
CodecResult encodeCharmap(TextView in, CharmapLookup& map, EncodeErrorHandler* handler,
                          std::string* out) {
  return encodeWith(in, map, handler, out);
}

}  // namespace dx
