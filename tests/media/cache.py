"""Files of another server pass through the cache, ten times as many as it has room for: its size stays below the budget all the
time, every file arrives whole, and the owner's own files are untouched.

Usage: cache.py [MEGABYTES], 1000 by hand; the budget is a tenth."""

import concurrent.futures
import hashlib
import http.server
import json
import os
import signal
import sys
import threading
import time
import urllib.parse
import urllib.request

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from rig import Dassie, check, finish
from upload import memory, picture, upload

MEGABYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 200
BUDGET = MEGABYTES * 100_000
# Attachments of a post, as many as are stored of one, and how large they are on average.
ATTACHMENTS, VIDEO_EVERY = 16, 4
AVERAGE = BUDGET // 100
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
PEM = KEY.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


class Origin(http.server.BaseHTTPRequestHandler):
    """A server with a person, posts, and files that are made from their names."""

    protocol_version = "HTTP/1.1"
    served = 0

    def do_GET(self):
        kind, _, name = self.path.strip("/").partition("/")
        base = f"http://{self.headers['Host']}"
        if kind == "files":
            body, media = content(name), "application/octet-stream"
            Origin.served += len(body)
        elif kind not in ("users", "notes"):
            return self.send_error(404)
        else:
            document = actor(base) if kind == "users" else note(base, int(name))
            body, media = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **document}).encode(), "application/activity+json"
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def actor(base):
    me = f"{base}/users/ana"
    key = {"id": f"{me}#main-key", "owner": me, "publicKeyPem": PEM}
    return {"id": me, "type": "Person", "preferredUsername": "ana", "inbox": f"{me}/inbox", "outbox": f"{me}/outbox", "publicKey": key}


def note(base, number):
    me, parts = f"{base}/users/ana", []
    for n in range(ATTACHMENTS):
        kind = ("video/mp4", "mp4") if n % VIDEO_EVERY == 0 else ("image/png", "png")
        parts.append({"type": "Document", "mediaType": kind[0], "url": f"{base}/files/{number}-{n}.{kind[1]}"})
    return {
        "id": f"{base}/notes/{number}", "type": "Note", "attributedTo": me, "content": f"<p>Post {number}</p>", "attachment": parts,
        "published": "2026-11-28T10:00:00Z", "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
    }


def content(name):
    """A file as long as its name says by chance, with videos larger than pictures."""
    is_video = name.endswith("mp4")
    start = b"\0\0\0\x1cftypisom" if is_video else b"\x89PNG\r\n\x1a\n"
    digest = hashlib.sha256(name.encode()).digest()
    size = AVERAGE * (2 if is_video else 1) * (64 + digest[0]) // 256
    return start + (digest * (size // 32))[: size - len(start)]


def bytes_below(folder):
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(parent, name)).st_size
            except FileNotFoundError:
                pass
    return total


def watch(pid, folder, ended):
    """The largest size that the folder has until the end. The server stands still while it is measured: a file that is replaced
    in the middle would count twice."""
    most = 0
    while not ended.is_set():
        os.kill(pid, signal.SIGSTOP)
        most = max(most, bytes_below(folder))
        os.kill(pid, signal.SIGCONT)
        ended.wait(0.05)
    return most


def load(path):
    """Loads a file; a server whose queue is full asks to come back."""
    for _ in range(40):
        try:
            with urllib.request.urlopen(path, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as e:
            if e.code not in (429, 503, 504):
                return f"{e.code} {e.read()[:100]}"
            time.sleep(0.5)
    return "never"


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    alice = Dassie("alice")
    alice.stop()
    with open(os.path.join(alice.data, "config.toml"), "a") as config:
        config.write(f'\n[storage]\nbudget = "{BUDGET // 1000}kB"\n')
    alice.serve()
    own = [json.loads(upload(alice, picture(n))[1]) for n in range(3)]
    alice.post("/api/v1/statuses", status="mine", media_ids=[media["id"] for media in own])
    before = [hashlib.sha256(load(media["url"])).digest() for media in own]
    cache, ended = os.path.join(alice.data, "cache"), threading.Event()
    pool = concurrent.futures.ThreadPoolExecutor(8)
    peak = pool.submit(watch, alice.process.pid, cache, ended)
    began, wrong, number, loaded = time.monotonic(), [], 0, 0
    first = None
    while loaded < MEGABYTES * 1_000_000:
        number += 1
        found = alice.get(f"/api/v2/search?resolve=true&q={urllib.parse.quote(f'{origin}/notes/{number}', '')}")["statuses"]
        parts = found[0]["media_attachments"]
        names = [urllib.parse.urlparse(part["remote_url"]).path.rsplit("/")[-1] for part in parts]
        first = first or (parts[1]["url"], names[1])
        for name, data in zip(names, pool.map(load, [part["url"] for part in parts])):
            loaded += len(data)
            if data != content(name):
                wrong.append((name, data[:100]))
    took = time.monotonic() - began
    served = Origin.served
    again = load(first[0])
    ended.set()
    most = peak.result()
    print(f"  {loaded / 1e6:.0f} MB of {number * ATTACHMENTS} files in {took:.0f} s; budget {BUDGET / 1e6:.0f} MB, cache {most / 1e6:.1f} MB at most, {bytes_below(cache) / 1e6:.1f} MB at the end")
    print(f"  peak memory {memory(alice.process.pid, 'VmHWM') // 1024} MiB, resident now {memory(alice.process.pid, 'VmRSS') // 1024} MiB")
    print("  " + alice.run("media", "usage").replace("\n", "\n  ").rstrip())
    check("each file arrives whole", not wrong, wrong[:3])
    check("the cache never exceeds its budget", 0 < most <= BUDGET, most)
    check("and it is used", most >= BUDGET * 0.7, most)
    check("each file was fetched once", loaded == served, (loaded, served))
    check("one that was evicted is fetched again", again == content(first[1]) and Origin.served > served)
    check("the owner's files are untouched", before == [hashlib.sha256(load(media["url"])).digest() for media in own])
    alice.stop()
    finish()


main()
