"""Dassie and Fedify, an independent ActivityPub implementation, do everything to each other that two servers do.

Usage: run_fedify.py FOLDER [FIRST-KNOCK]. The folder holds node_modules with the wanted Fedify."""

import json
import os
import shutil
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, eventually, fetch, finish, free_port, start

HERE = os.path.dirname(os.path.abspath(__file__))


class Peer:
    def __init__(self, folder, first_knock):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.actor = f"{self.base}/users/bob"
        # Modules are found from where a file lies, so the peer must lie beside them.
        script = os.path.join(folder, "peer.mjs")
        shutil.copy(os.path.join(HERE, "fedify.mjs"), script)
        own_node = os.path.join(folder, "node_modules", ".bin", "node")
        node = own_node if os.path.exists(own_node) else "node"
        log = open(os.path.join(folder, "peer.log"), "w")
        start([node, script, str(self.port)] + ([first_knock] if first_knock else []), stdout=log, stderr=log)
        if not eventually(lambda: fetch(self.base + "/_ctl/log")[0] == 200, 60):
            raise RuntimeError("the peer did not come up: " + open(log.name).read())

    def ctl(self, action, **query):
        status, body = fetch(f"{self.base}/_ctl/{action}?{urllib.parse.urlencode(query)}")
        if status != 200:
            raise RuntimeError(f"{action}: {body}")
        return json.loads(body)

    def got(self, kind, holds=""):
        """The activities of a kind that arrived and hold some text."""
        return [e for e in self.ctl("log") if e["type"] == kind and holds in json.dumps(e["json"])]


def main():
    folder = os.path.abspath(sys.argv[1])
    first_knock = sys.argv[2] if len(sys.argv) > 2 else None
    alice, bob = Dassie(), Peer(folder, first_knock)
    follow_both_ways(alice, bob)
    ours_reach_them(alice, bob)
    theirs_reach_us(alice, bob)
    signatures(alice, bob, folder, first_knock)
    undo_the_follows(alice, bob)
    finish()


def account(alice, bob):
    return alice.get("/api/v2/search?resolve=true&type=accounts&q=" + urllib.parse.quote(bob.actor, ""))["accounts"][0]


def relation(alice, bob_id):
    return alice.get(f"/api/v1/accounts/relationships?id[]={bob_id}")[0]


def follow_both_ways(alice, bob):
    bob.ctl("note", text="written before anybody followed")
    who = account(alice, bob)
    check("their actor is found by its address", who["username"] == "bob" and who["display_name"] == "Bob", who)
    alice.post(f"/api/v1/accounts/{who['id']}/follow")
    check("our follow is accepted", eventually(lambda: relation(alice, who["id"])["following"]))
    check("they have our Follow", len(bob.got("Follow", alice.actor)) == 1)
    check(
        "their earlier post appears at home after the follow",
        eventually(lambda: any("before anybody" in s["content"] for s in alice.get("/api/v1/timelines/home"))),
    )
    bob.ctl("follow", target=alice.actor)
    check("they have our Accept", eventually(lambda: bob.got("Accept")))
    check("they follow us", eventually(lambda: relation(alice, who["id"])["followed_by"]))
    kinds = [n["type"] for n in alice.get("/api/v1/notifications")]
    check("the owner is told of the follower and of nothing old", kinds == ["follow"], kinds)


