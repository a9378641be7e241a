"""Presentation MathML for the expressions of ``theory``, its inert atoms included.

A browser shows it without scripts or fonts from elsewhere.  What has no rule here is shown as plain text.
"""

from __future__ import annotations

import html
import re
from typing import Any

import sympy as sp
from sympy.printing.pretty.pretty_symbology import greek_unicode

from theory.atoms import (
    LSE,
    BallUnion,
    IndexBinder,
    IndexMax,
    IndexMin,
    Quotient,
    RadialIntegral,
    RegionIntegral,
    peeled,
)
from theory.domain import Domain, Relation
from theory.notation import TABLE

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly an expression holds together
RELATIONS = {Relation.LE: "≤", Relation.LT: "<", Relation.GE: "≥", Relation.GT: ">", Relation.EQ: "="}
BINDERS = {LSE: "LSE", IndexMin: "min", IndexMax: "max", sp.Sum: "∑", sp.Product: "∏"}
TIMES = '<mo>&#x2062;</mo><mspace width="0.17em"/>'  # invisible, with a gap so that "h max" does not run together


def to_mathml(expr: sp.Basic) -> str:
    """A ``math`` element with the expression, set as a display."""
    return f'<math display="block">{show(expr)}</math>'


def relation_to_mathml(lhs: sp.Basic, relation: Relation, rhs: sp.Basic) -> str:
    """A ``math`` element with ``lhs relation rhs``."""
    return f'<math display="block">{show(lhs)}{_op(RELATIONS[relation])}{show(rhs)}</math>'


def domain_to_mathml(domain: Domain) -> list[str]:
    """One line of HTML for each range, family and side condition of a domain."""
    lines = []
    for part in domain.ranges:
        if part.fixed:
            sides = show(part.symbol) + _op("=") + show(part.lower)
            lines.append(_inline(sides) + _code_name(part.symbol.name))
            continue
        left = "(" if part.open_lower or part.lower == -sp.oo else "["
        right = ")" if part.open_upper or part.upper == sp.oo else "]"
        ends = _row(_op(left), show(part.lower), _op(","), show(part.upper), _op(right))
        kind = "<mi>ℤ</mi>" + _op("∩") if part.integer else ""
        lines.append(_inline(show(part.symbol) + _op("∈") + kind + ends) + _code_name(part.symbol.name))
    for family in domain.families:
        shape = _op("×").join(show(size) for size in family.shape)
        least = "" if family.lower == -sp.oo else f", entries at least {_inline(show(family.lower))}"
        numbers = "integers" if family.integer else "reals"
        name = str(family.base.label)
        lines.append(f"{_inline(show(family.base))}: {_inline(shape)} {numbers}{least}{_code_name(name)}")
    for condition in domain.given:
        indices = [
            _row(show(low), _op("≤"), show(index), _op("≤"), show(high)) for index, low, high in condition.forall
        ]
        prefix = f"for all {_inline(_op(',').join(indices))}: " if indices else ""
        sides = show(condition.lhs) + _op(RELATIONS[condition.relation]) + show(condition.rhs)
        lines.append(prefix + _inline(sides))
    return lines


def _inline(content: str) -> str:
    return f"<math>{content}</math>"


def _code_name(name: str) -> str:
    """The name in plain text and in witnesses, where the glyph does not give it away."""
    known = TABLE.get(name)
    return f" (<code>{html.escape(name)}</code>)" if known and known.glyph.lstrip("\\") != name else ""


def show(expr: Any, level: int = SUM) -> str:
    """The content of a ``math`` element, in parentheses where it holds together less tightly than ``level``."""
    body, own = _print(expr)
    return _row(_op("("), body, _op(")")) if own < level else body


def _print(expr: Any) -> tuple[str, int]:
    for kind, rule in RULES:
        if isinstance(expr, kind):
            return rule(expr)
    if isinstance(expr, sp.Function):
        return _call(f"<mi>{html.escape(type(expr).__name__)}</mi>", *expr.args), ATOM
    return f"<mtext>{html.escape(str(expr))}</mtext>", SUM


def _op(sign: str) -> str:
    return f"<mo>{html.escape(sign)}</mo>"


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _call(name: str, *arguments: Any) -> str:
    return _row(name, _op("("), _op(",").join(show(argument) for argument in arguments), _op(")"))


