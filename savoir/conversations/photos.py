"""Photos that come in: sniffed, checked, turned upright, scaled and encoded anew, so that nothing of the file itself is kept."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from savoir.core.errors import Problem, invalid

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 2048
MOST_PIXELS = 60_000_000


@dataclass(frozen=True)
class Photo:
    """A clean JPEG."""

    content: bytes
    width: int
    height: int
    content_type: str = "image/jpeg"


def clean_photo(content: bytes, most_bytes: int) -> Photo:
    """The photo as a JPEG of at most 2,048 pixels a side, without metadata. Raises problems: too large, not a photo."""
    if len(content) > most_bytes:
        raise Problem("photo-too-large", 413, f"The photo has {len(content):,} bytes; at most {most_bytes:,} are taken.", limit=most_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise invalid("photo-too-large", f"The photo has {image.width} × {image.height} pixels; send a smaller one.")
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Problem("not-a-photo", 415, "This file is not a photo that can be read; send a JPEG, PNG, WebP or GIF.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = io.BytesIO()
    upright.save(clean, "JPEG", quality=85, optimize=True)
    return Photo(clean.getvalue(), upright.width, upright.height)
