"""fediverse-pasture looks at our actor with six actors of its own: unsigned, signed, and behind signed fetches, with
and without a user name. Then a bovine actor talks with us, and sends us all that fediverse-pasture-inputs holds.

Run it with a Python that has fediverse-pasture."""

import json
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from pasture_peer import SCRATCH, Pasture
from fediverse_pasture_inputs import available
from rig import Dassie, check, eventually, fetch, finish, free_port, start

HERE = os.path.dirname(os.path.abspath(__file__))

# Readers without a signature may read the actor and not its posts.
UNSIGNED = {"alice", "dean"}
ALL = ["alice", "bob", "claire", "dean", "emily", "frank"]


PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def main():
    dassie = Dassie()
    checked_by_six(dassie)
    peer = Pasture()
    who = followed(dassie, peer)
    conversation(dassie, peer)
    nobody_else_reads(dassie, peer)
    inputs(dassie, peer, who)
    check("every signature of ours held for bovine", peer.received and not peer.refused, peer.refused)
    finish()


def checked_by_six(dassie):
    port = free_port()
    log = open(os.path.join(SCRATCH, "log"), "w")
    start([sys.executable, os.path.join(HERE, "pasture_app.py"), str(port)], cwd=SCRATCH, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    if not eventually(lambda: fetch(base + "/")[0] < 500, 60):
        raise RuntimeError("pasture did not come up")
    query = urllib.parse.urlencode({"actor_uri": dassie.actor})
    status, body = fetch(f"{base}/?{query}", headers={"Accept": "application/json"})
    check("the checker answers", status == 200, body[:500])
    verdict = json.loads(body)
    print(json.dumps(verdict)[:1500])
    results = verdict.get("result", verdict)
    for name in ALL:
        found = next((v for k, v in results.items() if k.startswith(name)), None)
        check(f"{name} may read the actor", found and found.get("get_actor") is True, found)
        may_post = name not in UNSIGNED
        check(f"{name} {'may' if may_post else 'may not'} post", found and found.get("post_inbox") is may_post, found)


def followed(dassie, peer):
    """Both follow each other. Answers our id of the peer."""
    who = dassie.find(peer.actor)
    check("bovine is found by its address", who["display_name"] == "Bovine", who)
    dassie.post(f"/api/v1/accounts/{who['id']}/follow")
    follow = eventually(lambda: peer.got("Follow"))[0]
    peer.send(dassie, {"id": f"{peer.base}/accepts/1", "type": "Accept", "object": follow})
    relation = lambda: dassie.get(f"/api/v1/accounts/relationships?id[]={who['id']}")[0]
    check("our follow is accepted", eventually(lambda: relation()["following"]))
    peer.send(dassie, {"id": f"{peer.base}/follows/1", "type": "Follow", "object": dassie.actor})
    check("their follow is accepted", eventually(lambda: peer.got("Accept", f"{peer.base}/follows/1")))
    return who["id"]


def home(dassie, uri):
    return next((s for s in dassie.get("/api/v1/timelines/home?limit=40") if s["uri"] == uri), None)


def conversation(dassie, peer):
    for name, to in [("public", [PUBLIC]), ("private", [peer.followers])]:
        uri = peer.note(dassie, f"bovine-{name}", to)
        found = eventually(lambda: home(dassie, uri))
        check(f"their {name} note is on the timeline as {name}", found and found["visibility"] == name, found)
    mention = {"type": "Mention", "href": dassie.actor, "name": "@alice"}
    uri = peer.note(dassie, "bovine-direct", [dassie.actor], tag=[mention])
    told = lambda: [n["status"] for n in dassie.get("/api/v1/notifications") if n.get("status") and n["status"]["uri"] == uri]
    check("their direct note creates a notification and is direct", eventually(told) and told()[0]["visibility"] == "direct", told())
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 3}} for name in ["hay", "grass"]]
    question = {
        "id": f"{peer.base}/polls/1", "type": "Question", "attributedTo": peer.actor, "content": "what to eat", "to": [PUBLIC],
        "anyOf": options, "endTime": "2099-01-01T00:00:00Z",
    }
    peer.send(dassie, {"id": question["id"] + "/create", "type": "Create", "to": [PUBLIC], "object": question})
    poll = eventually(lambda: home(dassie, question["id"]))["poll"]
    check("their poll is on the timeline", [(o["title"], o["votes_count"]) for o in poll["options"]] == [("hay", 3), ("grass", 3)], poll)
    dassie.post(f"/api/v1/polls/{poll['id']}/votes", choices=[0, 1])
    votes = lambda: {a["object"]["name"] for a in peer.got("Create", question["id"])}
    check("they get a vote for each choice", eventually(lambda: votes() == {"hay", "grass"}), votes())
    ours = dassie.post("/api/v1/statuses", status="react, please")
    check("they get our note", eventually(lambda: peer.got("Create", "react, please")))
    peer.send(dassie, {"id": f"{peer.base}/likes/1", "type": "Like", "object": ours["uri"]})
    peer.send(dassie, {"id": f"{peer.base}/reactions/1", "type": "EmojiReact", "object": ours["uri"], "content": "🐄"})
    peer.send(dassie, {"id": f"{peer.base}/reactions/2", "type": "Like", "object": ours["uri"], "content": "🌱"})
    shown = lambda: dassie.get(f"/api/v1/statuses/{ours['id']}")
    names = lambda: sorted(r["name"] for r in shown()["reactions"])
    check("their reactions of both kinds are shown", eventually(lambda: names() == ["🌱", "🐄"]), names())
    check("and their like", shown()["favourites_count"] >= 1, shown())


