"""The documentation tells the truth where that can be checked: settings, links, pictures, commands."""

from __future__ import annotations

import re
import subprocess

import pytest

from savoir.core.settings import PROJECT, Settings

LINK = re.compile(r"(?:\]\(|src=\")([^)\"\s]+)")
PAGES = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=PROJECT, check=True, capture_output=True, text=True
).stdout.split()
WRITTEN = [page for page in PAGES if not page.startswith("data/knowledge/")]


def test_every_setting_is_in_the_operators_guide_with_its_default() -> None:
    guide = (PROJECT / "docs" / "operators" / "README.md").read_text(encoding="utf-8")
    rows = {match[1]: match[2] for match in re.finditer(r"^\| `(SAVOIR_[A-Z_]+)` \| (.*?) \|", guide, re.MULTILINE)}
    for name, field in Settings.__fields__.items():
        shown = rows.get(f"SAVOIR_{name.upper()}")
        assert shown is not None, f"SAVOIR_{name.upper()} is missing"
        if isinstance(field.default, bool):
            assert shown == f"`{str(field.default).lower()}`", name
        elif isinstance(field.default, (int, float)):
            assert shown == f"`{field.default:g}`" or shown == f"`{field.default}`", name
        elif isinstance(field.default, str) and field.default:
            assert shown == f"`{field.default}`", name


@pytest.mark.parametrize("page", WRITTEN)
def test_every_relative_link_and_picture_exists(page: str) -> None:
    folder = (PROJECT / page).parent
    text = re.sub(r"```.*?```|`[^`\n]*`", "", (PROJECT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.split("#")[0] for target in LINK.findall(text) if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in targets if not (folder / target).exists()] == []


def test_the_readme_names_the_two_commands() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text
