// Module _csv: the parser and the formatter behind `csv`, and the registry of dialects.
#include <algorithm>

#include "modules/_csv.gen.h"
#include "modules/exception_class.h"

namespace dx {

namespace {

Type* gError = nullptr;     // _csv.Error
Dict* gDialects = nullptr;  // name to Dialect
i64 gFieldLimit = 128 * 1024;

Result<Value> findDialect(Thread& t, Value name) {
  Value found = TRY(dictGet(t, gDialects, name));
  if (!found) return t.raise(gError, "unknown dialect");
  return found;
}

// ---- settings ----

enum Setting : u32 {
  kBase,
  kDelimiter,
  kDoubleQuote,
  kEscapeChar,
  kLineTerminator,
  kQuoteChar,
  kQuoting,
  kSkipInitialSpace,
  kStrict,
  kSettings
};
constexpr const char* kSettingNames[kSettings] = {"dialect",    "delimiter",        "doublequote",
                                                  "escapechar", "lineterminator",   "quotechar",
                                                  "quoting",    "skipinitialspace", "strict"};

Result<u32> characterSetting(Thread& t, const char* name, Value v, u32 fallback, bool mayBeNone) {
  if (!v) return fallback;
  const char* orNone = mayBeNone ? " or None" : "";
  if (mayBeNone && isNone(v)) return kCsvUnset;
  if (!isStr(v))
    return t.raise(kTypeError, "\"{}\" must be a unicode character{}, not {}", name, orNone,
                   typeOf(v));
  auto* s = v.as<Str>();
  if (s->length != 1)
    return t.raise(kTypeError, "\"{}\" must be a unicode character{}, not a string of length {}",
                   name, orNone, s->length);
  return s->at(0);
}
Result<bool> flagSetting(Thread& t, Value v, bool fallback) {
  if (!v) return fallback;
  return isTrue(t, v);
}

bool inTerminator(const CsvDialect& d, u32 c) {
  auto* s = d.lineTerminator.as<Str>();
  return findChar(s, c, 0, s->length) >= 0;
}
Result<void> checkCharacter(Thread& t, const char* name, u32 c, const CsvDialect& d,
                            bool allowSpace) {
  if (c == '\r' || c == '\n' || (c == ' ' && !allowSpace))
    return t.raise(kValueError, "bad {} value", name);
  if (c != kCsvUnset && inTerminator(d, c))
    return t.raise(kValueError, "bad {} or lineterminator value", name);
  return {};
}
Result<void> checkDistinct(Thread& t, const char* name1, u32 c1, const char* name2, u32 c2) {
  if (c1 == c2 && c1 != kCsvUnset) return t.raise(kValueError, "bad {} or {} value", name1, name2);
  return {};
}

Result<void> applySettings(Thread& t, CsvDialect& d, const Value (&v)[kSettings]) {
  d.delimiter = TRY(characterSetting(t, "delimiter", v[kDelimiter], ',', false));
  d.doubleQuote = TRY(flagSetting(t, v[kDoubleQuote], true));
  d.escapeChar = TRY(characterSetting(t, "escapechar", v[kEscapeChar], kCsvUnset, true));
  if (Value end = v[kLineTerminator]; !end)
    setField(d.lineTerminator, makeAscii("\r\n"));
  else if (isStr(end))
    setField(d.lineTerminator, retain(end));
  else
    return t.raise(kTypeError, "\"lineterminator\" must be a string, not {}", typeOf(end));
  d.quoteChar = TRY(characterSetting(t, "quotechar", v[kQuoteChar], '"', true));
  if (v[kQuoting]) {
    if (!isExactInt(v[kQuoting]))
      return t.raise(kTypeError, "\"quoting\" must be an integer, not {}", typeOf(v[kQuoting]));
    d.quoting = TRY(argI32(t, v[kQuoting]));
  }
  d.skipInitialSpace = TRY(flagSetting(t, v[kSkipInitialSpace], false));
  d.strict = TRY(flagSetting(t, v[kStrict], false));

  if (d.quoting < kQuoteMinimal || d.quoting > kQuoteNotNull)
    return t.raise(kTypeError, "bad \"quoting\" value");
  if (v[kQuoteChar] && isNone(v[kQuoteChar]) && !v[kQuoting]) d.quoting = kQuoteNone;
  if (d.quoting != kQuoteNone && d.quoteChar == kCsvUnset)
    return t.raise(kTypeError, "quotechar must be set if quoting enabled");
  TRY(checkCharacter(t, "delimiter", d.delimiter, d, true));
  TRY(checkCharacter(t, "escapechar", d.escapeChar, d, !d.skipInitialSpace));
  TRY(checkCharacter(t, "quotechar", d.quoteChar, d, !d.skipInitialSpace));
  TRY(checkDistinct(t, "delimiter", d.delimiter, "escapechar", d.escapeChar));
  TRY(checkDistinct(t, "delimiter", d.delimiter, "quotechar", d.quoteChar));
  return checkDistinct(t, "escapechar", d.escapeChar, "quotechar", d.quoteChar);
}

// A reader's, writer's or registered dialect: args[1] and the keyword arguments.
Result<Ref<CsvDialect>> dialectOf(Thread& t, const Args& args) {
  Value values[kSettings + 1];
  u32 count = args.count > 1 ? 1 : 0;
  if (count) values[0] = args[1];
  if (args.keywordCount() == 0)
    return TRY(call(t, Value(&csvDialectType), Args(values, count))).cast<CsvDialect>();
  std::vector<Value> all(values, values + count);
  all.insert(all.end(), args.v + args.count, args.v + args.total());
  return TRY(call(t, Value(&csvDialectType), Args(all.data(), count, args.names)))
      .cast<CsvDialect>();
}
Result<void> countArguments(Thread& t, const char* function, const Args& args) {
  if (args.count == 0)
    return t.raise(kTypeError, "{} expected at least 1 argument, got 0", function);
  if (args.count > 2)
    return t.raise(kTypeError, "{} expected at most 2 arguments, got {}", function, args.count);
  return {};
}

Ref<> characterOrNone(u32 c) { return c == kCsvUnset ? noneRef() : Ref<>(makeChar(c)); }

}  // namespace

// ---- Dialect ----

Result<Ref<>> csvDialect___new__(Thread& t, Type& cls, const Args& args) {
  if (args.total() > kSettings)
    return t.raise(kTypeError, "function takes at most 9 arguments ({} given)", args.total());
  Value v[kSettings];
  std::copy(args.v, args.v + args.count, v);
  for (u32 i = 0; i < args.keywordCount(); i++) {
    Value name = args.names->items[i];
    u32 at = 0;
    while (at < kSettings && !equalAscii(name.as<Str>(), kSettingNames[at])) at++;
    if (at == kSettings)
      return t.raise(kTypeError, "this function got an unexpected keyword argument '{}'", name);
    if (v[at])
      return t.raise(kTypeError, "argument for function given by name ('{}') and position ({})",
                     name, at + 1);
    v[at] = args.v[args.count + i];
  }
  Ref<> owned[kSettings];
  if (v[kBase]) {
    if (isStr(v[kBase])) v[kBase] = TRY(findDialect(t, v[kBase]));
    owned[kBase] = retain(v[kBase]);
    bool overridden = std::any_of(v + 1, v + kSettings, [](Value x) { return bool(x); });
    if (!overridden && isInstanceOf(v[kBase], &csvDialectType)) return std::move(owned[kBase]);
    for (u32 i = 1; i < kSettings; i++) {
      if (v[i]) continue;
      Result<Ref<>> found = getAttr(t, v[kBase], kSettingNames[i]);
      if (found) {
        owned[i] = std::move(found).take();
        v[i] = owned[i];
      } else {
        t.clearException();
      }
    }
  }
  auto d = Ref<CsvDialect>::steal(static_cast<CsvDialect*>(newInstance(&cls)));
  if (!gcIsTracked(d)) gcTrack(d);
  TRY(applySettings(t, *d, v));
  return d;
}
Result<Ref<>> csvDialect_get_delimiter(Thread&, CsvDialect& self) {
  return characterOrNone(self.delimiter);
}
Result<Ref<>> csvDialect_get_escapechar(Thread&, CsvDialect& self) {
  return characterOrNone(self.escapeChar);
}
Result<Ref<>> csvDialect_get_lineterminator(Thread&, CsvDialect& self) {
  return retain(self.lineTerminator);
}
Result<Ref<>> csvDialect_get_quotechar(Thread&, CsvDialect& self) {
  return characterOrNone(self.quoteChar);
}
Result<Ref<>> csvDialect_get_quoting(Thread&, CsvDialect& self) { return makeInt(self.quoting); }
Result<Ref<>> csvDialect___reduce__(Thread& t, CsvDialect& self, const Args&) {
  std::string_view name = typeName(self.type);
  return t.raise(kTypeError, "cannot pickle '{}' instances", name.substr(name.rfind('.') + 1));
}
Result<Ref<>> csvDialect___reduce_ex__(Thread& t, CsvDialect& self, const Args& args) {
  return csvDialect___reduce__(t, self, args);
}

// ---- reading ----

namespace {

enum class ParseState : u8 {
  StartRecord,
  StartField,
  Escaped,
  InField,
  InQuoted,
  EscapeInQuoted,
  QuoteInQuoted,
  EatNewline,
  AfterEscapedNewline
};
constexpr u32 kEndOfLine = kCsvUnset - 1;

// One record while it is read.
class RecordParser {
 public:
  RecordParser(Thread& t, const CsvDialect& d) : t_(t), d_(d), fields_(newList()) {}

