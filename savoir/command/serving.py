"""The three processes, each with the environment it needs, ended with the supervisor that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

import typer

from savoir.core.log import set_up
from savoir.core.settings import PROJECT, Settings, settings
from savoir.learning.models import live_model

KEPT_SECONDS = 75
"""How long an idle connection is kept: longer than browsers' and proxies' own patience, or a message meets a connection that closes."""
PROCESSES = ("actions", "rasa", "desk")


def serve(process: str) -> None:
    """Becomes that process. Raises typer.BadParameter for an unknown one."""
    if process not in PROCESSES:
        raise typer.BadParameter(f"{process!r} is none of {', '.join(PROCESSES)}")
    _end_with_parent()
    os.chdir(PROJECT)
    {"desk": _desk, "rasa": _rasa, "actions": _actions}[process](settings())


def rasa_environment(the: Settings) -> dict[str, str]:
    """What endpoints.yml and credentials.yml name, and what keeps Rasa quiet and quick."""
    return {
        "SAVOIR_RASA_TOKEN": the.key("rasa"),
        "SAVOIR_ACTIONS_URL": f"http://127.0.0.1:{the.actions_port}/webhook",
        "SAVOIR_TRACKER_URL": the.trackers,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SQLALCHEMY_WARN_20": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
        "PYTHONPATH": str(PROJECT),
    }


def _desk(the: Settings) -> None:
    import uvicorn

    from web.app import create_app

    set_up("desk", the.log_level)
    uvicorn.run(
        create_app(the), host=the.host, port=the.port, access_log=False, log_config=None, timeout_keep_alive=KEPT_SECONDS, ws_ping_interval=20, ws_ping_timeout=20,
        ws_max_size=65_536, timeout_graceful_shutdown=2, server_header=False, forwarded_allow_ips="", proxy_headers=False,
    )


def _rasa(the: Settings) -> None:
    os.environ.update(rasa_environment(the))
    the.var.mkdir(parents=True, exist_ok=True)
    arguments = [
        sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(the.rasa_port), "--model", str(live_model(the)),
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--response-timeout", "60",
    ]
    os.execv(sys.executable, arguments)


def _actions(the: Settings) -> None:
    from actions.server import main

    main()


def _end_with_parent() -> None:
    """On Linux: a supervisor that is killed takes this process with it."""
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(1, signal.SIGTERM)
