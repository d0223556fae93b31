"""The picture of a threat: who shares it, and whether a document says so, a product brings it, or a rule infers it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kb.engines.protocol import Engine
from kb.model.graph import Relation
from kb.questions.facing import Facing, Wanted
from kb.questions.naming import resolve
from kb.questions.pictures.agents import claim_lines
from kb.questions.pictures.composition import composed
from kb.questions.pictures.picture import Detail, Line, Link, Picture
from kb.questions.pictures.selection import Frame
from kb.questions.pictures.sketch import Said, Sketch, counted, listed, short
from kb.questions.pictures.wiring import TRUSTERS, trusters, wired_sketch

_SAYS = "a document says so"
_INHERITS = "its product brings it"
_INFERS = "a rule infers it"
_SURE = 1e6
"""What a better ground weighs more than any number of agents that trust."""


def picture_threat(
    engine: Engine,
    threat: str,
    *,
    system: str | None = None,
    loose: bool = False,
    command: str = "",
    frame: Frame | None = None,
) -> Picture:
    """Every agent (of ``system``) that faces ``threat`` or what maps to it closely; with ``loose`` whatever maps to it.

    An agent stands under the best ground that there is: a document, its product's documents, a rule.
    """
    wanted = Wanted.named(engine, resolve(engine, threat, ("Threat",))[1], Facing(), loose)
    home = resolve(engine, system, ("System",))[1] if system else None
    faces = engine.edges("FACES", target=wanted.threats)
    denied = engine.edges("RULES_OUT", target=wanted.threats)
    grounds, heirs = _grounds(engine, faces, denied)
    sentence = _sentence(wanted.threats[0], grounds, denied)
    if home is not None:
        inside = {relation.source for relation in engine.edges("MEMBER_OF", target=[home])}
        grounds = {agent: ground for agent, ground in grounds.items() if agent in inside}
        sentence = _sentence(wanted.threats[0], grounds, [relation for relation in denied if relation.source in inside])
        grounds |= {product: _SAYS for agent, product in heirs if grounds.get(agent) == _INHERITS}
    links = _links(wanted, faces, heirs, grounds)
    used = {link.source for link in links} | {wanted.threats[0]}
    sketches = _sketches(engine, wanted, _certainties(faces, heirs), grounds, used)
    said = Said(
        "threat",
        f"Who shares {wanted.threats[0]}{f' in {home}' if home else ''}?",
        sentence,
        command,
        _headings(sketches, grounds),
        TRUSTERS,
        assumptions=("a deployed agent has what documents say of its product, but for what it rules out itself",),
    )
    return composed(engine, said, sketches, links, frame or Frame())


def _grounds(
    engine: Engine, faces: Sequence[Relation], denied: Sequence[Relation]
) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Agent to the best ground on which it faces the threat, and (deployed agent, product) of those who inherit it."""
    said = {relation.source for relation in faces if relation.properties["origin"] != "inferred"}
    inferred = {relation.source for relation in faces} - said
    made = engine.expand(sorted(said), ["BASED_ON"], "in")
    silent = _silent(engine, {relation.source for relation in made})
    against = {relation.source for relation in denied} | silent
    heirs = {(r.source, r.target) for r in made if r.source not in against}
    grounds = dict.fromkeys(inferred, _INFERS) | {agent: _INHERITS for agent, _ in heirs} | dict.fromkeys(said, _SAYS)
    return grounds, heirs


def _silent(engine: Engine, agents: Iterable[str]) -> set[str]:
    """The agents of systems in which nothing is inherited."""
    homes = engine.expand(sorted(agents), ["MEMBER_OF"], "out")
    systems = engine.nodes("System", sorted({relation.target for relation in homes}))
    mute = {node.id for node in systems if node.properties.get("infer") is False}
    return {relation.source for relation in homes if relation.target in mute}


