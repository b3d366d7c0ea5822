"""The trees of a folder, read again when a file changes: a designer's edit is live at the next conversation."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Optional

from savoir.core.log import logger
from savoir.core.settings import PROJECT

from .checking import faults_of
from .reading import read_tree
from .trees import Tree

FOLDER = PROJECT / "data" / "diagnosis"
log = logger(__name__)


class Shelf:
    """While a file has a fault, its last good reading is used, or none if there is none."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._kept: dict[Path, tuple[tuple[int, int], Optional[Tree]]] = {}
        self._lock = threading.Lock()

    def trees(self) -> list[Tree]:
        """Every tree that can be walked, by file name."""
        with self._lock:
            paths = sorted(self.folder.glob("*.yml"))
            self._kept = {path: kept for path, kept in self._kept.items() if path in paths}
            return [tree for tree in map(self._tree, paths) if tree is not None]

    def tree(self, id: str) -> Optional[Tree]:
        """The tree with that id."""
        return next((tree for tree in self.trees() if tree.id == id), None)

    def tree_for(self, product_type: str, symptom: str) -> Optional[Tree]:
        """The tree that serves a product type and a symptom of the taxonomy."""
        return next((tree for tree in self.trees() if product_type in tree.products and symptom in tree.symptoms), None)

    def _tree(self, path: Path) -> Optional[Tree]:
        stamp, last_good = self._kept.get(path, (None, None))
        try:
            state = path.stat()
            if stamp == (state.st_mtime_ns, state.st_size):
                return last_good
            tree, faults = read_tree(path)
        except OSError:  # it is just being replaced: read at the next call
            return last_good
        errors = [fault for fault in (faults_of(tree) if tree else faults) if fault.is_error]
        if errors:
            log.warning("a diagnosis tree has a fault; its last good state is used", file=path.name, line=errors[0].line, fault=errors[0].message)
        else:
            last_good = tree
        self._kept[path] = ((state.st_mtime_ns, state.st_size), last_good)
        return last_good
