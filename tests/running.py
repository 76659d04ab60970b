"""A real server for as long as it is needed: started, asked for its address, stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ADDRESS = re.compile(r"http://[\w.\[\]:]+:\d+")
PATIENCE = 120.0


@contextmanager
def running(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Run ``command`` in ``folder`` and yield the address that it tells, without a last slash.

    Whatever it started is ended with it. AssertionError if it ends, or waits for ``PATIENCE``
    seconds, without a word of an address.
    """
    server = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    alarm = threading.Timer(PATIENCE, os.killpg, (server.pid, signal.SIGKILL))
    alarm.start()
    assert server.stdout is not None
    # Somebody has to listen to what it says later, or it stands still once the pipe is full.
    listener = threading.Thread(target=server.stdout.read)
    try:
        said = ""
        for line in server.stdout:
            said += line
            if found := ADDRESS.search(line):
                break
        else:
            raise AssertionError(f"{command} told no address:\n{said}")
        alarm.cancel()
        listener.start()
        yield found.group()
    finally:
        alarm.cancel()
        stop(server)
        if listener.ident is not None:
            listener.join()
        server.stdout.close()


def stop(server: subprocess.Popen[str]) -> None:
    """End a server and all that it started: politely first, then not."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        raise


@contextmanager
def running_service(rooms: Path, *options: str, **environment: str) -> Iterator[str]:
    """Run ``cecot serve`` over ``rooms`` and yield its address, without a last slash."""
    command = [sys.executable, "-m", "cecot", "serve", "--port", "0", "--rooms", str(rooms)]
    with running([*command, *options], rooms, os.environ | environment) as address:
        yield address
