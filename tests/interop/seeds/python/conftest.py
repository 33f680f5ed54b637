"""The printed clients in Python and Go, and the bytes of those in Swift and Kotlin, against a development server."""

import os
import pathlib
import shutil
import subprocess
import sys

ISSUER = os.environ["GRANTOR_ISSUER"]
BLOCKS = pathlib.Path(os.environ["SEEDS"])


def sign_in(url, decision="approve"):
    """Logs in on the real pages and decides; returns the address that the application is called at."""
    return run([os.environ["SIGN_IN"], url, decision]).strip()


def answer_device(url, decision="approve"):
    """Opens the address that a device shows, and decides."""
    return run([os.environ["SIGN_IN"], "--device", url, decision]).strip()


def run(command, **more):
    """Runs a program to its end and returns what it printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=120, **more)
    assert done.returncode == 0, done.stdout
    return done.stdout


def source(block):
    return (BLOCKS / block).read_text(encoding="utf-8")


def run_python(block):
    """Runs a block as the program that it is."""
    return run([sys.executable, str(BLOCKS / block)])


def run_go(block, folder, **environment):
    """Builds and runs a block in a module of its own."""
    module = pathlib.Path(__file__).parent.parent / "go"
    for name in ("go.mod", "go.sum"):
        shutil.copy(module / name, folder)
    shutil.copy(BLOCKS / block, folder / "main.go")
    return run(["go", "run", "main.go"], cwd=folder, env=os.environ | environment)
