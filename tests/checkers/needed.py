"""Which tests need a program outside Python: those that come to ask for one, or whose fixtures do.

Nobody marks a test by hand. From the code of a test and of its fixtures, the names that it uses
are followed through the tests' own functions and classes to the functions of `tools` that find a
program or an npm package.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.checkers import tools

ASKING = (tools.program, tools.node_module, tools.node_version)


def needs_a_program(test: pytest.Function) -> bool:
    """Whether a test asks for a program: it, a fixture of it, or a function that it is given."""
    fixtures = test._fixtureinfo.name2fixturedefs.values()  # what pytest found for this test
    parameters = test.callspec.params.values() if hasattr(test, "callspec") else ()
    starts = [test.function, *(each.func for found in fixtures for each in found), *parameters]
    return any(_asks(thing) for start in starts for thing in _things(start))


@cache
def _asks(start: object) -> bool:
    seen: set[object] = set()
    ahead = [start]
    while ahead:
        thing = ahead.pop()
        if thing in ASKING:
            return True
        if thing not in seen:
            seen.add(thing)
            ahead.extend(_used_by(thing))
    return False


def _used_by(thing: object) -> Iterator[object]:
    """The functions and classes of the tests that this one names."""
    if inspect.isclass(thing):
        for member in vars(thing).values():
            yield from _things(inspect.unwrap(getattr(member, "__func__", member)))
    if not isinstance(thing, FunctionType):
        return
    for code in _codes(thing.__code__):
        for name in code.co_names:
            held = thing.__globals__.get(name)
            if isinstance(held, ModuleType):
                held = [vars(held).get(other) for other in code.co_names]
            yield from _things(held)
    for cell in thing.__closure__ or ():
        yield from _things(cell.cell_contents)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code, and that of the functions inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _things(held: object) -> Iterator[object]:
    """The functions and classes of the tests that a value is, or holds."""
    if isinstance(held, Mapping):
        held = list(held.values())
    if isinstance(held, list | tuple):
        for each in held:
            yield from _things(each)
    if callable(held) and hasattr(held, "__wrapped__"):  # decorated, or its result is cached
        held = inspect.unwrap(held)
    if (
        isinstance(held, FunctionType | type)
        and held.__module__.startswith("tests.")
        and held.__module__ != __name__  # a test of this module asks for no program by it
    ):
        yield held
