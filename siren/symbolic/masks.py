"""What a test can look at as the mask of the rules that bear it: items, a thing's profile, a number.

Bit k of a mask stands for rule k. A table works the mask of a value out once, when the value first comes up.
"""

from bisect import bisect_right
from collections import defaultdict

from siren.symbolic.conditions import Bound, Has, Item
from siren.symbolic.profiles import Profile

KEPT = 1 << 14  # masks remembered in one table
Items = frozenset[Item]


class ItemTable:
    """Tests on a set of items: which rules does it satisfy?"""

    def __init__(self, full: int) -> None:
        self._full = full
        self._tests: dict[Has, int] = defaultdict(int)
        self._known: dict[Items, int] = {}

    def add(self, test: Has, bit: int) -> None:
        """Rules `bit` ask for this."""
        self._tests[test] |= bit

    def of(self, items: Items) -> int:
        """The rules whose tests these items pass."""
        found = self._known.get(items)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            failing = 0
            for test, mask in self._tests.items():
                if (test.item in items) is not test.sign:
                    failing |= mask
            found = self._full & ~failing
            self._known[items] = found
        return found


class ProfileTable:
    """Tests on a thing's profile: words and extents."""

    def __init__(self, full: int) -> None:
        self._full = full
        self._tests: dict[Has | Bound, int] = defaultdict(int)
        self._known: dict[Profile, int] = {}

    def add(self, test: Has | Bound, bit: int) -> None:
        """Rules `bit` ask for this."""
        self._tests[test] |= bit

    def of(self, profile: Profile) -> int:
        """The rules whose tests this thing passes."""
        found = self._known.get(profile)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            failing = 0
            for test, mask in self._tests.items():
                held = (
                    (test.item in profile.items) is test.sign if isinstance(test, Has) else test.holds(profile.extents.get(test.place.key))
                )
                if not held:
                    failing |= mask
            found = self._full & ~failing
            self._known[profile] = found
        return found


class Scale:
    """Tests on one number. Between two edges all numbers are alike."""

    def __init__(self, full: int) -> None:
        self._full = full
        self._tests: dict[Bound, int] = defaultdict(int)
        self._edges: list[int] = []
        self._known: dict[int, int] = {}

    def add(self, test: Bound, bit: int) -> None:
        """Rules `bit` ask for this."""
        self._tests[test] |= bit
        ends = (test.limit,) if test.centre is None else (test.centre - test.limit, test.centre + test.limit)
        self._edges = sorted({*self._edges, *ends, *(end + 1 for end in ends)})
        self._known.clear()

    def of(self, value: int | None) -> int:
        """The rules whose tests this number passes; None is a number that is not there."""
        where = -1 if value is None else bisect_right(self._edges, value)
        found = self._known.get(where)
        if found is None:
            failing = 0
            for test, mask in self._tests.items():
                if not test.holds(value):
                    failing |= mask
            found = self._known[where] = self._full & ~failing
        return found
