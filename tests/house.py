"""The whole of Savoir for a test: its three processes under the real supervisor, on free ports, with the demo firm."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Optional

import psutil
from filelock import FileLock

from savoir.command import importing
from savoir.command.running import supervisor_configuration
from savoir.command.serving import PROCESSES
from savoir.core.context import Context
from savoir.core.settings import PROJECT, Settings
from tests.ports import free_port

START_SECONDS = 150
__all__ = ["PROCESSES", "House", "trained_model"]


def trained_model() -> Path:
    """The model of the data as they are now: trained once for all tests of a machine, found again by its fingerprint."""
    digest = hashlib.sha256()
    for path in sorted(
        [PROJECT / "config.yml", PROJECT / "domain.yml", *(PROJECT / "data").glob("[nrs]*/**/*.yml"), *(PROJECT / "savoir" / "nlu").glob("*.py"),
         PROJECT / "savoir" / "core" / "encoder.py", PROJECT / "data" / "demo" / "products.csv", PROJECT / "requirements.txt"]
    ):
        digest.update(path.read_bytes())
    name = f"test-{digest.hexdigest()[:12]}"
    path = PROJECT / "var" / "test-models" / f"{name}.tar.gz"
    if path.exists():
        return path
    with FileLock(str(Path(tempfile.gettempdir()) / "savoir-training.lock")):
        if not path.exists():
            log = Path(tempfile.gettempdir()) / f"savoir-{name}.log"
            with open(log, "w") as output:
                subprocess.run(
                    [sys.executable, "-m", "rasa", "train", "--out", "var/test-models", "--fixed-model-name", name, "--quiet"],
                    cwd=PROJECT, check=True, stdout=output, stderr=subprocess.STDOUT,
                    env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "RASA_TELEMETRY_ENABLED": "false",
                         "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONPATH": str(PROJECT)},
                )
    return path


class House:
    """A running Savoir. `kill` a process of it as a disaster would; the supervisor starts it again."""

    def __init__(self, folder: Path, database_url: Optional[str] = None, tracker_url: Optional[str] = None, **overrides: Any) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log").mkdir(exist_ok=True)
        values = {
            "var": folder, "model": trained_model(), "port": free_port(), "rasa_port": free_port(), "actions_port": free_port(), "database_url": database_url,
            "tracker_url": tracker_url, "conversations_per_hour": 100_000, "messages_per_minute": 10_000, "demo": False,
            "opening_hours": "mo-su 00:00-23:59", "holidays": "", **overrides,
        }
        self.settings = Settings(_env_file=None, **values)
        self.context = Context(self.settings)
        self.address = f"http://127.0.0.1:{self.settings.port}"
        self._environment = {
            **os.environ,
            **{f"SAVOIR_{name.upper()}": str(value) for name, value in values.items() if value is not None},
        }
        self._supervisor: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> "House":
        """Tables, demo firm, model, processes; returns when `/ready` says so."""
        subprocess.run([sys.executable, "-m", "savoir.command", "migrate"], cwd=PROJECT, env=self._environment, check=True, stdout=subprocess.DEVNULL)
        importing.import_demo(self.context)
        configuration = self.folder / "supervisord.conf"
        configuration.write_text(self.configuration())
        with open(self.folder / "log" / "out.log", "w") as output:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(configuration)],
                cwd=PROJECT, env=self._environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )
        self.wait_until_ready()
        return self

    def configuration(self) -> str:
        """What its supervisor runs."""
        return supervisor_configuration(self.settings).split("[program:announce]")[0]

    def wait_until_ready(self, seconds: float = START_SECONDS) -> float:
        """Seconds that it took. Raises TimeoutError with what was missing."""
        began = time.monotonic()
        needs: Any = "nothing answers"
        while time.monotonic() - began < seconds:
            try:
                with urllib.request.urlopen(f"{self.address}/ready", timeout=5):
                    return time.monotonic() - began
            except urllib.error.HTTPError as error:
                needs = json.load(error)["needs"]
            except OSError:
                pass
            time.sleep(0.1)
        logs = "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in (self.folder / "log").glob("*.log"))
        raise TimeoutError(f"not ready after {seconds} s: {needs}\n{logs}")

    def process(self, name: str) -> Optional[psutil.Process]:
        """The process desk, rasa or actions, if it runs."""
        assert self._supervisor is not None
        for child in psutil.Process(self._supervisor.pid).children():
            try:
                arguments = child.cmdline()
            except psutil.Error:
                continue
            if arguments[-1:] == [name] or (name == "rasa" and "rasa" in arguments and "run" in arguments):
                return child
        return None

    def kill(self, name: str) -> bool:
        """SIGKILL to a process; whether there was one."""
        process = self.process(name)
        if process is None:
            return False
        process.send_signal(signal.SIGKILL)
        return True

    def stop(self) -> None:
        """Ends all."""
        if self._supervisor is not None:
            self._supervisor.terminate()
            try:
                self._supervisor.wait(20)
            except subprocess.TimeoutExpired:
                for child in psutil.Process(self._supervisor.pid).children(recursive=True):
                    child.kill()
                self._supervisor.kill()
        self.context.close()
