"""A walk through a tree as a plain value: where it stands, what is known, what was asked and tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from savoir.core.errors import invalid

from .trees import CANNOT, DID_NOT_WORK, UNKNOWN, WORKED, End, Link, Node, Question, Step, Text, Tree
from .typed_answers import Offered, read_answer

YES, NO = "yes", "no"
HARDLY = ("je crois pas", "je ne crois pas", "je pense pas", "je ne pense pas", "pas que je sache", "i don t think so", "not that i")
PLAIN = {YES: ("oui", "ouais", "yes", "yep", "yeah"), NO: ("non", "no", "nope", *HARDLY)}
"""What always means the answers with these values."""
DOES_NOT_KNOW = Text("Je ne sais pas", "I don't know")
DID_IT_HELP = Text("Est-ce que cela a réglé le problème ?", "Has that solved it?")
RESULTS = {
    WORKED: Text("Oui, c'est réglé", "Yes, that solved it"),
    DID_NOT_WORK: Text("Non, toujours pareil", "No, still the same"),
    CANNOT: Text("Je ne peux pas essayer", "I can't try that"),
}
STEP_ANSWERS = (
    Offered(WORKED, (
        "oui", "ouais", "regle", "resolu", "repare", "c est bon", "ca marche", "ca remarche", "ca fonctionne", "ca refonctionne", "remarche", "refonctionne",
        "marche a nouveau", "c est revenu", "nickel", "parfait", "super", "genial", "ca a marche", "yes", "yep", "yeah", "solved", "fixed", "works",
        "it works", "working", "working again", "worked", "that worked", "that helped", "all good", "back on", "perfect", "great", "sorted",
        "ca charge", "il charge", "elle charge", "s allume", "charging now", "it s charging", "it charges", "turned on", "it s on",
    )),
    Offered(DID_NOT_WORK, (
        "non", "pareil", "toujours pareil", "toujours rien", "toujours pas", "rien", "rien change", "rien de mieux", "aucun changement",
        "aucune amelioration", "ne marche pas", "marche pas", "marche toujours pas", "ne marche toujours pas", "fonctionne pas", "pas mieux",
        "ca n a rien donne", "rien donne", "sans succes", "sans effet", "deja essaye", "j ai essaye", "deja fait", "deja teste", "pas regle",
        "pas resolu", "persiste", "no", "nope", "same", "still", "still the same", "no change", "no difference", "nothing", "no better",
        "didn t help", "didn t work", "did not help", "did not work", "doesn t work", "does not work", "not working", "not fixed", "no luck",
        "already tried", "already did", "tried that", "i ve tried", "worse", "pire",
        "marche plus", "fonctionne plus", "charge pas", "charge plus", "charge toujours pas", "s allume pas",
        "s allume plus", "s allume toujours pas", "not charging", "doesn t charge", "not on", "not better",
    ), wins=True),
    Offered(CANNOT, (
        "peux pas", "je ne peux pas", "pas possible", "impossible", "pas maintenant", "plus tard", "pas le temps", "pas chez moi",
        "je n en ai pas", "j en ai pas", "n ai pas d autre", "pas d autre", "j ai pas", "je n ai pas", "pas sous la main", "n arrive pas", "pas reussi",
        "can t", "cannot", "cant", "can not", "unable", "not now", "later", "don t have", "dont have", "haven t got", "not at home", "no time",
        "don t own",
    )),
)  # fmt: skip
WEAK = {word for words in PLAIN.values() for word in words} - set(HARDLY)
"""Words that only count where nothing else was said: "oui j'ai essayé, toujours pareil" is a no."""


@dataclass(frozen=True)
class Passed:
    """A node that was passed: the value answered, `unknown`, or the step's result. `known` if it was not asked."""

    node: str
    result: str
    known: bool = False


@dataclass(frozen=True)
class Walk:
    """Where a walk stands: `place` is the node that waits for an answer, or the end that was reached."""

    tree: str
    place: str
    facts: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    model: Optional[str] = None
    helped: bool = False
    """The present question was not understood or not known, and its help is said."""

    def as_json(self) -> dict[str, Any]:
        """For a slot."""
        passed = [[p.node, p.result, p.known] for p in self.passed]
        return {"tree": self.tree, "place": self.place, "facts": dict(self.facts), "passed": passed, "model": self.model, "helped": self.helped}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Walk:
        """Out of a slot. Raises a problem when it is no walk."""
        try:
            passed = tuple(Passed(str(node), str(result), bool(known)) for node, result, known in kept["passed"])
            return cls(str(kept["tree"]), str(kept["place"]), dict(kept["facts"]), passed, kept.get("model"), bool(kept.get("helped")))
        except (KeyError, TypeError, ValueError) as error:
            raise invalid("not-a-walk", f"This is no walk through a diagnosis tree ({error!r}); begin a new one.") from None


@dataclass(frozen=True)
class Button:
    """What can be pressed: `value` goes into `answer`."""

    label: str
    value: str


@dataclass(frozen=True)
class Prompt:
    """What the assistant says at a place: `kind` is question, step or end.

    `then` asks, after a step, whether it helped. `article` is the id of one to link. `end` is one of the kinds of ends, `part` its kind of part.
    At an end, `text` is what the tree says before the conclusion, or empty.
    """

    kind: str
    place: str
    text: str
    then: str = ""
    buttons: tuple[Button, ...] = ()
    article: Optional[str] = None
    end: Optional[str] = None
    part: Optional[str] = None


