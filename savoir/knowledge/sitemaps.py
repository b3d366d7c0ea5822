"""A site's pages saved on disk with its sitemap.xml: which of them there are, where each lies, which are translations of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

from defusedxml import ElementTree

from .documents import Reading, plain_address, slug
from .html_pages import day_in

PAGES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


@dataclass(frozen=True)
class SitePage:
    """A page of a site map: its address, its file, when it was changed, the addresses of its translations by language."""

    address: str
    file: Path
    updated: Optional[date]
    translations: dict[str, str]


def pages_of(sitemap: Path, reading: Reading) -> list[SitePage]:
    """The pages that a site map names, those of the maps it names included; what is missing or wrong is a fault. Gives each page the id
    that its translations share."""
    found: list[SitePage] = []
    _read(sitemap, sitemap.parent, reading, found, {sitemap.resolve()})
    first: dict[str, str] = {}
    taken: dict[str, str] = {}
    for page in found:
        group = sorted({plain_address(page.address), *(plain_address(address) for address in page.translations.values())})
        id = next((first[address] for address in group if address in first), None)
        if id is None:
            named = page.translations.get("fr", page.address)
            id = base = _id(named)
            number = 2
            while id in taken:
                id, number = f"{base}-{number}", number + 1
            taken[id] = page.address
        for address in group:
            first.setdefault(address, id)
        reading.ids[page.file.resolve()] = id
        reading.addresses[plain_address(page.address)] = id
    return found


def _read(sitemap: Path, root: Path, reading: Reading, found: list[SitePage], read: set[Path]) -> None:
    try:
        tree: Any = ElementTree.fromstring(sitemap.read_bytes())
    except Exception as error:  # what XML parsers raise on what is no XML
        reading.fault(sitemap, f"this is not a site map: {error}")
        return
    for entry in tree.iter(f"{PAGES}sitemap"):
        address = (entry.findtext(f"{PAGES}loc") or "").strip()
        named = _file(address, root) or root / Path(urlsplit(address).path).name
        if not named.is_file():
            reading.fault(sitemap, f"it names the site map {address}, which is not on disk")
        elif named.resolve() not in read:
            read.add(named.resolve())
            _read(named, root, reading, found, read)
    entries = list(tree.iter(f"{PAGES}url"))
    if not entries and not list(tree.iter(f"{PAGES}sitemap")):
        reading.fault(sitemap, "it names no page")
    for entry in entries:
        address = (entry.findtext(f"{PAGES}loc") or "").strip()
        file = _file(address, root)
        if file is None:
            reading.fault(sitemap, f"it names {address or 'a page without an address'}, which is not on disk beside it")
            continue
        others = {str(link.get("hreflang", ""))[:2].lower(): str(link.get("href", "")) for link in entry.iter(LINK) if link.get("rel") == "alternate"}
        others = {language: other for language, other in others.items() if language in ("fr", "en")}
        found.append(SitePage(address, file, day_in(entry.findtext(f"{PAGES}lastmod") or ""), others))


def _file(address: str, root: Path) -> Optional[Path]:
    """Where a page was saved: as its path, with or without its host's folder, `.html` or `index.html` added as programs do that save sites."""
    parts = urlsplit(address)
    path = unquote(parts.path).strip("/")
    for base in (root, root / parts.netloc) if parts.netloc else (root,):
        for name in (path, f"{path}.html", f"{path}.htm", f"{path}/index.html", f"{path}/index.htm") if path else ("index.html", "index.htm"):
            file = base / name
            if file.is_file() and file.resolve().is_relative_to(root.resolve()):
                return file
    return None


def _id(address: str) -> str:
    parts = [part for part in plain_address(address).split("/")[1:] if part not in ("fr", "en", "help", "aide", "hc", "articles")]
    return slug(parts[-1] if parts else "") or "home"
