"""The grammar: text to SymPy by precedence climbing, one pass, without ``eval``.

    sum     = term (("+" | "-") term)*
    term    = unary (("*" | "/") unary)*
    unary   = ("+" | "-") unary | power
    power   = atom ["**" unary]
    atom    = NUMBER | NAME | NAME "(" sum ("," sum)* ")" | "(" sum ")"

What a division, logarithm or power needs to be real is noted while the text is read, so that ``x/x`` keeps its
requirement although SymPy makes it 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from theory.domain import Domain
from theory.language_functions import CONSTANTS, FUNCTIONS, HINTS, LanguageError, Needs, Sign, power, power_needs

DEPTH = 60
DIGITS = 1000
SCALE = 5000
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/()<>,;=\[\]]))"
)
UNDEFINED = (sp.zoo, sp.nan, sp.I, sp.oo, -sp.oo)


@dataclass(frozen=True)
class Requirement:
    """``expr relation 0`` must hold for ``part`` to be real; ``relation`` is ``>``, ``>=`` or ``!=``."""

    expr: sp.Expr
    relation: Sign
    part: str

    def __str__(self) -> str:
        return f"{self.expr} {self.relation} 0"


@dataclass
class Reader:
    """The tokens of one text, the symbols it may use, and the requirements met so far."""

    text: str
    names: Mapping[str, sp.Expr]
    domain: Domain
    internal: bool = False
    requires: list[Requirement] = field(default_factory=list)
    at: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.tokens = tokens(self.text)

    def peek(self) -> str:
        """The next token, empty at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *allowed: str) -> str:
        """Consume the next token if it is one of ``allowed``; the empty string otherwise."""
        token = self.peek()
        if token and token in allowed:
            self.at += 1
            return token
        return ""

    def expect(self, *allowed: str) -> str:
        """Consume one of ``allowed``; raise ``LanguageError`` otherwise."""
        found = self.take(*allowed)
        if not found:
            raise self.error(f"expected {' or '.join(map(repr, allowed))}")
        return found

    def error(self, message: str) -> LanguageError:
        """A ``LanguageError`` that points to the current token."""
        where = self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)
        found = repr(self.peek()) if self.peek() else "the end"
        return LanguageError(f"{clipped(self.text)}, character {where + 1}: found {found}; {message}")

    def read_sum(self) -> sp.Expr:
        """A sum of terms."""
        terms = [self.read_term(negative=False)]
        while sign := self.take("+", "-"):
            terms.append(self.read_term(negative=sign == "-"))
        return terms[0] if len(terms) == 1 else self.real(sp.Add(*terms))

    def read_term(self, negative: bool) -> sp.Expr:
        """A product of factors and divisors, its sign among the factors: SymPy would spread a later -1 over a sum."""
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        factors = [self.read_power()]
        while sign := self.take("*", "/"):
            start = self.at
            factor = self.read_unary()
            if sign == "/":
                if factor.is_zero or not self.internal:
                    self.need([(factor, "!=")], start)
                factor = power(factor, sp.S.NegativeOne)
            factors.append(factor)
        if negative:
            factors.insert(0, sp.S.NegativeOne)
        return factors[0] if len(factors) == 1 else self.real(sp.Mul(*factors))

    def read_unary(self) -> sp.Expr:
        """Signs bind less than powers: ``-x**2`` is ``-(x**2)``."""
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        value = self.read_power()
        return -value if negative else value

    def read_power(self) -> sp.Expr:
        """``a ** b ** c`` is ``a ** (b ** c)``."""
        start = self.at
        base = self.read_atom()
        if not self.take("**"):
            return base
        self.descend()
        exponent = self.read_unary()
        self.depth -= 1
        if not self.internal:
            self.need(power_needs(self.domain, base, exponent), start)
        value = power(base, exponent)
        return self.real(sp.Pow(base, exponent, evaluate=False) if value.has(sp.I) else value)

    def read_atom(self) -> sp.Expr:
        """A number, a name, a call or a parenthesis."""
        if self.at >= len(self.tokens):
            raise self.error("expected a number, a name or '('")
        kind, token, _ = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return number(token)
        if kind == "name":
            return self.read_name(token)
        if not self.take("("):
            raise self.error("expected a number, a name or '('")
        self.descend()
        value = self.read_sum()
        self.depth -= 1
        self.expect(")")
        return value

    def read_name(self, name: str) -> sp.Expr:
        """A symbol, a constant or a call."""
        called = self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][1] == "("
        if called and name in FUNCTIONS and (self.internal or not FUNCTIONS[name].internal):
            return self.read_call(name)
        if name in self.names and not called:
            self.at += 1
            return self.names[name]
        if name in CONSTANTS and not called:
            self.at += 1
            return CONSTANTS[name]
        raise self.error(self.unknown(name, called))

    def unknown(self, name: str, called: bool) -> str:
        """What to say of a name that is not known."""
        functions = ", ".join(k for k, f in FUNCTIONS.items() if not f.internal)
        hint = f"write {HINTS[name]}; " if name in HINTS else ""
        if called and name in self.names:
            return f"{name} is a variable: write {name}*(...) for a product"
        if called:
            return f"{hint}there is no function {name}; the functions are {functions}"
        if name in FUNCTIONS:
            return f"{name} is a function: write {name}(...)"
        if name == "oo":
            return "oo stands only at the ends of ranges"
        return (
            f"{hint}{name} has no range: add '{name} in (lower, upper)' to where; constants are {', '.join(CONSTANTS)}"
        )

    def read_call(self, name: str) -> sp.Expr:
        """A function with its arguments."""
        start = self.at
        self.at += 2
        self.descend()
        arguments = [self.read_sum()]
        while self.take(","):
            arguments.append(self.read_sum())
        self.depth -= 1
        self.expect(")")
        function = FUNCTIONS[name]
        if not function.least <= len(arguments) <= function.most:
            many = str(function.least) if function.least == function.most else f"{function.least} or more"
            raise LanguageError(f"{clipped(self.text)}: {name} takes {many} arguments, not {len(arguments)}")
        if not self.internal:
            self.need(function.needs(self.domain, *arguments), start)
        value = function.build(*arguments)
        if value.has(sp.I):  # log(-exp(x)): what it needs is noted, so it may stay as it is written
            value = FUNCTIONS[name].keep(*arguments)
        return self.real(value)

    def descend(self) -> None:
        """One level deeper.  Raises ``LanguageError`` beyond ``DEPTH``."""
        self.depth += 1
        if self.depth > (4 * DEPTH if self.internal else DEPTH):
            raise LanguageError(f"{clipped(self.text)} is nested more than {DEPTH} deep: split the statement")

    def need(self, needs: Needs, start: int) -> None:
        """Note what the part that began at token ``start`` needs.  Raises ``LanguageError`` where a constant fails."""
        part = self.text[self.tokens[start][2] : self.end()]
        for expr, relation in needs:
            holds = _holds(expr, relation)
            if holds is False:
                needed = {">": "be positive", ">=": "be nonnegative", "!=": "differ from 0"}[relation]
                raise LanguageError(f"{clipped(self.text)}: {part} is not defined: {expr} has to {needed}")
            if holds is None and not any((r.expr, r.relation) == (expr, relation) for r in self.requires):
                self.requires.append(Requirement(expr, relation, part))

    def end(self) -> int:
        """Where the last consumed token ends."""
        _, token, start = self.tokens[self.at - 1]
        return start + len(token)

    def real(self, value: sp.Expr) -> sp.Expr:
        """``value``.  Raises ``LanguageError`` where it came out infinite, undefined or complex."""
        if any(bad in value.args for bad in UNDEFINED) or value in UNDEFINED:
            raise LanguageError(f"{clipped(self.text)}: a part of it is not a real number, it comes out as {value}")
        return value


