"""A personal access token by the command that is printed."""

import os
import shlex

import requests

from conftest import ISSUER, run, source

GRANTOR = os.environ["GRANTOR"]


def test_by_command():
    lines = source("003/007-creating-personal-access-tokens.sh").replace("\\\n", " ").splitlines()
    [command] = [shlex.split(line) for line in lines if "artisan" in line]
    arguments = command[command.index("passport") :]
    # The printed user is nobody's; a user of the fixtures takes the place.
    arguments[arguments.index("--user-id") + 1] = "demo"
    token = run([GRANTOR, *arguments, "--data", os.environ["GRANTOR_DATA"]]).split()[0]
    answer = requests.get(f"{ISSUER}/api/user", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.status_code == 200, answer.text
