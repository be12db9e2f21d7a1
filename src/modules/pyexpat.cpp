// Module pyexpat: XML parsing by events, over Expat.
#include "modules/exception_class.h"
#include "modules/pyexpat.gen.h"
#include "runtime/codecs.h"

namespace dx {

namespace {

Type* gError = nullptr;  // xml.parsers.expat.ExpatError
constexpr i64 kDefaultBuffer = 8192, kChunk = i64(1) << 20;
constexpr int kReadSize = 2048;

XmlParserObject& parserOf(void* user) { return *static_cast<XmlParserObject*>(user); }

Ref<> text(const XML_Char* s) {
  if (!s) return noneRef();
  return makeStr(s);
}
Ref<> text(const XML_Char* s, int length) { return makeStr({s, size_t(length)}); }
// Names repeat: equal ones are one object.
Result<Ref<>> interned(Thread& t, XmlParserObject& p, const XML_Char* s) {
  Ref<> name = text(s);
  if (!p.intern || isNone(name)) return name;
  return retain(TRY(dictSetDefault(t, p.intern.as<Dict>(), name, name)));
}

// ---- handlers ----

// The exception stays pending; nothing is parsed any more.
void stop(XmlParserObject& p) { XML_StopParser(p.parser, XML_FALSE); }

Result<Ref<>> callHandler(Thread& t, XmlParserObject& p, XmlHandler which, Values args) {
  Ref<> handler = retain(p.handlers[which]);
  Ref<> hold = retain(&p);
  bool outer = std::exchange(p.inHandler, true);
  Result<Ref<>> r = call(t, handler, Args(args.data(), u32(args.size())));
  p.inHandler = outer;
  if (!r) stop(p);
  return r;
}
void deliverText(Thread& t, XmlParserObject& p, std::string_view data) {
  if (!p.handlers[kCharacterData]) return;
  Ref<> s = makeStr(data);
  Value args[] = {s};
  (void)bool(callHandler(t, p, kCharacterData, args));
}
// Hands out the character data that waits. False: an exception is pending.
bool flushText(Thread& t, XmlParserObject& p) {
  if (t.hasException()) return false;
  if (p.text->empty()) return true;
  std::string data;
  std::swap(data, *p.text);
  deliverText(t, p, data);
  return !t.hasException();
}
// True when the handler is to be called now.
bool begin(Thread& t, XmlParserObject& p, XmlHandler which) {
  return flushText(t, p) && p.handlers[which];
}
template <class... V>
void send(Thread& t, XmlParserObject& p, XmlHandler which, const V&... values) {
  Value args[sizeof...(V) + 1] = {Value(values)..., Value()};
  (void)bool(callHandler(t, p, which, Values(args, sizeof...(V))));
}
// Interns, or stops the parser.
bool internTo(Thread& t, XmlParserObject& p, const XML_Char* s, Ref<>* out) {
  Result<Ref<>> r = interned(t, p, s);
  if (!r) {
    stop(p);
    return false;
  }
  *out = std::move(r).take();
  return true;
}

Result<Ref<>> attributesOf(Thread& t, XmlParserObject& p, const XML_Char** atts) {
  int count = 0;
  if (p.specifiedOnly)
    count = XML_GetSpecifiedAttributeCount(p.parser);
  else
    while (atts[count]) count += 2;
  if (p.ordered) {
    Ref<List> list = newList(count);
    for (int i = 0; i < count; i += 2) {
      listAppend(list, TRY(interned(t, p, atts[i])));
      listAppend(list, text(atts[i + 1]));
    }
    return list;
  }
  Ref<Dict> dict = newDict(count / 2);
  for (int i = 0; i < count; i += 2) {
    Ref<> name = TRY(interned(t, p, atts[i]));
    TRY(dictSet(t, dict, name, text(atts[i + 1])));
  }
  return dict;
}
void onStartElement(void* user, const XML_Char* name, const XML_Char** atts) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  Ref<> tag;
  if (!begin(t, p, kStartElement) || !internTo(t, p, name, &tag)) return;
  Result<Ref<>> attributes = attributesOf(t, p, atts);
  if (!attributes) return stop(p);
  send(t, p, kStartElement, tag, attributes.peek());
}
void onEndElement(void* user, const XML_Char* name) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  Ref<> tag;
  if (begin(t, p, kEndElement) && internTo(t, p, name, &tag)) send(t, p, kEndElement, tag);
}
void onProcessingInstruction(void* user, const XML_Char* target, const XML_Char* data) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  Ref<> name;
  if (begin(t, p, kProcessingInstruction) && internTo(t, p, target, &name))
    send(t, p, kProcessingInstruction, name, text(data));
}
void onCharacterData(void* user, const XML_Char* data, int length) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (t.hasException()) return;
  std::string_view s{data, size_t(length)};
  if (!p.buffered) return deliverText(t, p, s);
  if (i64(p.text->size() + s.size()) > p.bufferSize) {
    if (!flushText(t, p)) return;
    if (!p.handlers[kCharacterData]) return;
  }
  if (i64(s.size()) > p.bufferSize) return deliverText(t, p, s);
  p.text->append(s);
}
void onUnparsedEntityDecl(void* user, const XML_Char* name, const XML_Char* base,
                          const XML_Char* systemId, const XML_Char* publicId,
                          const XML_Char* notation) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kUnparsedEntityDecl))
    send(t, p, kUnparsedEntityDecl, text(name), text(base), text(systemId), text(publicId),
         text(notation));
}
void onNotationDecl(void* user, const XML_Char* name, const XML_Char* base,
                    const XML_Char* systemId, const XML_Char* publicId) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kNotationDecl))
    send(t, p, kNotationDecl, text(name), text(base), text(systemId), text(publicId));
}
void onStartNamespaceDecl(void* user, const XML_Char* prefix, const XML_Char* uri) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kStartNamespaceDecl)) send(t, p, kStartNamespaceDecl, text(prefix), text(uri));
}
void onEndNamespaceDecl(void* user, const XML_Char* prefix) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kEndNamespaceDecl)) send(t, p, kEndNamespaceDecl, text(prefix));
}
void onComment(void* user, const XML_Char* data) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kComment)) send(t, p, kComment, text(data));
}
template <XmlHandler which>
void onPlain(void* user) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, which)) send(t, p, which);
}
template <XmlHandler which>
void onDefault(void* user, const XML_Char* data, int length) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, which)) send(t, p, which, text(data, length));
}
// What a handler that answers with a number said; 0 stops the parser.
int answer(Thread& t, XmlParserObject& p, Result<Ref<>> r) {
  if (!r) return 0;
  Result<i64> n = argI64(t, *r);
  if (!n) {
    stop(p);
    return 0;
  }
  return *n != 0;
}
int onNotStandalone(void* user) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (!flushText(t, p)) return 0;
  if (!p.handlers[kNotStandalone]) return 1;
  return answer(t, p, callHandler(t, p, kNotStandalone, {}));
}
int onExternalEntityRef(XML_Parser parser, const XML_Char* context, const XML_Char* base,
                        const XML_Char* systemId, const XML_Char* publicId) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(XML_GetUserData(parser));
  if (!flushText(t, p)) return 0;
  if (!p.handlers[kExternalEntityRef]) return 1;
  Ref<> values[] = {text(context), text(base), text(systemId), text(publicId)};
  Value args[] = {values[0], values[1], values[2], values[3]};
  return answer(t, p, callHandler(t, p, kExternalEntityRef, args));
}
void onStartDoctypeDecl(void* user, const XML_Char* name, const XML_Char* systemId,
                        const XML_Char* publicId, int hasInternalSubset) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kStartDoctypeDecl))
    send(t, p, kStartDoctypeDecl, text(name), text(systemId), text(publicId),
         makeInt(hasInternalSubset));
}
void onEntityDecl(void* user, const XML_Char* name, int isParameter, const XML_Char* value,
                  int valueLength, const XML_Char* base, const XML_Char* systemId,
                  const XML_Char* publicId, const XML_Char* notation) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kEntityDecl))
    send(t, p, kEntityDecl, text(name), makeInt(isParameter),
         value ? text(value, valueLength) : noneRef(), text(base), text(systemId), text(publicId),
         text(notation));
}
void onXmlDecl(void* user, const XML_Char* version, const XML_Char* encoding, int standalone) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kXmlDecl))
    send(t, p, kXmlDecl, text(version), text(encoding), makeInt(standalone));
}
Result<Ref<>> modelOf(Thread& t, const XML_Content& model) {
  RecursionGuard guard(t);
  TRY(guard.check(" in conv_content_model"));
  Ref<Tuple> children = newTuple(model.numchildren);
  for (unsigned i = 0; i < model.numchildren; i++)
    children->items[i] = TRY(modelOf(t, model.children[i])).release();
  return tupleOf(makeInt(int(model.type)), makeInt(int(model.quant)), text(model.name), children);
}
void onElementDecl(void* user, const XML_Char* name, XML_Content* model) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  Ref<> tag;
  if (begin(t, p, kElementDecl) && internTo(t, p, name, &tag)) {
    Result<Ref<>> tree = modelOf(t, *model);
    if (tree)
      send(t, p, kElementDecl, tag, tree.peek());
    else
      stop(p);
  }
  XML_FreeContentModel(p.parser, model);
}
void onAttlistDecl(void* user, const XML_Char* element, const XML_Char* attribute,
                   const XML_Char* type, const XML_Char* value, int required) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kAttlistDecl))
    send(t, p, kAttlistDecl, text(element), text(attribute), text(type), text(value),
         makeInt(required));
}
void onSkippedEntity(void* user, const XML_Char* name, int isParameter) {
  Thread& t = thisThread();
  XmlParserObject& p = parserOf(user);
  if (begin(t, p, kSkippedEntity)) send(t, p, kSkippedEntity, text(name), makeInt(isParameter));
}

