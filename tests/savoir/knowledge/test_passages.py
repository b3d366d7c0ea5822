"""Articles in pieces, and pieces cut for an answer."""

from __future__ import annotations

from itertools import pairwise

from savoir.knowledge.passages import ANSWER_CHARACTERS, PASSAGE_WORDS, for_chat, pieces_of, plain, sections, shortened


def test_each_section_is_a_passage_with_title_and_heading_in_front() -> None:
    pieces = pieces_of("Le titre", "L'ouverture.\n\n## La suite\n\n1. Un\n2. Deux", ["une question ?"])
    assert [(p.kind, p.encoded) for p in pieces] == [
        ("title", "Le titre"), ("question", "une question ?"), ("passage", "Le titre. L'ouverture."), ("passage", "Le titre. La suite. Un Deux"),
    ]


def test_a_long_section_is_cut_into_windows_that_overlap() -> None:
    body = " ".join(f"Phrase numéro {n} avec quelques mots." for n in range(60))
    windows = [p.text.replace("\n", " ") for p in pieces_of("Titre", body, []) if p.kind == "passage"]
    assert len(windows) >= 4
    assert all(len(window.split()) <= PASSAGE_WORDS for window in windows)
    for before, after in pairwise(windows):
        assert " ".join(after.split()[:6]) in before


def test_headings_inside_code_are_no_sections() -> None:
    assert sections("```\n# pas un titre\n```\n## Un titre\nTexte") == [("", "```\n# pas un titre\n```"), ("Un titre", "Texte")]


def test_marks_and_links_are_no_words() -> None:
    assert plain("- **Gras** et [un lien](article:x), `code` et *penché*") == "Gras et un lien, code et penché"


def test_an_answer_ends_with_a_sentence() -> None:
    text = shortened("Une phrase assez courte. " * 60)
    assert len(text) <= ANSWER_CHARACTERS
    assert text.endswith("courte.")


def test_an_answer_keeps_whole_list_items() -> None:
    text = shortened("Faites ceci :\n\n" + "\n".join(f"{n}. " + "mot " * 20 for n in range(1, 20)))
    assert len(text) <= ANSWER_CHARACTERS
    assert all(line.endswith("mot") or line.rstrip().endswith("mot") for line in text.splitlines()[2:])


def test_one_endless_sentence_is_cut_between_words() -> None:
    text = shortened("mot " * 400)
    assert len(text) <= ANSWER_CHARACTERS
    assert text.endswith("mot…")


def test_tables_become_lists_and_links_lead_to_the_help_centre() -> None:
    table = "| Modèle | Chargeur | Durée |\n|---|---|---|\n| Nova 6 | 65 W | 50 min |\n\nVoir [ici](article:prise)."
    assert for_chat(table, "fr") == "- **Nova 6** : Chargeur: 65 W, Durée: 50 min\n\nVoir [ici](/help/fr/prise)."
