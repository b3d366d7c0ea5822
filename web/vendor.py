"""Copies the front-end libraries that npm installed to where the pages load them from. `npm ci && python -m web.vendor`."""

from __future__ import annotations

import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
    "idiomorph/LICENSE": "idiomorph.LICENSE.txt",
}
"""Path in node_modules to name in web/static/vendor."""


def copy(project: Path = PROJECT) -> list[Path]:
    """Copies the needed files; returns where they are now. Raises FileNotFoundError when `npm ci` has not been run."""
    target = project / "web" / "static" / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for source, name in FILES.items():
        path = project / "node_modules" / source
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing; run `npm ci` in {project} first")
        copied.append(Path(shutil.copyfile(path, target / name)))
    return copied


if __name__ == "__main__":
    copy()
