"""Two Dassie servers and two versions of Fedify hold one conversation in each visibility. Everything that a visitor
or an unrelated server can request is crawled: no text may appear outside its audience.

Usage: run_conversation.py FOLDER FOLDER. Each folder holds node_modules with a Fedify."""

import json
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fedify_peer import Peer
from rig import Dassie, check, eventually, fetch, finish

ACTIVITY = {"Accept": "application/activity+json"}
OPEN = ["public", "unlisted"]
CLOSED = ["private", "direct"]


def handle(who):
    return f"@{who.user if isinstance(who, Dassie) else who.name}@{who.base.removeprefix('http://')}"


def main():
    modern, old = (os.path.abspath(folder) for folder in sys.argv[1:3])
    alice, carol = Dassie("alice"), Dassie("carol")
    bob, dave, frank = Peer(modern), Peer(old, name="dave"), Peer(modern, name="frank")
    meet(alice, carol, bob, dave)
    words = {v: talk(v, alice, carol, bob, dave) for v in OPEN + CLOSED}
    everybody_reads(words, alice, carol, bob, dave)
    nobody_else_reads(words, alice, carol, bob, dave, frank)
    finish()


def account(me, other):
    return me.get("/api/v2/search?resolve=true&type=accounts&q=" + urllib.parse.quote(other.actor, ""))["accounts"][0]["id"]


def meet(alice, carol, bob, dave):
    """All follow Carol; Alice, Carol and Bob follow each other; Dave follows only Carol."""
    for me, others in [(alice, [carol, bob, dave]), (carol, [alice, bob, dave])]:
        for other in others:
            me.post(f"/api/v1/accounts/{account(me, other)}/follow")
    bob.ctl("follow", target=alice.actor)
    bob.ctl("follow", target=carol.actor)
    dave.ctl("follow", target=carol.actor)
    relation = lambda me, other: me.get(f"/api/v1/accounts/relationships?id[]={account(me, other)}")[0]
    followed = lambda: all(
        relation(me, other)["following"] for me, other in [(alice, carol), (alice, bob), (carol, alice), (carol, bob)]
    )
    check("they follow each other", eventually(followed))
    check("and are followed", eventually(lambda: relation(alice, bob)["followed_by"] and relation(carol, dave)["followed_by"]))


def talk(visibility, alice, carol, bob, dave):
    """Alice begins, Carol answers, Bob answers Carol, and Dave, where he may read it, answers Alice. Answers what each
    of them said: a word that is found nowhere else, and the id."""
    said = {}
    word = lambda who: f"canary{visibility}{who}"
    names = " ".join(handle(o) for o in ([carol, bob] if visibility == "direct" else []))
    first = alice.post("/api/v1/statuses", status=f"{word('alice')} {names}", visibility=visibility)
    said["alice"] = first["uri"]
    found = eventually(lambda: find(carol, word("alice")))
    check(f"{visibility}: carol's server has it", found)
    names = " ".join(handle(o) for o in [alice, bob])
    second = carol.post(
        "/api/v1/statuses", status=f"{word('carol')} {names}", visibility=visibility, in_reply_to_id=found["id"]
    )
    said["carol"] = second["uri"]
    check(f"{visibility}: bob's server has the answer", eventually(lambda: bob.got("Create", word("carol"))))
    to = {"private": "followers"}.get(visibility, visibility)
    said["bob"] = bob.ctl("note", text=word("bob"), to=to, reply_to=second["uri"], target=carol.actor)["id"]
    if visibility in OPEN:
        check(f"{visibility}: dave's server has the answer", eventually(lambda: dave.got("Create", word("carol"))))
        said["dave"] = dave.ctl("note", text=word("dave"), to="direct", reply_to=first["uri"], target=alice.actor)["id"]
    return said


def find(me, word):
    for path in ["/api/v1/timelines/home?limit=40", "/api/v1/notifications?limit=40"]:
        for item in me.get(path):
            status = item.get("status", item) or {}
            if word in status.get("content", ""):
                return status
    return None


def everybody_reads(words, alice, carol, bob, dave):
    for visibility, said in words.items():
        thread = find(carol, f"canary{visibility}alice")
        texts = lambda: json.dumps(carol.get(f"/api/v1/statuses/{thread['id']}/context")["descendants"])
        check(f"{visibility}: carol sees her own answer and bob's", eventually(
            lambda: all(f"canary{visibility}{who}" in texts() for who in ["carol", "bob"])), texts()[:300])
        check(f"{visibility}: bob has alice's word", eventually(lambda: bob.got("Create", f"canary{visibility}alice")))
        if "dave" in said:
            mine = find(alice, f"canary{visibility}alice")
            texts = lambda: json.dumps(alice.get(f"/api/v1/statuses/{mine['id']}/context")["descendants"])
            check(f"{visibility}: alice sees dave's answer", eventually(lambda: f"canary{visibility}dave" in texts()))


