"""The command that makes drafts, a list for a mail merge and zips of packs, or sends them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from formulary.cli.display import Display
from formulary.cli.output import CONTENT_HAS_ERRORS, FINE, print_data, print_list
from formulary.pipeline.send import DRAFTS, MAILING, ZIPS, SendOrder, SendReport, send
from formulary.pipeline.smtp import Security, SmtpServer
from formulary.words import count_of


def run(options: argparse.Namespace, root: Path) -> int:
    order = _order_of(options)
    with Display(timed=options.debug) as display:
        report = send(root, order, display)
    if options.json:
        print_data(_data_of(report))
    else:
        _print_report(report, order)
    sending = report.sending
    wrong = bool(sending and (sending.refused or sending.doubtful))
    return CONTENT_HAS_ERRORS if wrong else FINE


def _order_of(options: argparse.Namespace) -> SendOrder:
    server = None
    if options.smtp:
        host, port = options.smtp
        security: Security = options.tls or ("tls" if port == 465 else "starttls")
        server = SmtpServer(host, port, security, options.user)
    return SendOrder(
        folder=options.folder,
        organisation=options.org,
        out=options.out,
        year=options.year,
        to=options.to,
        formats=options.format,
        zips=options.zip,
        largest=options.largest * 1_000_000,
        sender=options.sender,
        server=server,
        per_minute=options.per_minute,
        again=tuple(options.again),
        dry_run=options.dry_run,
        force=options.force,
    )


def _data_of(report: SendReport) -> dict[str, object]:
    sending = report.sending
    return {
        "mails": report.mails,
        "files": report.files,
        "zips": report.zips,
        "without_address": report.without_address,
        "not_made": [{"what": what, "why": why} for what, why in report.not_made],
        "results": report.results,
        "sent": sending.sent if sending else 0,
        "sent_before": sending.before if sending else 0,
        "doubtful": sending.doubtful if sending else [],
        "refused": [{"to": to, "why": why} for to, why in sending.refused] if sending else [],
    }


def _print_report(report: SendReport, order: SendOrder) -> None:
    what = "they get no email" if order.server else "type it into their drafts"
    _list(f"Without an address that an email can go to; {what}", report.without_address)
    _list("Not made", [f"{what}: {why}" for what, why in report.not_made])
    if any("MB" in why for _, why in report.not_made):
        print(
            f"Most servers take no email above {order.largest // 1_000_000} MB (--largest). Use "
            "--format word or pdf, --to person, or --zip reviewer for a share."
        )
    mails, files = count_of(report.mails, "email"), count_of(report.files, "file")
    sending = report.sending
    if order.dry_run:
        where = f" through {order.server.host}" if order.server else ""
        print(f"{mails} with {files} would go{where}. Nothing was made or sent.")
    elif sending:
        before = f"; {sending.before:,} had gone before" if sending.before else ""
        print(f"{sending.sent:,} sent{before}.")
        _list(
            "Refused by the server; run the command again to try again",
            [f"{to}: {why}" for to, why in sending.refused],
        )
        _list("May have arrived or not, because a run ended at that moment", sending.doubtful)
        if sending.doubtful:
            print("Ask them, or look at the server's log. To send it again: --again ID.")
    else:
        for result in ("new", "changed", "same", "kept", "gone"):
            if count := report.results.get(result, 0):
                print(f"{count_of(count, 'file')} {_RESULTS[result]}")
        print(f"{mails} with {files} are in {order.out / DRAFTS}, as drafts.")
        print(f"Open one to look at it, and send it. {MAILING} lists them for a mail merge.")
        if report.zips:
            print(f"{report.zips:,} zips for a share are in {order.out / ZIPS}.")


_RESULTS = {
    "new": "made for the first time",
    "changed": "made again, because something differs",
    "same": "left as before",
    "kept": "kept, because someone has changed them (--force replaces them)",
    "gone": "of an earlier run taken away, because nobody gets them now",
}


def _list(title: str, lines: Sequence[str]) -> None:
    print_list(f"{title} ({len(lines):,}):", lines, "; --json lists all")
