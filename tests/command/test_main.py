"""What is typed wrong gets a sentence and the exit code 2, never a traceback."""

from __future__ import annotations

import sys

import pytest

from savoir.command.main import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["conversations", "run", "/nowhere"], "there is no file or folder /nowhere"),
        (["privacy", "export", "x@example.org"], "Missing option '--out'"),
        (["import", "products", "/nowhere.csv"], "/nowhere.csv"),
    ],
)
def test_what_is_typed_wrong_is_said(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["savoir", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told and "Traceback" not in told
