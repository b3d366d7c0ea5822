"""Is a text French or English? Speaks only when sure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from savoir.core.text import fold


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FRENCH = _set(
    """je j tu il elle on nous vous ils elles le la les un une des du de et ou est sont suis ai as avez avons ont etait pas ne que qui quoi
    quand comment pourquoi combien mon ma mes ton ta tes son sa ses notre votre nos vos ce cette ces ca cela c l d qu n m s t dans pour avec
    sans sur sous chez par plus moins tres trop bien bonjour bonsoir salut merci svp stp oui non voudrais veux peux pouvez puis faire fait
    etre avoir commande colis livraison facture remboursement garantie panne marche allume telephone ordinateur ecran batterie chargeur
    casque montre reparation rendez rdv dossier compte adresse aide probleme toujours jamais depuis encore deja hier demain aujourd hui lundi
    mardi mercredi jeudi vendredi samedi dimanche janvier fevrier avril juin juillet aout septembre octobre novembre decembre jour jours
    semaine mois coucou bjr slt cmd pr jai jsuis tjrs jpeux vs cest quel quelle quels quelles aussi alors donc mais si au aux y en leur lui
    madame monsieur cordialement avait sera serait faut peut rien tout tous toute accord voici numero"""
)
_ENGLISH = _set(
    """i i'm im ive you he she we they the a an and or is are am was were been be have has had do does did don t s not no of to in on at for with
    without from my your his her our their this that these those it its what when where who why how which can could would should will won
    please thanks thank hello hi hey yes yeah nope order parcel delivery invoice refund warranty broken phone laptop screen battery charger
    headphones watch repair appointment ticket account address help problem still never since yet already yesterday tomorrow today monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
    day days week weeks month months if but so as by me him them there here just get got need want know any some all more very too about
    after before again up out off been going see pls u ur thx regards sir madam let back new one two number"""
)
_BOTH = _FRENCH & _ENGLISH | {
    "a",
    "on",
    "s",
    "t",
    "me",
    "but",
    "an",
    "as",
    "or",
    "son",
    "sale",
    "pour",
    "service",
    "ticket",
    "y",
    "la",
}
_ACCENTS = re.compile(r"[éèêëàâùûçôîïœ]", re.IGNORECASE)
_IGNORED = re.compile(r"\S*@\S*|https?://\S+|\S*\d\S*|#\S+")


def detect(text: str, sure: float = 0.98) -> str | None:
    """`fr`, `en`, or None when the text is too short, mixed or of another language."""
    plain = _IGNORED.sub(" ", text)
    tokens = re.findall(r"[a-z]+", fold(plain))
    french = sum(token in _FRENCH and token not in _BOTH for token in tokens)
    english = sum(token in _ENGLISH and token not in _BOTH for token in tokens)
    french_letters = len(_ACCENTS.findall(plain))
    if not tokens or (french + english == 0 and len(tokens) < 3):
        return None
    language, chance = _by_letters(plain)
    margin = french - english + 0.5 * min(french_letters, 2)
    said = "fr" if margin > 0 else "en"
    if abs(margin) >= 2 and min(french, english) <= 0.2 * max(french, english):
        return said if language == said or chance < sure or abs(margin) >= 3 else None
    if abs(margin) >= 1 and min(french, english) == 0 and language == said and chance >= sure:
        return said
    return None


def _by_letters(text: str) -> tuple[str, float]:
    language, chance = _identifier().classify(text)
    return str(language), float(chance)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["fr", "en", "de", "es", "it", "nl", "pt"])
    return identifier
