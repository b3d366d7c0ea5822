"""The trained models of the project, and which of them is live."""

from __future__ import annotations

from pathlib import Path

from savoir.core.errors import Problem
from savoir.core.settings import PROJECT, Settings


def live_model(the: Settings, project: Path = PROJECT) -> Path:
    """The model of the settings, else the one that `savoir promote` named in var/live-model, else the newest of models/.

    Raises Problem when there is none.
    """
    if the.model is not None:
        return the.model
    promoted = the.var / "live-model"
    if promoted.exists():
        named = project / "models" / promoted.read_text().strip()
        if named.is_file():
            return named
    models = sorted((project / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise Problem("no-model", 404, "There is no model in models/: run `make train`, then ask again.")
    return models[-1]
