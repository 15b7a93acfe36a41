"""Calibration of weights on known totals, after Deville and Särndal (1992).

Given rows with weights d and margins X (one column a total), weights w = d × F(Xλ) are found whose totals X'w are the targets. F says
how far from d costs how much: `raking` (exponential), `logit` (between two bounds), `linear` (truncated where bounds are given). λ is the
minimum of a convex function; Newton's method with shortened steps finds it.

Where targets come from several sources that do not quite agree, each may be given a `slack`, the relative error that it may keep at the
cost of one standard deviation (penalised calibration, Guggemos and Tillé 2010). Without slack a target is met, or an error names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Method = Literal["raking", "logit", "linear"]

TOLERANCE = 1e-9
BLOCK_ROWS = 16_384
SHORTEST_STEP = 2.0**-30
LARGEST_EXPONENT = 60.0
NAMED = 5
COST_OF_SLACK = 0.1
RIDGE = 1e-6


@dataclass(frozen=True)
class Calibration:
    """Calibrated weights, and how they were reached.

    `ratios`: new weight over old. `errors`: for each target (total / target - 1). `multipliers`: λ, in the units of one over the margin.
    """

    weights: NDArray[np.float64]
    ratios: NDArray[np.float64]
    errors: NDArray[np.float64]
    multipliers: NDArray[np.float64]
    iterations: int
    method: Method


@dataclass(frozen=True)
class _Distance:
    """How weights may move: F(u), its derivative, and its integral from 0, for each row."""

    method: Method
    low: float
    high: float

    def ratios(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return F(u)."""
        if self.method == "linear":
            return np.clip(1 + u, self.low, self.high)
        if self.method == "raking":
            return np.exp(np.minimum(u, LARGEST_EXPONENT))
        low, high, share = self.low, self.high, _sigmoid(self._steepness * u + self._offset)
        return low + (high - low) * share

    def slopes(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of F."""
        if self.method == "linear":
            return ((1 + u > self.low) & (1 + u < self.high)).astype(np.float64)
        if self.method == "raking":
            return self.ratios(u)
        share = _sigmoid(self._steepness * u + self._offset)
        return (self.high - self.low) * self._steepness * share * (1 - share)

    def integrals(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the integral of F from 0 to u: the function whose minimum is sought is made of it."""
        if self.method == "linear":
            inner = np.clip(u, self.low - 1, self.high - 1)
            return inner + inner**2 / 2 + np.clip(1 + u, self.low, self.high) * (u - inner)
        if self.method == "raking":
            return self.ratios(u) - 1
        softened = np.logaddexp(0, self._steepness * u + self._offset) - np.logaddexp(0, self._offset)
        return np.asarray(self.low * u + (self.high - self.low) / self._steepness * softened)

    @property
    def _steepness(self) -> float:
        return (self.high - self.low) / ((1 - self.low) * (self.high - 1))

    @property
    def _offset(self) -> float:
        """Such that F(0) = 1."""
        return float(np.log((1 - self.low) / (self.high - 1)))


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-x)), without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def calibrate(  # noqa: PLR0913 - each is an independent choice, most have defaults
    margins: Any,
    weights: NDArray[np.float64],
    targets: NDArray[np.float64],
    *,
    method: Method = "logit",
    bounds: tuple[float, float] | None = None,
    names: Sequence[str] | None = None,
    slack: NDArray[np.float64] | None = None,
    tolerance: float = TOLERANCE,
    iterations: int = 200,
) -> Calibration:
    """Return weights whose totals are the targets, as near to the given ones as `method` measures it.

    `margins`: rows × targets, dense or scipy sparse, what one unit of a row's weight adds to each total. `bounds`: smallest and largest
    ratio of new weights to old, needed by `logit`, taken by `linear`. `slack`: for each target the relative error it may keep; 0: none.
    Raises DataError that names targets which no weights within the bounds reach, alone or together.
    """
    matrix, d, t = sparse.csr_array(margins, dtype=np.float64), np.asarray(weights, np.float64), np.asarray(targets, np.float64)
    labels = [str(name) for name in names] if names is not None else [f"target {place + 1}" for place in range(len(t))]
    distance = _distance(method, bounds)
    _check(matrix, d, t, labels)
    _check_reach(matrix, d, t, labels, distance)
    scale = np.where(t != 0, np.abs(t), np.maximum(1.0, abs(matrix).T @ d))
    scaled = sparse.csr_array(matrix @ sparse.diags_array(1 / scale))
    no_slack = np.zeros(len(t)) if slack is None else np.asarray(slack, np.float64)
    problem = _Problem(scaled, d, t / scale, no_slack, distance, scaled.astype(np.float32).toarray())
    with threadpool_limits(limits=1):  # the matrices are small: threads that wait for each other took ten times as long on a busy machine
        multipliers, taken = problem.solve(tolerance, iterations)
    ratios = distance.ratios(problem.margins @ multipliers)
    errors = (matrix.T @ (d * ratios) - t) / scale
    _check_errors(np.abs(errors), problem.slack, labels, max(tolerance * 100, 1e-7), distance)
    return Calibration(d * ratios, ratios, errors, multipliers / scale, taken, method)