// Tells Expat about a handler, or that there is none.
void install(XmlParserObject& p, XmlHandler which) {
  XML_Parser x = p.parser;
  bool on = bool(p.handlers[which]);
#define DX_CASE(name, function)                         \
  case k##name:                                         \
    XML_Set##name##Handler(x, on ? function : nullptr); \
    break
  switch (which) {
    DX_CASE(ProcessingInstruction, onProcessingInstruction);
    DX_CASE(UnparsedEntityDecl, onUnparsedEntityDecl);
    DX_CASE(NotationDecl, onNotationDecl);
    DX_CASE(StartNamespaceDecl, onStartNamespaceDecl);
    DX_CASE(EndNamespaceDecl, onEndNamespaceDecl);
    DX_CASE(Comment, onComment);
    DX_CASE(StartCdataSection, onPlain<kStartCdataSection>);
    DX_CASE(EndCdataSection, onPlain<kEndCdataSection>);
    DX_CASE(Default, onDefault<kDefault>);
    DX_CASE(NotStandalone, onNotStandalone);
    DX_CASE(ExternalEntityRef, onExternalEntityRef);
    DX_CASE(StartDoctypeDecl, onStartDoctypeDecl);
    DX_CASE(EndDoctypeDecl, onPlain<kEndDoctypeDecl>);
    DX_CASE(EntityDecl, onEntityDecl);
    DX_CASE(XmlDecl, onXmlDecl);
    DX_CASE(ElementDecl, onElementDecl);
    DX_CASE(AttlistDecl, onAttlistDecl);
    DX_CASE(SkippedEntity, onSkippedEntity);
    case kStartElement:
      XML_SetStartElementHandler(x, on ? onStartElement : nullptr);
      break;
    case kEndElement:
      XML_SetEndElementHandler(x, on ? onEndElement : nullptr);
      break;
    case kCharacterData:
      // While Expat delivers a run of text it calls this again without looking whether it is null.
      if (on || !p.inHandler) XML_SetCharacterDataHandler(x, on ? onCharacterData : nullptr);
      break;
    case kDefaultExpand:
      XML_SetDefaultHandlerExpand(x, on ? onDefault<kDefaultExpand> : nullptr);
      break;
    case kXmlHandlers:
      break;
  }
#undef DX_CASE
}