def ours_reach_them(alice, bob):
    s = alice.post("/api/v1/statuses", status="hello from the small relative", spoiler_text="a warning")
    check("they get our note", eventually(lambda: bob.got("Create", "small relative")))
    alice.api("PUT", f"/api/v1/statuses/{s['id']}", status="hello again, edited", spoiler_text="")
    check("they get our edit", eventually(lambda: bob.got("Update", "hello again, edited")))
    theirs = bob.ctl("note", text="like and boost me")["id"]
    found = eventually(lambda: [x for x in alice.get("/api/v1/timelines/home") if x["uri"] == theirs])[0]
    for action, kind in [("favourite", "Like"), ("reblog", "Announce")]:
        alice.post(f"/api/v1/statuses/{found['id']}/{action}")
        check(f"they get our {kind}", eventually(lambda: bob.got(kind, theirs)))
    for action, kind in [("unfavourite", "Like"), ("unreblog", "Announce")]:
        alice.post(f"/api/v1/statuses/{found['id']}/{action}")
        check(f"they get our Undo of the {kind}", eventually(lambda: bob.got("Undo", kind)))
    reply = alice.post("/api/v1/statuses", status="a reply", in_reply_to_id=found["id"])
    check("they get our reply", eventually(lambda: bob.got("Create", reply["uri"])))
    alice.api("DELETE", f"/api/v1/statuses/{s['id']}")
    check("they get our delete", eventually(lambda: bob.got("Delete", s["uri"])))
    gone, _ = fetch(s["uri"], headers={"Accept": "application/activity+json"})
    check("what was deleted answers 410", gone == 410, gone)


def home(alice):
    return alice.get("/api/v1/timelines/home?limit=40")


def theirs_reach_us(alice, bob):
    note = bob.ctl("note", text="a note of theirs")["id"]
    check("their note is at home", eventually(lambda: [s for s in home(alice) if s["uri"] == note]))
    bob.ctl("edit", object=note, text="their note, edited")
    check("their edit arrives", eventually(lambda: [s for s in home(alice) if "edited" in s["content"] and s["uri"] == note]))
    edited = [s for s in home(alice) if s["uri"] == note][0]
    states = alice.get(f"/api/v1/statuses/{edited['id']}/history")
    check("its history has both states", [("edited" in s["content"]) for s in states] == [False, True], states)
    bob.ctl("delete", object=note)
    check("their delete arrives", eventually(lambda: not [s for s in home(alice) if s["uri"] == note]))
    mine = alice.post("/api/v1/statuses", status="react to me")
    for action, count, kind in [("like", "favourites_count", "favourite"), ("boost", "reblogs_count", "reblog")]:
        bob.ctl(action, target=alice.actor, object=mine["uri"])
        look = lambda: alice.get(f"/api/v1/statuses/{mine['id']}")[count]
        check(f"their {action} is counted", eventually(lambda: look() == 1), look())
        told = [n["type"] for n in alice.get("/api/v1/notifications")]
        check(f"the owner is told of their {action}", kind in told, told)
        bob.ctl("un" + action, target=alice.actor, object=mine["uri"])
        check(f"their undo of the {action} is counted", eventually(lambda: look() == 0), look())
    bob.ctl("note", text="only between us", to="direct", target=alice.actor)
    told = lambda: [n for n in alice.get("/api/v1/notifications") if n["type"] == "mention"]
    check("their direct message is told", eventually(told))
    check("and is direct", told()[0]["status"]["visibility"] == "direct")
    check("and is not at home", not [s for s in home(alice) if "between us" in s["content"]])


def signatures(alice, bob, folder, first_knock):
    requests = [e for e in bob.ctl("log") if e["type"] == "request"]
    check("every delivery of ours was taken", requests and all(r["status"] in (200, 202) for r in requests), requests)
    log = open(os.path.join(alice.data, "log")).read()
    check("none of their deliveries was refused", "signature" not in log and "panicked" not in log, log[-500:])
    import sqlite3

    db = sqlite3.connect(f"file:{alice.data}/dassie.db?mode=ro", uri=True)
    (spoken,) = db.execute("SELECT max(speaks_rfc9421) FROM hosts").fetchone()
    modern = "fedify15" not in folder and not first_knock
    check("they signed by " + ("RFC 9421" if modern else "draft-cavage-12"), bool(spoken) == modern, spoken)


def undo_the_follows(alice, bob):
    who = account(alice, bob)
    bob.ctl("unfollow", target=alice.actor)
    check("their unfollow arrives", eventually(lambda: not relation(alice, who["id"])["followed_by"]))
    alice.post(f"/api/v1/accounts/{who['id']}/unfollow")
    check("they get our unfollow", eventually(lambda: not bob.ctl("followers")))


main()
