"""The search itself: goals, the steps proposed for them, and what is left of each, tried in rounds of rising depth.

Everything here is a generator that yields after a little work, so that a refutation can run beside it.  Nothing is
believed: a step counts once the checker names its subgoals, a proof once the checker has walked through it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import sympy as sp

from validation.certificates import checker
from validation.certificates.goals import Constraint, Goal, Rejected
from validation.certificates.nodes import Forget, Node, Open
from validation.certificates.ranges import Ranges
from validation.prover.forms import weight
from validation.prover.sampling import Samples

T = TypeVar("T")
Slices = Generator[None, None, T]
Proposal = tuple[Node | None, list[Goal] | None]
OPEN = Open()
_WRONG = {">=": {-1}, ">": {-1, 0}, "==": {-1, 1}, "!=": {0}}


@dataclass(frozen=True)
class Method:
    """A proposer of steps, from which depth on it is asked, whether it says more the deeper the search, its price."""

    name: str
    propose: Callable[[View], Iterable[Node | None]]
    depth: int = 0
    deepening: bool = False
    cost: int = 1


@dataclass(frozen=True)
class View:
    """A goal as the methods see it: with samples of its region, the depth left, and the clock."""

    goal: Goal
    samples: Samples
    depth: int
    search: Search

    @property
    def gap(self) -> sp.Expr:
        """The expression of the goal."""
        return self.goal.gap

    def signs(self, expr: sp.Expr) -> set[int]:
        """The signs of an expression at the samples."""
        return self.samples.pattern(expr)

    def believed(self, expr: sp.Expr, relation: str) -> bool:
        """Whether no sample speaks against a relation to 0, and at least one could have."""
        return not self.samples.meets(expr, _WRONG[relation]) and bool(self.signs(expr))


@dataclass
class Record:
    """What one method has cost and brought: seconds, steps proposed, steps that led to a proof, the last error."""

    seconds: float = 0.0
    count: int = 0
    wins: int = 0
    error: str = ""


@dataclass
class Search:
    """One search: its methods, its clock, and what it knows by now."""

    methods: tuple[Method, ...]
    deadline: float
    proven: dict[Goal, Node] = field(default_factory=dict)
    failed: dict[Goal, int] = field(default_factory=dict)
    active: set[Goal] = field(default_factory=set)
    regions: dict[object, Samples] = field(default_factory=dict)
    spent: dict[str, Record] = field(default_factory=dict)
    proposals: dict[tuple[Goal, str], tuple[list[Proposal], Iterator[Node | None]]] = field(default_factory=dict)

    def late(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.deadline

    def samples(self, goal: Goal) -> Samples:
        """The samples of the goal's region, drawn once."""
        key = (goal.box, goal.given)
        if key not in self.regions:
            self.regions[key] = Samples(goal)
        return self.regions[key]

    def plausible(self, goal: Goal) -> bool:
        """Whether no sample of the region violates the goal."""
        return not self.samples(goal).meets(goal.gap, _WRONG[goal.relation])

    def prove(self, goal: Goal, depth: int) -> Slices[Node | None]:
        """A proof of the goal by steps nested at most ``depth`` deep; ``None`` if none was found."""
        goal, wrap = relevant(goal)
        if goal not in self.proven:
            if depth < 0 or goal in self.active or self.failed.get(goal, -1) >= depth or self.late():
                return None
            yield
            if not self.plausible(goal):
                self.failed[goal] = 10**6
                return None
            self.active.add(goal)
            try:
                found = yield from self._attempt(goal, depth)
            finally:
                self.active.discard(goal)
            if found is None:
                if not self.late():
                    self.failed[goal] = depth
                return None
            self.proven[goal] = found
        return wrap(self.proven[goal])

    def _attempt(self, goal: Goal, depth: int) -> Slices[Node | None]:
        view = View(goal, self.samples(goal), depth, self)
        for method in self.methods:
            if depth < method.depth:
                continue
            for step, left in self._steps(method, view):
                if self.late():
                    return None
                yield
                if step is None or left is None:
                    continue
                found = yield from self._finish(step, left, depth - method.cost, weight(goal.gap))
                if found is not None:
                    self.spent[method.name].wins += 1
                    return found
        return None

    def _steps(self, method: Method, view: View) -> Iterator[Proposal]:
        """The steps of a method with the goals they leave; kept for the next round unless they depend on the depth."""
        key = (view.goal, method.name)
        kept, rest = self.proposals.get(key, ([], None))
        if rest is None:
            rest = iter(timed(method.propose(view), self.spent.setdefault(method.name, Record())))
            if not method.deepening:
                self.proposals[key] = kept, rest
        yield from kept
        for step in rest:
            left = None if step is None else self._left(view.goal, step)
            if step is not None and not method.deepening:
                kept.append((step, left))
            yield step, left

    def _left(self, goal: Goal, step: Node) -> list[Goal] | None:
        """The goals that a step leaves; ``None`` if it is no step or one of them fails at a sample."""
        try:
            left = checker.subgoals(goal, step)
        except Rejected:
            return None
        return left if all(self.plausible(subgoal) for subgoal in left) else None

    def _finish(self, step: Node, left: list[Goal], depth: int, before: int) -> Slices[Node | None]:
        """The step with proofs of the goals it leaves, the easiest first; its own children say how to begin.

        Goals that look harder than the one ``before`` are given less depth.
        """
        below = step.children or (OPEN,) * len(left)
        if len(below) != len(left):
            return None
        children: dict[int, Node] = {}
        for place in sorted(range(len(left)), key=lambda i: hardness(left[i])):
            goal, begun = left[place], below[place]
            child: Node | None = None
            if isinstance(begun, Open):
                child = yield from self.prove(goal, depth - growth(before, weight(goal.gap)))
            else:
                yield
                after = self._left(goal, begun)
                if after is not None:
                    child = yield from self._finish(begun, after, depth, before)
            if child is None:
                return None
            children[place] = child
        return step.following(*(children[place] for place in range(len(left)))) if left else step