def nobody_else_reads(words, alice, carol, bob, dave, frank):
    check("dave never got what alice wrote for her followers or for others", not dave.got("Create", "canaryprivatealice")
          and not dave.got("Create", "canarydirect"))
    check("frank, who follows no one, got nothing", not frank.got("Create"))
    # Dave's answers were for alice alone, and so were Bob's direct and followers-only ones for their readers.
    closed = re.compile("canary(?:private|direct)[a-z]*|canary(?:public|unlisted)dave")
    for server in [alice, carol]:
        pages, leaks = crawl(server, closed)
        check(f"{server.user}: {pages} pages as a visitor contain no private text", pages > 60 and not leaks, leaks)
        answers = {path: frank.ctl("read", object=server.base + path) for path in activity_paths(server)}
        leaks = [path for path, answer in answers.items() if closed.search(answer["text"])]
        asked = len(answers)
        check(f"{server.user}: {asked} documents for an unrelated signer contain no private text", asked > 10 and not leaks, leaks)
        # With invalid signatures, or without any documents, nothing would leak either.
        proven = frank.ctl("read", object=server.actor + "/followers_synchronization")
        check(f"{server.user}: its signature is valid where one is required", proven["status"] == 200, proven)
        whole = "".join(answer["text"] for answer in answers.values() if answer["status"] == 200)
        own = [f"canary{visibility}{server.user}" for visibility in OPEN]
        check(f"{server.user}: it reads what is open", all(word in whole for word in own), (own, whole[:300]))
    uri = words["private"]["carol"]
    check("a follower's signature opens what is for followers", dave.ctl("look_up", object=uri, signed=1)["json"])
    uri = words["direct"]["carol"]
    check("but not what is for others", dave.ctl("look_up", object=uri, signed=1)["json"] is None)
    check("and the mentioned actor reads it", bob.ctl("look_up", object=uri, signed=1)["json"])


def statuses(server):
    """The ids of everything that the server holds, as its owner knows them."""
    ids = set()
    for path in ["/api/v1/timelines/home?limit=40", "/api/v1/notifications?limit=40"]:
        for item in server.get(path):
            status = item["status"] if "type" in item and "status" in item else item
            if "content" in status:
                ids.add((status["id"], status["account"]["id"], status["account"]["username"] == server.user))
                for part in server.get(f"/api/v1/statuses/{status['id']}/context").values():
                    ids.update((s["id"], s["account"]["id"], s["account"]["username"] == server.user) for s in part)
    return ids


def activity_paths(server):
    user = f"/users/{server.user}"
    paths = [user + part for part in ["", "/outbox", "/outbox?page=true", "/followers", "/following", "/collections/featured", "/liked"]]
    for status, _, own in statuses(server):
        if own:
            paths += [f"{user}/statuses/{status}{part}" for part in ["", "/activity", "/replies", "/replies?page=true", "/context", "/likes"]]
    return paths


def crawl(server, closed):
    """Fetches everything that can be named or is linked to, without a signature or cookie."""
    user = f"/@{server.user}"
    waiting = ["/", user, user + "/with_replies", user + "/media", user + "/feed.atom", "/about", "/api/v1/timelines/public",
               "/api/v1/timelines/public?local=true", "/api/v2/search?q=canary", "/search?q=canary", "/home", "/notifications"]
    waiting += activity_paths(server)
    for status, author, _ in statuses(server):
        waiting += [f"{user}/{status}", f"/t/{status}", f"/x/{status}", f"/posts/{status}"]
        waiting += [f"/api/v1/statuses/{status}{part}" for part in ["", "/context", "/history", "/source", "/favourited_by"]]
        waiting += [f"/api/v1/accounts/{author}/statuses", f"/api/v1/accounts/{author}/statuses?pinned=true"]
    seen, leaks = set(), []
    while waiting and len(seen) < 2_000:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for headers in [{}, ACTIVITY]:
            _, body = fetch(server.base + path, headers=headers)
            if closed.search(body):
                leaks.append(path)
            for link in re.findall(r'(?:href|src|action)="([^"]+)"|"(http[^"]+)"', body):
                link = (link[0] or link[1]).replace("&amp;", "&")
                link = link.removeprefix(server.base)
                if link.startswith("/") and not link.startswith(("/static", "/media")):
                    waiting.append(link.split("#")[0])
    return len(seen), leaks


main()