// A single-byte encoding that Python knows and Expat does not.
int onUnknownEncoding(void*, const XML_Char* name, XML_Encoding* info) {
  Thread& t = thisThread();
  if (t.hasException()) return XML_STATUS_ERROR;
  char all[256];
  for (int i = 0; i < 256; i++) all[i] = char(i);
  Result<Ref<Str>> decoded = decode(t, {all, 256}, name, "replace");
  if (!decoded) return XML_STATUS_ERROR;
  Str* s = *decoded;
  if (s->length != 256) {
    (void)t.raise(kValueError, "multi-byte encodings are not supported");
    return XML_STATUS_ERROR;
  }
  for (int i = 0; i < 256; i++) info->map[i] = s->at(i) == 0xFFFD ? -1 : int(s->at(i));
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return XML_STATUS_OK;
}

Error raiseExpat(Thread& t, XmlParserObject& p, int code) {
  i64 line = i64(XML_GetErrorLineNumber(p.parser)),
      column = i64(XML_GetErrorColumnNumber(p.parser));
  const char* message = XML_ErrorString(XML_Error(code));
  Ref<Str> message2 =
      formatStr("{}: line {}, column {}", message ? message : "unknown error", line, column);
  Ref<> error = TRY(callWith(t, gError, message2));
  TRY(setAttr(t, error, "code", makeInt(code)));
  TRY(setAttr(t, error, "offset", makeInt(column)));
  TRY(setAttr(t, error, "lineno", makeInt(line)));
  return t.raiseException(std::move(error));
}
Result<Ref<>> parseResult(Thread& t, XmlParserObject& p, int status) {
  if (t.hasException()) return Error{};
  if (status == XML_STATUS_ERROR) return raiseExpat(t, p, XML_GetErrorCode(p.parser));
  if (!flushText(t, p)) return Error{};
  return makeInt(status);
}

