// Module _tokenize: the tokenizer behind tokenize.py. All lines are read before the first token.
#include "modules/_tokenize.gen.h"
#include "runtime/codecs.h"

namespace dx {

void TokenizerIter_dealloc(Object* o) {
  gcUntrack(o);
  auto* self = static_cast<TokenizerIter*>(o);
  delete self->stream;
  delete self->source;
  for (Value* v : {&self->readline, &self->encoding, &self->lastLine}) clearField(*v);
  freeObject(o);
}
void TokenizerIter_traverse(Object* o, Visitor& v) { v(static_cast<TokenizerIter*>(o)->readline); }
void TokenizerIter_clear(Object* o) { clearField(static_cast<TokenizerIter*>(o)->readline); }

Result<Ref<>> TokenizerIter___new__(Thread&, Type& cls, Value readline, Str* encoding, bool extra) {
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  auto* self = o.as<TokenizerIter>();
  self->readline = retain(readline).release();
  if (encoding) self->encoding = retain(Value(encoding)).release();
  self->extraTokens = extra;
  if (!gcIsTracked(self)) gcTrack(self);
  return o;
}
Result<Ref<>> TokenizerIter___iter__(Thread&, TokenizerIter& self) { return Ref<>::retain(&self); }

// One more line appended; false at the end.
static Result<bool> readLine(Thread& t, TokenizerIter& self, std::string* source) {
  Result<Ref<>> r = call(t, self.readline, Args());
  if (!r) {
    if (t.takeIf(kStopIteration)) return false;
    return Error{};
  }
  Ref<> line = std::move(r).take();
  if (self.encoding) {
    if (!isBytes(line)) return t.raise(kTypeError, "readline() returned a non-bytes object");
    std::string_view bytes = line.as<Bytes>()->view();
    if (bytes.empty()) return false;
    std::string encoding = toUtf8(self.encoding.as<Str>());
    Ref<Str> text = TRY(decode(t, bytes, encoding.c_str(), "replace"));
    *source += toUtf8(text);
    return true;
  }
  if (!isStr(line)) return t.raise(kTypeError, "readline() returned a non-string object");
  std::string_view text = TRY(utf8(t, line.as<Str>()));
  *source += text;
  return !text.empty();
}

static Error raiseTokenError(Thread& t, const frontend::SyntaxErrorInfo& e) {
  using frontend::ErrorKind;
  Type* type = e.kind == ErrorKind::Indentation ? kIndentationError
               : e.kind == ErrorKind::Tab       ? kTabError
                                                : kSyntaxError;
  if (e.kind == ErrorKind::Memory) return t.raise(kMemoryError, "{}", e.message);
  auto number = [](i32 n) { return n == INT32_MIN ? noneRef() : makeInt(n); };
  Ref<Str> message = makeStr(e.message), filename = makeAscii("<string>");
  std::string_view line = e.text;
  if (line.ends_with('\n')) line.remove_suffix(1);
  Ref<> text = e.hasText ? Ref<>(makeStr(line)) : noneRef();
  Ref<Tuple> details = tupleOf(filename, makeInt(e.line), makeInt(e.offset), text,
                               number(e.endLine), number(e.endOffset));
  Ref<> exception = TRY(callWith(t, Value(type), message, details));
  return t.raiseException(std::move(exception));
}

Result<Ref<>> TokenizerIter___next__(Thread& t, TokenizerIter& self) {
  if (!self.stream && !self.done) {
    std::string source;
    while (TRY(readLine(t, self, &source))) {
    }
    if (self.stream || self.done) return t.raise(kRuntimeError, "readline() used the tokenizer");
    if (source.find('\0') != std::string::npos)
      return t.raise(kSyntaxError, "source code cannot contain null bytes");
    self.source = new std::string(std::move(source));
    self.stream = new frontend::TokenStream(*self.source, self.extraTokens);
  }
  if (self.done) return Error{};
  if (!self.stream->next()) {
    self.done = true;
    if (self.stream->failed()) return raiseTokenError(t, self.stream->error());
    return Error{};
  }
  const frontend::TokenInfo& k = self.stream->token();
  Ref<Str> line = makeStr(k.lineText);
  if (self.lastLine && equalStr(self.lastLine.as<Str>(), line))
    line = retainObject(self.lastLine.as<Str>());
  else
    setField(self.lastLine, retain(Value(line.get())));
  Ref<Tuple> start = tupleOf(makeInt(k.line), makeInt(k.col)),
             end = tupleOf(makeInt(k.endLine), makeInt(k.endCol));
  return Ref<>(tupleOf(makeInt(k.type), makeStr(k.text), start, end, line));
}

}  // namespace dx
