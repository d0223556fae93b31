"""What every view of a picture says in the same words: figures, roles, how much is shown, and which chain matters most."""

from kb.questions.pictures.picture import Picture, Spot


def shows_probabilities(picture: Picture) -> bool:
    """Whether the sizes of ``picture`` are probabilities, not counts."""
    return picture.size_means.startswith("probability")


def role_word(spot: Spot, picture: Picture) -> str:
    """What stands above ``spot``: ``falls first``, ``start``, ``goal``; empty where its column says enough, as for most."""
    if spot.kind != "Agent" or picture.kind not in ("cascade", "plan", "paths"):
        return ""
    return "falls first" if spot.role == "start" and picture.kind != "paths" else spot.role


def short_figure(size: float | None, picture: Picture) -> str:
    """``size`` as it fits into a spot: ``0.94``, ``0.004``, ``12``; ``?`` where it is unknown."""
    if size is None:
        return "?"
    if not shows_probabilities(picture):
        return f"{size:.4g}"
    return f"{size:.2f}" if size >= 0.01 or size <= 0 else f"{size:.1g}"


def figure_in(spot: Spot, picture: Picture) -> str:
    """The figure of ``spot``: of agents that may fall ``?`` where it is unknown; empty for what has none by its nature."""
    if shows_probabilities(picture):
        return (
            short_figure(spot.size, picture) if spot.kind == "Agent" and (spot.role != "start" or spot.size is not None) else ""
        )
    return "" if spot.size is None else short_figure(spot.size, picture)


def changed(spot: Spot, picture: Picture) -> str:
    """``0.94 → 0.31`` where the last state of ``picture`` changes the figure of ``spot``; else empty."""
    if not picture.states or spot.id not in picture.states[-1].sizes:
        return ""
    before, after = short_figure(spot.size, picture), short_figure(picture.states[-1].sizes[spot.id][0], picture)
    return f"{before} → {after}" if before != after and figure_in(spot, picture) else ""


def put_in_place(spot: Spot, picture: Picture) -> tuple[str, ...]:
    """The controls that are in place at ``spot`` in the last state of ``picture``, and in the first are not."""
    return picture.states[-1].placed.get(spot.id, ()) if picture.states else ()


def controls_words(spot: Spot, picture: Picture) -> str:
    """``+2 controls``: how many are put in place at ``spot``; empty where none is."""
    count = len(put_in_place(spot, picture))
    return f"+{count} control{'' if count == 1 else 's'}" if count else ""


def severed(picture: Picture) -> frozenset[int]:
    """Indices of the links that the last state of ``picture`` lacks."""
    return frozenset(picture.states[-1].gone if picture.states else ())


def how_many(picture: Picture) -> str:
    """``showing 80 of 4,312 agents, --max-nodes 400 shows more``; ``5 agents, all shown``."""
    if picture.shown >= picture.total:
        return f"{picture.total:,} agent{'' if picture.total == 1 else 's'}, all shown"
    more = f"; more with {picture.more}" if picture.more else ""
    return f"showing {picture.shown:,} of {picture.total:,} agents{more}"


def short_base(base: str) -> str:
    """As much of the fingerprint of a base as people compare: 12 digits."""
    return base.rpartition(":")[2][:12]


def assumed(picture: Picture) -> str:
    """``14 assumptions``; empty where there are none."""
    count = len(picture.assumptions)
    return f"{count} assumption{'' if count == 1 else 's'}" if count else ""


def leading_chain(picture: Picture) -> int | None:
    """The index of the most likely chain to the most probable agent; where sizes say something else, of the most likely chain.

    Of equals it is the first.
    """
    reached = [spot for spot in picture.spots if spot.chain is not None and spot.role != "start" and spot.kind == "Agent"]
    if reached and shows_probabilities(picture):
        return max(reached, key=lambda spot: -1.0 if spot.size is None else spot.size).chain
    return max(range(len(picture.chains)), key=lambda index: picture.chains[index].probability, default=None)
