"""HTML as an article: what a page is about without its menus, as Markdown; its links and pictures are asked for one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Callable, Optional

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

ABOUT = "main, article, [role=main], #content, #main"
"""Where pages have what they are about; the first that is there is taken."""
AROUND = "script, style, noscript, template, nav, header, footer, aside, form, iframe, object, svg, button, dialog, [hidden], [aria-hidden=true]"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Target = Callable[[str], Optional[str]]
"""What to put in place of an address; None leaves it out."""


@dataclass(frozen=True)
class Page:
    """What a page says. `language` and `updated` where it tells."""

    title: str
    markdown: str
    language: str
    updated: Optional[date]


def parsed(content: bytes) -> BeautifulSoup:
    """The page, whatever its encoding."""
    return BeautifulSoup(content, "html.parser")


def read_page(soup: BeautifulSoup, *, link: Target, picture: Target) -> Page:
    """The page as an article. `link` and `picture` are given each address."""
    language = str(soup.html.get("lang") or "")[:2].lower() if soup.html else ""
    updated = None
    for meta in soup.find_all("meta"):
        if str(meta.get("property") or meta.get("name") or "").lower() in ("article:modified_time", "og:updated_time", "last-modified", "dcterms.modified"):
            updated = day_in(str(meta.get("content") or "")) or updated
    name = soup.title.get_text(" ", strip=True) if soup.title else ""
    part: Any = soup.select_one(ABOUT) or soup.body or soup
    heading = part.find("h1") or soup.find("h1")
    title = heading.get_text(" ", strip=True) if heading else name
    if heading:
        heading.extract()
    for around in part.select(AROUND):
        around.extract()
    for image in part.find_all("img"):
        address = picture(str(image.get("src") or image.get("data-src") or ""))
        if address is None:
            image.replace_with(str(image.get("alt") or ""))
        else:
            image.attrs = {"src": address, "alt": str(image.get("alt") or "")}
    for anchor in part.find_all("a"):
        address = link(str(anchor.get("href") or ""))
        if address is None:
            anchor.unwrap()
        else:
            anchor.attrs = {"href": address}
    return Page(re.sub(r"\s+", " ", title).strip(), markdown_of(part), language, updated)


def markdown_of(part: Any) -> str:
    """A part of a page as Markdown."""
    text = MarkdownConverter(
        heading_style="ATX", bullets="-", escape_underscores=False, escape_misc=False, newline_style="backslash", strong_em_symbol="*",
        keep_inline_images_in=["td", "th", "a", "h2", "h3", "li"],
    ).convert_soup(part)
    text = "\n".join(line.rstrip() for line in text.replace("\xa0", " ").splitlines())
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def day_in(text: str) -> Optional[date]:
    """The day that an ISO time begins with; None where there is none."""
    found = _DAY.match(text.strip())
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
