"""Real clients against a running Dassie: Mastodon.py through the real sign-in and authorization pages, and toot.

Run it with a Python that has Mastodon.py, toot, requests and pillow."""

import base64
import hashlib
import html.parser
import io
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

import requests
from mastodon import Mastodon
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from live import push, streaming
import relations
from rig import PASSWORD, Dassie, check, finish

OOB = "urn:ietf:wg:oauth:2.0:oob"


class Page(html.parser.HTMLParser):
    """The hidden fields of a page's last form with a button, and the value of the code field."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.code, self.action = {}, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.action, self.fields = a.get("action"), {}
        if tag == "input" and a.get("type") == "hidden":
            self.fields[a["name"]] = a.get("value", "")
        if tag == "input" and a.get("class") == "code":
            self.code = a["value"]


def consent(base, address, decision="allow"):
    """Signs in and authorizes an app as a person does, page by page. Returns the last response."""
    browser = requests.Session()
    login = browser.get(address)
    assert "/login" in login.url, login.url
    fields = Page(login.text).fields
    asked = browser.post(base + "/login", data={**fields, "username": "alice", "password": PASSWORD})
    assert asked.status_code == 200, asked.text[:500]
    form = Page(asked.text)
    answer = {**form.fields, "decision": decision}
    return browser.post(base + form.action, data=answer, allow_redirects=False)


def log_in(dassie):
    client_id, client_secret = Mastodon.create_app(
        "test suite", scopes=["read", "write", "follow"], redirect_uris=OOB, api_base_url=dassie.base
    )
    api = Mastodon(client_id=client_id, client_secret=client_secret, api_base_url=dassie.base)
    address = api.auth_request_url(scopes=["read", "write", "follow"], redirect_uris=OOB, allow_http=True)
    page = consent(dassie.base, address)
    check("the authorization page shows a code", page.status_code == 200 and Page(page.text).code)
    api.log_in(code=Page(page.text).code, redirect_uri=OOB, scopes=["read", "write", "follow"], allow_http=True)
    check("Mastodon.py is signed in", api.account_verify_credentials().username == "alice")
    return api


def redirects(dassie):
    """An app in the browser: PKCE, state, a redirect, a refusal, a code used twice."""
    back = "http://localhost:9/done?x=1"
    app = requests.post(dassie.base + "/api/v1/apps", json={"client_name": "web", "redirect_uris": [back], "scopes": "read"}).json()
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {"client_id": app["client_id"], "redirect_uri": back, "response_type": "code", "scope": "read", "state": "a b&c",
             "code_challenge": challenge, "code_challenge_method": "S256"}
    address = f"{dassie.base}/oauth/authorize?{urllib.parse.urlencode(query)}"
    denied = consent(dassie.base, address, "deny")
    check("a refusal goes back to the app", "error=access_denied" in denied.headers["location"], denied.headers)
    allowed = consent(dassie.base, address)
    went = urllib.parse.parse_qs(urllib.parse.urlparse(allowed.headers["location"]).query)
    check("the state comes back as it was", went["state"] == ["a b&c"] and went["x"] == ["1"], went)
    ask = {"grant_type": "authorization_code", "client_id": app["client_id"], "redirect_uri": back, "code": went["code"][0]}
    wrong = requests.post(dassie.base + "/oauth/token", data={**ask, "code_verifier": "w" * 50})
    check("a wrong verifier is refused", wrong.status_code == 400 and wrong.json()["error"] == "invalid_grant", wrong.text)
    right = requests.post(dassie.base + "/oauth/token", json={**ask, "code_verifier": verifier})
    check("the right one gets a token, without a secret", right.status_code == 200 and right.json()["token_type"] == "Bearer", right.text)
    bearer = {"Authorization": "Bearer " + right.json()["access_token"]}
    look = lambda: requests.get(dassie.base + "/api/v1/accounts/verify_credentials", headers=bearer).status_code
    check("the token works", look() == 200)
    posted = requests.post(dassie.base + "/api/v1/statuses", headers=bearer, json={"status": "x"})
    check("but not beyond its scope", posted.status_code == 403, posted.text)
    again = requests.post(dassie.base + "/oauth/token", json={**ask, "code_verifier": verifier})
    check("a code used twice is refused and its token ends", again.status_code == 400 and look() == 401)


def statuses(api):
    made = {v: api.status_post(f"a {v} post", visibility=v) for v in ["public", "unlisted", "private", "direct"]}
    check("all four visibilities", all(made[v].visibility == v for v in made))
    once = [api.status_post("only once", idempotency_key="key") for _ in range(2)]
    check("an idempotency key posts once", once[0].id == once[1].id)
    picture = io.BytesIO()
    Image.effect_mandelbrot((640, 480), (-2, -1.5, 1, 1.5), 50).save(picture, "PNG")
    media = api.media_post(picture.getvalue(), mime_type="image/png", description="a fractal", focus=(0.5, -0.5))
    check("an upload is ready at once", media.url and media.blurhash and media.meta.original.width == 640, media)
    media = api.media_update(media.id, description="the Mandelbrot set")
    s = api.status_post("with a picture #fractal", media_ids=[media.id], sensitive=True, spoiler_text="maths", language="en")
    check("a post with a picture", s.media_attachments[0].description == "the Mandelbrot set" and s.sensitive and s.spoiler_text == "maths")
    check("the picture can be had", requests.get(s.media_attachments[0].preview_url).headers["content-type"].startswith("image/"))
    check("its hashtag", [t.name for t in s.tags] == ["fractal"])
    edited = api.status_update(s.id, "with a picture, edited #fractal", media_ids=[media.id])
    check("an edit", "edited" in edited.content and edited.edited_at and len(edited.media_attachments) == 1)
    check("its history", len(api.status_history(s.id)) == 2)
    check("its source", api.status_source(s.id).text == "with a picture, edited #fractal")
    reply = api.status_post("a reply", in_reply_to_id=s.id)
    thread = api.status_context(s.id)
    check("its thread", [d.id for d in thread.descendants] == [reply.id] and api.status_context(reply.id).ancestors[0].id == s.id)
    for do, undo, field in [("favourite", "unfavourite", "favourited"), ("reblog", "unreblog", "reblogged"), ("bookmark", "unbookmark", "bookmarked"),
                            ("pin", "unpin", "pinned"), ("mute", "unmute", "muted")]:
        getattr(api, f"status_{do}")(s.id)
        on = api.status(s.id)[field]
        getattr(api, f"status_{undo}")(s.id)
        check(f"{do} and its undo", on is True and api.status(s.id)[field] is False)
    gone = api.status_delete(reply.id)
    check("a deleted post comes back with its source", gone.text == "a reply")
    check("and is gone", api.status_context(s.id).descendants == [])
    return s


def paging(api):
    ids = [api.status_post(f"post number {i}").id for i in range(150)]
    newest_first = sorted(ids, key=int, reverse=True)
    seen, page = [], api.timeline_home(limit=40)
    while page:
        seen += [s.id for s in page]
        page = api.fetch_next(page)
    seen = [i for i in seen if i in set(ids)]
    check("150 posts downwards, no gap and no repeat", seen == newest_first, f"{len(seen)} of 150")
    up, cursor = [], str(int(ids[0]) - 1)
    while True:
        page = api.timeline_home(limit=37, min_id=cursor)
        if not page:
            break
        up += [s.id for s in reversed(page)]
        cursor = page[0].id
    check("150 posts upwards, no gap and no repeat", up == ids, f"{len(up)} of 150")


def the_rest(api):
    me = api.account_verify_credentials()
    changed = api.account_update_credentials(display_name="Alice ✨", note="about me https://example.org", fields=[("web", "https://example.org")], locked=False)
    check("the profile changes", changed.display_name == "Alice ✨" and changed.source.note.startswith("about") and changed.fields[0].name == "web")
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(picture, "JPEG")
    changed = api.account_update_credentials(avatar=picture.getvalue(), avatar_mime_type="image/jpeg")
    check("the avatar changes and nothing else does", "/media/" in changed.avatar and changed.display_name == "Alice ✨")
    check("lookup", api.account_lookup("alice").id == me.id)
    check("search", any(s.id for s in api.search_v2("Mandelbrot fractal picture", result_type="statuses").statuses) or api.search_v2("edited").statuses)
    check("relationships of oneself", api.account_relationships(me.id)[0].following is False)
    check("followers and following are lists", api.account_followers(me.id) == [] and api.account_following(me.id) == [])
    check("notifications", api.notifications() == [])
    api.markers_set(["home"], [api.timeline_home(limit=1)[0].id])
    check("markers", "home" in api.markers_get(["home"]))
    check("preferences", api.preferences()["posting:default:visibility"] == "public")
    check("instance", api.instance_v2().domain and api.instance_v1().uri)
    check("public and hashtag timelines", api.timeline_public() and api.timeline_hashtag("fractal"))
    check("an unknown post is 404", fails_with(lambda: api.status(1), "404"))


def follow(dassie):
    """The owner of another Dassie follows ours."""
    other = Dassie("bob")
    other.run("follow", f"@alice@127.0.0.1:{dassie.port}")


def fails_with(f, text):
    try:
        f()
        return False
    except Exception as e:
        return text in str(e) or "NotFound" in type(e).__name__


def toot(dassie, token):
    config = tempfile.mkdtemp(prefix="toot-")
    program = os.path.join(os.path.dirname(sys.executable), "toot")
    env = {**os.environ, "XDG_CONFIG_HOME": config, "HOME": config}
    os.makedirs(os.path.join(config, "toot"))
    instance = dassie.base.split("//")[1]
    user = f"alice@{instance}"
    with open(os.path.join(config, "toot", "config.json"), "w") as f:
        json.dump({
            "apps": {instance: {"instance": instance, "base_url": dassie.base, "client_id": "x", "client_secret": "y"}},
            "users": {user: {"instance": instance, "username": "alice", "access_token": token}},
            "active_user": user,
        }, f)

    def run(*args):
        done = subprocess.run([program, *args], env=env, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    out = run("whoami")
    check("toot whoami", "alice" in out, out[-400:])
    out = run("post", "from toot")
    check("toot post", "posted" in out.lower(), out[-400:])
    out = run("timeline", "-1", "-c", "5")
    check("toot timeline", "from toot" in out, out[-400:])
    out = run("search", "alice")
    check("toot search", "alice" in out, out[-400:])


def main():
    dassie = Dassie()
    api = log_in(dassie)
    redirects(dassie)
    statuses(api)
    paging(api)
    the_rest(api)
    streaming(api)
    push(dassie, lambda: follow(dassie))
    relations.run(api, dassie)
    toot(dassie, dassie.token)
    token = api.access_token
    api.revoke_access_token(allow_http=True)
    look = requests.get(dassie.base + "/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    check("a revoked token is signed out", look.status_code == 401, look.text)
    finish()


main()
