"""Standard output and standard error, rich where it is used: a command that prints plain text loads no rich."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console


class Terminal:
    """A rich console that is made at its first use."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    @cached_property
    def console(self) -> Console:
        """The console itself."""
        from rich.console import Console

        return Console(**self.options)

    @property
    def width(self) -> int:
        """How many characters fit on a line."""
        return self.console.width

    def print(self, *values: Any, **options: Any) -> None:
        """Print with rich."""
        self.console.print(*values, **options)


out = Terminal(soft_wrap=False)
err = Terminal(stderr=True)


def fail(message: str, code: int = 3) -> typer.Exit:
    """Print what is wrong and how to mend it; the exit to raise."""
    err.print(message, style="red", markup=False, highlight=False)
    return typer.Exit(code)
