"""Whether the results that a document prints follow from the inputs that it prints."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kb.model.aivss import PartialScore, Score, severity_of


@dataclass(frozen=True, slots=True)
class Claims:
    """The results that a document prints; absent is ``None``."""

    factor_sum: Decimal | None = None
    aars: Decimal | None = None
    aivss: Decimal | None = None
    severity: str | None = None


Verdict = Literal["hold", "differ", "unchecked"]


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """What recomputation says of a document's printed results."""

    verdict: Verdict | None
    """``None`` where nothing is claimed, ``unchecked`` where none differs but an input of one is missing."""
    faults: tuple[str, ...]
    """One sentence for each result that does not follow, with both figures."""


_TOLERANCES = {"factor_sum": Decimal(0), "aars": Decimal("0.005"), "aivss": Decimal("0.05")}
"""Half a unit of the last place that pages print: two decimals of AARS, one of AIVSS; the factor sum is exact."""


def check_claims(claims: Claims, computed: PartialScore | Score) -> ClaimCheck:
    """Whether the printed results follow from the printed inputs, within the precision of print.

    AARS and AIVSS are held against the unrounded values, so that a page that rounds a tie the other way passes. The printed
    severity has to be the band of the printed score, or of the computed one where none is printed.
    """
    pairs: list[tuple[str, Decimal | None, Decimal | None, Decimal | None]] = [
        ("factor_sum", claims.factor_sum, computed.factor_sum, computed.factor_sum),
        ("aars", claims.aars, computed.aars, computed.aars),
        ("aivss", claims.aivss, computed.raw, computed.aivss),
    ]
    faults, unchecked, claimed = [], False, claims.severity is not None
    for name, printed, exact, shown in pairs:
        if printed is None:
            continue
        claimed = True
        if exact is None:
            unchecked = True
        elif abs(printed - exact) > _TOLERANCES[name]:
            faults.append(f"{name} is printed as {printed}, its inputs give {shown:f}")
    band = computed.severity if claims.aivss is None else severity_of(claims.aivss)
    if claims.severity is not None and band is None:
        unchecked = True
    elif claims.severity is not None and band is not None and claims.severity.casefold() != band.casefold():
        faults.append(f"severity is printed as {claims.severity}, the score's band is {band}")
    return ClaimCheck(_verdict(claimed=claimed, differ=bool(faults), unchecked=unchecked), tuple(faults))


def _verdict(*, claimed: bool, differ: bool, unchecked: bool) -> Verdict | None:
    if not claimed:
        return None
    if differ:
        return "differ"
    return "unchecked" if unchecked else "hold"
