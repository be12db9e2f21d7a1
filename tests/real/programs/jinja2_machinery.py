"""Jinja2: its lexer, parser, generated code, extensions, i18n, sandbox, native types, async, caches."""
import asyncio
import os
import re
import tempfile
import traceback

from jinja2 import DictLoader, Environment, FileSystemBytecodeCache, FileSystemLoader, nodes, meta
from jinja2.ext import Extension
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment, SecurityError
from markupsafe import Markup, escape, soft_str

env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.debug"])
source = """{% macro m(a, b=2) %}{{ a + b }}{% endmacro %}
{% for x in xs if x %}{{ loop.index }}{{ x|upper }}{% else %}-{% endfor %}{{ m(1) }}{{ y.z['k'](1, *t) }}
{% block b %}{% set q = [1, {'a': -n}] %}{% include name %}{% endblock %}"""
print(list(env.lex("{% if a -%} {{ b|c(1, 'x') }} {# no #}{%- endif %}")))
print(env.parse(source))
print(env.compile(source, name="t", filename="t.html", raw=True))
print(sorted(meta.find_undeclared_variables(env.parse(source))),
    list(meta.find_referenced_templates(env.parse(
    "{% extends 'a' %}{% include ['b', c] %}{% import 'd' as d %}"))))
tree = env.parse("{{ 1 + 2 * 3 }}{{ 'a' ~ 'b' }}")
print([node.as_const() for node in tree.find_all((nodes.Add, nodes.Concat))], tree.body[0].nodes[0].lineno)

# Translations.
catalog = {"Hello %(name)s!": "Hallo %(name)s!", "One mouse": "Eine Maus", "Plain": "Schlicht"}
env.install_gettext_callables(lambda s: catalog.get(s, s),
                              lambda s, p,
                              n: ("Eine Maus" if n == 1 else f"{n} Mäuse") if s == "One mouse" else s,
                              newstyle=True)
for text in ("{% trans name=user %}Hello {{ name }}!{% endtrans %}",
    "{{ _('Plain') }} {{ gettext('Hello %(name)s!', name='<x>') }}",
             "{% trans count=n %}One mouse{% pluralize %}{{ count }} mice{% endtrans %}",
             "{% trans trimmed %}\n  Plain\n  {% endtrans %}",
             "{{ ngettext('One mouse', '%(num)d mice', 1) }} 100%"):
    print(env.from_string(text).render(user="Ann", n=3))
print(list(env.extract_translations("{% trans n=1 %}A{% pluralize n %}B{% endtrans %}{{ _('C') }}\n{# x #}{{ gettext('D') }}")))


class Repeat(Extension):
    tags = {"repeat"}

    def __init__(self, environment):
        super().__init__(environment)
        environment.extend(repeat_limit=3)

    def parse(self, parser):
        lineno = next(parser.stream).lineno
        count = parser.parse_expression()
        body = parser.parse_statements(("name:endrepeat",), drop_needle=True)
        call = self.call_method("_repeat", [count])
        return nodes.CallBlock(call, [], [], body).set_lineno(lineno)

    def _repeat(self, count, caller):
        return "".join(caller() for _ in range(min(count, self.environment.repeat_limit)))

    def preprocess(self, source, name, filename=None):
        return source.replace("REPEAT", "repeat")


print(Environment(extensions=[Repeat]).from_string("{% REPEAT 2 + 5 %}<{{ x }}>{% endrepeat %}").render(x=1))

# The sandbox.
for kind in (SandboxedEnvironment, ImmutableSandboxedEnvironment):
    safe = kind()
    for text in ("{{ ''.__class__ }}", "{{ f.__globals__ }}", "{{ f.__code__ }}",
        "{{ items.append(2) }}{{ items }}",
                 "{{ '{0.__class__}'.format(1) }}", "{{ '%s' % 1 }}{{ '{:>3}'.format(2) }}",
                 "{{ range(1000000) }}",
                 "{{ {}.update(a=1) }}", "{{ g.gi_frame }}", "{{ d.__dict__ }}", "{{ ''['__class__'] }}",
                 "{{ unsafe() }}"):
        def unsafe():
            return 1
        unsafe.unsafe_callable = True
        try:
            print(kind.__name__, text, safe.from_string(text).render(
                f=lambda: 0, items=[1], g=(x for x in ()), d=object, unsafe=unsafe))
        except (SecurityError, OverflowError, TypeError) as error:
            print(kind.__name__, text, type(error).__name__, re.sub("0x[0-9a-f]+", "ADDRESS", str(error)))
        except Exception as error:
            print(kind.__name__, text, type(error).__name__)


