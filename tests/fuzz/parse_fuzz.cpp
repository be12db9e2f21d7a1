// libFuzzer: any bytes must give a tree or a report. The first byte chooses the options.
//
//   cmake --preset checked && ninja -C build/checked dx_parse_fuzz
//   python3 tests/fuzz/seed.py build/corpus
//   build/checked/dx_parse_fuzz -dict=tests/fuzz/python.dict build/corpus
#include "frontend/dump.h"
#include "frontend/parser.h"
#include "frontend/tokenizer.h"

using namespace dx;
using namespace dx::frontend;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  u8 choice = data[0];
  std::string_view source(reinterpret_cast<const char*>(data) + 1, size - 1);
  ParseOptions options;
  options.mode = ParseMode(choice & 3);
  options.typeComments = choice & 4;
  options.allowIncompleteInput = options.dontImplyDedent = choice & 8;
  if (choice & 16) options.fileName = "f.py";
  options.barryAsFlufl = choice & 32;
  if (choice & 64) options.featureVersion = 7;
  ParseResult result = parse(source, options);
  if (result.module != nullptr) {
    DX_CHECK(!dump(result.module).empty());
  } else {
    DX_CHECK(result.error.kind != ErrorKind::None);
    DX_CHECK(!result.error.message.empty());
  }
  if (choice & 128) {
    Tokenizer tokenizer(source, {.extraTokens = true});
    for (;;) {
      T type = tokenizer.next().type;
      if (type == T::EndMarker || type == T::ErrorToken) break;
    }
  }
  return 0;
}
