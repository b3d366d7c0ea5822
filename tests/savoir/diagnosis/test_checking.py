"""Each broken tree has one fault, which is named with its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from savoir.core.settings import PROJECT
from savoir.diagnosis.checking import Known, check_folder
from savoir.diagnosis.service import Shelf
from savoir.learning.validation import validate
from tests.savoir.diagnosis.examples import TREE, line_of, tree_file

KNOWN = Known(articles={"galet-stereo-pair": {"fr", "en"}}, parts={"cable"}, models={"galet-max"})


def test_a_sound_tree_has_no_faults(tmp_path: Path) -> None:
    tree_file(tmp_path)
    assert check_folder(tmp_path, KNOWN) == []


FAULTS = [
    ("title: {fr:", "title: [fr:", "title:", "be read: did not find"),
    ("start: when\n", "", "id: radio", "has no `start`"),
    ("start: when\n", "start: when\ncolour: red\n", "nodes:", "unknown key `colour`"),
    ("start: when", "start: never", "start:", "starts at `never`"),
    ("id: radio-sound", "id: other", "id:", "expected `radio-sound`"),
    ("products: [speaker]", "products: [radio]", "products:", "`radio` is no product type"),
    ("symptoms: [sound]", "symptoms: [silence]", "symptoms:", "`silence` is no symptom"),
    ('en: "No sound"', 'xx: "No sound"', "title:", "unknown key `xx`"),
    (', en: "Did it fall?"', "", "Est-elle", "missing in English"),
    ('fr: "Elle doit être vue.", ', "", "Elle doit", "missing in French"),
    ("did_not_work: moved", "did_not_work: nowhere", "did_not_work: moved", "leads nowhere"),
    ("unknown: ticket", "unknown: when", "unknown: ticket", "a loop"),
    ("cannot: read", "cannot: ticket", "read: {end", "`read` is never reached"),
    ("unknown: ticket\n", "", "moved:", "has no `unknown`"),
    ("worked: solved\n", "worked: solved\n    worked: solved\n", "did_not_work: moved", "has `worked` twice"),
    ("step: {fr", "setp: {fr", "volume:", "either `ask`"),
    ('      - {value: "yes", label: {fr: "Oui", en: "Yes"}, between: [2, 10], next: repair}\n', "", 'answers:\n      - {value: "yes"', "1 answers; expected 2 to 4"),
    ('{value: "no"', "{value: unknown", '{value: "no"', "a meaning of its own"),
    ("{value: bad", "{value: none", "{value: bad", "two answers with the value `none`"),
    ("en: [crackles, distorted]", "en: [nothing, distorted]", "{value: bad", "gets the answer `none`, not `bad`"),
    ("{end: ticket}", "{end: tickets}", "ticket: {end", "ends in `tickets`"),
    (", part: cable", "", "part: {end", "has no `part`"),
    ("part: cable", "part: rope", "part: {end", "no spare part of the kind `rope`"),
    ("    article: galet-stereo-pair", "    article: galet", "article: galet", "no article `galet`"),
    ("between: [2, 10]", "between: [10, 2]", "between", "the least and the most"),
    ("models: [galet-max]", "models: [galet-max], between: [1, 5]", "between", "two answers for the number 2"),
    ("[galet-max]", "[galet-mega]", "models:", "no product `galet-mega`"),
    ("Montez le volume à fond.", "Démontez la grille.", "Montez le volume à fond", "something dangerous"),
    ("Montez le volume à fond.", "Un. Deux. Trois. Quatre.", "Montez le volume à fond", "says 5 sentences"),
    ('fr: "Oui"', f'fr: "{"Oui " * 11}"', '"Oui"', "characters; expected at most 40"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "said"), FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, place: str, said: str) -> None:
    tree_file(tmp_path, old, new)
    faults = check_folder(tmp_path, KNOWN)
    assert any(said in fault.message and fault.line == line_of(place) for fault in faults), faults


def test_a_warning_about_a_safe_text_is_not_given(tmp_path: Path) -> None:
    tree_file(tmp_path, "Montez le volume à fond.", "Ne démontez pas la grille.")
    assert check_folder(tmp_path, KNOWN) == []


def test_a_path_of_more_than_seven_turns_is_a_fault(tmp_path: Path) -> None:
    yes_no = 'answers: [{value: "yes", label: {fr: Oui, en: "Yes"}, next: q%d}, {value: "no", label: {fr: Non, en: "No"}, next: q%d}]\n    unknown: q%d\n'
    nodes = "".join(f"  q{n}:\n    ask: {{fr: Un, en: One}}\n    {yes_no % ((n + 1,) * 3)}" for n in range(8)).replace("q8", "end")
    head = "id: long-way\ntitle: {fr: Long, en: Long}\nproducts: [console]\nsymptoms: [noise]\nstart: q0\nnodes:\n"
    (tmp_path / "long_way.yml").write_text(head + nodes + "ends:\n  end: {end: ticket}\n")
    (fault,) = check_folder(tmp_path, KNOWN)
    assert "8 questions and steps" in fault.message
    assert "q7" in fault.message


def test_two_trees_for_the_same_product_and_symptom_are_a_fault(tmp_path: Path) -> None:
    tree_file(tmp_path)
    tree_file(tmp_path, "id: radio-sound", "id: sound-again", "sound_again.yml")
    (fault,) = check_folder(tmp_path, KNOWN)
    assert (fault.file, fault.line) == ("sound_again.yml", line_of("products:"))
    assert "radio_sound.yml" in fault.message


def test_a_fact_with_other_values_elsewhere_is_a_warning(tmp_path: Path) -> None:
    tree_file(tmp_path)
    other = tree_file(tmp_path, "id: radio-sound", "id: sound-again", "sound_again.yml")
    text = other.read_text().replace("products: [speaker]", "products: [router]")
    for value in ("none", "bad", "burnt"):
        text = text.replace(f"value: {value}", f"value: {value}_again")
    other.write_text(text)
    (fault,) = check_folder(tmp_path, KNOWN)
    assert not fault.is_error
    assert "`sound_state`" in fault.message


def test_an_article_in_one_language_may_stand_beside_a_step_but_not_at_an_end(tmp_path: Path) -> None:
    tree_file(tmp_path)
    faults = check_folder(tmp_path, Known(articles={"galet-stereo-pair": {"fr"}}))
    assert [(fault.line, fault.is_error) for fault in faults] == [(line_of("    article: galet"), False), (line_of("read: {end"), True)]


def test_make_validate_reports_the_trees(tmp_path: Path) -> None:
    (tmp_path / "data" / "diagnosis").mkdir(parents=True)
    (tmp_path / "domain.yml").write_text("version: '3.1'\n")
    tree_file(tmp_path / "data" / "diagnosis", "start: when", "start: never")
    found = [f for f in validate(tmp_path) if f.file == "data/diagnosis/radio_sound.yml"]
    assert [(f.level, f.line) for f in found] == [("error", line_of("start:"))]


def test_an_edited_tree_is_read_again_and_a_broken_edit_leaves_the_last_good_one(tmp_path: Path) -> None:
    path = tree_file(tmp_path)
    shelf = Shelf(tmp_path)
    assert shelf.tree("radio-sound").title.en == "No sound"  # type: ignore[union-attr]
    tree_file(tmp_path, 'en: "No sound"', 'en: "Silence"')
    os.utime(path, ns=(1, 1))
    assert shelf.tree("radio-sound").title.en == "Silence"  # type: ignore[union-attr]
    tree_file(tmp_path, "did_not_work: moved", "did_not_work: nowhere")
    assert shelf.tree("radio-sound").title.en == "Silence"  # type: ignore[union-attr]
    path.unlink()
    assert shelf.trees() == []


def test_a_broken_tree_without_a_good_state_is_not_served(tmp_path: Path) -> None:
    tree_file(tmp_path, "unknown: ticket", "unknown: when")
    assert Shelf(tmp_path).trees() == []


def test_values_are_taken_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "radio_sound.yml").write_text(TREE.replace('"yes"', "yes").replace('"no"', "no"))
    assert check_folder(tmp_path, KNOWN) == []


def test_the_example_in_the_designers_guide_is_a_sound_tree(tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "designers" / "diagnosis.md").read_text(encoding="utf-8")
    (tmp_path / "speaker_sound.yml").write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert check_folder(tmp_path, Known.of_project(PROJECT)) == []


def test_the_trees_of_the_project_have_no_faults() -> None:
    assert check_folder(PROJECT / "data" / "diagnosis", Known.of_project(PROJECT)) == []
