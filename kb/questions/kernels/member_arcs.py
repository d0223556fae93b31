"""What compromise does at one agent: how it spreads within, what it sends out, and what arrives where somebody sends."""

from collections.abc import Iterable
from typing import NamedTuple

from kb.questions.kernels.exposure_graph import RELAY, Arc, Literal, Source, exposure
from kb.questions.kernels.members import Member
from kb.questions.kernels.tables import RELAYED, countered, effectiveness, tables

SPOKEN_FOR = "owasp:T9"
"""Somebody speaks in the agent's name: the one arrival that a proof of who speaks can stop."""


class Arrival(NamedTuple):
    """What hostile input over one class does at an agent."""

    arcs: tuple[Arc, ...]
    tells: bool
    """Whether a control there tells who speaks, so that it matters in whose name the input comes."""


def susceptibility(member: Member, threat: str) -> tuple[float, Source]:
    """How likely hostile input realises ``threat`` at ``member``, and how that came about."""
    faced = member.faced[threat]
    if faced.susceptibility is not None:
        return faced.susceptibility, Source("document", f"declared, {faced.source.text}")
    return tables().susceptibility(threat, member.scores)


def within(member: Member) -> list[Arc]:
    """From threat to threat inside ``member``, and from its threats to what it gives out."""
    agent, faced, arcs = member.id, member.faced, list[Arc]()
    stepped: set[str] = set()
    for threat in sorted(faced):
        for other in tables().leads_to.get(threat, ()):
            if other in faced:
                stepped.add(other)
                if other != threat:
                    arcs.append(Arc(exposure(agent, threat), ("stepping", agent, other)))
        arcs += _spoken(agent, threat)
    for threat in sorted(stepped):
        s, source = susceptibility(member, threat)
        literals = (Literal(("step", agent, threat), s, True, source), *_controls(member, {threat}))
        arcs.append(Arc(("stepping", agent, threat), exposure(agent, threat), literals))
    if member.without_model:
        arcs += (Arc(exposure(agent, RELAY), ("out", agent, "content", spoken)) for spoken in ("all", "own"))
    return arcs


def arrival(member: Member, name: str) -> Arrival:
    """What hostile input over class ``name`` does at ``member``."""
    agent, threats = member.id, tables().arrives_as.get(name, ())
    arrived, proving = ("arrived", agent, name), _controls(member, threats)
    plain = _controls(member, threats, proving=False)
    arcs = [Arc(("in", agent, name, "own"), arrived, plain)]
    if plain != proving:
        arcs.append(Arc(("in", agent, name, "named"), arrived, proving))
    for threat in threats:
        if threat in member.faced:
            s, source = susceptibility(member, threat)
            arcs.append(Arc(arrived, exposure(agent, threat), (Literal(("arrival", agent, name), s, True, source),)))
    if member.without_model and name in RELAYED:
        arcs.append(Arc(arrived, exposure(agent, RELAY)))
    return Arrival(tuple(arcs), plain != proving)


def _spoken(agent: str, threat: str) -> list[Arc]:
    """What whoever took ``agent`` by ``threat`` says in its name; all of it but impersonation in the agent's own."""
    whose = ("all",) if threat == SPOKEN_FOR else ("all", "own")
    return [
        Arc(exposure(agent, threat), ("out", agent, name, who))
        for name in sorted(tables().steered.get(threat, ()))
        for who in whose
    ]


def _controls(member: Member, threats: Iterable[str], *, proving: bool = True) -> tuple[Literal, ...]:
    """That no control in place at ``member`` which counters one of ``threats`` holds."""
    found = []
    for mitigation, (coverage, source) in sorted(member.controls.items()):
        if not proving and mitigation in tables().authenticates:
            continue
        if not countered().get(mitigation, {}).keys().isdisjoint(threats):
            held, why = effectiveness(mitigation)
            text = Source(why.basis, f"{why.text}, {source.text} {coverage:g}")
            found.append(Literal(("control", member.id, mitigation), held * coverage, False, text))
    return tuple(literal for literal in found if literal.p > 0)
