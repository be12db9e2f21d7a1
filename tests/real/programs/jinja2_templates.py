"""Jinja2: inheritance, macros, includes, loops, filters, tests, whitespace, escaping, errors."""
from jinja2 import (BaseLoader, ChainableUndefined, ChoiceLoader, DebugUndefined, DictLoader, Environment,
                    FunctionLoader, PrefixLoader, StrictUndefined, Template, TemplateNotFound,
                    TemplateSyntaxError, Undefined, UndefinedError, make_logging_undefined,
                    pass_context, pass_environment, pass_eval_context, select_autoescape)
from markupsafe import Markup, escape

pages = {
    "base.html": """<!doctype html>
<title>{% block title %}Base{% endblock %}</title>
{% block head scoped %}{% endblock head %}
<ul>{% for item in menu %}{% block item scoped %}<li>{{ loop.index }} {{ item }}</li>{% endblock %}{% endfor %}</ul>
{% block body required %}{% endblock %}
{%- block footer %}
<footer>{{ self.title() }}</footer>
{% endblock %}""",
    "middle.html": """{% extends "base.html" %}
{% block title %}Middle of {{ super() }}{% endblock %}""",
    "page.html": """{% extends layout|default("middle.html") %}
{% import "macros.html" as m with context %}
{% from "macros.html" import link as anchor, table %}
{% block title %}Page / {{ super() }}{% endblock %}
{% block item %}<li class="{{ loop.cycle('odd', 'even') }}">{{ item|title }}{{ "," if not loop.last }}</li>{% endblock %}
{% block body %}
{{ m.field("name", value="<x>", class="wide", data_x=1) }}
{{ anchor("a & b", "/x?y=1&z=2") }}
{% call(row) table([[1, 2], [3, 4]]) %}<b>{{ row|join("+") }}={{ row|sum }}</b>{% endcall %}
{% include "note.html" %}
{% include ["missing.html", "note.html"] without context %}
{% include "missing.html" ignore missing %}
{% endblock %}""",
    "macros.html": """
{%- macro field(name, value="", type="text") -%}
<input name="{{ name }}" type="{{ type }}" value="{{ value }}"{{ kwargs|xmlattr }}> {{ caller is defined }} {{ user }}
{%- endmacro %}
{% macro link(text, target) %}<a href="{{ target }}">{{ text }}</a>{{ varargs }}{% endmacro %}
{% macro table(rows) %}<table>{% for row in rows %}<tr>{{ caller(row) }}</tr>{% endfor %}</table>{% endmacro %}
{% macro _hidden() %}{% endmacro %}""",
    "note.html": "[note for {{ user|default('nobody') }}]",
}
env = Environment(loader=DictLoader(pages), autoescape=select_autoescape(), trim_blocks=True,
                  extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.debug"])
context = {"menu": ["home", "about us", "<else>"], "user": "Ann & Bob"}
print(env.get_template("page.html").render(context))
print(env.get_template("page.html").render(context, layout=env.get_template("base.html")))
print(sorted(env.list_templates()), env.get_template("macros.html").module.link("t", "u", 3))

# One expression each: what the template language computes.
expressions = """
1 + 2 * 3 ** 2 // 4 % 5 | "a" ~ 1 ~ none | 7 / 2 | not true or false and x | 1 < 2 < 3 == 3 | 3 in [1, 2, 3]
{"a": [1, (2, 3)], "b": {}}.a[1][0] | "abc"[1:] ~ "abc"[::-1] | (1,) | [1, 2,][0] | "%s-%03d" % ("a", 7)
"a" if x is defined else "b" | 5 is odd | 6 is divisibleby 3 | "x" is in "xyz" | x is undefined | none is none
[1, 2] is iterable and {} is mapping and "" is string | 1.5 is float and 1 is integer and true is boolean
"abc" is lower and "ABC" is upper | 3 is gt 2 and 3 is sameas 3 | "b" is filter("upper") | "upper" is filter
range(5)|list | range(10, 0, -3)|list | dict(a=1, b=2).items()|list | lipsum is callable | cycler("a", "b").next()
"hello world"|capitalize | "hello world"|title | "Hello"|upper|lower|center(11)|replace(" ", ".") | "abc"|reverse
["b", "A", "c"]|sort | ["b", "A", "c"]|sort(case_sensitive=true, reverse=true) | [3, 1, 2]|min ~ [3, 1, 2]|max
"a-b-c"|replace("-", "+", 2) | "  x "|trim ~ "|" | "one two three four"|wordcount | "one two three"|truncate(9)
"one two three"|truncate(9, true, "…", 0) | "one two three four five"|wordwrap(9) | "a\\nb"|indent(2, first=true)
[1, 2, 3, 4, 5, 6, 7]|batch(3, "-")|list | [1, 2, 3, 4, 5, 6, 7]|slice(3)|list | [1, [2, [3]]]|string
"<a>"|e | "<a>"|safe | "<a>"|e|e | "<b>x</b> y"|striptags | "<a>"|forceescape | ["<"]|join("<") | "a b/ü"|urlencode
{"q": "a b", "r": 1}|urlencode | "see https://example.org/x. and me@x.org"|urlize(20, true) | 1234567|filesizeformat
1048576|filesizeformat(true) | 42.567|round(1) | 42.567|round(1, "floor") | 42|float | "4x"|int(7) | "ff"|int(0, 16)
-5|abs | [1, 2, 3]|sum(start=10) | [{"v": 1}, {"v": 2}]|sum("v") | [{"v": 1}, {"v": 2}]|map(attribute="v")|list
["a", "b"]|map("upper")|join | [1, 2, 3, 4]|select("even")|list | [1, 2, 3, 4]|reject("gt", 2)|list
[{"n": "a", "k": 1}, {"n": "b", "k": 0}]|selectattr("k")|map(attribute="n")|list
[{"n": "a", "k": 1}, {"n": "b", "k": 0}]|rejectattr("k", "eq", 1)|map(attribute="n")|list
[{"g": 1, "n": "x"}, {"g": 2, "n": "y"}, {"g": 1, "n": "z"}]|groupby("g")|list
[1, 2, 1, "a", "A"]|unique|list | [3, 4]|first ~ [3, 4]|last | [3, 4]|length | "abc"|list | {"b": 1, "a": 2}|dictsort
{"b": 1, "a": 2}|dictsort(by="value", reverse=true) | {"a": 1}|items|list | "%s!"|format("a") | {"a": [1, "<"]}|tojson
{"a": [1]}|tojson(indent=1) | {"a": {"b": (1, 2)}}|pprint | x|default("d") | ""|default("d", true) | (2)|attr("imag")
missing.attribute|default("deep") | "a" "b" | 1_000 + 0x10 + 0b11 + 0o7 | 1e3 | 'it\\'s "q"'
"""
for line in expressions.strip().splitlines():
    for text in [line] if "|" not in line.replace(" | ", "") and " | " not in line else line.split(" | "):
        try:
            print(text, "->", env.from_string("{{ " + text + " }}").render())
        except (TypeError, UndefinedError, TemplateSyntaxError, ValueError) as error:
            print(text, "->", type(error).__name__, error)

# Statements.
for source in (
    "{% for a, b in pairs if a > 1 %}{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.length }}:{{ a }}{{ b }}"
    "{% if loop.changed(b) %}*{% endif %} {{ loop.previtem }} {{ loop.nextitem }};{% else %}none{% endfor %}",
    "{% for n in tree recursive %}{{ loop.depth }}{{ n.name }}{% if n.sub %}({{ loop(n.sub) }}){% endif %}{% endfor %}",
    "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% elif i > 4 %}{% break %}{% else %}{{ i }}{% endif %}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{% set x = i %}{% endfor %}{{ x }}"
    "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set block | upper %}x {{ a }} <{% endset %}{{ block }}",
    "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}",
    "{% filter upper|replace('A', '<') %}abc {{ 'a<' }}{% endfilter %}",
    "{% raw %}{{ not }} {% rendered %}{% endraw %}{# a comment #}",
    "{% autoescape false %}{{ '<' }}{% endautoescape %}{% autoescape true %}{{ '<' }}{% endautoescape %}",
    "{% do items.append(3) %}{{ items }}",
    "a  \n  {%- if true -%}\n  b\n{%- endif %}\n  {%+ if true +%}  c{% endif %}  \n",
    "{% macro outer(x) %}{{ x }}{% if x %}{{ outer(x - 1) }}{% endif %}{% endmacro %}{{ outer(3) }}",
    "{{ f(1, *[2, 3], k=4, **{'z': 5}) }}",
):
    values = {"pairs": [(1, "a"), (2, "b"), (3, "b"), (4, "c")], "items": [1, 2],
              "tree": [{"name": "a", "sub": [{"name": "b", "sub": []}]}, {"name": "c"}],
              "f": lambda *args, **kwargs: (args, kwargs)}
    print(repr(env.from_string(source).render(values)))

# Errors, with the lines of the template.
for source in ("{% if %}", "{{ a b }}", "{% for x in y %}", "{{ 'open }}", "{% nonsense %}",
    "{{ x|nofilter }}",
               "{{ x is notest }}", "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{{ 1 + }}",
               "{% endif %}", "a\n\n{% extends %}", "{% set 1 = 2 %}", "{{ [1, 2 }}",
               "{% macro f(a=1, b) %}{% endmacro %}"):
    try:
        env.from_string(source)
        print("no error")
    except TemplateSyntaxError as error:
        print(error.lineno, error.message)
    except AssertionError as error:
        print("assertion", error)
for kind in (Undefined, ChainableUndefined, DebugUndefined, StrictUndefined):
    own = Environment(undefined=kind)
    for source in ("{{ x }}", "{{ x.y }}", "{{ x.y.z }}", "{{ x + 1 }}", "{% for a in x %}{% endfor %}.",
        "{{ x() }}",
                   "{{ o.y }} {{ o['y'] }}", "{{ x == x }}{{ x is defined }}"):
        try:
            print(kind.__name__, source, repr(own.from_string(source).render(o={})))
        except UndefinedError as error:
            print(kind.__name__, source, "raises", error)
try:
    env.get_template("nothing.html")
except TemplateNotFound as error:
    print(repr(error), error.name, error.templates)

# Own filters, tests, globals; contexts; loaders.
own = Environment(variable_start_string="<<", variable_end_string=">>", line_statement_prefix="#",
                  line_comment_prefix="##", keep_trailing_newline=True, lstrip_blocks=True,
                  finalize=lambda v: v or "")


@pass_context
def whoami(context, value):
    return f"{value}/{context['user']}/{sorted(context.exported_vars)}/{context.name}"


@pass_environment
def starts(environment, value):
    return environment.variable_start_string + value


@pass_eval_context
def lines(eval_context, value):
    result = "<br>".join(escape(value).split("\n"))
    return Markup(result) if eval_context.autoescape else result


own.filters.update(whoami=whoami, starts=starts, lines=lines)
own.tests["vowel"] = lambda c: c in "aeiou"
own.globals["seq"] = (1, 2, None, 3)
print(own.from_string("""\
# set mine = 1
<< 'x'|whoami >> << 'x'|starts >> << 'a\n<b'|lines >>
## a comment
# for i in seq:
  - << i >>  ## another
# endfor
# if 'a' is vowel
vowel << none >>
# endif
""").render(user="u"))
loader = ChoiceLoader([DictLoader({"a": "first a"}), PrefixLoader({"p": DictLoader({"a": "prefixed a"})}),
                       FunctionLoader(lambda name: f"made {name} {{{{ 1 + 1 }}}}" if name != "no" else None)])
own = Environment(loader=loader)
print([own.get_template(name).render() for name in ("a", "p/a", "z")], own.select_template(["no", "a"]).name)


class Counting(BaseLoader):
    loads = 0

    def get_source(self, environment, template):
        type(self).loads += 1
        return f"{template} {self.loads}", None, lambda: self.loads > 1


own = Environment(loader=Counting(), cache_size=2)
print([own.get_template(name).render() for name in "aabcabca"], Counting.loads)
print(list(Template("{% for i in s %}{{ i }},{% endfor %}").generate(s="ab")),
    Template("a{{ b }}").stream(b=1).dump.__name__)
stream = Template("{% for i in range(5) %}{{ i }}{% endfor %}").stream()
stream.enable_buffering(2)
print(list(stream))
