"""The fingerprint of a base: the same on every engine that holds the same documents under the same catalogue."""

import json
from collections.abc import Iterable
from hashlib import sha256


def fingerprint(schema_version: int, catalog_version: str, assessments: Iterable[tuple[str, str]]) -> str:
    """64 hex digits: SHA-256 over the UTF-8 bytes of ``[schema_version,catalog_version,[[id,parser],…]]`` as JSON.

    The JSON holds no spaces and no escapes beyond those that JSON demands. ``assessments`` are the (id, parser) pairs of the
    Assessments in force, in any order: they are sorted by code point here.
    """
    document = [schema_version, catalog_version, sorted(assessments)]
    return sha256(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
