"""Click: options, arguments, types, prompts, groups, help pages, errors, context, completion, terminal helpers."""
import os
import re
from datetime import datetime
from enum import Enum

import click
from click.shell_completion import BashComplete, ShellComplete
from click.testing import CliRunner

runner = CliRunner()


def run(command, *arguments, **options):
    result = runner.invoke(command, arguments, **options)
    print("$", command.name, *arguments)
    print(re.sub("0x[0-9a-f]+", "ADDRESS", result.output), end="")
    error = "" if result.exception is None or isinstance(result.exception,
        SystemExit) else repr(result.exception)
    print(f"[{result.exit_code}] {error}")


class Colour(Enum):
    RED = "r"
    GREEN = "g"


class Pair(click.ParamType):
    name = "pair"

    def convert(self, value, param, ctx):
        if isinstance(value, tuple):
            return value
        key, mark, rest = value.partition("=")
        if not mark:
            self.fail(f"{value!r} has no equals sign", param, ctx)
        return key, rest


@click.command(epilog="The end of the page.")
@click.version_option("1.5", "-V", "--version", prog_name="options", message="%(prog)s is %(version)s")
@click.option("-n", "--number", type=int, default=1, show_default=True, help="How many.")
@click.option("--ratio", type=click.FloatRange(0, 1, clamp=True), default=0.5)
@click.option("--level", type=click.IntRange(1, 5, max_open=True), help="A level.", metavar="LEVEL")
@click.option("--kind", type=click.Choice(["big", "small"], case_sensitive=False), multiple=True)
@click.option("--colour", type=click.Choice(Colour), default=Colour.RED, show_default=True)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--flag/--no-flag", " /-F", default=True,
    help="A switch with a rather long explanation that has to be wrapped onto a second line.")
@click.option("--shout", flag_value="upper", default="upper", is_flag=True)
@click.option("-v", "--verbose", count=True)
@click.option("--position", nargs=2, type=float)
@click.option("--item", type=(str, int), multiple=True, default=[("d", 0)])
@click.option("--define", "-D", type=Pair(), multiple=True)
@click.option("--env", envvar="APP_ENV", show_envvar=True, help="From the environment.")
@click.option("--hidden", hidden=True)
@click.option("--must", required=True, help="Needed.")
@click.option("--uuid", type=click.UUID)
@click.option("--maybe", is_flag=False, flag_value="given", default="absent")
@click.argument("first")
@click.argument("rest", nargs=-1)
def options(**values):
    """Shows every kind of option.

    A second paragraph that is long enough to be wrapped at the width of the page, whatever that is.

    \b
    kept
      as it is

    \f
    never shown
    """
    for name, value in sorted(values.items()):
        click.echo(f"{name}={value!r}")


run(options, "--help")
run(options, "--version")
run(options, "--must", "m", "a", "b", "c")
run(options, "--must=m", "-n3", "--ratio", "7", "--level", "4", "--kind", "BIG", "--kind", "small",
    "--colour", "green", "--day", "2026-03-04", "-F", "-vvv", "--position", "1", "2.5", "--item", "a", "1",
    "--item", "b", "2", "-Dx=y", "--uuid", "12345678123456781234567812345678", "--maybe", "--hidden", "h",
    "--", "-x", env={"APP_ENV": "from env"})
for wrong in ([], ["--must", "m"], ["--must"], ["--mus", "m", "a"], ["--must", "m", "-n", "x", "a"],
    ["--must", "m", "--level", "5", "a"], ["--must", "m", "--kind", "mid", "a"],
    ["--must", "m", "--day", "today", "a"], ["--must", "m", "--position", "1", "a"],
    ["--must", "m", "-D", "xy", "a"], ["--nothing"], ["-q"], ["--must", "m", "--uuid", "zz", "a"],
    ["--flag=1", "a"], ["--must", "m", "--colour", "blue", "a"]):
    run(options, *wrong)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"],
    "auto_envvar_prefix": "TOOL"})
@click.option("--debug/--no-debug", default=False)
@click.pass_context
def tool(ctx, debug):
    """A tool with commands."""
    ctx.ensure_object(dict)["debug"] = debug
    ctx.call_on_close(lambda: click.echo("closed"))
    if ctx.invoked_subcommand is None:
        click.echo("no command")


