"""The baseline: the project of `rasa init` with its default pipeline, REST channel and everything in memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Optional

import psutil

from tests.ports import free_port

ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
SCRIPT = ("hello", "I am very sad", "yes", "great", "are you a bot?", "bye")


class BareBot:
    """A bot as a newcomer to Rasa has it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: Optional[subprocess.Popen[bytes]] = None

    def make(self) -> float:
        """Creates the project and trains it; seconds of the training."""
        self._rasa("init", "--no-prompt", "--init-dir", str(self.folder))
        for model in (self.folder / "models").glob("*.tar.gz"):
            model.unlink()
        began = time.monotonic()
        self._rasa("train", "--force", cwd=self.folder)
        return time.monotonic() - began

    def start(self) -> float:
        """Serves it; seconds until it answers."""
        began = time.monotonic()
        with open(self.folder / "out.log", "w") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(self.port)], cwd=self.folder,
                env={**os.environ, **ENVIRONMENT}, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )
        while True:
            try:
                with urllib.request.urlopen(self.address, timeout=2):
                    return time.monotonic() - began
            except OSError:
                if time.monotonic() - began > 180:
                    raise TimeoutError((self.folder / "out.log").read_text()[-2000:]) from None
                time.sleep(0.1)

    def processes(self) -> dict[str, psutil.Process]:
        """Its one process."""
        assert self._process is not None
        return {"rasa (bare)": psutil.Process(self._process.pid)}

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def _rasa(self, *arguments: str, cwd: Optional[Path] = None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder.parent / "bare-bot.log", "a") as output:
            subprocess.run(
                [sys.executable, "-m", "rasa", *arguments], cwd=cwd, check=True, env={**os.environ, **ENVIRONMENT}, stdout=output,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )
