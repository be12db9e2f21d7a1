// Module _sre: patterns and matches as objects, on the matcher of sre_engine.h.
#include <memory>
#include <optional>
#include <tuple>

#include "base/unicode.h"
#include "modules/_sre.gen.h"
#include "runtime/gil.h"

namespace dx {

// One subject being matched: its text (a str, or a buffer that stays exported), and the matcher.
struct SreState {
  Ref<> string;
  Buffer buffer;
  bool isBytes = false;
  SreSubject subject;
  i64 pos = 0, endpos = 0;
  std::optional<SreMatcher> matcher;
};

namespace {

bool pollSignals(void* context) {
  Thread& t = *static_cast<Thread*>(context);
  return !t.pending || bool(handlePending(t));
}

Result<void> openState(Thread& t, Pattern& p, Value string, i64 pos, i64 endpos, SreState* s) {
  s->string = retain(string);
  if (isStr(string)) {
    auto* text = string.as<Str>();
    s->subject = {text->data(), size_t(text->length), int(text->kind())};
  } else {
    if (!hasBuffer(string))
      return t.raise(kTypeError, "expected string or bytes-like object, got '{}'", typeOf(string));
    TRY(Buffer::get(t, string, &s->buffer));
    s->isBytes = true;
    s->subject = {s->buffer.data(), size_t(s->buffer.size()), 1};
  }
  if (!p.isAny) {
    if (s->isBytes && !p.isBytes)
      return t.raise(kTypeError, "cannot use a string pattern on a bytes-like object");
    if (!s->isBytes && p.isBytes)
      return t.raise(kTypeError, "cannot use a bytes pattern on a string-like object");
  }
  i64 n = i64(s->subject.length);
  s->pos = pos < 0 ? 0 : pos > n ? n : pos;
  s->endpos = endpos < 0 ? 0 : endpos > n ? n : endpos;
  s->matcher.emplace(*p.program, s->subject, size_t(s->pos), size_t(s->endpos));
  s->matcher->setPoll(pollSignals, &t);
  return {};
}

Result<bool> finish(Thread& t, SreStatus status) {
  switch (status) {
    case SreStatus::kMatch:
      return true;
    case SreStatus::kNoMatch:
      return false;
    case SreStatus::kNoMemory:
      return t.raiseMemory();
    default:
      return Error{};  // the signal handler's exception
  }
}

// The piece [from, to) of a subject, of the subject's own kind.
Result<Ref<>> piece(Thread& t, Value string, i64 from, i64 to) {
  if (isStr(string)) {
    auto* s = string.as<Str>();
    i64 n = s->length;
    from = std::min(from, n);
    to = std::min(to, n);
    return Ref<>(substring(s, from, to));
  }
  if (string.object()->type == &PyBytes_Type) {
    auto* b = string.as<Bytes>();
    if (from == 0 && to == b->size) return retain(string);
    return Ref<>(makeBytes(b->view().substr(size_t(from), size_t(to - from))));
  }
  Buffer buffer;
  TRY(Buffer::get(t, string, &buffer));
  from = std::min(from, buffer.size());
  to = std::min(to, buffer.size());
  return Ref<>(makeBytes(buffer.bytes().substr(size_t(from), size_t(to - from))));
}

Ref<> newMatch(Pattern& p, const SreState& s) {
  Ref<Match> m = make<Match>(&sreMatchType);
  m->string = retain(s.string).release();
  m->pattern = retainObject(&p).release();
  m->pos = s.pos;
  m->endpos = s.endpos;
  m->groups = p.groups + 1;
  m->marks = static_cast<i64*>(allocate(size_t(m->groups) * 2 * sizeof(i64)));
  m->marks[0] = i64(s.matcher->matchStart());
  m->marks[1] = i64(s.matcher->matchEnd());
  for (i32 g = 1; g <= p.groups; g++) {
    auto [from, to] = s.matcher->group(u32(g));
    m->marks[2 * g] = from;
    m->marks[2 * g + 1] = to;
  }
  m->lastIndex = s.matcher->lastIndex() ? i64(s.matcher->lastIndex()) : -1;
  gcTrack(m);
  return Ref<>(std::move(m));
}

enum class How { Match, FullMatch, Search };
SreStatus run(SreMatcher& m, How how) {
  return how == How::Match ? m.match() : how == How::FullMatch ? m.fullMatch() : m.search();
}
Result<Ref<>> once(Thread& t, Pattern& p, Value string, i64 pos, i64 endpos, How how) {
  SreState s;
  TRY(openState(t, p, string, pos, endpos, &s));
  if (!TRY(finish(t, run(*s.matcher, how)))) return noneRef();
  return newMatch(p, s);
}

// Group g of the current match of a state, as findall and split give it.
Result<Ref<>> groupPiece(Thread& t, const SreState& s, i32 g, bool emptyForMissing) {
  i64 from, to;
  if (g == 0) {
    from = i64(s.matcher->matchStart());
    to = i64(s.matcher->matchEnd());
  } else {
    std::tie(from, to) = s.matcher->group(u32(g));
  }
  if (from < 0) {
    if (!emptyForMissing) return noneRef();
    from = to = 0;
  }
  return piece(t, s.string, from, to);
}

// Goes on behind the last match.
void advance(SreState& s) {
  size_t end = s.matcher->matchEnd();
  s.matcher->setPosition(end, s.matcher->matchStart() == end);
}

}  // namespace

// ---- pattern ----

void Pattern_dealloc(Object* o) {
  auto* p = static_cast<Pattern*>(o);
  gcUntrack(o);
  for (Value* f : {&p->pattern, &p->groupindex, &p->indexgroup, &p->code}) clearField(*f);
  delete p->program;
  freeObject(o);
}
void Pattern_traverse(Object* o, Visitor& v) {
  auto* p = static_cast<Pattern*>(o);
  for (Value f : {p->pattern, p->groupindex, p->indexgroup, p->code}) v(f);
}

Result<Ref<>> Pattern_get_groupindex(Thread& t, Pattern& self) {
  return callWith(t, Value(&PyDictProxy_Type), self.groupindex);
}
Result<Ref<>> Pattern_match(Thread& t, Pattern& self, Value s, i64 pos, i64 endpos) {
  return once(t, self, s, pos, endpos, How::Match);
}
Result<Ref<>> Pattern_fullmatch(Thread& t, Pattern& self, Value s, i64 pos, i64 endpos) {
  return once(t, self, s, pos, endpos, How::FullMatch);
}
Result<Ref<>> Pattern_search(Thread& t, Pattern& self, Value s, i64 pos, i64 endpos) {
  return once(t, self, s, pos, endpos, How::Search);
}

Result<Ref<>> Pattern_findall(Thread& t, Pattern& self, Value string, i64 pos, i64 endpos) {
  SreState s;
  TRY(openState(t, self, string, pos, endpos, &s));
  Ref<List> out = newList();
  while (TRY(finish(t, s.matcher->search()))) {
    if (self.groups <= 1) {
      listAppend(out, TRY(groupPiece(t, s, self.groups, true)));
    } else {
      Ref<Tuple> item = newTuple(self.groups);
      for (i32 g = 1; g <= self.groups; g++)
        item->items[g - 1] = TRY(groupPiece(t, s, g, true)).release();
      listAppend(out, Ref<>(std::move(item)));
    }
    advance(s);
  }
  return Ref<>(std::move(out));
}

static Result<Ref<>> newScanner(Thread& t, Type* type, Pattern& p, Value string, i64 pos,
                                i64 endpos) {
  Ref<SreScanner> sc = make<SreScanner>(type);
  sc->pattern = retainObject(&p).release();
  sc->string = retain(string).release();
  sc->state = new SreState;
  gcTrack(sc);
  TRY(openState(t, p, string, pos, endpos, sc->state));
  return Ref<>(std::move(sc));
}
Result<Ref<>> Pattern_finditer(Thread& t, Pattern& self, Value s, i64 pos, i64 endpos) {
  return newScanner(t, &sreFindIterType, self, s, pos, endpos);
}
Result<Ref<>> Pattern_scanner(Thread& t, Pattern& self, Value s, i64 pos, i64 endpos) {
  return newScanner(t, &sreScannerType, self, s, pos, endpos);
}

Result<Ref<>> Pattern_split(Thread& t, Pattern& self, Value string, i64 maxsplit) {
  SreState s;
  TRY(openState(t, self, string, 0, INT64_MAX, &s));
  Ref<List> out = newList();
  i64 last = 0;
  for (i64 n = 0; maxsplit == 0 || n < maxsplit; n++) {
    if (!TRY(finish(t, s.matcher->search()))) break;
    listAppend(out, TRY(piece(t, string, last, i64(s.matcher->matchStart()))));
    for (i32 g = 1; g <= self.groups; g++) listAppend(out, TRY(groupPiece(t, s, g, false)));
    last = i64(s.matcher->matchEnd());
    advance(s);
  }
  listAppend(out, TRY(piece(t, string, last, s.endpos)));
  return Ref<>(std::move(out));
}

// ---- sub ----

// Literal text and group numbers of a compiled replacement, put together for one match.
static Result<Ref<>> expandTemplate(Thread& t, SreTemplate& tmpl, Match& m) {
  Tuple* items = tmpl.items.as<Tuple>();
  Ref<List> parts = newList();
  auto empty = [](Value v) {
    return isStr(v) ? v.as<Str>()->length == 0 : v.as<Bytes>()->size == 0;
  };
  for (i64 i = 0; i < items->size; i++) {
    Value item = items->items[i];
    if (i % 2 == 0) {
      if (!empty(item)) listAppend(parts, item);
      continue;
    }
    i64 g = item.smallInt();
    if (g < 0 || g >= m.groups) return t.raise(kIndexError, "no such group");
    if (m.marks[2 * g] < 0) continue;
    listAppend(parts, TRY(piece(t, m.string, m.marks[2 * g], m.marks[2 * g + 1])));
  }
  Value literal = items->items[0];
  if (parts->size == 0) return retain(literal);
  if (parts->size == 1) return retain(parts->items[0]);
  Ref<> separator = isStr(literal) ? Ref<>::retain(emptyStr()) : Ref<>(makeBytes(""));
  return callMethodWith(t, separator, DX_NAME("join"), Value(parts.get()));
}

static Result<Ref<>> compileTemplate(Thread& t, Value pattern, Value repl) {
  Ref<> compile = TRY(importAttr(t, "re", "_compile_template"));
  return callWith(t, compile.get(), pattern, repl);
}

static Result<Ref<>> substitute(Thread& t, Pattern& self, Value repl, Value string, i64 count,
                                bool withCount) {
  bool filterIsCallable = isCallable(repl);
  Ref<> filter = retain(repl);
  bool literal = false;
  if (!filterIsCallable) {
    if (isStr(repl)) {
      literal = findChar(repl.as<Str>(), '\\', 0, repl.as<Str>()->length) < 0;
    } else {
      Buffer b;
      if (Buffer::get(t, repl, &b))
        literal = b.bytes().find('\\') == std::string_view::npos;
      else
        t.clearException();
    }
    if (!literal) {
      filter = TRY(compileTemplate(t, Value(&self), repl));
      if (typeOf(filter) != &sreTemplateType)
        literal = true;
      else if (filter.as<SreTemplate>()->items.as<Tuple>()->size == 1) {
        filter = retain(filter.as<SreTemplate>()->items.as<Tuple>()->items[0]);
        literal = true;
      }
    }
  }
  SreState s;
  TRY(openState(t, self, string, 0, INT64_MAX, &s));
  Ref<List> parts = newList();
  i64 last = 0, n = 0;
  while (count == 0 || n < count) {
    if (!TRY(finish(t, s.matcher->search()))) break;
    i64 from = i64(s.matcher->matchStart()), to = i64(s.matcher->matchEnd());
    if (last < from) listAppend(parts, TRY(piece(t, string, last, from)));
    Ref<> item;
    if (literal) {
      item = retain(filter);
    } else {
      Ref<> m = newMatch(self, s);
      item = filterIsCallable ? TRY(callWith(t, filter.get(), m.get()))
                              : TRY(expandTemplate(t, *filter.as<SreTemplate>(), *m.as<Match>()));
    }
    if (!isNone(item)) listAppend(parts, std::move(item));
    last = to;
    n++;
    advance(s);
  }
  if (last < s.endpos) listAppend(parts, TRY(piece(t, string, last, s.endpos)));
  Ref<> result;
  if (n == 0 && (isExactStr(string) || (isBytes(string) && typeOf(string) == &PyBytes_Type))) {
    result = retain(string);
  } else {
    Ref<> separator = isStr(string) ? Ref<>::retain(emptyStr()) : Ref<>(makeBytes(""));
    result = TRY(callMethodWith(t, separator, DX_NAME("join"), Value(parts.get())));
  }
  if (!withCount) return result;
  return Ref<>(tupleOf(result.get(), makeInt(n).get()));
}
Result<Ref<>> Pattern_sub(Thread& t, Pattern& self, Value repl, Value string, i64 count) {
  return substitute(t, self, repl, string, count, false);
}
Result<Ref<>> Pattern_subn(Thread& t, Pattern& self, Value repl, Value string, i64 count) {
  return substitute(t, self, repl, string, count, true);
}

Result<Ref<>> Pattern___copy__(Thread&, Pattern& self) { return Ref<>::retain(&self); }
Result<Ref<>> Pattern___deepcopy__(Thread&, Pattern& self, Value) { return Ref<>::retain(&self); }
Result<i64> Pattern___hash__(Thread& t, Pattern& self) {
  i64 h = TRY(hash(t, self.pattern));
  return h ^ TRY(hash(t, self.code)) ^ self.flags ^ i64(self.isBytes) ^ self.groups;
}
Result<Ref<>> Pattern___richcompare__(Thread& t, Pattern& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &srePatternType)
    return notImplementedRef();
  auto* b = other.as<Pattern>();
  bool same = &self == b ||
              (self.flags == b->flags && self.isBytes == b->isBytes && self.groups == b->groups &&
               TRY(equal(t, self.code, b->code)) && TRY(equal(t, self.pattern, b->pattern)));
  return boolRef(same == (op == CompareOp::Eq));
}
Result<Ref<>> Pattern___repr__(Thread& t, Pattern& self) {
  struct Flag {
    const char* name;
    i32 value;
  };
  static constexpr Flag kFlags[] = {{"re.IGNORECASE", 2}, {"re.LOCALE", 4},   {"re.MULTILINE", 8},
                                    {"re.DOTALL", 16},    {"re.VERBOSE", 64}, {"re.DEBUG", 128},
                                    {"re.ASCII", 256}};
  i32 flags = self.flags;
  if (!self.isBytes && !self.isAny && (flags & (4 | 256 | 32)) == 32) flags &= ~32;
  Ref<Str> source = TRY(repr(t, self.pattern));
  StrBuilder b;
  b.add("re.compile(");
  b.add(source, 0, std::min<i64>(source->length, 200));
  std::string names;
  for (const Flag& f : kFlags)
    if (flags & f.value) {
      names += (names.empty() ? "" : "|") + std::string(f.name);
      flags &= ~f.value;
    }
  if (flags) {
    char rest[16];
    snprintf(rest, sizeof rest, "0x%x", unsigned(flags));
    names += (names.empty() ? "" : "|") + std::string(rest);
  }
  if (!names.empty()) b.add(", " + names);
  b.add(")");
  return Ref<>(b.finish());
}

