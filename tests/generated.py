"""Systems of any size, the same for the same numbers: teams under leaders, servers without a model, shared memories."""

from random import Random

TEAM = 6
"""Agents that report to one leader."""
PRODUCTS = ("codegen", "qwen3-coder", "langgraph", "autogen", "ag2", "openhands", "smolagents-ai-agent", "ai-email-assistant")
SERVERS = ("docker", "dbhub", "filesystem-reference", "milvus")
_PASSED_ON = ("handoff", "message", "sequence", "artifact")


def system_of(agents: int, seed: int = 0, name: str = "generated") -> str:
    """The document of a system of ``agents``, each made with an agent of ``seeds/assessments``."""
    random = Random(seed)
    lines = ["kind: system", f"id: {name}", "agents:", *(f"  - {{{_agent(random, number)}}}" for number in range(agents))]
    lines += ["integrations:", *(f"  - {{{wiring}}}" for wiring in _wirings(random, agents)), "resources:"]
    for team in range(0, agents, TEAM):
        members = [f"a{number}" for number in range(team, min(team + TEAM, agents))]
        lines.append(f"  - {{id: team-{team // TEAM}, kind: memory, readers: [{members[0]}], writers: [{', '.join(members)}]}}")
    return "\n".join(lines) + "\n"


def _agent(random: Random, number: int) -> str:
    criticality = random.randint(1, 10) / 10
    if _is_server(number):
        lacks = 'capabilities: [{capability: "cap:language-model", score: 0}]'
        return f"id: a{number}, based_on: {random.choice(SERVERS)}, criticality: {criticality}, {lacks}"
    entry = ", entry: true" if random.random() < 0.1 else ""
    controls = ", implements: [owasp:P6.3]" if random.random() < 0.2 else ""
    return f"id: a{number}, based_on: {random.choice(PRODUCTS)}, criticality: {criticality}{entry}{controls}"


def _is_server(number: int) -> bool:
    return number % TEAM == TEAM - 1


def _wirings(random: Random, agents: int) -> list[str]:
    """Leader to member, member to its team's server, leader to leader, and one more wiring for every third agent."""
    pairs: dict[tuple[int, int], str] = {}
    for number in range(agents):
        leader = number - number % TEAM
        if number == leader and number:
            pairs[random.randrange(0, number, TEAM), number] = "supervision"
        elif number != leader:
            pairs[leader, number] = "tool-call" if _is_server(number) else "delegation"
    for number in range(0, agents, 3):
        other = random.randrange(agents)
        if other != number and not _is_server(number) and not _is_server(other):
            pairs.setdefault((number, other), random.choice(_PASSED_ON))
    return [f"from: a{one}, to: a{other}, channel: {channel}" for (one, other), channel in sorted(pairs.items())]
