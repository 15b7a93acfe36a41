"""The workers of a cluster: each says what it is and can read when it is first seen, and is sent the traces that it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from analysis.scheduling import on_worker
from analysis.scheduling.installation import differences
from engine.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client

    from analysis.scheduling.job import Hello, Sent
    from engine.sent_traces import SentTrace
    from population.partitions.parts import Part

_SHOWN: Final = 5
_UNKNOWN: Final = ("ModuleNotFoundError", "ImportError", "AttributeError")


@dataclass
class Workers:
    """The workers that are there, by address. `laws` are the digests of the job's laws on this machine; `say` is told what a user should know."""

    client: Client
    sent: Sent
    parts: Sequence[Part]
    laws: tuple[bytes | None, ...]
    say: Callable[[str], None]
    known: dict[str, Hello] = field(default_factory=dict)
    traces: tuple[SentTrace, ...] = ()
    _maker: str = ""

    def look(self) -> bool:
        """Look who is there; whoever is new says what it is. Return whether anything changed.

        Raises ClusterError for a worker that is not like this machine, or has another law, or another file under the name of a part.
        """
        there = set(self.client.nthreads())
        gone, new = set(self.known) - there, sorted(there - set(self.known))
        for address in gone:
            del self.known[address]
        if new:
            said = self._asked(new, on_worker.hello, self.sent, self.parts)
            for address, hello in said.items():
                self._check(address, hello)
                self.known[address] = hello
            self._share(list(said))
        return bool(gone or new)

    def _asked(self, addresses: Sequence[str], function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """Return what workers answer; those that went away meanwhile are left out. Raises ClusterError where one cannot even run Barème."""
        found = self.client.run(function, *arguments, workers=list(addresses), on_error="return")
        for address, answer in found.items():
            if isinstance(answer, Exception) and any(name in repr(answer) for name in _UNKNOWN):  # Dask wraps the error in others
                raise ClusterError(f"The worker {address} cannot run Barème ({answer}): install the same version there as here.")
        return {address: answer for address, answer in found.items() if not isinstance(answer, BaseException)}

    def _check(self, address: str, hello: Hello) -> None:
        different = differences(dict(self.sent.installation), hello.installation)
        if different:
            raise unlike(address, different)
        if hello.failed:
            raise ClusterError(f"The worker {address} cannot make the law: {hello.failed}")
        if hello.laws != self.laws:
            raise ClusterError(
                f"The worker {address} has another law than this machine, although Barème is the same: expected the same country package, "
                "extensions and reforms in the same versions, and workers started since they were last changed."
            )
        for name, sizes in hello.parts.items():
            other = next((each for each, parts in self._holders() if parts.get(name, sizes) != sizes), None)
            if other is not None:
                raise ClusterError(f"The part {name} has other files on {address} than on {other}: expected one part of each name, or copies of it.")

    def _holders(self) -> Iterator[tuple[str, dict[str, tuple[int, ...]]]]:
        yield "this machine", self._here
        yield from ((address, hello.parts) for address, hello in self.known.items())

    @cached_property
    def _here(self) -> dict[str, tuple[int, ...]]:
        """The sizes of the files of each part that this machine can read."""
        return {part.name: sizes for part in self.parts if (sizes := on_worker.sizes_of(part)) is not None}

    def readers(self, part: Part) -> list[str]:
        """Return the workers that can read a part."""
        return [address for address, hello in self.known.items() if part.name in hello.parts]

    # Traces

    def share(self, traces: Sequence[SentTrace], maker: str) -> None:
        """Send traces that one worker made to all others that lack them, and to those that come later."""
        self.traces, self._maker = tuple(traces), maker
        self._share([address for address in self.known if address != maker])

    def _share(self, addresses: Sequence[str]) -> None:
        if not self.traces or not addresses:
            return
        asked = [(each.law, each.signature) for each in self.traces]
        lacking = self._asked(addresses, on_worker.which_lack, self.sent, asked)
        for places in sorted({tuple(each) for each in lacking.values() if each}):
            those = [address for address, each in lacking.items() if tuple(each) == places]
            self._asked(those, on_worker.take, self.sent, [self.traces[place] for place in places])
            self.say(f"{len(places)} traced graphs, {sum(len(self.traces[place].payload) for place in places) / 1e6:.1f} MB, were sent to {_named(those)}.")


def unlike(address: str, different: str) -> ClusterError:
    """Return the error for a worker that is not like this machine."""
    return ClusterError(f"The worker {address} is not like this machine ({different}): expected the same, so that results are the same bit for bit.")


def _named(addresses: Sequence[str]) -> str:
    more = f" and {len(addresses) - _SHOWN} more" if len(addresses) > _SHOWN else ""
    return ", ".join(addresses[:_SHOWN]) + more
