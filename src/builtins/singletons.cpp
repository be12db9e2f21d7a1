#include "builtins/singletons.gen.h"

namespace dx {

extern "C" {
alignas(16) Object _Py_NoneStruct = {DX_IMMORTAL, &_PyNone_Type};
alignas(16) Object _Py_NotImplementedStruct = {DX_IMMORTAL, &_PyNotImplemented_Type};
alignas(16) Object _Py_EllipsisObject = {DX_IMMORTAL, &PyEllipsis_Type};
}

// Never called: the singletons are immortal.
void nonetype_dealloc(Object*) {}
void notimplementedtype_dealloc(Object*) {}
void ellipsistype_dealloc(Object*) {}

static Result<Ref<>> only(Thread& t, const Args& args, const char* type, Value singleton) {
  if (args.total()) return t.raise(kTypeError, "{} takes no arguments", type);
  return retain(singleton);
}

Result<Ref<>> nonetype___new__(Thread& t, Type&, const Args& args) {
  return only(t, args, "NoneType", none());
}
Result<Ref<>> nonetype___repr__(Thread&, Object&) { return makeAscii("None"); }
Result<bool> nonetype___bool__(Thread&, Object&) { return false; }
Result<i64> nonetype___hash__(Thread&, Object&) { return i64(0xFCA86420); }

Result<Ref<>> notimplementedtype___new__(Thread& t, Type&, const Args& args) {
  return only(t, args, "NotImplementedType", notImplemented());
}
Result<Ref<>> notimplementedtype___repr__(Thread&, Object&) { return makeAscii("NotImplemented"); }
Result<bool> notimplementedtype___bool__(Thread& t, Object&) {
  return t.raise(kTypeError, "NotImplemented should not be used in a boolean context");
}
Result<Ref<>> notimplementedtype___reduce__(Thread&, Object&) {
  return makeAscii("NotImplemented");
}

Result<Ref<>> ellipsistype___new__(Thread& t, Type&, const Args& args) {
  return only(t, args, "EllipsisType", ellipsis());
}
Result<Ref<>> ellipsistype___repr__(Thread&, Object&) { return makeAscii("Ellipsis"); }
Result<Ref<>> ellipsistype___reduce__(Thread&, Object&) { return makeAscii("Ellipsis"); }

}  // namespace dx
