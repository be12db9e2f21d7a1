"""pluggy: specifications, implementations, order, wrappers, historic calls, validation, tracing."""
import re
import warnings

import pluggy
from pluggy import HookimplMarker, HookspecMarker, PluginManager, PluginValidationError, Result

hookspec, hookimpl = HookspecMarker("app"), HookimplMarker("app")


class Spec:
    @hookspec
    def collect(self, path, depth):
        """What to collect."""

    @hookspec(firstresult=True)
    def find(self, name):
        """The first answer."""

    @hookspec(historic=True)
    def started(self, time):
        """Told to late plugins too."""

    @hookspec(warn_on_impl=DeprecationWarning("old hook"))
    def old(self):
        """Deprecated."""

    @hookspec(warn_on_impl_args={"b": DeprecationWarning("b is old")})
    def old_argument(self, a, b):
        """One argument deprecated."""


class First:
    @hookimpl
    def collect(self, path, depth):
        return f"first {path} {depth}"

    @hookimpl
    def find(self, name):
        return None

    @hookimpl
    def started(self, time):
        return f"first at {time}"


class Second:
    @hookimpl(tryfirst=True)
    def collect(self, path):
        return f"second {path}"

    @hookimpl(trylast=True)
    def find(self, name):
        return f"second found {name}"


class Third:
    @hookimpl(trylast=True, specname="collect")
    def anything(self):
        return "third"

    @hookimpl
    def find(self, name):
        if name == "third":
            return "third found it"
        if name == "bad":
            raise LookupError(name)


class OldWrapper:
    @hookimpl(hookwrapper=True)
    def collect(self, depth):
        print("before (old)", depth)
        outcome = yield
        print("after (old)", outcome.get_result())
        outcome.force_result(outcome.get_result() + ["added"])

    @hookimpl(hookwrapper=True)
    def find(self):
        outcome = yield
        if outcome.excinfo and issubclass(outcome.excinfo[0], LookupError):
            outcome.force_exception(KeyError("changed"))


class NewWrapper:
    @hookimpl(wrapper=True, tryfirst=True)
    def collect(self, path):
        print("before (new)")
        result = yield
        print("after (new)")
        return [*result, path.upper()]

    @hookimpl(wrapper=True)
    def find(self, name):
        try:
            return (yield)
        except LookupError as error:
            return f"recovered {error!r}"
        finally:
            print("find done")


manager = PluginManager("app")
manager.add_hookspecs(Spec)
first, second, third = First(), Second(), Third()
print(manager.register(first, "one"), manager.register(second, name="two"), manager.register(third, "three"))
print(manager.hook.collect(path="p", depth=2), manager.hook.find(name="x"), manager.hook.find(name="third"))
for name, plugin in (("old", OldWrapper()), ("new", NewWrapper())):
    manager.register(plugin, name)
    print(manager.hook.collect(path="p", depth=2))
print(manager.hook.find(name="bad"))
manager.unregister(name="new")
try:
    manager.hook.find(name="bad")
except KeyError as error:
    print(repr(error))
print([impl.plugin_name for impl in manager.hook.collect.get_hookimpls()],
    [name for name, _ in manager.list_name_plugin()], manager.get_plugin("two") is second,
    manager.has_plugin("x"), manager.get_name(third), len(manager.get_plugins()),
    manager.is_registered(first), [c.name for c in manager.get_hookcallers(first)], manager.hook.collect,
    manager.parse_hookimpl_opts(first, "find"), manager.parse_hookspec_opts(Spec, "find"))

manager.hook.started.call_historic(print, dict(time=1))
manager.hook.started.call_historic(kwargs=dict(time=2))


class Late:
    @hookimpl
    def started(self, time):
        return f"late at {time}"


manager.register(Late())
for action in (lambda: manager.hook.started(time=3), lambda: manager.register(first),
    lambda: manager.register(object(), "one"),
               lambda: manager.hook.collect(path=1), lambda: manager.hook.nothing(),
               lambda: manager.unregister(name="unknown"), lambda: manager.hook.collect("p", 1)):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            print(action())
        except Exception as error:
            print(type(error).__name__, re.sub(r"\d{6,}|0x\w+", "ADDRESS", str(error)))
        print([str(w.message) for w in caught])


class Wrong:
    @hookimpl
    def collect(self, path, other):
        pass


class NotGenerator:
    @hookimpl(wrapper=True)
    def collect(self):
        return 1


class Unknown:
    @hookimpl
    def no_such_hook(self):
        pass

    @hookimpl(optionalhook=True)
    def optional_hook(self):
        pass


class Deprecated:
    @hookimpl
    def old(self):
        pass

    @hookimpl
    def old_argument(self, a, b):
        return a, b


for plugin in (Wrong(), NotGenerator(), Deprecated()):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            manager.register(plugin, type(plugin).__name__)
        except PluginValidationError as error:
            print(str(error).replace("\n", " | "), error.plugin is plugin)
        print([(w.category.__name__, str(w.message)) for w in caught])
own = PluginManager("app")
own.add_hookspecs(Spec)
own.register(Unknown(), "unknown")
try:
    own.check_pending()
except PluginValidationError as error:
    print(str(error).split(" object at")[0])
own.set_blocked("blocked")
print(own.register(First(), "blocked"), own.is_blocked("blocked"), own.unblock("blocked"),
    own.register(First(), "blocked"))

# Some plugins left out, extra methods, monitoring, tracing.
print(manager.subset_hook_caller("collect", [second, manager.get_plugin("old")])(path="q", depth=0),
    manager.hook.collect.call_extra([lambda path: f"extra {path}"], dict(path="e", depth=1)))
undo = manager.add_hookcall_monitoring(lambda name, impls,
    kwargs: print("calling", name, len(impls), sorted(kwargs)),
                                       lambda outcome, name, impls,
                                       kwargs: print("called", name, outcome.get_result()))
manager.hook.find(name="third")
undo()
lines = []
manager.trace.root.setwriter(lines.append)
undo = manager.enable_tracing()
manager.hook.find(name="third")
undo()
print("".join(lines))
try:
    Result.from_call(lambda: 1 / 0).get_result()
except ZeroDivisionError as error:
    print(error, Result.from_call(lambda: 3).get_result(), Result.from_call(lambda: 1 / 0).exception.args)


class Twice:
    @hookimpl(wrapper=True)
    def collect(self):
        yield
        yield


class Never:
    @hookimpl(wrapper=True)
    def collect(self):
        if False:
            yield


for plugin in (Twice(), Never()):
    manager.register(plugin, "faulty")
    try:
        print(manager.hook.collect(path="p", depth=1))
    except RuntimeError as error:
        print(str(error).split("\n")[0].split(" at /")[0].replace(__file__, "FILE"))
    manager.unregister(plugin)


class Module:
    """A plugin can be a module or any object with functions."""
    collect = staticmethod(hookimpl(lambda depth: f"static {depth}"))


manager.register(Module, "module")
print(manager.hook.collect(path="p", depth=5), pluggy.__version__ is not None,
    manager.load_setuptools_entrypoints("no.such.group"), manager.list_plugin_distinfo())