  Result<void> line(Str* s) {
    TRY(s->kind() == 1   ? units(s->units<u8>(), s->length)
        : s->kind() == 2 ? units(s->units<u16>(), s->length)
                         : units(s->units<u32>(), s->length));
    return step(kEndOfLine);
  }
  bool complete() const { return state_ == ParseState::StartRecord; }
  bool hasOpenField() const { return field_.length() || state_ == ParseState::InQuoted; }
  Ref<List> take() { return std::move(fields_); }

  Result<void> saveField() {
    Ref<> value;
    if (unquoted_ && !field_.length() &&
        (d_.quoting == kQuoteNotNull || d_.quoting == kQuoteStrings)) {
      value = noneRef();
    } else {
      value = field_.finish();
      if (unquoted_ && field_.length() &&
          (d_.quoting == kQuoteNonNumeric || d_.quoting == kQuoteStrings))
        value = TRY(toFloat(t_, value));
      field_.truncate(0);
    }
    unquoted_ = true;
    listAppend(fields_, std::move(value));
    return {};
  }

 private:
  static bool isNewline(u32 c) { return c == '\n' || c == '\r'; }

  template <class U>
  Result<void> units(const U* s, i64 n) {
    for (i64 i = 0; i < n; i++) TRY(step(s[i]));
    return {};
  }

