// The small formatter behind Thread::raise and formatStr.
#include "runtime/abstract.h"
#include "runtime/str.h"
#include "runtime/types.h"

namespace dx {

// What `{}`, `{!r}` (quoted) or `{!q}` (qualified: a type with its module) shows of one argument.
// False: an exception is pending.
static bool addArgument(StrBuilder& out, const FormatArg& arg, char conversion) {
  bool quoted = conversion == 'r';
  switch (arg.kind) {
    case FormatArg::kInt:
      out.add(std::string_view(std::to_string(arg.i)));
      return true;
    case FormatArg::kUnsigned:
      out.add(std::string_view(std::to_string(arg.u)));
      return true;
    case FormatArg::kType:
      if (conversion == 'q')
        out.add(qualifiedTypeName(arg.type).get());
      else
        out.add(typeName(arg.type));
      return true;
    case FormatArg::kText: {
      std::string_view text(arg.text.data, arg.text.size);
      if (!quoted) return out.add(text), true;
      Ref<Str> s = makeStr(text);
      Result<Ref<Str>> r = repr(thisThread(), s);
      if (!r) return false;
      out.add(r.peek().get());
      return true;
    }
    case FormatArg::kStr:
    case FormatArg::kValue: {
      Result<Ref<Str>> r = quoted ? repr(thisThread(), arg.v) : str(thisThread(), arg.v);
      if (!r) return false;
      out.add(r.peek().get());
      return true;
    }
  }
  return true;
}

Ref<Str> formatStrArgs(const char* fmt, std::span<const FormatArg> args) {
  StrBuilder out;
  size_t next = 0;
  const char* p = fmt;
  while (*p) {
    const char* q = p;
    while (*q && *q != '{' && *q != '}') q++;
    if (q != p) out.add(std::string_view(p, size_t(q - p)));
    if (!*q) break;
    if (q[0] == q[1]) {
      out.add(u32(q[0]));
      p = q + 2;
    } else if (q[0] == '{' &&
               (q[1] == '}' || strncmp(q, "{!r}", 4) == 0 || strncmp(q, "{!q}", 4) == 0)) {
      char conversion = q[1] == '!' ? q[2] : 0;
      if (next < args.size() && !addArgument(out, args[next], conversion)) return {};
      next++;
      p = q + (conversion ? 4 : 2);
    } else {
      out.add(u32(q[0]));
      p = q + 1;
    }
  }
  return out.finish();
}

}  // namespace dx
