#include "modules/sys_data.h"

#include <gnu/libc-version.h>

#include <cfloat>
#include <cstdint>

#include "base/version.h"
#include "runtime/lifecycle.h"

namespace dx {

namespace {

constexpr StructSeqField kFlagFields[] = {{"debug", "-d"},
                                          {"inspect", "-i"},
                                          {"interactive", "-i"},
                                          {"optimize", "-O or -OO"},
                                          {"dont_write_bytecode", "-B"},
                                          {"no_user_site", "-s"},
                                          {"no_site", "-S"},
                                          {"ignore_environment", "-E"},
                                          {"verbose", "-v"},
                                          {"bytes_warning", "-b"},
                                          {"quiet", "-q"},
                                          {"hash_randomization", "-R"},
                                          {"isolated", "-I"},
                                          {"dev_mode", "-X dev"},
                                          {"utf8_mode", "-X utf8"},
                                          {"warn_default_encoding", "-X warn_default_encoding"},
                                          {"safe_path", "-P"},
                                          {"int_max_str_digits", "-X int_max_str_digits"},
                                          {"gil", "-X gil"},
                                          {"thread_inherit_context", "-X thread_inherit_context"},
                                          {"context_aware_warnings", "-X context_aware_warnings"}};
constexpr StructSeqDesc kFlags = {
    "sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.",
    kFlagFields, 18};

constexpr StructSeqField kVersionFields[] = {
    {"major", "Major release number"},
    {"minor", "Minor release number"},
    {"micro", "Patch release number"},
    {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
    {"serial", "Serial release number"}};
constexpr StructSeqDesc kVersion = {"sys.version_info",
                                    "sys.version_info\n\nVersion information as a named tuple.",
                                    kVersionFields, 5};

constexpr StructSeqField kHashFields[] = {
    {"width", "width of the type used for hashing, in bits"},
    {"modulus", "prime number giving the modulus on which the hash function is based"},
    {"inf", "value to be used for hash of a positive infinity"},
    {"nan", "value to be used for hash of a nan"},
    {"imag", "multiplier used for the imaginary part of a complex number"},
    {"algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"},
    {"hash_bits", "internal output size of hash algorithm"},
    {"seed_bits", "seed size of hash algorithm"},
    {"cutoff", "small string optimization cutoff"}};
constexpr StructSeqDesc kHash = {"sys.hash_info",
                                 "hash_info\n\nA named tuple providing parameters used for "
                                 "computing\nhashes. The attributes are read only.",
                                 kHashFields, 9};

constexpr StructSeqField kIntFields[] = {
    {"bits_per_digit", "size of a digit in bits"},
    {"sizeof_digit", "size in bytes of the C type used to represent a digit"},
    {"default_max_str_digits", "maximum string conversion digits limitation"},
    {"str_digits_check_threshold", "minimum positive value for int_max_str_digits"}};
constexpr StructSeqDesc kInt = {
    "sys.int_info",
    "sys.int_info\n\nA named tuple that holds information about Python's\ninternal "
    "representation of integers.  The attributes are read only.",
    kIntFields, 4};

constexpr StructSeqField kFloatFields[] = {
    {"max", "DBL_MAX -- maximum representable finite float"},
    {"max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"},
    {"max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"},
    {"min", "DBL_MIN -- Minimum positive normalized float"},
    {"min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"},
    {"min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"},
    {"dig",
     "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"},
    {"mant_dig", "DBL_MANT_DIG -- mantissa digits"},
    {"epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"},
    {"radix", "FLT_RADIX -- radix of exponent"},
    {"rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"}};
constexpr StructSeqDesc kFloat = {"sys.float_info",
                                  "sys.float_info\n\nA named tuple holding information about the "
                                  "float type. It contains low level\ninformation about "
                                  "the precision and internal representation. Please study\nyour "
                                  "system's :file:`float.h` for more information.",
                                  kFloatFields, 11};

constexpr StructSeqField kThreadFields[] = {{"name", "name of the thread implementation"},
                                            {"lock", "name of the lock implementation"},
                                            {"version", "name and version of the thread library"}};
constexpr StructSeqDesc kThread = {
    "sys.thread_info",
    "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
    kThreadFields, 3};

constexpr StructSeqField kAsyncGenFields[] = {{"firstiter", "Hook to intercept first iteration"},
                                              {"finalizer", "Hook to intercept finalization"}};
constexpr StructSeqDesc kAsyncGen = {
    "asyncgen_hooks",
    "asyncgen_hooks\n\nA named tuple providing information about asynchronous\ngenerators "
    "hooks.  The attributes are read only.",
    kAsyncGenFields, 2};

// A struct sequence of a type that programs cannot instantiate.
Ref<> sequence(Thread& t, const StructSeqDesc& desc, std::initializer_list<Value> values) {
  Ref<Type> type = makeStructSeqType(t, desc);
  type->flags |= kTypeDisallowInstantiation;
  Ref<Tuple> s = newStructSeq(type);
  i64 i = 0;
  for (Value v : values) s->items[i++] = retain(v).release();
  return Ref<>(std::move(s));
}

Ref<List> stringList(const std::vector<std::string>& strings) {
  Ref<List> list = newList();
  for (const std::string& s : strings) listAppend(list, Ref<>(decodeFs(s)));
  return list;
}

Ref<> versionInfo(Thread& t) {
  return sequence(
      t, kVersion,
      {Value::smallInt(kPythonMajor), Value::smallInt(kPythonMinor), Value::smallInt(kPythonMicro),
       Value(internImmortal("final")), Value::smallInt(0)});
}

const char* const kStdlibNames[] = {
#define X(name) #name,
#include "modules/stdlib_names.def"
#undef X
};

Result<Ref<>> implementation(Thread& t, Value version) {
  Ref<Dict> d = newDict();
  dictSetStr(d, "name", Value(internImmortal("dxpy")));
  dictSetStr(d, "cache_tag", Value(internImmortal("dxpy-314")));
  dictSetStr(d, "version", version);
  dictSetStr(d, "hexversion", makeInt(i64(kPythonHex)));
  dictSetStr(d, "_multiarch", Value(internImmortal("x86_64-linux-gnu")));
  dictSetStr(d, "supports_isolated_interpreters", falseValue());
  return callTupleDict(t, Value(&_PyNamespace_Type), emptyTuple(), d);
}

}  // namespace

Type* asyncGenHooksType(Thread& t) {
  static Type* type = makeStructSeqType(t, kAsyncGen).release();
  return type;
}

Result<void> setProcessData(Thread& t, Module& sys) {
  const Config& c = theInterpreter.config;
  auto set = [&](const char* name, Value v) { moduleSet(sys, name, v); };
  auto setText = [&](const char* name, std::string_view text) {
    moduleSet(sys, name, decodeFs(text));
  };
  auto flag = [](int v) { return Value::smallInt(v); };
  bool hashed = c.hashSeed != "0";
  set("flags", sequence(t, kFlags,
                        {flag(c.debug),
                         flag(c.inspect),
                         flag(c.interactive),
                         flag(c.optimize),
                         flag(c.dontWriteBytecode),
                         flag(c.noUserSite),
                         flag(c.noSite),
                         flag(c.ignoreEnvironment),
                         flag(c.verbose),
                         flag(c.bytesWarning),
                         flag(c.quiet),
                         flag(hashed),
                         flag(c.isolated),
                         boolean(c.devMode),
                         flag(c.utf8Mode),
                         flag(c.warnDefaultEncoding),
                         boolean(c.safePath),
                         flag(c.intMaxStrDigits),
                         flag(1),
                         flag(0),
                         flag(0)}));
  set("argv", stringList(c.argv));
  set("orig_argv", stringList(c.origArgv));
  set("path", stringList(c.path));
  set("warnoptions", stringList(c.warnOptions));
  setText("executable", c.executable);
  setText("_base_executable", c.baseExecutable);
  setText("prefix", c.prefix);
  setText("exec_prefix", c.prefix);
  setText("base_prefix", c.basePrefix);
  setText("base_exec_prefix", c.basePrefix);
  setText("_stdlib_dir", c.stdlib);
  set("_home", none());
  set("pycache_prefix", c.pycachePrefix.empty() ? none() : Value(decodeFs(c.pycachePrefix)));
  set("dont_write_bytecode", boolean(c.dontWriteBytecode));
  Ref<Dict> options = newDict();
  for (const std::string& x : c.xOptions) {
    size_t eq = x.find('=');
    TRY(dictSet(t, options, decodeFs(x.substr(0, eq)),
                eq == std::string::npos ? trueValue() : Value(decodeFs(x.substr(eq + 1)))));
  }
  set("_xoptions", options);
  return {};
}

Result<void> fillSysData(Thread& t, Module& sys) {
  auto set = [&](const char* name, Value v) { moduleSet(sys, name, v); };
  auto setText = [&](const char* name, std::string_view text) {
    moduleSet(sys, name, decodeFs(text));
  };
  auto flag = [](int v) { return Value::smallInt(v); };

  Ref<> version = versionInfo(t);
  set("version_info", version);
  set("hexversion", makeInt(i64(kPythonHex)));
  setText("version", DX_PYTHON_VERSION " (dxpy " DX_VERSION ", " __DATE__ ", " __TIME__
                                       ") [Clang " __clang_version__ "]");
  set("api_version", makeInt(1013));
  setText(
      "copyright",
      "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.\n\n"
      "Copyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\n"
      "Copyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights "
      "Reserved.\n\n"
      "Copyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved.");
  setText("platform", "linux");
  setText("byteorder", "little");
  set("maxsize", makeInt(i64(INT64_MAX)));
  set("maxunicode", makeInt(0x10FFFF));
  setText("float_repr_style", "short");
  setText("platlibdir", "lib");
  setText("abiflags", "");
  setText("_framework", "");
  set("_git", tupleOf(Value(internImmortal("dxpy")), Value(emptyStr()), Value(emptyStr())));
  set("implementation", TRY(implementation(t, version)));

  set("hash_info",
      sequence(t, kHash,
               {flag(64), makeInt((i64(1) << 61) - 1), flag(314159), flag(0), flag(1000003),
                Value(internImmortal("siphash13")), flag(64), flag(128), flag(0)}));
  set("int_info", sequence(t, kInt, {flag(30), flag(4), flag(4300), flag(640)}));
  Ref<> most = makeFloat(DBL_MAX), least = makeFloat(DBL_MIN), epsilon = makeFloat(DBL_EPSILON);
  set("float_info", sequence(t, kFloat,
                             {most.get(), flag(DBL_MAX_EXP), flag(DBL_MAX_10_EXP), least.get(),
                              flag(DBL_MIN_EXP), flag(DBL_MIN_10_EXP), flag(DBL_DIG),
                              flag(DBL_MANT_DIG), epsilon.get(), flag(FLT_RADIX), flag(1)}));
  Ref<Str> libc = formatStr("NPTL {}", gnu_get_libc_version());
  set("thread_info", sequence(t, kThread,
                              {Value(internImmortal("pthread")), Value(internImmortal("semaphore")),
                               Value(libc)}));

  set("meta_path", newList());
  set("path_hooks", newList());
  set("path_importer_cache", newDict());
  TRY(setProcessData(t, sys));

  Ref<List> builtinNames = newList();
  for (const NativeModule* m : nativeModules())
    if (!strchr(m->name, '.')) listAppend(builtinNames, Ref<>(makeAscii(m->name)));
  (void)TRY(callMethod(t, builtinNames, DX_NAME("sort"), {}));
  set("builtin_module_names", makeTuple(valuesOf(builtinNames.get())));
  Ref<Set> names = newSet(&PyFrozenSet_Type);
  for (const char* name : kStdlibNames) TRY(setAdd(t, names, makeAscii(name)));
  set("stdlib_module_names", names);

  // A module of its own that only sys knows.
  if (const NativeModule* jit = findNativeModule("sys._jit")) {
    Ref<Module> m = newModule(makeAscii(jit->name));
    TRY(fillNativeModule(t, *m, *jit));
    set("_jit", m);
  }
  for (const char* hook : {"displayhook", "excepthook", "breakpointhook", "unraisablehook"}) {
    std::string original = std::string("__") + hook + "__";
    dictSetStr(sys.dict, internImmortal(original), dictGetStr(sys.dict, internImmortal(hook)));
  }
  return {};
}

}  // namespace dx