@tool.command(short_help="Adds numbers.", deprecated=True)
@click.argument("numbers", nargs=-1, type=int, required=True)
@click.pass_obj
def add(obj, numbers):
    """Adds whole numbers."""
    click.echo(f"{sum(numbers)} {obj}")


@tool.command("say", no_args_is_help=True)
@click.argument("words", nargs=-1)
@click.option("--loud", is_flag=True)
@click.pass_context
def say(ctx, words, loud):
    """Says words. This first sentence is shown. Not this one."""
    click.secho(" ".join(words).upper() if loud else " ".join(words), fg="green", bold=True)
    click.echo(f"{ctx.command_path} {ctx.parent.info_name} {ctx.find_root().command.name} {ctx.get_parameter_source('loud').name}",
        err=True)


@tool.group()
def remote():
    """Remotes."""


@remote.command("list", hidden=True)
def list_remotes():
    """Lists."""
    click.echo("origin")


@remote.command("fail")
@click.option("--how", type=click.Choice(["usage", "click", "bad", "abort", "exit", "file", "bug", "missing",
    "option"]))
@click.pass_context
def fail(ctx, how):
    """Fails."""
    raise {"usage": click.UsageError("a usage error", ctx), "click": click.ClickException("a plain error"),
        "bad": click.BadParameter("a bad one", param_hint="--how"),
           "abort": click.Abort(), "exit": click.exceptions.Exit(7), "file": click.FileError("f.txt", "gone"),
           "bug": ZeroDivisionError("a bug"),
           "missing": click.MissingParameter(param_hint="x", param_type="option"),
           "option": click.NoSuchOption("--x", possibilities=["--xx", "--y"])}[how]


for line in ("", "-h", "add -h", "add 1 2 3", "--debug add 4", "add", "add x", "say", "say a b --loud", "sya",
    "remote", "remote --help", "remote list", "remote fail --help"):
    run(tool, *line.split())
for how in ("usage", "click", "bad", "abort", "exit", "file", "bug", "missing", "option"):
    run(tool, "remote", "fail", "--how", how)
run(tool, "say", "x", env={"TOOL_SAY_LOUD": "1"})
run(tool, "say", "x", "--loud", color=True)


@click.command()
@click.option("--name", prompt="Your name")
@click.option("--age", prompt=True, type=int, default=30)
@click.password_option()
@click.confirmation_option(prompt="Really?")
def ask(name, age, password):
    """Asks."""
    click.echo(f"{name} {age} {len(password)}")
    if click.confirm("Go on?", default=True):
        value = click.prompt("Pick", type=click.Choice(["a", "b"]), default="a", show_choices=True)
        click.echo(value * 2)
    click.echo(click.prompt("Number", value_proc=lambda text: int(text, 16)))


run(ask, input="y\nAnn\nforty\n40\npw\npw\ny\nc\nb\nff\n")
run(ask, "--yes", "--name", "Bob", input="\npw\nother\npw\npw\nn\n10\n")
run(ask, input="n\n")
run(ask, input="y\n")


@click.command()
@click.argument("source", type=click.File("r"))
@click.argument("target", type=click.File("w", lazy=True), default="-")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=str))
@click.option("--inside", type=click.Path(exists=True, dir_okay=False, writable=True))
def copy(source, target, folder, inside):
    """Copies."""
    for chunk in iter(lambda: source.read(4), ""):
        target.write(chunk.upper())
    click.echo(f"{source.name} {folder} {inside}")


with runner.isolated_filesystem():
    with open("in.txt", "w") as file:
        file.write("some text\n")
    os.mkdir("d")
    for line in ("in.txt", "in.txt out.txt --folder d", "none.txt", "in.txt --folder none",
        "in.txt --folder in.txt", "- -", "in.txt --inside d"):
        run(copy, *line.split(), input="from stdin")
    print(sorted(os.listdir(".")), open("out.txt").read())


@click.group(chain=True)
def pipeline():
    """A chain."""


@pipeline.result_callback()
def process(steps):
    value = "start"
    for step in steps:
        value = step(value)
    click.echo(value)


