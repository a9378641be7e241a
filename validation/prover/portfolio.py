"""Prove or refute one statement: rounds of proof search beside a search for counterexamples, within a budget."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from numbers import Real
from typing import TYPE_CHECKING, Any

from validation.certificates import certify, certify_witness, check_witness, checker
from validation.certificates.goals import Goal, goals_of
from validation.certificates.nodes import Node
from validation.prover import bounds, calculus, comparison, covers, exact, squares, stationary
from validation.prover.answer import Answer, Attempt
from validation.prover.engine import Method, Search, Slices

if TYPE_CHECKING:
    from theory.claim import Claim
    from theory.language import Statement

ROUNDS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20)
SLICE = 0.02
UNDEFINED_SHARE = 0.2  # of the budget, to look for a counterexample once no proof is possible
RESERVE = 0.03  # of the budget, for checking and writing
RINGS_AGAIN = 0.005  # seconds
LONGEST = 1e6  # seconds that may be asked for
INTERRUPTIBLE = {"validation", "numerics", "theory", "sympy", "mpmath", "scipy"}

METHODS = (
    Method("leaf", exact.leaves),
    Method("definitions", exact.definitions, 1),
    Method("roots of polynomials", exact.polynomials),
    Method("reals for integers", exact.relaxations, 1, cost=0),
    Method("logarithms", comparison.logarithms, 1, cost=0),
    Method("cases", exact.cases, 1),
    Method("fewer constraints", exact.weakenings, 1, cost=0),
    Method("factors", exact.products, 1),
    Method("terms", exact.sums, 1),
    Method("balls", covers.covers, 0, deepening=True),
    Method("telescoping sum", exact.telescopes, 1),
    Method("monotone", calculus.monotone, 1),
    Method("squares", squares.squares, 1, deepening=True),
    Method("waves", squares.waves, 1),
    Method("far end", exact.far_ends, 1),
    Method("tangent", calculus.tangent, 1),
    Method("foot", stationary.steps_to_feet, 1),
    Method("tangent bounds", bounds.bounded, 1),
    Method("symmetry", comparison.symmetric, 1),
    Method("both sides", comparison.composed, 1),
    Method("quotient by a term", exact.quotients, 1),
    Method("concave", calculus.concave, 1),
    Method("expanded", comparison.expanded, 1),
    Method("integers", exact.integers, 1),
    Method("stationary points", stationary.splits, 2, deepening=True),
    Method("monotone quotient", calculus.divided, 2),
    Method("substitution", comparison.substitutions, 2, cost=2),
    Method("two inequalities", exact.equalities, 4),
)


class OutOfTime(BaseException):
    """The budget is spent in the middle of a step; no ``Exception``, so that nothing in between catches it."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Ends the block when the seconds are spent, whatever is being computed then, or when the user interrupts it.

    The alarm rings until it is heard: in code that is none of the search (a callback of the garbage collector, say)
    an exception would be lost, or would do harm.  However the block ends, the caller's own handler and timer are back.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        with suppress(KeyboardInterrupt):
            yield
        return
    over = False

    def ring(number: int, frame: Any) -> None:
        module = frame.f_globals.get("__name__", "") if frame is not None else ""
        if not over and module.partition(".")[0] in INTERRUPTIBLE:
            raise OutOfTime

    delay, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    began = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    try:
        with suppress(OutOfTime, KeyboardInterrupt):
            try:
                signal.setitimer(signal.ITIMER_REAL, seconds, RINGS_AGAIN)
                yield
            finally:
                over = True
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if delay:
            left = max(delay - (time.monotonic() - began), RINGS_AGAIN)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