// ---- match ----

void Match_dealloc(Object* o) {
  gcUntrack(o);
  auto* m = static_cast<Match*>(o);
  clearField(m->string);
  clearField(m->regs);
  clearOwned(m->pattern);
  release(m->marks);
  freeObject(o);
}
void Match_traverse(Object* o, Visitor& v) {
  auto* m = static_cast<Match*>(o);
  v(m->string);
  v(m->regs);
  v(m->pattern);
}
void Match_clear(Object* o) {
  auto* m = static_cast<Match*>(o);
  clearField(m->regs);
}

static Result<i64> groupNumber(Thread& t, Match& self, Value group) {
  i64 n = -1;
  if (group.isSmallInt() || hasIndex(group)) {
    Ref<> i = TRY(toIndex(t, group));
    if (!intToI64(i, &n)) n = -1;
  } else if (self.pattern->groupindex) {
    Result<Value> found = dictGet(t, self.pattern->groupindex.as<Dict>(), group);
    if (!found)
      t.clearException();
    else if (*found && isInt(*found))
      intToI64(*found, &n);
  }
  if (n < 0 || n >= self.groups) return t.raise(kIndexError, "no such group");
  return n;
}
static Result<Ref<>> groupValue(Thread& t, Match& self, i64 g, Value missing) {
  if (self.marks[2 * g] < 0) return retain(missing);
  return piece(t, self.string, self.marks[2 * g], self.marks[2 * g + 1]);
}