def _name(name: str) -> str:
    """A code name as a glyph; what follows the first underscore is a subscript."""
    known = TABLE.get(name)
    base, _, below = (known.glyph if known else name).partition("_")
    below = re.sub(r"\\mathrm|[{}\\]", "", below)
    word = base.lstrip("\\")
    letter = f"<mi>{html.escape(greek_unicode.get(word, word))}</mi>"
    if not below:
        return letter
    sub = f"<mi>{greek_unicode[below]}</mi>" if below in greek_unicode else f"<mtext>{html.escape(below)}</mtext>"
    return f"<msub>{letter}{sub}</msub>"


def _symbol(expr: sp.Symbol) -> tuple[str, int]:
    return _name(expr.name), ATOM


def _base(expr: sp.IndexedBase) -> tuple[str, int]:
    return _name(str(expr.label)), ATOM


def _indexed(expr: sp.Indexed) -> tuple[str, int]:
    places = _op(",").join(show(index) for index in expr.indices)
    return f"<msub>{show(expr.base)}{_row(places)}</msub>", ATOM


def _number(expr: sp.Rational) -> tuple[str, int]:
    if expr < 0:
        return _row(_op("−"), show(-expr)), SUM
    if expr.q == 1:
        return f"<mn>{expr.p}</mn>", ATOM
    return f"<mfrac><mn>{expr.p}</mn><mn>{expr.q}</mn></mfrac>", PRODUCT


