"""Headless Chromium for tests of pages: the DevTools protocol over a pipe (--remote-debugging-pipe), by the standard
library alone. Nothing listens on a port, and the browser is told to resolve no name."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import harness

CHROMIUM = shutil.which("chromium")
PATIENCE = 60  # seconds, for one answer of a browser on a busy machine


class Browser:
    """One page of a browser of its own. For `with`."""

    def __init__(self, width=1280, height=800):
        self.profile = tempfile.TemporaryDirectory(prefix="chromium-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        command = [
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}", "about:blank",
        ]  # fmt: skip

        def as_three_and_four():  # where Chromium looks for them
            reads, writes = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(reads, 3)
            os.dup2(writes, 4)

        self.process = subprocess.Popen(
            command, preexec_fn=as_three_and_four, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.reads, self.writes = ours_in, ours_out
        self.rest = b""
        self.number = 0
        self.session = None
        self.problems = []  # errors of scripts, and what the policy kept out
        self.requests = []  # addresses that were asked for
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writes, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self):
        while b"\0" not in self.rest:
            if not select.select([self.reads], [], [], PATIENCE)[0]:
                raise TimeoutError("the browser says nothing")
            part = os.read(self.reads, 1 << 20)
            if not part:
                raise ConnectionError("the browser is gone")
            self.rest += part
        message, _, self.rest = self.rest.partition(b"\0")
        event = json.loads(message)
        if event.get("method") == "Runtime.exceptionThrown":
            self.problems.append(event["params"]["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        elif event.get("method") == "Log.entryAdded":
            self.problems.append(event["params"]["entry"]["text"])
        elif event.get("method") == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])
        return event

    def open(self, path, fragment=""):
        self.call("Page.navigate", url="about:blank")
        done = self.call("Page.navigate", url=f"file://{path}" + (f"#{fragment}" if fragment else ""))
        if "errorText" in done:
            raise FileNotFoundError(f"{path}: {done['errorText']}")
        self.wait_for("document.readyState === 'complete'")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression, seconds=20):
        ends = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > ends:
                raise AssertionError(f"never came true: {expression}")
            time.sleep(0.05)

    def press(self, *keys):
        """Keys by name ("Enter") or as text ("/", "ping"), as a keyboard gives them."""
        codes = {"Enter": 13, "Escape": 27}
        for key in keys:
            if key in codes:
                text = {"text": "\r"} if key == "Enter" else {}
                for kind in ("keyDown", "keyUp"):
                    self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key], **text)
                continue
            for letter in key:
                self.call("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
                self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        harness.end(self.process, 10)
        os.close(self.reads)
        os.close(self.writes)
        self.profile.cleanup()
