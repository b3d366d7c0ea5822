"""Which encoder gives the vectors of what: the finer one for titles and sample questions, which are short, the quicker one for passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from savoir.core.encoder import Encoder, SmallE5, UniversalSentenceEncoder, Vectors, encoder

from .passages import Piece


@dataclass(frozen=True)
class Encoders:
    """`short` is for titles and sample questions, `long` for passages; a question is encoded by both."""

    short: Encoder
    long: Encoder

    @property
    def name(self) -> str:
        """What thresholds are kept under."""
        return self.short.name if self.short is self.long else f"{self.short.name}+{self.long.name}"

    def of(self, kind: str) -> Encoder:
        """The encoder of a kind of piece."""
        return self.long if kind == "passage" else self.short

    def encode(self, pieces: Sequence[tuple[str, str]]) -> list[Vectors]:
        """The vectors of pieces (kind, text), in their order."""
        made: list[Vectors] = [None] * len(pieces)  # type: ignore[list-item]
        for using in (self.short, self.long):
            places = [place for place, (kind, _) in enumerate(pieces) if self.of(kind) is using and made[place] is None]
            for place, vector in zip(places, using.encode([pieces[place][1] for place in places], as_passages=True), strict=True):
                made[place] = vector
        return made


def encoded_texts(pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """Pieces as `Encoders.encode` takes them."""
    return [(piece.kind, piece.encoded) for piece in pieces]


def encoders(short: str = SmallE5.name, long: str = UniversalSentenceEncoder.name) -> Encoders:
    """The process's encoders for search; cheap until their first text. Raises KeyError for an unknown name."""
    return Encoders(encoder(short), encoder(long))
