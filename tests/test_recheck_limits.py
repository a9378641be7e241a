"""Certificates that only an attacker writes are rejected in no time."""

from __future__ import annotations

from typing import Any

import pytest

from theory.language import parse
from validation.certificates import Rejected, recheck
from validation.prover import prove
from validation.proving import as_json


def covered() -> dict[str, Any]:
    return as_json(prove(parse("exp(x) >= x", "x in [0, 1]"), budget=10.0))


def test_a_certificate_nested_without_end_is_rejected() -> None:
    data = covered()
    node = data["certificate"]["proofs"][-1]
    for _ in range(5000):
        node = {"rule": "strengthen", "relation": ">", "children": [node]}
    data["certificate"]["proofs"][-1] = node
    with pytest.raises(Rejected, match="nested too deeply"):
        recheck(data)


@pytest.mark.parametrize("tree", ["0" * 100_000, "0" * 100_000 + "p" * 100_001])
def test_a_tree_of_boxes_that_is_none_is_rejected(tree: str) -> None:
    data = covered()
    data["certificate"]["proofs"][-1] = {"rule": "cover", "tree": tree, "precision": 64}
    with pytest.raises(Rejected, match="cut"):
        recheck(data)
