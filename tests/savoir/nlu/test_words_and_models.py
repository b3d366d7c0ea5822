"""Everyday words and catalogue models, in spite of typos and missing accents."""

from __future__ import annotations

from pathlib import Path

import pytest

from savoir.core.settings import PROJECT
from savoir.nlu.catalogue import Catalogue
from savoir.nlu.description_model import DescriptionModel, described_kinds
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


HEAT = ["a hot water bottle", "an oven", "a stove", "a radiator", "a furnace", "a hob", "an iron", "a kettle"]
PACE = ["a snail", "treacle", "a tortoise", "a slideshow", "a Sunday stroll", "wet cement", "molasses", "a queue"]


def _descriptions() -> tuple[DescriptionModel, WordLookup]:
    told = [(f"{who} is like {what}", f"{who} is like {what}", "overheating") for what in HEAT for who in ("my phone", "the back", "the laptop", "it")]
    told += [(f"{who} is like {what}", f"{who} is like {what}", "performance") for what in PACE for who in ("my phone", "the back", "the laptop", "it")]
    asked = [f"{verb} my {thing}" for verb in ("where is", "please cancel", "I paid for", "who has") for thing in ("order", "refund", "parcel")]
    texts = [text for text, _, _ in told] + asked
    annotated = [[("symptom", what, value)] for _, what, value in told] + [[] for _ in asked]
    kinds = described_kinds(annotated)
    assert kinds == ["symptom"]
    words = WordLookup.learn({"too hot": "overheating", "slow": "performance"}, [spans[0] for spans in annotated if spans], texts, kinds)
    intents = ["report_fault"] * len(told) + ["track_order"] * len(asked)
    return DescriptionModel("symptom").fit(texts, intents, annotated, words, None), words


def test_a_symptom_told_in_a_description_is_found_where_a_fault_is_reported_and_kept(tmp_path: Path) -> None:
    model, _ = _descriptions()
    model.save(tmp_path)
    kept = DescriptionModel.load(tmp_path)
    faulty = {"report_fault": 0.95}
    assert [find.value for find in kept.find("the tablet is like a hot stove", [], faulty)] == ["overheating"]
    assert [find.value for find in kept.find("the tablet is like a slow snail", [], faulty)] == ["performance"]
    assert kept.find("where is my order", [], {"track_order": 0.95}) == []


def test_a_word_of_the_list_says_where_a_described_symptom_stands() -> None:
    model, words = _descriptions()
    text = "my phone is slow, like treacle"
    assert [(find.value, text[find.start : find.end]) for find in model.find(text, words.find(text), {"report_fault": 0.9})] == [
        ("performance", "slow")
    ]


def test_a_kind_that_is_told_in_the_same_words_again_and_again_is_not_described() -> None:
    assert described_kinds([[("product_type", "telly", "television")]] * 60) == []


def test_a_single_word_that_stands_once_in_a_description_is_no_term() -> None:
    synonyms, annotated = {"nothing": "power", "no lights": "power"}, [("symptom", "nothing", "power"), ("symptom", "no lights", "power")]
    words = WordLookup.learn(synonyms, annotated, ["I press it, nothing", "no lights"], ["symptom"])
    assert sorted(words.terms) == ["no lights"]
