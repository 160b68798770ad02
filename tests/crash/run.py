"""A server that is killed again and again, under posting and under deliveries into its inbox.

Whatever it acknowledged is there after each restart, exactly once, and every delivery of its own arrives.
Usage: run.py KILLS. Run it with a Python that has cryptography and requests."""

import base64
import hashlib
import http.server
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from email.utils import formatdate

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, eventually, finish

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Peer:
    """A follower with an inbox of its own, that also sends."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.received = []
        peer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = json.dumps(peer.document()).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/activity+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    # The server was killed in the middle of it.
                    self.close_connection = True
                    return
                peer.received.append(json.loads(body))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                # Connections of a server that is killed break, as they should; anything else is worth a traceback.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{server.server_port}"
        self.actor = f"{self.base}/users/peer"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def document(self):
        pem = self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return {
            "@context": "https://www.w3.org/ns/activitystreams", "id": self.actor, "type": "Person", "preferredUsername": "peer",
            "inbox": f"{self.actor}/inbox", "outbox": f"{self.actor}/outbox", "followers": f"{self.actor}/followers",
            "publicKey": {"id": f"{self.actor}#main-key", "owner": self.actor, "publicKeyPem": pem.decode()},
        }

    def deliver(self, dassie, activity):
        body = json.dumps(activity).encode()
        host = dassie.base.split("//")[1]
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        date = formatdate(usegmt=True)
        text = f"(request-target): post /inbox\nhost: {host}\ndate: {date}\ndigest: {digest}"
        signed = base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        header = f'keyId="{self.actor}#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="{signed}"'
        headers = {"Date": date, "Digest": digest, "Signature": header, "Content-Type": "application/activity+json"}
        return requests.post(dassie.base + "/inbox", data=body, headers=headers, timeout=10).status_code

    def note(self, n):
        note = f"{self.base}/notes/{n}"
        return {
            "@context": "https://www.w3.org/ns/activitystreams", "id": f"{note}/activity", "type": "Create", "actor": self.actor, "to": [PUBLIC],
            "object": {"id": note, "type": "Note", "attributedTo": self.actor, "content": f"incoming {n}", "to": [PUBLIC]},
        }


def until(stopping, f):
    """Calls f with a growing number until the stop; a lost connection is no answer."""
    n = 0
    while not stopping.is_set():
        try:
            f(n)
        except requests.RequestException:
            time.sleep(0.01)
        n += 1


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    dassie, peer = Dassie(), Peer()
    follow = {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{peer.base}/f/1", "type": "Follow", "actor": peer.actor, "object": dassie.actor}
    check("the peer follows", peer.deliver(dassie, follow) == 202)
    check("the follow is accepted", eventually(lambda: any(a["type"] == "Accept" for a in peer.received)))
    found = dassie.get("/api/v2/search?resolve=true&q=" + requests.utils.quote(peer.actor, ""))["accounts"][0]
    dassie.post(f"/api/v1/accounts/{found['id']}/follow")
    ours = eventually(lambda: [a for a in peer.received if a["type"] == "Follow"])[0]
    accept = {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{peer.base}/a/1", "type": "Accept", "actor": peer.actor, "object": ours}
    check("our follow is accepted", peer.deliver(dassie, accept) == 202)

    posted, taken, stopping = [], [], threading.Event()
    bearer = {"Authorization": f"Bearer {dassie.token}"}

    def post(worker):
        def one(n):
            answer = requests.post(dassie.base + "/api/v1/statuses", headers=bearer, data={"status": f"outgoing {worker}-{n}"}, timeout=10)
            if answer.status_code == 200:
                posted.append(answer.json()["uri"])
        return one

    def send(worker):
        def one(n):
            if peer.deliver(dassie, peer.note(f"{worker}-{n}")) == 202:
                taken.append(f"{peer.base}/notes/{worker}-{n}")
        return one

    workers = [threading.Thread(target=until, args=(stopping, make(w))) for w in range(2) for make in (post, send)]
    for worker in workers:
        worker.start()
    for _ in range(kills):
        time.sleep(random.uniform(0.2, 0.8))
        dassie.process.send_signal(signal.SIGKILL)
        dassie.process.wait()
        dassie.serve()
    time.sleep(0.5)
    stopping.set()
    for worker in workers:
        worker.join()
    print(f"  {kills} kills, {len(posted)} posts and {len(taken)} incoming activities acknowledged")
    verify(dassie, peer, posted, taken)
    finish()


def verify(dassie, peer, posted, taken):
    db = sqlite3.connect(f"file:{dassie.data}/dassie.db?mode=ro", uri=True)
    waiting = lambda: sum(db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("inbox_queue", "deliveries", "outgoing"))
    check("the queues are empty in the end", eventually(lambda: waiting() == 0, 150), waiting())
    here = [uri for (uri,) in db.execute("SELECT uri FROM statuses")]
    check("there was something to lose", len(posted) > 20 and len(taken) > 20)
    check("every acknowledged post is there", set(posted) <= set(here), len(set(posted) - set(here)))
    check("every 202 had its effect", set(taken) <= set(here), len(set(taken) - set(here)))
    check("nothing is there twice", len(here) == len(set(here)))
    home = [uri for (uri,) in db.execute("SELECT s.uri FROM timelines t JOIN statuses s ON s.id = t.status_id")]
    check("and all of it is on the timeline", set(posted) | set(taken) <= set(home))
    arrived = [a["object"]["id"] for a in peer.received if a["type"] == "Create"]
    check("every delivery arrived", set(posted) <= set(arrived), len(set(posted) - set(arrived)))
    check("the database is whole", db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


main()
