// Objects of the module pyexpat.
#pragma once
#define XML_DTD  // the library is built with it, and some of its functions are declared only then
#include <expat.h>

#include "runtime/api.h"

namespace dx {

enum XmlHandler : u8 {
  kStartElement,
  kEndElement,
  kProcessingInstruction,
  kCharacterData,
  kUnparsedEntityDecl,
  kNotationDecl,
  kStartNamespaceDecl,
  kEndNamespaceDecl,
  kComment,
  kStartCdataSection,
  kEndCdataSection,
  kDefault,
  kDefaultExpand,
  kNotStandalone,
  kExternalEntityRef,
  kStartDoctypeDecl,
  kEndDoctypeDecl,
  kEntityDecl,
  kXmlDecl,
  kElementDecl,
  kAttlistDecl,
  kSkippedEntity,
  kXmlHandlers
};

struct XmlParserObject : Object {
  XML_Parser parser;
  Value intern;                  // dict of strings to themselves, or empty
  Value parent;                  // parser of the document that this entity belongs to, or empty
  Value handlers[kXmlHandlers];  // empty: none
  std::string* text;             // character data that waits, as UTF-8
  i64 bufferSize;
  bool buffered, ordered, specifiedOnly, namespacePrefixes, deferring, inHandler, parsing;
};

}  // namespace dx