class Parsing {
 public:
  explicit Parsing(XmlParserObject& p) : p_(p) { p.parsing = true; }
  ~Parsing() { p_.parsing = false; }

 private:
  XmlParserObject& p_;
};
Result<void> requireOutside(Thread& t, const XmlParserObject& p) {
  if (!p.parsing) return {};
  return t.raise(kRuntimeError, "cannot parse more from within a handler");
}

Ref<XmlParserObject> newParser(XML_Parser parser) {
  Ref<XmlParserObject> p = make<XmlParserObject>(&xmlParserType);
  p->parser = parser;
  p->text = new std::string;
  p->bufferSize = kDefaultBuffer;
  p->deferring = true;
  XML_SetUserData(parser, p.get());
  return p;
}

}  // namespace

// ---- life ----

void xmlParser_dealloc(Object* o) {
  gcUntrack(o);
  auto* p = static_cast<XmlParserObject*>(o);
  if (p->parser) XML_ParserFree(p->parser);
  delete p->text;
  clearField(p->intern);
  for (Value& h : p->handlers) clearField(h);
  clearField(p->parent);  // after its part was freed
  freeObject(o);
}
void xmlParser_traverse(Object* o, Visitor& v) {
  auto* p = static_cast<XmlParserObject*>(o);
  v(p->intern);
  v(p->parent);
  for (Value h : p->handlers) v(h);
}
void xmlParser_clear(Object* o) {
  auto* p = static_cast<XmlParserObject*>(o);
  for (u8 i = 0; i < kXmlHandlers; i++) {
    clearField(p->handlers[i]);
    if (p->parser) install(*p, XmlHandler(i));
  }
  clearField(p->intern);
}

Result<Ref<>> pyexpat_ParserCreate(Thread& t, Str* encoding, Str* separator, Value intern) {
  std::string encodingName, separatorText;
  if (encoding) encodingName = TRY(utf8(t, encoding));
  if (separator) separatorText = TRY(utf8(t, separator));
  if (separatorText.size() > 1)
    return t.raise(kValueError,
                   "namespace_separator must be at most one character, omitted, or None");
  Ref<> names;
  if (!intern)
    names = Ref<>(newDict());
  else if (isDict(intern))
    names = retain(intern);
  else if (!isNone(intern))
    return t.raise(kTypeError, "intern must be a dictionary");
  XML_Parser parser = XML_ParserCreate_MM(encoding ? encodingName.c_str() : nullptr, nullptr,
                                          separator ? separatorText.c_str() : nullptr);
  if (!parser) return t.raiseMemory();
  XML_SetHashSalt(parser, hashKey().k0 | 1);
  XML_SetUnknownEncodingHandler(parser, onUnknownEncoding, nullptr);
  Ref<XmlParserObject> p = newParser(parser);
  p->intern = names.release();
  gcTrack(p.get());
  return p;
}
Result<Ref<>> pyexpat_ErrorString(Thread&, i64 code) {
  return text(code == i32(code) ? XML_ErrorString(XML_Error(code)) : nullptr);
}

// ---- parsing ----