def growth(before: int, after: int) -> int:
    """What a step costs beyond its own price for making the gap heavier; much lighter ones are refunded."""
    return -1 if 3 * after <= 2 * before else 0 if after <= before + 4 else 1 if 2 * after <= 3 * before else 2


def hardness(goal: Goal) -> tuple[int, int]:
    """What orders the goals of a step: the fewest variables, the shortest expression first."""
    return len(goal.gap.free_symbols), int(goal.gap.count_ops())


def relevant(goal: Goal) -> tuple[Goal, Callable[[Node], Node]]:
    """The goal without the variables and constraints that cannot matter, and what puts a proof of it back."""
    needed = set(goal.gap.free_symbols)
    grown = True
    while grown:
        linked = [c.gap.free_symbols for c in goal.given if c.gap.free_symbols & needed]
        grown = not set().union(*linked) <= needed
        needed = needed.union(*linked)
    variables = tuple(symbol.name for symbol, _ in goal.box if symbol not in needed)
    bare = replace(goal, gap=sp.S.Zero, relation=">=", given=())
    constraints = tuple(
        place for place, c in enumerate(goal.given) if not c.gap.free_symbols & needed or _obvious(bare, c)
    )
    if not variables and not constraints:
        return goal, lambda node: node
    forget = Forget(variables, constraints)
    try:
        (smaller,) = checker.subgoals(goal, forget)
    except Rejected:
        return goal, lambda node: node
    return smaller, forget.following


def _obvious(region: Goal, constraint: Constraint) -> bool:
    """Whether the box alone shows the constraint."""
    try:
        return Ranges.of(region).holds(constraint.gap, constraint.relation)
    except Rejected:
        return False


def timed(steps: Iterable[T], record: Record) -> Iterator[T]:
    """The steps; the time to find them and their number are added to the record.

    A guess may lead computer algebra into any of its errors; the method then has no more to say on this goal.
    """
    iterator = iter(steps)
    while True:
        start = time.process_time()
        try:
            step = next(iterator)
        except StopIteration:
            return
        except Exception as error:
            record.error = f"{type(error).__name__}: {error}"
            return
        finally:
            record.seconds += time.process_time() - start
        record.count += 1
        yield step
