"""The day that pages to hand over carry."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from kb.errors import UsageError


def today(environment: Mapping[str, str] = os.environ) -> str:
    """The day in UTC, ISO 8601; that of ``SOURCE_DATE_EPOCH`` where it is set, so that a build can be repeated."""
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}, expected seconds since 1970") from None