Result<Ref<>> xmlParser_Parse(Thread& t, XmlParserObject& self, Value data, bool isFinal) {
  TRY(requireOutside(t, self));
  Buffer buffer;
  std::string_view bytes;
  Ref<> hold = retain(data);
  if (isStr(data)) {
    bytes = TRY(utf8(t, data.as<Str>()));
    (void)XML_SetEncoding(self.parser, "utf-8");
  } else {
    TRY(Buffer::get(t, data, &buffer));
    bytes = buffer.bytes();
  }
  Ref<> alive = retain(&self);
  Parsing parsing(self);
  int status = XML_STATUS_OK;
  // The library counts in ints.
  while (i64(bytes.size()) > kChunk && status == XML_STATUS_OK) {
    status = XML_Parse(self.parser, bytes.data(), int(kChunk), false);
    bytes.remove_prefix(size_t(kChunk));
    if (t.hasException()) return Error{};
  }
  if (status == XML_STATUS_OK)
    status = XML_Parse(self.parser, bytes.data(), int(bytes.size()), isFinal);
  return parseResult(t, self, status);
}
Result<Ref<>> xmlParser_ParseFile(Thread& t, XmlParserObject& self, Value file) {
  TRY(requireOutside(t, self));
  Ref<> read, alive = retain(&self);
  if (!TRY(lookupAttr(t, file, DX_NAME("read"), &read)))
    return t.raise(kTypeError, "argument must have 'read' attribute");
  for (;;) {
    Ref<> data = TRY(callWith(t, read, makeInt(kReadSize)));
    Buffer buffer;
    if (!isBytes(data) && !isInstanceOf(data, &PyByteArray_Type))
      return t.raise(kTypeError, "read() did not return a bytes object (type={})", typeOf(data));
    TRY(Buffer::get(t, data, &buffer));
    if (buffer.size() > kReadSize)
      return t.raise(kValueError, "read() returned too much data: {} bytes requested, {} returned",
                     kReadSize, buffer.size());
    Parsing parsing(self);
    int status =
        XML_Parse(self.parser, buffer.bytes().data(), int(buffer.size()), buffer.size() == 0);
    if (t.hasException()) return Error{};
    if (status == XML_STATUS_ERROR || buffer.size() == 0) return parseResult(t, self, status);
  }
}
Result<void> xmlParser_SetBase(Thread& t, XmlParserObject& self, Str& base) {
  std::string s(TRY(utf8(t, &base)));
  if (!XML_SetBase(self.parser, s.c_str())) return t.raiseMemory();
  return {};
}
Result<Ref<>> xmlParser_GetBase(Thread&, XmlParserObject& self) {
  return text(XML_GetBase(self.parser));
}
Result<Ref<>> xmlParser_GetInputContext(Thread&, XmlParserObject& self) {
  if (!self.inHandler) return noneRef();
  int offset, size;
  const char* context = XML_GetInputContext(self.parser, &offset, &size);
  if (!context) return noneRef();
  return makeBytes({context + offset, size_t(size - offset)});
}
Result<Ref<>> xmlParser_ExternalEntityParserCreate(Thread& t, XmlParserObject& self, Str* context,
                                                   Str* encoding) {
  std::string contextText, encodingName;
  if (context) contextText = TRY(utf8(t, context));
  if (encoding) encodingName = TRY(utf8(t, encoding));
  XML_Parser parser =
      XML_ExternalEntityParserCreate(self.parser, context ? contextText.c_str() : nullptr,
                                     encoding ? encodingName.c_str() : nullptr);
  if (!parser) return t.raiseMemory();
  Ref<XmlParserObject> p = newParser(parser);
  p->intern = retain(self.intern).release();
  p->parent = retain(Value(&self)).release();
  p->bufferSize = self.bufferSize;
  p->buffered = self.buffered;
  p->ordered = self.ordered;
  p->specifiedOnly = self.specifiedOnly;
  p->namespacePrefixes = self.namespacePrefixes;
  p->deferring = self.deferring;
  for (u8 i = 0; i < kXmlHandlers; i++) {
    p->handlers[i] = retain(self.handlers[i]).release();
    if (p->handlers[i]) install(*p, XmlHandler(i));
  }
  gcTrack(p.get());
  return p;
}
Result<Ref<>> xmlParser_SetParamEntityParsing(Thread&, XmlParserObject& self, i32 flag) {
  return makeInt(XML_SetParamEntityParsing(self.parser, XML_ParamEntityParsing(flag)));
}
Result<void> xmlParser_UseForeignDTD(Thread& t, XmlParserObject& self, bool flag) {
  XML_Error code = XML_UseForeignDTD(self.parser, flag);
  if (code != XML_ERROR_NONE) return raiseExpat(t, self, code);
  return {};
}
Result<void> xmlParser_SetBillionLaughsAttackProtectionActivationThreshold(Thread& t,
                                                                           XmlParserObject& self,
                                                                           Value threshold) {
  Ref<> n = TRY(toIndex(t, threshold));
  u64 bytes;
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  if (!intToU64(n, &bytes))
    return t.raise(kOverflowError, "Python int too large for C unsigned long long");
  if (!XML_SetBillionLaughsAttackProtectionActivationThreshold(self.parser, bytes))
    return t.raise(gError, "parser must be a root parser");
  return {};
}
Result<void> xmlParser_SetBillionLaughsAttackProtectionMaximumAmplification(Thread& t,
                                                                            XmlParserObject& self,
                                                                            double factor) {
  if (XML_SetBillionLaughsAttackProtectionMaximumAmplification(self.parser, float(factor)))
    return {};
  return t.raise(
      gError, self.parent ? "parser must be a root parser" : "'max_factor' must be at least 1.0");
}
Result<void> xmlParser_SetReparseDeferralEnabled(Thread&, XmlParserObject& self, bool on) {
  if (XML_SetReparseDeferralEnabled(self.parser, on)) self.deferring = on;
  return {};
}
Result<bool> xmlParser_GetReparseDeferralEnabled(Thread&, XmlParserObject& self) {
  return self.deferring;
}

