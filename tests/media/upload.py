"""Uploads, and the memory of the server."""

import io
import json
import time
import urllib.request

from PIL import Image

from rig import fetch


def upload(alice, data):
    """Status and body, after the server has processed the file."""
    boundary = "xxxxxxxxboundary"
    body = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode()
    body += data + f"\r\n--{boundary}--\r\n".encode()
    head = {"Authorization": f"Bearer {alice.token}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    status, answer = fetch(alice.base + "/api/v2/media", "POST", body, head, timeout=120)
    while status in (202, 206):
        time.sleep(0.2)
        status, answer = fetch(f"{alice.base}/api/v1/media/{json.loads(answer)['id']}", headers=head)
    return status, answer


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def picture(shade):
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade % 256, 80, 200)).save(out, "PNG")
    return out.getvalue()


def memory(pid, name):
    """A figure of the memory of a process in KiB, like `VmHWM`, the peak."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def forget_peak(pid):
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
