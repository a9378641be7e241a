"""How the atoms of the theory are written in LaTeX."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.atoms import LSE, IndexBinder, IndexMax, IndexMin, Quotient, RadialIntegral, RegionIntegral, peeled

GLYPHS = {LSE: r"\operatorname{LSE}", IndexMin: r"\min", IndexMax: r"\max"}


def latex(atom: Any, printer: Any) -> str:
    """The atom in LaTeX; ``printer`` is SymPy's and writes what stands inside."""
    show = printer.doprint
    if isinstance(atom, IndexBinder):
        body, index, lower, upper = peeled(atom)
        return rf"{GLYPHS[type(atom)]}_{{{show(index)}={show(lower)}}}^{{{show(upper)}}} \left({show(body)}\right)"
    if isinstance(atom, RegionIntegral):
        return rf"\int_{{{show(atom.region)}}} {show(atom.body)} \, d{show(atom.point.label)}"
    if isinstance(atom, RadialIntegral):
        point = r"\lVert x \rVert"
        body = show(atom.body.xreplace({atom.variable: sp.Symbol(point, real=True)}))
        return rf"\int_{{{point} \le {show(atom.radius)}}} {body} \, d^{{{show(atom.dimension)}}}x"
    if isinstance(atom, Quotient):
        return rf"\frac{{{show(atom.numerator)}}}{{{show(atom.denominator)}}}"
    return r"\Omega"
