"""What pytest offers to tests; some of these fail, are skipped or are expected to fail on purpose."""
import asyncio
import logging
import os
import subprocess
import sys
import unittest
import warnings
from dataclasses import dataclass

import pytest


@pytest.mark.parametrize("a, b, total", [(1, 2, 3),
    pytest.param(2, 2, 5, marks=pytest.mark.xfail(reason="wrong sum")), pytest.param(0, 0, 0, id="zeros")])
def test_sum(a, b, total):
    assert a + b == total


@pytest.mark.parametrize("x", [1, 2.5, "é", b"b", None, True, [1], int, (lambda: 0)])
@pytest.mark.parametrize("y", ["p", "q"], ids=["first", None])
def test_product_of_parameters(x, y):
    assert y in "pq"


def test_generated(generated, events):
    assert generated < 3 and events[0] != "session over"


def test_sized(size):
    assert size[1] == "test_sized"


@pytest.mark.parametrize("size", ["tiny"], indirect=True)
def test_indirect(size):
    assert size[0] == "tiny"


def test_factory(make):
    assert make(3) == {"value": 3}


def test_teardown_error(make):
    pass


def test_raises():
    with pytest.raises(ValueError, match=r"invalid literal .*'x'") as caught:
        int("x")
    assert caught.type is ValueError and caught.value.args
    with pytest.raises((KeyError, IndexError)):
        {}["a"]
    with pytest.raises(ExceptionGroup) as group:
        raise ExceptionGroup("both", [ValueError(1), TypeError("t")])
    assert group.group_contains(TypeError, match="t")
    with pytest.RaisesGroup(ValueError, pytest.RaisesExc(TypeError, match="^t")):
        raise ExceptionGroup("both", [ValueError(1), TypeError("t")])


def test_does_not_raise():
    with pytest.raises(KeyError):
        pass


def test_warns(recwarn):
    with pytest.warns(DeprecationWarning, match="old"):
        warnings.warn("an old thing", DeprecationWarning)
    warnings.warn("noted", RuntimeWarning)
    assert [str(one.message) for one in recwarn] == ["noted"]
    assert recwarn.pop(RuntimeWarning).filename == __file__
    with pytest.deprecated_call():
        warnings.warn("x", PendingDeprecationWarning)


def test_warning_is_an_error():
    warnings.warn("an error", UserWarning)


def test_approx():
    assert 0.1 + 0.2 == pytest.approx(0.3)
    assert [0.1 + 0.2, 1] == pytest.approx([0.3, 1])
    assert {"a": 1.0001} == pytest.approx({"a": 1}, rel=1e-3)
    assert 1 != pytest.approx(1.1)


def test_capture(capsys):
    print("out")
    print("err", file=sys.stderr)
    assert capsys.readouterr() == ("out\n", "err\n")
    with capsys.disabled():
        pass


def test_capture_descriptors(capfd):
    os.write(1, b"raw\n")
    subprocess.run([sys.executable, "-c", "print('child')"], check=True)
    assert capfd.readouterr().out == "raw\nchild\n"


def test_binary_capture(capsysbinary):
    sys.stdout.buffer.write(b"\xff")
    assert capsysbinary.readouterr().out == b"\xff"


def test_logging(caplog):
    caplog.set_level(logging.INFO)
    logging.getLogger("own").info("told %d", 3)
    assert caplog.record_tuples == [("own", logging.INFO, "told 3")] and "told 3" in caplog.text
    with caplog.at_level(logging.ERROR):
        logging.warning("not seen")
    assert len(caplog.messages) == 1


def test_files(tmp_path, tmp_path_factory):
    file = tmp_path / "a.txt"
    file.write_text("text")
    assert file.read_text() == "text" and tmp_path.name.startswith("test_files")
    assert tmp_path_factory.mktemp("own", numbered=True).is_dir()


def test_patches(monkeypatch, tmp_path):
    monkeypatch.setenv("OWN", "1")
    monkeypatch.setattr(os, "getcwd", lambda: "patched")
    monkeypatch.setattr("os.path.sep", "|")
    monkeypatch.setitem(sys.modules, "no_such_module", os)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    assert (os.environ["OWN"], os.getcwd(), os.path.sep) == ("1", "patched", "|")
    import no_such_module
    assert no_such_module is os
    with monkeypatch.context() as inner:
        inner.setattr(os, "name", "other")
        assert os.name == "other"
    monkeypatch.undo()
    assert os.path.sep == "/" and os.getcwd() != "patched"


@pytest.mark.skip(reason="never")
def test_skipped():
    raise AssertionError


