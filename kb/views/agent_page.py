"""``kb show AGENT`` for reading: the score and why, the factors, the layers, the threats with the words that state them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from kb.model.aivss import DEFAULT_VERSION, departures
from kb.views.figures import FACTOR_LABELS, figure, formula
from kb.views.page import columns, indented, natural, quiet, section
from kb.views.score_page import factor_bars, flag_words, severity_style
from kb.views.style import CERTAINTY, CERTAINTY_MARK, CERTAINTY_WORD, HEADING, QUIET
from kb.views.table import drawn
from kb.views.terminal import Terminal, neutral
from kb.views.words import MAESTRO_LAYERS, NO_SCORE, plain, short_hash

Row = Mapping[str, Any]


def agent_page(profile: Row, terminal: Terminal) -> str:
    """The page of an agent's profile."""
    threats = profile["threats"]
    said = [row for row in threats if row["polarity"] != "denied" and row["origin"] != "inferred"]
    inferred = [row for row in threats if row["origin"] == "inferred" and row["id"] not in {row["id"] for row in said}]
    denied = [row for row in threats if row["polarity"] == "denied"]
    layers = {row["id"]: row for row in profile["layers"]}
    return drawn(
        terminal,
        _head(profile),
        _rationale(profile),
        _factors(profile["scores"]),
        section("Layers", *_layers(profile), note="MAESTRO"),
        section(
            "Threats",
            *_by_layer([row | _denied_in(row, denied) for row in said], layers),
            note=_threat_count(said, inferred, denied),
        ),
        section("Inferred threats", *_inferred(inferred), note="by rules, not certain, beside those above"),
        section("Ruled out", *_by_evidence(denied), note="a document says that these do not apply"),
        *_lists(profile),
        section("Documents", *_documents(profile)),
        section("Conflicts", *(Text(neutral(conflict)) for conflict in profile["conflicts"])),
    )


def _head(profile: Row) -> RenderableType:
    name = Text(neutral(str(profile["name"] or profile["id"])), style=HEADING.ansi)
    name.append(f"  {profile['id']}, {plain(profile['form'])}", style=f"not bold {QUIET.ansi}")
    return Group(name, _verdict(profile["scores"]), Text())


def _verdict(scores: Row) -> Text:
    """The score in the colour of its band, or why there is none."""
    if scores["aivss"] is not None:
        return Text(f"AIVSS {figure(scores['aivss'])} {scores['severity']}", style=severity_style(scores["severity"]))
    unknown = [words for name, words in _INPUT_WORDS.items() if scores[name] is None]
    return Text.assemble((NO_SCORE, HEADING.ansi), f": the documents give no {_listed(unknown, 'and no')}")


_INPUT_WORDS = {
    "factor_sum": "complete set of ten factors",
    "cvss_base": "CVSS base",
    "threat_multiplier": "threat multiplier",
    "mitigation_factor": "mitigation factor",
}


