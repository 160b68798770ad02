"""What is left in a stored file besides pictures, sound and video. Each format is read here by a list of what may be in it, not
by the server's own code."""

import struct

PNG = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
WAV = {b"fmt ", b"fact", b"data"}
# Boxes of MP4 that contain boxes, and those that a player needs.
MP4_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf", b"edts", b"dinf"}
MP4 = MP4_PARENTS | set(
    b"ftyp styp sidx mfra mdat free mvhd tkhd mdhd hdlr vmhd smhd nmhd sthd gmhd iods elst dref stsd stts ctts cslg stsc stsz stz2 stco "
    b"co64 stss stsh sdtp sgpd sbgp stps padb subs saiz saio elng mehd trex mfhd tfhd tfdt trun".split()
)
# Elements of Matroska (with their parents) that may not be there: tags, chapters, attachments, title, file names, date, track name.
MATROSKA_PARENTS = {0x18538067, 0x1549A966, 0x1654AE6B, 0xAE}
MATROSKA_PERSONAL = {0x1254C367, 0x1043A770, 0x1941A469, 0x7BA9, 0x7384, 0x3C83AB, 0x3E83BB, 0x4461, 0x536E}
MATROSKA_PROGRAMS = {0x4D80, 0x5741}
CLUSTER = 0x1F43B675


def leftovers(data):
    """The names of all parts of a file that it needs neither to be shown nor to be played."""
    for start, read in [
        (b"\xff\xd8", jpeg), (b"\x89PNG", png), (b"GIF8", gif), (b"OggS", ogg), (b"fLaC", flac), (b"\x1aE\xdf\xa3", matroska),
    ]:
        if data.startswith(start):
            return read(data)
    if data[:4] == b"RIFF":
        return riff(data, WEBP if data[8:12] == b"WEBP" else WAV)
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide"):
        return mp4(data, 0, len(data))
    return mp3(data)


def jpeg(data):
    """Segments up to the pixels. Only JFIF may precede them."""
    at, left = 2, []
    while at < len(data) and data[at + 1] != 0xDA:
        kind, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        is_jfif = kind == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0"
        if (0xE0 <= kind <= 0xEF and not is_jfif) or kind == 0xFE:
            left.append(f"segment {kind:x}")
        at += 2 + size
    return left + ([] if data.endswith(b"\xff\xd9") else ["bytes behind the end"])


def png(data):
    at, left = 8, []
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in PNG:
            left.append(kind.decode("latin-1"))
        at += 12 + size
    return left


def gif(data):
    """Blocks: frames, their timing, and the number of repetitions."""
    at, left = 13 + palette(data[10]), []
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            at += 10 + palette(data[at + 9]) + 1
        else:
            label, name = data[at + 1], data[at + 3 : at + 14]
            if label != 0xF9 and not (label == 0xFF and name == b"NETSCAPE2.0"):
                left.append(f"extension {label:x}")
            at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return left + ([] if at + 1 == len(data) else ["bytes behind the end"])


def palette(flags):
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def riff(data, allowed):
    at, left = 12, []
    while at + 8 <= len(data):
        kind, size = struct.unpack("<4sI", data[at : at + 8])
        if kind not in allowed:
            left.append(kind.decode("latin-1"))
        if kind == b"VP8X" and data[at + 8] & 0x2C:
            left.append("flags of metadata")
        at += 8 + size + size % 2
    return left


def mp4(data, at, end):
    left = []
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        stop = end if size == 0 else at + size
        content = data[at + head : stop]
        if kind not in MP4:
            left.append(kind.decode("latin-1"))
        elif kind in MP4_PARENTS:
            left += mp4(data, at + head, stop)
        elif kind == b"free" and any(content):
            left.append("free space with content")
        elif kind in (b"mvhd", b"tkhd", b"mdhd") and any(content[4 : 20 if content[0] else 12]):
            left.append(f"date in {kind.decode()}")
        elif kind == b"hdlr" and any(content[24:]):
            left.append("name of a handler")
        at = stop
    return left


def mp3(data):
    left = [] if data[0] == 0xFF and data[1] & 0xE0 == 0xE0 else ["a beginning that is not a frame"]
    found = {"ID3v1": data[-128:-125] == b"TAG", "APE": b"APETAGEX" in data, "ID3v2": b"ID3\x03" in data or b"ID3\x04" in data}
    return left + [name for name, is_there in found.items() if is_there]


def flac(data):
    at, left = 4, []
    while True:
        kind, size = data[at] & 0x7F, int.from_bytes(data[at + 1 : at + 4], "big")
        if kind not in (0, 3):
            left.append(f"block {kind}")
        if data[at] & 0x80:
            return left
        at += 4 + size


def ogg(data):
    """Comments of Vorbis and Opus: a name of blanks, and an empty list."""
    for mark in (b"\x03vorbis", b"OpusTags"):
        at = data.find(mark)
        if at >= 0:
            at += len(mark)
            # Page boundaries within the name would only be found by joining the pages.
            size = struct.unpack("<I", data[at : at + 4])[0]
            return ["comments"] if data[at + 4 : at + 4 + min(size, 200)].strip(b" ") else []
    return []


def matroska(data):
    return elements(data, 0, len(data))


def elements(data, at, end):
    left = []
    while at < end:
        width = 9 - data[at].bit_length()
        kind = int.from_bytes(data[at : at + width], "big")
        at += width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
        at += width
        is_open = size == (1 << 7 * width) - 1
        stop = end if is_open else min(at + size, end)
        content = data[at:stop]
        if kind in MATROSKA_PERSONAL or (kind in MATROSKA_PROGRAMS and content.strip(b" \0")):
            left.append(f"element {kind:x}")
        if kind == 0xEC and any(content):
            left.append("void with content")
        if kind in MATROSKA_PARENTS:
            left += elements(data, at, stop)
        if is_open and kind == CLUSTER:
            break
        at = stop
    return left
