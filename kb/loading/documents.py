"""Our own documents: YAML or JSON with ``kind: assessment``, several to a file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kb.errors import Fault, InputError, UsageError
from kb.loading.parsed import Figures, ParsedAssessment, ThreatClaim
from kb.loading.yaml_source import Document, Json, Place, read_documents, shown

if TYPE_CHECKING:
    from kb.loading.assessment_document import AivssPart, AssessmentDocument, ThreatPart

PARSER_VERSION = "1"
"""Rises with every change that reads a document differently, so that unchanged files are read again."""

KINDS = ("assessment", "system")
"""What ``kind`` may be; systems are recognised, but not loaded by this version."""


def parse_documents(data: bytes, path: str) -> list[ParsedAssessment]:
    """The assessments of a file in their order; a list at the top of a document is several documents.

    Raises :class:`~kb.errors.InputError` with every fault of the file, by line; then nothing of it counts.
    """
    parsed: list[ParsedAssessment] = []
    faults: list[Fault] = []
    found = False
    for document in read_documents(data, path):
        for place, value in _members(document):
            found = True
            reader = _Reader(path, document, place, faults)
            assessment = reader.read(value)
            if assessment is not None:
                parsed.append(assessment)
    if not found:
        faults.append(Fault(path, 0, "the file holds no document"))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.line))
    return parsed


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``kind: assessment``.

    It says what the shape is. What needs more than one look at the document (ids of the catalogue, entries given twice, a
    vector that contradicts its score) only the loader checks.
    """
    from kb.loading.assessment_document import AssessmentDocument, PublishedSchema

    schema = AssessmentDocument.model_json_schema(schema_generator=PublishedSchema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _members(document: Document) -> Iterator[tuple[Place, Json]]:
    if isinstance(document.value, list):
        yield from (((position,), value) for position, value in enumerate(document.value))
    else:
        yield (), document.value


_SUGGESTIONS = 100
"""Faults of a file for which the nearest word is looked up; that costs milliseconds each."""


class _Reader:
    """One document of a file on its way from plain data to a value; adds what is wrong to the file's faults."""

    def __init__(self, path: str, document: Document, place: Place, faults: list[Fault]) -> None:
        self.path, self.document, self.place, self.faults = path, document, place, faults

    def line(self, *place: str | int) -> int:
        return self.document.line_of((*self.place, *place))

    def fault(self, place: Sequence[str | int], sentence: str) -> None:
        self.faults.append(Fault(self.path, self.line(*place), sentence))

    def read(self, value: Json) -> ParsedAssessment | None:
        """The assessment that ``value`` is, unless something is wrong with it."""
        from pydantic import ValidationError

        from kb.loading.assessment_document import AssessmentDocument

        if not self._is_assessment(value):
            return None
        before = len(self.faults)
        try:
            assessment = AssessmentDocument.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                suggest = len(self.faults) < _SUGGESTIONS
                self.fault(detail["loc"], _sentence(detail, suggest=suggest))
            return None
        figures = self._figures(assessment.aivss)
        self._twice(assessment)
        return self._parsed(assessment, figures) if len(self.faults) == before else None

    def _is_assessment(self, value: Json) -> bool:
        from kb.loading.catalog_ids import nearest

        if not isinstance(value, dict):
            self.fault((), "a document is a mapping that begins with `kind: assessment`")
        elif "kind" not in value:
            self.fault((), "kind is missing; write `kind: assessment`")
        elif value["kind"] == "system":
            self.fault(("kind",), "this version loads no systems yet; the document is left out")
        elif value["kind"] != "assessment":
            near = nearest(str(value["kind"]), KINDS)
            remedy = f"did you mean {near!r}?" if near else f"expected one of {', '.join(KINDS)}"
            self.fault(("kind",), f"kind is {shown(value['kind'])}; {remedy}")
        else:
            return True
        return False

    def _figures(self, part: "AivssPart | None") -> Figures:
        """The figures as given; a vector without a base score gives it."""
        from kb.model.cvss_vector import base_score_of

        if part is None:
            return Figures()
        base = part.cvss_base
        if part.cvss_vector is not None:
            try:
                scored = base_score_of(part.cvss_vector)
            except UsageError as error:
                self.fault(("aivss", "cvss_vector"), f"aivss.cvss_vector: {error}")
            else:
                if base is not None and base != scored:
                    sentence = f"aivss.cvss_base is {base}, but the base score of cvss_vector is {scored}; remove the wrong one"
                    self.fault(("aivss", "cvss_base"), sentence)
                base = scored
        claimed = part.claimed
        return Figures(
            aivss_version=part.version,
            cvss_base=base,
            cvss_vector=part.cvss_vector,
            threat_multiplier=part.threat_multiplier,
            mitigation_factor=part.mitigation_factor,
            claimed_factor_sum=claimed.factor_sum if claimed else None,
            claimed_aars=claimed.aars if claimed else None,
            claimed_aivss=claimed.aivss if claimed else None,
            claimed_severity=claimed.severity if claimed else None,
        )

    def _twice(self, assessment: "AssessmentDocument") -> None:
        """Find entries that say one thing twice, or two things of one."""
        self._unique("layers", [layer.id for layer in assessment.layers or ()])
        self._unique("implements", [entry.mitigation for entry in assessment.implements or ()])
        self._unique("capabilities", [entry.capability for entry in assessment.capabilities or ()])
        first: dict[tuple[str, str | None], tuple[int, ThreatPart]] = {}
        seen: dict[tuple[str, str | None, str | None], int] = {}
        for position, threat in enumerate(assessment.threats or ()):
            what = f"{threat.threat} at {threat.layer}" if threat.layer else threat.threat
            other, earlier = first.setdefault((threat.threat, threat.layer), (position, threat))
            if (threat.polarity, threat.certainty) != (earlier.polarity, earlier.certainty):
                line = self.line("threats", other)
                self.fault(("threats", position), f"{what} stands in line {line} with another polarity or certainty")
            elif (same := seen.setdefault((threat.threat, threat.layer, threat.quote), position)) != position:
                self.fault(
                    ("threats", position), f"{what} for the second time; the first is in line {self.line('threats', same)}"
                )

    def _unique(self, key: str, ids: Sequence[str]) -> None:
        first: dict[str, int] = {}
        for position, node_id in enumerate(ids):
            earlier = first.setdefault(node_id, position)
            if earlier != position:
                self.fault((key, position), f"{node_id} for the second time; the first is in line {self.line(key, earlier)}")

    def _parsed(self, assessment: "AssessmentDocument", figures: Figures) -> ParsedAssessment:
        source, scores = assessment.source, assessment.scores
        factors: dict[str, Decimal] = {}
        if scores is not None:
            factors = {name: value for name, value in scores if value is not None}
        return ParsedAssessment(
            kind="assessment",
            form=None,
            series=f"assessment:{assessment.agent.id}",
            subject=assessment.agent.id,
            name=assessment.agent.name,
            title=source.title if source else None,
            url=source.url if source else None,
            as_of=source.as_of if source else None,
            line=self.line(),
            cut=False,
            factors=factors,
            figures=figures,
            layers={layer.id: layer.certainty for layer in assessment.layers or ()},
            threats=tuple(self._claim(position, threat) for position, threat in enumerate(assessment.threats or ())),
            capabilities={entry.capability: entry.score for entry in assessment.capabilities or ()},
            implements={entry.mitigation: entry.coverage for entry in assessment.implements or ()},
        )

    def _claim(self, position: int, threat: "ThreatPart") -> ThreatClaim:
        return ThreatClaim(
            threat=threat.threat,
            origin="declared" if threat.quote is None else "stated",
            layer=threat.layer,
            certainty=threat.certainty,
            polarity=threat.polarity,
            quote=threat.quote,
            line=self.line("threats", position),
        )


def _sentence(detail: Any, *, suggest: bool) -> str:
    """What is wrong and what to do, out of one of pydantic's error details."""
    from kb.loading.catalog_ids import unreadable

    place, kind, given = detail["loc"], detail["type"], detail["input"]
    where = _dotted(place)
    if kind == "missing":
        return f"{where} is missing"
    if kind == "extra_forbidden":
        return _unknown_key(place, suggest=suggest)
    if kind == "catalog_id":
        return f"{where} {unreadable(detail['ctx']['node_kind'], detail['ctx']['text'], suggest=suggest)}"
    if kind == "value_error":
        return f"{where} {detail['ctx']['error']}"
    if kind == "literal_error":
        return f"{where} is {shown(given)}, expected {detail['ctx']['expected']}"
    expected = {
        "string_type": "text; write it in quotes",
        "string_too_short": "text that is not empty",
        "model_type": "a mapping of keys and values",
        "tuple_type": "a list",
    }
    return f"{where} is {shown(given)}, expected {expected[kind]}"


def _unknown_key(place: Place, *, suggest: bool) -> str:
    from kb.loading.assessment_document import PARTS
    from kb.loading.catalog_ids import nearest
    from kb.model.aivss import factor_key

    *around, key = place
    names = list(PARTS[tuple(step for step in around if isinstance(step, str))].model_fields)
    near = nearest(str(key).lower(), names) if suggest else None
    if around == ["scores"]:
        near = factor_key(str(key)[:60]) or near
    remedy = f"did you mean {near!r}?" if near else f"the keys are {', '.join(names)}"
    return f"no key {shown(key)}{f' in {_dotted(around)}' if around else ''}; {remedy}"


def _dotted(place: Sequence[str | int]) -> str:
    """``threats[2].layer``: keys joined by points, list positions from 0."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
