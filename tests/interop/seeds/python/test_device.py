"""The device client in Python: it prints where to go and polls until somebody has been there."""

import subprocess
import sys

import pytest

from conftest import BLOCKS, answer_device


def start():
    command = [sys.executable, "-u", str(BLOCKS / "003/012-device-flow.py")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def address(device):
    for line in device.stdout:
        if "Or visit: " in line:
            return line.split("Or visit: ")[1].strip()
    raise AssertionError("the device printed no address")


@pytest.mark.parametrize(
    ("decision", "expected"),
    [("approve", "✅ Authorization successful!"), ("deny", "❌ Authorization failed: Authorization access_denied")],
)
def test_device(decision, expected):
    with start() as device:
        answer_device(address(device), decision)
        printed, _ = device.communicate(timeout=60)
    assert expected in printed, printed
