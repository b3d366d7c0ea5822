"""Articles as HTML: Markdown without raw HTML, links between articles resolved, headings that can be linked to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any, Sequence

from markdown_it import MarkdownIt

from savoir.core.text import words
from savoir.knowledge import pictures
from savoir.knowledge.passages import PAGE_MARK

from .typography import typeset

_SAFE = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#|article:|picture:)", re.IGNORECASE)


@dataclass(frozen=True)
class Rendered:
    """An article's HTML, and the anchor and text of each heading of the second level."""

    html: str
    headings: tuple[tuple[str, str], ...]


def render(markdown: str, *, language: str, table_label: str) -> Rendered:
    """HTML of an article. `table_label` names tables, which scroll by themselves on small screens."""
    parser = _parser()
    tokens = parser.parse(markdown)
    headings: list[tuple[str, str]] = []
    for place, token in enumerate(tokens):
        mark = PAGE_MARK.fullmatch(token.content) if token.type == "inline" else None
        if mark and token.children:
            # where a page of the document begins that the article was taken from: what is cited by page leads here
            tokens[place - 1].attrs |= {"class": "page-mark", "id": f"page-{mark[1]}"}
            token.children[0].content = f"Page {mark[1]}"
            continue
        if token.type == "heading_open":
            text = "".join(child.content for child in tokens[place + 1].children or ())
            anchor = "-".join(words(text)) or f"part-{place}"
            while any(anchor == known for known, _ in headings):
                anchor += "-2"
            token.attrSet("id", anchor)
            # The page has the title: what an author wrote as first level is second level here.
            token.tag = tokens[place + 2].tag = "h2" if token.tag in ("h1", "h2") else token.tag
            if token.tag == "h2":
                headings.append((anchor, typeset(text, language)))
        for child in token.children or ():
            if child.type == "link_open":
                _set_link(child, language)
            elif child.type == "image":
                child.attrSet("src", str(child.attrGet("src") or "").replace(pictures.SCHEME, pictures.PATH, 1))
                child.attrSet("loading", "lazy")
            elif child.type == "text":
                child.content = typeset(child.content, language)
    options: Any = parser.options
    html = parser.renderer.render(tokens, options, {"table_label": table_label})
    return Rendered(html, tuple(headings))


def _set_link(token: Any, language: str) -> None:
    address = str(token.attrGet("href") or "")
    if address.startswith("article:"):
        token.attrSet("href", f"/help/{language}/{address.removeprefix('article:')}")
    elif address.startswith("http"):
        token.attrSet("rel", "noopener")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: bool(_SAFE.match(url.strip()))  # type: ignore[method-assign]

    def table_open(_: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
        return f'<div class="table" role="region" tabindex="0" aria-label="{escape(env["table_label"])}"><table>\n'

    def table_close(_: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def no_style(self: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
        tokens[place].attrs.pop("style", None)  # the content policy lets no style attribute through
        return str(self.renderToken(tokens, place, options, env))

    def image(self: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
        if not str(tokens[place].attrGet("src")).startswith(pictures.PATH):  # another site's: the content policy lets none through
            return escape(tokens[place].content)
        return str(self.image(tokens, place, options, env))

    for name, rule in (("image", image), ("table_open", table_open), ("table_close", table_close), ("td_open", no_style), ("th_open", no_style)):
        parser.add_render_rule(name, rule)
    return parser