  Result<void> add(u32 c) {
    if (field_.length() >= gFieldLimit)
      return t_.raise(gError, "field larger than field limit ({})", gFieldLimit);
    field_.add(c);
    return {};
  }
  Result<void> endRecord(u32 c) {
    TRY(saveField());
    state_ = c == kEndOfLine ? ParseState::StartRecord : ParseState::EatNewline;
    return {};
  }
  bool isQuote(u32 c) const { return c == d_.quoteChar && d_.quoting != kQuoteNone; }

  Result<void> step(u32 c) {
    switch (state_) {
      case ParseState::StartRecord:
        if (c == kEndOfLine) return {};  // an empty line is an empty record
        if (isNewline(c)) {
          state_ = ParseState::EatNewline;
          return {};
        }
        state_ = ParseState::StartField;
        [[fallthrough]];
      case ParseState::StartField:
        if (isNewline(c) || c == kEndOfLine) return endRecord(c);
        if (isQuote(c)) {
          unquoted_ = false;
          state_ = ParseState::InQuoted;
        } else if (c == d_.escapeChar) {
          state_ = ParseState::Escaped;
        } else if (c == ' ' && d_.skipInitialSpace) {
        } else if (c == d_.delimiter) {
          return saveField();
        } else {
          state_ = ParseState::InField;
          return add(c);
        }
        return {};

      case ParseState::Escaped:
        state_ = isNewline(c) ? ParseState::AfterEscapedNewline : ParseState::InField;
        return add(c == kEndOfLine ? '\n' : c);
      case ParseState::AfterEscapedNewline:
        if (c == kEndOfLine) return {};
        [[fallthrough]];
      case ParseState::InField:
        if (isNewline(c) || c == kEndOfLine) return endRecord(c);
        if (c == d_.escapeChar) {
          state_ = ParseState::Escaped;
        } else if (c == d_.delimiter) {
          state_ = ParseState::StartField;
          return saveField();
        } else {
          return add(c);
        }
        return {};

      case ParseState::InQuoted:
        if (c == kEndOfLine) return {};
        if (c == d_.escapeChar)
          state_ = ParseState::EscapeInQuoted;
        else if (isQuote(c))
          state_ = d_.doubleQuote ? ParseState::QuoteInQuoted : ParseState::InField;
        else
          return add(c);
        return {};
      case ParseState::EscapeInQuoted:
        state_ = ParseState::InQuoted;
        return add(c == kEndOfLine ? '\n' : c);
      case ParseState::QuoteInQuoted:
        if (isQuote(c)) {  // doubled
          state_ = ParseState::InQuoted;
          return add(c);
        }
        if (c == d_.delimiter) {
          state_ = ParseState::StartField;
          return saveField();
        }
        if (isNewline(c) || c == kEndOfLine) return endRecord(c);
        if (d_.strict)
          return t_.raise(gError, "'{}' expected after '{}'", makeChar(d_.delimiter),
                          makeChar(d_.quoteChar));
        state_ = ParseState::InField;
        return add(c);

      case ParseState::EatNewline:
        if (isNewline(c)) return {};
        if (c != kEndOfLine)
          return t_.raise(gError,
                          "new-line character seen in unquoted field - do you need to open the "
                          "file with newline=''?");
        state_ = ParseState::StartRecord;
        return {};
    }
    __builtin_unreachable();
  }