Result<Ref<>> Match_group(Thread& t, Match& self, const Args& args) {
  if (args.names) return t.raise(kTypeError, "Match.group() takes no keyword arguments");
  if (args.count == 0) return groupValue(t, self, 0, none());
  if (args.count == 1) return groupValue(t, self, TRY(groupNumber(t, self, args[0])), none());
  Ref<Tuple> out = newTuple(args.count);
  for (u32 i = 0; i < args.count; i++)
    out->items[i] = TRY(groupValue(t, self, TRY(groupNumber(t, self, args[i])), none())).release();
  return Ref<>(std::move(out));
}
Result<Ref<>> Match___getitem__(Thread& t, Match& self, Value key) {
  return groupValue(t, self, TRY(groupNumber(t, self, key)), none());
}
Result<Ref<>> Match_groups(Thread& t, Match& self, Value missing) {
  if (self.groups == 1) return Ref<>::retain(emptyTuple());
  Ref<Tuple> out = newTuple(self.groups - 1);
  for (i64 g = 1; g < self.groups; g++)
    out->items[g - 1] = TRY(groupValue(t, self, g, missing)).release();
  return Ref<>(std::move(out));
}
Result<Ref<>> Match_groupdict(Thread& t, Match& self, Value missing) {
  Ref<Dict> out = newDict();
  i64 at = 0;
  Value name, number;
  Ref<> held = retain(self.pattern->groupindex);
  while (held && dictNext(held.as<Dict>(), &at, &name, &number)) {
    Ref<> v = TRY(groupValue(t, self, TRY(groupNumber(t, self, number)), missing));
    TRY(dictSet(t, out, name, v));
  }
  return Ref<>(std::move(out));
}
Result<Ref<>> Match_start(Thread& t, Match& self, Value group) {
  return makeInt(self.marks[2 * TRY(groupNumber(t, self, group ? group : Value::smallInt(0)))]);
}
Result<Ref<>> Match_end(Thread& t, Match& self, Value group) {
  return makeInt(self.marks[2 * TRY(groupNumber(t, self, group ? group : Value::smallInt(0))) + 1]);
}
static Ref<> spanOf(Match& self, i64 g) {
  return Ref<>(tupleOf(makeInt(self.marks[2 * g]).get(), makeInt(self.marks[2 * g + 1]).get()));
}
Result<Ref<>> Match_span(Thread& t, Match& self, Value group) {
  return spanOf(self, TRY(groupNumber(t, self, group ? group : Value::smallInt(0))));
}
Result<Ref<>> Match_get_regs(Thread&, Match& self) {
  if (!self.regs) {
    Ref<Tuple> regs = newTuple(self.groups);
    for (i64 g = 0; g < self.groups; g++) regs->items[g] = spanOf(self, g).release();
    self.regs = Value(regs.release());
  }
  return retain(self.regs);
}
Result<Ref<>> Match_get_lastindex(Thread&, Match& self) {
  return self.lastIndex < 0 ? noneRef() : makeInt(self.lastIndex);
}
Result<Ref<>> Match_get_lastgroup(Thread&, Match& self) {
  Value names = self.pattern->indexgroup;
  if (self.lastIndex < 0 || !names || self.lastIndex >= names.as<Tuple>()->size) return noneRef();
  return retain(names.as<Tuple>()->items[self.lastIndex]);
}
Result<Ref<>> Match_expand(Thread& t, Match& self, Value tmpl) {
  Ref<> held = Ref<>::retain(&self);
  Ref<> compiled = TRY(compileTemplate(t, Value(self.pattern), tmpl));
  if (typeOf(compiled) != &sreTemplateType) return compiled;
  return expandTemplate(t, *compiled.as<SreTemplate>(), self);
}
Result<Ref<>> Match___copy__(Thread&, Match& self) { return Ref<>::retain(&self); }
Result<Ref<>> Match___deepcopy__(Thread&, Match& self, Value) { return Ref<>::retain(&self); }
Result<Ref<>> Match___repr__(Thread& t, Match& self) {
  Ref<> whole = TRY(groupValue(t, self, 0, none()));
  return Ref<>(formatStr("<{} object; span=({}, {}), match={!r}>", self.type, self.marks[0],
                         self.marks[1], whole));
}

