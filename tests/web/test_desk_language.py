"""The desk's words: every msgid of templates and code has a French translation, and French is written as in France."""

from __future__ import annotations

import re
from typing import Union

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from savoir.core.settings import PROJECT
from web.desk.language import LOCALES, spoken, words
from web.desk.session import local_path

Msgid = Union[str, tuple[str, ...]]


def msgids() -> list[Msgid]:
    """Every msgid that the desk uses."""
    found: list[Msgid] = []
    for path in sorted((PROJECT / "web" / "templates" / "desk").rglob("*.html")):
        with path.open("rb") as file:
            found += [m for _, _, m, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), {"trimmed": "false"})]
    for path in sorted((PROJECT / "web" / "desk").glob("*.py")):
        with path.open("rb") as file:
            found += [m for _, m, _, _ in extract("python", file, {"N_": None, "gettext": None})]
    return list(dict.fromkeys(found))


def catalog():
    with (LOCALES / "fr" / "LC_MESSAGES" / "savoir.po").open("rb") as file:
        return read_po(file, locale="fr")


def test_every_msgid_has_a_french_translation() -> None:
    known = catalog()
    missing = [m for m in msgids() if not (known.get(m) and known.get(m).string) or known.get(m).fuzzy]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    used = {m[0] if isinstance(m, tuple) else m for m in msgids()}
    left = [m.id for m in catalog() if m.id and (m.id[0] if isinstance(m.id, (list, tuple)) else m.id) not in used]
    assert left == []


def test_french_keeps_placeholders_and_its_own_punctuation() -> None:
    for message in catalog():
        if not message.id:
            continue
        assert set(re.findall(r"%\(\w+\)s|\{\w+\}", message.id)) == set(re.findall(r"%\(\w+\)s|\{\w+\}", message.string)), message.id
        assert "'" not in message.string, f"straight apostrophe: {message.string}"
        assert not re.search(r"[^\u00a0\u202f][:;!?»]", message.string), f"no no-break space before the mark: {message.string}"
        assert "..." not in message.string


def test_an_unknown_msgid_stays_english_and_an_unknown_language_is_refused() -> None:
    assert words("fr").gettext("Not translated at all") == "Not translated at all"
    assert words("fr").gettext("Take") == "Prendre"
    with pytest.raises(KeyError):
        words("de")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("en-GB,en;q=0.9", "en"), ("de-DE,fr;q=0.5,en;q=0.3", "fr"), ("de", "fr"), ("", "fr")],
)
def test_the_first_language_of_the_browser_that_we_speak_is_taken(accepted: str, expected: str) -> None:
    assert spoken(accepted, "fr") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/desk/conversations/abc?list=mine", "/desk/conversations/abc?list=mine"), ("/desk?list=mine", "/desk?list=mine"),
        ("https://evil.example/desk", "/desk"), ("//evil.example", "/desk"), ("/desk\\@evil", "/desk"), ("/desk/\r\nX: y", "/desk"),
        ("/desk/sign-in", "/desk"), ("/deskevil", "/desk"), ("", "/desk"),
    ],
)
def test_after_signing_in_one_only_goes_to_the_desk(path: str, expected: str) -> None:
    assert local_path(path) == expected
