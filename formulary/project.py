"""A project's folder and the product's; of two files of a name, the project's own comes first.

The product is this package with its data: the library of forms, topics and starter texts, the house
documents, the guide and the settings. A project holds what is an organisation's own. The repository
of the product is both at once; there, every path leads to the same file. This module imports next
to nothing, since every command begins with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

PACKAGE = Path(str(files(__package__))).resolve()
"""The folder of the running code: on disk, since MkDocs and Typst read from folders."""
_INSTALLED = PACKAGE / "product"
PRODUCT = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent
"""The folder of the product's data: inside the installed package, else the top of the checkout."""

ORGANISATIONS = Path("content") / "organisations"
FORMS = Path("forms")
HOUSE = FORMS / "house"
LIBRARY = Path("content") / "library"
SCHEMA = Path("content") / "schema"
STARTER = Path("content") / "starter"
GUIDE = Path("docs")
SETTINGS = Path("mkdocs.yml")
THEME = Path("theme")

PRODUCT_PREFIX = "formulary's "
"""What tells a path of the product, in a message, from one of the project."""

_CALLED = Path(sys.argv[0] if sys.argv else "")
_IS_INSTALLED_COMMAND = _CALLED.stem == "formulary" or _CALLED.parent.name == "formulary"
PROGRAM = "formulary" if _IS_INSTALLED_COMMAND else "build.py"
"""The name before a message: `formulary`, or `build.py` in a checkout."""
COMMAND = "formulary" if _IS_INSTALLED_COMMAND else "python build.py"
"""What to type, as this program was started."""


class Source(NamedTuple):
    """Where a file of a build comes from; `both` are settings laid over the product's."""

    path: Path
    origin: Literal["project", "product", "both"]


class Project(NamedTuple):
    """The folder of a project, and that of the product; see `project_at`."""

    folder: Path
    product: Path

    @property
    def is_product(self) -> bool:
        """Whether the project is the product's own repository."""
        return self.folder == self.product

    def find(self, path: Path) -> Path:
        """The file at a relative path: the project's own, else the product's, if it has one."""
        own, other = self.folder / path, self.product / path
        return other if other.exists() and not own.exists() else own

    def files(self, folder: Path, pattern: str) -> tuple[Path, ...]:
        """The files of a folder that match a pattern, by name; of one name, the project's own."""
        places = (self.folder,) if self.is_product else (self.product, self.folder)
        named = {path.name: path for place in places for path in (place / folder).glob(pattern)}
        return tuple(named[name] for name in sorted(named))

    def is_own(self, path: Path) -> bool:
        """Whether a file that was found is the project's."""
        if self.product.is_relative_to(self.folder):  # a project may hold its .venv
            return self.is_product or not path.is_relative_to(self.product)
        return path.is_relative_to(self.folder)

    def path_in_messages(self, path: Path) -> Path:
        """The path as messages name it: `forms/a.yaml`, or `formulary's forms/a.yaml`."""
        if self.is_own(path):
            return path.relative_to(self.folder)
        return Path(PRODUCT_PREFIX + path.relative_to(self.product).as_posix())

    def appearance_files(self) -> tuple[Path, ...]:
        """Files and folders, there or not, that every page depends on: settings, and own theme."""
        return (self.product / SETTINGS, self.folder / SETTINGS, self.folder / THEME)

    def inputs(self) -> tuple[Path, ...]:
        """Files and folders, there or not, that a build reads beside the product's code."""
        own = tuple(self.folder / name for name in ("content", FORMS, GUIDE, SETTINGS, THEME))
        library = tuple(self.product / name for name in (FORMS, LIBRARY, STARTER, GUIDE, SETTINGS))
        return own if self.is_product else own + library

    def sources(self) -> Iterator[Source]:
        """Every file that a build takes from the project or else from the product."""
        for folder, pattern in (
            (FORMS, "*.yaml"),
            (FORMS, "*.docx"),
            (FORMS, "*.pdf"),
            (HOUSE, "*"),
            (LIBRARY, "*.yaml"),
            (STARTER, "*.j2"),
            (GUIDE, "*.md"),
        ):
            for path in self.files(folder, pattern):
                yield Source(folder / path.name, "project" if self.is_own(path) else "product")
        for path in sorted((self.folder / THEME).rglob("*")):
            if path.is_file():
                yield Source(path.relative_to(self.folder), "project")
        yield Source(SETTINGS, self._origin_of_settings())

    def _origin_of_settings(self) -> Literal["project", "product", "both"]:
        if self.is_product:
            return "project"
        return "both" if (self.folder / SETTINGS).is_file() else "product"


def project_at(folder: Path) -> Project:
    """The project in a folder. One that holds the running code is the product's repository."""
    inside = folder / PACKAGE.name
    is_checkout = not _INSTALLED.is_dir() and inside.is_dir() and inside.resolve() == PACKAGE
    return Project(folder, folder if is_checkout else PRODUCT)


def find_project(folder: Path) -> Path | None:
    """The nearest folder, from `folder` up, that has content/organisations."""
    for place in (folder, *folder.parents):
        if (place / ORGANISATIONS).is_dir():
            return place
    return None


def find_clash() -> str:
    """The distribution called `formulary` that is installed beside this package; empty if none.

    This one is `formulary-papers`. The other has a package and a command of the same names, and
    whichever is installed last overwrites files of the first.
    """
    names = sorted(os.listdir(PACKAGE.parent))  # noqa: PTH208 (Path objects cost ten times as much)
    found = (name for name in names if name.startswith("formulary-") and name.endswith(_METADATA))
    return next(found, "").removesuffix(_METADATA)


_METADATA = ".dist-info"