// ---- scanners ----

static void scannerDealloc(Object* o) {
  gcUntrack(o);
  auto* s = static_cast<SreScanner*>(o);
  delete s->state;
  clearField(s->string);
  clearOwned(s->pattern);
  freeObject(o);
}
void SRE_Scanner_dealloc(Object* o) { scannerDealloc(o); }
void FindIter_dealloc(Object* o) { scannerDealloc(o); }
static void scannerTraverse(Object* o, Visitor& v) {
  auto* s = static_cast<SreScanner*>(o);
  v(s->string);
  v(s->pattern);
  if (s->state) v(s->state->string.get());
}
void SRE_Scanner_traverse(Object* o, Visitor& v) { scannerTraverse(o, v); }
void FindIter_traverse(Object* o, Visitor& v) { scannerTraverse(o, v); }
void SRE_Scanner_clear(Object*) {}
void FindIter_clear(Object*) {}

// The next match, or empty without an exception.
static Result<Ref<>> scan(Thread& t, SreScanner& self, How how) {
  if (self.executing) return t.raise(kValueError, "regular expression scanner already executing");
  if (!self.state->matcher) return Ref<>();
  self.executing = true;
  Ref<> held = Ref<>::retain(&self);
  Result<bool> found = finish(t, run(*self.state->matcher, how));
  self.executing = false;
  if (!TRY(found)) {
    self.state->matcher.reset();
    return Ref<>();
  }
  Ref<> m = newMatch(*self.pattern, *self.state);
  advance(*self.state);
  return m;
}
static Result<Ref<>> scanOrNone(Thread& t, SreScanner& self, How how) {
  Result<Ref<>> r = scan(t, self, how);
  if (!r && !t.hasException()) return noneRef();
  return r;
}
Result<Ref<>> SRE_Scanner_match(Thread& t, SreScanner& self) {
  return scanOrNone(t, self, How::Match);
}
Result<Ref<>> SRE_Scanner_search(Thread& t, SreScanner& self) {
  return scanOrNone(t, self, How::Search);
}
Result<Ref<>> FindIter___iter__(Thread&, SreScanner& self) { return Ref<>::retain(&self); }
Result<Ref<>> FindIter___next__(Thread& t, SreScanner& self) { return scan(t, self, How::Search); }

