"""gunicorn's threads, with connections shared evenly among the processes, none held by whoever is slow, and logs that quote nobody.

A client keeps its connection open, and the process that was quickest to accept it serves it from then on. Left to chance, a few
clients may all be with one process while the others rest. Here a process leaves new connections to those that have fewer. One that does
not answer for a moment is not waited for.

A thread is given to a request once its first byte has come; who does not send the rest, or does not take the answer, in good time loses the connection.
"""

from __future__ import annotations

import errno
import io
import logging
import selectors
import socket
import time
import traceback
from contextlib import suppress
from functools import partial
from multiprocessing import RawArray
from typing import TYPE_CHECKING, Any, ClassVar, Final

from gunicorn.workers.gthread import ThreadWorker

from web_api.answers import MOST_PLACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Whoever has not told for so many seconds how many connections it has is busy, or gone: gunicorn's own loop tells once a second.
STALE_SECONDS: Final = 1.5
# A process that leaves connections to others looks again after so many seconds.
LOOK_AGAIN_SECONDS: Final = 0.01
MOST_PROCESSES: Final = 256
# A request must have come whole within so many seconds of its first byte, and the first byte within as many of the connection.
READ_SECONDS: Final = 20.0
# Each piece of an answer must be taken within so many seconds.
SEND_SECONDS: Final = 60.0
# What a client still sends after its last answer is taken for so many seconds, for else it might lose the answer's end.
PART_SECONDS: Final = 2.0
PIECE: Final = 65_536
LOG: Final = "gunicorn.error"
_QUOTING: Final = "Invalid request from ip="
_ASKED: Final = "%s %s"


class EvenWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A worker that accepts a connection when no other has fewer, and lets none keep a thread by being slow."""

    connections: ClassVar[Any] = RawArray("i", MOST_PROCESSES)
    told_at: ClassVar[Any] = RawArray("d", MOST_PROCESSES)
    place = 0
    wsgi: Any
    read_seconds = READ_SECONDS
    send_seconds = SEND_SECONDS
    _most = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Make a worker, as gunicorn does."""
        super().__init__(*arguments, **named)
        self._reading: dict[socket.socket, float] = {}  # those of which a thread reads a request, and by when it must have come
        self._parting: dict[socket.socket, float] = {}  # those that have had their last answer, and by when they are closed

    def init_process(self) -> None:
        """Begin to serve."""
        logging.getLogger(LOG).addFilter(without_words)
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application; each request is read whole before it is asked."""
        super().load_wsgi()
        self.wsgi = self._read_first(self.wsgi)

    # Connections shared evenly

    @property
    def worker_connections(self) -> int:
        """How many connections this process may have now; gunicorn asks before it accepts one."""
        now = time.monotonic()
        self.connections[self.place], self.told_at[self.place] = self.nr_conns, now
        fewest = self._most
        for place in range(2 * self.cfg.workers):
            if self.connections[place] < fewest and place != self.place and now - self.told_at[place] < STALE_SECONDS:
                fewest = self.connections[place]
        return int(min(self._most, fewest + 1))

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most = most

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for requests; not for long while others have fewer connections. Requests that do not come to an end are cut off."""
        super().wait_for_and_dispatch_events(timeout if getattr(self, "_accepting", True) else min(timeout, LOOK_AGAIN_SECONDS))
        now = time.monotonic()
        for connection, until in list(self._reading.items()):
            if now > until:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)  # who reads it finds its end
        for connection in [connection for connection, until in self._parting.items() if now > until]:
            self._close(connection)

    # Those who are slow

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread; a new one once something has come of it."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.close = partial(self._part, conn.sock)
        conn.sock.setblocking(False)  # noqa: FBT003 - the socket's own word
        conn.timeout = time.monotonic() + self.read_seconds
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: Any) -> Any:
        """Answer a request, in a thread."""
        self._reading[conn.sock] = time.monotonic() + self.read_seconds
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn.sock, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request that has begun to come; who does not take the answer has hung up."""
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:
            raise BrokenPipeError(errno.EPIPE, "the answer was not taken") from error

    def _part(self, connection: socket.socket, *, graceful: bool = False) -> None:
        """Close a connection; after an answer once the client has taken it. gunicorn itself would have all others wait for that."""
        self._parting[connection] = time.monotonic() + PART_SECONDS
        try:
            if graceful:
                connection.shutdown(socket.SHUT_WR)
                connection.setblocking(False)  # noqa: FBT003 - the socket's own word
                self.poller.register(connection, selectors.EVENT_READ, self._drain)
                return
        except (OSError, ValueError, KeyError):  # it is closed already
            pass
        self._close(connection)

    def _drain(self, connection: Any) -> None:
        """Take what a client still sends; close the connection where it has closed its own end."""
        try:
            is_over = not connection.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self._close(connection)

    def _close(self, connection: socket.socket) -> None:
        del self._parting[connection]
        with suppress(OSError, ValueError, KeyError):
            self.poller.unregister(connection)
        with suppress(OSError):
            connection.close()

    def _read_first(self, application: Any) -> Callable[..., Iterable[bytes]]:
        """Return an application that is asked once the body has come; of one that is too large as much as tells it so."""
        most = application.config["MAX_CONTENT_LENGTH"] or 0

        def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            told = environ.get("CONTENT_LENGTH")
            if told is None or int(told) <= most:
                body = environ["wsgi.input"].read(most + 1)
                if len(body) < int(told or 0):
                    raise ConnectionResetError(errno.ECONNRESET, "the request did not come whole")
                environ["wsgi.input"] = io.BytesIO(body)
            environ["bareme.threads"] = self.cfg.threads
            connection = environ["gunicorn.socket"]
            self._reading.pop(connection, None)
            connection.settimeout(self.send_seconds)
            return application(environ, start_response)  # type: ignore[no-any-return]  # a WSGI application

        return asked


def without_words(record: logging.LogRecord) -> bool:
    """Leave out of what gunicorn logs what was sent: of an error its kind and the places in the code, of a request that is none whence it came."""
    message = record.getMessage()
    if record.exc_info and record.exc_info[0] is not None:
        places = "".join(traceback.format_tb(record.exc_info[2], limit=-MOST_PLACES))
        record.msg, record.args = f"{record.msg.partition('%')[0].strip()}: {record.exc_info[0].__name__}\n{places}", ()
        record.exc_info = record.exc_text = None
    elif record.levelno <= logging.DEBUG and record.msg == _ASKED and record.args:
        record.msg, record.args = str(record.args[0]), ()  # type: ignore[index]  # method and path
    elif message.startswith(_QUOTING):
        record.msg, record.args = message.partition(":")[0], ()
    return True


def take_place(server: Any, worker: EvenWorker) -> None:
    """Give a worker that is about to be forked a place that no other has."""
    taken = {each.place for each in server.WORKERS.values()}
    worker.place = next(place for place in range(MOST_PROCESSES) if place not in taken)
    worker.told_at[worker.place] = 0.0