  Thread& t_;
  const CsvDialect& d_;
  Ref<List> fields_;
  StrBuilder field_;
  ParseState state_ = ParseState::StartRecord;
  bool unquoted_ = true;
};

}  // namespace

Result<Ref<>> csvReader___iter__(Thread&, CsvReader& self) { return retain(&self); }
Result<Ref<>> csvReader___next__(Thread& t, CsvReader& self) {
  Ref<CsvDialect> dialect = retainObject(self.dialect);
  Ref<> input = retain(self.input);
  RecordParser parser(t, *dialect);
  u64 turn = ++self.calls;
  do {
    Ref<> line = iterNext(t, input).take();
    if (!line) {
      if (t.hasException() || !parser.hasOpenField()) return Ref<>();
      if (dialect->strict) return t.raise(gError, "unexpected end of data");
      TRY(parser.saveField());
      break;
    }
    if (self.calls != turn) return t.raise(gError, "iterator has already advanced the reader");
    if (!isStr(line))
      return t.raise(
          gError, "iterator should return strings, not {} (the file should be opened in text mode)",
          typeOf(line));
    self.lineNumber++;
    TRY(parser.line(line.as<Str>()));
  } while (!parser.complete());
  return parser.take();
}

// ---- writing ----

namespace {

class RecordWriter {
 public:
  RecordWriter(Thread& t, const CsvDialect& d) : t_(t), d_(d) {}