def _distance(method: Method, bounds: tuple[float, float] | None) -> _Distance:
    low, high = bounds if bounds is not None else (-np.inf if method == "linear" else 0.0, np.inf)
    if method not in {"raking", "logit", "linear"}:
        raise DataError(f"There is no calibration method `{method}`: expected raking, logit or linear.")
    if method == "raking" and bounds is not None:
        raise DataError("Raking has no bounds: expected the method logit or linear with them.")
    if method == "logit" and bounds is None:
        raise DataError("The method logit needs bounds: expected for example (0.5, 2).")
    if bounds is not None and not (0 <= low < 1 < high < np.inf):
        raise DataError(f"The bounds ({low:g}, {high:g}) do not fit: expected 0 <= low < 1 < high.")
    return _Distance(method, low, high)


def _check(matrix: sparse.csr_array, d: NDArray[np.float64], t: NDArray[np.float64], labels: Sequence[str]) -> None:
    rows, columns = matrix.shape
    if d.shape != (rows,) or t.shape != (columns,) or len(labels) != columns:
        raise DataError(
            f"The margins have {rows} rows and {columns} columns: expected as many weights ({d.size}), targets ({t.size}) and names ({len(labels)})."
        )
    if not (np.isfinite(d).all() and (d > 0).all()):
        raise DataError("Weights are positive numbers: expected no zero, negative or missing ones.")
    wrong = [label for label, value in zip(labels, t, strict=True) if not np.isfinite(value)]
    if wrong or not np.isfinite(matrix.data).all():
        raise DataError(f"Targets and margins are finite numbers: {', '.join(wrong) or 'a margin'} is not.")


def _check_reach(matrix: sparse.csr_array, d: NDArray[np.float64], t: NDArray[np.float64], labels: Sequence[str], distance: _Distance) -> None:
    """Raise DataError for each target that lies outside what weights within the bounds can add up to, even were it alone."""
    if distance.method == "linear" and not np.isfinite(distance.high):
        low_sums, high_sums = np.full(len(t), -np.inf), np.full(len(t), np.inf)
        empty = np.diff(sparse.csc_array(matrix).indptr) == 0
        low_sums[empty] = high_sums[empty] = 0
    else:
        above, below = matrix.maximum(0).T @ d, -(matrix.minimum(0).T @ d)
        high = np.inf if distance.method == "raking" else distance.high
        low_sums = distance.low * above - np.where(below > 0, high * np.maximum(below, 1e-300), 0)
        high_sums = np.where(above > 0, high * np.maximum(above, 1e-300), 0) - distance.low * below
    outside = np.flatnonzero((t < low_sums) | (t > high_sums))
    if outside.size:
        said = "; ".join(f"{labels[i]}: target {t[i]:,.6g}, reachable {low_sums[i]:,.6g} to {high_sums[i]:,.6g}" for i in outside[:NAMED])
        more = f"; and {outside.size - NAMED} more" if outside.size > NAMED else ""
        raise DataError(f"No weights within the bounds reach these targets: {said}{more}.")


