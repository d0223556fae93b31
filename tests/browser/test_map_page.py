"""The interactive map as a person uses it: pointer, keyboard, narrow screen, dark, print, and no script at all."""

import base64
import json
import re

import pytest
from selenium.webdriver.common.keys import Keys

READER, PLANNER, PAYMENTS = "Leser für Größen", "計画エージェント", "سارة الوكيل"
ROUTE = f"{READER} ⇒ {PLANNER} ⇒ {PAYMENTS}"
CHAINS = {
    f"{READER} ⇒ {PLANNER}": "0.5 × 0.5 × 0.6 = 0.15",
    ROUTE: "0.5 × 0.5 × 0.6 × 1 × 0.5 = 0.075",
}
"""Each chain of the desk with its arithmetic, which docs/cascade.md works by hand."""

CANVAS = "document.querySelector('#canvas canvas')"
VISIBLE = "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)].filter(row => !row.hidden).map(row => row.id)"
CELLS = """
const rows = [...document.querySelectorAll(`#${arguments[0]} tbody tr`)];
return rows.map(row => [...row.cells].slice(0, arguments[1]).map(cell => cell.textContent));
"""
CHOOSE = """
const field = document.getElementById(arguments[0]);
field.value = arguments[1];
field.dispatchEvent(new Event("input", {bubbles: true}));
"""


@pytest.fixture
def cascade(browser, desk, drawn):
    """The map of what falls with the reader of the desk."""
    browser.open(drawn(desk, "map", "--cascade", "reader"))
    return browser


@pytest.fixture
def wide(browser, worked, drawn):
    """The map of what falls in a worked system where strangers write, as a page and as a value."""
    words = ("map", "--cascade", "outside", "--system", "ticket-to-merge")
    browser.open(drawn(worked, *words))
    browser.picture = json.loads(drawn(worked, *words, "-f", "json", ending="json").read_text(encoding="utf-8"))
    return browser


@pytest.fixture
def plan(browser, desk, drawn):
    """The map of the best thing to do for the desk if the reader falls."""
    browser.open(drawn(desk, "map", "--plan", "--budget", "1", "--system", "desk", "--from", "reader"))
    return browser


def spot(page, agent: str) -> int:
    """The index of the spot of an agent of the desk."""
    return page.run("return data.spots.findIndex(spot => spot.id === arguments[0])", f"desk/{agent}")


def link(page, source: str, target: str, channel: str = "message") -> int:
    """The index of the relation over which compromise goes from one agent of the desk to another."""
    ends = [spot(page, source), spot(page, target), channel]
    found = "link => link.source === arguments[0] && link.target === arguments[1] && link.channel === arguments[2]"
    return page.run(f"return data.links.findIndex({found})", *ends)


def middle_of(page, index: int) -> tuple[float, float]:
    """Where in the window a spot is: its button lies on it."""
    box = "const {x, y, width, height} = document.getElementById(`spot-${arguments[0]}`).getBoundingClientRect();"
    return tuple(page.run(f"{box} return [x + width / 2, y + height / 2]", index))


def look(page) -> str:
    """The drawn picture, pixel by pixel."""
    page.settle()
    return page.run(f"return {CANVAS}.toDataURL()")


def rows(page, table: str) -> list[str]:
    """The ids of the rows that a table shows."""
    return page.run(VISIBLE, table)


def test_the_page_states_the_question_the_answer_and_where_they_come_from(cascade):
    assert cascade.texts("#question") == ["If desk/reader falls, who falls next?"]
    assert cascade.run("return document.title") == "If desk/reader falls, who falls next?"
    assert cascade.texts("#answer") == ["If desk/reader falls: both other agents can fall; most likely planner, 15\u202f%"]
    assert cascade.texts("#command") == ["kb map --cascade reader"]


def test_nothing_in_the_page_points_anywhere_else(cascade):
    addresses = "[...document.querySelectorAll('[src], [href], [action], [data], [srcset], [ping]')]"
    assert cascade.run(f"return {addresses}.filter(each => !(each.getAttribute('href') ?? '').startsWith('#')).length") == 0
    assert cascade.run("return performance.getEntriesByType('resource').length") == 0