@dataclass(frozen=True)
class Answered:
    """The walk after an answer; `understood` is false where the question stands and is put in other words, or was left for the next."""

    walk: Walk
    understood: bool


def begin(tree: Tree, facts: Mapping[str, str], model: Optional[str] = None) -> Walk:
    """A walk at the first question or step that what is known does not answer. `model` is the customer's product id."""
    return _settle(tree, Walk(tree.id, tree.start, dict(facts), (), model))


def prompt(tree: Tree, walk: Walk, language: str) -> Prompt:
    """What to say now."""
    place = tree.place(walk.place)
    if isinstance(place, Question):
        said = place.help if walk.helped and place.help else place.ask
        buttons = tuple(Button(answer.label.of(language), answer.value) for answer in place.answers)
        return Prompt("question", place.name, said.of(language), "", (*buttons, Button(DOES_NOT_KNOW.of(language), UNKNOWN)))
    if isinstance(place, Step):
        buttons = tuple(Button(label.of(language), value) for value, label in RESULTS.items())
        return Prompt("step", place.name, place.step.of(language), DID_IT_HELP.of(language), buttons, place.article)
    if isinstance(place, End):
        return Prompt("end", place.name, place.say.of(language) if place.say else "", "", (), place.article, place.kind, place.part)
    return lost(walk)


def lost(walk: Walk) -> Prompt:
    """Where the tree or the place is gone, because it was edited meanwhile: a ticket."""
    return Prompt("end", walk.place, "", end="ticket")


def read(tree: Tree, walk: Walk, text: str) -> Optional[str]:
    """The value that a typed text stands for here, or None; changes nothing."""
    place = tree.place(walk.place)
    if isinstance(place, Question):
        found = read_answer(text, offered(tree, place))
        return found or (UNKNOWN if read_answer(text, STEP_ANSWERS[2:]) == CANNOT else None)
    if isinstance(place, Step):
        strong = tuple(replace(one, phrases=tuple(p for p in one.phrases if p not in WEAK)) for one in STEP_ANSWERS)
        found = read_answer(text, strong) or read_answer(text, STEP_ANSWERS)
        return DID_NOT_WORK if found == UNKNOWN else found
    return None


def offered(tree: Tree, question: Question) -> tuple[Offered, ...]:
    """The answers of a question with all that means them, in both languages."""
    return tuple(
        Offered(a.value, (*PLAIN.get(a.value, ()), a.label.fr, a.label.en, *(w for words in a.words.values() for w in words)), _is_danger(tree, a.next), a.between)
        for a in question.answers
    )


def answer(tree: Tree, walk: Walk, said: str) -> Answered:
    """Goes on: `said` is a button's value, yes, no, unknown, cannot, or typed words.

    What is not understood is asked once more in other words (`help`), then counts as not known; the same for "I don't know" where help exists.
    """
    place = tree.place(walk.place)
    if not isinstance(place, (Question, Step)):
        return Answered(walk, False)
    value = _value(place, said) or read(tree, walk, said)
    unclear = value is None or (value == UNKNOWN and isinstance(place, Question) and place.help is not None)
    if unclear and not walk.helped:
        return Answered(replace(walk, helped=True), value is not None)
    result = value or (UNKNOWN if isinstance(place, Question) else DID_NOT_WORK)
    return Answered(_settle(tree, _pass(tree, walk, place, result, known=False)), value is not None)


def _value(place: Node, said: str) -> Optional[str]:
    """The value of an answer that was not typed."""
    if isinstance(place, Step):
        return {WORKED: WORKED, YES: WORKED, NO: DID_NOT_WORK, DID_NOT_WORK: DID_NOT_WORK, UNKNOWN: DID_NOT_WORK, CANNOT: CANNOT}.get(said)
    return UNKNOWN if said in (UNKNOWN, CANNOT) else said if place.answer(said) else None


def _pass(tree: Tree, walk: Walk, place: Node, result: str, known: bool) -> Walk:
    facts = dict(walk.facts)
    if isinstance(place, Question):
        choice = place.answer(result)
        link = choice.next if choice else place.unknown
        if choice:
            facts[fact_of(tree, place)] = result
    else:
        link = {WORKED: place.worked, CANNOT: place.cannot}.get(result, place.did_not_work)
    return replace(walk, place=link.name, facts=facts, passed=(*walk.passed, Passed(place.name, result, known)), helped=False)


def _settle(tree: Tree, walk: Walk) -> Walk:
    """Passes every question that is answered already."""
    place = tree.place(walk.place)
    while isinstance(place, Question):
        known = walk.facts.get(fact_of(tree, place)) or next((a.value for a in place.answers if walk.model and walk.model in a.models), None)
        if known is None or place.answer(known) is None:
            break
        walk = _pass(tree, walk, place, known, known=True)
        place = tree.place(walk.place)
    return walk


def fact_of(tree: Tree, question: Question) -> str:
    """Under which name its answer is kept: its fact, or else one that no other tree has."""
    return question.fact or f"{tree.id}.{question.name}"


def _is_danger(tree: Tree, link: Link) -> bool:
    end = tree.ends.get(link.name)
    return end is not None and end.kind == "safety"
