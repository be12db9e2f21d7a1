"""Mako: expressions, control, defs, blocks, inheritance, namespaces, filters, caching, errors, generated code."""
import os
import re
import sys
import tempfile
from io import StringIO

from mako import exceptions, filters
from mako.lexer import Lexer
from mako.lookup import TemplateLookup
from mako.runtime import Context, capture, supports_caller
from mako.template import Template

print(Template("hello ${name}! ${1 + 1} ${{'a': [1, 2]}['a'][0]} ${'<b>' | h} ${' x ' | trim,h} ${'a b/ü' | u} ${'é' | entity} ${x | n,str}").render(name="world",
    x=[1]))
print(Template("""\
## a comment
<%doc>
  never shown
</%doc>
<%
    squares = [i * i for i in range(5)]
    def twice(s):
        return s * 2
%>
<%!
    import math
    def shout(text):
        return text.upper() + "!"
%>
% for i in squares:
    % if i % 2:
odd ${i}\\
    % elif i == 0:
zero \\
    % else:
even ${i} (${loop.index}, ${loop.even}, ${loop.first}, ${loop.last}, ${loop.cycle('a', 'b')}, ${loop.reverse_index})
    % endif
% endfor
%% not control, ${twice('ab')} ${math.floor(2.7)} ${'x' | shout}
% while squares:
${squares.pop()}<% if len(squares) == 2: break %>
% endwhile
% try:
    ${1 / 0}
% except ZeroDivisionError as e:
caught ${e}
% endtry
% with open('/dev/null') as f:
${f.read() == ''}
% endwith
<%text filter="h">
  ${not evaluated} <raw>
</%text>
% for a in [[1, 2], [3]]:
% for b in a:
${loop.parent.index}.${loop.index}=${b} \\
% endfor
% endfor
""").render())

lookup = TemplateLookup(strict_undefined=False, imports=["from os.path import basename"],
    default_filters=["str"])
for name, text in {
    "base.html": """\
<%page args="title='Base'"/>
<html><head>${self.head()}</head>
<%block name="top">base top ${pageargs.get('title')}</%block> ${title}
${next.body()}
<%block filter="h">anonymous & escaped</%block>
% if hasattr(self, 'extra'):
[${self.extra()}]
% endif
${self.attr.setting} ${parent is UNDEFINED}
<%def name="head()">base head</%def>
<%! setting = 'base setting' %>
</html>""",
    "middle.html": """\
<%inherit file="base.html"/>
<%block name="top">middle top, ${parent.top()}</%block>
<div>${next.body()}</div>
<%def name="extra()">extra of middle</%def>""",
    "page.html": """\
<%inherit file="middle.html"/>
<%namespace name="tools" file="tools.html"/>
<%namespace file="tools.html" import="bold, *"/>
<%! setting = 'page setting' %>
<%def name="head()">page head + ${parent.head()}</%def>
${tools.bold('x < y')} ${italic('z')} ${basename('/a/b')}
<%tools:box title="A ${str(1 + 1)}" width="${3}">content ${caller is UNDEFINED}</%tools:box>
<%call expr="tools.table([[1, 2], [3]])" args="row">
  <%def name="header()">a header</%def>
  row ${row}
</%call>
<%include file="included.html" args="n=5"/>
<%self:local word="yes"/>
<%def name="local(word)">local ${word} ${context.get('user', 'nobody')} ${sorted(k for k in context.keys() if k in ('user', 'page'))}</%def>
<%def name="buffered()" buffered="True" filter="trim">   buffered   </%def>
<%def name="outer()"><%def name="inner(q)">inner ${q}</%def>${inner(1)}${capture(inner, 2)}</%def>
|${buffered()}| ${outer()} ${capture(lambda: context.write('captured')) | h}""",
    "tools.html": """\
<%def name="bold(text)"><b>${text | h}</b></%def>
<%def name="italic(text)"><i>${text}</i></%def>
<%def name="box(title, width=1)">[${title}:${width}|${caller.body()}]</%def>
<%def name="table(rows)">${caller.header()}
% for row in rows:
${caller.body(row=row)}
% endfor
</%def>""",
    "included.html": """<%page args="n, m=2"/>included ${n * m} ${user}""",
    "bad.html": "line 1\nline 2 ${1 / 0}\nline 3\n",
    "calls.html": "\n\n<%include file='bad.html'/>\n",
}.items():
    lookup.put_string(name, text)
print(lookup.get_template("page.html").render(user="Ann"))
print(lookup.get_template("page.html").get_def("local").render(word="alone"),
    lookup.get_template("tools.html").list_defs(), lookup.has_template("no.html"),
    lookup.adjust_uri("x.html", "/a/b.html"))

buffer = StringIO()
lookup.get_template("included.html").render_context(Context(buffer, user="ctx"), n=1)
print(buffer.getvalue(), type(Template("${x}").render_unicode(x="é")).__name__,
    Template("${x}", output_encoding="latin-1", encoding_errors="xmlcharrefreplace").render(x="é世"))


