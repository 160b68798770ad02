"""The feeds of the demo: read by feedparser, and checked against the rules of RFC 4287, RSS 2.0 and JSON Feed 1.1.

    python feeds.py
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import feedparser

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import rig
from rig import check, fetch

ATOM = "{http://www.w3.org/2005/Atom}"


def demo():
    """The address of a demo of its own."""
    child = rig.start([rig.BINARY, "serve", "--demo", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    for line in child.stdout:
        found = re.search(r"(http:\S+)/login", line)
        if found:
            return found[1]
    raise RuntimeError("the demo ended")


def is_url(text):
    parts = urlsplit(text or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_rfc3339(text):
    return bool(text) and datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None


class Links(HTMLParser):
    """The addresses in a content, and whether its elements are closed."""

    VOID = {"img", "br", "hr", "source", "wbr"}

    def __init__(self, html):
        super().__init__()
        self.links, self.open, self.sound = [], [], True
        self.feed(html)
        self.sound = self.sound and not self.open

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src", "cite")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.sound = self.sound and bool(self.open) and self.open.pop() == tag


def content_faults(html):
    links = Links(html)
    return [] if links.sound and all(is_url(link) for link in links.links) else [html[:300]]


def atom_faults(text):
    """What RFC 4287 section 4 requires."""
    feed, faults = ElementTree.fromstring(text), []
    one = lambda parent, name: len(parent.findall(ATOM + name)) == 1
    for parent in [feed, *feed.findall(ATOM + "entry")]:
        faults += [f"not one {name}" for name in ("id", "title", "updated") if not one(parent, name)]
        faults += ["id is no IRI"] * (not is_url(parent.findtext(ATOM + "id")))
        faults += ["updated"] * (not is_rfc3339(parent.findtext(ATOM + "updated")))
        links = parent.findall(ATOM + "link")
        faults += ["link without href"] * any(not is_url(link.get("href")) for link in links)
        alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
        faults += ["alternate links"] * (len(alternate) != 1)
        faults += ["category without term"] * any(not c.get("term") for c in parent.findall(ATOM + "category"))
        faults += ["author without name"] * any(not a.findtext(ATOM + "name") for a in parent.findall(ATOM + "author"))
    faults += ["no author"] * (not one(feed, "author"))
    faults += ["no self"] * (len([link for link in feed.findall(ATOM + "link") if link.get("rel") == "self"]) != 1)
    for entry in feed.findall(ATOM + "entry"):
        faults += ["published"] * (not is_rfc3339(entry.findtext(ATOM + "published")))
        content = entry.find(ATOM + "content")
        faults += ["content is not HTML"] * (content.get("type") != "html")
        faults += content_faults(content.text or "")
        enclosures = [link for link in entry.findall(ATOM + "link") if link.get("rel") == "enclosure"]
        faults += ["enclosure without type"] * any("/" not in (link.get("type") or "") for link in enclosures)
    ids = [entry.findtext(ATOM + "id") for entry in feed.findall(ATOM + "entry")]
    return faults + ["ids are not unique"] * (len(set(ids)) != len(ids))


def rss_faults(text):
    """What RSS 2.0 and its profile by the RSS Advisory Board require."""
    rss, faults = ElementTree.fromstring(text), []
    channel = rss.find("channel")
    faults += ["version"] * (rss.get("version") != "2.0")
    faults += [f"not one {name}" for name in ("title", "link", "description", "lastBuildDate") if len(channel.findall(name)) != 1]
    faults += ["image"] * (channel.findtext("image/title") != channel.findtext("title") or not is_url(channel.findtext("image/url")))
    for item in channel.findall("item"):
        faults += ["no title or description"] * (not item.findtext("title") and not item.findtext("description"))
        faults += ["link"] * (not is_url(item.findtext("link")))
        faults += ["pubDate"] * (parsedate_to_datetime(item.findtext("pubDate")) is None)
        faults += content_faults(item.findtext("description") or "")
        faults += ["two enclosures"] * (len(item.findall("enclosure")) > 1)
        for e in item.findall("enclosure"):
            faults += ["enclosure"] * (not is_url(e.get("url")) or not int(e.get("length")) or "/" not in e.get("type"))
    guids = [item.findtext("guid") for item in channel.findall("item")]
    return faults + ["guids"] * (len(set(guids)) != len(guids) or not all(guids))


TOP = {"version", "title", "home_page_url", "feed_url", "description", "icon", "favicon", "authors", "language", "expired",
       "next_url", "items"}
ITEM = {"id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
        "date_published", "date_modified", "authors", "tags", "language", "attachments"}
ATTACHMENT = {"url", "mime_type", "title", "size_in_bytes", "duration_in_seconds"}


def json_faults(text):
    """What JSON Feed 1.1 requires."""
    feed = json.loads(text)
    faults = [f"unknown {name}" for name in set(feed) - TOP]
    faults += ["version"] * (feed["version"] != "https://jsonfeed.org/version/1.1")
    faults += ["title"] * (not isinstance(feed["title"], str))
    faults += [name for name in ("home_page_url", "feed_url", "icon") if not is_url(feed[name])]
    for item in feed["items"]:
        faults += [f"unknown {name}" for name in set(item) - ITEM]
        faults += ["id"] * (not isinstance(item["id"], str)) + ["url"] * (not is_url(item["url"]))
        faults += ["content_html"] * (not isinstance(item["content_html"], str)) + content_faults(item["content_html"])
        faults += ["dates"] * (not is_rfc3339(item["date_published"]) or not is_rfc3339(item["date_modified"]))
        faults += ["tags"] * (not all(isinstance(tag, str) for tag in item.get("tags", [])))
        faults += ["authors"] * (not all(author.get("name") and is_url(author.get("url")) for author in item["authors"]))
        for file in item.get("attachments", []):
            faults += [f"unknown {name}" for name in set(file) - ATTACHMENT]
            faults += ["attachment"] * (not is_url(file["url"]) or "/" not in file["mime_type"])
            faults += ["size"] * (not isinstance(file.get("size_in_bytes", 0), int))
    ids = [item["id"] for item in feed["items"]]
    return faults + ["ids are not unique"] * (len(set(ids)) != len(ids))


RULES = {"atom": atom_faults, "rss": rss_faults, "json": json_faults}


def check_feed(base, path):
    kind = path.split("?")[0].rsplit(".", 1)[1]
    status, text = fetch(base + path)
    faults = RULES[kind](text) if status == 200 else [status]
    check(f"{path} keeps the rules of its format", not faults, faults)
    if kind == "json":
        return [(item["id"], item["url"]) for item in json.loads(text)["items"]]
    read = feedparser.parse(base + path)
    check(f"{path} is read by feedparser", not read.bozo and read.version in ("atom10", "rss20"), read.get("bozo_exception"))
    whole = [e for e in read.entries if e.get("title") and e.get("link") and (e.get("author") or read.feed.get("author")) and e.get("published_parsed")]
    check(f"each of its {len(read.entries)} entries is whole", len(whole) == len(read.entries) > 0, [e.get("title") for e in read.entries])
    again = feedparser.parse(base + path, etag=read.etag)
    check("unchanged, it is not sent again", again.status == 304 and not again.entries, again.status)
    return [(e.id, e.link) for e in read.entries]


def check_same(base, folder, query=""):
    found = {kind: check_feed(base, f"{folder}/feed.{kind}{query}") for kind in RULES}
    check(f"the formats of {folder}{query} have the same entries", found["atom"] == found["rss"] == found["json"], found)
    return found["atom"]


def check_discovery(base, path):
    """Each feed that a page names is there, with the type that the page says."""
    _, page = fetch(base + path)
    links = re.findall(r'<link rel="alternate" type="(application/(?:atom\+xml|rss\+xml|feed\+json))"[^>]* href="([^"]+)"', page)
    types = {kind for kind, _ in links}
    check(f"{path} names its feeds", types == {"application/atom+xml", "application/rss+xml", "application/feed+json"}, links)
    for kind, address in links:
        read = urllib.request.urlopen(urljoin(base + path, address.replace("&amp;", "&")), timeout=30)
        check(f"{address} is {kind}", read.headers["content-type"].split(";")[0] == kind, read.headers["content-type"])


def main():
    base = demo()
    posts = check_same(base, "/@wren")
    with_replies = check_same(base, "/@wren", "?replies=true")
    whole = check_same(base, "/@wren", "?replies=true&boosts=true")
    check("the variants have more", len(posts) < len(with_replies) < len(whole), [len(posts), len(with_replies), len(whole)])
    check("a boost is an entry of its own", any(not link.startswith(base) for _, link in whole))
    check_same(base, "/@wren/tagged/gardening")
    for path in ("/", "/@wren", "/@wren/tagged/gardening", "/tags/gardening"):
        check_discovery(base, path)
    text = {e.title: e for e in feedparser.parse(base + "/@wren/feed.atom").entries}
    find = lambda part: next(e for title, e in text.items() if part in title)
    warned = next(item for item in json.loads(fetch(base + "/@wren/feed.json")[1])["items"] if "Compost" in item.get("title", ""))
    check("a warning is the title, and covers the text", warned["content_html"].startswith("<details><summary>Compost"), warned)
    check("pictures are in the content and apart", len(find("Four hours").enclosures) == 4 and find("Four hours").content[0].value.count("<img") >= 4)
    check("a poll has its options", "Broad beans" in find("The last bed").content[0].value)
    check("a quote has what it quotes", "<blockquote" in find("thinking about this").content[0].value)
    rig.finish()


main()
