"""What people call spare parts: kinds, one among several, and how many."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence

from rapidfuzz import fuzz

from savoir.core.text import fold

LIKENESS = 88
"""From so much likeness (0 to 100) on, a typed word is a word of a part's name."""
KINDS = {
    "solar_panel": r"panneaux? solaires?|solar panels?",
    "power_bank": r"batteries? (?:externes?|de secours)|power ?banks?",
    "ear_tips": r"embouts?|ear ?tips?|tips|silicone (?:tips|wings)|wings|crochets?",
    "ear_pads": r"coussinets?|mousses?|ear ?(?:pads?|cushions?)|foam covers?",
    "earbud": r"(?:ecouteurs?|oreillettes?) (?:gauches?|droite?s?|seule?s?)|(?:left|right|one|single) (?:earbuds?|buds?|earphones?|earpieces?)|left one|right one",
    "dock": r"socles?|stations?|cradles?|docks?|docking|charging puck|berceaux?",
    "charger": r"chargeurs?|chargers?|cables? (?:de charge |d'alimentation )?magnetiques?|magnetic (?:charging )?(?:leads?|cables?)|adaptateurs? secteur|power bricks?|adapt[eo]rs?",
    "power_supply": r"alimentations?|blocs? secteur|cordons? secteur|mains (?:leads?|adapt[eo]rs?)|power (?:suppl(?:y|ies)|leads?|cords?|boards?)",
    "cable": r"cables?|cordons?|fils?|leads?|cords?|hdmi|ethernet",
    "remote": r"telecommandes?|zapettes?|remotes?|remote controls?",
    "stylus": r"stylets?|pointes?|stylus(?:es)?|pens?|nibs?",
    "controller": r"manettes?|controllers?|gamepads?|pads?",
    "keyboard": r"claviers?|keyboards?",
    "fan": r"ventilateurs?|ventilos?|fans?",
    "strap": r"bracelets?|dragonnes?|straps?|bands?",
    "case": r"coques?|etuis?|housses?|boitiers? (?:de charge)?|cases?|sleeves?",
    "cover": r"capots?|couvercles?|tiroirs? (?:de )?(?:carte )?sim|tiroirs?|patins?|vitres? de protection|back covers?|battery doors?|sim trays?|rubber feet|lens (?:protectors?|covers?)|cache",
    "stand": r"pieds?|supports?|stands?|brackets?|mounts?|feet|legs",
    "antenna": r"antennes?|antennas?|aerials?|modules? wi-?fi|wi-?fi modules?",
    "speaker": r"caissons?|subwoofers?",
    "button": r"boutons?|couronnes?|sticks?|crowns?|buttons?",
    "screen": r"ecrans?|dalles?|vitres?|screens?|displays?|glass|panels?",
    "battery": r"batteries?|batterys?|accus?",
    "camera": r"appareils? photo|objectifs?|cameras? arriere|rear camera",
}  # fmt: skip
"""Words for each kind in folded text, the most precise first."""
COUNT = {
    "un": 1, "une": 1, "one": 1, "a": 1, "deux": 2, "two": 2, "a pair of": 1, "couple of": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5,
    "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "douze": 12, "twelve": 12,
}  # fmt: skip
_PATTERNS = {kind: re.compile(rf"\b(?:{pattern})\b") for kind, pattern in KINDS.items()}
_MANY = re.compile(
    rf"\b(?:x ?(\d{{1,2}})|(\d{{1,2}}) ?x\b|(\d{{1,2}}|{'|'.join(name for name, n in COUNT.items() if n > 1)}) (?:jeux|paires|lots|sets|pairs|more|autres|exemplaires|"
    rf"{'|'.join(KINDS.values())})(?! ?(?:w|m|mah|mm)\b)|(?:en|mettez-?(?:m'?en|moi)|plutot|prends|make it|rather) (\d{{1,2}}|{'|'.join(COUNT)})\b(?! ?(?:w|m|mah|mm|h|euros?)\b))"
)
_BARE = re.compile(rf"^\W*(?:(?:non|no|oui|yes|plutot|rather|finalement|actually|il m'en faut|i need)\W+)*(\d{{1,2}}|{'|'.join(COUNT)})(?:\W+(?:s'il vous plait|svp|stp|please))?\W*$")
_COMMON = {"de", "la", "le", "et", "ou", "for", "the", "and", "pour", "lot", "pack", "of", "with"}


def kind_in(text: str) -> Optional[str]:
    """The kind of part that a folded text names first; of two at the same place the more precise."""
    found = {kind: match.start() for kind, match in ((kind, pattern.search(text)) for kind, pattern in _PATTERNS.items()) if match}
    return min(found, key=lambda kind: found[kind]) if found else None


def quantity_in(text: str) -> Optional[int]:
    """How many of it a folded text asks for; None where it does not say."""
    match = _BARE.search(text) or _MANY.search(text)
    said = next((group for group in match.groups() if group), None) if match else None
    return int(said) if said and said.isdigit() else COUNT.get(said or "")


def named_in(text: str, parts: Sequence[Any]) -> List[Any]:
    """The parts of which the text says a word that not all of them have: `gauche`, `25 W`."""
    words: Dict[str, List[str]] = {part.id: _words(f"{part.name_fr} {part.name_en}") for part in parts}
    typed = _words(text)
    own: Dict[str, int] = {}
    for part in parts:
        others = {word for other in parts if other.id != part.id for word in words[other.id]}
        said = {word for word in words[part.id] if word not in others and any(_like(word, one) for one in typed)}
        shared = {word for word in words[part.id] if word in others and any(_like(word, one) for one in typed)}
        own[part.id] = 3 * len(said) + len(shared)
    best = max(own.values(), default=0)
    return [part for part in parts if best and own[part.id] == best]


def _words(text: str) -> List[str]:
    return [word for word in re.findall(r"\w+", re.sub(r"(\d)\s?(w|m|mm|mah)\b", r"\1\2", fold(text))) if word not in _COMMON and len(word) > 1]


def _like(word: str, typed: str) -> bool:
    return word == typed if any(letter.isdigit() for letter in word + typed) else fuzz.ratio(word, typed) >= LIKENESS
