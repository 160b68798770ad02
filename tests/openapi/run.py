"""schemathesis against a running Dassie, with docs/openapi.json: no answer is a server error, and each is as described.

Run it with the time in seconds, and a Python that has schemathesis beside it."""

import collections
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import ROOT, TARGET, Dassie, check, eventually, fetch, finish

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMATHESIS = os.path.join(TARGET, "venv-schemathesis", "bin", "schemathesis")
DOCUMENT = os.path.join(ROOT, "docs", "openapi.json")
# Streams do not end.
LEFT_OUT = "^/api/v1/streaming"
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance,ignored_auth"


def picture():
    """The smallest PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def upload(dassie):
    """The id of an upload."""
    disposition = b'Content-Disposition: form-data; name="file"; filename="dot.png"\r\nContent-Type: image/png\r\n\r\n'
    body = b"--part\r\n" + disposition + picture() + b"\r\n--part--\r\n"
    headers = {"Authorization": f"Bearer {dassie.token}", "Content-Type": "multipart/form-data; boundary=part"}
    status, text = fetch(dassie.base + "/api/v2/media", "POST", body, headers)
    assert status == 200, text
    return json.loads(text)["id"]


def known(dassie, other):
    """The parameters of each path by something that exists."""
    friend = dassie.find(other.actor)["id"]
    other.api("POST", "/api/v1/statuses", status=f"@alice@127.0.0.1:{dassie.port} psst", visibility="direct")
    found = eventually(lambda: dassie.get("/api/v1/conversations"))
    conversation, said = found[0]["id"], dassie.get("/api/v1/notifications")[0]
    status = dassie.api("POST", "/api/v1/statuses", status="seen #cats")["id"]
    poll = {"options": ["a", "b"], "expires_in": 3600}
    asked = dassie.api("POST", "/api/v1/statuses", status="which?", poll=poll)["id"]
    tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    later = dassie.api("POST", "/api/v1/statuses", status="later", scheduled_at=tomorrow)["id"]
    feature = dassie.api("POST", "/api/v1/featured_tags", name="cats")["id"]
    some_list = dassie.api("POST", "/api/v1/lists", title="friends")["id"]
    words = [{"keyword": "dogs"}]
    made = dassie.api("POST", "/api/v2/filters", title="dogs", context=["home"], keywords_attributes=words)
    keyword = made["keywords"][0]["id"]
    hidden = dassie.api("POST", f"/api/v2/filters/{made['id']}/statuses", status_id=asked)["id"]
    ids = [
        ("/api/v1/accounts/", friend),
        ("/api/v1/conversations/", conversation),
        ("/api/v1/media/", upload(dassie)),
        ("/api/v1/notifications/", said["id"]),
        ("/api/v1/statuses/", status),
        ("/api/v1/polls/", asked),
        ("/api/v1/scheduled_statuses/", later),
        ("/api/v1/featured_tags/", feature),
        ("/api/v1/lists/", some_list),
        ("/api/v1/timelines/list/", some_list),
        ("/api/v2/filters/keywords/", keyword),
        ("/api/v2/filters/statuses/", hidden),
        ("/api/v2/filters/", made["id"]),
        ("/api/v1/filters/", keyword),
    ]
    found = {"/api/v2/notifications/{key}" + end: {"key": said["group_key"]} for end in ["", "/dismiss", "/accounts"]}
    for path in json.load(open(DOCUMENT))["paths"]:
        for start, number in ids:
            if path.startswith(start + "{id}"):
                found[path] = {"id": number}
                break
    return found


def run(dassie, other, seconds):
    answers = tempfile.NamedTemporaryFile("r", prefix="dassie-answers-")
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": HERE,
        "DASSIE_KNOWN": json.dumps(known(dassie, other)),
        "DASSIE_ANSWERS": answers.name,
    }
    done = subprocess.run(
        [
            SCHEMATHESIS, "run", DOCUMENT, "--url", dassie.base, "--header", f"Authorization: Bearer {dassie.token}",
            "--exclude-path-regex", LEFT_OUT, "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "20",
            "--max-time", str(seconds), "--workers", "2", "--request-timeout", "20", "--continue-on-failure",
            "--suppress-health-check", "all", "--warnings", "off", "--no-color",
        ],
        env=environment, cwd=dassie.data, capture_output=True, text=True, timeout=seconds + 300,
    )
    counts = collections.defaultdict(collections.Counter)
    for line in answers:
        operation, status = line.rstrip("\n").split("\t")
        counts[operation][status] += 1
    return done, counts


dassie, other = Dassie(), Dassie("bob")
seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 90
done, counts = run(dassie, other, seconds)
asked = sum(sum(of.values()) for of in counts.values())
served = sum(1 for of in counts.values() if of["200"])
print(f"  {asked} requests to {len(counts)} operations, {served} of them answered 200 at least once")
print("  never 200:", ", ".join(sorted(name for name, of in counts.items() if not of["200"])))
check("schemathesis finds nothing", done.returncode == 0, (done.stdout + done.stderr)[-20_000:])
check("most operations are reached", served * 3 > len(counts) * 2, f"{served} of {len(counts)}")
check("the server still runs", dassie.process.poll() is None)
finish()