  Result<void> row(Value row) {
    Result<Ref<>> items = iter(t_, row);
    if (!items) {
      if (!t_.takeIf(kTypeError)) return Error{};
      return t_.raise(gError, "iterable expected, not {}", typeOf(row));
    }
    bool lastIsNone = false;
    for (;;) {
      Ref<> item = iterNext(t_, *items).take();
      if (!item) break;
      lastIsNone = isNone(item);
      bool quoted = quotes(item);
      if (isStr(item)) {
        TRY(field(item.as<Str>(), quoted));
      } else if (lastIsNone) {
        TRY(field(nullptr, quoted));
      } else {
        Ref<Str> text = TRY(str(t_, item));
        TRY(field(text, quoted));
      }
    }
    if (t_.hasException()) return Error{};
    if (count_ > 0 && out_.length() == 0) {  // an empty line would read as no field at all
      if (d_.quoting == kQuoteNone || (lastIsNone && leavesNoneBare()))
        return t_.raise(gError, "single empty field record must be quoted");
      count_--;
      TRY(field(nullptr, true));
    }
    out_.add(d_.lineTerminator.as<Str>());
    return {};
  }
  Ref<Str> finish() { return out_.finish(); }

 private:
  bool leavesNoneBare() const { return d_.quoting == kQuoteStrings || d_.quoting == kQuoteNotNull; }
  bool quotes(Value v) const {
    switch (d_.quoting) {
      case kQuoteNonNumeric: {
        const Slots& s = slotsOf(v);
        return !(s.index || s.toInt || s.toFloat || isInstanceOf(v, &PyComplex_Type));
      }
      case kQuoteAll:
        return true;
      case kQuoteStrings:
        return isStr(v);
      case kQuoteNotNull:
        return !isNone(v);
      default:
        return false;
    }
  }
  bool isSpecial(u32 c) const {
    return c == d_.delimiter || c == d_.escapeChar || c == d_.quoteChar || c == '\n' || c == '\r' ||
           inTerminator(d_, c);
  }

  // Null: None, or the only field.
  Result<void> field(Str* s, bool quoted) {
    bool none = !s;
    if (none) s = emptyStr();
    if (s->length == 0 && d_.delimiter == ' ' && d_.skipInitialSpace) {
      if (d_.quoting == kQuoteNone || (none && leavesNoneBare()))
        return t_.raise(gError,
                        "empty field must be quoted if delimiter is a space and "
                        "skipinitialspace is true");
      quoted = true;
    }
    if (count_++) out_.add(d_.delimiter);
    bool plain = true;
    for (i64 i = 0; i < s->length && plain; i++) plain = !isSpecial(s->at(i));
    if (!plain && !quoted && d_.quoting != kQuoteNone)
      for (i64 i = 0; i < s->length && !quoted; i++) {
        u32 c = s->at(i);
        // What gets an escape character in front needs no quotes.
        quoted = isSpecial(c) && c != d_.escapeChar && (c != d_.quoteChar || d_.doubleQuote);
      }
    if (quoted) out_.add(d_.quoteChar);
    if (plain) {
      out_.add(s);
    } else {
      for (i64 i = 0; i < s->length; i++) {
        u32 c = s->at(i);
        if (isSpecial(c)) TRY(prefix(c));
        out_.add(c);
      }
    }
    if (quoted) out_.add(d_.quoteChar);
    return {};
  }
  // What stands in front of a special character.
  Result<void> prefix(u32 c) {
    bool escape = d_.quoting == kQuoteNone || c == d_.escapeChar;
    if (!escape && c == d_.quoteChar) {
      if (d_.doubleQuote)
        out_.add(d_.quoteChar);
      else
        escape = true;
    }
    if (!escape) return {};
    if (d_.escapeChar == kCsvUnset)
      return t_.raise(gError, "need to escape, but no escapechar set");
    out_.add(d_.escapeChar);
    return {};
  }