@pytest.mark.skipif(sys.version_info > (3,), reason="only on old ones")
def test_skipped_by_condition():
    raise AssertionError


def test_skips_itself():
    pytest.skip("on its own")


def test_importorskip():
    pytest.importorskip("no_such_module_at_all")


@pytest.mark.xfail(raises=ZeroDivisionError)
def test_expected_failure():
    1 / 0


@pytest.mark.xfail(raises=KeyError)
def test_other_exception_than_expected():
    1 / 0


@pytest.mark.xfail
def test_strict_expected_failure_passes():
    pass


@pytest.mark.xfail(strict=False)
def test_unexpected_pass():
    pass


@pytest.mark.xfail(run=False, reason="would hang")
def test_not_run():
    while True:
        pass


def test_calls_xfail():
    pytest.xfail("given up")


def test_calls_fail():
    pytest.fail("failed on purpose", pytrace=False)


@pytest.mark.slow
@pytest.mark.area("numbers")
def test_marked(request, pytestconfig):
    assert request.node.get_closest_marker("area").args == ("numbers",)
    assert [mark.name for mark in request.node.iter_markers()] == ["area", "slow"]
    assert pytestconfig.getoption("own") in ("nothing", "given")


def test_subtests(subtests):
    for i in range(3):
        with subtests.test("number", i=i):
            assert i != 1


class TestClass:
    shared = []

    @pytest.fixture(autouse=True, scope="class")
    def prepare(self, request):
        request.cls.shared.append("prepared")

    def setup_method(self, method):
        self.name = method.__name__

    def test_one(self):
        assert self.name == "test_one" and self.shared == ["prepared"]

    @classmethod
    def setup_class(cls):
        cls.ready = True

    def test_two(self):
        assert self.ready

    class TestInner:
        def test_inner(self, events):
            assert "test_inner" in events


@pytest.mark.usefixtures("events")
class Unit(unittest.TestCase):
    def setUp(self):
        self.addCleanup(lambda: None)
        self.value = 1

    def test_passes(self):
        self.assertEqual(self.value, 1)
        with self.subTest(a=1):
            self.assertTrue(True)

    def test_fails(self):
        self.assertEqual([1, 2], [1, 3])

    @unittest.skip("as unittest skips")
    def test_skips(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self):
        await asyncio.sleep(0)
        self.assertEqual(1, 1)


# What assertion rewriting says about each failure.

@dataclass
class Point:
    x: int
    y: int


def values():
    return {"a": [1, 2], "b": {"c": 3}}


@pytest.mark.parametrize("check", [
    "assert values()['a'] == [1, 3]", "assert values() == {'a': [1, 2], 'b': {'c': 4}, 'd': 5}",
    "assert 'b' in 'acd'",
    "assert 'long text that differs at its end' == 'long text that differs at its eND'",
    "assert {1, 2, 3} == {2, 3, 4}",
    "assert Point(1, 2) == Point(1, 3)", "assert not values()",
    "assert len(values()) > 2, f'{len(values())} are too few'",
    "assert values()['b']['c'] == 3 and values()['a'][0] == 2", "assert (x := 3) == 4",
    "assert all(i < 2 for i in [1, 2, 3])",
    "assert isinstance(3, (str, bytes))", "assert 1 < 2 < 2", "assert not (True or False)",
    "assert max([1, 2], key=lambda i: -i) == 2",
    "assert 1 + 1 == 3 if True else False", "assert b'ab' == b'aB'", "assert (1, 2, 3) == (1, 2)",
    "assert 1j == 2j",
    "assert 'a\\nb\\nc' == 'a\\nx\\nc'", "assert 0.1 + 0.2 == pytest.approx(0.4)",
    "assert Point(1, 2).x is None", "assert ~5 == -(3)",
    "assert [*range(3)] == [0, 1, 2, 3]", "assert 'x' not in f'{1}x'", "assert (lambda: False)()",
    "assert [1, 2][1:][0] != 2",
])
def test_explanations(check, tmp_path, monkeypatch):
    """Each statement in a module of its own, so that rewriting sees it; the message is printed."""
    (tmp_path / "test_rewritten.py").write_text(f"import pytest\nfrom test_features import *\ndef run():\n    {check}\n")
    pytest.register_assert_rewrite("test_rewritten")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "test_rewritten", raising=False)
    import test_rewritten
    with pytest.raises(AssertionError) as caught:
        test_rewritten.run()
    with open(os.environ["EXPLANATIONS"], "a") as file:
        print(check, str(caught.value), "", sep="\n", file=file)
