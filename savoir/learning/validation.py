"""The designers' checks: what Rasa's own validation lets pass, found with file and line in a second, without Rasa."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from savoir.learning.copy_checks import check_copy
from savoir.learning.diagnosis_checks import check_diagnosis
from savoir.learning.dialogue_checks import check_dialogue
from savoir.learning.findings import ERROR, Finding
from savoir.learning.phrase_checks import check_phrases
from savoir.learning.project_files import read_project

__all__ = ["Finding", "main", "report", "validate"]


def validate(project: Path) -> list[Finding]:
    """Everything that is wrong (error) or doubtful (warning) in the Rasa project in that folder, by file and line.

    A file that can't be read is reported alone: what it would have declared is not known.
    """
    read = read_project(project)
    found = read.unreadable or [*check_copy(read), *check_phrases(read), *check_dialogue(read), *check_diagnosis(project)]
    return sorted(set(found), key=lambda f: (f.file, f.line, f.level, f.message))


def main(project: Path, as_json: bool) -> int:
    """Checks everything and prints the findings; returns 0 when there is no error, else 2."""
    return report(validate(project), as_json)


def report(findings: list[Finding], as_json: bool) -> int:
    """Prints findings, as one JSON object or for people; returns 0 when there is no error, else 2."""
    errors = sum(f.level == ERROR for f in findings)
    if as_json:
        counted = {"errors": errors, "warnings": len(findings) - errors, "findings": [f.as_dict() for f in findings]}
        print(json.dumps(counted, ensure_ascii=False, indent=2))
    else:
        _show(findings, errors)
    return 2 if errors else 0


def _show(findings: list[Finding], errors: int) -> None:
    console = Console(highlight=False)
    for file, group in groupby(findings, key=lambda f: f.file):
        console.print(Text(file, style="bold"))
        for finding in group:
            line = Text.assemble(
                (f"{finding.level} ", "red" if finding.level == ERROR else "yellow"), (f"{finding.file}:{finding.line} ", "cyan"), finding.message
            )
            if console.is_terminal:
                console.print(Padding(line, (0, 0, 0, 2)))
            else:  # one line each, for other programs
                console.print(Text("  ") + line, soft_wrap=True)
        console.print()
    warnings = len(findings) - errors
    summary = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}." if findings else "Nothing to mend."
    console.print(Text(summary, style="bold red" if errors else "bold green"))