def _holds(expr: sp.Expr, relation: Sign) -> bool | None:
    """Whether a constant satisfies ``expr relation 0``; ``None`` where it is not known or depends on variables."""
    if expr.free_symbols:
        return None
    if relation == ">":
        return expr.is_positive
    if relation == ">=":
        return expr.is_nonnegative
    return None if expr.is_zero is None else not expr.is_zero


def tokens(text: str) -> list[tuple[str, str, int]]:
    """Kind, text and position of every token.  Raises ``LanguageError`` at a character that starts none."""
    found = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            bad = text[at:].lstrip()[0]
            hint = {"^": "write ** for powers", "|": "write Abs(...)", "≤": "write <=", "≥": "write >="}.get(
                bad, "allowed are numbers, names, + - * / ** ( ) , and relations"
            )
            raise LanguageError(
                f"{clipped(text)}, character {text.index(bad, at) + 1}: {bad!r} is no sign here; {hint}"
            )
        kind = match.lastgroup or ""
        found.append((kind, match[kind], match.start(kind)))
        at = match.end()
    return found


def number(token: str) -> sp.Expr:
    """The exact rational that a decimal stands for."""
    digits, _, scale = token.lower().partition("e")
    if len(digits) > DIGITS or len(scale) > 6 or abs(int(scale or 0)) > SCALE:
        raise LanguageError(
            f"the number {token[:20]}... is too long: at most {DIGITS} digits and exponents up to {SCALE} are read"
        )
    whole, _, fraction = digits.partition(".")
    return sp.Integer(int(whole + fraction or "0")) * sp.Integer(10) ** (int(scale or 0) - len(fraction))


def clipped(text: str) -> str:
    """The text in quotes, shortened."""
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
