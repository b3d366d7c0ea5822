"""`savoir agents`: the people who answer."""

from __future__ import annotations

import typer

AS_JSON = typer.Option(False, "--json", help="one JSON object on stdout")
agents = typer.Typer(no_args_is_help=True, help="The people who answer.")


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


@agents.command("role")
def agents_role(email: str, role: str = typer.Argument(..., help="agent, supervisor, editor or administrator")) -> None:
    """Changes what an agent may do; the rest of the administration is in the desk."""
    from savoir.command import people

    people.change_role(email, role)


@agents.command("list")
def agents_list(as_json: bool = AS_JSON) -> None:
    """Every agent."""
    from savoir.command import people

    people.show(as_json)