def nobody_else_reads(dassie, peer):
    """The response for each visibility to bovine's signature, to that of another actor, and to unsigned requests."""
    stranger = Pasture()
    handle = f"@actor@{peer.base.removeprefix('http://')}"
    for visibility, follower, other in [("public", True, True), ("unlisted", True, True), ("private", True, False), ("direct", True, False)]:
        post = dassie.post("/api/v1/statuses", status=f"{handle} {visibility} for cows", visibility=visibility)
        check(f"{visibility}: it is delivered", eventually(lambda: peer.got("Create", f"{visibility} for cows")))
        read = lambda reader: "for cows" in json.dumps(reader.reads(post["uri"]) or {})
        check(f"{visibility}: bovine's signature opens it", read(peer) is follower)
        check(f"{visibility}: another actor's signature {'too' if other else 'does not'}", read(stranger) is other)
        body = fetch(post["uri"], headers={"Accept": "application/activity+json"})[1]
        check(f"{visibility}: without one it is {'open' if other else 'closed'}", ("for cows" in body) is other)


# The inputs of fediverse-pasture-inputs that are not posts, with the reason.
NO_POSTS = {
    ("necessary_properties", 1): "it has no id", ("necessary_properties", 3): "it has no author",
    ("necessary_properties", 4): "it has no type", ("object_types", 10): "it was deleted", ("object_types", 13): "it has no type",
}


def inputs(dassie, peer, who):
    for n in [1, 2]:
        path = f"/assets/note{n}.jsonap"
        peer.shelf[path] = {
            "@context": "https://www.w3.org/ns/activitystreams", "id": peer.base + path, "type": "Note", "to": [PUBLIC],
            "attributedTo": peer.actor, "content": f"note {n}", "published": "2024-01-01T00:00:00Z",
        }
    ids = {(name, n): peer.delivers_input(dassie, e) for name, data in available.items() for n, e in enumerate(data.examples)}
    dassie.settle()
    posts = {}
    path = f"/api/v1/accounts/{who}/statuses?limit=40"
    while page := dassie.get(path + (f"&max_id={min(int(i) for _, i in posts)}" if posts else "")):
        posts.update({(s["uri"], s["id"]): s for s in page})
    posts = {uri: s for (uri, _), s in posts.items()}
    found = {key: posts.get(uri) for key, uri in ids.items()}
    missing = sorted(key for key, status in found.items() if not status)
    check(f"{len(ids)} inputs: all that are posts are stored", len(ids) > 200 and missing == sorted(NO_POSTS), missing)
    every = lambda name: [found[name, n] for n in range(len(available[name].examples)) if found[name, n]]
    row(every, "hashtags", lambda s: "".join(t["name"] for t in s["tags"]),
        ["test", "nohash", "", "", "", "with123", "", "camelcase", "ümläütß", "", "", "牛", "test"])
    row(every, "hashtag_jsonld", lambda s: len(s["tags"]), [1, 1, 0, 1, 1])
    row(every, "content_warnings", lambda s: (s["spoiler_text"], s["sensitive"]),
        [("", True), ("summary", False), ("summary", True), ("", True), ("", True), ("", True), ("", True)])
    row(every, "language", lambda s: (s["content"], s["language"]),
        [("text", None), ("text", "de"), ("text", "en"), ("text", "de"), ("text", "de"), ("Deutsch", "de"), ("English", "en"), ("Deutsch", "de"), ("Deutsch", "de")])
    row(every, "attachments", lambda s: "+".join(m["type"] for m in s["media_attachments"]),
        ["image", "video", "audio", "audio", "", "", "unknown", "unknown", "", "", "+".join(["image"] * 10)])
    row(every, "image_description", lambda s: s["media_attachments"][0]["description"], [None, "summary", "name", None])
    row(every, "image_attachments", lambda s: len(s["media_attachments"]), [1] * 16 + [0])
    row(every, "public_addressing", lambda s: s["visibility"], ["public"] * 3)
    # It quotes itself, which requires no approval.
    row(every, "quotes", lambda s: s["quote"]["state"], ["accepted"] * 5)
    row(every, "in_reply_to", lambda s: s["in_reply_to_id"] is not None, [True, False, True, True, True, False, True])
    row(every, "mentions", lambda s: len(s["mentions"]), [1, 1, 1, 1, 0, 0, 0, 1, 0, 1])
    titled = lambda s: "<strong>name</strong>" in s["content"]
    row(every, "object_types", titled, [True] * 5 + [False] + [True] * 4 + [True, False])
    # A link to another server would let its author speak for that.
    row(every, "url", lambda s: s["url"].startswith(peer.base), [True] * 13)
    html = [s["content"] for name in available if name.startswith("html") for s in every(name)]
    bad = [h for h in html if re.search(r"<(?!/?(p|br|a|span|b|i|u|s|em|strong|del|ins|code|pre|blockquote|[uo]l|li|h\d|sub|sup|small|mark|wbr|ruby|r[tp])\b)|\son\w+=|javascript:", h)]
    check(f"{len(html)} texts have no disallowed elements", len(html) > 100 and not bad, bad[:5])
    loose = [h for h in html if "<a " in h and "nofollow noopener noreferrer" not in h]
    check("every link of theirs is marked as external", not loose, loose[:5])


def row(every, name, of, expected):
    seen = [of(status) for status in every(name)]
    check(f"input {name}", seen == expected, seen)


main()
