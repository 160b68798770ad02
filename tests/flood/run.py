"""Thousands of unknown accounts are deleted: their Delete activities cause no request, no signature check and no use of
memory. It also measures how fast activities of known actors are accepted, whose signatures are verified.

Usage: run.py COUNT."""

import base64
import hashlib
import http.client
import http.server
import json
import os
import sys
import threading
import time
from email.utils import formatdate

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, eventually, finish

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = CONTEXT + "#Public"
THREADS = 8


class Peer:
    """Serves one actor and counts who asks."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.asked = 0
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                peer.asked += 1
                body = json.dumps(peer.document()).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/activity+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{server.server_port}"
        self.actor = self.base + "/users/peer"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def document(self):
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()
        return {
            "@context": CONTEXT, "id": self.actor, "type": "Person", "preferredUsername": "peer", "inbox": self.actor + "/inbox",
            "publicKey": {"id": self.actor + "#main-key", "owner": self.actor, "publicKeyPem": pem},
        }

    def headers(self, host, body, key_id, real=True):
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        date = formatdate(usegmt=True)
        text = f"(request-target): post /inbox\nhost: {host}\ndate: {date}\ndigest: {digest}"
        made = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()) if real else b"x" * 256
        signature = (
            f'keyId="{key_id}",algorithm="rsa-sha256",headers="(request-target) host date digest",'
            f'signature="{base64.b64encode(made).decode()}"'
        )
        return {"Date": date, "Digest": digest, "Signature": signature, "Content-Type": "application/activity+json"}


def resident(alice):
    with open(f"/proc/{alice.process.pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024


def send_all(alice, requests):
    """Sends prepared requests over a few kept connections. Answers the statuses and the rate."""
    statuses = []

    def work(part):
        connection = http.client.HTTPConnection("127.0.0.1", alice.port, timeout=30)
        for body, headers in part:
            connection.request("POST", "/inbox", body, headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)

    threads = [threading.Thread(target=work, args=(requests[n::THREADS],)) for n in range(THREADS)]
    began = time.time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, len(statuses) / (time.time() - began)


def deletions(peer, host, name, count):
    """Delete activities of accounts for themselves. Half of them claim a reachable server, at as many names as there
    are."""
    made = []
    for n in range(count):
        actor = f"{peer.base if n % 2 else f'https://{n}.gone.example'}/users/{name}{n}"
        delete = {"@context": CONTEXT, "id": actor + "#delete", "type": "Delete", "actor": actor, "to": [PUBLIC], "object": actor}
        body = json.dumps(delete).encode()
        made.append((body, peer.headers(host, body, actor + "#main-key", real=False)))
    return made


def main():
    count = int(sys.argv[1])
    alice, peer = Dassie(), Peer()
    host = f"127.0.0.1:{alice.port}"
    deletes = deletions(peer, host, "gone", count)
    # A server that has just started still grows to its normal size.
    for path in ["/api/v1/timelines/home", "/api/v2/instance", "/api/v1/notifications"]:
        alice.get(path)
    send_all(alice, deletions(peer, host, "warm", 400))
    before = resident(alice)
    statuses, rate = send_all(alice, deletes)
    after = resident(alice)
    check(f"{count} deletions of unknown accounts are answered 202", statuses == [202] * count, set(statuses))
    check("no request was sent", peer.asked == 0, peer.asked)
    check(f"memory is bounded: {before:.0f} MB before, {after:.0f} MB after", after - before < 20)
    print(f"  {rate:.0f} a second")
    creates = []
    for n in range(min(count, 2_000)):
        note = {"id": f"{peer.base}/notes/{n}", "type": "Note", "attributedTo": peer.actor, "content": f"{n}", "to": [alice.actor]}
        body = json.dumps({"@context": CONTEXT, "id": f"{peer.base}/acts/{n}", "type": "Create", "actor": peer.actor, "to": [alice.actor], "object": note}).encode()
        creates.append((body, peer.headers(host, body, peer.actor + "#main-key")))
    statuses, verified = send_all(alice, creates)
    check(f"{len(creates)} signed activities are answered 202", statuses == [202] * len(creates), set(statuses))
    check("their key was requested at most three times", peer.asked <= 3, peer.asked)
    print(f"  {verified:.0f} a second, verified and written down; {rate / verified:.1f} times as many deletions")
    arrived = lambda: json.loads(alice.run("--json", "status"))["inbox_waiting"] == 0
    check("and all are applied", eventually(arrived, 120))
    finish()


main()
