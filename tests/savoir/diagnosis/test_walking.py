"""A walk through a tree: what is asked, what is skipped, what typed words mean, where it ends, what a ticket says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from savoir.core.errors import Problem
from savoir.diagnosis import service
from savoir.diagnosis.service import CANNOT, DID_NOT_WORK, NO, UNKNOWN, WORKED, YES, Shelf, Walk
from tests.savoir.diagnosis.examples import tree_file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    tree_file(tmp_path)
    return Shelf(tmp_path)


def _begin(shelf: Shelf, **known: object) -> Walk:
    tree = service.tree_for(product_type="speaker", symptom="sound", shelf=shelf)
    assert tree is not None
    return service.begin(tree=tree, **known)  # type: ignore[arg-type]


def _after(shelf: Shelf, *said: str, **known: object) -> Walk:
    walk = _begin(shelf, **known)
    for each in said:
        walk = service.answer(walk, said=each, shelf=shelf).walk
    return walk


def test_there_is_no_tree_for_what_none_serves(shelf: Shelf) -> None:
    assert service.tree_for(product_type="speaker", symptom="water", shelf=shelf) is None


def test_a_question_is_asked_with_a_button_for_each_answer_and_one_for_not_knowing(shelf: Shelf) -> None:
    said = service.now(_begin(shelf), language="fr", shelf=shelf)
    assert (said.kind, said.text) == ("question", "Le son est-il absent ou mauvais ?")
    assert [(b.label, b.value) for b in said.buttons] == [
        ("Aucun son", "none"), ("Il grésille", "bad"), ("Une odeur de brûlé", "burnt"), ("Je ne sais pas", UNKNOWN),
    ]  # fmt: skip


def test_a_step_has_its_article_and_asks_whether_it_helped(shelf: Shelf) -> None:
    said = service.now(_after(shelf, "none"), language="en", shelf=shelf)
    assert (said.kind, said.article) == ("step", "galet-stereo-pair")
    assert said.then == "Has that solved it?"
    assert [b.value for b in said.buttons] == [WORKED, DID_NOT_WORK, CANNOT]


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (("none", WORKED), "solved"), (("none", YES), "solved"), (("none", CANNOT), "article"), (("none", NO, YES), "repair"),
        (("none", DID_NOT_WORK, NO), "part"), (("bad", UNKNOWN), "ticket"), (("burnt",), "safety"), (("bad", CANNOT), "ticket"),
    ],
)  # fmt: skip
def test_answers_lead_to_their_end(shelf: Shelf, said: tuple[str, ...], end: str) -> None:
    assert service.now(_after(shelf, *said), language="fr", shelf=shelf).end == end


def test_an_end_tells_its_part_and_what_is_said(shelf: Shelf) -> None:
    assert service.now(_after(shelf, "bad", "no"), language="fr", shelf=shelf).part == "cable"
    assert service.now(_after(shelf, "bad", "yes"), language="en", shelf=shelf).text == "It has to be seen."


def test_a_walk_that_ended_stays_there(shelf: Shelf) -> None:
    walk = _after(shelf, "burnt")
    assert service.answer(walk, said="none", shelf=shelf) == service.Answered(walk, False)


def test_a_known_fact_is_not_asked_again(shelf: Shelf) -> None:
    assert service.now(_begin(shelf, facts={"sound_state": "none"}), language="fr", shelf=shelf).kind == "step"


def test_a_known_fact_with_a_value_of_another_tree_is_asked(shelf: Shelf) -> None:
    assert service.now(_begin(shelf, facts={"sound_state": "muffled"}), language="fr", shelf=shelf).kind == "question"


def test_what_the_customers_model_answers_is_not_asked(shelf: Shelf) -> None:
    assert service.now(_after(shelf, "bad", model="galet-max"), language="fr", shelf=shelf).end == "part"
    assert service.now(_after(shelf, "bad", model="galet-mini"), language="fr", shelf=shelf).kind == "question"


def test_facts_are_kept_for_the_next_tree(shelf: Shelf) -> None:
    assert _after(shelf, "none").facts == {"sound_state": "none"}
    assert _after(shelf, UNKNOWN, UNKNOWN).facts == {}


def test_help_is_said_to_who_does_not_know_and_then_the_walk_goes_on(shelf: Shelf) -> None:
    first = service.answer(_begin(shelf), said="je ne sais pas trop", shelf=shelf)
    assert first.understood
    assert service.now(first.walk, language="fr", shelf=shelf).text == "Montez le volume et écoutez."
    assert service.answer(first.walk, said=UNKNOWN, shelf=shelf).walk.place == "volume"


def test_a_question_without_help_lets_who_does_not_know_pass_at_once(shelf: Shelf) -> None:
    assert _after(shelf, "bad", "no idea").place == "ticket"


def test_what_is_not_understood_is_asked_once_more_and_then_left(shelf: Shelf) -> None:
    first = service.answer(_begin(shelf), said="il fait beau", shelf=shelf)
    assert not first.understood
    assert first.walk.place == "when"
    second = service.answer(first.walk, said="il fait beau", shelf=shelf)
    assert not second.understood
    assert second.walk.place == "volume"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Aucun son", "none"), ("aucun son !", "none"), ("no sound at all", "none"), ("il n'y a plus rien qui sort", "none"), ("elle est muette", None),
        ("ça gresille", "bad"), ("ca grezille beaucoup", "bad"), ("it's distorted", "bad"), ("1", "none"), ("2.", "bad"), ("7", None),
        ("ça sent le brûlé", "burnt"), ("pas de fumée", None), ("there is no smoke, it just crackles", "bad"), ("it crackles and there is smoke", "burnt"),
        ("elle ne craque pas, rien du tout", "none"), ("je ne sais pas", UNKNOWN), ("i'm not sure", UNKNOWN), ("aucune idée, peut-être qu'elle grésille", "bad"),
        ("je ne sais pas si elle grésille", UNKNOWN), ("où est ma commande", None), ("", None), ("rien, ou alors ça craque", None), ("rien qui grésille", None),
    ],
)  # fmt: skip
def test_typed_words_mean_an_answer(shelf: Shelf, text: str, value: object) -> None:
    assert service.reads(_begin(shelf), text=text, shelf=shelf) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("oui", WORKED), ("oui ça marche merci", WORKED), ("c'est bon !", WORKED), ("it works now", WORKED), ("fixed, thanks", WORKED),
        ("non", DID_NOT_WORK), ("toujours pareil", DID_NOT_WORK), ("oui j'ai essayé mais toujours pareil", DID_NOT_WORK), ("ça marche pas", DID_NOT_WORK),
        ("ça n'a rien changé", DID_NOT_WORK), ("it didn't help", DID_NOT_WORK), ("still nothing", DID_NOT_WORK), ("non, c'est bon maintenant", WORKED),
        ("i already tried that", DID_NOT_WORK), ("yes but it still doesn't work", DID_NOT_WORK), ("je ne peux pas, je suis au travail", CANNOT),
        ("je n'ai pas d'autre câble", CANNOT), ("I don't have another cable", CANNOT), ("pas maintenant", CANNOT), ("où est ma commande", None),
        ("1", WORKED), ("2", DID_NOT_WORK),
    ],
)  # fmt: skip
def test_typed_words_tell_whether_a_step_helped(shelf: Shelf, text: str, value: object) -> None:
    assert service.reads(_after(shelf, "none"), text=text, shelf=shelf) == value


@pytest.mark.parametrize(("text", "value"), [("4", "yes"), ("environ 3,5 fois", "yes"), ("12", None), ("2 ou 3", None)])
def test_a_number_means_the_answer_that_has_it_between(shelf: Shelf, text: str, value: object) -> None:
    assert service.reads(_after(shelf, "bad"), text=text, shelf=shelf) == value


def test_who_cannot_look_now_passes_a_question_as_not_known(shelf: Shelf) -> None:
    assert service.reads(_begin(shelf), text="je ne peux pas regarder maintenant", shelf=shelf) == UNKNOWN


def test_a_typed_yes_answers_a_question_that_has_it(shelf: Shelf) -> None:
    assert _after(shelf, "bad", "ouais").place == "repair"


def test_a_walk_survives_a_slot(shelf: Shelf) -> None:
    walk = _after(shelf, "none", NO, model="galet-mini")
    assert Walk.from_json(json.loads(json.dumps(walk.as_json()))) == walk


def test_what_is_no_walk_is_refused() -> None:
    with pytest.raises(Problem, match="no walk"):
        Walk.from_json({"tree": "radio-sound"})


def test_a_place_that_was_edited_away_ends_in_a_ticket(shelf: Shelf) -> None:
    walk = _after(shelf, "none")
    tree_file(shelf.folder, "id: radio-sound", "id: radio-other", "radio_other.yml")
    (shelf.folder / "radio_sound.yml").unlink()
    assert service.now(walk, language="fr", shelf=shelf).end == "ticket"
    assert service.now(Walk("radio-other", "gone"), language="fr", shelf=shelf).end == "ticket"
    assert service.summary(walk, language="fr", shelf=shelf) == ""


def test_the_summary_tells_what_was_asked_answered_and_tried(shelf: Shelf) -> None:
    walk = _after(shelf, "none", NO, UNKNOWN)
    assert service.summary(walk, language="fr", shelf=shelf).split("\n") == [
        "Diagnostic guidé : Plus de son", "- Le son est-il absent ou mauvais ? Aucun son", "- Essayé : Montez le volume à fond. → sans effet",
        "- Est-elle tombée ? Je ne sais pas",
    ]  # fmt: skip
    assert service.summary(walk, language="en", shelf=shelf).split("\n")[2] == "- Tried: Turn the volume all the way up. → no effect"


def test_the_outline_shows_every_text_of_one_language(shelf: Shelf) -> None:
    french, english = (service.show(id="radio_sound", language=language, shelf=shelf) for language in ("fr", "en"))
    assert "Montez le volume à fond" in french
    assert "Turn the volume" in english
    assert "→ moved (see above)" in english
    with pytest.raises(Problem, match="no diagnosis tree"):
        service.show(id="nothing", language="fr", shelf=shelf)
