"""What customers, assistant and agents wrote, as safe HTML: a small Markdown subset for ours, plain text for customers'."""

from __future__ import annotations

import re
from typing import Any, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

SCHEMES = ("http", "https", "mailto", "tel")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}»]")
_RELATIONS = 'rel="noopener noreferrer nofollow" target="_blank"'


def is_safe_link(address: str) -> bool:
    """Whether an address may become a link."""
    try:
        return urlsplit(address.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


def plain(text: str) -> Markup:
    """The text as it was written, with its web addresses as links."""
    parts: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        address = escape(found[0])
        parts.append(f'<a href="{address}" {_RELATIONS}>{address}</a>')
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup("".join(parts))  # noqa: S704 - every part is escaped above


def rich(text: str) -> Markup:
    """Our Markdown subset: emphasis, lists, code, links of safe kinds. HTML in it is shown, never obeyed."""
    return Markup(_markdown.render(text))  # noqa: S704 - HTML is off: the renderer escapes it


def excerpt(text: str, length: int = 120) -> str:
    """The beginning, on one line, without Markdown's marks."""
    bare = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    bare = re.sub(r"(\*\*|__|`)|(?m:^\s*(?:[-*]|\d+\.)\s+)", " ", bare)
    bare = " ".join(bare.split())
    return bare if len(bare) <= length else bare[: length - 1].rstrip() + "…"


def _text_rule(_: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any) -> str:
    depth = sum({"link_open": 1, "link_close": -1}.get(token.type, 0) for token in tokens[:index])
    return str(escape(tokens[index].content) if depth else plain(tokens[index].content))


def _link_rule(renderer: Any, tokens: Sequence[Token], index: int, options: Any, environment: Any) -> str:
    return f'<a href="{escape(str(tokens[index].attrGet("href")))}" {_RELATIONS}>'


_markdown = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["emphasis", "link", "list", "newline", "escape", "backticks"]
)
_markdown.validateLink = is_safe_link  # type: ignore[method-assign,assignment]
_markdown.add_render_rule("text", _text_rule)
_markdown.add_render_rule("link_open", _link_rule)
