"""Lexical search: BM25 (Lucene's variant) over stems and character 3-grams of titles and bodies, and over sample questions.

Constants and weights were measured on public FAQ and manuals in both languages; see the quality report.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from . import terms

Scores = NDArray[np.float32]
K1 = 1.2


class Postings:
    """The terms of numbered texts, changeable one text at a time, and their BM25 scores for a question."""

    def __init__(self, b: float) -> None:
        self._b = b
        self._lists: dict[str, tuple[array[int], array[int]]] = {}
        self._terms_of: dict[int, list[str]] = {}
        self._lengths = np.zeros(64, np.float32)
        self._total = 0

    def put(self, number: int, words: Sequence[str]) -> None:
        """Adds a text, or replaces the one of that number."""
        self.drop(number)
        if number >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros(max(number + 1, len(self._lengths)), np.float32)])
        counts = Counter(words)
        for term, count in counts.items():
            numbers, frequencies = self._lists.setdefault(term, (array("i"), array("i")))
            numbers.append(number)
            frequencies.append(count)
        self._terms_of[number] = list(counts)
        self._lengths[number] = len(words)
        self._total += len(words)

    def drop(self, number: int) -> None:
        """Takes a text out, if it is there."""
        for term in self._terms_of.pop(number, ()):
            numbers, frequencies = self._lists[term]
            place = numbers.index(number)
            numbers[place], frequencies[place] = numbers[-1], frequencies[-1]
            numbers.pop()
            frequencies.pop()
            if not numbers:
                del self._lists[term]
        if number < len(self._lengths):
            self._total -= int(self._lengths[number])
            self._lengths[number] = 0

    def scores(self, words: Iterable[str], size: int) -> Scores:
        """The scores of texts 0 to size-1, each divided by the most that a text could get: 0 to 1.

        A term that no text has counts in that most as the rarest one, so that a question about something else stays low.
        """
        texts = len(self._terms_of)
        total = np.zeros(size, np.float32)
        if not texts:
            return total
        best = 0.0
        numbers, frequencies, weights, lengths = bytearray(), bytearray(), [], []
        for term, repeats in Counter(words).items():
            found = self._lists.get(term)
            frequency = len(found[0]) if found else 0
            weight = repeats * float(np.log1p((texts - frequency + 0.5) / (frequency + 0.5)))
            best += weight
            if found:
                numbers += found[0].tobytes()
                frequencies += found[1].tobytes()
                weights.append(weight)
                lengths.append(frequency)
        if not weights:
            return total
        where = np.frombuffer(bytes(numbers), np.int32)
        tf = np.frombuffer(bytes(frequencies), np.int32).astype(np.float32)
        average = self._total / texts or 1.0
        impact = tf / (tf + K1 * (1 - self._b + self._b * self._lengths[where] / average))
        total += np.bincount(where, np.repeat(weights, lengths) * impact, size)[:size].astype(np.float32)
        return total / np.float32(best)


class LexicalIndex:
    """The articles of one language, by slot; and their sample questions, by row."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stems = {"all": Postings(0.75), "title": Postings(0.3), "body": Postings(0.75), "question": Postings(0.3)}
        self._grams = {"all": Postings(0.75), "title": Postings(0.5), "body": Postings(0.75), "question": Postings(0.5)}

    def put(self, slot: int, title: str, body: str) -> None:
        """Adds or replaces an article."""
        title, body = terms.spelt_out(title, self._language), terms.spelt_out(body, self._language)
        for part, text in (("all", f"{title}\n{body}"), ("title", title), ("body", body)):
            self._stems[part].put(slot, terms.stems(text, self._language))
            self._grams[part].put(slot, terms.grams(text))

    def put_question(self, row: int, text: str) -> None:
        """Adds or replaces a sample question."""
        asked = terms.spelt_out(terms.asked_words(text), self._language)
        self._stems["question"].put(row, terms.stems(asked, self._language))
        self._grams["question"].put(row, terms.grams(asked))

    def drop(self, slot: int, question_rows: Iterable[int]) -> None:
        """Takes an article and its sample questions out."""
        for part in ("all", "title", "body"):
            self._stems[part].drop(slot)
            self._grams[part].drop(slot)
        for row in question_rows:
            self._stems["question"].drop(row)
            self._grams["question"].drop(row)

    def scores(self, asked: str, size: int) -> Scores:
        """How well each article's words match, 0 to 1. `asked`: the question without its stop words."""
        asked = terms.spelt_out(asked, self._language)
        by_stem, by_gram = terms.stems(asked, self._language), terms.grams(asked)
        mix = 0.25 * (self._stems["all"].scores(by_stem, size) + self._grams["all"].scores(by_gram, size))
        for part in ("title", "body"):
            mix += 0.125 * (self._stems[part].scores(by_stem, size) + self._grams[part].scores(by_gram, size))
        return mix

    def question_scores(self, asked: str, size: int) -> Scores:
        """How well each sample question's words match, 0 to 1, by row."""
        asked = terms.spelt_out(asked, self._language)
        by_stem, by_gram = terms.stems(asked, self._language), terms.grams(asked)
        return 0.5 * (self._stems["question"].scores(by_stem, size) + self._grams["question"].scores(by_gram, size))
