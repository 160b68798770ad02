"""The actor checker of fediverse-pasture on a port of its own. Usage: pasture_app.py PORT, in a scratch folder."""

import sys

import uvicorn
from fediverse_pasture.verify_actor import build_app

port = int(sys.argv[1])
uvicorn.run(build_app(False, f"127.0.0.1:{port}", False, 5.0), host="127.0.0.1", port=port, log_level="warning")
