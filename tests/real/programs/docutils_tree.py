"""docutils as a library: parts, own directives, roles, transforms, visitors; document trees."""
import io

from docutils import frontend, nodes, utils
from docutils.core import publish_doctree, publish_from_doctree, publish_parts, publish_programmatically
from docutils import io as docutils_io
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.transforms import Transform
from docutils.utils import smartquotes

QUIET = {"warning_stream": io.StringIO(), "output_encoding": "unicode"}


class Shelf(Directive):
    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"size": directives.nonnegative_int, "kind": lambda text: directives.choice(
        text, ("wood", "steel")), "class": directives.class_option, "flag": directives.flag}

    def run(self):
        title = nodes.paragraph(text=f"Shelf {self.arguments}, options {sorted(self.options.items())}")
        body = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, body)
        return [title, body]


def planet(name, rawtext, text, lineno, inliner, options=None, content=None):
    if text == "Pluto":
        message = inliner.reporter.error("Pluto is no planet", line=lineno)
        return [inliner.problematic(rawtext, rawtext, message)], [message]
    return [nodes.emphasis(rawtext, text, classes=["planet"])], []


directives.register_directive("shelf", Shelf)
roles.register_local_role("planet", planet)

text = """\
Title
=====

Sub
---

A :planet:`Mars` and a :planet:`Pluto`.

.. shelf:: first second third
   :size: 3
   :kind: steel
   :class: One two
   :flag:

   * content
   * of the shelf

.. shelf:: bad
   :size: -1

.. shelf::

.. shelf:: x
   :kind: glass

.. shelf:: y
   :unknown: 1
"""
tree = publish_doctree(text, source_path="t.rst", settings_overrides=QUIET)
print(tree.pformat())
print(QUIET["warning_stream"].getvalue())

# Walking and changing a tree.
print([node.tagname for node in tree.findall(nodes.Element)])
print([(node.astext(), node.parent.tagname) for node in tree.findall(nodes.Text)][:4])
for node in list(tree.findall(nodes.bullet_list)):
    node.replace_self(nodes.paragraph("", "", nodes.strong(text="replaced"), nodes.Text(" list")))
for node in list(tree.findall(nodes.system_message)):
    node.parent.remove(node)
print(tree["ids"], tree.children[0].tagname, tree[0].astext(), tree.index(tree[-1]))


class Counter(nodes.SparseNodeVisitor):
    def __init__(self, document):
        super().__init__(document)
        self.counts, self.path = {}, []

    def visit_paragraph(self, node):
        self.counts["paragraph"] = self.counts.get("paragraph", 0) + 1
        self.path.append(node.astext()[:12])

    def depart_emphasis(self, node):
        self.counts["left emphasis"] = self.counts.get("left emphasis", 0) + 1

    def visit_strong(self, node):
        raise nodes.SkipNode


counter = Counter(tree)
tree.walkabout(counter)
print(counter.counts, counter.path)
print(publish_from_doctree(tree, writer="pseudoxml", settings_overrides=QUIET))
print(tree.asdom().toxml()[:300])

parts = publish_parts("Title\n=====\n\nSub\n---\n\nText *with* ``code``.\n", writer="html5",
                      settings_overrides={**QUIET, "initial_header_level": 2})
for name in ("title", "subtitle", "body", "html_body", "fragment"):
    print(name, repr(parts[name]))
print(sorted(parts))


class Upper(Transform):
    default_priority = 500

    def apply(self):
        for node in list(self.document.findall(nodes.Text)):
            node.parent.replace(node, nodes.Text(node.upper()))


def parse(source):
    settings = frontend.get_default_settings(Parser)
    settings.report_level = settings.halt_level = 5
    document = utils.new_document("own.rst", settings)
    Parser().parse(source, document)
    return document


document = parse("Some *text* here.\n\n- a\n- b\n")
Upper(document).apply()
print(document.pformat())
print(utils.column_width("aé世"), utils.normalize_language_tag("de_AT-1901"), nodes.make_id("Ä Title, 1!"),
      nodes.fully_normalize_name("  A  b\nC "), nodes.whitespace_normalize_name(" a \n b"))
print(list(smartquotes.educate_tokens([("plain", '"It\'s" -- "so" ... 1/2')], attr="qDe", language="de")))
print(document.deepcopy().pformat() == document.pformat(), nodes.paragraph(ids=["a"], classes=["b", "c"]))
for changed in ({"halt_level": 2}, {"report_level": 5}):
    try:
        publish_programmatically(
            source_class=docutils_io.StringInput, source="*open\n", source_path="x.rst",
            destination_class=docutils_io.StringOutput, destination=None, destination_path=None,
            reader=None, reader_name="standalone", parser=None, parser_name="restructuredtext",
            writer=None, writer_name="null", settings=None, settings_spec=None,
            settings_overrides={**QUIET, "traceback": True, **changed}, config_section=None,
            enable_exit_status=False)
        print("done", changed)
    except utils.SystemMessage as error:
        print(type(error).__name__, error, error.level)
