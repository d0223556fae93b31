"""``kb ask``: every question of the table is a command."""

import json

from kb.questions import ANALYSES, QUESTIONS
from kb.views.words import with_evidence


def test_the_group_lists_every_question(loaded):
    listed = [line.split()[0] for line in loaded("ask", "--list").out.splitlines()[1:]]
    assert listed == [name.replace("_", "-") for name in (*QUESTIONS, *ANALYSES)]


def test_shared_threats_as_a_table(loaded):
    assert loaded("ask", "shared-threats").out == (
        "threat    name                                 count  agents\n"
        "owasp:T2  Tool Misuse                              2  harbor, lantern\n"
        "owasp:T6  Intent Breaking & Goal Manipulation      2  harbor, lantern\n"
    )


def test_shared_threats_as_json(loaded, snapshot):
    snapshot("ask_shared_threats_json", loaded("ask", "shared-threats", "--threat", "asi:ASI02", "-f", "json").out)


def test_shared_threats_as_csv(loaded):
    assert loaded("ask", "shared-threats", "--min-agents", "2", "-f", "csv").out == (
        "threat,name,count,agents\n"
        "owasp:T2,Tool Misuse,2,harbor; lantern\n"
        "owasp:T6,Intent Breaking & Goal Manipulation,2,harbor; lantern\n"
    )


def test_a_limit_of_none_says_how_many_rows_there_are(loaded):
    assert loaded("ask", "shared-threats", "--limit", "0").out == "0 of 2 rows\n"


def test_a_limit_of_the_heatmap_leaves_each_line_whole(loaded):
    whole, cut = (loaded("ask", "layer-heatmap", *words).out.splitlines() for words in ((), ("--limit", "1")))
    assert cut[1].split() == whole[1].split()
    assert len(whole) - len(cut) == 1


def test_a_limit_cuts_and_says_so(loaded):
    done = loaded("ask", "shared-threats", "--limit", "1", "-f", "json")
    answer = json.loads(done.out)
    assert (len(answer["rows"]), answer["complete"], answer["truncated_by"]) == (1, False, "limit 1 of 2 rows")
    assert done.err.splitlines()[0] == "cut: limit 1 of 2 rows"


def test_an_empty_answer_says_so(loaded):
    assert loaded("ask", "claims-check").out == "no rows\n"


def test_words_of_a_closed_list_may_be_repeated(loaded):
    done = loaded("ask", "threats-of", "harbor", "--origin", "stated", "--origin", "declared", "-f", "json")
    assert json.loads(done.out)["params"]["origin"] == ["stated", "declared"]


def test_a_word_outside_its_list_is_refused_with_the_list(loaded):
    done = loaded("ask", "threats-of", "harbor", "--origin", "guessed")
    assert (done.code, done.err) == (2, "error: origin is 'guessed', expected stated, declared, inferred or any\n")


def test_the_quotes_of_one_row_are_told_apart_and_its_places_said_once():
    row = {"threat": "owasp:T2", "quotes": ["one, two", "three"], "places": ["a.txt:3", "a.txt:3"]}
    assert with_evidence(row) == {"threat": "owasp:T2", "quotes": ["“one, two” | “three”"], "places": ["a.txt:3"]}
    assert with_evidence({"threat": "owasp:T2"}) == {"threat": "owasp:T2"}
