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

from savoir.command.knowing import knowledge
from savoir.command.staffing import agents
from savoir.core.errors import Problem
from savoir.core.importing import FaultyFile
from savoir.knowledge.importing import FaultyFolder

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Savoir: an after-sales assistant that a firm runs on its own machines.")
evaluate = typer.Typer(no_args_is_help=True, help="How well it understands and finds.")
diagnosis = typer.Typer(no_args_is_help=True, help="The guided diagnosis: trees of data/diagnosis.")
outbox = typer.Typer(no_args_is_help=True, help="What is sent to others: mails.")
privacy = typer.Typer(no_args_is_help=True, help="People's rights to their data.")
conversations = typer.Typer(no_args_is_help=True, help="Conversation tests: tests/conversations.")
app.add_typer(agents, name="agents")
app.add_typer(conversations, name="conversations")
app.add_typer(diagnosis, name="diagnosis")
app.add_typer(evaluate, name="evaluate")
app.add_typer(knowledge, name="knowledge")
app.add_typer(outbox, name="outbox")
app.add_typer(privacy, name="privacy")
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
    kind: str = typer.Argument(..., help="products, customers, orders, owned-products, technicians, repairs, repair-prices, spare-parts, canned-replies, knowledge or demo"),
    path: Optional[Path] = typer.Argument(None, help="a CSV or JSON-lines file; for knowledge a folder or file of Markdown, HTML, DOCX, PDF, or a site's sitemap.xml"),
    as_json: bool = AS_JSON,
) -> None:
    """Takes in the firm's own data; of a file with a bad line nothing is taken."""
    from savoir.command import importing

    importing.import_command(kind, path, as_json)


@app.command()
def export(kind: str = typer.Argument(..., help="knowledge or corrections"), folder: Path = typer.Argument(..., help="an empty or new folder"), as_json: bool = AS_JSON) -> None:
    """Writes the articles to files that `import knowledge` reads, or what agents put right as training material (corrections.jsonl)."""
    from savoir.command import importing

    importing.export_command(kind, folder, as_json)


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
def flows(
    out: Optional[Path] = typer.Option(None, help="the HTML page to write; var/flows.html when left out"),
    language: str = typer.Option("fr", help="of the texts: fr or en"),
) -> None:
    """A picture of the conversation flows, topic by topic."""
    from savoir.command import designing

    designing.flows(out, language)


@app.command()
def record(conversation: str, out: Optional[Path] = typer.Option(None, help="the file to write; the terminal when left out")) -> None:
    """Makes a conversation test of a real conversation, without its personal values."""
    from savoir.command import designing

    designing.record(conversation, out)


@conversations.command("run")
def conversations_run(
    files: list[Path] = typer.Argument(..., help="conversation files, or folders of them"),
    show: bool = typer.Option(False, "--show", help="also the transcripts of those that went as written"),
) -> None:
    """Plays conversation tests in a house of their own."""
    from savoir.command import designing

    raise typer.Exit(designing.play(files, show))


@app.command()
def doctor(as_json: bool = AS_JSON) -> None:
    """What works and what does not, each with what to do."""
    from savoir.command import doctoring

    raise typer.Exit(doctoring.doctor(as_json))


@diagnosis.command("show")
def diagnosis_show(tree: Optional[str] = typer.Argument(None, help="its id; none lists all"), language: str = typer.Option("fr", help="fr or en")) -> None:
    """A tree as an indented outline."""
    from savoir.command import diagnosing

    diagnosing.show(tree, language)


@diagnosis.command("check")
def diagnosis_check(as_json: bool = AS_JSON) -> None:
    """Checks the trees; says file and line. `savoir validate` does this too."""
    from savoir.command import diagnosing

    raise typer.Exit(diagnosing.check(as_json))


@outbox.command("show")
def outbox_show(as_json: bool = AS_JSON) -> None:
    """What waits to be sent, and what was given up."""
    from savoir.command import outbox as sending

    sending.show(as_json)


@outbox.command("retry")
def outbox_retry(id: int) -> None:
    """Sends again what was given up."""
    from savoir.command import outbox as sending

    sending.retry(id)


@privacy.command("export")
def privacy_export(email: str, out: Path = typer.Option(..., help="the ZIP to write")) -> None:
    """Everything held about a customer, as a ZIP: JSON, a page to read, photos."""
    from savoir.command import privacy as rights

    rights.export(email, out)


@privacy.command("erase")
def privacy_erase(email: str, yes: bool = typer.Option(False, "--yes", help="Don't ask.")) -> None:
    """Erases a customer at once; accounting data stay, without name and address."""
    from savoir.command import privacy as rights

    rights.erase(email, yes)


@privacy.command("requests")
def privacy_requests(as_json: bool = AS_JSON) -> None:
    """Requests that are not done, and by when they must be."""
    from savoir.command import privacy as rights

    rights.requests(as_json)


@evaluate.command("understanding")
def evaluate_understanding(file: Optional[Path] = typer.Argument(None, help="intent<TAB>text<TAB>entities"), as_json: bool = AS_JSON) -> None:
    """Intents, entities and doubt, on the project's test set or on a file."""
    from savoir.command import evaluating

    evaluating.understanding(file, as_json)


@evaluate.command("knowledge")
def evaluate_knowledge(
    articles: Optional[Path] = typer.Option(None, help="folder of Markdown articles"),
    queries: Optional[Path] = typer.Option(None, help="query<TAB>article id[,id], `-` for none"),
    framework: bool = typer.Option(True, help="measure Haystack too, in an environment made on demand"), as_json: bool = AS_JSON,
) -> None:
    """Whether the right article comes first, or none; beside FTS5, bm25s and Haystack."""
    from savoir.command import evaluating

    evaluating.knowledge(articles, queries, as_json, framework)


@evaluate.command("all")
def evaluate_all() -> None:
    """Everything, on the project's own test sets."""
    from savoir.command import evaluating

    evaluating.understanding(None, False)
    evaluating.knowledge(None, None, False)


def main() -> None:
    """The entry point: problems become a sentence and an exit code."""
    try:
        app()
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
