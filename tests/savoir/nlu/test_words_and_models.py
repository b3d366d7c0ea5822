"""Everyday words and catalogue models, in spite of typos and missing accents."""

from __future__ import annotations

from pathlib import Path

import pytest

from savoir.core.settings import PROJECT
from savoir.nlu.catalogue import Catalogue
from savoir.nlu.mending import Mender
from savoir.nlu.value_model import ValueModel
from savoir.nlu.word_lookup import WordLookup

SYNONYMS = {
    "télé": "television",
    "casque": "headphones",
    "ordinateur portable": "laptop",
    "s'allume plus": "power",
    "caméra": "camera",
}
ANNOTATED = [
    ("product_type", "télé", "television"),
    ("product_type", "casque", "headphones"),
    ("product_type", "ordinateur portable", "laptop"),
    ("symptom", "s'allume plus", "power"),
    ("product_type", "caméra", "camera"),
    ("symptom", "caméra floue", "camera"),
]


@pytest.fixture
def words() -> WordLookup:
    return WordLookup.learn(SYNONYMS, ANNOTATED, ["mon casque", "mon casque", "la masque", "la masque"])


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.read(PROJECT / "data" / "demo" / "products.csv", ["horizons", "temps"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma TELE", ("product_type", "television")),
        ("mon ordinateur  portable", ("product_type", "laptop")),
        ("mon casqe", ("product_type", "headphones")),
        ("il s’allume plus", ("symptom", "power")),
        ("il s'allume vraiment plus", ("symptom", "power")),
    ],
)
def test_words_are_found_without_accents_with_typos_and_with_words_between(
    words: WordLookup, text: str, expected: tuple[str, str]
) -> None:
    assert [(find.entity, find.value) for find in words.find(text)] == [expected]


def test_an_ordinary_word_is_not_taken_for_a_misspelt_one(words: WordLookup) -> None:
    assert words.find("la masque") == []


def test_offsets_are_those_of_the_text_as_written(words: WordLookup) -> None:
    text = "Voilà, ma Télé est là"
    find = words.find(text)[0]
    assert text[find.start : find.end] == "Télé"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon horizn 55", "horizon-55"),
        ("nova5", "nova-5"),
        ("le Nova cinq", "nova-5"),
        ("nova 6 pro", "nova-6-pro"),
        ("the murmur anc", "murmure-anc"),
        ("vigie extérieure", "vigie-ext"),
        ("BRUME 15", "brume-15"),
    ],
)
def test_models_are_known_as_customers_write_them(catalogue: Catalogue, text: str, expected: str) -> None:
    assert [find.value for find in catalogue.find(text)] == [expected]


@pytest.mark.parametrize("text", ["iphone 12", "les horizons 2030", "de temps en temps", "nova"])
def test_other_words_are_no_models(catalogue: Catalogue, text: str) -> None:
    assert catalogue.find(text) == []


def test_an_alias_that_people_do_not_mean_as_a_model_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("id,name,aliases\nstylet-aria,Stylet Aria,stylet\n")
    texts = ["un stylet", "mon stylet", "le stylet", "stylet aria"]
    annotated = [[("product_type", "stylet")], [("product_type", "stylet")], [], [("product_model", "stylet aria")]]
    catalogue = Catalogue.learn(path, texts, annotated)
    assert catalogue.find("le stylet") == []
    assert [find.value for find in catalogue.find("stylet aria")] == ["stylet-aria"]


def test_slips_and_accents_are_mended_by_the_words_of_the_training_phrases() -> None:
    mender = Mender.learn(["ma réparation avance", "la réparation de ma télé", "je suis connecté"])
    assert mender.mend("ma reparatoin") == "ma réparation"
    assert mender.mend("CMD-104233 jo@example.org") == "CMD-104233 jo@example.org"
    assert mender.mend("maison") == "maison"


def test_the_meaning_of_a_word_is_learnt_from_annotations_and_kept(tmp_path: Path) -> None:
    synonyms = {"case": "accessory", "phone": "smartphone"}
    devices = [
        f"my {colour} phone case is {state}"
        for colour in ("red", "blue", "clear")
        for state in ("scratched", "too small", "loose", "nice")
    ]
    tickets = [
        f"{verb} my support case {when}"
        for verb in ("close", "update", "reopen", "follow")
        for when in ("please", "today", "again")
    ]
    texts = [*devices, *tickets] * 5
    annotated = [[("product_type", "phone", "smartphone"), ("product_type", "case", "accessory")] if text in devices else [] for text in texts]
    words = WordLookup.learn(synonyms, [("product_type", "case", "accessory"), ("product_type", "phone", "smartphone")], texts)
    model = ValueModel().fit(texts, annotated, words, None)
    model.save(tmp_path)
    kept = ValueModel.load(tmp_path)
    assert [find.value for find in kept.meant("my green phone case is loose", words.find("my green phone case is loose"))] == [
        "smartphone",
        "accessory",
    ]
    assert kept.meant("reopen my support case", words.find("reopen my support case")) == []
