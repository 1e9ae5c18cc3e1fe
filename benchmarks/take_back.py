"""How many random edits of policies in Word are taken back, and how exactly.

    python benchmarks/take_back.py [EDITS] [SEED] [--stripped] [-v]

Each round makes 20 edits in one document, takes them back, and prints the changed content again.
With --stripped the document has lost its bookmarks, and the lines that are led to their own
clause are counted; -v shows what was listed.
"""

from __future__ import annotations

import random
import sys
import time

from common import ROOT

sys.path.insert(0, str(ROOT))

from tests.word_edits import KINDS, Outcome, Round

ORGANISATIONS = ("pclc", "dgat", "staploe", "cwac", "ealing")
EDITS_IN_A_ROUND = 20


def main(edits: int, seed: int) -> None:
    """Make so many edits, and print what became of each kind."""
    draw, total, began = random.Random(seed), Outcome(), time.process_time()
    rounds = [Round(ROOT, organisation) for organisation in ORGANISATIONS]
    while total.made.total() < edits:
        for one in rounds:
            total.add(one.run(draw, EDITS_IN_A_ROUND, stripped="--stripped" in sys.argv))
    for kind, about in KINDS.items():
        made, applied, listed = total.made[kind], total.applied[kind], total.listed[kind]
        named = total.named[kind]
        print(f"{kind:18}{made:4}{applied:4} applied{named:3} rules{listed:3} listed: {about}")
    data = "edit_data"
    made = total.made.total() - total.made[data]
    applied, listed = (counted.total() - counted[data] for counted in (total.applied, total.listed))
    rules = total.named.total() - total.named[data]
    print(
        f"{made} edits of own texts, {(applied + rules) / made:.3f} applied, of which "
        f"{rules} changes of a rule; {listed} listed"
    )
    print(f"{total.dropped} facts became words and were named, {len(total.wrong)} faults")
    for what, placed in (("lines", total.placed), ("edited lines", total.placed_edited)):
        if placed.total():
            share = placed[True] / placed.total()
            print(f"{placed.total()} {what}, {share:.4f} of them placed in their own clause")
    print(f"{time.process_time() - began:.0f} s of processor time")
    for fault in total.wrong:
        print("  " + fault)
    if "-v" in sys.argv:
        for fault in total.left:
            print("  " + fault)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    main(*given, *(2000, 19)[len(given) :])
