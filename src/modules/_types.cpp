#include "modules/_types.gen.h"

namespace dx {

Result<void> _types_exec(Thread&, Module& m) {
  struct Entry {
    const char* name;
    Type* type;
  };
  static constexpr Entry kTypes[] = {
      {"AsyncGeneratorType", &PyAsyncGen_Type},
      {"BuiltinFunctionType", &PyCFunction_Type},
      {"BuiltinMethodType", &PyCFunction_Type},
      {"CapsuleType", &PyCapsule_Type},
      {"CellType", &PyCell_Type},
      {"CodeType", &PyCode_Type},
      {"ClassMethodDescriptorType", &PyClassMethodDescr_Type},
      {"CoroutineType", &PyCoro_Type},
      {"EllipsisType", &PyEllipsis_Type},
      {"FrameType", &PyFrame_Type},
      {"FunctionType", &PyFunction_Type},
      {"GeneratorType", &PyGen_Type},
      {"GenericAlias", &Py_GenericAliasType},
      {"GetSetDescriptorType", &PyGetSetDescr_Type},
      {"LambdaType", &PyFunction_Type},
      {"MappingProxyType", &PyDictProxy_Type},
      {"MemberDescriptorType", &PyMemberDescr_Type},
      {"MethodDescriptorType", &PyMethodDescr_Type},
      {"MethodType", &PyMethod_Type},
      {"MethodWrapperType", &_PyMethodWrapper_Type},
      {"ModuleType", &PyModule_Type},
      {"NoneType", &_PyNone_Type},
      {"NotImplementedType", &_PyNotImplemented_Type},
      {"SimpleNamespace", &_PyNamespace_Type},
      {"TracebackType", &PyTraceBack_Type},
      {"UnionType", &_PyUnion_Type},
      {"WrapperDescriptorType", &PyWrapperDescr_Type},
  };
  for (const Entry& e : kTypes) moduleSet(m, e.name, Value(e.type));
  return ok();
}

}  // namespace dx
