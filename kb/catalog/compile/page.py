"""The figures of ``docs/catalog.md``, between markers that name them."""


def renew(page: str, version: str) -> str:
    """``page`` with every generated part made anew."""
    return page