def prove(
    claim: Claim | Statement, budget: float = 20.0, progress: Callable[[str, float], None] | None = None
) -> Answer:
    """Proves or refutes a claim or statement over scalars within ``budget`` seconds.

    ``progress`` is told what is being tried and the seconds so far; what it raises ends the search and comes through.
    Every proof and every counterexample returned has passed the checker.  Ctrl-C ends the search and keeps what was
    found.  The budget is a hard limit in the main thread only; in another thread a long step may exceed it.

    Raises ``TypeError`` for what is no claim or statement or a budget that is no number, ``ValueError`` for a budget
    out of range and for a claim that is no statement over scalars.
    """
    from theory.claim import Claim
    from theory.language import Statement, statement_of

    if not isinstance(claim, Claim | Statement):
        hint = "Claim.parse(text, where='x in (0, oo)') makes a claim of a text"
        raise TypeError(f"prove takes a claim or a statement, not {type(claim).__name__}: {hint}")
    if isinstance(budget, bool) or not isinstance(budget, Real):
        raise TypeError(f"budget is a number of seconds, not {type(budget).__name__} {budget!r}")
    if not 0 < budget <= LONGEST:
        raise ValueError(f"budget {budget} is out of range: a number of seconds above 0 and at most {LONGEST:g}")
    budget = float(budget)
    statement = claim if isinstance(claim, Statement) else statement_of(claim)
    trial = _Trial(statement, budget, progress)
    with _time_limit(budget * (1 + RESERVE)):
        trial.run()
    return trial.answer()


class _Trial:
    """One statement, the two searches on it, and what they have found."""

    def __init__(self, statement: Statement, budget: float, progress: Callable[[str, float], None] | None) -> None:
        self.statement, self.budget, self.progress = statement, budget, progress
        self.start = time.monotonic()
        self.search = Search(METHODS, self.start + budget * (1 - RESERVE))
        self.goals = goals_of(statement)
        self.nodes: dict[Goal, Node] = {}
        self.witness: Any = None
        self.undefined: Any = None
        self.certificate: dict[str, Any] | None = None
        self.spent = {"proof": 0.0, "refutation": 0.0}
        self.broken: dict[str, str] = {}
        self.depth = 0

    def run(self) -> None:
        """Runs the searches in turn until one settles the statement or the time is over."""
        from validation.prover.refuting import refute

        running: dict[str, Generator[Any, None, Any]] = {
            "proof": self.proof(),
            "refutation": refute(self.statement, self.search.late),
        }
        told = 0.0
        while running and not self.search.late():
            name = min(running, key=lambda n: self.spent[n])
            began = time.monotonic()
            try:
                while time.monotonic() - began < SLICE:
                    found = next(running[name])
                    if found is not None:
                        self.undefined = found
                        running.pop("proof", None)
                        self.search.deadline = min(self.search.deadline, began + UNDEFINED_SHARE * self.budget)
            except StopIteration as end:
                del running[name]
                if end.value is not None:
                    if name == "proof":
                        self.certificate = end.value
                    else:
                        check_witness(self.statement, end.value)
                        self.witness, self.certificate = end.value, certify_witness(end.value)
                    return
            except Exception as error:  # a search that breaks down proves nothing, and the other one goes on
                running.pop(name, None)
                self.broken[name] = f"broke down: {type(error).__name__}: {error}"
            finally:
                self.spent[name] += time.monotonic() - began
            if self.progress is not None and time.monotonic() - told > 0.1:
                told = time.monotonic()
                self.progress(f"{name}, depth {self.depth}", told - self.start)

    def proof(self) -> Slices[dict[str, Any] | None]:
        """A certificate of the whole statement: all its goals, in rounds of rising depth."""
        for depth in ROUNDS:
            self.depth = depth
            for goal in self.goals:
                if goal not in self.nodes:
                    node = yield from self.search.prove(goal, depth)
                    if node is not None:
                        self.nodes[goal] = node
            if all(goal in self.nodes for goal in self.goals):
                return self._checked()
        return None

    def _checked(self) -> dict[str, Any]:
        for goal in self.goals:
            checker.check(goal, self.nodes[goal])
        return certify([self.nodes[goal] for goal in self.goals])

    def answer(self) -> Answer:
        """What is known now."""
        verdict = "refuted" if self.witness is not None else "proved" if self.certificate else "undecided"
        tried = [
            Attempt(name, round(r.seconds, 3), r.error or ("led on" if r.wins else "no proof"), r.count)
            for name, r in self.search.spent.items()
        ]
        ended = "found" if self.witness else self.broken.get("refutation", "none")
        tried.append(Attempt("refutation", round(self.spent["refutation"], 3), ended))
        if "proof" in self.broken:
            tried.append(Attempt("proof", round(self.spent["proof"], 3), self.broken["proof"]))
        return Answer(
            verdict,
            self.statement,
            self.witness,
            self.certificate,
            self.undefined,
            tuple(tried),
            time.monotonic() - self.start,
        )
