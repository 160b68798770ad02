"""Streams and push messages, as Mastodon.py reads them."""

import http.server
import threading

from mastodon import Mastodon, StreamListener

from rig import check, eventually


class Heard(StreamListener):
    """Notes every event."""

    def __init__(self):
        self.events = []

    def on_any_event(self, name, data=None):
        self.events.append((name, data))

    def kinds(self):
        return [name for name, _ in self.events]


def streaming(api):
    check("streaming is healthy", api.stream_healthy())
    user, tag = Heard(), Heard()
    handles = [
        api.stream_user(user, run_async=True),
        api.stream_hashtag("live", tag, run_async=True),
    ]
    check("the streams are open", eventually(lambda: all(h.is_receiving() for h in handles)))
    first = api.status_post("a live post #live")
    check("a post arrives in each stream", eventually(lambda: all("update" in h.kinds() for h in (user, tag))), (user.kinds(), tag.kinds()))
    check("as the whole status", user.events[0][1].id == first.id and user.events[0][1].account.username == "alice")
    api.status_update(first.id, "an edited live post #live")
    check("its edit arrives", eventually(lambda: "status.update" in user.kinds() and "status.update" in tag.kinds()), user.kinds())
    api.status_delete(first.id)
    check("and its deletion", eventually(lambda: ("delete", int(first.id)) in [(n, int(d)) for n, d in user.events if n == "delete"]), user.events[-1:])
    for handle in handles:
        handle.close()


class Receiver(http.server.BaseHTTPRequestHandler):
    """A push service."""

    received = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append((self.headers, body))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_):
        pass


def push(dassie, stranger):
    """Subscribes, has another account mention the owner, and decrypts the push message."""
    service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    token = dassie.run("token", "create", "--scope", "read push").strip()
    api = Mastodon(access_token=token, api_base_url=dassie.base)
    private, public = api.push_subscription_generate_keys()
    endpoint = f"http://127.0.0.1:{service.server_port}/push"
    made = api.push_subscription_set(endpoint, public, mention_events=True, follow_events=True)
    check("a push subscription is made", made.endpoint == endpoint and made.alerts.mention and not made.alerts.poll, made)
    check("with the key of the server", made.server_key == api.instance_v2().configuration.vapid.public_key)
    check("it can be read", api.push_subscription().id == made.id)
    stranger()
    check("a message arrives", eventually(lambda: Receiver.received))
    headers, body = Receiver.received[0]
    message = api.push_subscription_decrypt_push(body, private, headers["encryption"], headers["crypto-key"])
    check("and is decrypted", message.access_token == token and message.notification_type in ("follow", "mention"), message)
    api.push_subscription_delete()
    service.shutdown()
