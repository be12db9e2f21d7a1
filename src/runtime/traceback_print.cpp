// Tracebacks as text. An exception is shown by the standard library's own `traceback`, as CPython
// does it; when that cannot be imported or fails, by what stands here, which runs no Python but
// str().
#include "runtime/traceback_print.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "runtime/api.h"
#include "runtime/code.h"
#include "runtime/frame.h"

namespace dx {
namespace {

// How often a line is shown before "[Previous line repeated ...]".
constexpr int kShownRepeats = 3;
constexpr int kMostNested = 10;  // groups in groups

std::string sourceLine(const std::string& file, int line) {
  if (line < 1 || file.empty() || file[0] == '<') return {};
  std::ifstream in(file);
  std::string text;
  for (int i = 0; i < line; i++)
    if (!std::getline(in, text)) return {};
  return text;
}

// Columns of a UTF-8 line count code points.
int columnOf(const std::string& line, int byteOffset) {
  int column = 0;
  for (int i = 0; i < byteOffset && i < int(line.size()); i++)
    column += (line[size_t(i)] & 0xC0) != 0x80;
  return column;
}

class Writer {
 public:
  explicit Writer(Thread& t) : t_(t) {}

  // `e` and before it what it came from, the oldest first. sys.excepthook() may be called with
  // anything at all.
  void exception(Value e) {
    if (!isExceptionInstance(e)) {
      text_ += "TypeError: print_exception(): Exception expected for value, " +
               std::string(typeName(typeOf(e))) + " found\n";
      return;
    }
    std::vector<Link> chain;
    for (Ref<> at = retain(e); at && isNew(at);) {
      Link link{std::move(at), nullptr};
      BaseException* x = link.exception.as<BaseException>();
      if (x->cause && !isNone(x->cause)) {
        at = retain(x->cause);
        link.joint = "The above exception was the direct cause of the following exception:";
      } else if (x->context && !isNone(x->context) && !x->suppressContext) {
        at = retain(x->context);
        link.joint = "During handling of the above exception, another exception occurred:";
      } else {
        at = Ref<>();
      }
      chain.push_back(std::move(link));
    }
    for (size_t i = chain.size(); i-- > 0;) {
      if (i + 1 < chain.size()) text_ += std::string("\n") + chain[i].joint + "\n\n";
      one(chain[i].exception);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  struct Link {
    Ref<> exception;
    const char* joint;  // says how it follows from the one before
  };

  bool isNew(Value e) {
    if (std::find(seen_.begin(), seen_.end(), e.bits()) != seen_.end()) return false;
    seen_.push_back(e.bits());
    return true;
  }

  void one(Value e) {
    traceback(e.as<BaseException>()->traceback);
    if (isInstanceOf(e, kSyntaxError)) syntaxLocation(e.as<SyntaxErrorObject>());
    lastLine(e);
    notes(e);
    if (isInstanceOf(e, kBaseExceptionGroup)) members(e);
  }

  void traceback(Value first) {
    if (!first || isNone(first)) return;
    text_ += "Traceback (most recent call last):\n";
    std::string last;
    int count = 0;
    for (Value v = first; v && !isNone(v); v = v.as<Traceback>()->next) {
      Traceback* tb = v.as<Traceback>();
      Code* code = tb->frame->code;
      std::string file = toUtf8(code->filename);
      std::string head = "  File \"" + file + "\", line " + std::to_string(tracebackLine(tb)) +
                         ", in " + toUtf8(code->name) + "\n";
      if (head != last) {
        repeated(count);
        last = head;
        count = 0;
      }
      if (++count > kShownRepeats) continue;
      text_ += head;
      source(file, code, tb);
    }
    repeated(count);
  }

  void repeated(int count) {
    if (count <= kShownRepeats) return;
    int more = count - kShownRepeats;
    text_ += "  [Previous line repeated " + std::to_string(more) +
             (more == 1 ? " more time]\n" : " more times]\n");
  }

  void source(const std::string& file, Code* code, Traceback* tb) {
    std::string line = sourceLine(file, tracebackLine(tb));
    size_t start = line.find_first_not_of(" \t\f");
    if (start == std::string::npos) return;
    size_t end = line.find_last_not_of(" \t\f\r\n") + 1;
    text_ += "    " + line.substr(start, end - start) + "\n";
    if (tb->lasti < 0) return;
    auto* pc = reinterpret_cast<const u8*>(code->data->insns) + tb->lasti;
    SourcePosition p = positionAt(code, reinterpret_cast<const bytecode::Insn*>(pc));
    if (p.line != tracebackLine(tb) || p.endLine != p.line || p.col < 0) return;
    int from = std::max(p.col, int(start)), to = std::min(p.endCol, int(end));
    if (from >= to || (from == int(start) && to == int(end))) return;
    int indent = columnOf(line, int(start));
    text_ += std::string(size_t(4 + columnOf(line, from) - indent), ' ') +
             std::string(size_t(columnOf(line, to) - columnOf(line, from)), '^') + "\n";
  }

  void syntaxLocation(SyntaxErrorObject* e) {
    i64 line = 0, offset = 0, endOffset = 0;
    if (!e->lineno || !isInt(e->lineno) || !intToI64(e->lineno, &line)) return;
    Ref<> name = retain(e->filename);
    std::string file = name && isStr(name.get()) ? toUtf8(name.as<Str>()) : "<string>";
    text_ += "  File \"" + file + "\", line " + std::to_string(line) + "\n";
    if (!e->text || !isStr(e->text)) return;
    std::string source = toUtf8(e->text.as<Str>());
    size_t start = source.find_first_not_of(" \t\f\n");
    if (start == std::string::npos) return;
    size_t end = source.find_last_not_of(" \t\f\r\n") + 1;
    text_ += "    " + source.substr(start, end - start) + "\n";
    if (!e->offset || !isInt(e->offset) || !intToI64(e->offset, &offset) || offset < 1) return;
    if (!e->endOffset || !isInt(e->endOffset) || !intToI64(e->endOffset, &endOffset) ||
        endOffset <= offset)
      endOffset = offset + 1;
    i64 column = std::max<i64>(0, offset - 1 - columnOf(source, int(start)));
    i64 width = std::min(endOffset - offset, std::max<i64>(1, i64(end - start) - column));
    text_ += std::string(size_t(4 + column), ' ') + std::string(size_t(width), '^') + "\n";
  }

  void lastLine(Value e) {
    Type* type = typeOf(e);
    Ref<> module = attribute(Value(type), "__module__");
    if (module && isStr(module.get())) {
      std::string m = toUtf8(module.as<Str>());
      if (m != "builtins" && m != "__main__") text_ += m + ".";
    }
    Ref<> name = attribute(Value(type), "__qualname__");
    text_ += name && isStr(name.get()) ? toUtf8(name.as<Str>()) : std::string(typeName(type));
    Ref<> message;
    if (isInstanceOf(e, kSyntaxError) && e.as<SyntaxErrorObject>()->message) {
      message = retain(e.as<SyntaxErrorObject>()->message);
      if (!isStr(message.get())) message = stringOf(message);
    } else {
      message = stringOf(e);
    }
    if (!message)
      text_ += ": <exception str() failed>";
    else if (message.as<Str>()->length)
      text_ += ": " + toUtf8(message.as<Str>());
    text_ += "\n";
  }

  void notes(Value e) {
    Ref<> notes = attribute(e, "__notes__");
    if (!notes || !isInstanceOf(notes, &PyList_Type)) return;
    for (i64 i = 0; i < notes.as<List>()->size; i++) {
      Ref<> note = retain(notes.as<List>()->items[i]);
      Ref<> s = stringOf(note);
      text_ += (s ? toUtf8(s.as<Str>()) : "<note str() failed>") + "\n";
    }
  }

  // The exceptions of a group, each in its numbered box.
  void members(Value e) {
    Value list = e.as<ExceptionGroup>()->exceptions;
    if (!list || !isInstanceOf(list, &PyTuple_Type)) return;
    Tuple* exceptions = list.as<Tuple>();
    for (i64 i = 0; i < exceptions->size; i++) {
      text_ += (i ? "    +---------------- " : "  +-+---------------- ") + std::to_string(i + 1) +
               " ----------------\n";
      if (depth_ == kMostNested) {
        text_ += "    | ... (max_group_depth is " + std::to_string(kMostNested) + ")\n";
        break;
      }
      Writer inner(t_);
      inner.seen_ = seen_;
      inner.depth_ = depth_ + 1;
      inner.exception(exceptions->items[i]);
      std::string block = inner.take();
      for (size_t at = 0; at < block.size();) {
        size_t next = std::min(block.find('\n', at), block.size() - 1) + 1;
        text_ += "    | " + block.substr(at, next - at);
        at = next;
      }
    }
    text_ += "    +------------------------------------\n";
  }

  Ref<> attribute(Value o, const char* name) {
    Ref<> value;
    Result<bool> found = lookupAttr(t_, o, name, &value);
    if (!found) t_.clearException();
    return value;
  }

  Ref<> stringOf(Value v) {
    Result<Ref<Str>> s = str(t_, v);
    if (s) return std::move(s).take();
    t_.clearException();
    return {};
  }

  Thread& t_;
  std::string text_;
  std::vector<u64> seen_;
  int depth_ = 0;  // of groups around this text
};

void writeDescriptor(std::string_view text) {
  while (!text.empty()) {
    ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(size_t(n));
  }
}

bool writeTo(Thread& t, Value file, std::string_view text) {
  if (!file || isNone(file)) return false;
  Ref<> held = retain(file);
  Ref<Str> s = makeStr(text);
  Result<Ref<>> r = callMethodWith(t, held, DX_NAME("write"), s.get());
  if (!r) t.clearException();
  return bool(r);
}

// What traceback.format_exception() makes of `e`, if that module is there and works. The limit is
// the one that stands for sys.tracebacklimit as the interpreter understands it: the newest frames.
Result<std::string> formatByLibrary(Thread& t, Value e) {
  Ref<> format = TRY(importAttr(t, "traceback", "format_exception"));
  Ref<> lines;
  if (isExceptionInstance(e)) {
    Ref<> limit = TRY(importAttr(t, "traceback", "BUILTIN_EXCEPTION_LIMIT"));
    Value traceback = e.as<BaseException>()->traceback;
    Ref<> held = retain(traceback ? traceback : none());
    lines = TRY(callWith(t, format, e, e, held.get(), limit.get()));
  } else {
    lines = TRY(callWith(t, format, e));
  }
  std::string text;
  TRY(forEach(t, lines, [&](Value line) -> Result<bool> {
    if (isStr(line)) text += toUtf8(line.as<Str>());
    return true;
  }));
  return text;
}

}  // namespace

std::string formatException(Thread& t, Value exception) {
  Ref<> held = retain(exception);
  Result<std::string> text = formatByLibrary(t, held);
  if (text) return *text;
  t.clearException();
  Writer w(t);
  w.exception(held);
  return w.take();
}

void writeStderr(Thread& t, std::string_view utf8) {
  if (!writeTo(t, sysGet("stderr"), utf8)) writeDescriptor(utf8);
}

void printExceptionTo(Thread& t, Value exception, Value file) {
  Ref<> held = retain(exception), heldFile = retain(file);
  std::string text = formatException(t, held);
  if (!writeTo(t, heldFile, text)) writeDescriptor(text);
}

void printException(Thread& t, Value exception) {
  Value file = sysGet("stderr");
  printExceptionTo(t, exception, file ? file : none());
}

}  // namespace dx
