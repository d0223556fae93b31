"""Engines hold the graph; :mod:`kb.engines.protocol` says what each can do, :mod:`kb.engines.registry` which there are."""
