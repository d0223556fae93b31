"""CVSS v4.0 base scores from vectors, through the ``cvss`` package of Red Hat."""

from decimal import Decimal

from kb.errors import UsageError

_LONGEST = 500
"""A vector with all of its 32 metrics has some 200 characters; a longer one is not read."""


def base_score_of(vector: str) -> Decimal:
    """The CVSS v4.0 base score of ``vector``, 0.0–10.0: threat, environmental and supplemental metrics do not count.

    Raises :class:`~kb.errors.UsageError` for anything but a v4.0 vector: AIVSS v0.8 §3.1.1 and v0.5 take no other version.
    """
    from cvss import CVSS4
    from cvss.constants4 import METRICS_MANDATORY
    from cvss.exceptions import CVSS4Error

    shown = vector if len(vector) <= _LONGEST else f"{vector[:40]}…"
    if vector.startswith(("CVSS:3", "CVSS:2", "AV:")):
        raise UsageError(f"{shown!r} is no CVSS v4.0 vector; AIVSS needs v4.0, scores of older versions are no input for it")
    if len(vector) > _LONGEST:
        raise UsageError(f"{shown!r} is no CVSS v4.0 vector: {len(vector)} characters")
    try:
        metrics = CVSS4(vector).metrics
        base_only = "/".join(f"{name}:{metrics[name]}" for name in METRICS_MANDATORY)
        return Decimal(str(CVSS4(f"CVSS:4.0/{base_only}").base_score))
    except CVSS4Error as error:
        raise UsageError(f"{shown!r} is no CVSS v4.0 vector: {error}") from error
