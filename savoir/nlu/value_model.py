"""Whether a message means the word that stands in it ("case" for a phone or a ticket), or means a value without its usual words.

Learnt from annotations: ridge regression on likeness to annotated phrases, one output for each value of each looked-up kind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from savoir.core.encoder import UniversalSentenceEncoder
from savoir.nlu.kernel_head import solve
from savoir.nlu.spans import Found
from savoir.nlu.text_features import TextFeatures
from savoir.nlu.vectors import encode_many
from savoir.nlu.word_lookup import WordLookup

Numbers = NDArray[np.float32]
Value = tuple[str, str]
SHARPNESS, LETTERS, WORDS, RIDGE = 3.0, 1.5, 1.0, 0.3
CLOSENESS = 4.0
OTHERS = 2_500
LIKE_A_TERM = 0.55
NEVER, ALWAYS = 9.0, -9.0


@dataclass
class ValueModel:
    """`keep` and `add`, by kind: outputs from which a word found is meant, and from which a value is meant without its words."""

    encoder: str = UniversalSentenceEncoder.name
    values: list[Value] = field(default_factory=list)
    keep: dict[str, float] = field(default_factory=dict)
    add: dict[str, float] = field(default_factory=dict)
    features: TextFeatures = field(default_factory=lambda: TextFeatures((2, 4), (1, 2), 2))
    vectors: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    weights: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    spelling: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    def fit(
        self,
        texts: Sequence[str],
        annotated: Sequence[Sequence[tuple[str, str, str]]],
        words: WordLookup,
        cache: Optional[Path],
        seed: int = 42,
    ) -> ValueModel:
        """Learn from texts with their annotations (kind, the words annotated, the value). Too few: words are taken as found."""
        self.values = sorted(set(words.terms.values()))
        kinds = {kind for kind, _ in self.values}
        chosen = [[pair for pair in pairs if pair[0] in kinds] for pairs in annotated]
        spoken = [i for i, pairs in enumerate(chosen) if pairs]
        if len(spoken) < 50:
            self.values = []
            return self
        others = [i for i, pairs in enumerate(chosen) if not pairs]
        drawn = np.random.RandomState(seed).permutation(len(others))[:OTHERS]
        rows = sorted([*spoken, *(others[i] for i in drawn)])
        truth, open_kinds, reached = self._targets([chosen[i] for i in rows], words, cache)
        sample = [texts[i] for i in rows]
        outputs = self._solve(sample, truth, words, cache)
        for kind in sorted(kinds):
            self._set_lines(kind, outputs, truth, [kind in unknown for unknown in open_kinds], words, sample, reached[kind])
        return self

    def meant(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Those of the words found that are meant, and values that are meant without their words (over the whole text)."""
        if not self.values or not text.strip():
            return list(found)
        outputs = self._outputs(text)
        kept = [find for find in found if outputs.get((find.entity, find.value), NEVER) >= self.keep.get(find.entity, ALWAYS)]
        said = {(find.entity, find.value) for find in found}
        more = [
            (value, output) for value, output in outputs.items() if value not in said and output >= self.add.get(value[0], NEVER)
        ]
        return kept + [Found(kind, 0, len(text), value, min(1.0, float(output))) for (kind, value), output in more]

    def _targets(
        self, annotated: Sequence[Sequence[tuple[str, str, str]]], words: WordLookup, cache: Optional[Path]
    ) -> tuple[Numbers, list[set[str]], dict[str, float]]:
        """1 where a value is annotated; the kinds of each text that have words of unknown value; the share of words known by kind."""
        terms = list(words.terms.items())
        spans = sorted({word for pairs in annotated for _, word, _ in pairs})
        likeness = encode_many(self.encoder, spans, cache) @ encode_many(self.encoder, [term for term, _ in terms], cache).T
        place = {value: column for column, value in enumerate(self.values)}
        truth = np.zeros((len(annotated), len(self.values)), dtype=np.float32)
        unknown: list[set[str]] = [set() for _ in annotated]
        counts: dict[str, list[bool]] = {kind: [] for kind, _ in self.values}
        for row, pairs in enumerate(annotated):
            for kind, word, value in pairs:
                found = [find.value for find in words.find(word) if find.entity == kind]
                direct = [value] if (kind, value) in place else found
                counts[kind].append(bool(found))
                if direct:
                    truth[row, place[(kind, direct[0])]] = 1
                    continue
                unknown[row].add(kind)
                similar = np.where([value[0] == kind for _, value in terms], likeness[spans.index(word)], -1)
                if similar.max() > LIKE_A_TERM:
                    truth[row, place[terms[int(similar.argmax())][1]]] = 1
        return truth, unknown, {kind: float(np.mean(known)) if known else 1.0 for kind, known in counts.items()}

    def _solve(self, texts: Sequence[str], truth: Numbers, words: WordLookup, cache: Optional[Path]) -> Numbers:
        terms = list(words.terms.items())
        every = [*texts, *(term for term, _ in terms)]
        own = np.eye(len(self.values), dtype=np.float32)[[self.values.index(value) for _, value in terms]]
        self.vectors = encode_many(self.encoder, every, cache)
        spelt = self.features.fit(every)
        scaled = sparse.csr_matrix(spelt.multiply(self._scale()))
        close = np.exp(np.float32(SHARPNESS) * (self.vectors @ self.vectors.T - 1)) * np.float32(CLOSENESS)
        close += (scaled @ spelt.T).toarray()
        self.weights, unseen = solve(close, np.vstack([truth, own]), RIDGE, np.arange(len(texts)))
        self.spelling = np.asarray(scaled.T @ self.weights, dtype=np.float32)
        return unseen

    def _set_lines(
        self,
        kind: str,
        outputs: Numbers,
        truth: Numbers,
        unknown: Sequence[bool],
        words: WordLookup,
        texts: Sequence[str],
        reached: float,
    ) -> None:
        columns = np.array([value[0] == kind for value in self.values])
        names = [value for value in self.values if value[0] == kind]
        clear = ~np.array(unknown)
        found = np.zeros((len(texts), len(names)), dtype=np.bool_)
        for row, text in enumerate(texts):
            for find in words.find(text):
                if find.entity == kind:
                    found[row, names.index((kind, find.value))] = True
        right, said, out = truth[clear][:, columns] > 0, found[clear], outputs[clear][:, columns]

        def f1(line: float) -> float:
            taken = said & (out >= line)
            return 2.0 * float((taken & right).sum()) / max(1.0, float(taken.sum() + right.sum()))

        lines = [ALWAYS, *np.arange(0, 0.6, 0.05).round(2).tolist()]
        reached_by = [f1(line) for line in lines]
        best = [line for line, value in zip(lines, reached_by, strict=True) if value >= max(reached_by) - 0.001]
        self.keep[kind] = best[len(best) // 2]  # the middle of the plateau: its lower edge would let strangers in
        self.add[kind] = NEVER
        if reached < 0.9:  # the kind is often meant in words that no list has
            kept = said & (out >= self.keep[kind])

            def f1_with(line: float) -> float:
                taken = kept | (out >= line)
                return 2.0 * float((taken & right).sum()) / max(1.0, float(taken.sum() + right.sum()))

            lines = np.arange(0.2, 0.8, 0.025).round(3).tolist()
            reached_by = [f1_with(line) for line in lines]
            if max(reached_by) > f1(self.keep[kind]):
                best = [line for line, value in zip(lines, reached_by, strict=True) if value >= max(reached_by) - 0.002]
                self.add[kind] = best[len(best) // 2]

    def _scale(self) -> Numbers:
        scale = np.full((1, self.features.size), WORDS, dtype=np.float32)
        scale[:, : self.features.letters_size] = LETTERS
        return scale

    def _outputs(self, text: str) -> dict[Value, float]:
        vector = encode_many(self.encoder, [text], None)
        close = np.exp(np.float32(SHARPNESS) * (vector @ self.vectors.T - 1)) * np.float32(CLOSENESS)
        row = close @ self.weights + self.features.transform([text]) @ self.spelling
        return dict(zip(self.values, row[0].tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write into a folder of its own: JSON and numpy arrays only."""
        folder.mkdir(parents=True, exist_ok=True)
        self.features.save(folder)
        np.savez(folder / "values.npz", vectors=self.vectors.astype(np.float16), weights=self.weights, spelling=self.spelling)
        kept: dict[str, Any] = {"encoder": self.encoder, "values": self.values, "keep": self.keep, "add": self.add}
        (folder / "values.json").write_text(json.dumps(kept, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> ValueModel:
        """Read what `save` wrote."""
        kept = json.loads((folder / "values.json").read_text())
        with np.load(folder / "values.npz", allow_pickle=False) as arrays:
            vectors, weights, spelling = arrays["vectors"].astype(np.float32), arrays["weights"], arrays["spelling"]
        values = [(kind, value) for kind, value in kept["values"]]
        return cls(kept["encoder"], values, kept["keep"], kept["add"], TextFeatures.load(folder), vectors, weights, spelling)
