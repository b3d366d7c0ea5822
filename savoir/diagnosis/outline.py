"""A tree as an indented outline, for whoever writes or proofreads it."""

from __future__ import annotations

from .trees import LANGUAGES, End, Link, Question, Text, Tree
from .walking import DOES_NOT_KNOW, RESULTS

ENDS = {
    "solved": Text("réglé", "solved"), "repair": Text("réparation", "repair"), "part": Text("pièce détachée", "spare part"),
    "article": Text("article", "article"), "ticket": Text("dossier", "ticket"), "safety": Text("DANGER : une personne", "DANGER: a person"),
}  # fmt: skip
SEE = Text("voir plus haut", "see above")


def outline(tree: Tree, language: str) -> str:
    """The tree in one language: what is said, each answer under it, ends in brackets. A node that is reached again is named only."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    lines = [f"{tree.title.of(language)}  ({', '.join(tree.products)}: {', '.join(tree.symptoms)})", ""]
    seen: set[str] = set()

    def show(name: str, depth: int) -> None:
        indent = "    " * depth
        place = tree.place(name)
        if isinstance(place, End):
            about = place.part or place.article
            lines.append(f"{indent}[{ENDS[place.kind].of(language)}{f' {about}' if about else ''}] {place.say.of(language) if place.say else ''}".rstrip())
        elif place is None:
            lines.append(f"{indent}?? {name}")
        elif name in seen:
            lines.append(f"{indent}→ {name} ({SEE.of(language)})")
        else:
            seen.add(name)
            text = place.ask if isinstance(place, Question) else place.step
            article = f"  [article {place.article}]" if not isinstance(place, Question) and place.article else ""
            lines.append(f"{indent}{name}: {text.of(language)}{article}")
            for label, link in _ways(tree, name, language):
                lines.append(f"{indent}  - {label}")
                show(link.name, depth + 1)

    show(tree.start, 0)
    return "\n".join(lines)


def _ways(tree: Tree, name: str, language: str) -> list[tuple[str, Link]]:
    """The answers and where they lead; the last ones together where they lead to the same."""
    node = tree.nodes[name]
    if isinstance(node, Question):
        return [*((answer.label.of(language), answer.next) for answer in node.answers), (DOES_NOT_KNOW.of(language), node.unknown)]
    links = dict(zip(RESULTS, node.links, strict=True))
    if node.cannot.name == node.did_not_work.name:
        links.pop("cannot")
    return [(RESULTS[result].of(language), link) for result, link in links.items()]
