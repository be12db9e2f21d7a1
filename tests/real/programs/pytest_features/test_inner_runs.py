"""Runs of pytest inside pytest: what it prints."""
import pytest

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def sample(pytester):
    pytester.makepyfile(test_sample="""
        import pytest

        @pytest.fixture
        def five():
            return 5

        def test_good(five):
            assert five == 5

        def test_bad(five):
            local = [five] * 3
            assert local == [5, 5, 6]

        @pytest.mark.parametrize("n", [1, 2])
        def test_many(n):
            pass

        def test_prints():
            print("something printed")
            raise KeyError("why")
    """)


def test_summary(pytester):
    result = pytester.runpytest_inprocess("-v")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(["*test_sample.py::test_many?1? PASSED*", "*test_bad(five)*",
        "E*assert ?5, 5, 5? == ?5, 5, 6?",
                                 "E*At index 2 diff: 5 != 6", "*Captured stdout call*", "something printed",
                                 "*2 failed, 3 passed in*"])


@pytest.mark.parametrize("arguments, passed, failed",
    [(["-k", "good or many"], 3, 0), (["-x"], 1, 1), (["--maxfail=2"], 3, 2),
                                                       (["test_sample.py::test_many"], 2, 0),
                                                       (["--deselect", "test_sample.py::test_bad"], 3, 1)])
def test_selection(pytester, arguments, passed, failed):
    pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=passed, failed=failed)


def test_collect_only(pytester):
    result = pytester.runpytest_inprocess("--collect-only", "-q")
    assert result.outlines[:5] == [f"test_sample.py::test_{name}" for name in ("good", "bad", "many[1]",
        "many[2]", "prints")]


def test_subprocess(pytester):
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", "--tb=line")
    result.stdout.fnmatch_lines(["*test_sample.py:12: assert ?5, 5, 5? == ?5, 5, 6?", "*KeyError: 'why'",
        "2 failed, 3 passed*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("style", ["long", "short", "line", "native", "no", "auto"])
def test_traceback_styles(pytester, style):
    result = pytester.runpytest_inprocess(f"--tb={style}", "--showlocals")
    result.assert_outcomes(passed=3, failed=2)
    if style == "long":
        result.stdout.fnmatch_lines(["five       = 5", "local      = ?5, 5, 5?"])


def test_reports(pytester):
    pytester.runpytest_inprocess("--junitxml=r.xml", "-rA", "--durations=2", "-s")
    xml = (pytester.path / "r.xml").read_text()
    assert 'tests="5"' in xml and 'failures="2"' in xml and xml.count("<testcase ") == 5


def test_cache(pytester):
    pytester.runpytest_inprocess()
    pytester.runpytest_inprocess("--last-failed").assert_outcomes(failed=2)
    result = pytester.runpytest_inprocess("--failed-first", "-v")
    assert [line.split("::")[1].split()[0] for line in result.outlines if "::" in line and "%]" in line][:2] == ["test_bad",
        "test_prints"]


def test_setup_plan_and_fixtures(pytester):
    pytester.runpytest_inprocess("--setup-plan").stdout.fnmatch_lines(["*SETUP    F five*",
        "*test_sample.py::test_good (fixtures used: five)*"])
    pytester.runpytest_inprocess("--fixtures").stdout.fnmatch_lines(["five -- test_sample.py:4*"])
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.parametrize(*"])


def test_plugin(pytester):
    pytester.makeconftest("""
        import pytest
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item, call):
            report = yield
            report.sections.append(("own section", "own text")) if report.failed else None
            return report
        def pytest_terminal_summary(terminalreporter):
            terminalreporter.write_sep("=", "own summary")
        def pytest_report_header():
            return "own header"
    """)
    pytester.runpytest_inprocess().stdout.fnmatch_lines(["own header", "*- own section -*", "own text",
        "=*own summary*="])


@pytest.mark.parametrize("source, words", [("def test(nothing): pass", "fixture 'nothing' not found"),
    ("def test(:", "SyntaxError"),
                                           ("import pytest\n@pytest.mark.parametrize('a', [1])\ndef test(b): pass",
                                           "function uses no argument 'a'"),
                                           ("import pytest\n@pytest.fixture\ndef a(b): pass\n@pytest.fixture\ndef b(a): pass\ndef test(a): pass",
                                           "recursive dependency"),
                                           ("async def test(): pass",
                                           "async def functions are not natively supported"),
                                           ("def test(): return 1", "PytestReturnNotNoneWarning")])
def test_mistakes(pytester, source, words):
    pytester.makepyfile(test_mistake=source)
    assert words in pytester.runpytest_inprocess("test_mistake.py").stdout.str()