@pipeline.command("upper")
def make_upper():
    return str.upper


@pipeline.command("suffix")
@click.option("-s", default="!")
def make_suffix(s):
    return lambda text: text + s


run(pipeline, "upper", "suffix", "-s", "?", "suffix")
run(pipeline, "upper", "nope")
run(pipeline)


class Aliased(click.Group):
    def get_command(self, ctx, name):
        found = [one for one in self.list_commands(ctx) if one.startswith(name)]
        if len(found) > 1:
            ctx.fail(f"Too many matches: {', '.join(sorted(found))}")
        return super().get_command(ctx, found[0]) if found else None


@click.command(cls=Aliased)
def aliased():
    pass


for name in ("status", "start", "push"):
    aliased.add_command(click.Command(name, callback=lambda name=name: click.echo(name)))
for name in ("pu", "sta", "x"):
    run(aliased, name)


def check(ctx, param, value):
    if value and value % 2:
        raise click.BadParameter(f"{value} is odd")
    return value and value // 2


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.option("--even", type=int, callback=check)
@click.option("--eager", is_flag=True, is_eager=True, expose_value=False, callback=lambda ctx, p,
    v: v and (click.echo("eager"), ctx.exit()))
@click.argument("others", nargs=-1, type=click.UNPROCESSED)
@click.make_pass_decorator(dict, ensure=True)
def callbacks(obj, even, others):
    obj["seen"] = True
    click.echo(f"{even} {others} {obj} {click.get_current_context().args}")


for line in ("--even 4 -x --unknown=1 y", "--even 3", "--eager --even 3"):
    run(callbacks, *line.split())
print(callbacks.main(["--even", "2"], standalone_mode=False),
    callbacks.to_info_dict(click.Context(callbacks))["params"][0]["type"],
    callbacks.get_usage(click.Context(callbacks, info_name="c")))

for kind, arguments, incomplete in ((tool, [], "s"), (tool, [], "-"), (tool, ["remote"], ""),
    (options, ["--kind"], "b"), (options, [], "--n"), (tool, ["remote", "fail", "--how"], "")):
    print([(item.value, item.type, item.help) for item in ShellComplete(kind, {}, "x",
        "_X").get_completions(arguments, incomplete)])
print(BashComplete(tool, {}, "my-tool", "_MY_TOOL").source_vars(),
    BashComplete(tool, {}, "t", "_T").format_completion(click.shell_completion.CompletionItem("v")))

print(repr(click.style("x", fg="red", bg=(1, 2, 3), bold=True, underline=True)),
    repr(click.style("x", reset=False, dim=True)), click.unstyle(click.style("plain", fg="blue")),
    click.format_filename(b"a\xff.txt"), click.get_app_dir("My App", force_posix=True).startswith("/"))


@click.command()
def progress():
    with click.progressbar(range(4), label="Work", show_eta=False, width=10) as bar:
        for _ in bar:
            pass
    click.echo_via_pager(f"page {i}\n" for i in range(2))
    click.echo(b"bytes", nl=False)
    click.echo()
    click.echo(["a", 1])
    click.echo(click.wrap_text("some words that are wrapped\n\nanother paragraph", 12, "* ",
        "  ") if hasattr(click,
        "wrap_text") else click.formatting.wrap_text("some words that are wrapped\n\nanother paragraph", 12,
        "* ", "  ", True))


run(progress)
formatter = click.HelpFormatter(width=40)
with formatter.section("Section"):
    formatter.write_dl([("term", "a definition that is long enough to wrap"),
        ("a much longer term than most", "x")])
formatter.write_usage("prog", "[OPTIONS] A B C " * 3)
print(formatter.getvalue())
for name, make in (("default", lambda: click.Option(["--x"], default=1, type=click.Choice(["1"]))),
    ("names", lambda: click.Option(["x y"])), ("nargs", lambda: click.Argument(["x"], nargs=-1, default=[1])),
    ("prompt", lambda: click.Option(["--f/--g"], flag_value=1)), ("none", lambda: click.Option([]))):
    try:
        print(name, make())
    except (TypeError, ValueError) as error:
        print(name, type(error).__name__, error)
print(datetime(2026, 1, 1))