class Arithmetic(SandboxedEnvironment):
    intercepted_binops = frozenset(["**", "*"])
    intercepted_unops = frozenset(["-"])

    def call_binop(self, context, operator, left, right):
        return f"({left} {operator} {right})"

    def call_unop(self, context, operator, arg):
        return f"neg {arg}"


print(Arithmetic().from_string("{{ a ** 3 * 2 + '' }} {{ -a }}").render(a=2))

# Native types.
native = NativeEnvironment()
for text in ("{{ 1 + 1 }}", "{{ [1, x] }}", "{{ 1 }}{{ 2 }}", "{{ none }}",
    "{% for i in range(3) %}{{ i }},{% endfor %}",
             "{{ '[1, 2]' }}", "a{{ x }}", "", "{{ x }}"):
    value = native.from_string(text).render(x={"k": (1, 2)})
    print(text, "->", type(value).__name__, repr(value))

# Coroutines and asynchronous iterators in templates.
asynchronous = Environment(enable_async=True, loader=DictLoader({
    "base": "[{% block b %}{% endblock %}]", "inc": "inc {{ x }}",
    "mac": "{% macro m(a) %}m{{ a }}{{ caller() }}{% endmacro %}"}))


async def numbers(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def answer(value):
    await asyncio.sleep(0)
    return value


async def main():
    template = asynchronous.from_string("""{% extends 'base' %}{% from 'mac' import m %}{% block b %}
{%- for i in numbers(4) if i != 1 %}{{ loop.index }}:{{ i }}{{ ',' if not loop.last }}{% else %}none{% endfor %}
{{ answer(3) }} {{ (numbers(4)|list) }} {{ numbers(5)|select('odd')|join('/') }} {{ numbers(3)|sum }} {{ numbers(4)|map('string')|first }}
{% call m(answer(1)) %}c{{ answer(2) }}{% endcall %} {% include 'inc' %} {{ numbers(4)|groupby('real')|list }}{% endblock %}""")
    values = {"numbers": numbers, "answer": answer, "x": 5}
    print(await template.render_async(values))
    print([part async for part in asynchronous.from_string("a{{ answer(1) }}b").generate_async(values)])
    module = await asynchronous.from_string("{% set q = answer(4) %}{% macro f() %}{{ answer(q) }}{% endmacro %}").make_module_async(values)
    print(await module.f(), module.q)


asyncio.run(main())
print(asynchronous.from_string("{% for i in numbers(2) %}{{ i }}{% endfor %}").render(numbers=numbers))

# Files, bytecode caches, and where an error in a template is.
with tempfile.TemporaryDirectory() as folder:
    for name, text in (("a.txt", "{{ 1 }} {% include 'sub/b.txt' %}"), ("bad.txt", "\n\n{{ x.y.z }}\n"),
        ("loop.txt", "{{ f(0) }}")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    os.mkdir(os.path.join(folder, "sub"))
    with open(os.path.join(folder, "sub/b.txt"), "w", encoding="utf-8") as file:
        file.write("b ü {{ name }}")
    os.mkdir(os.path.join(folder, "cache"))
    cache = FileSystemBytecodeCache(os.path.join(folder, "cache"), "%s.cache")
    for _ in range(2):
        files = Environment(loader=FileSystemLoader(folder), bytecode_cache=cache)
        print(files.get_template("a.txt").render(name="n"), len(os.listdir(os.path.join(folder, "cache"))))
    cache.clear()
    print(os.listdir(os.path.join(folder, "cache")), files.list_templates(extensions=["txt"]))
    for name in ("bad.txt", "loop.txt"):
        try:
            files.get_template(name).render(x={}, f=lambda n: 1 / n)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            print(type(error).__name__, error, [(os.path.basename(f.filename), f.lineno, f.name,
                f.line) for f in frames][-3:])

# markupsafe.
markup = Markup("<b>%s</b> {x}")
print(markup % "<i>", markup.format(x="<"), Markup("a") + "<", "<" + Markup("a"),
    Markup("-").join(["<", Markup("<")]))
print(Markup("&lt;&eacute;&#39; <p>a <!-- c --> b</p>").striptags(), Markup("&lt;&#x41;").unescape(),
    escape(None), escape(Markup("<")))
print(Markup("<a> b").split(), Markup("a").upper() * 2, soft_str(1), repr(Markup("x")),
    Markup("%d %r %(no)s" if 0 else "%d %r") % (1, "<"))


class Html:
    def __html__(self):
        return "<html>"

    def __html_format__(self, spec):
        return Markup("<%s>") % spec


print(escape(Html()), Markup("{:abc} {}").format(Html(), "<"), Markup(Html()))