def _check_errors(errors: NDArray[np.float64], slack: NDArray[np.float64], labels: Sequence[str], allowed: float, distance: _Distance) -> None:
    missed = np.flatnonzero((errors > allowed) & (slack == 0))
    if missed.size:
        worst = missed[np.argsort(-errors[missed], kind="stable")][:NAMED]
        said = "; ".join(f"{labels[i]} (off by {errors[i]:.2%})" for i in worst)
        within = f" within the bounds ({distance.low:g}, {distance.high:g})" if np.isfinite(distance.high) else ""
        raise DataError(f"The targets cannot be reached together{within}: {said}. They contradict each other or leave too little room.")


@dataclass(frozen=True)
class _Problem:
    """The function whose minimum is λ: sum of d × integral of F(Xλ), less λ't, plus the cost of slack. Everything is scaled by the targets."""

    margins: sparse.csr_array
    weights: NDArray[np.float64]
    targets: NDArray[np.float64]
    slack: NDArray[np.float64]
    distance: _Distance
    dense: NDArray[np.float32]

    def solve(self, tolerance: float, iterations: int) -> tuple[NDArray[np.float64], int]:
        """Return λ and the number of steps taken; the best found where no step helps any more."""
        multipliers = np.zeros(len(self.targets))
        value = self._value(multipliers)
        for step in range(iterations):
            u = self.margins @ multipliers
            gradient = self._gradient(multipliers, u)
            if np.abs(gradient).max(initial=0.0) <= tolerance:
                return multipliers, step
            direction = self._direction(u, gradient)
            length, expected = 1.0, float(direction @ gradient)
            while length > SHORTEST_STEP:
                trial = self._value(multipliers - length * direction)
                if trial <= value - 1e-4 * length * expected:
                    break
                length /= 2
            else:
                # the function is flat to rounding: a full step is still right where it lessens the errors
                after = multipliers - direction
                if np.abs(self._gradient(after, self.margins @ after)).max() >= np.abs(gradient).max():
                    return multipliers, step
                length, trial = 1.0, self._value(after)
            multipliers, value = multipliers - length * direction, trial
        return multipliers, iterations

    def _penalty(self) -> NDArray[np.float64]:
        """Return what slack adds to the curvature: an error of one slack costs as much as changing every weight by COST_OF_SLACK."""
        cost: NDArray[np.float64] = self.slack**2 / (COST_OF_SLACK**2 * self.weights.sum())
        return cost

    def _value(self, multipliers: NDArray[np.float64]) -> float:
        integrals = self.distance.integrals(self.margins @ multipliers)
        return float(self.weights @ integrals - multipliers @ self.targets + (self._penalty() * multipliers**2).sum() / 2)

    def _gradient(self, multipliers: NDArray[np.float64], u: NDArray[np.float64]) -> NDArray[np.float64]:
        totals = self.margins.T @ (self.weights * self.distance.ratios(u))
        gradient: NDArray[np.float64] = totals - self.targets + self._penalty() * multipliers
        return gradient

    def _direction(self, u: NDArray[np.float64], gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        # single precision: a direction need not be exact, the gradient is
        roots = np.sqrt(self.weights * self.distance.slopes(u)).astype(np.float32)
        curvature = np.diag(self._penalty())
        for start in range(0, len(roots), BLOCK_ROWS):
            block = self.dense[start : start + BLOCK_ROWS] * roots[start : start + BLOCK_ROWS, None]
            curvature += linalg.blas.ssyrk(1.0, block.T)  # the upper triangle of block.T @ block
        whole = np.triu(curvature) + np.triu(curvature, 1).T
        sizes = np.sqrt(np.maximum(np.diag(whole), 1e-300))
        whole = whole / np.outer(sizes, sizes) + RIDGE * np.eye(len(gradient))  # margins that say the same leave it singular
        return np.asarray(np.linalg.lstsq(whole, gradient / sizes, rcond=None)[0]) / sizes
