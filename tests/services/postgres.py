"""A PostgreSQL for the tests: the one that a variable names, the one on its standard port, or one of our own."""

from __future__ import annotations

import atexit
import glob
import os
import shutil
import subprocess
import tempfile
import uuid
from typing import Optional

import sqlalchemy as sa

from tests.ports import free_port

_server: Optional[str] = None
_why_not = ""


def server() -> Optional[str]:
    """URL of a server on which databases may be made, ending in `/`; None (see `why_not`) where there is none."""
    global _server, _why_not
    if _server is None and not _why_not:
        for url in filter(None, (os.environ.get("SAVOIR_TEST_POSTGRES"), "postgresql://postgres@127.0.0.1:5432/", "postgresql://127.0.0.1:5432/")):
            if _answers(url):
                _server = url if url.endswith("/") else url + "/"
                return _server
        try:
            _server = _start()
        except Exception as error:
            _why_not = f"no PostgreSQL answers on 127.0.0.1:5432, and none could be started: {error}"
    return _server


def why_not() -> str:
    """Why there is no server."""
    return _why_not


def new_database() -> str:
    """URL of a new, empty database. Drop it with `drop_database`."""
    base = server()
    assert base is not None
    name = f"savoir_{uuid.uuid4().hex[:12]}"
    _administer(base, f'create database "{name}"')
    return base + name


def drop_database(url: str) -> None:
    """Drops a database made here."""
    base, name = url.rsplit("/", 1)
    _administer(base + "/", f'drop database if exists "{name}" with (force)')


def _administer(base: str, statement: str) -> None:
    engine = sa.create_engine(base + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def _answers(url: str) -> bool:
    try:
        _administer(url if url.endswith("/") else url + "/", "select 1")
        return True
    except Exception:
        return False


def _start() -> str:
    """A server of our own on a free port, as user postgres where we are root (initdb refuses root)."""
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not binaries:
        raise RuntimeError("PostgreSQL is not installed (apt install postgresql)")
    folder, port = tempfile.mkdtemp(prefix="savoir-pg-"), free_port()
    prefix: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    data = f"{folder}/data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    subprocess.run([*prefix, f"{binaries[-1]}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], **quiet)  # type: ignore[call-overload]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    subprocess.run([*prefix, f"{binaries[-1]}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"], **quiet)  # type: ignore[call-overload]

    @atexit.register
    def stop() -> None:
        subprocess.run([*prefix, f"{binaries[-1]}/pg_ctl", "-D", data, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(folder, ignore_errors=True)

    return f"postgresql://postgres@127.0.0.1:{port}/"
