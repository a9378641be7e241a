"""Points."""
POINTS: dict[str, dict[str, str]] = {}
EXISTENTIAL: dict[tuple[str, str], str] = {}
