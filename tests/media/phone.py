"""What people send from a phone, by Mastodon.py: a rotated photograph of 12 megapixels with its place, a HEIC, an animated
WebP, a video of 40 MB, and a picture that is far too large. Prints time and peak memory, and plays the video in Chromium.

Usage: phone.py NODE_MODULES [SCREENSHOTS]"""

import io
import json
import os
import random
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib

from mastodon import Mastodon
from mastodon.errors import MastodonAPIError
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import clips
import stored
from rig import TARGET, Dassie, check, finish
from upload import forget_peak, get, memory

MODULES = os.path.abspath(sys.argv[1])
SCREENSHOTS = [os.path.abspath(path) for path in sys.argv[2:3]]
PEAK = 128 * 1024
VIDEO_SECONDS = 60


def from_corpus(name):
    """A file of the packages of the corpus."""
    for archive in os.listdir(os.path.join(TARGET, "corpus")):
        if archive.endswith(".tar.gz"):
            with tarfile.open(os.path.join(TARGET, "corpus", archive)) as package:
                for member in package:
                    if member.name.endswith(name):
                        return package.extractfile(member).read()
    raise FileNotFoundError(name)


def photograph():
    """A real photograph of 4000 x 3000 pixels, lying on its side, with what a phone writes."""
    image = Image.open(io.BytesIO(from_corpus("Christophe_Henner_-_June_2016.jpg"))).convert("RGB")
    image = image.crop((0, 0, 5_120, 3_840)).resize((4_000, 3_000)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112], exif[0x0132] = "Maker", clips.SECRET, 6, "2026:11:28 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def animation():
    frames = [Image.effect_noise((400, 300), 60).convert("RGB").point(lambda v, n=n: (v + n * 12) % 256) for n in range(20)]
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = clips.SECRET
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=80, quality=60, exif=exif, xmp=clips.SECRET.encode())
    return out.getvalue()


def video(path):
    """A minute of noisy pictures and sound, just below 40 MiB, with a place and a title."""
    source = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={VIDEO_SECONDS},noise=all_strength=40:all_flags=t"]
    sound = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={VIDEO_SECONDS}"]
    rate = ["-b:v", "5200k", "-minrate", "5200k", "-maxrate", "5200k", "-bufsize", "2600k"]
    clips.run([*source, *sound, *clips.H264, *rate, "-c:a", "aac", "-movflags", "+faststart", *clips.TAGS, path])
    with open(path, "rb") as file:
        return file.read()


def vast_png():
    """20,000 x 20,000 pixels in 50 kB."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(b"\0" * 2_501) for _ in range(20_000)) + packer.flush()
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Phone:
    """A client, and what its uploads cost the server."""

    def __init__(self, alice):
        self.alice, self.pid = alice, alice.process.pid
        self.api = Mastodon(access_token=alice.token, api_base_url=alice.base)

    def measured(self, name, data, media_type, send):
        forget_peak(self.pid)
        began = time.monotonic()
        try:
            result = send(data, media_type)
        except MastodonAPIError as e:
            result = e
        took, peak = time.monotonic() - began, memory(self.pid, "VmHWM")
        print(f"  {name:22} {len(data) / 1e6:6.2f} MB  {took * 1000:7.0f} ms  peak {peak // 1024:3} MiB")
        check(f"{name}: peak memory below 128 MiB", peak <= PEAK, peak)
        return result, took

    def posts(self, name, data, media_type):
        """Uploads, waits and posts as apps do, and returns the attachment."""

        def send(data, media_type):
            media = self.api.media_post(data, mime_type=media_type, description=name, synchronous=True)
            return self.api.status_post(name, media_ids=media)

        status, _ = self.measured(name, data, media_type, send)
        media = status.media_attachments[0]
        files = [get(url) for url in {media.url, media.preview_url} if url]
        left = [part for file in files for part in stored.leftovers(file)]
        words = [word for word in (clips.SECRET, "2026:11:28", "Maker") if any(word.encode() in file for file in files)]
        check(f"{name}: no metadata in any file", not left and not words, (left, words))
        return status, media, files[0]

    def is_refused(self, name, data, media_type, *words):
        refusal, took = self.measured(name, data, media_type, lambda data, kind: self.api.media_post(data, mime_type=kind))
        check(f"{name}: refused, with the reason", all(word in str(refusal) for word in words), refusal)
        return took


def main():
    random.seed(1)
    alice = Dassie("alice")
    phone = Phone(alice)
    print(f"  {'idle':22} {memory(phone.pid, 'VmRSS') // 1024:35} MiB")
    _, media, file = phone.posts("a photograph", photograph(), "image/jpeg")
    meta = media.meta.original
    check("it is upright and keeps its aspect ratio", abs(meta.width / meta.height - 4 / 3) < 0.01, meta)
    check("and so do its pixels", Image.open(io.BytesIO(get(media.url))).size == (meta.width, meta.height))
    phone.is_refused("a HEIC", from_corpus("heif_other/pug.heic"), "image/heic", "HEIC", "save it as JPEG")
    _, media, file = phone.posts("an animated WebP", animation(), "image/webp")
    check("it keeps its frames", Image.open(io.BytesIO(get(media.url))).n_frames == 20)
    took = phone.is_refused("20,000 x 20,000 PNG", vast_png(), "image/png", "20000")
    check("within milliseconds", took < 0.25, took)
    with tempfile.TemporaryDirectory() as folder:
        status, media, _ = phone.posts("a video of 40 MB", video(os.path.join(folder, "video.mp4")), "video/mp4")
    check("its duration is known", abs(media.meta.original.duration - VIDEO_SECONDS) < 0.2, media.meta)
    check("its page has a sign to play it", b"/static/play.svg" in get(status.url))
    command = ["node", os.path.join(HERE, "playback.mjs"), status.url, str(VIDEO_SECONDS - 10), *SCREENSHOTS]
    done = subprocess.run(command, cwd=MODULES, capture_output=True, text=True, timeout=120)
    played = json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr}
    print(f"  Chromium: {played}")
    check("it plays in Chromium", played.get("began", 0) > 0)
    check("and continues where the owner seeks to, without loading all of it", played.get("sought", 0) > VIDEO_SECONDS - 10 and 206 in played["statuses"])
    alice.stop()
    finish()


main()