// ---- attributes ----

#define DX_NUMBER(name, expression)                                    \
  Result<Ref<>> xmlParser_get_##name(Thread&, XmlParserObject& self) { \
    return makeInt(i64(expression));                                   \
  }
DX_NUMBER(ErrorCode, XML_GetErrorCode(self.parser))
DX_NUMBER(ErrorLineNumber, XML_GetErrorLineNumber(self.parser))
DX_NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber(self.parser))
DX_NUMBER(ErrorByteIndex, XML_GetErrorByteIndex(self.parser))
DX_NUMBER(CurrentLineNumber, XML_GetCurrentLineNumber(self.parser))
DX_NUMBER(CurrentColumnNumber, XML_GetCurrentColumnNumber(self.parser))
DX_NUMBER(CurrentByteIndex, XML_GetCurrentByteIndex(self.parser))
DX_NUMBER(buffer_used, self.text->size())
DX_NUMBER(buffer_size, self.bufferSize)
#undef DX_NUMBER

static Result<bool> flagValue(Thread& t, Value v) {
  if (!v) return t.raise(kRuntimeError, "Cannot delete attribute");
  return isTrue(t, v);
}
#define DX_FLAG(name, field, after)                                              \
  Result<Ref<>> xmlParser_get_##name(Thread&, XmlParserObject& self) {           \
    return boolRef(self.field);                                                  \
  }                                                                              \
  Result<void> xmlParser_set_##name(Thread& t, XmlParserObject& self, Value v) { \
    bool on = TRY(flagValue(t, v));                                              \
    self.field = on;                                                             \
    after;                                                                       \
    return {};                                                                   \
  }
DX_FLAG(namespace_prefixes, namespacePrefixes, XML_SetReturnNSTriplet(self.parser, on))
DX_FLAG(ordered_attributes, ordered, (void)0)
DX_FLAG(specified_attributes, specifiedOnly, (void)0)
DX_FLAG(buffer_text, buffered, if (!on && !flushText(t, self)) return Error{})
#undef DX_FLAG

Result<void> xmlParser_set_buffer_size(Thread& t, XmlParserObject& self, Value v) {
  if (!v) return t.raise(kRuntimeError, "Cannot delete attribute");
  if (!isInt(v)) return t.raise(kTypeError, "buffer_size must be an integer");
  i64 size;
  if (!intToI64(v, &size))
    return t.raise(kOverflowError, "Python int too large to convert to C long");
  if (size == self.bufferSize) return {};
  if (size <= 0) return t.raise(kValueError, "buffer_size must be greater than zero");
  if (size > INT32_MAX)
    return t.raise(kValueError, "buffer_size must not be greater than {}", INT32_MAX);
  if (!flushText(t, self)) return Error{};
  self.bufferSize = size;
  return {};
}

