#include "modules/unclosed.h"

namespace dx {

void warnUnclosed(Thread& t, const char* format, Value source, const char* ignored, Value object) {
  ExceptionSaver saver(t);
  Result<Ref<>> warnFunction = importAttr(t, "_warnings", "warn");
  if (!warnFunction) {
    t.clearException();
    return;
  }
  Ref<Str> text = formatStr(format, source);
  if (text &&
      callWith(t, *warnFunction, Value(text), Value(kResourceWarning), Value::smallInt(1), source))
    return;
  // Made an error by a filter: nobody is there to catch it.
  if (!t.matches(kWarning)) {
    t.clearException();
    return;
  }
  Ref<> e = t.takeException();
  Result<Ref<Str>> shown = repr(t, object);
  std::string message = ignored;
  if (shown)
    message += " " + toUtf8(*shown);
  else
    t.clearException();
  t.restoreException(std::move(e));
  writeUnraisable(t, message.c_str(), Value());
}

}  // namespace dx
