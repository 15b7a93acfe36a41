"""How web workers and the runner talk: lines of JSON over a Unix socket in a folder that only this user can enter.

A message is a line with a mapping; where it has `bytes`, so many bytes follow. Nothing that is sent is run or unpickled, and the kernel keeps
other users out, so that no key needs to be shared.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast

from engine import user_cache
from engine.errors import DataError

if TYPE_CHECKING:
    from io import BufferedReader

    from web_api.settings import Settings

Message = dict[str, Any]
SUBMIT, LOOK, WATCH, CANCEL, LEASE, STATUS = "submit", "look", "watch", "cancel", "lease", "status"
QUEUED, RUNNING, DONE, FAILED, CANCELLED, UNKNOWN, FULL = "queued", "running", "done", "failed", "cancelled", "unknown", "full"
FINAL: Final = (DONE, FAILED, CANCELLED, UNKNOWN)
BEAT: Final[Message] = {"beat": True}
"""What is sent to whoever watches while nothing happens."""
HEARTBEAT: Final = 5.0
"""How many seconds pass at most between two messages to whoever watches."""
_LONGEST_PATH: Final = 100  # of a socket: the kernel takes 107 bytes
_LONGEST_LINE: Final = 1 << 26


@dataclass(frozen=True)
class Address:
    """Where the runner of a law, a population and settings listens, and the locks beside it."""

    path: Path

    @classmethod
    def of(cls, settings: Settings, law: str) -> Address:
        """Return the address for a law (its identity) and settings: servers of this user with the same, and the same code, share a runner."""
        whose = (
            law,
            version("bareme"),
            Path(__file__).parent,  # of two installations, each has a runner of its own
            settings.population and str(Path(settings.population).resolve()),
            settings.bills,
            settings.cache,
            user_cache.cache_file("impact"),
        )
        path = private_folder() / blake2b(repr(whose).encode(), digest_size=8).hexdigest()
        if len(os.fsencode(path)) > _LONGEST_PATH:
            raise DataError(f"{path}: this path is too long for a socket: set TMPDIR to a folder with a short path.")
        return cls(path)

    @property
    def starting(self) -> Path:
        """The file that is locked by the worker that starts the runner."""
        return self.path.with_suffix(".starting")

    @property
    def running(self) -> Path:
        """The file that is locked by the runner as long as it lives."""
        return self.path.with_suffix(".running")


def private_folder() -> Path:
    """Return the folder of sockets, which only this user can enter. Raises DataError where another one has made it."""
    folder = Path(tempfile.gettempdir()) / f"bareme-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
    except OSError as error:
        raise DataError(f"{folder}: the folder for the runs over the country cannot be made ({error.strerror}).") from error
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
        raise DataError(f"{folder}: expected a folder of this user that nobody else can enter.")
    return folder


class Connection:
    """One end of a conversation. Raises OSError (ConnectionError, TimeoutError) where the other end has gone or does not answer."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._stream: BufferedReader = end.makefile("rb")

    @classmethod
    def to(cls, address: Address, timeout: float) -> Connection:
        """Return a connection to the runner. Raises OSError where none listens."""
        end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        end.settimeout(timeout)
        try:
            end.connect(str(address.path))
        except OSError:
            end.close()
            raise
        return cls(end)

    def send(self, message: Message, content: bytes = b"") -> None:
        """Send a message, and bytes behind it."""
        head = {**message, "bytes": len(content)} if content else message
        self.end.sendall(json.dumps(head).encode() + b"\n" + content)

    def receive(self) -> tuple[Message, bytes]:
        """Return a message and its bytes. Raises ConnectionResetError where the other end has gone."""
        line = self._stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the other end has gone")
        message = cast("Message", json.loads(line))
        size = int(message.get("bytes", 0))
        content = self._stream.read(size) if size else b""
        if len(content) < size:
            raise ConnectionResetError("the other end has gone")
        return message, content

    @property
    def is_open(self) -> bool:
        """Whether the other end, of which nothing is expected, is still there; the connection does not wait any more."""
        try:
            self.end.setblocking(False)  # noqa: FBT003 - the socket's own word
            return self.end.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """End the conversation."""
        self._stream.close()
        self.end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
