"""The owner in the text browser w3m: signs in, follows, reads home, replies and boosts. The other account is on a server of its own.

    python w3m.py

w3m runs in a pseudo-terminal, and gets the keys that a person would press.
"""

import os
import re
import sys
import tempfile

import pexpect
import pyte

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import rig
from rig import Dassie, check, eventually

ROWS, COLUMNS = 50, 100


class W3m:
    """w3m in a terminal, with the text of its screen."""

    def __init__(self, url):
        self.home = tempfile.mkdtemp(prefix="w3m-")
        self.text = os.path.join(self.home, "text")
        editor = os.path.join(self.home, "editor")
        with open(editor, "w") as file:
            file.write(f'#!/bin/sh\ncat "{self.text}" >"$1"\n')
        os.chmod(editor, 0o755)
        self.terminal = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.terminal)
        more = {"HOME": self.home, "EDITOR": editor, "TERM": "linux", "LANG": "C.UTF-8"}
        options = ["-cookie", "-o", "confirm_qq=false", "-o", "accept_encoding=identity", "-o", "display_image=0"]
        self.child = pexpect.spawn("w3m", [*options, url], dimensions=(ROWS, COLUMNS), env={**os.environ, **more}, timeout=20)
        self.child.delaybeforesend = 0
        self.settle()

    def settle(self):
        """Reads what w3m writes until it is quiet."""
        quiet = 0
        while quiet < 4:
            try:
                self.stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
                quiet = 0
            except pexpect.TIMEOUT:
                quiet += 1

    def screen(self):
        """The page on the screen, without the line of messages."""
        return "\n".join(line.rstrip() for line in self.terminal.display[:-1])

    def at_cursor(self):
        """The text from the cursor to the end of its line."""
        return self.terminal.display[self.terminal.cursor.y][self.terminal.cursor.x:]

    def keys(self, keys):
        self.child.send(keys)
        self.settle()

    def find(self, text, from_top=True):
        """Moves the cursor to a text. Returns whether the page has it."""
        if from_top:
            self.keys("g")
        self.keys("/" + re.sub(r"([][.*^$?+(){}|\\])", r"\\\1", text) + "\r")
        return self.at_cursor().startswith(text)

    def press(self, text, nth=1, from_top=True):
        """Follows the link, or presses the button, that is this text's nth place."""
        self.find(text, from_top)
        self.keys("n" * (nth - 1))
        self.keys("\r")
        self.settle()

    def fill(self, label, text):
        """Fills in the field behind a label."""
        self.find(label)
        self.keys("\t\r")
        self.keys("\x15" + text + "\r")

    def write(self, label, text):
        """Fills in the text area behind a label, for which w3m starts an editor."""
        with open(self.text, "w") as file:
            file.write(text + "\n")
        self.find(label)
        self.keys("\t\r")

    def shows(self, text):
        return bool(eventually(lambda: self.find(text), 5))


def main():
    alice, bob = Dassie("alice"), Dassie("bob")
    w3m = W3m(f"{alice.base}/home")
    check("without a session, home asks to sign in", w3m.shows("Password"), w3m.screen())
    w3m.fill("User name", "alice")
    w3m.fill("Password", rig.PASSWORD)
    w3m.press("Sign in", nth=2)
    check("signs in, and sees home", w3m.shows("Your home timeline is empty"), w3m.screen())
    w3m.fill("Search", f"@bob@127.0.0.1:{bob.port}")
    check("finds an account by its handle", w3m.shows("@bob@127.0.0.1"), w3m.screen())
    w3m.press("Follow", nth=2)
    follows = eventually(lambda: bob.get("/api/v1/accounts/verify_credentials")["followers_count"] == 1)
    check("follows it", follows, w3m.screen())
    post = bob.post("/api/v1/statuses", status="Moss for the evening", visibility="public")
    eventually(lambda: alice.get("/api/v1/timelines/home"))
    w3m.press("Home")
    check("reads home", w3m.shows("Moss for the evening"), w3m.screen())
    w3m.press("Boost", from_top=False)
    state = lambda: bob.get(f"/api/v1/statuses/{post['id']}")
    check("boosts a post", eventually(lambda: state()["reblogs_count"] == 1), w3m.screen())
    w3m.press("Home")
    w3m.find("Moss for the evening")
    w3m.press("Reply", from_top=False)
    w3m.write("What's on your mind?", f"@bob@127.0.0.1:{bob.port} From a terminal")
    w3m.press("Reply", nth=3)
    check("replies", eventually(lambda: state()["replies_count"] == 1), w3m.screen())
    check("and sees the reply in its thread", w3m.shows("From a terminal"), w3m.screen())
    w3m.child.close(force=True)
    rig.finish()


main()
