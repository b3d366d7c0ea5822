"""What people call the codes of people at work: presences, roles, outcomes, days, and what the audit log names."""

from __future__ import annotations

from .language import N_

PEOPLE_LABELS: dict[str, dict[str, str]] = {
    "presence": {"available": N_("Available"), "busy": N_("Busy"), "away": N_("Away")},
    "role": {"agent": N_("Adviser"), "supervisor": N_("Supervisor"), "editor": N_("Editor"), "administrator": N_("Administrator")},
    "outcome": {
        "solved": N_("Problem solved"), "not_solved": N_("Not solved"), "ticket": N_("Goes on as a ticket"), "no_answer": N_("The customer didn't answer any more"),
        "no_request": N_("No request"),
    },
    "assignment": {"by_hand": N_("Agents pick by hand"), "least_loaded": N_("Given to the least busy who can")},
    "weekday": {
        "mo": N_("Monday"), "tu": N_("Tuesday"), "we": N_("Wednesday"), "th": N_("Thursday"), "fr": N_("Friday"), "sa": N_("Saturday"),
        "su": N_("Sunday"),
    },
    "change": {
        "invite": N_("Invited"), "invite_again": N_("Invited again"), "accept": N_("Password chosen"), "change": N_("Changed"),
        "deactivate": N_("Deactivated"), "activate": N_("Activated"), "set_day": N_("Day set"), "drop_day": N_("Day dropped"),
    },
    "changed": {"agent": N_("Agent"), "queue": N_("Queue"), "calendar": N_("Calendar")},
    "setting": {
        "email": N_("E-mail"), "name": N_("Name"), "role": N_("Role"), "queues": N_("Queues"), "languages": N_("Languages"),
        "capacity": N_("Conversations at once"), "is_active": N_("active"), "password": N_("Password"), "queue": N_("Queue"),
        "name_fr": N_("Name in French"), "name_en": N_("Name in English"), "assignment": N_("Who gets a conversation"),
        "notice_minutes": N_("Minutes until others get it"), "opening_hours": N_("Hours"), "holidays": N_("Public holidays"), "day": N_("Day"),
        "hours": N_("Hours"),
    },
}
PEOPLE_SENTENCES = {
    "not-allowed": N_("Your role doesn't include this. Ask an administrator."),
    "unknown-goal": N_("Choose a colleague or a queue."),
    "agent-inactive": N_("This colleague doesn't answer customers (any more). Choose somebody else."),
    "bad-time": N_("Choose a time to come, within 60 days."),
    "not-closed": N_("This conversation is open already."),
    "unknown-outcome": N_("Choose how it ended."),
    "invitation-over": N_("This invitation was used or is too old. Ask your administrator for a new one."),
    "weak-password": N_("The password is too short: at least 10 characters."),
    "agent-exists": N_("There is an account with this address already."),
    "bad-email": N_("This is not an e-mail address."),
    "name-missing": N_("A name is needed: customers read it."),
    "bad-capacity": N_("An agent answers between 1 and 50 conversations at once."),
    "unknown-queue": N_("Choose at least one queue, or all."),
    "unknown-language": N_("Choose at least one language."),
    "own-account": N_("You can't deactivate your own account."),
    "last-administrator": N_("This is the last administrator: make somebody else one first."),
    "bad-hours": N_("These hours can't be read. Write them as 09:00-12:30, 14:00-18:00, without overlaps; empty is closed."),
    "bad-country": N_("The public holidays of this country are not known. Write two letters, such as FR, BE or CH."),
    "bad-minutes": N_("The minutes must be a number between 0 and 1440."),
    "bad-day": N_("Give the day."),
}
"""What agents read for a problem's code."""
