"""MkDocs' settings and theme: a project's own mkdocs.yml and theme/, laid over the product's."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from mergedeep import merge
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from formulary.formats.handbook.guide import SETTING
from formulary.problems import OutputError
from formulary.project import PRODUCT, SETTINGS, THEME

PRODUCT_THEME = Path(__file__).parent / "theme"


def own_theme(config_file: Path) -> Path | None:
    """The folder theme/ beside a project's settings, whose files come before the product's."""
    folder = config_file.parent / THEME
    return folder if folder.is_dir() else None


def read_settings(config_file: Path) -> dict[str, Any]:
    """The product's settings with those of a project's file laid over them, key by key.

    The file need not exist. A list replaces the product's whole list, as with MkDocs' INHERIT.
    Raises OutputError where a file cannot be read.
    """
    product = PRODUCT / SETTINGS
    own = _read(config_file) if config_file.exists() else {}
    if config_file.exists() and config_file.samefile(product):
        return own
    merged: dict[str, Any] = merge(_read(product), own)
    return merged


def wants_guide(config_file: Path) -> bool:
    """Whether the guide for HR is made: `guide: false` under `extra` leaves it out.

    Raises OutputError where it says neither true nor false.
    """
    wanted = (read_settings(config_file).get("extra") or {}).get(SETTING, True)
    if not isinstance(wanted, bool):
        raise OutputError(
            f"{config_file}: “{SETTING}” under “extra” is {wanted!r}. Write {SETTING}: true, or "
            f"{SETTING}: false to leave out the guide for HR."
        )
    return wanted


def _read(path: Path) -> dict[str, Any]:
    fix = "Correct the line, or fetch mkdocs.yml again."
    try:
        with path.open("rb") as file:
            settings = yaml_load(file)
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}. {fix}") from error
    except ConfigurationError as error:
        raise OutputError(f"{path} cannot be read: {error}. {fix}") from error
    if not isinstance(settings, dict):
        raise OutputError(f"{path} does not hold names and values. {fix}")
    return settings


def load_settings(config_file: Path, **given: Any) -> MkDocsConfig:
    """MkDocs' configuration: `given`, else what `read_settings` says; its theme is complete.

    Raises what MkDocs raises.
    """
    settings = {**read_settings(config_file), **given}
    config = load_config(io.StringIO(), config_file_path=str(config_file), **settings)
    theme = config.theme
    theme.dirs.insert(1 if theme.custom_dir else 0, str(PRODUCT_THEME))
    if own := own_theme(config_file):
        theme.dirs.insert(0, str(own))
    make_environment = theme.get_env

    def get_env() -> Environment:
        found = make_environment()
        found.loader = _VisibleFiles(theme.dirs)
        return found

    theme.get_env = get_env  # type: ignore[method-assign]
    return config


class _VisibleFiles(FileSystemLoader):
    """A theme's files, of which MkDocs copies those that are no templates.

    It passes over hidden ones, but only when it has listed them all: Material has 14,000 icons.
    """

    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for root in map(Path, self.searchpath):
            for folder, folders, names in os.walk(root):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found.update((Path(folder) / name).relative_to(root).as_posix() for name in names)
        return sorted(found)
