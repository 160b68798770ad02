"""Clips with metadata in every place that their formats have, made by ffmpeg, which a package of PyPI brings."""

import hashlib
import os
import re
import subprocess

import imageio_ffmpeg

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SECRET = "SECRET-52.5200N-13.4050E"
PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2"]
TAGS = [option for key in ("title", "artist", "comment", "location", "copyright") for option in ("-metadata", f"{key}={SECRET}")]
TAGS += ["-metadata", "creation_time=2026-11-28T10:00:00Z", "-metadata:s:0", f"handler_name={SECRET}", "-metadata:s:0", f"title={SECRET}"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
VPX = ["-deadline", "realtime", "-cpu-used", "8", "-c:v"]
# What becomes of each: the kind of attachment, or None if it is refused.
CLIPS = {
    "phone.mp4": (PICTURE + SOUND + H264 + ["-c:a", "aac", "-movflags", "+faststart"], "video"),
    "index-at-the-end.mp4": (PICTURE + H264, "video"),
    "fragmented.mp4": (PICTURE + SOUND + H264 + ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"], "video"),
    "phone.mov": (PICTURE + SOUND + H264 + ["-c:a", "aac", "-movflags", "use_metadata_tags"], "video"),
    "mpeg-4.mp4": (PICTURE + ["-c:v", "mpeg4"], "video"),
    "vp8.webm": (PICTURE + SOUND + [*VPX, "libvpx", "-c:a", "libvorbis"], "video"),
    "vp9.webm": (PICTURE + SOUND + [*VPX, "libvpx-vp9", "-c:a", "libopus"], "video"),
    "live.webm": (PICTURE + [*VPX, "libvpx", "-live", "1"], "video"),
    "opus.webm": (SOUND + ["-c:a", "libopus"], "audio"),
    "song.mp3": (SOUND + ["-c:a", "libmp3lame", "-write_id3v1", "1"], "audio"),
    "song.m4a": (SOUND + ["-c:a", "aac"], "audio"),
    "vorbis.ogg": (SOUND + ["-c:a", "libvorbis"], "audio"),
    "opus.ogg": (SOUND + ["-c:a", "libopus"], "audio"),
    "flac.ogg": (SOUND + ["-c:a", "flac"], "audio"),
    "song.flac": (SOUND + ["-c:a", "flac"], "audio"),
    "song.wav": (SOUND, "audio"),
    "film.mkv": (PICTURE + H264, None),
    "film.avi": (PICTURE + ["-c:v", "mpeg4"], None),
    "theora.ogg": (PICTURE + ["-c:v", "libtheora"], None),
}


def make(folder, name, options):
    """Writes a clip and returns its path."""
    path = os.path.join(folder, name)
    run([*options, *TAGS, path])
    return path


def run(options):
    command = [FFMPEG, "-hide_banner", "-loglevel", "error", "-y", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"ffmpeg {options}: {done.stderr}")
    return done.stdout


def streams(path):
    """A digest of each stream of pictures and of sound, as it is stored, without the container. Empty if ffmpeg cannot read it."""
    command = [FFMPEG, "-hide_banner", "-loglevel", "error", "-i", path, "-map", "0:V?", "-map", "0:a?", "-c", "copy", "-f", "streamhash", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return re.findall(r",(\w),.*?=(\w+)", done.stdout)


def digest(data):
    return hashlib.sha256(data).hexdigest()
