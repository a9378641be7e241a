"""The paper's own numbering: the places of its statements in the order in which they are printed."""

PLACES = (
    "Abstract",
    "(1)",
    "(2)",
    "Section 2",
    "Definition 1",
    "Assumption 1",
    "Assumption 2",
    "Assumption 3",
    "Lemma 1",
    "Lemma 2",
    "Lemma 3",
    "Lemma 4",
    "Appendix C",
    "Figure 1",
    "(3)",
    "(4)",
    "Proposition 1",
    "Proposition 2",
    "Proposition 3",
    "(5)",
    "Section 4.2, E_t",
    "(6)",
    "(7)",
    "(8)",
    "Section 4.2, the surrogate",
    "Section 4.2, after (8)",
    "(9)",
    "(10)",
    "(11)",
    "(15)",
    "Proposition 4",
    "Section 5.1",
    "Table 2",
    "(12)",
    "(13)",
    "Lemma 5",
    "ball bounds",
    "Theorem D.1",
    "(14)",
    "Proposition 5",
    "Table 3",
    "Appendix E",
    "F.2",
    "10.1",
    "10.2",
    "10.3",
    "10.4",
    "10.5",
    "10.6",
    "10.7",
    "lemma",
)


def position(place: str) -> int:
    """Where a place comes in the paper; places beyond it come last.

    Raises ``ValueError`` for a place that the list does not know.
    """
    found = [number for number, known in enumerate(PLACES) if f"{place},".startswith((f"{known},", f"{known} "))]
    if not found:
        raise ValueError(f"unknown place {place!r}: add it to theory.paper.PLACES, where the paper prints it")
    return max(found, key=lambda number: len(PLACES[number]))
