"""Running a package's tests in YAML: the engine's runner, with the reforms and extensions that a case names as OpenFisca does."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.openfisca.parameters import ParameterNode
from engine.openfisca.systems import Reform
from engine.reform import chained
from engine.yaml_tests import Options, collect, run, run_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.legislation import Legislation
    from engine.openfisca.systems import TaxBenefitSystem
    from engine.reform import Reform as LawReform
    from engine.yaml_tests import Case, Outcome


class Laws:
    """The laws under which cases run: a system with the extensions, reforms and parameters that each names, made once for each choice.

    `reforms` change any of these laws after all else.
    """

    def __init__(self, system: TaxBenefitSystem, reforms: Sequence[LawReform] = ()) -> None:
        self.system = system
        self.reforms = reforms
        self._systems: dict[Any, TaxBenefitSystem] = {}
        self._reformed: dict[Legislation, Legislation] = {}

    def __call__(self, case: Case) -> Legislation:
        """Return the law of a case."""
        key = (case.extensions, case.reforms, repr(case.parameters))
        if key not in self._systems:
            self._systems[key] = self._made(case)
        system = self._systems[key]
        law = system.legislation if case.max_spiral_loops is None else system.under_spirals(case.max_spiral_loops)
        return self._reformed_law(law) if self.reforms else law

    def _reformed_law(self, law: Legislation) -> Legislation:
        if law not in self._reformed:
            self._reformed[law] = chained(*self.reforms)(law)
        return self._reformed[law]

    def _made(self, case: Case) -> TaxBenefitSystem:
        system = self.system
        if case.extensions:
            system = system.clone()
            for extension in case.extensions:
                system.load_extension(extension)
        for reform in case.reforms:
            system = system.apply_reform(reform)
        if case.parameters:
            system = InYamlTestReform(system, case.parameters)
        return system


class InYamlTestReform(Reform):
    """The reform that a case's key `parameters` describes: a whole tree in the place of the law's."""

    def __init__(self, baseline: TaxBenefitSystem, data: Mapping[str, Any]) -> None:
        self.data = data
        super().__init__(baseline)

    def apply(self) -> None:
        """Put the tree in its place."""
        self.modify_parameters(lambda parameters: ParameterNode(parameters.name, data=self.data))


def run_cases(system: TaxBenefitSystem, paths: Sequence[str], name_filter: str | None = None, workers: int = 1) -> Iterator[Outcome]:
    """Yield the outcome of each case of files and directories."""
    return run(collect(paths, name_filter), system.legislation, workers, law_of=Laws(system))


def run_tests(tax_benefit_system: TaxBenefitSystem, paths: Any, options: Mapping[str, Any] | None = None, write: Callable[[str], object] = print) -> int:
    """Run cases and write what failed; return 0 where all passed, else 1. `options` are those of `openfisca test`, by name."""
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    said = {name: value for name, value in dict(options or {}).items() if value is not None}
    chosen = Options(**{each.name: said[each.name] for each in fields(Options) if each.name in said})
    laws = Laws(tax_benefit_system)
    return min(run_paths(listed, tax_benefit_system.legislation, said.get("name_filter"), write=write, law_of=laws, options=chosen), 1)
