"""Articles out of HTML, DOCX, PDF and saved sites, with their pictures; what is wrong with which file; export and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from savoir.core.database import Database
from savoir.knowledge import pictures, revisions, service
from savoir.knowledge.cutting import cut
from savoir.knowledge.exporting import export_folder
from savoir.knowledge.importing import FaultyFolder, import_folder, read_folder
from savoir.knowledge.keeping import content_of
from savoir.knowledge.tables import Article, ArticlePicture
from tests.conftest import Clock

from . import files
from .library import write


def faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyFolder) as refused:
        read_folder(folder)
    return [f"{path.name}: {fault}" for path, fault in refused.value.faults]


def test_a_page_is_read_without_its_menus_with_its_links_and_pictures(tmp_path: Path, database: Database) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "prise.png").write_bytes(files.png())
    files.page(tmp_path / "prise.html", "La prise", '<p>Elle est <b>au mur</b>. Voir <a href="cable.html#x">le câble</a>, <a href="javascript:x()">rien</a>.</p>'
               '<img src="img/prise.png" alt="La prise"><h2>Types</h2><table><tr><th>Type</th><th>Volts</th></tr><tr><td>E</td><td>230</td></tr></table>',
               head='<meta property="article:modified_time" content="2026-02-03T10:00:00Z">')
    files.page(tmp_path / "cable.html", "Le câble", "<p>Il relie.</p>")
    notes: list[str] = []
    with database.writing() as session:
        assert import_folder(session, tmp_path, notes=notes) == 2
        row: Any = service.article(session, id="prise", language="fr")
        assert row.body == (
            "Elle est **au mur**. Voir [le câble](article:cable), rien.\n\n![La prise](picture:img/prise.png)\n\n## Types\n\n| Type | Volts |\n| --- | --- |\n| E | 230 |"
        )
        assert (row.title, row.updated, row.source) == ("La prise", date(2026, 2, 3), "prise.html")
        picture = pictures.find(session, "img/prise.png")
        assert picture is not None
        assert (picture.width, picture.height, picture.content_type) == (8, 6, "image/png")
    assert notes == []


def test_a_picture_that_is_not_on_disk_is_left_out_of_a_page_and_said(tmp_path: Path) -> None:
    files.page(tmp_path / "prise.html", "La prise", '<p>Au mur <img src="https://ailleurs.example/x.png" alt="prise"> ici.</p>')
    notes: list[str] = []
    [file] = read_folder(tmp_path, notes=notes)
    assert file.body == "Au mur prise ici."
    assert notes == ["prise.html: the picture https://ailleurs.example/x.png was left out: it is not on disk"]


def test_a_word_document_keeps_headings_lists_and_pictures(tmp_path: Path, database: Database) -> None:
    files.docx(tmp_path / "Nova 6 notice.fr.docx", [("Title", "Notice du Nova 6"), ("Normal", "Bienvenue chez nous."), ("Heading 1", "Recharger"),
               ("Normal", "Branchez le câble.")], files.png("blue"))
    with database.writing() as session:
        assert import_folder(session, tmp_path) == 1
        row: Any = service.article(session, id="nova-6-notice", language="fr")
    assert row.title == "Notice du Nova 6"
    assert row.body == "Bienvenue chez nous.\n\n# Recharger\n\nBranchez le câble.\n\n![La prise](picture:nova-6-notice/1.png)"
    assert row.updated == date(2026, 3, 4)


def test_a_manual_of_200_pages_is_found_and_cited_by_page(tmp_path: Path, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("a minute of reading is enough once")
    files.manual(tmp_path / "nova-6.pdf")
    (tmp_path / "nova-6.pdf.yml").write_text("title: Manuel du Nova 6\nproducts: [nova-6]\ncategories: [usage.how_to]\n", encoding="utf-8")
    seen: list[str] = []
    read = read_folder(tmp_path, progress=seen.append)
    assert seen[-1] == "nova-6.pdf: page 200 of 200"
    titles = [file.title for file in read]
    assert "Son : réglage 120 – Manuel du Nova 6" in titles
    text = "\n".join(file.body for file in read)
    assert "200 / 200" not in text
    assert text.count("Manuel du Nova 6") == 0  # running titles
    assert all(file.products == ["nova-6"] and file.language == "fr" and file.source == "nova-6.pdf" for file in read)
    chosen = [file for file in read if "100" <= file.title.split("réglage ")[-1][:3] <= "150"]
    with database.writing() as session:
        for file in chosen + [file for file in read if file.title.startswith("Ouvrir")]:
            service.save_article(session, id=file.id, language="fr", title=file.title, body=file.body, updated=file.updated, source=file.source)
    with database.reading() as session:
        hits = service.search(session, question="comment ouvrir le compartiment turquoise de la carte mémoire", language="fr").hits
        assert hits[0].page == files.SECRET_PAGE
        assert "trombone" in hits[0].passage
        assert hits[0].path + hits[0].anchor == f"/help/fr/{hits[0].article}#page-{files.SECRET_PAGE}"
        answer = service.answer_question(session, question="comment ouvrir le compartiment turquoise de la carte mémoire", language="fr")
        assert answer.url.endswith(f"#page-{files.SECRET_PAGE}") or answer.choices[0].page == files.SECRET_PAGE


def test_bookmarks_say_which_lines_are_headings(tmp_path: Path) -> None:
    files.manual(tmp_path / "nova.pdf", pages=24, bookmarks=True)
    read = read_folder(tmp_path)
    assert read[0].title.startswith("Batterie : réglage 2 – ")
    assert read[0].body.startswith("<!-- page 2 -->")
    assert [file.title for file in read][-2:] == ["Écran : réglage 23 – Manuel du Nova 6", "Écran : réglage 24 – Manuel du Nova 6"] or read[-1].title.startswith("Écran")


def test_a_new_edition_of_a_manual_withdraws_the_parts_that_are_gone(tmp_path: Path, database: Database) -> None:
    files.manual(tmp_path / "nova.pdf", pages=24)
    notes: list[str] = []
    with database.writing() as session:
        before = import_folder(session, tmp_path)
    files.manual(tmp_path / "nova.pdf", pages=21)
    with database.writing() as session:
        assert import_folder(session, tmp_path, notes=notes) < before
    with database.reading() as session:
        gone = [row for row in revisions.every_article(session) if revisions.state_of(row) == "withdrawn"]
    assert [row.title for row in gone] == ["Écran – Manuel du Nova 6"]
    assert len(notes) == 1
    assert "is no part of it any more" in notes[0]


def test_a_saved_site_is_taken_in_by_its_map_with_its_translations(tmp_path: Path, database: Database) -> None:
    both = ('<xhtml:link rel="alternate" hreflang="fr" href="https://a.example/fr/retour"/>'
            '<xhtml:link rel="alternate" hreflang="en" href="https://a.example/en/returns"/>')
    (tmp_path / "sitemap.xml").write_text(
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f"<url><loc>https://a.example/fr/retour</loc><lastmod>2026-01-02</lastmod>{both}</url><url><loc>https://a.example/en/returns</loc>{both}</url>"
        "<url><loc>https://a.example/fr/remboursement/</loc></url></urlset>", encoding="utf-8",
    )
    files.page(tmp_path / "fr" / "retour.html", "Retourner un produit", '<p>Trente jours. Puis <a href="https://a.example/fr/remboursement">le remboursement</a>.</p>')
    files.page(tmp_path / "a.example" / "en" / "returns.html", "Return a product", "<p>Thirty days.</p>", language="en")
    files.page(tmp_path / "fr" / "remboursement" / "index.html", "Remboursement", '<p>Cinq jours. <a href="/fr/retour">Retour</a></p>')
    files.page(tmp_path / "fr" / "brouillon.html", "Brouillon", "<p>Pas dans la carte.</p>")
    with database.writing() as session:
        assert import_folder(session, tmp_path / "sitemap.xml") == 3
        assert service.languages_of(session, "retour") == ["fr", "en"]
        french: Any = service.article(session, id="retour", language="fr")
        refund: Any = service.article(session, id="remboursement", language="fr")
        assert (french.updated, french.body) == (date(2026, 1, 2), "Trente jours. Puis [le remboursement](article:remboursement).")
        assert refund.body == "Cinq jours. [Retour](article:retour)"
        assert service.article(session, id="brouillon", language="fr") is None


def test_a_page_that_the_map_names_and_nobody_saved_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/fr/x</loc></url></urlset>')
    assert faults(tmp_path) == ["sitemap.xml: it names https://a.example/fr/x, which is not on disk beside it"]
    (tmp_path / "sitemap.xml").write_text("<urlset")
    assert "this is not a site map" in faults(tmp_path)[0]


def test_what_is_wrong_is_said_of_each_file_and_nothing_is_taken(tmp_path: Path, database: Database) -> None:
    write(tmp_path, "bon")
    write(tmp_path, "image", body="Voir ![ici](absente.png) et ![là](https://a.example/x.png).")
    (tmp_path / "vide.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "casse.docx").write_bytes(b"PK not a zip")
    (tmp_path / "ancien.doc").write_bytes(b"x")
    (tmp_path / "muet.html").write_text("<html lang='fr'><body><nav>Menu</nav></body></html>")
    (tmp_path / "langue.html").write_text("<html><body><main><h1>XJ-9</h1>4512</main></body></html>")
    files.page(tmp_path / "champ.html", "Titre", "<p>Un texte avec des mots.</p>")
    (tmp_path / "champ.html.yml").write_text("langage: fr\n")
    found = faults(tmp_path)
    for begins in (
        "ancien.doc: a .doc file can't be read; save it as .docx", "casse.docx: this is not a DOCX", "champ.html.yml: line 1: `langage` is not a field",
        "image.md: line 9: the picture absente.png is not there", "image.md: line 9: the picture https://a.example/x.png lies elsewhere",
        "langue.html: its language can't be told; write `language: fr`", "muet.html: there is no text", "vide.pdf: this is not a PDF",
    ):
        assert [one for one in found if one.startswith(begins)], (begins, found)
    assert len(found) == 8
    with pytest.raises(FaultyFolder), database.writing() as session:
        import_folder(session, tmp_path)
    with database.reading() as session:
        assert session.execute(sa.select(Article)).first() is None
        assert session.execute(sa.select(ArticlePicture)).first() is None


def test_pictures_of_the_same_name_are_kept_apart(tmp_path: Path, database: Database) -> None:
    for folder, colour in (("un", "red"), ("deux", "green")):
        write(tmp_path / folder, f"prise-{folder}", body="![Prise](prise.png)")
        (tmp_path / folder / "prise.png").write_bytes(files.png(colour))
        with database.writing() as session:
            import_folder(session, tmp_path / folder)
    with database.reading() as session:
        assert pictures.names(session) == ["prise-2.png", "prise.png"]
        assert service.article(session, id="prise-deux", language="fr").body == "![Prise](picture:prise-2.png)"  # type: ignore[union-attr]


def test_what_is_exported_is_imported_again_with_nothing_lost(tmp_path: Path, database: Database, clock: Clock) -> None:
    source = tmp_path / "source"
    write(source / "fr" / "prises", "prise", title='"La prise : l\'essentiel"', body="Voir ![ici](../img/a%20b.png) et [le câble](article:cable).\n\n<!-- page 3 -->\n\nSuite.",
          questions="['où est la prise ?', 'oui: non']", valid_from="2026-01-01", valid_until="2027-01-01")
    write(source / "en", "cable", language="en", title="The cable", products="[]", published="false", source="manual.pdf")
    write(source, "cable", title="Le câble")
    (source / "fr" / "img").mkdir()
    (source / "fr" / "img" / "a b.png").write_bytes(files.png())
    with database.writing() as session:
        assert import_folder(session, source) == 3
        row: Any = revisions.article_row(session, id="cable", language="fr")
        said = content_of(row)
        revisions.save_draft(session, id="cable", language="fr", content=type(said)("Le câble neuf", "Il relie mieux.", said.updated), author="Ada", at=clock(), based_on=1)

    def everything() -> list[Any]:
        with database.reading() as session:
            rows = revisions.every_article(session)
            return [
                (row.id, row.language, row.published, row.source, content_of(row), revisions.newest(session, row), revisions.state_of(row)) for row in rows
            ] + [(name, pictures.find(session, name).content) for name in pictures.names(session)]  # type: ignore[union-attr]

    before = everything()
    with database.reading() as session:
        assert export_folder(session, tmp_path / "out").articles == 3
    assert (tmp_path / "out" / "fr" / "prises" / "prise.md").is_file()
    assert "](../img/a-b.png)" in (tmp_path / "out" / "fr" / "prises" / "prise.md").read_text(encoding="utf-8")
    with database.writing() as session:
        for row in revisions.every_article(session):
            service.remove(session, id=str(row.id), language=str(row.language))
        session.execute(sa.delete(ArticlePicture))
    with database.writing() as session:
        import_folder(session, tmp_path / "out")
    assert everything() == before
    with database.reading() as session, pytest.raises(Exception, match="not an empty folder"):
        export_folder(session, tmp_path / "out")


def test_the_demo_articles_come_out_as_they_went_in(tmp_path: Path, database: Database) -> None:
    folder = Path(__file__).parents[3] / "data" / "knowledge"
    with database.writing() as session:
        import_folder(session, folder)
    with database.reading() as session:
        export_folder(session, tmp_path / "out")
    for file in folder.rglob("*.md"):
        if file.name != "README.md":
            assert (tmp_path / "out" / file.relative_to(folder)).read_bytes() == file.read_bytes(), file


def test_a_long_text_is_cut_at_its_headings_and_a_short_one_is_not() -> None:
    section = "Un mot après l'autre. " * 200
    long = f"<!-- page 1 -->\n\nAvant.\n\n# A\n\n{section}\n\n<!-- page 2 -->\n\n## A un\n\n{section}\n\n# B\n\n## Vide\n\n# C\n\n{section}"
    assert [part.headings for part in cut(long)] == [(), ("A",), ("A", "A un"), ("C",)]
    assert [part.body.split("\n", 1)[0] for part in cut(long)] == ["<!-- page 1 -->", "<!-- page 1 -->", "<!-- page 2 -->", "<!-- page 2 -->"]
    assert [part.headings for part in cut("# A\n\nx y z\n\n# B\n\nx")] == [()]
