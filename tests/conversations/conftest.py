"""One house for all conversations: the files are played at once before the first test, the walkers walk in the same house."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Iterator

import pytest

from savoir.core.settings import PROJECT
from tests.conversations import playing, reached
from tests.conversations.playing import Outcome
from tests.conversations.stage import Stage

COVERAGE = PROJECT / "var" / "conversation-coverage.json"


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The running house; at its end it says what was reached of the project."""
    stage = Stage(tmp_path_factory.mktemp("conversations"))
    try:
        stage.start()
        yield stage
        found = reached.reached_in(stage)
        found.write(COVERAGE)
        print(f"\n{found.table()}")
    finally:
        stage.stop()


@pytest.fixture(scope="package")
def outcomes(request: pytest.FixtureRequest, stage: Stage) -> dict[Path, Outcome]:
    """How every file went whose test was asked for."""
    wanted = {item.callspec.params["path"] for item in request.session.items if "path" in getattr(getattr(item, "callspec", None), "params", {})}
    return asyncio.run(playing.play_files(stage, sorted(path for path in wanted if isinstance(path, Path))))
