"""`savoir`: exit 0 done, 1 a fault of ours, 2 a fault in the request."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # small matrix products only spin with more

import typer
from pydantic import ValidationError

from savoir.core.errors import Problem
from savoir.core.importing import FaultyFile
from savoir.knowledge.importing import FaultyFolder

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Savoir: an after-sales assistant that a firm runs on its own machines.")
agents = typer.Typer(no_args_is_help=True, help="The people who answer.")
evaluate = typer.Typer(no_args_is_help=True, help="How well it understands and finds.")
app.add_typer(agents, name="agents")
app.add_typer(evaluate, name="evaluate")
AS_JSON = typer.Option(False, "--json", help="One JSON object on stdout.")


@app.command()
def run() -> None:
    """Everything: database, demo firm, model, then the three processes under one supervisor."""
    from savoir.command import running

    running.run()


@app.command()
def serve(process: str = typer.Argument(..., help="desk, rasa or actions")) -> None:
    """One of the three processes (the supervisor calls this)."""
    from savoir.command import serving

    serving.serve(process)


@app.command(hidden=True)
def announce() -> None:
    """Waits until everything answers, then prints the addresses."""
    from savoir.command import running

    running.announce()


@app.command(name="import")
def import_(
    kind: str = typer.Argument(..., help="products, customers, orders, owned-products, repairs, knowledge or demo"),
    path: Optional[Path] = typer.Argument(None, help="a CSV or JSON-lines file; for knowledge a folder of Markdown"),
    as_json: bool = AS_JSON,
) -> None:
    """Takes in the firm's own data; of a file with a bad line nothing is taken."""
    from savoir.command import importing

    importing.import_command(kind, path, as_json)


@app.command()
def train() -> None:
    """A new model from data/, domain.yml and config.yml, into models/."""
    from savoir.command import training

    raise typer.Exit(training.train())


@app.command()
def migrate() -> None:
    """Brings the database's tables up to date."""
    from savoir.command import running

    running.migrate()


@app.command()
def validate(as_json: bool = AS_JSON) -> None:
    """Checks data, domain and copy; says file and line."""
    from savoir.core.settings import PROJECT
    from savoir.learning import validation

    raise typer.Exit(validation.main(PROJECT, as_json))


@app.command()
def ask(text: str, as_json: bool = AS_JSON) -> None:
    """What the assistant would understand and answer, and why."""
    from savoir.learning import asking

    asking.ask(text, as_json)


@app.command()
def doctor(as_json: bool = AS_JSON) -> None:
    """What works and what does not, each with what to do."""
    from savoir.command import doctoring

    raise typer.Exit(doctoring.doctor(as_json))


@agents.command("add")
def agents_add(
    email: str, name: str = typer.Option(..., prompt=True), role: str = "agent", language: str = "fr",
    password: str = typer.Option(..., prompt=True, hide_input=True, confirmation_prompt=True, envvar="SAVOIR_AGENT_PASSWORD"),
) -> None:
    """A new agent."""
    from savoir.command import people

    people.add(email, name, role, language, password)


@agents.command("password")
def agents_password(
    email: str, password: str = typer.Option(..., prompt=True, hide_input=True, confirmation_prompt=True, envvar="SAVOIR_AGENT_PASSWORD")
) -> None:
    """Changes an agent's password and ends their sessions."""
    from savoir.command import people

    people.password(email, password)


@agents.command("list")
def agents_list(as_json: bool = AS_JSON) -> None:
    """Every agent."""
    from savoir.command import people

    people.show(as_json)


@evaluate.command("understanding")
def evaluate_understanding(file: Optional[Path] = typer.Argument(None, help="intent<TAB>text<TAB>entities"), as_json: bool = AS_JSON) -> None:
    """Intents, entities and doubt, on the project's test set or on a file."""
    from savoir.command import evaluating

    evaluating.understanding(file, as_json)


@evaluate.command("knowledge")
def evaluate_knowledge(
    articles: Optional[Path] = typer.Option(None, help="folder of Markdown articles"),
    queries: Optional[Path] = typer.Option(None, help="query<TAB>article id[,id], `-` for none"), as_json: bool = AS_JSON,
) -> None:
    """Whether the right article comes first, or none."""
    from savoir.command import evaluating

    evaluating.knowledge(articles, queries, as_json)


@evaluate.command("all")
def evaluate_all() -> None:
    """Everything, on the project's own test sets."""
    from savoir.command import evaluating

    evaluating.understanding(None, False)
    evaluating.knowledge(None, None, False)


def main() -> None:
    """The entry point: problems become a sentence and an exit code."""
    try:
        app(standalone_mode=False)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except typer.Abort:
        sys.exit(130)
    except FaultyFile as faulty:
        typer.secho(str(faulty), fg="red", err=True)
        for fault in faulty.faults[:50]:
            typer.echo(f"  {fault}", err=True)
        sys.exit(2)
    except FaultyFolder as folder:
        typer.secho(str(folder), fg="red", err=True)
        for path, fault in folder.faults[:50]:
            typer.echo(f"  {path}: {fault}", err=True)
        sys.exit(2)
    except ValidationError as wrong:
        typer.secho("A setting is wrong:", fg="red", err=True)
        for error in wrong.errors():
            typer.echo(f"  SAVOIR_{'.'.join(str(part) for part in error['loc']).upper()}: {error['msg']}", err=True)
        sys.exit(2)
    except Problem as problem:
        typer.secho(problem.detail, fg="red", err=True)
        sys.exit(2)
    except Exception as error:
        import click

        if isinstance(error, click.ClickException):
            error.show()
            sys.exit(2)
        raise
