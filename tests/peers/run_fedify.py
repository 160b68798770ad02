"""Dassie and Fedify, an independent ActivityPub implementation, do everything to each other that two servers do.

Usage: run_fedify.py FOLDER [FIRST-KNOCK]. The folder holds node_modules with the wanted Fedify."""

import json
import os
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import fedify_accounts
import fedify_quotes
from fedify_peer import Peer
from rig import Dassie, check, eventually, fetch, finish


def main():
    folder = os.path.abspath(sys.argv[1])
    first_knock = sys.argv[2] if len(sys.argv) > 2 else None
    alice, bob = Dassie(), Peer(folder, first_knock)
    follow_both_ways(alice, bob)
    ours_reach_them(alice, bob)
    theirs_reach_us(alice, bob)
    visibilities(alice, bob)
    polls(alice, bob)
    reactions_and_quotes(alice, bob)
    proofs(alice, bob, Peer(folder, first_knock, "eve"))
    signatures(alice, bob, folder, first_knock)
    forms_of_signature(alice, bob)
    fedify_quotes.both_ways(alice, bob, knows_quotes="fedify15" not in folder)
    fedify_accounts.followers_are_compared(alice, bob)
    fedify_accounts.complaints(alice, bob)
    blocks(alice, bob)
    fedify_accounts.moves(alice, bob, folder, first_knock)
    undo_the_follows(alice, bob)
    finish()


def account(alice, bob):
    return alice.find(bob.actor)


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
    check("the owner is notified of the follower and of nothing old", kinds == ["follow"], kinds)


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
    check("their note is on the timeline", eventually(lambda: [s for s in home(alice) if s["uri"] == note]))
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
        check(f"the owner is notified of their {action}", kind in told, told)
        bob.ctl("un" + action, target=alice.actor, object=mine["uri"])
        check(f"their undo of the {action} is counted", eventually(lambda: look() == 0), look())
    bob.ctl("note", text="only between us", to="direct", target=alice.actor)
    told = lambda: [n for n in alice.get("/api/v1/notifications") if n["type"] == "mention"]
    check("their direct message creates a notification", eventually(told))
    check("and is direct", told()[0]["status"]["visibility"] == "direct")
    check("and is not at home", not [s for s in home(alice) if "between us" in s["content"]])


def visibilities(alice, bob):
    for to, expected in [("unlisted", "unlisted"), ("followers", "private")]:
        note = bob.ctl("note", text=f"for {to}", to=to)["id"]
        found = eventually(lambda: [s for s in home(alice) if s["uri"] == note])
        check(f"their {to} note is on the timeline as {expected}", found and found[0]["visibility"] == expected, found)
    ours = alice.post("/api/v1/statuses", status="for my followers", visibility="private")
    check("they get our followers-only note", eventually(lambda: bob.got("Create", "for my followers")))
    sync = [r["sync"] for r in bob.requests() if r["sync"]]
    check("with the digest of their followers", sync and f"{alice.actor}/followers" in sync[-1], sync)
    check("anonymous clients cannot read it", fetch(ours["uri"], headers={"Accept": "application/activity+json"})[0] == 404)
    check("their signature opens it", bob.ctl("look_up", object=ours["uri"], signed=1)["json"])
    check("and nothing else does", bob.ctl("look_up", object=ours["uri"])["json"] is None)
    alice.api("PATCH", "/api/v1/accounts/update_credentials", display_name="Alice of the rocks")
    check("they get our new name", eventually(lambda: bob.got("Update", "of the rocks")))
    reply = bob.ctl("note", text="an answer of theirs", reply_to=ours["uri"], to="direct", target=alice.actor)["id"]
    found = lambda: alice.get(f"/api/v1/statuses/{ours['id']}/context")["descendants"]
    check("their answer joins our thread", eventually(lambda: [s for s in found() if s["uri"] == reply]))


def polls(alice, bob):
    fields = {"options": ["tea", "coffee"], "expires_in": 600}
    ours = alice.post("/api/v1/statuses", status="a poll", poll=fields)
    check("they get our poll", eventually(lambda: bob.got("Create", "Question")))
    vote = f"{bob.base}/votes/1"
    note = {"id": vote, "type": "Note", "name": "coffee", "inReplyTo": ours["uri"], "attributedTo": bob.actor, "to": alice.actor}
    bob.send(alice.actor, {"id": vote + "/activity", "type": "Create", "to": alice.actor, "object": note})
    counts = lambda: [o["votes_count"] for o in alice.get(f"/api/v1/polls/{ours['id']}")["options"]]
    check("their vote is counted", eventually(lambda: counts() == [0, 1]), counts())
    question = {
        "id": f"{bob.base}/questions/1", "type": "Question", "content": "their poll", "attributedTo": bob.actor,
        "to": "https://www.w3.org/ns/activitystreams#Public", "endTime": "2099-01-01T00:00:00Z",
        "oneOf": [{"type": "Note", "name": n, "replies": {"type": "Collection", "totalItems": 0}} for n in ["yes", "no"]],
    }
    public = "https://www.w3.org/ns/activitystreams#Public"
    bob.send(alice.actor, {"id": f"{bob.base}/questions/1/create", "type": "Create", "to": public, "object": question})
    found = eventually(lambda: [s for s in home(alice) if "their poll" in s["content"]])
    check("their poll is on the timeline", found and [o["title"] for o in found[0]["poll"]["options"]] == ["yes", "no"], found)
    alice.post(f"/api/v1/polls/{found[0]['poll']['id']}/votes", choices=[1])
    got = lambda: [e for e in bob.got("Create", "questions/1") if '"no"' in json.dumps(e["json"])]
    check("they get our vote", eventually(got))


