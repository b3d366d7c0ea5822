"""What was asked, answered and tried, in words: for a ticket, and for whoever takes over."""

from __future__ import annotations

import re

from .trees import CANNOT, DID_NOT_WORK, UNKNOWN, WORKED, Question, Text, Tree
from .walking import DOES_NOT_KNOW, Walk

RESULTS = {
    WORKED: Text("c'est réglé", "solved it"),
    DID_NOT_WORK: Text("sans effet", "no effect"),
    CANNOT: Text("pas pu essayer", "could not be tried"),
}
GUIDED = Text("Diagnostic guidé", "Guided diagnosis")
TRIED = Text("Essayé", "Tried")


def summary(tree: Tree, walk: Walk, language: str) -> str:
    """One line for the tree, one for each answer and each attempt, in that language."""
    colon = " : " if language == "fr" else ": "
    lines = [f"{GUIDED.of(language)}{colon}{tree.title.of(language)}"]
    for passed in walk.passed:
        node = tree.nodes.get(passed.node)
        if node is None:
            continue  # the tree was edited meanwhile
        if isinstance(node, Question):
            choice = node.answer(passed.result)
            said = choice.label.of(language) if choice else DOES_NOT_KNOW.of(language) if passed.result == UNKNOWN else passed.result
            lines.append(f"- {node.ask.of(language)} {said}")
        else:
            result = RESULTS.get(passed.result, RESULTS[DID_NOT_WORK]).of(language)
            lines.append(f"- {TRIED.of(language)}{colon}{_first_sentence(node.step.of(language))} → {result}")
    return "\n".join(lines)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
