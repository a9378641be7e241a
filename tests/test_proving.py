"""``majorant prove`` and ``majorant recheck``, as a theorist meets them."""

from __future__ import annotations

import copy
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import validation
from theory.claim import Claim
from validation.cli import app

RUN = CliRunner()
FLOOR = ("log(z) + 1/z >= 1", "z in (0, oo)")


def invoke(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = RUN.invoke(app, list(arguments), input=given)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def answer(statement: str, where: str, *options: str) -> tuple[int, dict[str, Any]]:
    code, text = invoke("prove", statement, "--where", where, "--json", "-", *options)
    return code, json.loads(text)


def test_a_proof_comes_with_a_certificate_that_is_checked_again(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "proof.json"
    code, text = invoke("prove", FLOOR[0], "--where", FLOOR[1], "--json", str(file))
    assert code == 0
    assert text.startswith("proved")
    assert "steps" in text
    assert invoke("recheck", str(file)) == (0, "proved: log(z) + 1/z >= 1  where z in (0, oo)\n")


def test_a_refutation_names_an_exact_point(tmp_path: Path) -> None:
    code, data = answer("log(z) + 1/z > 1", FLOOR[1])
    assert code == 1
    assert data["verdict"] == "refuted"
    assert data["witness"]["point"] == {"z": "1"}
    assert data["witness"]["gap"] == "0"
    file = tmp_path / "refutation.json"
    file.write_text(json.dumps(data))
    assert invoke("recheck", str(file))[0] == 1
    data["witness"]["point"]["z"] = data["certificate"]["witness"]["point"]["z"] = "2"
    assert invoke("recheck", "-", given=json.dumps(data))[0] == 3


def test_a_violation_far_below_double_precision_is_exact() -> None:
    code, data = answer("(x**2 - 2)**2 >= 1e-30", "x in [0, 2]")
    assert code == 1
    assert -1e-30 <= float(data["witness"]["decimal"]) < 0


def test_what_is_not_real_is_said_and_never_proved() -> None:
    code, data = answer("x/x == 1", "x in [-1, 1]", "--budget", "1")
    assert code == 2
    assert data["verdict"] == "undecided"
    assert "0" in data["undefined"]
    code, text = invoke("prove", "sqrt(x) >= 0", "--where", "x in [-1, 1]", "--budget", "1")
    assert code == 2
    assert "not real at" in text


def numbers(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a certificate holds something with a digit."""
    if isinstance(data, dict):
        return [place for key, value in data.items() for place in numbers(value, (*path, key))]
    if isinstance(data, list):
        return [place for key, value in enumerate(data) for place in numbers(value, (*path, key))]
    return [path] if any(c.isdigit() for c in str(data)) and path[-1] != "rule" else []


def altered(data: Any, place: tuple[Any, ...]) -> Any:
    """A copy in which the first digit at one place is another."""
    copied = copy.deepcopy(data)
    inner = copied
    for key in place[:-1]:
        inner = inner[key]
    text = str(inner[place[-1]])
    digit = next(c for c in text if c.isdigit())
    other = text.replace(digit, str((int(digit) + 1) % 10), 1)
    inner[place[-1]] = type(inner[place[-1]])(other) if not isinstance(inner[place[-1]], bool) else other
    return copied


@pytest.mark.parametrize(("statement", "where"), [FLOOR, ("cos(x) + x**2 >= 9/10", "x in [-3, 2]")])
def test_a_certificate_altered_in_one_number_proves_nothing_else(statement: str, where: str) -> None:
    from validation.certificates import Rejected, recheck

    _, data = answer(statement, where)
    assert recheck(data) == "proved"
    places = numbers(data["certificate"])
    rejected = 0
    for place in places:
        try:
            assert recheck({**data, "certificate": altered(data["certificate"], place)}) == "proved"
        except Rejected:
            rejected += 1
    assert places
    assert rejected >= len(places) * 0.6  # what is left proves the same statement in another way
    for wrong in (statement.replace(">=", "<="), statement.replace(">=", ">= 1/5 + ")):
        with pytest.raises(Rejected):
            recheck({**data, "statement": wrong})


def test_a_proof_is_told_in_words_and_in_latex() -> None:
    code, text = invoke("prove", FLOOR[0], "--where", FLOOR[1], "--explain")
    assert code == 0
    assert "1. defined: z > 0" in text
    assert "log(z)" in text
    code, text = invoke("prove", FLOOR[0], "--where", FLOOR[1], "--latex")
    assert code == 0
    assert text.count(r"\begin{proof}") == text.count(r"\end{proof}") == 1
    assert r"\log{\left(z \right)}" in text


def test_a_proof_names_the_inequality_of_a_lemma_and_the_trend() -> None:
    _, text = invoke("prove", FLOOR[0], "--where", FLOOR[1], "--explain")
    assert "the lemma log_floor, log(u) - 1 + 1/u >= 0, with u = z" in text
    _, text = invoke("prove", "log(1 + x) >= 2*x/(2 + x)", "--where", "x in [0, oo)", "--explain")
    assert "the difference is nondecreasing in x; so look at x = 0" in text


def test_the_trend_says_which_way_the_difference_goes() -> None:
    import sympy as sp

    from theory.language import parse
    from validation.certificates.goals import goals_of
    from validation.certificates.nodes import Foot, Monotone
    from validation.prover.explain import Style, _how

    goal = goals_of(parse("x + 1 >= 0", "x in [0, 1]"))[-1]
    told = [_how(goal, Monotone("x", sp.Integer(end)), Style(False)) for end in (0, 1)]
    assert told[0] == "the difference is nondecreasing in x; so look at x = 0"
    assert told[1] == "the difference is nonincreasing in x; so look at x = 1"
    assert "nonincreasing in x up to 1/2 and nondecreasing" in _how(goal, Foot("x", sp.Rational(1, 2)), Style(False))


def test_an_empty_domain_is_said() -> None:
    said = "vacuously: no point satisfies the domain"
    empty = ("prove", "exp(x) <= 0", "--where", "x in (0, 1); given x > 2")
    for option in ((), ("--explain",)):
        code, text = invoke(*empty, *option)
        assert code == 0
        assert said in text.splitlines()
    assert f"{said.capitalize()}." in invoke(*empty, "--latex")[1]
    _, data = answer(empty[1], empty[3])
    assert data["vacuous"] == said
    assert invoke("recheck", "-", given=json.dumps(data))[1].splitlines()[1:] == [said]
    assert answer(*FLOOR)[1]["vacuous"] is None


def test_a_counterexample_is_typeset() -> None:
    code, text = invoke("prove", "log(z) + 1/z > 1", "--where", FLOOR[1], "--latex")
    assert code == 1
    assert "verbatim" not in text
    assert "it fails at $z = 1$" in text


def test_the_filters_of_list_name_the_verdicts() -> None:
    code, text = invoke("list", "--verdict", "rong")
    assert code != 0
    assert "allowed: " in text
    assert "refuted" in text
    assert invoke("list", "--verdict", "refuted")[0] == 0


def test_undecided_says_what_was_tried_within_the_budget() -> None:
    begun = time.monotonic()
    code, text = invoke("prove", "gamma(x)*gamma(1 - x) >= pi - 1e-40", "--where", "x in (0, 1)", "--budget", "1")
    assert time.monotonic() - begun < 3
    assert code in (0, 2)
    assert text.startswith(("undecided", "proved"))


def test_interruption_leaves_what_was_found() -> None:
    hard = ["prove", "gamma(x)*gamma(1 - x)*sin(pi*x) + x**2*(1 - x)**2 >= pi", "--where", "x in (0, 1)", "--quiet"]
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import validation.cli as c; c.main()"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code, *hard, "--json", "-"], stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE
    )
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=10)
    assert running.returncode in (0, 2)
    assert json.loads(out)["verdict"] in ("undecided", "proved")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prove", "x^2 >= 0", "--where", "x in (0, 1)"), "write ** for powers"),
        (("prove", "x >= 0"), "x has no range"),
        (("prove", "x >= 0", "--where", "x in (0, 1)", "--budget", "0"), "out of range"),
        (("prove", "x >= 0", "--where", "x in (0, 1)", "--budget", "nan"), "out of range"),
        (("prove", "x >= 0", "--where", "x in (0, 1)", "--budget", "soon"), "--budget"),
        (("prove", "x >= 0", "--where", "x in (0, 1)", "--json", "/dev/null/x.json"), "cannot write"),
        (("prove",), "Missing argument"),
        (("recheck", "/nowhere.json"), "cannot read a certificate"),
        (("bench", "prove", "--only", "no such name"), "no statement"),
    ],
)
def test_bad_input_leaves_with_code_3(arguments: tuple[str, ...], message: str) -> None:
    code, text = invoke(*arguments)
    assert code == 3
    assert message in " ".join(text.split())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"verdict": "proved"}', "[" * 10_000, '{"verdict": "true"}'])
def test_what_is_no_certificate_is_rejected(text: str) -> None:
    assert invoke("recheck", "-", given=text)[0] == 3


def test_python_proves_claims() -> None:
    assert validation.prove(Claim.parse("exp(x) >= 1 + x", where="x in (-oo, oo)"), budget=10).verdict == "proved"


def test_prove_loads_nothing_heavy() -> None:
    heavy = ("torch", "scipy", "hypothesis", "numpy", "matplotlib", "rich")
    script = (
        "import sys; sys.argv = ['majorant', 'prove', 'log(z) + 1/z >= 1', '--where', 'z in (0, oo)'];"
        "from validation.cli import main\n"
        f"try: main()\nexcept SystemExit as end: print(end.code, [m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "0 []"