static Result<void> setHandler(Thread& t, XmlParserObject& self, XmlHandler which, Value v) {
  if (!v) return t.raise(kRuntimeError, "Cannot delete attribute");
  // Text that came before goes to the handler it came for.
  if (which == kCharacterData && !flushText(t, self)) return Error{};
  setField(self.handlers[which], isNone(v) ? Ref<>() : retain(v));
  install(self, which);
  return {};
}
#define DX_HANDLER(name, which)                                                  \
  Result<Ref<>> xmlParser_get_##name(Thread&, XmlParserObject& self) {           \
    return self.handlers[which] ? retain(self.handlers[which]) : noneRef();      \
  }                                                                              \
  Result<void> xmlParser_set_##name(Thread& t, XmlParserObject& self, Value v) { \
    return setHandler(t, self, which, v);                                        \
  }
DX_HANDLER(StartElementHandler, kStartElement)
DX_HANDLER(EndElementHandler, kEndElement)
DX_HANDLER(ProcessingInstructionHandler, kProcessingInstruction)
DX_HANDLER(CharacterDataHandler, kCharacterData)
DX_HANDLER(UnparsedEntityDeclHandler, kUnparsedEntityDecl)
DX_HANDLER(NotationDeclHandler, kNotationDecl)
DX_HANDLER(StartNamespaceDeclHandler, kStartNamespaceDecl)
DX_HANDLER(EndNamespaceDeclHandler, kEndNamespaceDecl)
DX_HANDLER(CommentHandler, kComment)
DX_HANDLER(StartCdataSectionHandler, kStartCdataSection)
DX_HANDLER(EndCdataSectionHandler, kEndCdataSection)
DX_HANDLER(DefaultHandler, kDefault)
DX_HANDLER(DefaultHandlerExpand, kDefaultExpand)
DX_HANDLER(NotStandaloneHandler, kNotStandalone)
DX_HANDLER(ExternalEntityRefHandler, kExternalEntityRef)
DX_HANDLER(StartDoctypeDeclHandler, kStartDoctypeDecl)
DX_HANDLER(EndDoctypeDeclHandler, kEndDoctypeDecl)
DX_HANDLER(EntityDeclHandler, kEntityDecl)
DX_HANDLER(XmlDeclHandler, kXmlDecl)
DX_HANDLER(ElementDeclHandler, kElementDecl)
DX_HANDLER(AttlistDeclHandler, kAttlistDecl)
DX_HANDLER(SkippedEntityHandler, kSkippedEntity)
#undef DX_HANDLER

// ---- module ----

namespace {

struct ErrorName {
  const char* name;
  int code;
};
#define DX_ERROR(name) {"XML_ERROR_" #name, XML_ERROR_##name}
constexpr ErrorName kErrors[] = {DX_ERROR(NO_MEMORY),
                                 DX_ERROR(SYNTAX),
                                 DX_ERROR(NO_ELEMENTS),
                                 DX_ERROR(INVALID_TOKEN),
                                 DX_ERROR(UNCLOSED_TOKEN),
                                 DX_ERROR(PARTIAL_CHAR),
                                 DX_ERROR(TAG_MISMATCH),
                                 DX_ERROR(DUPLICATE_ATTRIBUTE),
                                 DX_ERROR(JUNK_AFTER_DOC_ELEMENT),
                                 DX_ERROR(PARAM_ENTITY_REF),
                                 DX_ERROR(UNDEFINED_ENTITY),
                                 DX_ERROR(RECURSIVE_ENTITY_REF),
                                 DX_ERROR(ASYNC_ENTITY),
                                 DX_ERROR(BAD_CHAR_REF),
                                 DX_ERROR(BINARY_ENTITY_REF),
                                 DX_ERROR(ATTRIBUTE_EXTERNAL_ENTITY_REF),
                                 DX_ERROR(MISPLACED_XML_PI),
                                 DX_ERROR(UNKNOWN_ENCODING),
                                 DX_ERROR(INCORRECT_ENCODING),
                                 DX_ERROR(UNCLOSED_CDATA_SECTION),
                                 DX_ERROR(EXTERNAL_ENTITY_HANDLING),
                                 DX_ERROR(NOT_STANDALONE),
                                 DX_ERROR(UNEXPECTED_STATE),
                                 DX_ERROR(ENTITY_DECLARED_IN_PE),
                                 DX_ERROR(FEATURE_REQUIRES_XML_DTD),
                                 DX_ERROR(CANT_CHANGE_FEATURE_ONCE_PARSING),
                                 DX_ERROR(UNBOUND_PREFIX),
                                 DX_ERROR(UNDECLARING_PREFIX),
                                 DX_ERROR(INCOMPLETE_PE),
                                 DX_ERROR(XML_DECL),
                                 DX_ERROR(TEXT_DECL),
                                 DX_ERROR(PUBLICID),
                                 DX_ERROR(SUSPENDED),
                                 DX_ERROR(NOT_SUSPENDED),
                                 DX_ERROR(ABORTED),
                                 DX_ERROR(FINISHED),
                                 DX_ERROR(SUSPEND_PE),
                                 DX_ERROR(RESERVED_PREFIX_XML),
                                 DX_ERROR(RESERVED_PREFIX_XMLNS),
                                 DX_ERROR(RESERVED_NAMESPACE_URI),
                                 DX_ERROR(INVALID_ARGUMENT),
                                 DX_ERROR(NO_BUFFER),
                                 DX_ERROR(AMPLIFICATION_LIMIT_BREACH)};
#undef DX_ERROR

Ref<Module> subModule(Thread& t, Module& parent, const char* name, const char* doc) {
  std::string full = std::string("pyexpat.") + name;
  Ref<Module> m = newModule(internImmortal(full));
  moduleSet(*m, "__doc__", makeAscii(doc));
  dictSetStr(t.interp->modules, internImmortal(full), m);
  moduleSet(parent, name, m);
  return m;
}

}  // namespace

