"""The words of the pages in the agent's language: msgids are English, translations are read from web/locales at start."""

from __future__ import annotations

from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Callable, Mapping, Union

from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "locales"
LANGUAGES = ("fr", "en")


def N_(msgid: str) -> str:
    """Marks a msgid that is translated later."""
    return msgid


class Words:
    """Translates msgids into one language; what has no translation stays English."""

    def __init__(self, language: str, messages: Mapping[str, Union[str, tuple[str, ...]]], plural: Callable[[int], int]) -> None:
        self.language, self._messages, self._plural = language, messages, plural

    def gettext(self, msgid: str) -> str:
        """The msgid's translation."""
        found = self._messages.get(msgid)
        return found if isinstance(found, str) and found else msgid

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The translation for that number of things."""
        found = self._messages.get(one)
        if isinstance(found, tuple) and all(found):
            return found[self._plural(number)]
        return one if number == 1 else many


@lru_cache
def words(language: str) -> Words:
    """The words of a language. Raises KeyError for one that the pages do not speak."""
    if language not in LANGUAGES:
        raise KeyError(language)
    path = LOCALES / language / "LC_MESSAGES" / "savoir.po"
    if language == "en":
        return Words("en", {}, lambda number: int(number != 1))
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    messages: dict[str, str | tuple[str, ...]] = {}
    for message in catalog:
        if message.id and not message.fuzzy:
            key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            messages[key] = tuple(message.string) if isinstance(message.string, (list, tuple)) else message.string or ""
    return Words(language, messages, c2py(catalog.plural_expr))


def spoken(accepted: str, default: str) -> str:
    """The first language of an Accept-Language header that the pages speak, else `default`."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return default
