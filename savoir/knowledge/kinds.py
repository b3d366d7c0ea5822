"""Which kind of device a question is about, and which an article: customers say "ordi" or "laptop" where articles say the model's name."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Iterable, Sequence

from savoir.core.text import words

_WORDS = {
    "smartphone": "telephone telephones tel tels smartphone smartphones phone phones mobile gsm cellphone fon",
    "tablet": "tablette tablettes tablet tablets",
    "laptop": "ordinateur ordinateurs ordi ordis pc laptop laptops computer computers notebook",
    "television": "tele teles televiseur televiseurs televisor tv tvs television televisions telly tvset",
    "headphones": "casque casques ecouteur ecouteurs oreillette oreillettes headphone headphones earphone earphones earbud earbuds headset headsets bud buds",
    "speaker": "enceinte enceintes speaker speakers soundbar soundbars subwoofer caisson sonos",
    "router": "routeur routeurs router routers mesh repeteur repeteurs",
    "smartwatch": "montre montres watch watches smartwatch",
    "camera": "camera cameras cam cams webcam camescope",
    "console": "console consoles manette manettes controller controllers gamepad gamepads joystick handheld",
}
KIND_BITS = {kind: 1 << place for place, kind in enumerate(_WORDS)}
"""One bit a kind, so that the kinds of an article are one number."""
_KIND_OF = {word: kind for kind, listed in _WORDS.items() for word in listed.split()}
_PAIRS = {
    "pc portable": "laptop", "ordinateur portable": "laptop", "ordi portable": "laptop", "barre son": "speaker", "sound bar": "speaker",
    "telephone portable": "smartphone", "mobile phone": "smartphone", "console portable": "console",
}
_FORM_WORDS = frozenset({"de", "du", "of", "the", "la", "le"})
ENOUGH = 0.34
"""The share of a product's device words that its kind must have at least."""


def kinds_in(text: str) -> Counter[str]:
    """How often each kind of device is named in a text, French or English."""
    said = [word for word in words(text) if word not in _FORM_WORDS]
    found = Counter(_KIND_OF[word] for word in said if word in _KIND_OF)
    found.update(_PAIRS[pair] for first, second in pairwise(said) if (pair := f"{first} {second}") in _PAIRS)
    return found


class Kinds:
    """What kind of device each product is, learnt from the words of the articles about it; changeable one article at a time."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, float]] = {}

    def add(self, products: Sequence[str], text: str, times: int = 1) -> None:
        """Counts the devices that an article about these products names; with `times` -1 takes them back."""
        found = kinds_in(text)
        for product in products:
            counts = self._named.setdefault(product, {})
            for kind, count in found.items():
                counts[kind] = counts.get(kind, 0.0) + times * count / len(products)
                if counts[kind] <= 1e-9:
                    del counts[kind]

    def of(self, products: Iterable[str]) -> frozenset[str]:
        """The kinds that these products are."""
        found = set()
        for product in products:
            counts = self._named.get(product)
            if counts:
                kind, count = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
                if count >= ENOUGH * sum(counts.values()):
                    found.add(kind)
        return frozenset(found)