Result<void> pyexpat_exec(Thread& t, Module& module) {
  if (!gError)
    gError = TRY(newExceptionClass(t, "xml.parsers.expat", "ExpatError", kException)).release();
  moduleSet(module, "ExpatError", gError);
  moduleSet(module, "error", gError);
  moduleSet(module, "XMLParserType", &xmlParserType);
  moduleSet(module, "EXPAT_VERSION", makeAscii(XML_ExpatVersion()));
  XML_Expat_Version v = XML_ExpatVersionInfo();
  moduleSet(module, "version_info", tupleOf(makeInt(v.major), makeInt(v.minor), makeInt(v.micro)));
  moduleSet(module, "native_encoding", makeAscii("UTF-8"));
  moduleSet(module, "XML_PARAM_ENTITY_PARSING_NEVER", makeInt(int(XML_PARAM_ENTITY_PARSING_NEVER)));
  moduleSet(module, "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE",
            makeInt(int(XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)));
  moduleSet(module, "XML_PARAM_ENTITY_PARSING_ALWAYS",
            makeInt(int(XML_PARAM_ENTITY_PARSING_ALWAYS)));
  Ref<List> features = newList();
  for (const XML_Feature* f = XML_GetFeatureList(); f && f->feature != XML_FEATURE_END; f++)
    listAppend(features, Ref<>(tupleOf(text(f->name), makeInt(i64(f->value)))));
  moduleSet(module, "features", features);

  Ref<Module> errors =
      subModule(t, module, "errors", "Constants used to describe error conditions.");
  Ref<Dict> codes = newDict(), messages = newDict();
  for (const ErrorName& e : kErrors) {
    Ref<> message = text(XML_ErrorString(XML_Error(e.code))), code = makeInt(e.code);
    moduleSet(*errors, e.name, message);
    TRY(dictSet(t, codes, message, code));
    TRY(dictSet(t, messages, code, message));
  }
  moduleSet(*errors, "codes", codes);
  moduleSet(*errors, "messages", messages);
  Ref<Module> model =
      subModule(t, module, "model", "Constants used to interpret content model information.");
  constexpr std::pair<const char*, int> kModel[] = {
      {"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY},   {"XML_CTYPE_ANY", XML_CTYPE_ANY},
      {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},   {"XML_CTYPE_NAME", XML_CTYPE_NAME},
      {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
      {"XML_CQUANT_NONE", XML_CQUANT_NONE},   {"XML_CQUANT_OPT", XML_CQUANT_OPT},
      {"XML_CQUANT_REP", XML_CQUANT_REP},     {"XML_CQUANT_PLUS", XML_CQUANT_PLUS}};
  for (auto [name, value] : kModel) moduleSet(*model, name, makeInt(value));
  return {};
}

}  // namespace dx
