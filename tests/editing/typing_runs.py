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
STYLED = (
    ("<p>Some <b>bold</b> and <em>italic</em> words, <strong><i>both</i></strong>.</p>",
     "Some **bold** and *italic* words, ***both***."),
    ('<b style="font-weight:normal"><p>See <span style="font-weight:700">this</span> '
     '<a href="https://example.org/a?b=1">law</a></p></b>',
     "See **this** [law](https://example.org/a?b=1)"),
    ("<b>two </b><b>words</b>, <a href='javascript:alert(1)'>no</a> <i>link</i>",
     "**two words**, no *link*"),
    ("<p>First:</p><ul><li>one<ul><li><b>inner</b></li></ul></li><li>two</li></ul><p>Last</p>",
     "First:\n\n- one\n  - **inner**\n- two\n\nLast"),
    ('<ol start="3"><li><p>three</p></li><ol><li>in</li></ol><li>four</li></ol>',
     "3. three\n   1. in\n4. four"),
    ("<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span "
     "style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]><b>One</b><o:p></o:p></p>"
     "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>"
     "1.<span> </span></span>Two</p>",
     "- **One**\n  1. Two"),
    ("<style>p {color: red}</style><table><tr><th>Who</th><th>When</th></tr><tr><td>A | B</td>"
     "<td><b>May</b><br>or June</td></tr></table>",
     "| Who | When |\n|---|---|\n| A \\| B | **May** or June |"),
    ("<table><tr><td><p>A page that is <i>laid out</i></p><p>in a table</p></td></tr></table>",
     "A page that is *laid out*\n\nin a table"),
    ("<h2>Heading</h2><p>Words <img src=x onerror='window.hacked=1'>"
     "<script>window.hacked=1</script><i onmouseover='window.hacked=1'>here</i></p>",
     "Heading\n\nWords *here*"),
    ('<p>The <span class="fe-fact" data-source="{{ words.reviewer }}">reviewer</span> asks</p>',
     "The {{ words.reviewer }} asks"),
)  # fmt: skip
"""What a web page or Word puts on the clipboard, and the light Markdown that it becomes."""

PASTE = """(html) => { const data = new DataTransfer(); data.setData("text/html", html);
    data.setData("text/plain", "plain");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste",
        {clipboardData: data, bubbles: true, cancelable: true}));
    return window.hacked; }"""

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


def paste_styled(tab: Any) -> list[str]:
    """What became of each of STYLED in an empty text; it fails where one of them ran a script."""
    made = []
    for html, _ in STYLED:
        tab.evaluate(MAKE, ["", False])
        assert tab.evaluate(PASTE, html) is None
        made.append(tab.evaluate(VALUE)[0])
    return made