def _links(wanted: Wanted, faces: Sequence[Relation], heirs: set[tuple[str, str]], grounds: Mapping[str, str]) -> list[Link]:
    found: dict[tuple[str, str, str], list[Line]] = {}
    for relation in faces:
        origin = str(relation.properties["origin"])
        key = (relation.target, relation.source, origin)
        if relation.source in grounds and not (origin == "inferred" and grounds[relation.source] != _INFERS):
            found.setdefault(key, []).extend(claim_lines(relation))
    links = [
        Link(threat, agent, "FACES", origin, threats=(threat,), details=(Detail("Evidence", tuple(dict.fromkeys(lines))),))
        for (threat, agent, origin), lines in found.items()
    ]
    inherited = Line("made with it, and inherits what documents say of it")
    links += [
        Link(product, agent, "BASED_ON", "", details=(Detail("Evidence", (inherited,)),))
        for agent, product in sorted(heirs)
        if agent in grounds and product in grounds
    ]
    reached = {link.source for link in links}
    for threat, mappings in wanted.mappings.items():
        if threat in reached:
            lines = [Line(f"{one['from']} {one['predicate']} {one['to']}", ", ".join(one["sources"] or ())) for one in mappings]
            links.append(Link(wanted.threats[0], threat, "MAPS_TO", "", details=(Detail("Mapping", tuple(lines)),)))
    return sorted(links, key=lambda link: (link.source, link.target, link.kind, link.channel))


def _certainties(faces: Sequence[Relation], heirs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Agent to how certain documents are that it, or its product, faces the threat; the most certain counts."""
    told = [relation for relation in faces if relation.assessment and relation.properties.get("certainty")]
    said = {(str(relation.properties["certainty"]), relation.source) for relation in told}
    found = {agent: word for word, agent in sorted(said, reverse=True)}  # mapped overwrites uncertain
    return {agent: found[product] for agent, product in heirs if product in found} | found


def _sketches(
    engine: Engine, wanted: Wanted, certainties: Mapping[str, str], grounds: Mapping[str, str], used: set[str]
) -> list[Sketch]:
    mapped = [threat for threat in wanted.threats[1:] if threat in used]
    first = 2 if mapped else 1
    columns = {ground: first + number for number, ground in enumerate(_present(grounds))}
    deployed = [agent for agent in grounds if "/" in agent]
    trusted_by = trusters(engine, deployed, ())
    sketches = [Sketch(wanted.threats[0], "Threat", 0, "start", threats=(wanted.threats[0],))]
    sketches += [Sketch(threat, "Threat", 1, threats=(threat,), weight=float("inf")) for threat in mapped]
    for agent, ground in sorted(grounds.items()):
        sketch = wired_sketch(agent, columns[ground], trusted_by, details=(Detail("In this answer", (Line(ground),)),))
        weight = sketch.weight - _SURE * columns[ground]
        alike = "" if ground == _INFERS else agent  # those that documents speak of are named one by one
        sketches.append(replace(sketch, certainty=certainties.get(agent), weight=weight, apart=alike))
    return sketches


def _present(grounds: Mapping[str, str]) -> list[str]:
    return [ground for ground in (_SAYS, _INHERITS, _INFERS) if ground in grounds.values()]


def _headings(sketches: Sequence[Sketch], grounds: Mapping[str, str]) -> tuple[str, ...]:
    mapped = any(sketch.kind == "Threat" and sketch.column == 1 for sketch in sketches)
    return ("the threat", *(["the same in other catalogues"] if mapped else []), *_present(grounds))


def _sentence(threat: str, grounds: Mapping[str, str], denied: Sequence[Relation]) -> str:
    by = {ground: sorted(agent for agent, its in grounds.items() if its == ground) for ground in _present(grounds)}
    against = {relation.source for relation in denied} - grounds.keys()
    ruled = f"; {listed(sorted(map(short, against)))} {'rules' if len(against) == 1 else 'rule'} it out" if against else ""
    if not grounds:
        return f"Nobody is known to face {threat}{ruled}"
    words = [f"{len(by[_SAYS])} by documents ({listed(by[_SAYS])})"] if _SAYS in by else []
    words += (
        [f"{len(by[_INHERITS])} by those of their products ({listed(map(short, by[_INHERITS]))})"] if _INHERITS in by else []
    )
    words += [f"{len(by[_INFERS])} by rules alone"] if _INFERS in by else []
    return f"{counted(len(grounds), 'agent')}: {', '.join(words)}{ruled}"