def test_a_click_on_an_agent_tells_how_it_is_reached(cascade):
    index = spot(cascade, "payments")
    cascade.click_at(*middle_of(cascade, index))
    assert cascade.run("return document.body.dataset.open") == f"spot-{index}"
    assert cascade.texts("#panel-title") == [PAYMENTS]
    assert cascade.texts("#panel-body > .id") == ["desk/payments"]
    assert cascade.texts("#panel-body .product") == [CHAINS[ROUTE]]
    assert cascade.texts("#panel-body .arithmetic li") == [
        "0.5 strength, reader ⇒ planner\ndocument: desk.yaml:17",
        "0.5 control fails, reader ⇒ planner\nowasp:P1.1, tactic: proactive (assumed), whole coverage 1",
        "0.6 susceptibility, reader ⇒ planner\nowasp:T6, document: declared, desk.yaml:11",
        "1 strength, planner ⇒ payments\ndocument: desk.yaml:18",
        "0.5 susceptibility, planner ⇒ payments\nowasp:T6, document: declared, desk.yaml:15",
    ]


def test_a_click_on_a_relation_tells_of_it(cascade):
    one, other = (middle_of(cascade, spot(cascade, agent)) for agent in ("reader", "planner"))
    cascade.click_at((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    assert cascade.run("return document.body.dataset.open") == f"relation-{link(cascade, 'reader', 'planner')}"
    assert cascade.texts("#panel-title") == [f"{READER} ⇒ {PLANNER}"]


def test_a_click_beside_everything_closes_the_panel(cascade):
    cascade.click_at(*middle_of(cascade, spot(cascade, "planner")))
    assert cascade.texts("#panel-title") == [PLANNER]
    x, y = cascade.run("const {x, y} = document.getElementById('canvas').getBoundingClientRect(); return [x, y]")
    cascade.click_at(x + 4, y + 4)
    assert cascade.texts("#panel-title") == []
    assert cascade.run("return document.body.dataset.open") == ""


def test_a_press_on_a_chain_highlights_it_and_a_second_press_ends_that(cascade):
    before = look(cascade)
    assert cascade.texts("#chains .pick") == list(CHAINS)
    cascade.click("#chain-0 .pick")
    assert cascade.run("return document.body.dataset.chain") == "0"
    assert cascade.run("return [...highlighted.spots]") == [spot(cascade, "reader"), spot(cascade, "planner")]
    assert cascade.run("return [...highlighted.links]") == [link(cascade, "reader", "planner")]
    assert look(cascade) != before
    cascade.click("#chain-0 .pick")
    assert cascade.run("return document.body.dataset.chain") == ""
    assert look(cascade) == before


def test_each_chain_shows_its_arithmetic(cascade):
    for index, product in enumerate(CHAINS.values()):
        cascade.click(f"#chain-{index} .arithmetic summary")
        assert cascade.texts(f"#chain-{index} .product") == [product]


@pytest.mark.parametrize(
    ("typed", "found"), [("grossen", READER), ("GRÖẞEN", READER), ("計画", PLANNER), ("سارة", PAYMENTS), ("desk/pay", PAYMENTS)]
)
def test_the_search_finds_agents_by_name_and_id_whatever_their_accents(cascade, typed, found):
    cascade.press("/")
    cascade.press(typed)
    assert [text.split(" desk/")[0] for text in cascade.texts("#search-results li")] == [found]
    cascade.press(Keys.ENTER)
    assert cascade.texts("#panel-title") == [found]
    assert cascade.texts("#search-results li") == []


def test_each_filter_leaves_what_it_says(wide):
    picture, shown = wide.picture, 0
    indices = {each["id"]: index for index, each in enumerate(picture["spots"])}
    for name in ("layer", "threat", "severity", "channel"):
        values = wide.run(f"return [...document.querySelectorAll('#filter-{name} option')].map(option => option.value)") or []
        for value in filter(None, values):
            wide.run(CHOOSE, f"filter-{name}", value)
            spots, links = passing(picture, indices, name, value)
            assert rows(wide, "agents") == [f"agent-{index}" for index in spots], (name, value)
            assert rows(wide, "relations") == [f"relation-{index}" for index in links], (name, value)
            disabled = wide.run("return [...document.querySelectorAll('#spots button:not([disabled])')].map(each => each.id)")
            assert disabled == [f"spot-{index}" for index in spots], (name, value)
            shown += 1
        wide.run("document.getElementById('filter-reset').click()")
    assert shown > 20
    assert rows(wide, "agents") == [f"agent-{index}" for index in range(len(picture["spots"]))]


def passing(picture, indices, name, value):
    """Indices of the spots and links that pass: a link by itself and its ends; for a channel, a spot by one of its links."""
    spots, links = picture["spots"], picture["links"]
    if name == "channel":
        chosen = [index for index, each in enumerate(links) if (each["channel"] or each["kind"]) == value]
        ends = {indices[links[index][end]] for index in chosen for end in ("source", "target")}
        return sorted(ends), chosen
    if name == "severity":
        fit = {index for index, each in enumerate(spots) if (each["severity"] or "unknown") == value}
    else:
        fit = {index for index, each in enumerate(spots) if value in each[f"{name}s"]}
    own = [index for index, each in enumerate(links) if name == "severity" or value in (each[f"{name}s"] or [value])]
    return sorted(fit), [index for index in own if {indices[links[index]["source"]], indices[links[index]["target"]]} <= fit]


def test_the_least_probability_leaves_who_is_known_to_reach_it(cascade):
    cascade.run(CHOOSE, "filter-probability", "0.1")
    reached = [spot(cascade, agent) for agent in ("reader", "planner")]
    assert rows(cascade, "agents") == [f"agent-{index}" for index in reached]
    assert rows(cascade, "relations") == [f"relation-{link(cascade, 'reader', 'planner')}"]


def test_the_filters_open_and_close_by_hand(wide):
    assert wide.texts("#filter-layer") == []
    wide.click("#filters summary")
    assert len(wide.texts("#filter-layer")) == 1
    wide.click("#filters summary")
    assert wide.texts("#filter-layer") == []


def test_the_tables_say_what_the_picture_shows(wide):
    picture = wide.picture
    labels = {each["id"]: each["label"] for each in picture["spots"]}
    assert wide.run(CELLS, "agents", 2) == [[label, agent] for agent, label in labels.items()]
    ends = [[labels[each["source"]], labels[each["target"]]] for each in picture["links"]]
    assert wide.run(CELLS, "relations", 2) == ends


def test_a_press_on_a_heading_sorts_and_a_second_one_turns_the_order(wide):
    sizes = [each["size"] for each in wide.picture["spots"]]
    ranked = sorted(range(len(sizes)), key=lambda index: -1.0 if sizes[index] is None else sizes[index])
    heading = "[...document.querySelectorAll('#agents th')].find(each => each.textContent.includes('probability'))"
    for turn, order in (("ascending", ranked), ("descending", ranked[::-1])):
        wide.run(f"{heading}.querySelector('button').click()")
        assert wide.run(f"return {heading}.getAttribute('aria-sort')") == turn
        shown = [sizes[int(row.removeprefix("agent-"))] for row in rows(wide, "agents")]
        assert shown == [sizes[index] for index in order]


def test_names_of_every_script_stand_in_picture_tables_and_panel(cascade):
    for agent, name in (("reader", READER), ("planner", PLANNER), ("payments", PAYMENTS)):
        index = spot(cascade, agent)
        assert cascade.texts(f"#agent-{index} th") == [name]
        assert cascade.run("return data.spots[arguments[0]].lines.join(' ')", index).replace(" ", "") == name.replace(" ", "")
        assert cascade.run(f"return document.getElementById('spot-{index}').getAttribute('aria-label')").startswith(name)


def test_a_switch_shows_what_the_planned_control_does(plan):
    assert plan.run("return document.body.dataset.state") == "0"
    before, picture = plan.texts("#ranking .figure"), look(plan)
    plan.driver.find_elements("css selector", "#state label")[1].click()
    assert plan.run("return document.body.dataset.state") == "1"
    after = plan.texts("#ranking .figure")
    assert [float(figure) for figure in before] == sorted(map(float, before), reverse=True)
    assert sum(map(float, after)) < sum(map(float, before))
    assert look(plan) != picture
    plan.driver.find_elements("css selector", "#state label")[0].click()
    assert plan.texts("#ranking .figure") == before
    assert look(plan) == picture


def test_dark_is_what_the_screen_asks_for_or_the_switch(browser, desk, drawn):
    page = drawn(desk, "map", "--cascade", "reader")
    paper = "return getComputedStyle(document.body).backgroundColor"
    browser.open(page)
    light = browser.run(paper)
    browser.click("#theme")
    assert browser.run("return document.documentElement.dataset.theme") == "dark"
    dark = browser.run(paper)
    browser.open(page, dark=True)
    assert browser.run(paper) == dark != light
    browser.click("#theme")
    assert browser.run(paper) == light


def test_a_keyboard_is_enough(cascade):
    focused = "return document.activeElement.id || document.activeElement.className"
    cascade.press(Keys.TAB)
    assert cascade.run(focused) == "skip"
    cascade.press(Keys.TAB)
    assert cascade.run(focused) == "search"
    seen = []
    for _ in range(8):
        cascade.press(Keys.TAB)
        seen.append(cascade.run(focused))
        if seen[-1].startswith("spot-"):
            break
    assert seen[-1] == f"spot-{spot(cascade, 'reader')}"
    cascade.press(Keys.ARROW_RIGHT)
    assert cascade.run(focused) == f"spot-{spot(cascade, 'planner')}"
    cascade.press(Keys.ARROW_RIGHT)
    cascade.press(Keys.ENTER)
    assert cascade.texts("#panel-title") == [PAYMENTS]
    assert cascade.run(focused) == "panel"
    cascade.press(Keys.ESCAPE)
    assert cascade.texts("#panel-title") == []
    assert cascade.run(focused) == f"spot-{spot(cascade, 'payments')}"


def test_zoom_enlarges_and_shows_the_whole_again(cascade):
    whole = look(cascade)
    cascade.click("#zoom-in")
    cascade.run("return new Promise(done => setTimeout(done, 300))")
    assert look(cascade) != whole
    cascade.click("#zoom-fit")
    assert look(cascade) == whole


@pytest.mark.parametrize("words", [("--cascade", "outside"), ("--plan",), ()], ids=["cascade", "plan", "system"])
def test_nothing_has_to_be_scrolled_sideways_on_a_phone(browser, worked, drawn, words):
    browser.open(drawn(worked, "map", *words, "--system", "ticket-to-merge"), 390, 844)
    assert browser.run("return document.documentElement.scrollWidth") == 390


def test_a_hostile_name_does_not_make_a_phone_scroll_sideways(browser, crowd, drawn):
    browser.open(drawn(crowd, "map", "--system", "second-crew"), 390, 844)
    assert browser.run("return document.documentElement.scrollWidth") == 390


def test_it_prints(cascade):
    printed = base64.b64decode(cascade.command("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF-")
    cascade.medium("print", dark=True)
    assert cascade.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert cascade.texts("#search") == cascade.texts("#zoom") == []
    assert cascade.texts("#question") == ["If desk/reader falls, who falls next?"]
    assert len(cascade.texts("#agents tbody tr")) == 3


def test_its_policy_lets_nothing_else_run_or_be_fetched(cascade):
    cascade.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'pwned = 1'}))")
    cascade.run("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x'}))")
    cascade.settle()
    refused = [re.findall("(script|img)-src", complaint)[0] for complaint in cascade.complaints()]
    assert refused == ["script", "img"]
    assert cascade.requests()[1:] == ["https://elsewhere.example/x"]  # what is asked for and refused is listed too


def test_without_scripts_the_tables_and_chains_say_it_all(browser, desk, drawn):
    page = drawn(desk, "map", "--cascade", "reader")
    browser.open(page, scripts=False)
    assert browser.texts("#controls") == browser.texts("#map") == []
    assert [re.split(r" desk/", text)[0] for text in browser.texts("#agents tbody tr")] == [READER, PLANNER, PAYMENTS]
    assert browser.texts("#chains .pick") == list(CHAINS)
    assert len(browser.texts("#relations tbody tr")) == 3
