"""Pictures as Pillow sees them, to compare what is stored with what was sent."""

import io
import warnings

from PIL import Image, ImageCms, ImageOps

# Odd files are the subject here.
warnings.simplefilter("ignore")
# Above this the server refuses a picture, and decoding it here would only take memory.
MOST_PIXELS = 33_177_600
SIDE = 24
FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP")
# Means and largest differences of a channel that encoding may cause; of small pictures each pixel counts, and decoders
# place colours between pixels in different ways.
TOLERANCE = {True: (25, 255), False: (2.5, 24)}


class Picture:
    """A decoded picture, small, upright, in sRGB and on white, as browsers show it."""

    def __init__(self, data):
        image = Image.open(io.BytesIO(data))
        self.size = image.size
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(f"{image.width} x {image.height} pixels")
        self.format = image.format
        # The further pictures of a JPEG are those of the other eye, or previews.
        self.frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
        # The picture in front of an animation, for programs that show none, does not count.
        self.frames -= bool(getattr(image, "default_image", False))
        image.seek(0)
        image.load()
        self.texts = texts(image)
        image = upright(image)
        self.size = image.size
        self.thumb = thumb(image)

    def resembles(self, other):
        """None, or by how much the pictures differ."""
        pairs = [abs(a - b) for a, b in zip(self.thumb, other.thumb)]
        mean, largest = sum(pairs) / len(pairs), max(pairs)
        most = TOLERANCE[min(self.size) < SIDE]
        return None if mean <= most[0] and largest <= most[1] else f"differs by {mean:.1f} on average, {largest} at most"


def texts(image):
    """What is written in the metadata."""
    exif = image.getexif()
    parts = [exif, *(exif.get_ifd(n) for n in (0x8769, 0x8825))]
    return [v.encode() for part in parts for v in part.values() if isinstance(v, str) and len(v) > 5 and v.isascii()]


def upright(image):
    """Browsers read the orientation in EXIF, and none that is only in XMP or in a text of ImageMagick."""
    if "exif" not in image.info:
        return image
    image.info.pop("xmp", None)
    return ImageOps.exif_transpose(image)


def thumb(image):
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    alpha = None
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode == "RGBA":
        alpha, image = image.getchannel("A"), image.convert("RGB")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        image = in_srgb(image, profile)
    image = image.convert("RGB")
    if alpha:
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    return image.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()


def in_srgb(image, profile):
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image


def readable(data):
    """The picture, if it is of a kind that is accepted and Pillow reads all of it."""
    try:
        picture = Picture(data)
    except Exception:
        return None
    return picture if picture.format in FORMATS else None


def pixels(data):
    """The number of pixels that a file states, 0 if it is not a picture of a kind that is accepted."""
    try:
        image = Image.open(io.BytesIO(data))
        return image.width * image.height if image.format in FORMATS else 0
    except Exception:
        return 0
