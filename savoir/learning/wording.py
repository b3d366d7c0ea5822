"""Which variation of a response is said, and how a question is led in when it is asked again."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

LEADS = {"again": "utter_lead_again", "back": "utter_lead_back", "photo": "utter_lead_photo", "changed": "utter_lead_changed"}
"""What stands before a question that has no variation of its own for that value of the slot `asked`: it is asked again because the
answer was not understood, taken up again after something else, or open still when a photo came, or put anew because the customer corrected something."""

FIRM_VALUES = frozenset(("firm", "support_phone", "opening_hours"))
"""Variables that every text may use: settings of those names, the opening hours in words."""


def most_exact(variations: Sequence[Mapping[str, Any]], slots: Mapping[str, Any], channel: Optional[str] = None) -> list[Mapping[str, Any]]:
    """The variations to choose among: those for the channel before others, and among these the ones with most conditions that hold.

    Where none fits, the ones without any condition on anything but the language: another language is better than silence.
    """
    fitting = [v for v in variations if v.get("channel") in (None, channel) and _holds(v, slots)]
    if not fitting:
        fitting = [v for v in variations if v.get("channel") in (None, channel) and all(c["name"] == "language" for c in v.get("condition") or ())]
        return fitting[:1]
    best = max(map(_exactness, fitting))
    return [v for v in fitting if _exactness(v) == best]


def led_in(lead: str, question: str) -> str:
    """`Reprenons :` and `Quel est…` as `Reprenons : quel est…`; after a full stop the question keeps its capital."""
    if lead.rstrip()[-1:] in ".!?…" or question[1:2].isupper():
        return f"{lead.rstrip()} {question}"
    return f"{lead.rstrip()} {question[:1].lower()}{question[1:]}"


def _holds(variation: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    return all(_same(slots.get(c["name"]), c.get("value")) for c in variation.get("condition") or ())


def _same(one: Any, other: Any) -> bool:
    return one.casefold() == other.casefold() if isinstance(one, str) and isinstance(other, str) else bool(one == other)


def _exactness(variation: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """French has no condition and English one: both count as a variation for the language, so what else is asked for decides."""
    conditions = [c["name"] for c in variation.get("condition") or ()]
    others = sum(name != "language" for name in conditions)
    return variation.get("channel") is not None, others > 0, 2 * others + ("language" in conditions)
