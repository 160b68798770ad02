"""masto.js and megalodon against a running Dassie. Usage: run_node.py FOLDER, which holds their node_modules."""

import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig import Dassie, check, finish

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    folder = os.path.abspath(sys.argv[1])
    # Modules are resolved relative to the location of a file, so the script must be next to them.
    script = os.path.join(folder, "clients.mjs")
    shutil.copy(os.path.join(HERE, "node.mjs"), script)
    dassie = Dassie()
    done = subprocess.run(["node", script, dassie.base, dassie.token], capture_output=True, text=True, timeout=120)
    check("the clients come to their end", done.returncode == 0, done.stderr[-800:])
    for what, ok in json.loads(done.stdout.strip().splitlines()[-1]) if done.returncode == 0 else []:
        check(what, ok)
    finish()


main()