def reactions_and_quotes(alice, bob):
    mine = alice.post("/api/v1/statuses", status="react to this")
    bob.send(alice.actor, {"id": f"{bob.base}/reactions/1", "type": "EmojiReact", "content": "🎉", "object": mine["uri"]})
    shown = lambda: alice.get(f"/api/v1/statuses/{mine['id']}")["reactions"]
    check("their reaction is shown", eventually(lambda: [r["name"] for r in shown()] == ["🎉"]), shown())
    theirs = bob.ctl("note", text="quote and react to me")["id"]
    found = eventually(lambda: [s for s in home(alice) if s["uri"] == theirs])[0]
    alice.post(f"/api/v1/statuses/{found['id']}/react/" + urllib.parse.quote("🎉"))
    check("they get our reaction as a Like", eventually(lambda: bob.got("Like", "🎉")))
    quote = alice.post("/api/v1/statuses", status="see here", quoted_status_id=found["id"])
    check("our quote is accepted where no approval is required", quote["quote"]["state"] == "accepted", quote["quote"])
    create = eventually(lambda: bob.got("Create", "see here"))
    check("they get it with the quoted id", create and theirs in json.dumps(create[0]["json"]), create)
    check("and with a line for readers that know no quotes", "RE: " in json.dumps(create[0]["json"]))


def proofs(alice, bob, eve):
    """Our activities are verified by their proof alone: a third server accepts them from a sender without our key."""
    ours = [r for r in bob.requests() if '"proof"' in (r["body"] or "") and "a poll" in r["body"]]
    check("our public activities carry a proof", ours, len(bob.requests()))
    private = [r for r in bob.requests() if "for my followers" in (r["body"] or "")]
    check("our private ones carry none", private and '"proof"' not in private[0]["body"])
    post = lambda body: fetch(eve.base + "/inbox", "POST", body.encode(), {"Content-Type": "application/activity+json"})[0]
    check("a forged one is refused", post(ours[0]["body"].replace("a poll", "a lie")) == 401)
    check("the real one is taken without a signature", post(ours[0]["body"]) == 202)


def forms_of_signature(alice, bob):
    for form in ["rfc9421", "cavage"]:
        bob.ctl("takes", form=form)
        for n in [1, 2]:
            alice.post("/api/v1/statuses", status=f"{form} alone, {n}")
            check(f"a server that takes {form} alone gets note {n}", eventually(lambda: bob.got("Create", f"{form} alone, {n}")))
    refused = [e["form"] for e in bob.ctl("log") if e["type"] == "refused"]
    check("what it takes is remembered", len(refused) == 2, refused)
    bob.ctl("takes", form="any")


def blocks(alice, bob):
    who = account(alice, bob)
    block = {"id": f"{bob.base}/blocks/1", "type": "Block", "object": alice.actor}
    bob.send(alice.actor, block)
    check("their block ends both follows", eventually(lambda: relation(alice, who["id"])["blocked_by"]))
    check("in both directions", not relation(alice, who["id"])["following"] and not relation(alice, who["id"])["followed_by"])
    bob.send(alice.actor, {"id": f"{bob.base}/blocks/1/undo", "type": "Undo", "object": {"actor": bob.actor, **block}})
    check("and can be undone", eventually(lambda: not relation(alice, who["id"])["blocked_by"]))
    alice.post(f"/api/v1/accounts/{who['id']}/block")
    check("they get our block", eventually(lambda: bob.got("Block")))
    alice.post(f"/api/v1/accounts/{who['id']}/unblock")
    check("and its end", eventually(lambda: bob.got("Undo", "Block")))
    alice.post(f"/api/v1/accounts/{who['id']}/follow")
    bob.ctl("follow", target=alice.actor)
    check("and both can follow again", eventually(lambda: relation(alice, who["id"])["following"] and relation(alice, who["id"])["followed_by"]))


def signatures(alice, bob, folder, first_knock):
    requests = bob.requests()
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
