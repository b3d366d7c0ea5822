"""`savoir doctor`: asks everything that Savoir needs how it is."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request

import sqlalchemy as sa
import typer

from connectors import llm_check
from savoir.core import outbox
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.settings import settings
from savoir.learning.models import live_model


def doctor(as_json: bool) -> int:
    """Prints one line a need; 0 when all is well, else 1."""
    the = settings()
    found: dict[str, str] = {}
    try:
        with Context(the).database.reading() as session:
            session.execute(sa.text("select 1 from conversation limit 1"))
            given_up = outbox.counts(session)["dead"]
        found["database"] = "ok"
        found["outbox"] = f"{given_up} could not be sent – `savoir outbox show` says why" if given_up else "ok"
    except Exception as error:
        found["database"] = f"{str(error).splitlines()[0]} – run `savoir migrate`, check SAVOIR_DATABASE_URL"
    try:
        found["model"] = f"ok ({live_model(the).name})"
    except Problem as problem:
        found["model"] = problem.detail
    if the.llm_url:
        found["language model"] = llm_check.check(the)
    free = shutil.disk_usage(the.var).free // 1_000_000
    found["disk"] = "ok" if free > 500 else f"only {free} MB free in {the.var}"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{the.port}/ready", timeout=5) as response:
            found |= {f"running: {name}": state for name, state in json.load(response)["needs"].items()}
    except urllib.error.HTTPError as error:
        found |= {f"running: {name}": state for name, state in json.load(error)["needs"].items()}
    except OSError:
        found["running"] = f"nothing answers on port {the.port} – `make run` starts it"
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, state in found.items():
            typer.secho(f"{'✓' if state.startswith('ok') else '✗'} {name}: {state}", fg="green" if state.startswith("ok") else "red")
    return 0 if all(state.startswith("ok") for state in found.values()) else 1
