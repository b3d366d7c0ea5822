"""Pictures of articles: read from beside their files, kept under a name, handed out. An article shows one as `![…](picture:name)`."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Mapping, Optional

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from savoir.core.errors import invalid

from .tables import ArticlePicture

LINK = re.compile(r"(!\[[^\]]*\]\()<?([^)\s>]+)>?((?:\s+\"[^\"]*\")?\))")
SCHEME = "picture:"
PATH = "/api/v1/knowledge/pictures/"
LARGEST = 5_000_000
"""Bytes."""
MOST_PIXELS = 40_000_000
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}


@dataclass(frozen=True)
class Picture:
    """A picture that was looked at. `name` is a path with `/`, relative to what is imported."""

    name: str
    content_type: str
    width: int
    height: int
    content: bytes


def looked_at(name: str, content: bytes) -> Picture:
    """The picture in a file. Raises a problem for what is none, is too large, or could carry more than a picture (SVG)."""
    if len(content) > LARGEST:
        raise invalid("picture-too-large", f"The picture {name} has {len(content):,} bytes; at most {LARGEST:,} are taken.")
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height, format = image.width, image.height, str(image.format)
            if format in FORMATS and width * height <= MOST_PIXELS:
                image.verify()
    except Exception:  # Pillow raises whatever its decoders raise
        format = ""
    if format not in FORMATS or width * height > MOST_PIXELS:
        raise invalid("bad-picture", f"The picture {name} can't be taken; expected PNG, JPEG, GIF or WebP of at most {MOST_PIXELS // 10**6} million pixels.")
    safe = re.sub(r"[^A-Za-z0-9._/-]+", "-", str(PurePosixPath(name))).strip("-/")[-160:] or "picture"
    if not PurePosixPath(safe).suffix:
        safe += _SUFFIX[FORMATS[format]]
    return Picture(safe, FORMATS[format], width, height, content)


def keep(session: Session, picture: Picture, at: datetime) -> str:
    """Stores a picture, and returns the name it is kept under: its own, or with a number where another picture has that."""
    digest = hashlib.sha256(picture.content).hexdigest()
    path, number = PurePosixPath(picture.name), 1
    while True:
        name = picture.name if number == 1 else str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        held = session.execute(sa.select(ArticlePicture.digest).where(ArticlePicture.name == name)).scalar()
        if held == digest:
            return name
        if held is None:
            break
        number += 1
    session.add(
        ArticlePicture(
            name=name, content_type=picture.content_type, width=picture.width, height=picture.height, digest=digest, content=picture.content, at=at,
        )
    )
    session.flush()
    return name


def find(session: Session, name: str) -> Optional[ArticlePicture]:
    """A picture by its name, or None."""
    return session.get(ArticlePicture, name)


def names(session: Session) -> list[str]:
    """The names of all pictures."""
    return list(session.execute(sa.select(ArticlePicture.name).order_by(ArticlePicture.name)).scalars())


def with_names(body: str, kept: Mapping[str, str]) -> str:
    """The Markdown with its `picture:` links changed to the names that the pictures are kept under."""

    def other(found: Any) -> str:
        name = found[2].removeprefix(SCHEME)
        return f"{found[1]}{SCHEME}{kept[name]}{found[3]}" if found[2].startswith(SCHEME) and name in kept else str(found[0])

    return LINK.sub(other, body)


def shown_in(body: str) -> list[str]:
    """The names of the pictures that a text shows."""
    return [target.removeprefix(SCHEME) for _, target, _ in LINK.findall(body) if target.startswith(SCHEME)]


def relative(root: Path, path: Path) -> str:
    """A file's path as a name: relative to what is imported, with `/`."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name
