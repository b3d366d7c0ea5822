"""How hurried customers write: copies of phrases without accents, capitals and punctuation, and with slips of the fingers."""

from __future__ import annotations

import random
import re

from savoir.core.text import fold

_NEIGHBOURS = {
    "a": "qzse", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb", "i": "ujko",
    "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp", "p": "ol", "q": "wa", "r": "edft", "s": "awedxz",
    "t": "rfgy", "u": "yhji", "v": "cfgb", "w": "qase", "x": "zsdc", "y": "tghu", "z": "asx",
}  # fmt: skip
_SHORT = {
    "vous": "vs", "nous": "ns", "pour": "pr", "avec": "ac", "quand": "kan", "que": "ke", "qui": "ki", "pas": "pa", "est": "e", "c'est": "c",
    "j'ai": "g", "je": "j", "dans": "ds", "merci": "mci", "bonjour": "bjr", "salut": "slt", "toujours": "tjrs", "commande": "cmd",
    "beaucoup": "bcp", "svp": "stp", "quelque": "qq", "tout": "tt", "plus": "+", "mais": "mé", "message": "msg", "rendez-vous": "rdv",
    "telephone": "tel", "probleme": "pb", "quoi": "koi", "comment": "cmt", "jamais": "jms",
    "you": "u", "your": "ur", "are": "r", "please": "pls", "thanks": "thx", "for": "4", "to": "2", "be": "b", "because": "cos",
    "with": "w", "why": "y", "what": "wat", "when": "wen", "before": "b4", "phone": "fone", "order": "ordr", "have": "hv", "and": "n",
    "the": "da", "people": "ppl", "tomorrow": "tmrw", "today": "2day", "great": "gr8", "see": "c", "okay": "k", "about": "abt",
}  # fmt: skip


def bare(text: str) -> str:
    """Lower case, without accents and punctuation; apostrophes leave a gap, addresses and numbers lose their signs."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def without_accents(text: str) -> str:
    """The same text without accents, capitals kept."""
    return "".join(_kept_case(fold(c), c) for c in text)


def without_punctuation(text: str) -> str:
    """The same text without punctuation."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s']|_", " ", text)).strip()


def typed_badly(text: str, chance: random.Random, rate: float = 0.1) -> str:
    """Each word of more than three letters has a slip (left out, doubled, swapped, next key) with this probability.

    Words with digits or an @ are left alone: a wrong digit is another number, not a typo.
    """
    return re.sub(r"[^\W\d_]{4,}", lambda m: _slip(m[0], chance) if chance.random() < rate else m[0], text)


def texted(text: str, chance: random.Random) -> str:
    """As in a text message: bare, with the usual short forms for half of the words that have one, and a few vowels gone."""
    small = fold(text)
    for long in ("c'est", "j'ai", "rendez-vous"):
        if chance.random() < 0.5:
            small = small.replace(long, _SHORT[long])
    kept = [fold(_SHORT[w]) if w in _SHORT and chance.random() < 0.5 else w for w in bare(small).split()]
    return " ".join(_slip(w, chance) if len(w) > 4 and w.isalpha() and chance.random() < 0.05 else w for w in kept)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    keys = _NEIGHBOURS.get(fold(word[at]), "e")
    return word[:at] + chance.choice(keys) + word[at + 1 :]


def _kept_case(plain: str, original: str) -> str:
    return plain.upper() if original.isupper() else plain
