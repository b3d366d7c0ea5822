"""The mood of messages, in both languages: phrases.tsv is what the words were tuned on, unseen.tsv was written after and never tuned on."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from savoir.triage.service import Mood, mood_of

HERE = Path(__file__).parent
NAMES = {"a": "anger", "d": "distress", "v": "vulnerable", "i": "insult"}


def rows(name: str) -> list[dict[str, str]]:
    """`language`, `mood` (letters of NAMES, none for a neutral message) and `text`."""
    with open(HERE / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def precision_and_recall(name: str, letter: str) -> tuple[float, float]:
    told = [(letter in row["mood"], getattr(mood_of(row["text"], row["language"]), NAMES[letter])) for row in rows(name)]
    right = sum(is_so and said for is_so, said in told)
    return right / max(1, sum(said for _, said in told)), right / max(1, sum(is_so for is_so, _ in told))


@pytest.mark.parametrize("row", rows("phrases.tsv"), ids=lambda row: row["text"][:40])
def test_the_phrases_that_the_words_were_made_for_are_told(row: dict[str, str]) -> None:
    mood = mood_of(row["text"], row["language"])
    assert "".join(letter for letter, name in NAMES.items() if getattr(mood, name)) == row["mood"]
    assert (mood.score < -0.3) is bool({"a", "d"}.intersection(row["mood"]))


def test_half_of_the_phrases_of_a_language_are_neutral() -> None:
    for language in ("fr", "en"):
        own = [row for row in rows("phrases.tsv") if row["language"] == language]
        assert (len(own), sum(not row["mood"] for row in own)) == (60, 30)


@pytest.mark.parametrize(
    ("letter", "precision", "recall"), [("a", 0.95, 0.65), ("d", 0.8, 0.8), ("v", 0.9, 0.5), ("i", 0.9, 0.8)]
)
def test_on_unseen_phrases_it_seldom_accuses_and_finds_most(letter: str, precision: float, recall: float) -> None:
    found = precision_and_recall("unseen.tsv", letter)
    assert found[0] >= precision
    assert found[1] >= recall


@pytest.mark.parametrize("row", [row for row in rows("unseen.tsv") if not row["mood"]], ids=lambda row: row["text"][:40])
def test_a_neutral_message_is_neutral(row: dict[str, str]) -> None:
    mood = mood_of(row["text"], row["language"])
    assert not (mood.anger or mood.distress or mood.vulnerable or mood.insult)


@pytest.mark.parametrize(
    ("text", "language"), [("putain c'est génial, merci !", "fr"), ("holy shit this is brilliant, thanks", "en"), ("parfait, bravo", "fr"), ("love it", "en")]
)
def test_delight_is_no_anger_even_when_it_swears(text: str, language: str) -> None:
    mood = mood_of(text, language)
    assert not mood.anger
    assert mood.score > 0.3


@pytest.mark.parametrize(
    ("calm", "loud", "language"), [("je suis déçu", "je suis déçu !!!", "fr"), ("I am disappointed", "I AM DISAPPOINTED WITH YOU", "en"), ("pas content", "PAS CONTENT DU SERVICE", "fr")]
)
def test_capitals_and_marks_make_annoyance_anger(calm: str, loud: str, language: str) -> None:
    assert not mood_of(calm, language).anger
    assert mood_of(loud, language).anger


@pytest.mark.parametrize("text", ["", "   ", "!!!", "???", "🙂", "CMD-104233", "a" * 10_000, "*" * 500, "MON ÉCRAN EST NOIR !!!"])
def test_marks_numbers_and_noise_have_no_mood(text: str) -> None:
    assert mood_of(text, "fr") == Mood(0.0, False, False, False, False)


@pytest.mark.parametrize(("text", "language"), [("mêêêrde", "fr"), ("puuuutain", "fr"), ("m*rde", "fr"), ("m3rde", "fr"), ("f**k", "en"), ("$h1t", "en"), ("what the fuuuuck", "en")])
def test_masks_and_drawn_out_letters_hide_no_swear_word(text: str, language: str) -> None:
    assert mood_of(text, language).anger


def test_a_message_takes_less_than_a_millisecond() -> None:
    text = "bonjour, mon téléphone ne s'allume plus depuis hier et personne ne répond, c'est la troisième fois que je vous écris. " * 3
    mood_of(text, "fr")
    best = min(_seconds(text) for _ in range(30))  # the best of many: the machine may be busy with something else
    assert best < 0.001


def _seconds(text: str) -> float:
    began = time.perf_counter()
    mood_of(text, "fr")
    return time.perf_counter() - began


def test_a_face_counts_as_a_phrase_of_its_kind() -> None:
    assert mood_of("😡", "fr").anger
    assert mood_of("toujours rien 🤬🤬", "fr").anger
    assert mood_of("😭", "en").distress
    assert mood_of("c'est arrivé 😍", "fr").score > 0
