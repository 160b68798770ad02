"""All attacks at once, on loopback, while the owner posts and reads through the API. Prints what the owner feels and what
it costs; fails if the owner is refused, the server dies or does not recover, or it does not stop within 15 s.

Usage: run.py [BINARY] [SECONDS]. Without a binary, target/release/dassie if there is one, else target/debug/dassie."""

import base64
import hashlib
import http.client
import http.server
import json
import os
import random
import socket
import struct
import sys
import threading
import time
import urllib.parse
import zlib
from email.utils import formatdate

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(os.path.dirname(os.path.dirname(HERE)), "target")
RELEASE = os.path.join(TARGET, "release", "dassie")
if len(sys.argv) > 1:
    os.environ["DASSIE_BINARY"] = sys.argv[1]
elif os.path.exists(RELEASE):
    os.environ.setdefault("DASSIE_BINARY", RELEASE)
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 45

sys.path.insert(0, os.path.join(HERE, ".."))
from rig import PASSWORD, Dassie, check, eventually, fetch, finish

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = CONTEXT + "#Public"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
ended = threading.Event()


class Peer:
    """A server of any number of actors that all have one key."""

    def __init__(self):
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(peer.document(self.path)).encode()
                self.send_response(200 if self.path.startswith("/users/") else 404)
                self.send_header("Content-Type", "application/activity+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def document(self, path):
        actor = self.base + path
        return {
            "@context": CONTEXT, "id": actor, "type": "Person", "preferredUsername": path.rsplit("/", 1)[1],
            "inbox": actor + "/inbox", "publicKey": {"id": actor + "#main-key", "owner": actor, "publicKeyPem": PEM},
        }

    def actor(self, name="peer"):
        return f"{self.base}/users/{name}"

    def note(self, alice, n, content, **more):
        """A Create of a note that names the owner."""
        uri = f"{self.base}/notes/{n}"
        tag = [{"type": "Mention", "href": alice.actor}]
        note = {"id": uri, "type": "Note", "attributedTo": self.actor(), "content": content, "to": [PUBLIC, alice.actor], "tag": tag}
        note.update(more)
        return {"@context": CONTEXT, "id": uri + "/activity", "type": "Create", "actor": self.actor(), "to": note["to"], "object": note}


def headers(alice, body, key_id, client):
    host = f"127.0.0.1:{alice.port}"
    digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
    date = formatdate(usegmt=True)
    text = f"(request-target): post /inbox\nhost: {host}\ndate: {date}\ndigest: {digest}"
    made = base64.b64encode(KEY.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return {
        "Date": date, "Digest": digest, "Content-Type": "application/activity+json", "X-Forwarded-For": client,
        "Signature": f'keyId="{key_id}",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="{made}"',
    }


def deliver(alice, activity, client="203.0.113.77"):
    body = json.dumps(activity).encode()
    return request(alice, "POST", "/inbox", body, headers(alice, body, activity["actor"] + "#main-key", client))


def request(alice, method, path, body=None, head=None):
    """The status of a request; 0 if the connection was closed."""
    connection = http.client.HTTPConnection("127.0.0.1", alice.port, timeout=30)
    try:
        connection.request(method, path, body, head or {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def address():
    return f"198.51.{random.randrange(256)}.{random.randrange(256)}"


# ---- what attackers prepare once ----


def prepare(alice, peer):
    """Posts whose pages are expensive: reply cycles, emoji, text that looks like links."""
    ring = [peer.note(alice, f"ring{n}", f"ring {n}", inReplyTo=f"{peer.base}/notes/ring{(n + 1) % 3}") for n in range(3)]
    itself = peer.note(alice, "itself", "itself", inReplyTo=f"{peer.base}/notes/itself")
    emoji = [{"type": "Emoji", "name": f":e{n}:", "icon": {"type": "Image", "url": f"https://e.example/{'x' * 1500}{n}"}} for n in range(190)]
    words = " ".join(f":e{n % 190}:" for n in range(4000))
    page = peer.note(alice, "emoji", f"<p>{words}</p>")
    page["object"]["tag"] += emoji
    links = peer.note(alice, "links", "http://" * 14_200, mediaType="text/plain")
    posts = ring + [itself, page, links]
    return [deliver(alice, p) for p in posts], posts


def pages(alice):
    """The pages of all mentions, which are the posts that attackers prepared."""
    found = [n["status"] for n in alice.get("/api/v1/notifications?limit=40") if n.get("status")]
    return [f"/api/v1/statuses/{s['id']}/context" for s in found] + [urllib.parse.urlsplit(s["url"] or s["uri"]).path for s in found]


# ---- attacks; each runs until the end ----


def readers_of_prepared(alice, paths):
    while not ended.is_set():
        request(alice, "GET", random.choice(paths), head={"X-Forwarded-For": address()})


def flat_forms(alice, _):
    body = ('{"' + "k" * 200_000 + '":[' + ",".join(["0"] * 20_000) + "]}").encode()
    while not ended.is_set():
        for path in ["/api/v1/apps", "/oauth/token", "/login"]:
            request(alice, "POST", path, body, {"Content-Type": "application/json", "X-Forwarded-For": address()})
        time.sleep(0.2)


def slow_readers(alice, picture):
    """Hundreds of connections that ask for a large picture and never read."""
    idle = []
    ask = f"GET {picture} HTTP/1.1\r\nHost: 127.0.0.1:{alice.port}\r\n\r\n".encode()
    while not ended.is_set():
        try:
            s = socket.create_connection(("127.0.0.1", alice.port), timeout=5)
            s.sendall(ask)
            idle.append(s)
        except OSError:
            pass
        if len(idle) > 600:
            idle.pop(0).close()
        time.sleep(0.005)
    return idle


def stalled_bodies(alice, _):
    """Bodies that lack their last bytes."""
    idle = []
    head = f"POST /inbox HTTP/1.1\r\nHost: 127.0.0.1:{alice.port}\r\nSignature: x\r\nContent-Type: application/activity+json\r\nContent-Length: 1048576\r\n\r\n"
    while not ended.is_set():
        try:
            s = socket.create_connection(("127.0.0.1", alice.port), timeout=5)
            s.sendall(head.encode() + b" " * 1_048_570)
            idle.append(s)
        except OSError:
            pass
        if len(idle) > 64:
            idle.pop(0).close()
        time.sleep(0.05)
    return idle


def junk_keys(alice, _):
    n = 0
    while not ended.is_set():
        n += 1
        actor = f"https://{n}.junk{n % 50}.invalid/users/x"
        like = {"id": f"{actor}/{n}", "type": "Like", "actor": actor, "object": alice.actor}
        deliver(alice, like, address())


def disk_filling(alice, peer):
    n = 0
    while not ended.is_set():
        n += 1
        if deliver(alice, peer.note(alice, f"fill{n}", f"{n} " + "汉" * 20_000)) == 429:
            time.sleep(0.2)


def tokens(alice, _):
    while not ended.is_set():
        head = {"Content-Type": "application/json", "X-Forwarded-For": address()}
        app = {"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
        status, body = fetch(alice.base + "/api/v1/apps", "POST", json.dumps(app).encode(), head)
        if status == 200:
            app = json.loads(body)
            grant = {"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": app["client_secret"]}
            request(alice, "POST", "/oauth/token", json.dumps(grant), head)


def guesses(alice, _):
    while not ended.is_set():
        form = urllib.parse.urlencode({"username": alice.user, "password": f"wrong {random.random()}"})
        request(alice, "POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": address()})


def png(width, height):
    """A grey picture of many pixels and few bytes."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress((b"\0" + b"\0" * ((width + 7) // 8)) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def upload(alice, picture):
    boundary = "xxxxxxxxboundary"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'.encode()
    body += picture + f"\r\n--{boundary}--\r\n".encode()
    head = {"Authorization": f"Bearer {alice.token}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return fetch(alice.base + "/api/v2/media", "POST", body, head)


def image_bombs(alice, bomb):
    while not ended.is_set():
        try:
            upload(alice, bomb)
        except OSError:
            pass
        time.sleep(0.5)


# ---- the owner ----


def noise(side):
    """A picture that does not compress, so that its file is large."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(b"".join(b"\0" + random.randbytes(side * 3) for _ in range(side)), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def owner(alice, seconds):
    """Posts and reads for some seconds. Returns the times, and what was refused."""
    took, refused, n = [], [], 0
    end = time.time() + seconds
    head = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    while time.time() < end:
        n += 1
        post = json.dumps({"status": f"post {n} {random.random()}", "visibility": "unlisted"})
        for method, path, body in [("POST", "/api/v1/statuses", post), ("GET", "/api/v1/timelines/home", None), ("GET", "/api/v1/notifications", None)]:
            began = time.time()
            status = request(alice, method, path, body, head)
            took.append(time.time() - began)
            if status != 200:
                refused.append((method, path, status))
        time.sleep(0.1)
    return sorted(took), refused


def quantiles(took):
    return f"p50 {took[len(took) // 2] * 1000:.0f} ms, p99 {took[min(len(took) - 1, len(took) * 99 // 100)] * 1000:.0f} ms, {len(took)} requests"


def memory(alice, what):
    with open(f"/proc/{alice.process.pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith(what)) / 1024


def main():
    alice, peer, friend = Dassie(), Peer(), Peer()
    status, body = upload(alice, noise(1100))
    check("a picture is uploaded", status == 200, body[:200])
    picture = urllib.parse.urlsplit(json.loads(body)["url"]).path
    statuses, _ = prepare(alice, peer)
    check("the attackers' posts are taken or refused", all(s in (202, 401, 429) for s in statuses), statuses)
    alice.find(friend.actor())
    eventually(lambda: json.loads(alice.run("--json", "status"))["inbox_waiting"] == 0)
    paths = pages(alice) or ["/@" + alice.user]
    took, refused = owner(alice, 5)
    check("in peace the owner is served", not refused, refused[:5])
    print(f"  in peace: {quantiles(took)}, {memory(alice, 'VmRSS'):.0f} MB")

    attacks = [(readers_of_prepared, paths), (readers_of_prepared, paths), (flat_forms, None), (slow_readers, picture), (stalled_bodies, None)]
    attacks += [(junk_keys, None), (disk_filling, peer), (tokens, None), (guesses, None), (guesses, None), (image_bombs, png(5_700, 5_700))]
    threads = [threading.Thread(target=attack, args=(alice, what), daemon=True) for attack, what in attacks]
    for thread in threads:
        thread.start()
    took, refused = owner(alice, SECONDS)
    check("under all attacks at once the owner is served", not refused, f"{len(refused)} of {len(took)}: {refused[:5]}")
    print(f"  under attack: {quantiles(took)}, peak {memory(alice, 'VmHWM'):.0f} MB")
    follow = {"@context": CONTEXT, "id": friend.actor() + "/follow", "type": "Follow", "actor": friend.actor(), "object": alice.actor}
    status = eventually(lambda: deliver(alice, follow, "203.0.113.5") == 202, 20)
    check("a known server gets a 202", status)
    check("the server lives", alice.process.poll() is None)
    ended.set()
    for thread in threads:
        thread.join(35)

    recovered = eventually(lambda: not owner(alice, 1)[1] and request(alice, "GET", "/@" + alice.user) == 200, 60)
    check("afterwards all clients are served again", recovered)
    form = urllib.parse.urlencode({"username": alice.user, "password": PASSWORD})
    signed_in = request(alice, "POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "203.0.113.200"})
    check("the owner signs in from a new address", signed_in == 303, signed_in)
    took, _ = owner(alice, 5)
    print(f"  afterwards: {quantiles(took)}, {memory(alice, 'VmRSS'):.0f} MB")

    ended.clear()
    for attack, what in attacks[:5]:
        threading.Thread(target=attack, args=(alice, what), daemon=True).start()
    time.sleep(3)
    began = time.time()
    alice.process.terminate()
    try:
        alice.process.wait(20)
    except Exception:
        pass
    check(f"SIGTERM under attack ends it within 15 s: {time.time() - began:.1f} s", alice.process.poll() is not None and time.time() - began < 15)
    ended.set()
    finish()


main()
