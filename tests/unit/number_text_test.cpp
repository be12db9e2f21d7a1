// Integers, doubles and formats against cases that CPython computed
// (tools/gen_number_cases.py).
#include <gtest/gtest.h>

#include <cmath>

#include "base/float_text.h"
#include "base/format_spec.h"
#include "base/int_text.h"
#include "base/siphash.h"
#include "case_file.h"

namespace dx {
namespace {

using Fields = std::vector<std::string>;

Digits toInt(const std::string& s) {
  IntParseResult r = intParse(s, 10, 0);
  EXPECT_EQ(r.status, IntParse::kOk) << s;
  return r.value;
}
std::string toText(IntView v) {
  std::string out;
  intToText(v, 10, &out);
  return out;
}
double toDouble(const std::string& s) {
  double v = 0;
  EXPECT_EQ(floatFromHex(s, &v), HexParse::kOk) << s;
  return v;
}
std::string hexText(double v) {
  std::string out;
  floatToHex(v, &out);
  return out;
}
std::string plain(const std::string& s) { return test::toUtf8(test::unescape(s)); }

std::string intCase(const Fields& f) {
  const std::string& op = f[0];
  Digits a = toInt(f[1]), out;
  double d;
  if (op == "hash") return std::to_string(intHash(a));
  if (op == "isqrt") return toText(intSqrt(a));
  if (op == "float") return intToDouble(a, &d) ? hexText(d) : "overflow";
  if (op == "bytes") {
    size_t size = size_t(std::stoi(f[2]));
    bool isSigned = f[3] == "1";
    u8 bytes[32], big[32];
    if (intToBytes(a, bytes, size, true, isSigned) != ToBytes::kOk) return "overflow";
    EXPECT_EQ(intToBytes(a, big, size, false, isSigned), ToBytes::kOk);
    EXPECT_EQ(toText(intFromBytes(bytes, size, true, isSigned)), f[1]);
    EXPECT_EQ(toText(intFromBytes(big, size, false, isSigned)), f[1]);
    std::string text;
    for (size_t i = 0; i < size; i++) {
      EXPECT_EQ(bytes[i], big[size - 1 - i]);
      char hex[3];
      snprintf(hex, sizeof hex, "%02x", bytes[i]);
      text += hex;
    }
    return text.empty() ? "-" : text;
  }
  if (op == "pow") {
    EXPECT_TRUE(intPow(a, std::stoull(f[2]), &out));
    return toText(out);
  }
  if (op == "lshift") return toText(intShiftLeft(a, std::stoull(f[2])));
  if (op == "rshift") return toText(intShiftRight(a, std::stoull(f[2])));
  Digits b = toInt(f[2]);
  if (op == "add") return toText(intAdd(a, b));
  if (op == "sub") return toText(intSub(a, b));
  if (op == "mul") return toText(intMul(a, b));
  if (op == "and") return toText(intAnd(a, b));
  if (op == "or") return toText(intOr(a, b));
  if (op == "xor") return toText(intXor(a, b));
  if (op == "gcd") return toText(intGcd(a, b));
  if (op == "truediv") return intTrueDivide(a, b, &d) == TrueDivide::kOk ? hexText(d) : "overflow";
  if (op == "powmod") {
    PowMod status = intPowMod(a, b, toInt(f[3]), &out);
    return status == PowMod::kOk ? toText(out) : "no inverse";
  }
  if (op == "divmod") {
    Digits r;
    intDivMod(a, b, &out, &r);
    EXPECT_EQ(toText(r), f[4]);
    return toText(out);
  }
  return "?";
}

template <class Format>
std::string formatCase(const std::string& specText, char defaultType, const char* typeName,
                       Format format) {
  std::vector<u32> spec = test::unescape(specText);
  FormatSpec parsed;
  FormattedText out;
  FormatError error = parseFormatSpec(spec.data(), spec.size(), defaultType, &parsed);
  if (error == FormatError::kNone) error = format(parsed, &out);
  if (error == FormatError::kNone) return joinFormatted(out);
  return (isOverflow(error) ? "OverflowError: " : "ValueError: ") +
         formatErrorText(error, parsed, test::toUtf8(spec), typeName);
}

std::string percentCase(const Fields& f) {
  std::string format = plain(f[2]);
  PercentSpec spec;
  const u8* text = reinterpret_cast<const u8*>(format.data());
  EXPECT_EQ(parsePercentSpec(text, format.size(), 1, &spec), PercentError::kNone);
  FormattedText out;
  if (f[0] == "pfmt_int")
    formatPercentInteger(spec, toInt(f[1]), &out);
  else
    formatPercentDouble(spec, toDouble(f[1]), &out);
  return joinFormatted(out) + format.substr(spec.next);
}

void runCase(const Fields& f) {
  const std::string& op = f[0];
  FormatLocale locale;
  double d = 0, e = 0;
  std::string text;
  if (op == "int") {
    IntParseResult r = intParse(plain(f[1]), std::stoi(f[2]), 0);
    EXPECT_EQ(r.status == IntParse::kOk ? toText(r.value) : "invalid", f[3]);
  } else if (op == "text") {
    intToText(toInt(f[1]), std::stoi(f[2]), &text);
    EXPECT_EQ(text, f[3]);
    EXPECT_EQ(toText(intParse(text, std::stoi(f[2]), 0).value), f[1]);
  } else if (op == "repr") {
    floatRepr(toDouble(f[1]), &text);
    EXPECT_EQ(text, f[2]);
  } else if (op == "fhash") {
    EXPECT_EQ(std::to_string(floatHash(toDouble(f[1]))), f[2]);
  } else if (op == "ratio") {
    Digits n, m;
    floatRatio(toDouble(f[1]), &n, &m);
    EXPECT_EQ(toText(n), f[2]);
    EXPECT_EQ(toText(m), f[3]);
  } else if (op == "trunc") {
    EXPECT_EQ(toText(intFromDouble(toDouble(f[1]))), f[2]);
  } else if (op == "round0") {
    EXPECT_EQ(toText(intFromDouble(floatRoundHalfEven(toDouble(f[1])))), f[2]);
  } else if (op == "round") {
    EXPECT_EQ(floatRound(toDouble(f[1]), std::stoi(f[2]), &d) ? hexText(d) : "overflow", f[3]);
  } else if (op == "fmod") {
    EXPECT_EQ(hexText(floatMod(toDouble(f[1]), toDouble(f[2]))), f[3]);
    EXPECT_EQ(hexText(floatFloorDiv(toDouble(f[1]), toDouble(f[2]))), f[4]);
  } else if (op == "fparse") {
    EXPECT_EQ(floatParse(plain(f[1]), &d) ? hexText(d) : "invalid", f[2]);
  } else if (op == "cparse") {
    bool ok = complexParse(plain(f[1]), &d, &e);
    EXPECT_EQ(ok ? hexText(d) : "invalid", f[2]);
    EXPECT_EQ(ok ? hexText(e) : "-", f[3]);
  } else if (op == "fromhex") {
    HexParse status = floatFromHex(plain(f[1]), &d);
    EXPECT_EQ(status == HexParse::kOk        ? hexText(d)
              : status == HexParse::kInvalid ? "invalid"
                                             : "overflow",
              f[2]);
  } else if (op == "ffmt") {
    EXPECT_EQ(
        formatCase(f[2], 'g', "float",
                   [&](auto& s, auto* o) { return formatDouble(s, toDouble(f[1]), locale, o); }),
        plain(f[3]));
  } else if (op == "ifmt") {
    EXPECT_EQ(
        formatCase(f[2], 'd', "int",
                   [&](auto& s, auto* o) { return formatInteger(s, toInt(f[1]), locale, o); }),
        f[3].find("Error: ") == std::string::npos ? plain(f[3]) : f[3]);
  } else if (op == "cfmt") {
    EXPECT_EQ(formatCase(f[3], 'g', "complex",
                         [&](auto& s, auto* o) {
                           return formatComplex(s, toDouble(f[1]), toDouble(f[2]), locale, o);
                         }),
              plain(f[4]));
  } else if (op == "sfmt") {
    std::string value = f[1] == "-" ? "" : f[1];
    EXPECT_EQ(formatCase(f[2], 's', "str",
                         [&](auto& s, auto* o) {
                           StringLayout layout;
                           FormatError error = formatString(s, value.size(), &layout);
                           o->text = value.substr(0, layout.keep);
                           o->left = layout.left;
                           o->right = layout.right;
                           o->fill = s.fill;
                           return error;
                         }),
              plain(f[3]));
  } else if (op == "pfmt" || op == "pfmt_int") {
    EXPECT_EQ(percentCase(f), plain(f[3]));
  } else {
    EXPECT_EQ(intCase(f), f[op == "powmod" || op == "bytes"                  ? 4
                            : op == "hash" || op == "isqrt" || op == "float" ? 2
                                                                             : 3]);
  }
}

TEST(NumberText, everyOracleCase_computed_isTheSame) {
  auto cases = test::readCases("number_cases.tsv");
  ASSERT_GT(cases.size(), 3000u);
  for (const Fields& f : cases) {
    std::string line;
    for (const std::string& s : f) line += s + " | ";
    SCOPED_TRACE(line);
    runCase(f);
  }
}

TEST(PercentSpec, badSpecifications_parsed_sayWhy) {
  auto parse = [](std::string_view text, PercentSpec* spec) {
    return parsePercentSpec(reinterpret_cast<const u8*>(text.data()), text.size(), 0, spec);
  };
  PercentSpec spec;
  EXPECT_EQ(parse("", &spec), PercentError::kIncomplete);
  EXPECT_EQ(parse("5.", &spec), PercentError::kIncomplete);
  EXPECT_EQ(parse("(a(b)", &spec), PercentError::kIncompleteKey);
  EXPECT_EQ(parse("99999999999999999999d", &spec), PercentError::kWidthTooBig);
  EXPECT_EQ(parse(".2147483648f", &spec), PercentError::kPrecisionTooBig);
  ASSERT_EQ(parse("(a(b))-+ #0*.*lx!", &spec), PercentError::kNone);
  EXPECT_TRUE(spec.hasKey && spec.leftAlign && spec.plus && spec.space && spec.alternate &&
              spec.zero);
  EXPECT_TRUE(spec.starWidth && spec.starPrecision);
  EXPECT_EQ(spec.keyStart, 1u);
  EXPECT_EQ(spec.keyEnd, 5u);
  EXPECT_EQ(spec.conversion, u32('x'));
  EXPECT_EQ(spec.conversionAt, 15u);
  EXPECT_EQ(spec.next, 16u);
  setPercentWidth(&spec, -7);
  EXPECT_EQ(spec.width, 7);
}

TEST(FormatSpec, localeWithWideSeparator_grouped_countsCharacters) {
  FormatSpec spec;
  const u8 text[] = {'1', '2', 'n'};
  ASSERT_EQ(parseFormatSpec(text, 3, 'd', &spec), FormatError::kNone);
  FormatLocale locale{",", "\u202f", "\3"};
  FormattedText out;
  ASSERT_EQ(formatInteger(spec, Digits(i64(-1234567)), locale, &out), FormatError::kNone);
  EXPECT_EQ(joinFormatted(out), "  -1\u202f234\u202f567");
  EXPECT_EQ(out.totalChars(), 12u);
}

TEST(IntText, decimalOverTheLimit_parsed_reportsItsDigits) {
  IntParseResult r = intParse(std::string(5000, '1'), 10, 4300);
  EXPECT_EQ(r.status, IntParse::kTooManyDigits);
  EXPECT_EQ(r.digitCount, 5000u);
  EXPECT_EQ(intParse(std::string(5000, '1'), 16, 4300).status, IntParse::kOk);
}

TEST(IntMath, hugeProduct_dividedBack_givesFactors) {
  Digits a = intParse(std::string(9000, '7'), 10, 0).value,
         b = intParse(std::string(4000, '3'), 10, 0).value;
  Digits product = intMul(a, b), q, r;
  intDivMod(product, b, &q, &r);
  EXPECT_EQ(intCompare(q, a), 0);
  EXPECT_TRUE(r.view().isZero());
  EXPECT_EQ(intCompare(intSqrt(intMul(a, a)), a), 0);
}

TEST(IntMath, powerPastTheLimit_asked_isRefused) {
  Digits out;
  EXPECT_FALSE(intPow(Digits(i64(3)), u64(1) << 60, &out));
}

TEST(IntMath, comparisonWithDouble_aroundTheFraction_isExact) {
  Digits big = intShiftLeft(Digits(i64(1)), 53);
  EXPECT_EQ(intCompareDouble(intAdd(big, Digits(i64(1))), 9007199254740992.0), 1);
  EXPECT_EQ(intCompareDouble(Digits(i64(-2)), -2.5), 1);
  EXPECT_EQ(intCompareDouble(Digits(i64(2)), 2.5), -1);
  EXPECT_EQ(intCompareDouble(Digits(i64(2)), INFINITY), -1);
}

TEST(IntMath, frexpOfAllOnes_rounded_movesTheExponent) {
  i64 exponent;
  EXPECT_EQ(intFrexp(intSub(intShiftLeft(Digits(i64(1)), 200), Digits(i64(1))), &exponent), 0.5);
  EXPECT_EQ(exponent, 201);
}

// Values printed by CPython 3.14 under these seeds.
TEST(SipHash, knownSeeds_hashed_matchCPython) {
  EXPECT_EQ(hashBuffer(hashKeyFromSeed(0), "abc", 3), -4594863902769663758);
  EXPECT_EQ(hashBuffer(hashKeyFromSeed(42), "abc", 3), 3869580338025362921);
  EXPECT_EQ(hashBuffer(hashKeyFromSeed(4294967295u), "hello world, hello", 18),
            -6871685735539944505);
  EXPECT_EQ(hashBuffer(hashKeyFromSeed(42), "", 0), 0);
}

}  // namespace
}  // namespace dx
