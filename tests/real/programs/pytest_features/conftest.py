"""Fixtures and hooks that the other files use."""
import pytest

order = []


@pytest.fixture(scope="session")
def events():
    order.append("session")
    yield order
    order.append("session over")


@pytest.fixture(params=["small", "big"], ids=str.upper)
def size(request):
    return request.param, request.node.name.partition("[")[0]


@pytest.fixture
def make(request):
    made = []

    def factory(value):
        made.append(value)
        return {"value": value}

    yield factory
    assert made, "nothing was made"


@pytest.fixture(autouse=True)
def note(request):
    order.append(request.node.name)


def pytest_addoption(parser):
    parser.addoption("--own", action="store", default="nothing")


def pytest_generate_tests(metafunc):
    if "generated" in metafunc.fixturenames:
        metafunc.parametrize("generated", range(3), ids=lambda n: f"n{n}")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


def pytest_assertrepr_compare(op, left, right):
    if isinstance(left, complex) and op == "==":
        return ["complex numbers differ", f"  {left} != {right}"]
    return None
