"""The report as it is handed over: opened from a file, on a phone, and printed."""

import base64
import re

import pytest

WORDS = ("report", "--system", "ticket-to-merge")


@pytest.fixture
def report(browser, worked, drawn):
    """The report on a worked system."""
    browser.open(drawn(worked, *WORDS))
    return browser


def test_it_opens_and_leads_to_each_of_its_sections(report):
    assert report.texts("h1") == ["Threat report: Ticket to merge"]
    targets = report.run("return [...document.querySelectorAll('nav a, a[href]')].map(link => link.getAttribute('href'))")
    inside = [target for target in targets if target.startswith("#")]
    assert inside
    assert report.run("return arguments[0].filter(target => document.querySelectorAll(target).length !== 1)", inside) == []


def test_it_runs_nothing_and_asks_for_nothing(report):
    assert report.run("return document.scripts.length") == 0
    assert report.run("return performance.getEntriesByType('resource').length") == 0


def test_its_policy_lets_nothing_run_or_be_fetched(report):
    report.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'pwned = 1'}))")
    report.run("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x'}))")
    report.settle()
    refused = [re.findall("(script|img|default)-src", complaint)[0] for complaint in report.complaints()]
    assert len(refused) == 2
    report.requests()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_has_to_be_scrolled_sideways_on_a_phone(browser, worked, drawn, dark):
    browser.open(drawn(worked, *WORDS), 390, 844, dark=dark)
    assert browser.run("return document.documentElement.scrollWidth") == 390


def test_a_hostile_name_does_not_make_a_phone_scroll_sideways(browser, crowd, drawn):
    browser.open(drawn(crowd, "report", *(f"p-{number:03}" for number in range(95, 124))), 390, 844)
    assert browser.run("return document.documentElement.scrollWidth") == 390


def test_it_prints_all_its_sections_on_white(browser, worked, drawn):
    browser.open(drawn(worked, *WORDS), dark=True)
    printed = base64.b64decode(browser.command("Page.printToPDF", printBackground=True)["data"])
    assert printed.startswith(b"%PDF-")
    assert 4 <= len(re.findall(rb"/Type /Page\b", printed)) <= 40
    browser.medium("print", dark=True)
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    hidden = "[...document.querySelectorAll('h2')].filter(heading => !heading.offsetParent).map(heading => heading.textContent)"
    assert browser.run(f"return {hidden}") == ["Contents"]  # links lead nowhere on paper
