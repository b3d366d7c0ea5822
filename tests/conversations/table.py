"""`python -m tests.conversations.table`: writes docs/designers/endings.md, how each intent ends and which conversations show it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ruamel.yaml import YAML

from savoir.core.settings import PROJECT
from savoir.learning.project_files import read_project
from tests.conversations.script import Script, all_files, read_script

DESIGNERS = PROJECT / "docs" / "designers"
ENDINGS = DESIGNERS / "endings.yml"
TABLE = DESIGNERS / "endings.md"
HEAD = """# How each intent ends

Made by `python -m tests.conversations.table` from [endings.yml](endings.yml) and from the [conversation tests](conversation-tests.md) that say
`shows: [the_intent]`. Edit those, not this.
"""


def table() -> str:
    """The page, from the project as it is."""
    endings: dict[str, Any] = YAML(typ="safe").load(ENDINGS.read_text(encoding="utf-8")) or {}
    shown: dict[str, list[Script]] = defaultdict(list)
    for script in map(read_script, all_files()):
        for intent in script.shows:
            shown[intent].append(script)
    intents = list(read_project(PROJECT).intents)
    rows = [f"| `{intent}` | {endings.get(intent) or 'not written yet'} | {', '.join(map(_link, shown[intent])) or '—'} |" for intent in intents]
    count = f"{sum(bool(shown[intent]) for intent in intents)} of {len(intents)} intents are shown by a conversation test."
    return "\n".join([HEAD, count, "", "| intent | how it ends | shown by |", "|---|---|---|", *rows, ""])


def unknown_endings() -> list[str]:
    """Intents of endings.yml that the domain does not have."""
    endings: dict[str, Any] = YAML(typ="safe").load(ENDINGS.read_text(encoding="utf-8")) or {}
    known = read_project(PROJECT).intents
    return [intent for intent in endings if intent not in known]


def _link(script: Script) -> str:
    return f"[{script.path.stem.replace('_', ' ')}](../../{script.path.relative_to(PROJECT).as_posix()})"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    print(f"{TABLE.relative_to(PROJECT)} is written.")
