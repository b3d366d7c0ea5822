"""A small sound tree, and the same with one thing changed."""

from __future__ import annotations

from pathlib import Path

TREE = """\
id: radio-sound
title: {fr: "Plus de son", en: "No sound"}
products: [speaker]
symptoms: [sound]
start: when
nodes:
  when:
    ask: {fr: "Le son est-il absent ou mauvais ?", en: "Is the sound gone or bad?"}
    help: {fr: "Montez le volume et écoutez.", en: "Turn the volume up and listen."}
    fact: sound_state
    answers:
      - {value: none, label: {fr: "Aucun son", en: "No sound at all"}, words: {fr: [rien, muet], en: [nothing, silent]}, next: volume}
      - {value: bad, label: {fr: "Il grésille", en: "It crackles"}, words: {fr: [grésille, craque], en: [crackles, distorted]}, next: moved}
      - {value: burnt, label: {fr: "Une odeur de brûlé", en: "A burning smell"}, words: {fr: [brûlé, fumée], en: [burning, smoke]}, next: danger}
    unknown: volume
  volume:
    step: {fr: "Montez le volume à fond. Attendez cinq secondes.", en: "Turn the volume all the way up. Wait five seconds."}
    article: galet-stereo-pair
    worked: solved
    did_not_work: moved
    cannot: read
  moved:
    ask: {fr: "Est-elle tombée ?", en: "Did it fall?"}
    answers:
      - {value: "yes", label: {fr: "Oui", en: "Yes"}, between: [2, 10], next: repair}
      - {value: "no", label: {fr: "Non", en: "No"}, models: [galet-max], next: part}
    unknown: ticket
ends:
  solved: {end: solved}
  repair: {end: repair, say: {fr: "Elle doit être vue.", en: "It has to be seen."}}
  part: {end: part, part: cable}
  read: {end: article, article: galet-stereo-pair}
  ticket: {end: ticket}
  danger: {end: safety}
"""


def tree_file(folder: Path, old: str = "", new: str = "", name: str = "radio_sound.yml") -> Path:
    """The tree as a file, after one replacement."""
    assert old in TREE
    path = folder / name
    path.write_text(TREE.replace(old, new, 1) if old else TREE, encoding="utf-8")
    return path


def line_of(text: str, within: str = TREE) -> int:
    """The line in which a text stands, from 1."""
    return within[: within.index(text)].count("\n") + 1
