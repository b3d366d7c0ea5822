"""What is wrong in trees that can be read: where links lead, how long paths are, what is named but does not exist."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Union

from .reading import LANGUAGE_NAMES, read_tree
from .tables import PART_KINDS
from .trees import LANGUAGES, PRODUCT_TYPES, SYMPTOMS, End, Fault, Question, Step, Text, Tree
from .typed_answers import read_answer
from .walking import offered

MOST_TURNS = 7
"""Questions and steps on the longest way through a tree."""
MOST_SENTENCES = 3
LONGEST_LABEL = 40
"""Characters on a button."""
DANGEROUS = re.compile(
    r"(?<!ne )(?<!n')(?<!not )(?<!never )\b(démont|dévissez|percez|perforez|forcez l'ouverture|unscrew|puncture|pierce|pry |take (it|the \w+) apart)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What a firm has: articles (id to its languages), kinds of spare parts, products. None is not checked."""

    articles: Optional[Mapping[str, set[str]]] = None
    parts: Optional[set[str]] = None
    models: Optional[set[str]] = None

    @classmethod
    def of_project(cls, root: Path) -> Known:
        """As the files of the project say: data/knowledge, data/demo; any kind of part that can be imported where it sells none."""
        folder = root / "data"
        articles: dict[str, set[str]] = {}
        for path in (folder / "knowledge").rglob("*.md"):
            head = path.read_text(encoding="utf-8", errors="replace")[:2000]
            id, language = (re.search(rf"^{key}: *(\S+)", head, re.MULTILINE) for key in ("id", "language"))
            if id and language:
                articles.setdefault(id[1], set()).add(language[1])
        parts = _column(folder / "demo" / "spare_parts.csv", "kind") or set(PART_KINDS)
        return cls(articles or None, parts, _column(folder / "demo" / "products.csv", "id"))


def check_folder(folder: Path, known: Optional[Known] = None) -> list[Fault]:
    """Every fault of the trees in a folder, by file and line."""
    faults: list[Fault] = []
    trees: list[Tree] = []
    for path in sorted(folder.glob("*.yml")):
        tree, found = read_tree(path)
        faults += found
        if tree is not None:
            trees.append(tree)
            faults += faults_of(tree, known)
    return sorted([*faults, *_served_twice(trees), *_uncarried(trees)], key=lambda f: (f.file, f.line, f.message))


def faults_of(tree: Tree, known: Optional[Known] = None) -> list[Fault]:
    """Every fault of one tree that was read."""
    check = _Check(tree, known or Known())
    check.names()
    if check.links():
        check.paths()
    check.texts()
    check.answers()
    return check.faults


