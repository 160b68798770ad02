"""Real and odd pictures and clips, most of them the test files of other projects, each uploaded to a running server. Each is
accepted, or refused with the reason; what is stored looks and sounds as before and has no metadata. Prints a table.

Usage: corpus.py [--large]: with `--large` also the largest photographs, for which a debug build takes 20 seconds each."""

import collections
import concurrent.futures
import json
import os
import re
import sys
import tarfile
import tempfile
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import clips
import pictures
import stored
from rig import TARGET, Dassie, check, finish
from upload import get, upload

ARCHIVES = os.path.join(TARGET, "corpus")
ENDINGS = set(
    "jpg jpeg mpo png apng gif webp avif heic heif tif tiff bmp ico jp2 j2k psd svg mp4 m4a mov webm mkv avi mp3 ogg opus flac wav".split()
)
LARGE = 4_000_000
# What Pillow reads and the server refuses, with the reason.
DAMAGED = {
    "apng/sequence_": "frames are not in order",
    "apng/chunk_repeat_fctl.png": "a frame is announced twice",
    "apng/chunk_no_fdat.png": "a frame has no pixels",
    "apng/syntax_num_frames_high.png": "frames are missing",
    "hopper_bad_exif.jpg": "the pixels are destroyed",
    "no_palette": "it has no colours",
    "test_extents_transparency.gif": "its data end before its pixels",
}
# Pillow decodes these in another way than browsers do.
UNCOMPARED = {"i_trns.png": "transparency of 16 bits"}


def members():
    """Name and content of every file of the packages."""
    for archive in sorted(os.listdir(ARCHIVES)):
        path = os.path.join(ARCHIVES, archive)
        if archive.endswith(".zip"):
            with zipfile.ZipFile(path) as package:
                yield from ((info.filename, package.read(info)) for info in package.infolist() if not info.is_dir())
        elif archive.endswith(".tar.gz"):
            with tarfile.open(path) as package:
                yield from ((m.name, package.extractfile(m).read()) for m in package if m.isfile() and is_wanted(m.name))


def is_wanted(name):
    return "/Tests/images/" in name or name.rsplit(".")[-1].lower() in ENDINGS


def corpus(with_large):
    """Every different media file of the packages, and the number of those that are left out."""
    seen, files, left_out = set(), [], 0
    for name, data in members():
        if not is_wanted(name) or clips.digest(data) in seen:
            continue
        seen.add(clips.digest(data))
        if LARGE < pictures.pixels(data) <= pictures.MOST_PIXELS and not with_large:
            left_out += 1
        else:
            files.append((name, data))
    return files, left_out


class Outcome:
    """What became of a file."""

    def __init__(self, alice, name, data):
        self.name, self.data = name, data
        self.status, body = upload(alice, data)
        self.entity = json.loads(body) if body.startswith("{") else {}
        self.reason = self.entity.get("error", "")
        self.picture = pictures.readable(data)
        self.faults = []
        if self.status == 200:
            self.files = [get(self.entity[key]) for key in ("url", "preview_url") if self.entity.get(key)]
            self.examine()

    def examine(self):
        kind, meta = self.entity["type"], self.entity["meta"].get("original", {})
        has_size = meta.get("width", 0) > 0 and meta.get("height", 0) > 0
        if kind != "audio" and not has_size or kind != "image" and "duration" not in meta:
            self.faults.append(f"it lacks a size or duration: {meta}")
        if kind == "image" and not (self.entity["blurhash"] and self.entity["preview_url"] and len(self.files) == 2):
            self.faults.append("it has no blurhash or preview")
        self.faults += [f"left: {part}" for file in self.files for part in stored.leftovers(file)]
        words = self.picture.texts if self.picture else [clips.SECRET.encode()]
        self.faults += [f"left: {word}" for word in words if any(word in file for file in self.files)]
        if kind == "image" and self.picture:
            self.compare(pictures.Picture(self.files[0]))
        elif kind != "image":
            self.compare_streams()

    def compare(self, shown):
        if shown.frames != self.picture.frames and not ("apng/" in self.name and "num_frames_low" in self.name):
            self.faults.append(f"it had {self.picture.frames} frames, and has {shown.frames}")
        before, after = (w / h for w, h in (self.picture.size, shown.size))
        if abs(before - after) > 0.02 * before:
            self.faults.append(f"the shape of {self.picture.size} became {shown.size}")
        differs = self.picture.resembles(shown)
        if differs and not any(name in self.name for name in UNCOMPARED):
            self.faults.append(differs)

    def compare_streams(self):
        with tempfile.TemporaryDirectory() as folder:
            before, after = (os.path.join(folder, n) for n in ("before", "after"))
            for path, data in ((before, self.data), (after, self.files[0])):
                with open(path, "wb") as file:
                    file.write(data)
            if clips.streams(before) != clips.streams(after):
                self.faults.append("its streams are not the same")


def table(outcomes):
    rows = collections.Counter()
    for one in outcomes:
        if one.status == 200:
            media = one.entity["url"].rsplit(".")[-1]
            rows[f"accepted as {media}" + (", animated" if one.picture and one.picture.frames > 1 else "")] += 1
        else:
            rows[f"{one.status} " + re.sub(r"; accepted are.*|\d+|\(.*\)", "", one.reason.replace("Validation failed: ", "")).strip()] += 1
    for row, count in sorted(rows.items(), key=lambda of: (not of[0].startswith("accepted"), -of[1])):
        print(f"  {count:5}  {row[:140]}")


def report(what, outcomes, wrong):
    bad = [(one.name, wrong(one)) for one in outcomes if wrong(one)]
    check(what, not bad, "\n        ".join(["", *(f"{name}: {why}" for name, why in bad[:40])]))


def main():
    began = time.monotonic()
    alice = Dassie("alice")
    files, left_out = corpus("--large" in sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        made = {name: clips.make(folder, name, options) for name, (options, _) in clips.CLIPS.items()}
        files += [(name, open(path, "rb").read()) for name, path in made.items()]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda file: Outcome(alice, *file), files))
    accepted = [one for one in outcomes if one.status == 200]
    print(f"  {len(files)} files, {len(accepted)} accepted, {left_out} large ones left out, {time.monotonic() - began:.0f} s")
    table(outcomes)
    check("the packages have at least 665 pictures, and many are accepted", len(files) >= 1_300 and len(accepted) >= 665, len(files))
    report("no server error", outcomes, lambda one: one.status >= 500 and one.reason)
    report("every other refusal is 422 and says why", outcomes, lambda one: one.status not in (200, 422) and one.status < 500 or one.status == 422 and len(one.reason) < 20 and repr(one.reason))
    is_damaged = lambda one: any(part in one.name for part in DAMAGED)
    report("what Pillow reads is accepted", outcomes, lambda one: one.picture and one.status == 422 and not is_damaged(one) and one.reason)
    report("and is stored as it looked and sounded, with size and preview, without metadata", accepted, lambda one: "; ".join(one.faults))
    kinds = {one.name: one.entity.get("type") for one in outcomes}
    wrong = [(name, kinds[name]) for name, (_, kind) in clips.CLIPS.items() if kinds[name] != kind]
    check("each clip is what it is, and what browsers do not play is refused", not wrong, wrong)
    alice.stop()
    finish()


main()
