"""Makes ``catalog.json`` and the figures of ``docs/catalog.md`` from the tables under ``sources/``.

Run by ``python -m kb.catalog.compile`` in a checkout; nothing at run time imports it.
"""