@supports_caller
def native(context):
    context.write("<")
    context["caller"].body()
    context.write(">")
    return ""


print(Template('<%namespace name="n" module="__main__"/><%n:native>body</%n:native>').render())
print(Template("<%def name='f()' decorator='deco'>inside</%def><%!\ndef deco(fn):\n    def go(context, *args, **kw):\n        context.write('[')\n        fn(*args, **kw)\n        context.write(']')\n        return ''\n    return go\n%>${f()}").render())
print(Template("${x} ${y | n}", default_filters=["h"]).render(x="<", y="<"),
    Template("${a()}<%def name='a()'>${self.name} ${local.name}</%def>").render())
print(Template("<%page expression_filter='upper'/><%! upper = lambda s: str(s).upper() %>${'abc'} ${'def' | n}").render(),
    Template("a<% return %>b").render(),
    Template("${context.lookup is None} ${'%s' % (1,)} ${f'{1:03}'} ${{1: 2}.get(1)} ${'}'}").render())

# Errors.
for text in ("${x", "<%def name='f()'>", "% if x:\n", "% endfor\n", "${1 +}", "<%nope/>", "<%def>x</%def>",
    "</%def>", "<% x = %>", "<%block name='a'/><%block name='a'/>", "% for x in y\n% endfor\n", "<%include/>",
    "<%inherit file='x' bad='y'/>", "<%def name='f'>x</%def>", "% if 1:\nx\n% endwhile\n", "<%namespace/>",
    "<%page args='a b'/>", "<%text>", "${'a' | }"):
    try:
        print(repr(text), repr(Template(text).render()))
    except (exceptions.SyntaxException, exceptions.CompileException) as error:
        print(repr(text), type(error).__name__, re.sub(r"memory:0x\w+", "MEMORY", str(error)), error.lineno,
            error.pos)
    except Exception as error:
        print(repr(text), type(error).__name__, error)
for text, strict in (("${missing}", False), ("${missing}", True), ("${missing.attribute}", False),
    ("${x.y}", False)):
    try:
        print(Template(text, strict_undefined=strict).render(x=1))
    except (NameError, AttributeError) as error:
        print(type(error).__name__, error)
try:
    lookup.get_template("nothing.html")
except exceptions.TopLevelLookupException as error:
    print(type(error).__name__, error)
try:
    lookup.get_template("calls.html").render(user=1)
except ZeroDivisionError:
    report = exceptions.text_error_template(lookup=None).render_unicode()
    lines = [line for line in report.splitlines() if "memory:" not in line or "html" in line]
    print("\n".join(line for line in lines if "site-packages" not in line and "mako/" not in line and "packages" not in line)[-700:])
    trace = exceptions.RichTraceback()
    print(trace.lineno, trace.errorname, trace.message, [(r[4], r[5], r[6]) for r in trace.records if r[4]],
        next(iter(trace.reverse_records))[5])
    html = exceptions.html_error_template().render_unicode(full=False, css=False)
    print(len(html) > 500, "ZeroDivisionError" in html,
        re.findall(r'class="highlight">(.*?)</div>', html)[:1])
print("ZeroDivisionError" in str(Template("${1/0}", format_exceptions=True).render()))
handled = Template("before ${1/0} after", error_handler=lambda context,
    error: context.write(f"handled {error}") or True)
print(handled.render())

# The parsed tree, the generated module, files.
print(Lexer("a ${b | h}\n% if c:\n<%def name='d()'>e</%def>\n% endif\n").parse())
print(re.sub(r"_modified_time = .*|_template_uri = .*", "",
    Template("<%def name='d(x=1)'>${x}</%def>\n% for i in y:\n${d(i)}\n% endfor\n", uri="t").code))
with tempfile.TemporaryDirectory() as folder:
    os.mkdir(os.path.join(folder, "pages"))
    for name, text in (("pages/a.mako", "A <%include file='b.mako'/> ${x}"),
        ("pages/b.mako", "# -*- coding: utf-8 -*-\nB é")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    for _ in range(2):
        files = TemplateLookup([os.path.join(folder, "pages")],
            module_directory=os.path.join(folder, "modules"), collection_size=1, input_encoding="utf-8")
        print(files.get_template("a.mako").render(x=1), files.get_template("/b.mako").uri,
            sorted(os.listdir(os.path.join(folder, "modules")))[0])
    sys.modules.pop("a_mako", None)
    print(files.filename_to_uri(os.path.join(folder, "pages/a.mako")))
print(filters.html_escape("<'\">&"), filters.url_escape("a b&c"), filters.decode.utf8(b"\xc3\xa9"),
    filters.htmlentityreplace_errors.__name__, "é<".encode("ascii", "htmlentityreplace"),
    filters.html_entities_unescape("&eacute;&#65;&lt;"))