  Thread& t_;
  const CsvDialect& d_;
  StrBuilder out_;
  i64 count_ = 0;
};

}  // namespace

Result<Ref<>> csvWriter_writerow(Thread& t, CsvWriter& self, Value row) {
  Ref<CsvDialect> dialect = retainObject(self.dialect);
  Ref<> write = retain(self.write);
  RecordWriter record(t, *dialect);
  TRY(record.row(row));
  Ref<Str> line = record.finish();
  return callWith(t, write, line);
}
Result<Ref<>> csvWriter_writerows(Thread& t, CsvWriter& self, Value rows) {
  TRY(forEach(t, rows, [&](Value row) -> Result<bool> {
    Ref<> hold = retain(row);
    (void)TRY(csvWriter_writerow(t, self, hold));
    return true;
  }));
  return noneRef();
}

// ---- functions ----

Result<Ref<>> _csv_list_dialects(Thread& t) { return listFrom(t, gDialects); }
Result<Ref<>> _csv_register_dialect(Thread& t, const Args& args) {
  TRY(countArguments(t, "register_dialect", args));
  if (!isStr(args[0])) return t.raise(kTypeError, "dialect name must be a string");
  Ref<CsvDialect> dialect = TRY(dialectOf(t, args));
  TRY(dictSet(t, gDialects, args[0], dialect));
  return noneRef();
}
Result<void> _csv_unregister_dialect(Thread& t, Value name) {
  if (!TRY(dictDelete(t, gDialects, name))) return t.raise(gError, "unknown dialect");
  return {};
}
Result<Ref<>> _csv_get_dialect(Thread& t, Value name) { return retain(TRY(findDialect(t, name))); }
Result<Ref<>> _csv_field_size_limit(Thread& t, Value limit) {
  i64 old = gFieldLimit;
  if (limit) {
    if (!isExactInt(limit)) return t.raise(kTypeError, "limit must be an integer");
    if (!intToI64(limit, &gFieldLimit))
      return t.raise(kOverflowError, "Python int too large to convert to C ssize_t");
  }
  return makeInt(old);
}

Result<Ref<>> _csv_reader(Thread& t, const Args& args) {
  TRY(countArguments(t, "reader", args));
  Ref<> input = TRY(iter(t, args[0]));
  Ref<CsvDialect> dialect = TRY(dialectOf(t, args));
  Ref<CsvReader> r = make<CsvReader>(&csvReaderType);
  r->input = input.release();
  r->dialect = dialect.release();
  gcTrack(r.get());
  return r;
}
Result<Ref<>> _csv_writer(Thread& t, const Args& args) {
  TRY(countArguments(t, "writer", args));
  bool missing;
  Ref<> write = getAttrOrMissing(t, args[0], DX_NAME("write"), &missing).take();
  if (!write && t.hasException()) return Error{};
  if (!write || !isCallable(write))
    return t.raise(kTypeError, "argument 1 must have a \"write\" method");
  Ref<CsvDialect> dialect = TRY(dialectOf(t, args));
  Ref<CsvWriter> w = make<CsvWriter>(&csvWriterType);
  w->write = write.release();
  w->dialect = dialect.release();
  gcTrack(w.get());
  return w;
}

Result<void> _csv_exec(Thread& t, Module& module) {
  if (!gError) {
    gError = TRY(newExceptionClass(t, "_csv", "Error", kException)).release();
    gDialects = newDict().release();
  }
  moduleSet(module, "Error", gError);
  moduleSet(module, "Reader", &csvReaderType);
  moduleSet(module, "Writer", &csvWriterType);
  moduleSet(module, "_dialects", gDialects);
  constexpr std::pair<const char*, i32> kConstants[] = {
      {"QUOTE_MINIMAL", kQuoteMinimal},       {"QUOTE_ALL", kQuoteAll},
      {"QUOTE_NONNUMERIC", kQuoteNonNumeric}, {"QUOTE_NONE", kQuoteNone},
      {"QUOTE_STRINGS", kQuoteStrings},       {"QUOTE_NOTNULL", kQuoteNotNull}};
  for (auto [name, value] : kConstants) moduleSet(module, name, makeInt(value));
  return {};
}

}  // namespace dx
