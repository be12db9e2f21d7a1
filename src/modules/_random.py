"""Module implements the Mersenne Twister random number generator."""
include("modules/random_objects.h")


@layout("RandomObject", type="PyRandom_Type", flags="basetype mutable", module="_random", prefix="random",
        lifetime="own", signature=False)
class Random(object):
    """Random() -> create a random number generator with its own internal state."""
    def __new__(cls, *args: raw): ...
    def __init__(self, *args: raw): ...
    def random(self, /) -> float:
        """random() -> x in the interval [0, 1)."""
    def seed(self, n=None, /) -> None:
        """seed([n]) -> None.

        Defaults to use urandom and falls back to a combination
        of the current time and the process identifier."""
    def getstate(self, /):
        """getstate() -> tuple containing the current state."""
    def setstate(self, state, /) -> None:
        """setstate(state) -> None.  Restores generator state."""
    def getrandbits(self, k, /):
        """getrandbits(k) -> x.  Generates an int with k random bits."""
