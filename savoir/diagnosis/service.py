"""What can be done with guided diagnosis: find a tree, walk through it, tell what was tried; find and order spare parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Optional

from savoir.core.errors import not_found

from . import personal_data as personal_data
from . import walking
from .checking import Known, check_folder
from .outline import outline
from .parts import (
    MOST_AT_ONCE,
    Notice,
    PartOrdering,
    PartPrice,
    Parts,
    due_notices,
    find_parts,
    mark_told,
    order_by_number,
    order_part,
    part_by_id,
    part_orders_of,
    price_part,
    tell_when_back,
)  # isort: skip
from .shelf import Shelf
from .summary import summary as _summary
from .trees import CANNOT, DID_NOT_WORK, ENDS, PRODUCT_TYPES, SYMPTOMS, UNKNOWN, WORKED, Fault, Tree
from .walking import NO, YES, Answered, Button, Prompt, Walk

__all__ = [
    "CANNOT", "DID_NOT_WORK", "ENDS", "MOST_AT_ONCE", "NO", "PRODUCT_TYPES", "SYMPTOMS", "UNKNOWN", "WORKED", "YES", "Answered", "Button", "Fault",
    "Notice", "PartOrdering", "PartPrice", "Parts", "Prompt", "Shelf", "Tree", "Walk", "answer", "begin", "check", "due_notices", "find_parts",
    "mark_told", "now", "order_by_number", "order_part", "part_by_id", "part_orders_of", "price_part", "reads", "show", "summary", "tell_when_back",
    "tree_for", "trees",
]  # fmt: skip

SHELF = Shelf()
"""The project's trees."""


def trees(*, shelf: Shelf = SHELF) -> list[Tree]:
    """Every tree that can be walked."""
    return shelf.trees()


def tree_for(*, product_type: str, symptom: str, shelf: Shelf = SHELF) -> Optional[Tree]:
    """The tree that serves a product type and a symptom of the taxonomy, or None."""
    return shelf.tree_for(product_type, symptom)


def begin(*, tree: Tree, facts: Optional[Mapping[str, str]] = None, model: Optional[str] = None) -> Walk:
    """A walk at the tree's first question or step, past all that is known: `facts` of an earlier walk, `model` as a product id."""
    return walking.begin(tree, facts or {}, model)


def now(walk: Walk, *, language: str, shelf: Shelf = SHELF) -> Prompt:
    """What to say where the walk stands: a question, a step or the end. A place that was edited away ends in a ticket."""
    tree = shelf.tree(walk.tree)
    return walking.prompt(tree, walk, language) if tree else walking.lost(walk)


def reads(walk: Walk, *, text: str, shelf: Shelf = SHELF) -> Optional[str]:
    """The value that a typed text means at the present place, or None where it is no answer to it. Changes nothing."""
    tree = shelf.tree(walk.tree)
    return walking.read(tree, walk, text) if tree else None


def answer(walk: Walk, *, said: str, shelf: Shelf = SHELF) -> Answered:
    """The walk after an answer: a button's value, YES, NO, UNKNOWN, CANNOT, or typed words.

    `understood` is false where the words meant none of the answers: the first time the same place stands (ask `now` again, it says it
    in other words), the second time the walk goes on as if the customer did not know. The walk at an end stays there.
    """
    tree = shelf.tree(walk.tree)
    return walking.answer(tree, walk, said) if tree else Answered(walk, False)


def summary(walk: Walk, *, language: str, shelf: Shelf = SHELF) -> str:
    """What was asked, answered and tried, a line each, for a ticket; empty when the tree is gone."""
    tree = shelf.tree(walk.tree)
    return _summary(tree, walk, language) if tree else ""


def show(*, id: str, language: str, shelf: Shelf = SHELF) -> str:
    """The tree as an indented outline. Raises a problem when there is none of that id, or it can't be read."""
    tree = shelf.tree(id.replace("_", "-"))
    if tree is None:
        raise not_found("diagnosis tree", id)
    return outline(tree, language)


def check(*, folder: Path, root: Optional[Path] = None) -> list[Fault]:
    """What is wrong in the trees of a folder. With the `root` of a project, articles, parts and products must exist there."""
    return check_folder(folder, Known.of_project(root) if root else None)
