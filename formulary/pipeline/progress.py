"""How a pipeline reports its progress."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where a build says how far it is."""

    def stage(self, name: str, steps: int) -> None:
        """A stage begins; `steps` is how many steps it will have."""

    def step(self, what: str) -> None:
        """A step of the stage is done."""
