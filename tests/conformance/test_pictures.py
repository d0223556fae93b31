"""Pictures are the same whichever engine holds the base."""

from kb.engines.registry import open_engine
from kb.model.graph import Relation
from kb.questions.pictures.kinds import PICTURES, picture
from systems import DOCUMENT, faces, implements, member, trusts, write_system

RELATIONS = [
    *(faces(name, "owasp:T12", 0.5, certainty="uncertain") for name in ("planner", "payments", "ledger")),
    faces("browser", "llm2025:LLM01", 0.8),
    trusts("planner", "browser", 0.5),
    trusts("browser", "planner", 0.25, flow="backward"),
    trusts("payments", "planner", 1.0),
    trusts("ledger", "payments", 0.5, channel="tool-call", over="call"),
    implements("payments", "owasp:P1.1", coverage=0.5),
    Relation("USES", member("planner"), "memory:notes", {"access": "write", "places": ("x.yaml:3",)}, DOCUMENT),
    Relation("USES", member("ledger"), "memory:notes", {"access": "read"}, DOCUMENT),
]
MEMBERS = {"browser": {"entries": ("text",), "entry": True}, "ledger": {"criticality": 0.5}}
ASKED = {
    "cascade": {"agent": "browser", "budget": 1},
    "paths": {"fallen": "browser", "hit": ["ledger"]},
    "agent": {"agent": "planner", "depth": 2},
    "threat": {"threat": "T12"},
    "system": {},
    "plan": {"budget": 1, "samples": 256},
}


def test_every_picture_is_the_same_on_all_engines(engine, tmp_path):
    assert ASKED.keys() == PICTURES.keys()
    write_system(engine, RELATIONS, infer=True, members=MEMBERS)
    with open_engine(str(tmp_path / "other.db"), mode="write") as embedded:
        write_system(embedded, RELATIONS, infer=True, members=MEMBERS)
        for kind, how in ASKED.items():
            here, there = picture(engine, kind, **how), picture(embedded, kind, **how)
            assert here == there
            assert here.spots
