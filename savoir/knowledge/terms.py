"""Text as lexical search sees it: folded first, then stemmed ("reparer" meets "réparer"), and character 3-grams."""

from __future__ import annotations

from functools import cache, lru_cache

import Stemmer

from savoir.core.text import fold, words

# Folded. Words that carry the fault are left in: "son" is French for sound as well as for "his".
_FRENCH = (
    "a ai as au aux avec avez avoir avons bonjour bonsoir c ca ce cela ces cet cette ceux chez ci comment d dans de des "
    "donc du elle elles en encore est et etait ete etre eu faire fais fait faut il ils j je l la le les leur leurs lui m ma "
    "mais me meme merci mes mettre moi mon n ne nos notre nous on ont or ou par pas peut peux plait plus pour pourquoi "
    "pouvez puis puisje qu quand que quel quelle quelles quels qui quoi s sa salut se ses si sont stp suis sur svp t ta te "
    "tes toi ton tous tout toute toutes tres tu un une va vais veux vos votre voudrais vous y "
)
_ENGLISH = (
    "a about am an and any are as at be been but by can could d did do does doesn don for from get had has have he hello hi "
    "how i if in is isn it its just ll m me my of on or our please s she should so some t than thanks that the their them "
    "then there these they this to ve was we were what when where which who why will with would you your "
)
STOP_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}

# What people type for short or say for another word, folded, and the words that articles have. Without what is rare or means two things.
_FRENCH_SHORT = {
    "tel": "telephone", "tels": "telephones", "fon": "telephone", "ordi": "ordinateur", "ordis": "ordinateurs", "pc": "ordinateur",
    "tele": "televiseur", "teles": "televiseurs", "tv": "televiseur", "television": "televiseur", "zapette": "telecommande",
    "zappette": "telecommande", "maj": "mise jour", "mdp": "mot passe", "kdo": "cadeau", "appli": "application", "applis": "applications",
    "puce": "carte sim", "batt": "batterie", "cb": "carte bancaire", "fric": "argent", "thune": "argent", "thunes": "argent",
    "bagnole": "voiture", "rame": "lent", "gamin": "enfant", "gosse": "enfant", "paume": "perdu", "pb": "probleme", "pbs": "problemes",
    "num": "numero", "rdv": "rendez vous",
}
_ENGLISH_SHORT = {
    "telly": "television", "tv": "television", "pc": "laptop", "clicker": "remote", "mobile": "phone", "cell": "phone", "pics": "pictures",
    "pic": "picture", "vid": "video", "vids": "videos", "pwd": "password", "pw": "password", "cam": "camera", "buds": "earbuds",
    "bud": "earbud", "kid": "child", "kids": "child", "fone": "phone",
}
_SHORT = {"fr": _FRENCH_SHORT, "en": _ENGLISH_SHORT}


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer({"fr": "french", "en": "english"}.get(language, "french"))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word."""
    return str(_stemmer(language).stemWord(word))


def stems(text: str, language: str) -> list[str]:
    """The stems of a text, in order."""
    return [stem(word, language) for word in words(text)]


def grams(text: str) -> list[str]:
    """The character 3-grams of each word, its ends marked: `wifi` is `_wi wif ifi fi_`."""
    found = []
    for word in words(text):
        marked = f"_{word}_"
        found += [marked[i : i + 3] for i in range(len(marked) - 2)]
    return found


def asked_words(question: str) -> str:
    """A question without the words that say nothing in either language; unchanged if none would be left."""
    kept = [word for word in words(question) if word not in STOP_WORDS["fr"] and word not in STOP_WORDS["en"]]
    return " ".join(kept) or fold(question)


def spelt_out(asked: str, language: str) -> str:
    """The words of a question with what is typed for short or said for another word in a language written out."""
    short = _SHORT.get(language, {})
    return " ".join(short.get(word, word) for word in words(asked))


def language_of(text: str) -> str:
    """fr or en, by the small words and accents of a text; empty when they do not tell."""
    found = words(text)
    french = sum(word in STOP_WORDS["fr"] for word in found) + sum(c in "éèêàùçôîâœ" for c in text.lower())
    english = sum(word in STOP_WORDS["en"] for word in found)
    return "" if french == english else "fr" if french > english else "en"
