"""Ids: how they are made from names, and which forms people may type for short."""

import re
from hashlib import sha256
from unicodedata import combining, normalize

DOCUMENT_ID = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
"""The form of the ids that documents give; to be matched whole."""


def slugify(name: str) -> str:
    """The id made from ``name``: ASCII, lower case, words joined by ``-``.

    A name that loses a letter on the way ends in ``-`` and 8 hex digits of SHA-256 of its NFC form, so that two such names
    do not meet; one of which nothing is left is those digits alone, so that no id starts like an option.
    """
    folded = normalize("NFKC", name).casefold()
    decomposed = normalize("NFKD", folded)
    words, lost = [], False
    for run in re.findall(r"[^\W_]+", "".join(char for char in decomposed if not _is_mark(char))):
        ascii_run = run.encode("ascii", "ignore").decode()
        lost = lost or len(ascii_run) != len(run)
        if ascii_run:
            words.append(ascii_run)
    slug = "-".join(words)
    if lost or not slug:
        digest = sha256(normalize("NFC", name).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug}-{digest}" if slug else digest
    return slug


def _is_mark(char: str) -> bool:
    """Whether ``char`` is a combining mark: what Unicode decomposition splits off a letter."""
    return combining(char) != 0


def expand_short_id(text: str) -> tuple[str, ...]:
    """The full catalogue ids that the short form ``text`` may mean; none where it has no such form.

    ``T2`` is ``owasp:T2``; ``LLM01`` has two readings, one for each year, and so is refused by whoever asks.
    """
    upper = text.upper()
    if re.fullmatch(r"T\d{1,2}", upper):
        return (f"owasp:{upper}",)
    if re.fullmatch(r"LLM\d{2}", upper):
        return (f"llm2025:{upper}", f"llm2026:{upper}")
    if re.fullmatch(r"ASI\d{2}", upper):
        return (f"asi:{upper}",)
    if re.fullmatch(r"CR\d{2}", upper):
        return (f"aivss:{upper}",)
    if re.fullmatch(r"L[1-7]-\d{2}|XL-\d{2}", upper):
        return (f"maestro:{upper}",)
    if re.fullmatch(r"AML\.[A-Z]+\d{4}(\.\d{3})?", upper):
        return (f"atlas:{upper}",)
    if re.fullmatch(r"AID-[A-Z]+-\d{3}(\.\d{3})?", upper):
        return (f"aidefend:{upper}",)
    if re.fullmatch(r"P\d(\.\d{1,2}){0,2}", upper):
        return (f"owasp:{upper}",)
    if re.fullmatch(r"L[1-7]|XL", upper):
        return (upper,)
    return ()
