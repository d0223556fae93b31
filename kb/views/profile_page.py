"""The page of whatever ``kb show`` was asked for."""

from collections.abc import Mapping
from typing import Any

from kb.views.agent_page import agent_page
from kb.views.node_page import node_page
from kb.views.terminal import Terminal


def profile_page(profile: Mapping[str, Any], terminal: Terminal) -> str:
    """``profile`` for reading."""
    return agent_page(profile, terminal) if profile["kind"] == "Agent" else node_page(profile, terminal)
