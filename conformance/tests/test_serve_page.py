"""`wsproof serve` and browsers: what it answers in plain HTTP, and what it says of headless Chromium, which opens its page."""

import asyncio
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse

import websockets

import harness

FEW = ("rfc6455/5.6-data-frames/type-is-kept*", "rfc6455/7.3-what-a-client-begins/own-*")
CHROMIUM = shutil.which("chromium")


class Serve:
    """A `wsproof serve` that listens. For `with`; wait() sees it to its end."""

    def __init__(self, folder, *arguments):
        self.json = pathlib.Path(folder, "report.json")
        command = [harness.find_wsproof(), "serve", "--port", "0", "--json", self.json, *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://([0-9.]+):(\d+)/", line)
        if not found:
            self.stop()
            raise RuntimeError(line + self.process.stderr.read())
        self.host, self.port = found[1], int(found[2])
        self.url = found[0]
        self.out = self.err = ""

    def get(self, path, method="GET", **fields):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request(method, path, headers=fields)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()

    def wait(self, seconds):
        self.out, self.err = self.process.communicate(timeout=seconds)
        for sign in harness.SIGNS_OF_A_CRASH:
            assert sign not in self.err, self.err
        return self.process.returncode

    @property
    def cases(self):
        return json.loads(self.json.read_text(encoding="utf-8"))["cases"]

    def stop(self):
        if self.process.poll() is None:
            harness.end(self.process, 10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.process.stdout.close()
        self.process.stderr.close()


class Page:
    """What the page's script does, in Python: for what must hold whatever the browser."""

    def __init__(self, serve, name="python"):
        self.serve = serve
        self.name = name
        self.told = []
        self.opened = 0

    def ask(self, **more):
        query = urllib.parse.urlencode({"page": self.name, "since": len(self.told), **more})
        status, _, body = self.serve.get(f"/wsproof/next?{query}")
        assert status == 200, body
        answer = json.loads(body)
        self.told += answer.get("verdicts", [])
        return answer

    async def open(self, order):
        self.opened += 1
        url = f"ws://{self.serve.host}:{self.serve.port}{order['path']}"
        with contextlib.suppress(websockets.WebSocketException, OSError):
            async with websockets.connect(url, subprotocols=order["subprotocols"] or None, max_size=None) as socket:
                verb, _, rest = order["action"].partition(":")
                if verb == "text":
                    await socket.send(rest)
                elif verb == "binary":
                    await socket.send(bytes.fromhex(rest))
                async for message in socket:
                    await socket.send(message)

    async def play(self, most=10_000):
        """Plays until the outcome, which it returns, or until it has opened `most` connections."""
        tasks = []
        while self.opened < most:
            answer = await asyncio.to_thread(self.ask)
            if "open" in answer:
                tasks.append(asyncio.create_task(self.open(answer["open"])))
            if "outcome" in answer:
                await asyncio.gather(*tasks)
                return answer["outcome"]
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return None


def test_the_page_needs_nothing_from_elsewhere(tmp_path):
    with Serve(tmp_path, *FEW) as serve:
        status, fields, body = serve.get("/")
        assert status == 200
        assert fields["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in body and "connect-src 'self' ws:" in body
        assert not re.search(r"<(script|link|img)[^>]+(src|href)=", body)
        for path in ("/favicon.ico", "/wsproof", "/wsproof/next/", "/../etc/passwd"):
            assert serve.get(path)[0] == 404, path
        assert serve.get("/wsproof/next")[0] == 400
        assert serve.get("/", method="POST")[0] == 405


def test_a_page_plays_all_and_hears_each_verdict(tmp_path):
    with Serve(tmp_path, *FEW) as serve:
        page = Page(serve)
        outcome = asyncio.run(page.play())
        assert serve.wait(20) == 0, serve.out + serve.err
        assert outcome == {"code": 0}
        by_id = {case["id"]: case for case in serve.cases}
        assert len(page.told) == len(by_id)
        assert len({tuple(verdict["at"]) for verdict in page.told}) == len(by_id)
        for case in by_id.values():
            is_ping = "/own-ping" in case["id"]
            assert case["behaviour"] == ("unsupported" if is_ping else "pass"), case
            assert ("Ping" in case["reason"]) == is_ping


def test_a_request_for_a_page_is_no_case(tmp_path):
    """A client that connects by itself is judged as ever, whatever a browser asks for before it and meanwhile."""
    with Serve(tmp_path, "rfc6455/5.6-data-frames/type-is-kept*") as serve:
        assert serve.get("/")[0] == 200
        assert serve.get("/favicon.ico")[0] == 404
        url = f"ws://{serve.host}:{serve.port}/"
        while serve.process.poll() is None:
            subprocess.run([harness.find_wsproof(), "echo-client", url], capture_output=True, timeout=30, check=False)
            with contextlib.suppress(OSError, http.client.HTTPException):
                assert "refusal" in json.loads(serve.get("/wsproof/next?page=late")[2])
        assert serve.wait(20) == 0, serve.out + serve.err
        assert {case["behaviour"] for case in serve.cases} == {"pass"}


def test_a_connection_that_no_case_waits_for_is_turned_away(tmp_path):
    with Serve(tmp_path, *FEW) as serve:
        page = Page(serve)
        first = page.ask()
        while "open" not in first:
            first = page.ask()
        asyncio.run(page.open(first["open"]))  # preflight's: then something else is ordered, but not yet given
        status, _, body = serve.get("/", Upgrade="websocket", Connection="Upgrade", **{"Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA=="})
        assert status == 503
        assert "no case waits" in body


def test_a_page_that_is_closed_ends_the_run(tmp_path):
    with Serve(tmp_path, *FEW, "--wait", "2") as serve:
        page = Page(serve)
        asyncio.run(page.play(most=8))
        assert serve.wait(30) == 1
        assert "the page was not heard of for 2 s (--wait)" in serve.out
        assert any(case["behaviour"] == "blocked" for case in serve.cases)


def test_without_anybody_the_run_ends(tmp_path):
    with Serve(tmp_path, *FEW, "--wait", "1") as serve:
        assert serve.get("/")[0] == 200  # loading the page is not yet to play
        assert serve.wait(20) == 3
        assert "no client came for 1 s (--wait)" in serve.err


def test_a_page_that_is_loaded_anew_goes_on(tmp_path):
    with Serve(tmp_path, *FEW) as serve:
        asyncio.run(Page(serve, "first").play(most=8))
        again = Page(serve, "second")
        outcome = asyncio.run(again.play())
        assert serve.wait(20) == 0, serve.out + serve.err
        assert outcome == {"code": 0}
        assert len(again.told) == len(serve.cases)
        assert all(case["behaviour"] in ("pass", "unsupported") for case in serve.cases)


def test_ctrl_c_keeps_the_report_and_tells_the_page(tmp_path):
    with Serve(tmp_path, *FEW) as serve:
        page = Page(serve)

        async def play():
            await page.play(most=8)
            serve.process.send_signal(signal.SIGINT)
            return await page.play()

        outcome = asyncio.run(play())
        assert serve.wait(20) == 130
        assert outcome == {"code": 130}
        assert len(serve.cases) > 0


@contextlib.contextmanager
def chromium(url, folder):
    """Headless Chromium with the page at `url` open; it resolves no name."""
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={folder}", url,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def departures(report):
    """What differs from conformance/findings.md. Another version may have mended what stands there."""
    sys.path.insert(0, str(harness.TOP / "tools" / "peers"))
    import judging

    version = re.search(r"Chrome/(\d+)", report["facts"]["browser"])[1]
    recorded = judging.findings()["browser-chromium"]
    lines = list(judging.departures(recorded.patterns, report))
    return [line for line in lines if version == recorded.version or line.startswith("fails")]


def test_chromium(tmp_path):
    """All cases; what fails is what conformance/findings.md confirms."""
    assert CHROMIUM, "chromium is not installed: tools/setup test"
    with Serve(tmp_path, "--wait", "30") as serve, chromium(serve.url, tmp_path / "profile"):
        serve.wait(300)
        report = json.loads(serve.json.read_text(encoding="utf-8"))
        assert report["ended_early"] == "", report["ended_early"]
        assert departures(report) == [], serve.out[-4000:] + serve.err
        assert report["facts"]["actions"] == "yes"
        assert report["facts"]["subprotocols when asked"] == "yes"
        verdicts = [case["behaviour"] for case in report["cases"]]
        assert verdicts.count("pass") > 1300, serve.out[-4000:]
