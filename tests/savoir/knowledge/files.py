"""Files of every kind that articles are imported from, made for the tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from fpdf import FPDF
from PIL import Image

PARTS = ("Batterie", "Écran", "Caméra", "Bluetooth", "Wi-Fi", "Son", "Sauvegarde", "Étanchéité", "Clavier", "Mises à jour")
SECRET = "Le compartiment turquoise de la carte mémoire s'ouvre avec un trombone, au dos de l'appareil, sous le cache gris."
SECRET_PAGE = 137


def png(colour: str = "red") -> bytes:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(content, "PNG")
    return content.getvalue()


def manual(path: Path, pages: int = 200, *, bookmarks: bool = False) -> Path:
    """A PDF manual with a cover, chapters of twenty pages, a heading a page, running titles and page numbers. On page 137 it says SECRET."""

    class Manual(FPDF):
        def header(self) -> None:
            if self.page_no() > 1:
                self.set_font("helvetica", size=9)
                self.cell(0, 8, "Manuel du Nova 6", align="R")
                self.ln(12)

        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("helvetica", size=9)
            self.cell(0, 8, f"{self.page_no()} / {pages}", align="C")

    pdf = Manual()
    pdf.set_lang("fr")
    pdf.add_page()
    pdf.set_font("helvetica", "B", 28)
    pdf.cell(0, 60, "Manuel du Nova 6")
    line = {"new_x": "LMARGIN", "new_y": "NEXT"}
    for page in range(2, pages + 1):
        pdf.add_page()
        part = PARTS[(page - 2) // 20]
        if (page - 2) % 20 == 0:
            pdf.set_font("helvetica", "B", 20)
            if bookmarks:
                pdf.start_section(part, level=0)
            pdf.multi_cell(0, 12, part, **line)  # type: ignore[arg-type]
        pdf.set_font("helvetica", "B", 14)
        pdf.multi_cell(0, 10, f"{part} : réglage {page}", **line)  # type: ignore[arg-type]
        pdf.set_font("helvetica", size=11)
        for step in range(4):
            pdf.multi_cell(0, 6, f"Pour le réglage {page}, ouvrez les paramètres de la partie {part} puis touchez la ligne {step}. Le menu garde votre "
                           "choix jusqu'au prochain démarrage de l'appareil.", **line)  # type: ignore[arg-type]
            pdf.ln(2)
        if page == SECRET_PAGE:
            pdf.set_font("helvetica", "B", 14)
            pdf.multi_cell(0, 10, "Ouvrir le compartiment de la carte mémoire", **line)  # type: ignore[arg-type]
            pdf.set_font("helvetica", size=11)
            pdf.multi_cell(0, 6, SECRET, **line)  # type: ignore[arg-type]
    pdf.output(str(path))
    return path


def docx(path: Path, blocks: list[tuple[str, str]], picture: bytes = b"") -> Path:
    """A DOCX of paragraphs, each with the name of its style (`Heading 1`, `Normal`), and a picture at its end."""
    names = sorted({style for style, _ in blocks})
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    styles = "".join(f'<w:style w:type="paragraph" w:styleId="{n.replace(" ", "")}"><w:name w:val="{n}"/></w:style>' for n in names)
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{s.replace(" ", "")}"/></w:pPr><w:r><w:t xml:space="preserve">{t}</w:t></w:r></w:p>' for s, t in blocks)
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p" '
        'descr="La prise"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/'
        'drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="rId9" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )
    relations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
                         'ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                         '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
                         'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        archive.writestr("_rels/.rels", f'<Relationships {relations}><Relationship Id="rId1" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>')
        archive.writestr("word/_rels/document.xml.rels", f'<Relationships {relations}><Relationship Id="rId1" Type="{kind}/styles" Target="styles.xml"/>'
                         f'<Relationship Id="rId9" Type="{kind}/image" Target="media/image1.png"/></Relationships>')
        archive.writestr("word/styles.xml", f"<w:styles {word}>{styles}</w:styles>")
        archive.writestr("word/document.xml", f"<w:document {word}><w:body>{body}{drawing if picture else ''}</w:body></w:document>")
        archive.writestr("docProps/core.xml", '<cp xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:modified>2026-03-04T10:00:00Z</dcterms:modified></cp>')
        if picture:
            archive.writestr("word/media/image1.png", picture)
    return path


def page(path: Path, title: str, main: str, *, language: str = "fr", head: str = "") -> Path:
    """An HTML page with menus around what it is about."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | Aide</title>{head}</head><body><nav><a href="/">Accueil</a> '
        f"Menu</nav><main><h1>{title}</h1>{main}</main><footer>Mentions légales</footer><script>alert(1)</script></body></html>", encoding="utf-8",
    )
    return path
