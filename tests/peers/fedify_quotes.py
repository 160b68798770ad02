"""Quotes with approval (FEP-044f) between Dassie and a Fedify peer, both ways."""

import json

from rig import check, eventually, fetch

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTIVITY = {"Accept": "application/activity+json"}


def both_ways(alice, bob, knows_quotes):
    """`knows_quotes`: this Fedify has the types in its vocabulary, so that what it writes is its own."""
    theirs_of_ours(alice, bob, knows_quotes)
    ours_of_theirs(alice, bob)


def quote_at_home(alice, text):
    found = [s for s in alice.get("/api/v1/timelines/home?limit=40") if text in s["content"]]
    return (found[0]["quote"] or {}) if found else {}


def theirs_of_ours(alice, bob, knows_quotes):
    ours = alice.post("/api/v1/statuses", status="worth quoting by them")
    note = {
        "id": f"{bob.base}/quoting/1", "type": "Note", "attributedTo": bob.actor, "content": "they quote us", "to": PUBLIC,
        "quote": ours["uri"],
    }
    bob.serve("/quoting/1", note)
    request = {"id": f"{bob.base}/quoting/1/ask", "type": "QuoteRequest", "object": ours["uri"], "instrument": note["id"], "to": alice.actor}
    if knows_quotes:
        bob.send(alice.actor, request)
    else:
        bob.raw(alice, request)
    mine = lambda: [a for a in bob.bodies("Accept") if request["id"] in json.dumps(a["object"])]
    check("their quote is allowed", eventually(mine))
    stamp = mine()[0].get("result")
    check("the approval has a URL on our server", stamp and stamp.startswith(alice.actor), mine())
    if knows_quotes:
        read = bob.ctl("look_up", object=stamp)["json"]
        check("their vocabulary reads the approval", read and read["type"] == "QuoteAuthorization", read)
    document = json.loads(fetch(stamp, headers=ACTIVITY)[1])
    said = [document[k] for k in ["attributedTo", "interactingObject", "interactionTarget"]]
    check("it names us, their post and ours", said == [alice.actor, note["id"], ours["uri"]], document)
    note["quoteAuthorization"] = stamp
    create = {"id": note["id"] + "/create", "type": "Create", "to": PUBLIC, "object": note}
    if knows_quotes:
        bob.send(alice.actor, create)
    else:
        bob.raw(alice, create)
    state = lambda: quote_at_home(alice, "they quote us").get("state")
    check("their post with the approval shows ours", eventually(lambda: state() == "accepted"), state())
    told = [n for n in alice.get("/api/v1/notifications?limit=40") if n["type"] == "quote"]
    check("the owner is notified", len(told) == 1, told)
    alice.post(f"/api/v1/statuses/{ours['id']}/quotes/{told[0]['status']['id']}/revoke")
    gone = lambda: [a for a in bob.bodies("Delete") if stamp in json.dumps(a["object"])]
    check("they are notified that the approval is revoked", eventually(gone))
    check("it answers 410", fetch(stamp, headers=ACTIVITY)[0] == 410)
    check("their post no longer shows ours", state() == "revoked", state())


def ours_of_theirs(alice, bob):
    note = {
        "id": f"{bob.base}/quotable/1", "type": "Note", "attributedTo": bob.actor, "content": "quote me, but ask", "to": PUBLIC,
        "interactionPolicy": {"canQuote": {"automaticApproval": PUBLIC}},
    }
    bob.serve("/quotable/1", note)
    bob.raw(alice, {"id": note["id"] + "/create", "type": "Create", "to": PUBLIC, "object": note})
    found = eventually(lambda: [s for s in alice.get("/api/v1/timelines/home?limit=40") if s["uri"] == note["id"]])[0]
    ours = alice.post("/api/v1/statuses", status="we quote them", quoted_status_id=found["id"])
    check("our quote waits for their word", ours["quote"]["state"] == "pending", ours["quote"])
    asked = lambda: [a for a in bob.bodies("QuoteRequest") if a["object"] == note["id"]]
    check("they get a QuoteRequest", eventually(asked))
    request = asked()[0]
    instrument = request["instrument"]
    check("with our post inside", instrument["id"] == ours["uri"] and "we quote them" in instrument["content"], request)
    stamp = f"{bob.base}/stamps/1"
    bob.serve("/stamps/1", {
        "type": "QuoteAuthorization", "attributedTo": bob.actor, "interactingObject": ours["uri"], "interactionTarget": note["id"],
    })
    bob.raw(alice, {"id": stamp + "/accept", "type": "Accept", "to": alice.actor, "object": request["id"], "result": stamp})
    state = lambda: alice.get(f"/api/v1/statuses/{ours['id']}")["quote"]["state"]
    check("their Accept makes it a quote", eventually(lambda: state() == "accepted"), state())
    told = lambda: [a for a in bob.bodies("Update") if a["object"].get("quoteAuthorization") == stamp]
    check("an Update contains their approval", eventually(told))
    bob.raw(alice, {"id": stamp + "/delete", "type": "Delete", "to": alice.actor, "object": stamp})
    check("they may take it back", eventually(lambda: state() == "revoked"), state())
