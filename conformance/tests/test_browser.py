"""The pages of `wsproof report html` in headless Chromium: search, filters, keys, open, back, dark mode, and no network.
WSPROOF_SCREENSHOTS names a folder for pictures of them."""

import json
import os
import pathlib
import subprocess

import pytest

import browser
import harness

pytestmark = [pytest.mark.full, pytest.mark.skipif(browser.CHROMIUM is None, reason="chromium is not installed")]

FRAGMENTS = "rfc6455/5.4*"
FRAMES = "rfc6455/5.6*"
SHOWN = "document.querySelectorAll('.row').length"
OPEN = "!document.querySelector('.detail').hidden"
SCRIPT = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A page of one target and a matrix of two, one of which sends markup."""
    folder = tmp_path_factory.mktemp("site")
    for name, fault in (("faulty", "text-as-binary"), ("good", None)):
        with harness.faulty_peer(fault) as peer:
            report = harness.Run(peer.url, FRAGMENTS, FRAMES, "rfc6455/5.5*").report
        if fault:
            report["facts"]["server"] = SCRIPT
            for case in report["cases"]:
                for finding in case["findings"]:
                    finding["got"] += SCRIPT
                for entry in case["transcript"]:
                    entry["summary"] += SCRIPT if entry["kind"] == "received" else ""
        (folder / f"{name}.json").write_text(json.dumps(report), encoding="utf-8")
    reports = [folder / "faulty.json", folder / "good.json"]
    subprocess.run([harness.find_wsproof(), "report", "html", *reports, "-o", folder / "index.html"], check=True)
    return folder


@pytest.fixture(scope="module")
def chromium():
    with browser.Browser() as page:
        yield page


@pytest.fixture
def page(chromium):
    chromium.problems.clear()
    chromium.requests.clear()
    chromium.prefer("light")
    yield chromium
    assert chromium.problems == []
    assert all(url.startswith(("file:", "about:")) for url in chromium.requests), chromium.requests


def picture(page, name):
    folder = os.environ.get("WSPROOF_SCREENSHOTS")
    if folder:
        page.screenshot(pathlib.Path(folder) / f"{name}.png")


def test_search_narrows_the_list(page, site):
    page.open(site / "faulty.html")
    everything = page.evaluate(SHOWN)
    page.press("/", "ping")
    page.wait_for(f"{SHOWN} < {everything}")
    assert 0 < page.evaluate(SHOWN)
    assert page.evaluate("[...document.querySelectorAll('.row')].every(row => DATA.scenarios.find(s => s.id === row.title).text.includes('ping'))")
    page.press("Escape", "Escape")
    page.wait_for(f"{SHOWN} === {everything}")


def test_filters_by_verdict_role_section_and_bug_class(page, site):
    page.open(site / "faulty.html")
    everything = page.evaluate(SHOWN)
    page.evaluate("document.querySelector('button[data-verdict=fail]').click()")
    page.wait_for(f"{SHOWN} < {everything}")
    assert page.evaluate("[...document.querySelectorAll('.row .badge')].every(badge => badge.title === 'fail')")
    page.press("Escape")
    page.wait_for(f"{SHOWN} === {everything}")
    for label in ("role", "section", "bug class"):
        page.evaluate(
            f"(() => {{ const s = document.querySelector('select[aria-label=\"{label}\"]'); s.value = s.options[1].value; "
            "s.dispatchEvent(new Event('change')); })()"
        )
        page.wait_for(f"{SHOWN} <= {everything} && document.querySelector('.count').textContent.startsWith({SHOWN} + ' of')")
        page.press("Escape")


def test_a_case_opens_by_keyboard_and_the_way_back_leads_out(page, site):
    page.open(site / "faulty.html")
    page.evaluate("document.querySelector('button[data-verdict=fail]').click()")
    page.press("j", "j", "k", "Enter")
    page.wait_for(OPEN)
    picture(page, "failing-case")
    for heading in ("What was sent, expected, and came", "On the wire", "Play it again", "Clauses"):
        assert page.evaluate(f"[...document.querySelectorAll('h3')].some(h => h.textContent.startsWith('{heading}'))"), heading
    assert page.evaluate("document.querySelectorAll('.wire .flag').length") == 1
    assert "wsproof test ws://" in page.evaluate("document.querySelector('.replay').textContent")
    page.evaluate("history.back()")
    page.wait_for(f"!({OPEN})")
    page.press("Enter")
    page.wait_for(OPEN)
    page.press("Escape")
    page.wait_for(f"!({OPEN})")


def test_an_entry_opens_to_its_frame(page, site):
    page.open(site / "faulty.html")
    page.evaluate("location.hash = encodeURIComponent(DATA.scenarios.flatMap(s => s.cases.filter(c => c[1] === 4).map(c => s.id + c[0]))[0])")
    page.wait_for(OPEN)
    page.evaluate("document.querySelectorAll('.wire details').forEach(d => d.open = true)")
    assert page.evaluate("document.querySelector('.wire').textContent.includes('opcode')")
    assert page.evaluate("document.querySelector('.wire').textContent.includes('GET / HTTP/1.1')")
    picture(page, "wire")


def test_what_a_peer_sent_is_text(page, site):
    page.open(site / "faulty.html")
    page.evaluate("location.hash = encodeURIComponent(DATA.scenarios.find(s => s.cases.some(c => c[1] === 4)).id)")
    page.wait_for(OPEN)
    assert page.evaluate("document.title") == "wsproof: faulty"
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    assert "onerror" in page.evaluate("document.querySelector('.detail').textContent")
    assert "onerror" in page.evaluate("document.querySelector('header').textContent")


def test_dark_mode_by_preference_and_by_hand(page, site):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.prefer("dark")
    page.open(site / "good.html")
    page.evaluate("localStorage.clear()")
    page.open(site / "good.html")
    dark = page.evaluate(ground)
    page.evaluate("document.querySelector('button.theme').click()")
    light = page.evaluate(ground)
    assert dark != light
    page.open(site / "good.html")
    assert page.evaluate(ground) == light  # the choice is kept
    page.evaluate("localStorage.clear()")
    page.open(site / "faulty.html", "")
    page.evaluate("document.querySelector('button[data-verdict=fail]').click(); document.querySelector('.row').click()")
    page.wait_for(OPEN)
    picture(page, "dark")
    page.evaluate("localStorage.clear()")


def test_help_opens_and_closes(page, site):
    page.open(site / "good.html")
    page.press("?")
    page.wait_for("document.querySelector('dialog.help').open")
    page.press("Escape")
    page.wait_for("!document.querySelector('dialog.help').open")


def test_the_matrix_leads_to_a_case_and_back(page, site):
    page.open(site / "index.html")
    lines = "document.querySelectorAll('table.matrix tbody tr').length"
    sections = page.evaluate(lines)
    page.press("j", "k", "Enter")
    page.wait_for(f"{lines} > {sections}")
    page.press("Escape")
    page.wait_for(f"{lines} === {sections}")
    page.press("/", "control", "Enter")
    page.wait_for("document.querySelector('table.matrix tbody tr:not(.group)')")
    picture(page, "matrix")
    page.press("j", "Enter")
    page.wait_for("location.pathname.endsWith('faulty.html') || location.pathname.endsWith('good.html')")
    page.wait_for(f"document.readyState === 'complete' && {OPEN}")
    page.evaluate("history.back()")
    page.wait_for("location.pathname.endsWith('index.html')")
