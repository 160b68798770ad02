"""Accounts of Dassie and Fedify: follower synchronization, reports, and moves."""

import json
import re
import sqlite3

from fedify_peer import Peer
from rig import Dassie, check, eventually, fetch

ACTIVITY = {"Accept": "application/activity+json"}


def account(alice, actor):
    return alice.find(actor)["id"]


def relation(alice, actor):
    return alice.get(f"/api/v1/accounts/relationships?id[]={account(alice, actor)}")[0]


def followers_are_compared(alice, bob):
    """FEP-8fcf, both ways. Both follow each other."""
    alice.post("/api/v1/statuses", status="private, with a digest", visibility="private")
    sent = lambda: [r["sync"] for r in bob.requests() if "with a digest" in (r["body"] or "")]
    check("they get a private post with the digest of their followers", eventually(lambda: sent() and sent()[0]))
    theirs = bob.ctl("digest", collection=f"{alice.actor}/followers", follower=[bob.actor])["header"]
    digest = lambda header: re.search(r'digest="([0-9a-f]+)"', header).group(1)
    check("it is the one that they reckon", digest(sent()[0]) == digest(theirs), (sent(), theirs))
    url = re.search(r'url="([^"]+)"', sent()[0]).group(1)
    listed = bob.ctl("look_up", object=url, signed=1)["json"]
    check("their signature opens the list of them", listed and bob.actor in json.dumps(listed), listed)
    check("nothing else does", fetch(url, headers=ACTIVITY)[0] == 401)

    def post(n, followers, listed):
        bob.serve(f"/sync/{n}", {"type": "OrderedCollection", "totalItems": len(listed), "orderedItems": listed})
        made = digest(bob.ctl("digest", collection=f"{bob.actor}/followers", follower=followers)["header"])
        header = f'collectionId="{bob.actor}/followers", url="{bob.base}/sync/{n}", digest="{made}"'
        note = {"id": f"{bob.base}/compared/{n}", "type": "Note", "attributedTo": bob.actor, "content": f"compared {n}", "to": f"{bob.actor}/followers"}
        create = {"id": note["id"] + "/create", "type": "Create", "to": note["to"], "object": note}
        bob.raw(alice, create, **{"Collection-Synchronization": header})
        alice.settle()

    follows = lambda: relation(alice, bob.actor)["following"]
    other = alice.base + "/users/somebody"
    post(1, [alice.actor], [alice.actor])
    check("an equal digest causes no request", not bob.asked("/sync/1"), bob.asked("/sync/1"))
    post(2, [alice.actor, other], [alice.actor, other])
    check("where it differs, their list is fetched with a signature", len(bob.asked("/sync/2")) == 1 and bob.asked("/sync/2") != ["none"], bob.asked("/sync/2"))
    check("a list that contains us changes nothing", follows())
    post(3, [other], [other])
    check("one that does not ends our follow", eventually(lambda: not follows()) and bob.asked("/sync/3"))
    alice.post(f"/api/v1/accounts/{account(alice, bob.actor)}/follow")
    check("and we can follow again", eventually(follows))


def complaints(alice, bob):
    mine = alice.post("/api/v1/statuses", status="somebody dislikes this")
    bob.send(alice.actor, {
        "id": f"{bob.base}/flags/1", "type": "Flag", "content": "it is unkind", "object": [alice.actor, mine["uri"]], "to": alice.actor,
    })
    db = sqlite3.connect(f"file:{alice.data}/dassie.db?mode=ro", uri=True)
    kept = lambda: db.execute("SELECT objects, comment FROM reports WHERE uri = ?", [f"{bob.base}/flags/1"]).fetchall()
    check("their report is stored", eventually(kept) and mine["uri"] in kept()[0][0] and "unkind" in kept()[0][1], kept())
    bad = bob.ctl("note", text="complain of me")["id"]
    found = eventually(lambda: [s for s in alice.get("/api/v1/timelines/home") if s["uri"] == bad])[0]
    alice.post("/api/v1/reports", account_id=found["account"]["id"], status_ids=[found["id"]], comment="spam, I think", forward=True)
    check("they get our report", eventually(lambda: bob.bodies("Flag")))
    flag = bob.bodies("Flag")[0]
    check("about the account and its post", flag["object"] == [bob.actor, bad] and "spam" in flag["content"], flag)
    check("in the name of the server alone", flag["actor"] == alice.base + "/actor" and alice.actor not in json.dumps(flag), flag)


def moves(alice, bob, folder, first_knock):
    theirs(alice, bob, Peer(folder, first_knock, "old"), Peer(folder, first_knock, "new"))
    ours(bob)


def theirs(alice, bob, old, new):
    alice.post(f"/api/v1/accounts/{account(alice, old.actor)}/follow")
    follows = lambda peer: relation(alice, peer.actor)["following"]
    check("we follow an account that will move", eventually(lambda: follows(old)))
    move = lambda n, target: old.send(alice.actor, {
        "id": f"{old.base}/moves/{n}", "type": "Move", "object": old.actor, "target": target.actor, "to": f"{old.actor}/followers",
    })
    move(1, bob)
    alice.settle()
    check("a move that the target does not confirm is ignored", follows(old) and not old.got("Undo"))
    new.ctl("become", alias=old.actor)
    old.ctl("become", successor=new.actor)
    move(2, new)
    check("where both say so, we follow the new account", eventually(lambda: follows(new)), new.ctl("log"))
    check("and leave the old one", eventually(lambda: old.got("Undo", "Follow")) and not follows(old))


def ours(bob):
    """The protocol of a move is there before its command: what the command sends (its golden file) is put into the queue."""
    here, there, elsewhere = Dassie("here"), Dassie("there"), Dassie("elsewhere")
    bob.ctl("follow", target=here.actor)
    check("they follow an account of ours", eventually(lambda: relation(here, bob.actor)["followed_by"]))

    def send(n, target):
        document = {
            "@context": "https://www.w3.org/ns/activitystreams", "id": f"{here.actor}#moves/{n}", "type": "Move",
            "actor": here.actor, "object": here.actor, "target": target, "to": [f"{here.actor}/followers"], "cc": [],
        }
        here.stop()
        with sqlite3.connect(f"{here.data}/dassie.db") as db:
            db.execute("UPDATE actors SET moved_to = ? WHERE uri = ?", [target, here.actor])
            db.execute(
                "INSERT INTO outgoing (id, actor_id, uri, kind, body, fan_out, created_at) "
                "SELECT ?, id, ?, 'Move', CAST(? AS BLOB), 1, 1 FROM actors WHERE uri = ?",
                [n, document["id"], json.dumps(document), here.actor],
            )
        here.serve()
        check(f"they get move {n}", eventually(lambda: bob.got("Move", document["id"])))

    send(1, elsewhere.actor)
    check("they do not follow an account that does not say so", not relation(elsewhere, bob.actor)["followed_by"])
    there.stop()
    with sqlite3.connect(f"{there.data}/dassie.db") as db:
        db.execute("UPDATE actors SET also_known_as = ? WHERE uri = ?", [json.dumps([here.actor]), there.actor])
    there.serve()
    send(2, there.actor)
    check("they read what both accounts say, and follow", eventually(lambda: relation(there, bob.actor)["followed_by"]))
