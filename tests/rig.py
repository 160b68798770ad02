"""What the suites of real clients and peers share: a running Dassie, its API, waiting, and counting checks."""

import atexit
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, "target")
BINARY = os.path.abspath(os.environ.pop("DASSIE_BINARY", os.path.join(TARGET, "debug", "dassie")))
PASSWORD = "correct horse battery"

logs = []
passed = 0
failed = 0


def check(what, ok, detail=""):
    """Counts one check and says how it went."""
    global passed, failed
    if ok:
        passed += 1
        print(f"  ok    {what}")
    else:
        failed += 1
        print(f"  FAIL  {what} {detail}")


def finish():
    """The closing line, and the exit status that goes with it."""
    note_coverage()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


def note_coverage():
    """Writes the requests to the servers of this script to a file, for tests/openapi/coverage.py."""
    line = re.compile(r"responded.* method=(\w+) route=\"(.+?)\" status=(\d+)")
    found = {" ".join(of) for log in logs for of in line.findall(open(log).read())}
    folder = os.path.join(TARGET, "coverage")
    os.makedirs(folder, exist_ok=True)
    script = os.path.abspath(sys.argv[0])
    name = os.path.basename(os.path.dirname(script)) + "-" + os.path.splitext(os.path.basename(script))[0]
    with open(os.path.join(folder, name), "w") as file:
        file.writelines(one + "\n" for one in sorted(found))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def eventually(f, seconds=30):
    """The first true answer of f within some seconds, or its last answer."""
    end = time.time() + seconds
    while True:
        try:
            answer = f()
        except (urllib.error.URLError, ConnectionError, KeyError, IndexError) as e:
            answer = None
            if time.time() > end:
                raise e
        if answer or time.time() > end:
            return answer
        time.sleep(0.1)


def start(command, **more):
    """A child process that ends with this one."""
    child = subprocess.Popen(command, **more)
    atexit.register(lambda: (child.kill(), child.wait()))
    return child


class Dassie:
    """A Dassie of its own in a temporary directory."""

    def __init__(self, user="alice"):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.user = user
        self.actor = f"{self.base}/users/{user}"
        self.data = tempfile.mkdtemp(prefix="dassie-test-")
        atexit.register(shutil.rmtree, self.data, ignore_errors=True)
        self.run("init", "--yes", "--user", user, "--domain", f"127.0.0.1:{self.port}", "--password-stdin", stdin=PASSWORD)
        self.serve()
        self.token = self.run("token", "create", "--scope", "read write follow").strip()

    def run(self, *args, stdin=""):
        done = subprocess.run([BINARY, "--data", self.data, *args], input=stdin, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{args}: {done.stderr}")
        return done.stdout

    def serve(self):
        self.log = open(os.path.join(self.data, "log"), "a")
        logs.append(self.log.name)
        self.process = start(
            [BINARY, "--data", self.data, "serve", "--listen", f"127.0.0.1:{self.port}"],
            stdout=self.log, stderr=self.log, env={**os.environ, "RUST_LOG": "info,dassie=debug"},
        )
        if not eventually(lambda: fetch(self.base + "/livez")[0] == 200):
            raise RuntimeError("the server did not come up")

    def stop(self):
        """Ends the server at once, so that a test may write into its database."""
        self.process.kill()
        self.process.wait()

    def settle(self):
        """Waits until nothing that arrived waits, except for what is due later or is tried again later."""
        db = sqlite3.connect(f"file:{self.data}/dassie.db?mode=ro", uri=True)
        waiting = """SELECT 'activity', host FROM inbox_queue WHERE parked = 0 AND error IS NULL
            UNION ALL SELECT kind, subject FROM jobs WHERE error IS NULL AND (attempts > 0 OR due <= ?)"""
        left = lambda: db.execute(waiting, [time.time() * 1000 + 5_000]).fetchall()
        if not eventually(lambda: not left()):
            raise RuntimeError(f"these wait still: {left()}")

    def find(self, address):
        """The account at an address, fetched if need be."""
        query = urllib.parse.quote(address, "")
        return self.get(f"/api/v2/search?resolve=true&type=accounts&q={query}")["accounts"][0]

    def api(self, method, path, **fields):
        status, body = fetch(
            self.base + path, method, json.dumps(fields).encode() if fields else None,
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {body[:300]}")
        return json.loads(body)

    def get(self, path):
        return self.api("GET", path)

    def post(self, path, **fields):
        return self.api("POST", path, **fields)


def fetch(url, method="GET", data=None, headers=None, timeout=30):
    """Status and body, also of errors."""
    request = urllib.request.Request(url, method=method, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode("utf-8", "replace")