class _Check:
    def __init__(self, tree: Tree, known: Known) -> None:
        self.tree, self.known, self.faults = tree, known, list[Fault]()

    def fault(self, line: int, message: str, is_error: bool = True) -> None:
        self.faults.append(Fault(self.tree.file, line, message + ".", is_error))

    def names(self) -> None:
        """Product types, symptoms, articles, parts and models exist."""
        tree, known = self.tree, self.known
        for key, given, names in (("products", tree.products, PRODUCT_TYPES), ("symptoms", tree.symptoms, SYMPTOMS)):
            for name in given:
                if name not in names:
                    self.fault(tree.lines[key], f"`{name}` is no {'product type' if key == 'products' else 'symptom'}; expected one of {', '.join(names)}")
        for place in (*tree.nodes.values(), *tree.ends.values()):
            if isinstance(place, Question):
                self._models(place)
            elif place.article:
                self._article(place.article, place)
            if isinstance(place, End) and place.part and known.parts is not None and place.part not in known.parts:
                self.fault(place.line, f"there is no spare part of the kind `{place.part}`; expected one of {', '.join(sorted(known.parts))}")

    def _article(self, id: str, place: Union[Step, End]) -> None:
        line = place.article_line if isinstance(place, Step) else place.line
        if self.known.articles is None:
            return
        languages = self.known.articles.get(id)
        if languages is None:
            self.fault(line, f"there is no article `{id}`. Name one of data/knowledge, or take it out")
            return
        for missing in (language for language in LANGUAGES if language not in languages):
            self.fault(line, f"the article `{id}` is missing in {LANGUAGE_NAMES[missing]}. Write it, or name another", isinstance(place, End))

    def _models(self, question: Question) -> None:
        for answer in question.answers:
            for model in answer.models:
                if self.known.models is not None and model not in self.known.models:
                    self.fault(answer.line, f"there is no product `{model}`. Name one by its id in the catalogue")

    def links(self) -> bool:
        """Every link leads somewhere; returns whether all do."""
        tree = self.tree
        faults = len(self.faults)
        if tree.start not in tree.nodes:
            self.fault(tree.lines["start"], f"the tree starts at `{tree.start}`, which is no node. Name one")
        for node in tree.nodes.values():
            for link in dict.fromkeys(node.links):
                if tree.place(link.name) is None:
                    self.fault(link.line, f"`{link.by}: {link.name}` leads nowhere: there is no node or end of that name. Name one, or add it")
        return len(self.faults) == faults

    def paths(self) -> None:
        """Everything is reached, nothing twice on one path, and no path is too long."""
        tree = self.tree
        longest: dict[str, list[str]] = {}
        open_: list[str] = []
        looped = False

        def walk(name: str) -> list[str]:
            nonlocal looped
            if name not in tree.nodes:
                longest[name] = []
            elif name not in longest:
                open_.append(name)
                ways: list[list[str]] = [[]]
                for link in tree.nodes[name].links:
                    if link.name in open_:
                        looped = True
                        self.fault(link.line, f"`{link.by}: {link.name}` goes back to `{link.name}`: a loop. Lead it on, or to an end")
                    else:
                        ways.append(walk(link.name))
                open_.pop()
                longest[name] = [name, *max(ways, key=len)]
            return longest[name]

        way = walk(tree.start)
        for place in (*tree.nodes.values(), *tree.ends.values()):
            if place.name not in longest:
                self.fault(place.line, f"`{place.name}` is never reached. Lead something to it, or take it out")
        if len(way) > MOST_TURNS and not looped:
            self.fault(
                tree.nodes[way[MOST_TURNS]].line,
                f"a path has {len(way)} questions and steps, at most {MOST_TURNS} were expected: {' → '.join(way)}. Shorten it",
            )

    def texts(self) -> None:
        """Texts are short, and tell nobody to do something dangerous."""
        for place in (*self.tree.nodes.values(), *self.tree.ends.values()):
            said = (place.ask, place.help) if isinstance(place, Question) else (place.step,) if isinstance(place, Step) else (place.say,)
            for text in said:
                for language in LANGUAGES if text else ():
                    self._text(place.name, text, language)  # type: ignore[arg-type]

    def _text(self, name: str, text: Text, language: str) -> None:
        said = text.of(language)
        sentences = len(re.findall(r"[.!?…](?:\s|$)", said + ("" if said.endswith((".", "!", "?", "…")) else ".")))
        if sentences > MOST_SENTENCES:
            self.fault(text.line, f"`{name}` says {sentences} sentences in {LANGUAGE_NAMES[language]}; expected one to {MOST_SENTENCES}. Shorten it", False)
        if danger := DANGEROUS.search(said.replace("’", "'")):
            self.fault(text.line, f"`{name}` tells the customer to do something dangerous ({danger[0].strip()}…). Offer a repair instead")

    def answers(self) -> None:
        """Whoever types what stands on a button gets that answer."""
        for node in self.tree.nodes.values():
            if not isinstance(node, Question):
                continue
            all_offered = offered(self.tree, node)
            most = float("-inf")
            for (least, most_here), answer in sorted(((a.between, a) for a in node.answers if a.between), key=lambda pair: pair[0]):
                if least <= most:
                    self.fault(answer.line, f"`{node.name}` has two answers for the number {least:g}. Make their `between` exclude each other")
                most = most_here
            for answer in node.answers:
                for language in LANGUAGES:
                    label = answer.label.of(language)
                    if len(label) > LONGEST_LABEL:
                        self.fault(answer.line, f"the button “{label}” has {len(label)} characters; expected at most {LONGEST_LABEL}. Shorten it", False)
                    for phrase in (label, *answer.words.get(language, ())):
                        read = read_answer(phrase, all_offered)
                        if read != answer.value:
                            self.fault(answer.line, f"whoever types “{phrase}” gets {f'the answer `{read}`' if read else 'no answer'}, not `{answer.value}`. Change the words")


def _served_twice(trees: Iterable[Tree]) -> Iterable[Fault]:
    first: dict[tuple[str, str], Tree] = {}
    for tree in trees:
        for pair in ((product, symptom) for product in tree.products for symptom in tree.symptoms):
            other = first.setdefault(pair, tree)
            if other is not tree:
                yield Fault(tree.file, tree.lines["products"], f"{pair[0]} with {pair[1]} is served by {other.file} already. Take the pair out of one.")


def _uncarried(trees: Iterable[Tree]) -> Iterable[Fault]:
    """A fact that two trees share has the same values in both, or else the question is asked again."""
    first: dict[str, tuple[Tree, set[str]]] = {}
    for tree in trees:
        for question in tree.nodes.values():
            if isinstance(question, Question) and question.fact:
                values = {answer.value for answer in question.answers}
                other, known = first.setdefault(question.fact, (tree, values))
                if not values & known:
                    yield Fault(
                        tree.file, question.line,
                        f"the fact `{question.fact}` has none of the values that it has in {other.file} ({', '.join(sorted(known))}). "
                        "Use the same values, or another name.", is_error=False,
                    )  # fmt: skip


def _column(path: Path, name: str) -> Optional[set[str]]:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return {str(row[name]) for row in csv.DictReader(file) if row.get(name)}
