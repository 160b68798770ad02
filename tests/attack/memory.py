"""Uploads four pictures of 32 megapixels at once, of each kind in turn, and prints the peak memory of the server for each,
and what is left of it afterwards. Fails above 128 MiB.

Usage: memory.py [BINARY] [--short]. It needs Pillow for the kinds that Python cannot write by itself; without it, PNG only.
With `--short` only what debug builds decode within seconds."""

import io
import os
import struct
import sys
import threading
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
RELEASE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "target", "release", "dassie")
SHORT = "--short" in sys.argv
binaries = [argument for argument in sys.argv[1:] if argument != "--short"]
if binaries:
    os.environ["DASSIE_BINARY"] = binaries[0]
elif os.path.exists(RELEASE):
    os.environ.setdefault("DASSIE_BINARY", RELEASE)
sys.path.insert(0, os.path.join(HERE, ".."))
from rig import Dassie, check, fetch, finish

try:
    from PIL import Image
except ImportError:
    Image = None

PEAK = 128 * 1024
# What is left afterwards; a debug build is larger.
LEFT = (72 if SHORT else 48) * 1024
WIDTH, HEIGHT = 8_000, 4_000
# What an upload is answered with: stored, or refused because its kind must be decoded whole.
STORED, REFUSED = 200, 422


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(colour, samples, interlaced=0):
    """A PNG of 32 megapixels in one colour: few bytes, many pixels. Interlaced, the rows of its seven passes."""
    packer, rows = zlib.compressobj(1), []
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        row = b"\0" + bytes(range(7, 7 + samples)) * ((WIDTH - x + dx - 1) // dx)
        rows += [packer.compress(row) for _ in range((HEIGHT - y + dy - 1) // dy)]
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, colour, 0, 0, interlaced)
    data = b"".join(rows) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def photograph(mode="RGB"):
    """Detail that differs from place to place, so that encoders write many coefficients."""
    noise = Image.effect_noise((WIDTH // 4, HEIGHT // 4), 60).resize((WIDTH, HEIGHT))
    waves = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.merge(mode, [noise, waves, noise.transpose(Image.Transpose.ROTATE_180), waves][: len(mode)])


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pictures():
    if not SHORT:
        yield "PNG, RGB", png(2, 3), STORED
    yield "PNG, RGBA", png(6, 4), STORED
    yield "PNG, interlaced", png(2, 3, interlaced=1), REFUSED
    if SHORT:
        return
    if Image is None:
        print("Pillow is not installed: only PNG is measured")
        return
    photo = photograph()
    yield "PNG, palette", saved(photo.quantize(16), "PNG", compress_level=6), STORED
    yield "JPEG, 4:2:0", saved(photo, "JPEG", quality=85), STORED
    yield "JPEG, 4:4:4, rotated", saved(photo, "JPEG", quality=75, subsampling=0, exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"), STORED
    yield "JPEG, progressive, 4:2:0", saved(photo, "JPEG", quality=75, progressive=True), STORED
    yield "JPEG, progressive, 4:4:4", saved(photo, "JPEG", quality=70, subsampling=0, progressive=True), STORED
    yield "GIF", saved(photo.quantize(64), "GIF"), STORED
    yield "WebP, lossy", saved(photo, "WEBP", quality=50, method=0), REFUSED
    flat = Image.new("RGB", (WIDTH, HEIGHT), (9, 80, 200))
    yield "WebP, lossless", saved(flat, "WEBP", lossless=True, method=0), REFUSED
    small = photo.resize((4_400, 3_300))
    yield "WebP, lossy, 14 megapixels", saved(small, "WEBP", quality=50, method=0), STORED


def memory(pid, name):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def upload(alice, picture, statuses):
    boundary = "xxxxxxxxboundary"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode()
    body += picture + f"\r\n--{boundary}--\r\n".encode()
    head = {"Authorization": f"Bearer {alice.token}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    statuses.append(fetch(alice.base + "/api/v2/media", "POST", body, head, timeout=300)[0])


def main():
    alice = Dassie("alice")
    pid = alice.process.pid
    print(f"idle: {memory(pid, 'VmRSS') // 1024} MiB")
    for name, picture, expected in pictures():
        with open(f"/proc/{pid}/clear_refs", "w") as peak:
            peak.write("5")
        statuses, began = [], time.monotonic()
        threads = [threading.Thread(target=upload, args=(alice, picture, statuses)) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        took, high = time.monotonic() - began, memory(pid, "VmHWM")
        time.sleep(0.5)
        left = memory(pid, "VmRSS")
        print(f"{name:28} {len(picture) / 1e6:6.1f} MB  {took:5.1f} s  peak {high // 1024:4} MiB  after {left // 1024:4} MiB  {statuses}")
        check(f"{name}: peak below 128 MiB, less than {LEFT // 1024} MiB afterwards", high <= PEAK and left <= LEFT)
        check(f"{name}: answered {expected}", statuses == [expected] * 4)
    alice.stop()
    finish()


main()
