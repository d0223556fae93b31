"""Answers as JSON: UTF-8 as it is read, keys in the order that the answer has them, the same bytes for the same answer."""

import json
from typing import Any

from kb.views.terminal import UNSAFE


def to_json(answer: Any) -> str:
    r"""``answer`` as indented JSON with a final line break.

    Characters that steer a terminal stand as ``\u001b`` and the like, so that a reader gets them back and a screen does not.
    Raises :class:`ValueError` for NaN and infinities, which JSON does not have.
    """
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2)
    return "\n".join(UNSAFE.sub(_escape, line) for line in text.split("\n")) + "\n"


def _escape(match: Any) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
