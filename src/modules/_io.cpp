// Module _io: open() and the rest that is not a class.
#include <algorithm>

#include "modules/_io.gen.h"

namespace dx {

namespace {

struct OpenMode {
  std::string raw;  // FileIO's
  bool creating = false, reading = false, writing = false, appending = false, updating = false;
  bool text = false, binary = false;
};

Result<OpenMode> parseMode(Thread& t, Str& mode) {
  OpenMode m;
  std::string text = toUtf8(&mode);
  for (size_t i = 0; i < text.size(); i++) {
    bool* flag = nullptr;
    switch (text[i]) {
      case 'x':
        flag = &m.creating;
        break;
      case 'r':
        flag = &m.reading;
        break;
      case 'w':
        flag = &m.writing;
        break;
      case 'a':
        flag = &m.appending;
        break;
      case '+':
        flag = &m.updating;
        break;
      case 't':
        flag = &m.text;
        break;
      case 'b':
        flag = &m.binary;
        break;
    }
    if (!flag || *flag) return t.raise(kValueError, "invalid mode: '{}'", Value(&mode));
    *flag = true;
  }
  for (auto [on, letter] : {std::pair{m.creating, 'x'},
                            {m.reading, 'r'},
                            {m.writing, 'w'},
                            {m.appending, 'a'},
                            {m.updating, '+'}})
    if (on) m.raw += letter;
  if (m.text && m.binary) return t.raise(kValueError, "can't have text and binary mode at once");
  if (m.creating + m.reading + m.writing + m.appending != 1)
    return t.raise(kValueError, "must have exactly one of create/read/write/append mode");
  return m;
}

Result<i64> chooseBuffering(Thread& t, Value raw, bool terminal, i32 buffering) {
  if (buffering >= 0) return i64(buffering);
  if (buffering < -1 && !terminal) return t.raise(kValueError, "invalid buffering size");
  i64 block = raw.as<FileIo>()->blockSize;
  // Large blocks are good for few files; small ones for none.
  return std::clamp<i64>(block, kIoBufferSize, 8 << 20);
}

// Wraps the raw file in what the arguments ask for. *top is the outermost stream made so far.
Result<void> wrap(Thread& t, const OpenMode& m, Str& mode, i32 buffering, Str* encoding,
                  Str* errors, Str* newline, Ref<>* top) {
  bool lines = false, terminal = false;
  if (buffering == 1 || buffering < 0) {
    Ref<> answer = TRY(callMethod(t, *top, DX_NAME("_isatty_open_only"), {}));
    terminal = TRY(isTrue(t, answer));
  }
  if (buffering == 1 || (buffering < 0 && terminal)) {
    buffering = -1;
    lines = true;
  }
  i64 size = TRY(chooseBuffering(t, *top, terminal, buffering));
  if (size == 0) {
    if (!m.binary) return t.raise(kValueError, "can't have unbuffered text I/O");
    return {};
  }
  Type* cls = m.updating  ? &bufferedRandomType
              : m.reading ? &bufferedReaderType
                          : &bufferedWriterType;
  *top = TRY(callWith(t, Value(cls), top->get(), makeInt(size).get()));
  if (m.binary) return {};
  auto orNone = [](Str* s) { return s ? Value(s) : none(); };
  *top = TRY(callWith(t, Value(&textIoType), top->get(), orNone(encoding), orNone(errors),
                      orNone(newline), boolean(lines)));
  return setAttr(t, *top, DX_NAME("mode"), &mode);
}

}  // namespace

Result<Ref<>> _io_open(Thread& t, Value file, Str& mode, i32 buffering, Str* encoding, Str* errors,
                       Str* newline, bool closefd, Value opener) {
  Ref<> path = retain(file);
  if (!isInt(file) && !hasIndex(file) && !isStr(file) && !isBytes(file)) {
    Ref<> fspath = TRY(importAttr(t, "posix", "fspath"));
    path = TRY(callWith(t, fspath.get(), file));
  }
  OpenMode m = TRY(parseMode(t, mode));
  if (m.binary && encoding)
    return t.raise(kValueError, "binary mode doesn't take an encoding argument");
  if (m.binary && errors)
    return t.raise(kValueError, "binary mode doesn't take an errors argument");
  if (m.binary && newline)
    return t.raise(kValueError, "binary mode doesn't take a newline argument");
  if (m.binary && buffering == 1)
    TRY(warn(t, kRuntimeWarning,
             "line buffering (buffering=1) isn't supported in binary mode, the default buffer size "
             "will be used"));
  Ref<> top = TRY(callWith(t, Value(&fileIoType), path.get(), Value(makeAscii(m.raw)),
                           boolean(closefd), opener));
  if (wrap(t, m, mode, buffering, encoding, errors, newline, &top)) return top;
  // Nobody else can close it.
  FirstError first(t);
  first.keep();
  (void)bool(callMethod(t, top, DX_NAME("close"), {}));
  TRY(first.settle());
  return Error{};
}

Result<Ref<>> _io_open_code(Thread& t, Str& path) {
  return callWith(t, Value(&bufferedReaderType),
                  TRY(callWith(t, Value(&fileIoType), Value(&path), Value(DX_NAME("rb")))).get());
}

Result<Ref<>> _io_text_encoding(Thread& t, Value encoding, i32 stacklevel) {
  if (encoding && !isNone(encoding)) return retain(encoding);
  const Config& config = theInterpreter.config;
  if (config.warnDefaultEncoding)
    TRY(warn(t, kEncodingWarning, "'encoding' argument not specified", {}, stacklevel));
  return Ref<>(makeAscii(config.utf8Mode ? "utf-8" : "locale"));
}

Result<void> _io_exec(Thread& t, Module& module) {
  Ref<Dict> ns = newDict();
  dictSetStr(ns, "__module__", Value(makeAscii("io")));
  dictSetStr(ns, "__doc__", none());
  Ref<Type> type = TRY(makeType(t, &PyType_Type, DX_NAME("UnsupportedOperation"),
                                tupleOf(Value(kOSError), Value(kValueError)), ns, Args()));
  kUnsupportedOperation = type.release();
  moduleSet(module, "UnsupportedOperation", Value(kUnsupportedOperation));
  moduleSet(module, "BlockingIOError", Value(kBlockingIOError));
  moduleSet(module, "DEFAULT_BUFFER_SIZE", makeInt(kIoBufferSize));
  return {};
}

}  // namespace dx
