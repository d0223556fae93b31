"""Documents of ``kind: assessment``: what we know of one agent."""

from decimal import Decimal
from typing import TYPE_CHECKING

from kb.errors import UsageError
from kb.loading.document_reader import DocumentReader
from kb.loading.parsed import Figures, ParsedAssessment, ThreatClaim
from kb.loading.yaml_source import Json

if TYPE_CHECKING:
    from kb.loading.assessment_document import AivssPart, AssessmentDocument, ThreatPart


class AssessmentReader(DocumentReader):
    """Reads one assessment."""

    def read(self, value: Json) -> ParsedAssessment | None:
        """The assessment that ``value`` is, unless something is wrong with it."""
        from kb.loading.assessment_document import PARTS, AssessmentDocument

        before = len(self.faults)
        assessment = self.shaped(value, AssessmentDocument, PARTS)
        if assessment is None:
            return None
        figures = self._figures(assessment.aivss)
        self._twice(assessment)
        return self._parsed(assessment, figures) if len(self.faults) == before else None

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
        self.unique(["layers"], [layer.id for layer in assessment.layers or ()])
        self.unique(["implements"], [entry.mitigation for entry in assessment.implements or ()])
        self.unique(["capabilities"], [entry.capability for entry in assessment.capabilities or ()])
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
