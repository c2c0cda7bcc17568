# SPDX-License-Identifier: Apache-2.0
"""Runs a command: its standard output, or the end of the program with what it said was wrong."""

import subprocess
import sys


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout
