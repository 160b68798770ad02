"""Many deliveries to many servers, half of them dead in different ways, and a kill in the middle.

Nothing for a server that lives is lost or out of order, and it does not wait for the dead ones: when each living server
had everything is compared with a run in which all servers live.
Usage: run.py DELIVERIES HOSTS."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, eventually, finish, free_port

DEAD = ["refuses", "hangs", "resets", "answers 500", "is gone"]


class Hosts:
    """Servers on one machine, each at its own port."""

    def __init__(self, count, with_dead=True):
        self.received = {}
        self.connects = {}
        self.kinds = {}
        self.last = {}
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        for n in range(count):
            kind = DEAD[n // 2 % len(DEAD)] if n % 2 else "lives"
            if kind == "lives" or with_dead:
                asyncio.run_coroutine_threadsafe(self.open(kind), self.loop).result()

    async def open(self, kind):
        if kind == "refuses":
            port = free_port()
        else:
            server = await asyncio.start_server(lambda r, w: self.serve(kind, port, r, w), "127.0.0.1", 0, backlog=64)
            port = server.sockets[0].getsockname()[1]
        self.kinds[port] = kind
        self.received[port] = []
        self.connects[port] = 0

    async def serve(self, kind, port, reader, writer):
        self.connects[port] += 1
        try:
            while kind == "hangs":
                await asyncio.sleep(60)
            if kind == "resets":
                writer.transport.abort()
                return
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length.group(1)) if length else 0)
                status = {"answers 500": "500 Oops", "is gone": "410 Gone"}.get(kind, "202 Accepted")
                if kind == "lives" and body:
                    content = json.loads(body).get("object", {}).get("content", "")
                    self.received[port] += [int(n) for n in re.findall(r"number (\d+)", content)]
                    self.last[port] = time.time()
                writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def living(self):
        return [port for port, kind in self.kinds.items() if kind == "lives"]

    def arrived(self):
        return sum(len(set(self.received[port])) for port in self.living())


def p95(times):
    return sorted(times)[int(len(times) * 0.95)]


def seed(alice, hosts):
    """A follower on each of the servers, written straight into the database."""
    db = sqlite3.connect(f"{alice.data}/dassie.db")
    (owner,) = db.execute("SELECT value FROM settings WHERE key = 'owner'").fetchone()
    for n, port in enumerate(hosts.kinds):
        actor, uri = 1_000 + n, f"http://127.0.0.1:{port}/users/fan"
        db.execute(
            "INSERT INTO actors (id, uri, kind, username, domain, host, inbox, created_at, updated_at, fetched_at) "
            "VALUES (?, ?, 0, 'fan', ?, ?, ?, 1, 1, 9000000000000)",
            (actor, uri, f"127.0.0.1:{port}", f"127.0.0.1:{port}", uri + "/inbox"),
        )
        db.execute(
            "INSERT INTO follows (id, uri, follower_id, target_id, accepted, created_at) VALUES (?, ?, ?, ?, 1, 1)",
            (actor, uri + "#follow", actor, int(owner)),
        )
    db.commit()
    db.close()


def run(hosts, posts, kill):
    """Posts, perhaps with a kill in the middle, until all that lives has everything. Answers the server, and after how
    many seconds 95 in 100 of the living servers had everything."""
    alice = Dassie()
    alice.process.kill()
    alice.process.wait()
    seed(alice, hosts)
    alice.serve()
    wanted = posts * len(hosts.living())
    began = time.time()
    for n in range(posts):
        alice.post("/api/v1/statuses", status=f"number {n}")
    if kill:
        eventually(lambda: hosts.arrived() >= wanted * 0.3, 120)
        at = hosts.arrived()
        alice.process.send_signal(signal.SIGKILL)
        alice.process.wait()
        alice.serve()
        print(f"  killed and started again after {at} of {wanted} had arrived")
    done = eventually(lambda: hosts.arrived() == wanted, 300)
    check(f"all {wanted} deliveries to {len(hosts.living())} living servers arrived", done, hosts.arrived())
    return alice, p95([hosts.last.get(port, time.time()) - began for port in hosts.living()])


def main():
    deliveries, count = int(sys.argv[1]), int(sys.argv[2])
    posts = max(1, deliveries // count)
    alone = Hosts(count, with_dead=False)
    alice, without = run(alone, posts, kill=False)
    alice.process.kill()
    print(f"  after {without:.1f} s 95 in 100 of {len(alone.living())} servers that all live had everything")
    hosts = Hosts(count)
    alice, among = run(hosts, posts, kill=True)
    print(f"  after {among:.1f} s the same among {count - len(hosts.living())} dead ones, with a kill and a start")
    # The start, and what was under way at the kill, cost some seconds.
    check("dead hosts do not delay live ones", among <= 2 * without + 10, (among, without))
    firsts = [list(dict.fromkeys(hosts.received[port])) for port in hosts.living()]
    check("each server got them in order", all(f == sorted(f) for f in firsts))
    repeats = sum(len(hosts.received[port]) - len(set(hosts.received[port])) for port in hosts.living())
    check("only what was under way came twice", repeats <= 80, repeats)
    for kind in DEAD[1:]:
        most = max(hosts.connects[port] for port, k in hosts.kinds.items() if k == kind)
        print(f"  at most {most} connections to one server that {kind}")
        check(f"a server that {kind} is left in peace", most <= posts + 10 if kind == "is gone" else most <= 4, most)
    db = sqlite3.connect(f"file:{alice.data}/dassie.db?mode=ro", uri=True)
    dead = posts * sum(kind not in ("lives", "is gone") for kind in hosts.kinds.values())
    waiting = lambda: db.execute("SELECT count(*) FROM deliveries").fetchone()[0]
    # The hosts that are gone may receive their delivery after the last one to a live host.
    check("the remaining deliveries are for dead hosts", eventually(lambda: waiting() == dead, 60), (waiting(), dead))
    finish()


main()