def _negative(term: sp.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _add(expr: sp.Add) -> tuple[str, int]:
    """Terms in SymPy's order, those with a plus first."""
    first, *others = sorted(expr.as_ordered_terms(), key=_negative)
    parts = [show(first)]
    for term in others:
        minus = _negative(term)
        parts += [_op("−" if minus else "+"), show(-term if minus else term, PRODUCT)]
    return _row(*parts), SUM


def _mul(expr: sp.Mul) -> tuple[str, int]:
    number, rest = expr.as_coeff_Mul()
    if number.is_negative:
        return _row(_op("−"), show(-expr, PRODUCT)), SUM
    above, below = [sp.Integer(number.p)] if number.is_Rational and number.p != 1 else [], []
    if number.is_Rational and number.q != 1:
        below.append(sp.Integer(number.q))
    for factor in rest.as_ordered_factors() if isinstance(rest, sp.Mul) else [rest]:
        power = factor.as_base_exp()[1] if isinstance(factor, sp.Pow) else sp.Integer(1)
        inverse = power.is_Number and power.is_negative
        below.append(1 / factor) if inverse else above.append(factor)
    if below:
        return f"<mfrac>{_row(_factors(above))}{_row(_factors(below))}</mfrac>", PRODUCT
    return _row(_factors(above)), PRODUCT


def _factors(factors: list[sp.Expr]) -> str:
    """Factors side by side; a sum or an integral that another factor would seem to slip into comes last."""
    if len(factors) == 1:
        return show(factors[0])
    ordered = sorted(factors, key=_is_open)
    shown = [show(f, POWER if _is_open(f) and f is not ordered[-1] else PRODUCT) for f in ordered]
    return (TIMES.join(shown)) or "<mn>1</mn>"


def _is_open(expr: sp.Expr) -> bool:
    """Whether the end of what is under a binder cannot be seen."""
    return isinstance(expr, (sp.Sum, sp.Product, sp.Derivative))


def _pow(expr: sp.Pow) -> tuple[str, int]:
    base, power = expr.args
    if power.is_Number and power.is_negative:
        return f"<mfrac><mn>1</mn>{_row(show(1 / expr))}</mfrac>", PRODUCT
    if power == sp.Rational(1, 2):
        return f"<msqrt>{show(base)}</msqrt>", ATOM
    if isinstance(base, sp.Indexed):
        places = _op(",").join(show(index) for index in base.indices)
        return f"<msubsup>{show(base.base)}{_row(places)}{_row(show(power))}</msubsup>", POWER
    return f"<msup>{show(base, ATOM)}{_row(show(power))}</msup>", POWER


def _exp(expr: sp.exp) -> tuple[str, int]:
    """A power of e, unless what would stand in the exponent is too tall to read."""
    argument = expr.args[0]
    tall = argument.has(IndexBinder, sp.Sum, sp.Integral, RegionIntegral, Quotient) or sp.count_ops(argument) > 6
    if tall:
        return _call("<mi>exp</mi>", argument), ATOM
    return f"<msup><mi>e</mi>{_row(show(argument))}</msup>", POWER


def _binder(expr: sp.Expr) -> tuple[str, int]:
    """Over its range; LSE, minimum and maximum put what is under them in parentheses, sums only other sums."""
    body, index, lower, upper = peeled(expr)
    sign = BINDERS[type(expr)]
    if isinstance(expr, IndexBinder):
        range_ = _row(show(lower), _op("≤"), show(index), _op("≤"), show(upper))
        return _call(f"<munder><mi>{sign}</mi>{range_}</munder>", body), ATOM
    under = _row(show(index), _op("="), show(lower))
    head = f'<munderover><mo movablelimits="false">{sign}</mo>{under}{_row(show(upper))}</munderover>'
    return _row(head, show(body, PRODUCT)), PRODUCT


def _integral(expr: sp.Integral) -> tuple[str, int]:
    body = show(expr.function, PRODUCT)
    for variable, *ends in expr.limits:
        sign = f"<msubsup>{_op('∫')}{_row(show(ends[0]))}{_row(show(ends[1]))}</msubsup>" if ends else _op("∫")
        body = _row(sign, body, "<mspace width='0.17em'/><mi>d</mi>", show(variable))
    return body, PRODUCT


def _region(expr: RegionIntegral) -> tuple[str, int]:
    sign = f"<msub>{_op('∫')}{show(expr.region)}</msub>"
    body = show(expr.body, PRODUCT)
    return _row(sign, body, "<mspace width='0.17em'/><mi>d</mi>", show(expr.point)), PRODUCT


def _radial(expr: RadialIntegral) -> tuple[str, int]:
    norm = sp.Symbol("‖x‖", real=True)
    sign = f"<msub>{_op('∫')}{_row(show(norm), _op('≤'), show(expr.radius))}</msub>"
    body = show(expr.body.xreplace({expr.variable: norm}), PRODUCT)
    measure = f"<msup><mi>d</mi>{_row(show(expr.dimension))}</msup><mi>x</mi>"
    return _row(sign, body, "<mspace width='0.17em'/>", measure), PRODUCT


def _derivative(expr: sp.Derivative) -> tuple[str, int]:
    order = sum(count for _, count in expr.variable_count)
    above = "<mi>d</mi>" if order == 1 else f"<msup><mi>d</mi><mn>{order}</mn></msup>"
    below = "".join(
        "<mi>d</mi>" + (show(variable) if count == 1 else f"<msup>{show(variable)}{show(count)}</msup>")
        for variable, count in expr.variable_count
    )
    return _row(f"<mfrac>{_row(above)}{_row(below)}</mfrac>", show(expr.expr, PRODUCT)), PRODUCT


def _subs(expr: sp.Subs) -> tuple[str, int]:
    at = _op(",").join(show(v) + _op("=") + show(p) for v, p in zip(expr.variables, expr.point, strict=True))
    return f"<msub>{_row(show(expr.expr, POWER), _op('|'))}{_row(at)}</msub>", ATOM


def _quotient(expr: Quotient) -> tuple[str, int]:
    return f"<mfrac>{_row(show(expr.numerator))}{_row(show(expr.denominator))}</mfrac>", PRODUCT


def _bars(expr: sp.Abs) -> tuple[str, int]:
    return _row(_op("|"), show(expr.args[0]), _op("|")), ATOM


def _named(name: str) -> Any:
    return lambda expr: (_call(f"<mi>{name}</mi>", *expr.args), ATOM)


def _constant(text: str) -> Any:
    return lambda expr: (text, ATOM)


RULES: tuple[tuple[Any, Any], ...] = (
    (tuple(BINDERS), _binder),
    (sp.IndexedBase, _base),
    (sp.Indexed, _indexed),
    (sp.Symbol, _symbol),
    (sp.Rational, _number),
    (type(sp.oo), _constant("<mi>∞</mi>")),
    (type(sp.pi), _constant("<mi>π</mi>")),
    (type(sp.E), _constant("<mi>e</mi>")),
    (sp.Add, _add),
    (sp.Mul, _mul),
    (sp.exp, _exp),
    (sp.Pow, _pow),
    (sp.Integral, _integral),
    (RegionIntegral, _region),
    (RadialIntegral, _radial),
    (BallUnion, _constant("<mi>Ω</mi>")),
    (sp.Derivative, _derivative),
    (sp.Subs, _subs),
    (Quotient, _quotient),
    (sp.Abs, _bars),
    (sp.lowergamma, _named("γ")),
    (sp.uppergamma, _named("Γ")),
    (sp.gamma, _named("Γ")),
    (sp.Min, _named("min")),
    (sp.Max, _named("max")),
    (sp.log, _named("log")),
)