def _listed(words: Sequence[str], last: str) -> str:
    """``a``, ``a and no b``, ``a, no b and no c``."""
    return f" {last} ".join([", no ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _rationale(profile: Row) -> RenderableType:
    scores = profile["scores"]
    lines = [Text(line) for line in formula(scores, str(scores["version"] or DEFAULT_VERSION))]
    claimed = {name.replace("_", " "): value for name, value in scores["claimed"].items() if value is not None}
    if claimed:
        verdict = {"hold": "which follows", "differ": "which does not follow"}.get(scores["claims"], "unchecked")
        lines.append(quiet(f"printed: {', '.join(f'{name} {_shown(value)}' for name, value in claimed.items())}; {verdict}"))
    lines += [Text(neutral(fault)) for fault in scores["claim_faults"]]
    lines += [quiet(flag_words(flag, _departures(scores))) for flag in scores["flags"]]
    given = f"OWASP AIVSS v{scores['version'] or DEFAULT_VERSION}"
    return section("Score rationale", *lines, note=given if scores["version"] else f"{given}, as no document names a version")


def _departures(scores: Row) -> tuple[str, ...]:
    """Which of the inputs of a non-conformant score are."""
    factors = {name: value for name, value in {**scores["factors"], **scores["other_factors"]}.items() if value is not None}
    threat, mitigation = scores["threat_multiplier"], scores["mitigation_factor"]
    return departures(factors, threat, mitigation, scores["version"] or DEFAULT_VERSION)


def _factors(scores: Row) -> RenderableType:
    if all(value is None for value in (*scores["factors"].values(), *scores["other_factors"].values())):
        return section("Factors", Text("no document scores one"), note="OWASP AIVSS")
    note = f"OWASP AIVSS, each 0 to 1, sum {figure(scores['factor_sum'])}"
    version = scores["version"] or DEFAULT_VERSION
    others = [
        quiet(f"{FACTOR_LABELS[name]} {figure(value)} is given too, and is none of the ten that count in v{version}")
        for name, value in scores["other_factors"].items()
    ]
    return section("Factors", factor_bars(scores["factors"]), *others, note=note)


def _shown(value: Any) -> str:
    return figure(value) if isinstance(value, float) else str(value)


def _layers(profile: Row) -> list[RenderableType]:
    """The layers that documents speak of, and which of the others a document that is cut may have left out."""
    layers = profile["layers"]
    known = [columns((row["id"], plain(row["name"]), _certainty(row["certainty"], in_words=True)) for row in layers)]
    cut = sum(bool(document["cut"]) for document in profile["assessments"])
    absent = [layer for layer in MAESTRO_LAYERS if layer not in {row["id"] for row in layers}]
    which = "the document is" if cut == len(profile["assessments"]) == 1 else "a document is"
    gap = [Text(f"{', '.join(absent)} not reached: {which} cut before its end")] if cut and absent else []
    return [*(known if layers else []), *gap]


def _certainty(certainty: str | None, *, in_words: bool = False) -> Text:
    words = f" {CERTAINTY_WORD[certainty]}" if in_words else ""
    return Text(f"{CERTAINTY_MARK[certainty]}{words}", style=CERTAINTY[certainty].ansi)


def _threat_count(said: Sequence[Row], inferred: Sequence[Row], denied: Sequence[Row]) -> str:
    """How many different threats there are of each sort."""
    sorts = (("known from documents", said), ("inferred", inferred), ("ruled out", denied))
    return ", ".join(f"{len({row['id'] for row in rows})} {words}" for words, rows in sorts if rows)


def _denied_in(row: Row, denied: Iterable[Row]) -> dict[str, list[str]]:
    """``denied_in``: where a document rules out, for all layers or this one, what ``row`` states."""
    against = [one for one in denied if one["id"] == row["id"] and one["layer"] in (None, row["layer"])]
    return {"denied_in": list(dict.fromkeys(one["place"] or short_hash(one["assessment"]) for one in against))}


def _by_layer(rows: Iterable[Row], layers: Mapping[str, Row]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for layer, group in groupby(rows, key=lambda row: row["layer"]):
        known = layers.get(layer or "", {})
        head = Text("Summary" if layer is None else f"{layer} {known.get('name') or ''}".rstrip(), style="underline")
        parts += [head, *(indented(part, 2) for part in _by_evidence(group)), Text()]
    return parts[:-1]


def _by_evidence(rows: Iterable[Row]) -> list[RenderableType]:
    """Threats that the same words state, one line each, above those words and their place."""
    said: dict[tuple[tuple[str | None, str | None], ...], list[Row]] = {}
    for row in sorted(rows, key=lambda row: natural(row["id"])):
        said.setdefault(tuple((piece["quote"], piece["place"]) for piece in row["evidence"]), []).append(row)
    parts: list[RenderableType] = []
    for evidence, group in said.items():
        parts += [*map(_threat, group), *(indented(_evidence(quote, place), 4) for quote, place in evidence)]
    return parts


def _threat(row: Row) -> Text:
    notes = [row["layer"]] if row["polarity"] == "denied" and row["layer"] else []
    notes += ["mitigated"] * (row["polarity"] == "mitigated") + ["declared"] * (row["origin"] == "declared")
    notes += [f"via {plain(row['via'])}"] if row["via"] else []
    notes += [f"but ruled out by {neutral(place)}" for place in row.get("denied_in", ())]
    note = (f"  ({', '.join(notes)})" if notes else "", QUIET.ansi)
    return Text.assemble(_certainty(row["certainty"]), " ", (row["id"], HEADING.ansi), f" {neutral(plain(row['name']))}", note)


def _evidence(quote: str | None, place: str | None) -> Text:
    where = (neutral(place or ""), QUIET.ansi)
    return Text.assemble(f"“{neutral(quote)}” ", where) if quote else Text.assemble(where)


def _inferred(rows: Sequence[Row]) -> list[RenderableType]:
    """The ids that each rule inferred, on as few lines as they need."""
    by_rule: dict[str, set[str]] = {}
    for row in rows:
        by_rule.setdefault(str(row["rule"]), set()).add(row["id"])
    lines = [(f"{rule} ({len(ids)})", ", ".join(sorted(ids, key=natural))) for rule, ids in sorted(by_rule.items())]
    return [columns(lines)] if lines else []


def _lists(profile: Row) -> list[RenderableType]:
    """Capabilities, controls and wiring, where there are any."""
    titles = {
        "capabilities": "Capabilities",
        "implements": "Controls in place",
        "not_implemented": "Controls that cover nothing here",
        "trusts": "Trusts",
        "trusted_by": "Trusted by",
        "uses": "Uses",
        "based_on": "Based on",
        "deployed_as": "Deployed as",
        "member_of": "Member of",
    }
    lists = {**profile, "implements": [], "not_implemented": []}
    for row in profile["implements"]:
        lists["not_implemented" if row["coverage"] == 0 else "implements"].append(row)
    return [section(title, columns(map(_neighbour, lists[key]))) for key, title in titles.items() if lists[key]]


def _neighbour(row: Row) -> tuple[str, str, Text]:
    hidden = ("id", "name", "assessment", "places", "via", "truster", "trusted")
    facts = [
        f"{name.replace('_', ' ')} {plain(value)}" for name, value in row.items() if value is not None and name not in hidden
    ]
    facts += [f"via {plain(row['via'])}"] if row.get("via") else []
    ends = f"{row['truster']} → {row['trusted']}" if "truster" in row else row["id"]
    return ends, plain(row["name"]), quiet(", ".join(facts))


def _documents(profile: Row) -> list[RenderableType]:
    """Each document, or why there is none."""
    if profile["assessments"]:
        return [_document(row) for row in profile["assessments"]]
    if profile["form"] == "former":
        return [Text("only documents that others superseded speak of it")]
    return [Text("no document assesses it; it is only named as what others are based on")]


def _document(row: Row) -> RenderableType:
    """Address, day and hash of a document, and what is to be said of it."""
    kind = " ".join(filter(None, (row["kind"], row["form"] and f"({row['form']})")))
    head = Text(neutral(f"{row['title'] or row['path'] or row['id']}"))
    facts = [kind, row["as_of"] and f"as of {row['as_of']}", row["cut"] and "cut before its end", short_hash(row["id"])]
    lines = [quiet(" · ".join(filter(None, facts)))]
    lines += [quiet(place) for place in (row["url"], row["path"]) if place]
    lines += [Text(neutral(remark)) for remark in row["remarks"] or ()]
    return Group(head, *(indented(line, 2) for line in lines))
