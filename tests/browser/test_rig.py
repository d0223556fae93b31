"""The browser itself: what the other tests here rest on does see what it has to see."""

import pytest

PAGE = "<!doctype html><meta charset=utf-8><title>A page</title>"
POLICY = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">"


@pytest.fixture
def shown(browser, tmp_path):
    """Shows a page of which the body is given; what it complains of afterwards is for the test to read."""

    def show(body):
        (tmp_path / "page.html").write_text(PAGE + body, encoding="utf-8")
        browser.open(tmp_path / "page.html")
        return browser

    return show


def test_a_page_from_a_file_is_shown(shown):
    assert shown("<p id=p>Grüße").run("return document.getElementById('p').textContent") == "Grüße"


def test_an_error_in_a_page_is_heard(shown):
    (complaint,) = shown("<script>nothing.there()</script>").complaints()
    assert "nothing is not defined" in complaint


def test_what_a_policy_refuses_is_heard(shown):
    browser = shown(f"{POLICY}<script>window.pwned = 1</script>")
    (complaint,) = browser.complaints()
    assert "Content Security Policy" in complaint


def test_what_a_page_asks_for_elsewhere_is_seen_and_not_given(shown):
    browser = shown("<img src=http://192.0.2.1/a.png><img src=https://elsewhere.example/b.png>")
    assert browser.requests()[1:] == ["http://192.0.2.1/a.png", "https://elsewhere.example/b.png"]
    refused = browser.complaints()
    assert [complaint.split()[0] for complaint in refused] == ["http://192.0.2.1/a.png", "https://elsewhere.example/b.png"]
    assert all("net::ERR_INTERNET_DISCONNECTED" in complaint for complaint in refused)


def test_a_page_that_is_taken_over_says_so(shown):
    browser = shown("<script>alert(1); pwned = 'by a name'</script>")
    heard = [complaint.split(" ", 2)[2] for complaint in browser.complaints()]
    assert heard == ['"taken over: alert"', '"taken over: by a name"']


def test_scripts_that_are_off_do_not_run(shown, browser, tmp_path):
    browser = shown("<p id=p>still</p><script>p.textContent = 'moved'</script>")
    assert browser.run("return p.textContent") == "moved"
    browser.open(tmp_path / "page.html", scripts=False)
    assert browser.texts("#p") == ["still"]


def test_a_screen_set_to_dark_is_dark(shown, browser, tmp_path):
    browser = shown("")
    assert browser.run("return matchMedia('(prefers-color-scheme: dark)').matches") is False
    browser.open(tmp_path / "page.html", dark=True)
    assert browser.run("return matchMedia('(prefers-color-scheme: dark)').matches") is True


def test_mermaid_is_the_one_that_was_looked_at(mermaid_script, shown):
    browser = shown(f"<script src={mermaid_script.as_uri()}></script>")
    assert browser.run("return typeof mermaid.render") == "function"
