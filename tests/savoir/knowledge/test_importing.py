"""Import of a folder of articles."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from savoir.core.database import Database
from savoir.core.settings import PROJECT
from savoir.knowledge import service
from savoir.knowledge.importing import FaultyFolder, import_folder, read_folder
from savoir.knowledge.tables import Article

from .library import write


def faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyFolder) as refused:
        read_folder(folder)
    return [f"{path.name}: {fault}" for path, fault in refused.value.faults]


def test_the_demo_articles_are_without_a_fault() -> None:
    assert len(read_folder(PROJECT / "data" / "knowledge")) >= 120


def test_a_folder_is_taken_in_and_brought_up_to_date(tmp_path: Path, database: Database) -> None:
    write(tmp_path / "fr", "prise", title="La prise", questions="[où est la prise]")
    write(tmp_path / "en", "prise", title="The socket", language="en")
    with database.writing() as session:
        assert import_folder(session, tmp_path) == 2
    write(tmp_path / "fr", "prise", title="La prise murale")
    (tmp_path / "en" / "prise.md").unlink()
    with database.writing() as session:
        assert import_folder(session, tmp_path) == 1
    with database.reading() as session:
        assert {(a.language, a.title, tuple(a.questions)) for a in service.articles(session)} == {("fr", "La prise murale", ()), ("en", "The socket", ())}
        assert service.languages_of(session, "prise") == ["fr", "en"]


def test_of_a_folder_with_a_bad_file_nothing_is_taken(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "bon")
    write(tmp_path, "mauvais", updated="hier")
    with pytest.raises(FaultyFolder, match=r"mauvais\.md: line 7"), database.writing() as session:
        import_folder(session, tmp_path)
    with database.reading() as session:
        assert session.execute(sa.select(Article)).first() is None


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"updated": "2026-13-45"}, "a.md: line 7: `updated` is '2026-13-45'; expected a date such as 2026-05-03"),
        ({"language": "de"}, "a.md: line 3: `language` is 'de'; expected fr or en"),
        ({"id": "Mon Article"}, "a.md: line 2: `id` is 'Mon Article'; expected small letters, digits and hyphens"),
        ({"title": ""}, "a.md: line 1: `title` is None; a text was expected"),
        ({"title": "Panne: écran noir"}, "a.md: line 4: the front matter is not YAML"),
        ({"products": "nova-6"}, "a.md: line 5: `products` is 'nova-6'; a list of texts was expected"),
        ({"tags": "[x]"}, "a.md: line 8: `tags` is not a field"),
        ({"body": "Voir [ici](article:nulle-part)."}, "a.md: line 9: it links to article:nulle-part, which does not exist"),
        ({"body": " "}, "a.md: line 9: the article has no text"),
    ],
)
def test_every_fault_names_file_line_and_what_was_expected(tmp_path: Path, changed: dict[str, str], fault: str) -> None:
    write(tmp_path, "a", **changed)
    found = faults(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a", language="de", updated="hier")
    write(tmp_path, "b", id="c")
    write(tmp_path, "c")
    (tmp_path / "d.md").write_text("Sans en-tête")
    (tmp_path / "e.md").write_bytes(b"---\nid: e\n---\n\xff\n")
    assert sorted(fault.split(": ")[0] for fault in faults(tmp_path)) == ["a.md", "a.md", "c.md", "d.md", "e.md"]


def test_a_link_to_an_article_taken_in_before_is_good(tmp_path: Path, database: Database) -> None:
    write(tmp_path / "one", "prise")
    write(tmp_path / "two", "cable", body="Voir [la prise](article:prise).")
    with database.writing() as session:
        import_folder(session, tmp_path / "one")
        assert import_folder(session, tmp_path / "two") == 1


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    assert "no Markdown file" in faults(tmp_path)[0]
    assert "not a folder" in faults(tmp_path / "nowhere")[0]