// ---- functions ----

Result<Ref<>> _sre_compile(Thread& t, Value pattern, i32 flags, List& code, i64 groups,
                           Dict& groupindex, Tuple& indexgroup) {
  std::vector<u32> words;
  for (i64 i = 0; i < code.size; i++) {
    i64 w = TRY(argI64(t, code.items[i]));
    if (w < 0 || w > i64(UINT32_MAX))
      return t.raise(kOverflowError, "regular expression code size limit exceeded");
    words.push_back(u32(w));
  }
  auto program = std::make_unique<SreProgram>();
  if (groups < 0 || groups > 1073741823 || !SreProgram::make(words, u32(groups), program.get()))
    return t.raise(kRuntimeError, "invalid SRE code");
  Ref<Pattern> p = make<Pattern>(&srePatternType);
  p->pattern = retain(pattern).release();
  p->groupindex = retain(Value(&groupindex)).release();
  p->indexgroup = retain(Value(&indexgroup)).release();
  p->code = Value(makeTuple(valuesOf(&code)).release());
  p->flags = flags;
  p->groups = i32(groups);
  p->isAny = isNone(pattern);
  p->isBytes = !p->isAny && !isStr(pattern);
  p->program = program.release();
  gcTrack(p);
  return Ref<>(std::move(p));
}

