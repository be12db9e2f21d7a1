// What Unicode 3.2 said otherwise of characters that it knew (as unicodedata.ucd_3_2_0 shows it).
#include <algorithm>

#include "base/unicode.h"
#include "modules/unicodedata_objects.h"

namespace dx {

namespace {

struct Number {
  u32 c;
  double value;
};  // -1: none
constexpr Number kDecimals[] = {
    {0xB2, 2},   {0xB3, 3},   {0xB9, 1},   {0x1369, 1}, {0x136A, 2}, {0x136B, 3},
    {0x136C, 4}, {0x136D, 5}, {0x136E, 6}, {0x136F, 7}, {0x1370, 8}, {0x1371, 9},
    {0x2070, 0}, {0x2074, 4}, {0x2075, 5}, {0x2076, 6}, {0x2077, 7}, {0x2078, 8},
    {0x2079, 9}, {0x2080, 0}, {0x2081, 1}, {0x2082, 2}, {0x2083, 3}, {0x2084, 4},
    {0x2085, 5}, {0x2086, 6}, {0x2087, 7}, {0x2088, 8}, {0x2089, 9},
};
constexpr Number kNumerics[] = {
    {0x9F4, 1},    {0x9F5, 2},      {0x9F6, 3},    {0x9F7, 4},      {0x9F8, -1},   {0x3405, -1},
    {0x3483, -1},  {0x382A, -1},    {0x3B4D, -1},  {0x4E24, -1},    {0x4E96, -1},  {0x4EC0, -1},
    {0x4EE8, -1},  {0x4FE9, -1},    {0x5006, -1},  {0x5146, 1e+12}, {0x5344, -1},  {0x534C, -1},
    {0x53C4, -1},  {0x5793, 1e+20}, {0x5E7A, -1},  {0x5EFE, -1},    {0x62D0, -1},  {0x6D1E, -1},
    {0x6F06, -1},  {0x7695, -1},    {0x79ED, -1},  {0x8CB3, -1},    {0x920E, -1},  {0x94A9, -1},
    {0x9621, -1},  {0xF96B, -1},    {0xF973, -1},  {0xF978, -1},    {0xF9B2, -1},  {0xF9D1, -1},
    {0xF9D3, -1},  {0xF9FD, -1},    {0x10341, -1}, {0x1034A, -1},   {0x20001, -1}, {0x20064, -1},
    {0x200E2, -1}, {0x20121, -1},   {0x2092A, -1}, {0x20983, -1},   {0x2098C, -1}, {0x2099C, -1},
    {0x20AEA, -1}, {0x20AFD, -1},   {0x20B19, -1}, {0x22390, -1},   {0x22998, -1}, {0x23B1B, -1},
    {0x2626D, -1}, {0x2F890, -1},
};
constexpr u32 kMirroredChanged[] = {
    0xF3A,  0xF3B,  0xF3C,  0xF3D,  0x169B, 0x169C,  0x226D,  0x29A1,  0xFE59,  0xFE5A,  0xFE5B,
    0xFE5C, 0xFE5D, 0xFE5E, 0xFE64, 0xFE65, 0x1D6DB, 0x1D715, 0x1D74F, 0x1D789, 0x1D7C3,
};

template <size_t N>
const Number* find(const Number (&table)[N], u32 c) {
  const Number* at =
      std::lower_bound(table, table + N, c, [](const Number& n, u32 x) { return n.c < x; });
  return at != table + N && at->c == c ? at : nullptr;
}

}  // namespace

bool assignedIn32(u32 c) { return unicodeCategory32(c) != GeneralCategory::kCn; }

int decimalIn32(u32 c) {
  if (!assignedIn32(c)) return -1;
  const Number* n = find(kDecimals, c);
  return n ? int(n->value) : unicodeToDecimal(c);
}

double numericIn32(u32 c) {
  if (!assignedIn32(c)) return -1;
  const Number* n = find(kNumerics, c);
  return n ? n->value : unicodeToNumeric(c);
}

bool mirroredIn32(u32 c) {
  if (!assignedIn32(c)) return false;
  return unicodeIsMirrored(c) !=
         std::binary_search(std::begin(kMirroredChanged), std::end(kMirroredChanged), c);
}

const char* eastAsianWidthIn32(u32 c) {
  // Symbols that became wide when emoji were specified.
  bool emoji = (c >= 0x231A && c <= 0x231B) || (c >= 0x25FD && c <= 0x25FE) ||
               (c >= 0x2630 && c <= 0x2637) || (c >= 0x2648 && c <= 0x2653);
  return emoji || !assignedIn32(c) ? "N" : unicodeEastAsianWidth(c);
}

}  // namespace dx
