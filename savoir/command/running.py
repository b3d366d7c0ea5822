"""`make run`: what must be there is made, then the three processes run under supervisord."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
import urllib.request
from typing import NoReturn

import sqlalchemy as sa
import typer
from rich.console import Console

from savoir.command import importing, people, training
from savoir.command.serving import PROCESSES
from savoir.core.context import Context
from savoir.core.errors import Problem
from savoir.core.settings import PROJECT, Settings, settings
from savoir.customers.service import catalogue
from savoir.knowledge.service import encode_missing
from savoir.learning.models import live_model

console = Console(stderr=True)
LEAST_FREE_MEGABYTES = 500
START_SECONDS = 180


def run() -> None:
    """Makes what is missing and becomes the supervisor."""
    the = _settings()
    the.var.mkdir(parents=True, exist_ok=True)
    (the.var / "log").mkdir(exist_ok=True)
    free = shutil.disk_usage(the.var).free // 1_000_000
    if free < LEAST_FREE_MEGABYTES:
        _stop(f"Only {free} MB are free on the disk of {the.var}; at least {LEAST_FREE_MEGABYTES} MB are needed to store messages safely.")
    _check_ports(the)
    console.print("[bold]•[/] Database")
    migrate()
    context = Context(the)
    if the.demo:
        with context.database.reading() as session:
            is_empty = not catalogue(session)
        if is_empty:
            console.print("[bold]•[/] Demo firm (SAVOIR_DEMO=false leaves it out)")
            importing.import_demo(context)
        with console.status("reading the articles…"):
            encode_missing(context.database)
        people.add_demo_agents(context)
    context.close()
    try:
        live_model(the)
    except Problem:
        if training.train():
            raise typer.Exit(1) from None
    console.print("[bold]•[/] Starting (about 20 s)")
    configuration = the.var / "supervisord.conf"
    configuration.write_text(supervisor_configuration(the))
    os.execv(sys.executable, [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(configuration)])


def migrate() -> None:
    """Brings the tables up to date."""
    from alembic import command
    from alembic.config import Config

    the = settings()
    the.var.mkdir(parents=True, exist_ok=True)
    configuration = Config()
    configuration.set_main_option("script_location", str(PROJECT / "migrations"))
    configuration.attributes["url"] = the.database
    try:
        command.upgrade(configuration, "head")
    except sa.exc.OperationalError as error:
        _stop(f"The database can't be reached: {str(error.orig).strip().splitlines()[0]} Check SAVOIR_DATABASE_URL.")


def announce() -> None:
    """Waits for `/ready`, then prints the addresses, once."""
    the = settings()
    local = f"http://127.0.0.1:{the.port}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{local}/ready", timeout=5):
                break
        except Exception:
            time.sleep(0.5)
    else:
        typer.echo(f"\n  Not everything answers after {START_SECONDS} s; see {the.var / 'log'} and `savoir doctor`.\n")
        return
    lines = ["", "  Savoir is ready.", "", f"  Help centre and chat   {the.address}/", f"  Agents' desk           {the.address}/desk"]
    agents = the.var / "demo-agents.txt"
    if the.demo and agents.exists():
        lines += [f"    {line.split(chr(9))[0]:24} {line.split(chr(9))[1]}" for line in agents.read_text().splitlines() if line]
    if the.host == "127.0.0.1":
        lines += ["", "  To open it on a phone of your network: SAVOIR_HOST=0.0.0.0 make run"]
    lines += ["", "  Ctrl-C ends everything.", ""]
    typer.echo("\n".join(lines))


def supervisor_configuration(the: Settings) -> str:
    """supervisord's configuration: the three processes, restarted when they die, and the announcement."""
    log = the.var / "log"
    parts = [
        "[supervisord]", "nodaemon=true", f"logfile={log / 'supervisor.log'}", f"pidfile={the.var / 'supervisord.pid'}", "user=root" if os.getuid() == 0 else "",
        "loglevel=info", f"childlogdir={log}",
    ]
    program = f"{sys.executable} -m savoir.command"
    for name in PROCESSES:
        parts += [
            f"[program:{name}]", f"command={program} serve {name}", f"directory={PROJECT}", "autorestart=true", "startsecs=2", "startretries=1000",
            "stopwaitsecs=8", "stopasgroup=true", "killasgroup=true", "redirect_stderr=true", f"stdout_logfile={log / name}.log",
            "stdout_logfile_maxbytes=20MB", "stdout_logfile_backups=3", f"priority={PROCESSES.index(name) + 1}",
        ]
    parts += [
        "[program:announce]", f"command={program} announce", f"directory={PROJECT}", "autorestart=false", "startsecs=0", "priority=9",
        "stdout_logfile=/dev/fd/1", "stdout_logfile_maxbytes=0", "redirect_stderr=true",
    ]
    return "\n".join(part.replace("%", "%%") for part in parts) + "\n"


def _check_ports(the: Settings) -> None:
    for port, host, name, setting in (
        (the.port, the.host, "the front door", "SAVOIR_PORT"), (the.rasa_port, "127.0.0.1", "Rasa", "SAVOIR_RASA_PORT"),
        (the.actions_port, "127.0.0.1", "the action server", "SAVOIR_ACTIONS_PORT"),
    ):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                _stop(f"Port {port} of {host}, for {name}, can't be had ({error.strerror}): end what uses it, or choose another: {setting}={port + 1} make run.")


def _settings() -> Settings:
    try:
        return settings()
    except ValueError as error:
        _stop(f"A setting is wrong: {error}")


def _stop(sentence: str) -> NoReturn:
    console.print(f"\n[red]✗[/] {sentence}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