Result<Ref<>> _sre_template(Thread& t, Value pattern, List& list) {
  if (typeOf(pattern) != &srePatternType) return t.raise(kTypeError, "expected a pattern");
  if (list.size % 2 == 0) return t.raise(kTypeError, "invalid template");
  for (i64 i = 1; i < list.size; i += 2)
    if (!list.items[i].isSmallInt() || list.items[i].smallInt() < 0)
      return t.raise(kTypeError, "invalid template");
  Ref<SreTemplate> out = make<SreTemplate>(&sreTemplateType);
  out->items = Value(makeTuple(valuesOf(&list)).release());
  gcTrack(out);
  return Ref<>(std::move(out));
}

Result<i64> _sre_getcodesize(Thread&) { return i64(4); }
Result<bool> _sre_ascii_iscased(Thread&, i32 c) { return sreAsciiIsCased(u32(c)); }
Result<bool> _sre_unicode_iscased(Thread&, i32 c) { return sreUnicodeIsCased(u32(c)); }
Result<i64> _sre_ascii_tolower(Thread&, i32 c) { return i64(sreAsciiLower(u32(c))); }
Result<i64> _sre_unicode_tolower(Thread&, i32 c) { return i64(unicodeToLower(u32(c))); }

Result<void> _sre_exec(Thread&, Module& module) {
  moduleSet(module, "MAGIC", makeInt(i64(kSreMagic)));
  moduleSet(module, "CODESIZE", makeInt(4));
  moduleSet(module, "MAXREPEAT", makeInt(i64(kSreMaxRepeat)));
  moduleSet(module, "MAXGROUPS", makeInt(i64(1073741823)));
  moduleSet(module, "copyright",
            makeAscii(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB "));
  return {};
}

}  // namespace dx
