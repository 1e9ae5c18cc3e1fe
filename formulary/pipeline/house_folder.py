"""Put the house templates of the product and the project into one folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from formulary.problems import OutputError
from formulary.project import FORMS, HOUSE, Project, project_at


@contextmanager
def house_folder(root: Path) -> Iterator[Path]:
    """The folder of the house documents of a project; its own documents for forms are beside it.

    A template of Typst can import from its own folder only, so where the project has documents of
    its own, they and the product's are copied together. An OutputError raised inside names each
    document by its place in the project or the product.
    """
    project = project_at(root)
    if project.is_product:
        yield root / HOUSE
        return
    found = {
        folder / path.name: path
        for folder, pattern in ((HOUSE, "*"), (FORMS, "*.docx"), (FORMS, "*.pdf"))
        for path in project.files(folder, pattern)
        if path.is_file()
    }
    with TemporaryDirectory(prefix="house-") as merged:
        place = project.product
        if any(map(project.is_own, found.values())):
            place = Path(merged)
            (place / HOUSE).mkdir(parents=True)
            for name, path in found.items():
                shutil.copyfile(path, place / name)
        try:
            yield place / HOUSE
        except OutputError as error:
            raise OutputError(_name_documents(str(error), place, found, project)) from error


def _name_documents(message: str, place: Path, found: dict[Path, Path], project: Project) -> str:
    for name, path in found.items():
        message = message.replace(
            (place / name).as_posix(), project.path_in_messages(path).as_posix()
        )
    return message
