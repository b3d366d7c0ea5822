"""Where a guided diagnosis stands, as the slot `diagnosis` keeps it, and how an answer to it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional

from actions.base import Turn
from actions.copy import label
from actions.device import Device
from savoir.core.text import fold
from savoir.diagnosis import service as diagnosis

LATER = re.compile(
    r"\b(plus tard|pas maintenant|on (?:verra|reprendra)|je (?:reviens|reviendrai|reprendrai)|(?:une )?pause|later|not now|i'?ll (?:be back|come back)|"
    r"come back to (?:it|this)|pick (?:it|this) up)\b"
)
"""The customer goes away from it, in folded text."""
WAIT = re.compile(
    r"\b(?:je (?:vais (?:essayer|voir|tester|regarder|le faire)|teste|regarde|vous dis)|j'essaie|j'essaye|(?:une?|deux|2|quelques) (?:instants?|minutes?|secondes?)|"
    r"attendez|patientez|un moment|let me (?:try|check|see|look)|i'?ll (?:try|check|have a look)|(?:hold|hang) on|one (?:moment|minute|sec\w*)|give me a)\b"
)
"""The customer tries it right now."""
CORRECTS = re.compile(
    r"\b(?:c'est (?:pour )?(?:ma|mon|mes|le|la|l'|les|un|une|des|pas)|il s'agit|je parle d|je voulais dire|en fait|plutot|pas (?:mon|ma|le|la) \w+ mais|"
    r"(?:trompee?|erreur)|it'?s (?:my|the|a|an|for)|it is (?:my|the|a)|i mean|i meant|actually|not (?:my|the) \w+|sorry,? )\b"
)
"""An answer that corrects what was said before, in folded text."""
HOME = "home_"
"""Facts about the home hold for every device in it."""


@dataclass(frozen=True)
class Guided:
    """A walk through a tree with the device and the symptom that it is about.

    `is_under_way`: the form asks its questions now. `end`: how it came out; None while it did not. `facts` outlive it.
    """

    device: Optional[Device] = None
    symptom: Optional[str] = None
    walk: Optional[diagnosis.Walk] = None
    is_under_way: bool = False
    end: Optional[str] = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it can be gone on with."""
        return self.walk is not None and self.end is None

    def as_json(self) -> Dict[str, Any]:
        """For the slot."""
        return {
            "product_type": self.device.type if self.device else None, "product_model": self.device.model if self.device else None,
            "symptom": self.symptom, "walk": self.walk.as_json() if self.walk else None, "is_under_way": self.is_under_way, "end": self.end,
            "facts": dict(self.facts),
        }

    def slots(self, **more: Any) -> Dict[str, Any]:
        """The slots that say the same; what else the message named meanwhile (`another charger`) is put right by it."""
        return {**(self.device.slots() if self.device else {}), "symptom": self.symptom, "diagnosis": self.as_json(), **more}

    def facts_for(self, device: Optional[Device]) -> Dict[str, str]:
        """What is known of that device and of the home."""
        is_same = self.device is not None and device is not None and self.device.is_like(device)
        return {name: value for name, value in self.facts.items() if is_same or name.startswith(HOME)}


def kept(turn: Turn) -> Guided:
    """What the slot holds; nothing where there is nothing, or nothing that can be read."""
    held: Mapping[str, Any] = turn.slot("diagnosis") or {}
    try:
        walk = diagnosis.Walk.from_json(held["walk"]) if held.get("walk") else None
    except Exception:
        return Guided()
    device = Device(held["product_type"], held.get("product_model")) if held.get("product_type") else None
    return Guided(device, held.get("symptom"), walk, bool(held.get("is_under_way")), held.get("end"), held.get("facts") or {})


def begun(before: Guided, device: Device, symptom: Optional[str], language: str) -> Guided:
    """The diagnosis of a device and a symptom at its first open question; at its end, `none`, where there is no tree for them."""
    facts = before.facts_for(device)
    tree = diagnosis.tree_for(product_type=device.type, symptom=symptom) if symptom else None
    if tree is None:
        return Guided(device, symptom, None, False, "damage" if symptom == "water" else "none", facts)
    return moved(Guided(device, symptom, facts=facts), diagnosis.begin(tree=tree, facts=facts, model=device.model), language)


def moved(guided: Guided, walk: diagnosis.Walk, language: str) -> Guided:
    """The same where the walk now stands."""
    prompt = diagnosis.now(walk, language=language)
    end = prompt.end if prompt.kind == "end" else None
    return replace(guided, walk=walk, is_under_way=end is None, end=end, facts={**guided.facts, **walk.facts})


def usual_symptoms(device: Device, most: int = 5) -> List[str]:
    """The symptoms of a kind of device that a tree serves, the most usual first."""
    order = ("power", "screen", "battery", "charging", "sound", "connectivity", "performance", "camera", "buttons", "storage", "software", "overheating", "noise")
    served = [s for s in order if diagnosis.tree_for(product_type=device.type, symptom=s)]
    once: Dict[str, str] = {}
    for symptom in served:
        tree = diagnosis.tree_for(product_type=device.type, symptom=symptom)
        once.setdefault(tree.id if tree else symptom, symptom)
    return sorted(once.values(), key=order.index)[:most]


def symptom_named(turn: Turn, device: Optional[Device]) -> Optional[str]:
    """The symptom that the latest message tells: the first for which the device has a tree, else the first."""
    named = [str(e["value"]) for e in turn.entities if e.get("entity") == "symptom"]
    with_tree = [s for s in named if device and diagnosis.tree_for(product_type=device.type, symptom=s)]
    return next(iter(with_tree or named), None)


def same_tree(guided: Guided, symptom: Optional[str]) -> bool:
    """Whether a symptom leads to the tree that is under way."""
    tree = diagnosis.tree_for(product_type=guided.device.type, symptom=symptom) if guided.device and symptom else None
    return tree is not None and guided.walk is not None and tree.id == guided.walk.tree


def buttons(turn: Turn, guided: Guided) -> List[Dict[str, Any]]:
    """The answers at the present place. Each names its place, so that a second press answers nothing else."""
    assert guided.walk is not None
    prompt = diagnosis.now(guided.walk, language=turn.language)
    return [{"title": b.label, "payload": f'/inform{{"diagnosis_answer": "{prompt.place}:{b.value}"}}'} for b in prompt.buttons]


def is_correction(turn: Turn) -> bool:
    """Whether a typed message corrects what was said."""
    return CORRECTS.search(turn.typed) is not None


def filed_summary(turn: Turn, language: str) -> str:
    """What was asked, answered and tried, for a ticket; empty without a walk."""
    walk = kept(turn).walk
    return diagnosis.summary(walk, language=language) if walk else ""


def symptom_label(symptom: str, language: str) -> str:
    """What people call a symptom."""
    return label(f"symptom_{symptom}", language)


def typed_is(pattern: "re.Pattern[str]", text: str) -> bool:
    """Whether a short message says that, and little else."""
    return len(text.split()) <= 12 and pattern.search(fold(text)) is not None


def told(turn: Turn) -> List[str]:
    """What the customer typed in this session beside answers to the diagnosis and single words, oldest first."""
    texts: List[str] = []
    asked: Optional[str] = None
    for event in turn.events:
        if event.get("event") == "slot" and event.get("name") == "requested_slot":
            asked = event.get("value")
        text = str(event.get("text") or "") if event.get("event") == "user" else ""
        if text and not text.startswith("/") and (asked != "diagnosis_answer" or len(text.split()) > 3):
            texts.append(text)
    return texts
