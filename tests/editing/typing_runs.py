"""Type at random into the control for words, and compare what is seen with what is saved."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from formulary.editing.operations import clean_words

STARTS = (
    "One line of words.",
    "Two paragraphs.\n\nThe second has **bold** and *italic* words.",
    "A list:\n\n- first\n- second {{ words.reviewer }}\n  - within\n- third",
    "1. one\n2. two\n\nSee [the law](https://example.org/a) and {{ clause('scope') }}.",
    "| Stage | When |\n|---|---|\n| Planning | October |\n\nAfter the table.",
    "",
)
KEYS = (
    "Enter", "Backspace", "Delete", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home",
    "End", "Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Control+a", "Control+b",
    "Control+i", "Control+z", "Shift+Enter", "Tab", "Control+Home", "Control+End",
)  # fmt: skip
PASTED = (
    "plain words", "two\nlines", "• one\n• two", "1. one\n2. two", "a\u2028b\u000bc", "**bold**",
    "<b>tag</b> & more", "{{ words.reviewer }}", "| a | b |", "- ", "  blank  ", "\ufeffmark",
    "# head", "é “quoted” – dash", "*", "[x](y)",
)  # fmt: skip
LETTERS = "abc XYZ.,*-_[](){}|#1é"

MAKE = """([text, oneLine]) => {
    const state = {facts: {"{{ words.reviewer }}": "reviewer"}, leads: {}, insertable: [],
        twins: [], controls: [], changed() {}};
    const described = {kind: oneLine ? "line" : "prose", value: text, label: "Words", help: "",
        spot: "x", key: "x", here: true, needed: true};
    const control = window.formularyEditor.wordsControl(described, state);
    document.querySelector("#typing")?.remove();
    const home = document.createElement("div");
    home.id = "typing";
    home.append(control.element);
    document.body.prepend(home);
    window.typed = control;
    control.focus.focus();
}"""
VALUE = "() => { try { return [typed.value(), '']; } catch (e) { return [null, e.message]; } }"
SEEN = """() => (typed.focus.value !== undefined ? typed.focus.value : typed.focus.innerText)"""
TEXTS = """(texts) => {
    const wrong = [];
    let rich = 0;
    for (const text of texts) {
        const state = {facts: {}, leads: {}, insertable: [], twins: [], controls: [], bare: true};
        const described = {kind: "prose", value: text, label: "x", help: "", spot: "x", key: "x",
            here: true, needed: true};
        const control = window.formularyEditor.wordsControl(described, state);
        if (control.focus.isContentEditable || control.focus.hasAttribute("contenteditable"))
            rich += 1;
        document.body.append(control.element);
        const back = control.value();
        control.element.remove();
        if (back !== text) wrong.push([text, back]);
    }
    return [rich, wrong];
}"""
"""Puts each text into a control and takes it out again: how many are rich, and which differ."""


@dataclass(frozen=True)
class Run:
    """What came of one run: the text to save, why it was refused, or what went wrong."""

    value: str = ""
    refused: str = ""
    fault: str = ""


def type_at_random(tab: Any, seed: int) -> Run:
    """One run of some twenty keystrokes and pastes."""
    choose = random.Random(seed)
    start = choose.choice(STARTS)
    tab.evaluate(MAKE, [start, False])
    for _ in range(choose.randrange(5, 25)):
        kind = choose.random()
        if kind < 0.5:
            tab.keyboard.type("".join(choose.choices(LETTERS, k=choose.randrange(1, 6))))
        elif kind < 0.85:
            key = choose.choice(KEYS)
            if key != "Tab":
                tab.keyboard.press(key)
        else:
            tab.evaluate(
                """(words) => { const data = new DataTransfer(); data.setData("text/plain", words);
                document.activeElement.dispatchEvent(new ClipboardEvent("paste",
                    {clipboardData: data, bubbles: true, cancelable: true})); }""",
                choose.choice(PASTED),
            )
    value, refused = tab.evaluate(VALUE)
    if refused:
        return Run(refused=refused)
    seen = "".join(clean_words(tab.evaluate(SEEN)).split())
    saved = clean_words(value or "")
    tab.evaluate(MAKE, [saved, False])
    shown = "".join(clean_words(tab.evaluate(SEEN)).split())
    if tab.evaluate(VALUE)[0] not in (saved, None) and saved:
        return Run(saved, fault=f"{saved!r} is not stable")
    return Run(saved, fault="" if shown == seen else f"seen {seen!r}, saved {shown!r}")
