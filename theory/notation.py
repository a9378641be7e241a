"""The only place where shared symbols are made: code name, glyph, meaning and unit.

Symbols are real or integer and nothing more: a sign assumed here would let SymPy simplify ``sqrt(x**2) - x`` to 0
before any domain has been looked at.  Signs come from the ``Domain`` of a claim.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp


@dataclass(frozen=True)
class Notation:
    """One symbol of the field: what it is called, what it means and in which unit it is measured."""

    symbol: sp.Basic
    glyph: str
    meaning: str
    unit: str


TABLE: dict[str, Notation] = {}


def _scalar(name: str, glyph: str, meaning: str, unit: str = "1") -> sp.Symbol:
    symbol = sp.Symbol(name, real=True)
    TABLE[name] = Notation(symbol, glyph, meaning, unit)
    return symbol


def _integer(name: str, glyph: str, meaning: str) -> sp.Symbol:
    symbol = sp.Symbol(name, integer=True)
    TABLE[name] = Notation(symbol, glyph, meaning, "count")
    return symbol


def _family(name: str, glyph: str, meaning: str, unit: str = "1", integer: bool = False) -> sp.IndexedBase:
    base = sp.IndexedBase(name, real=True, integer=integer or None)
    TABLE[name] = Notation(base, glyph, meaning, unit)
    return base


# Sizes.
n = _integer("n", "n", "dimension of a pattern")
d = _integer("d", "d", "number of patterns")
l = _integer("l", "l", "number of layers")  # noqa: E741 - the paper's letter
sizes = _family("d_t", "d", "number of patterns of layer t", "count", integer=True)

# Indices.
i, j, k, t, s = (_integer(name, name, "index") for name in "ijkts")

# Scalars.
beta = _scalar("beta", r"\beta", "inverse temperature", "1 / distance")
radius = _scalar("r", "r", "radius of the ball around a pattern", "length")
order = _scalar("a", "a", "order of an incomplete gamma function")
cutoff = _scalar("c", "c", "cutoff of an incomplete gamma function")
weight = _scalar("w", r"\lambda", "weight of a convex combination")
dummy = _scalar("tau", r"\tau", "variable of integration")
delta = _scalar("delta", r"\delta", "radius of a trust region, as a distance", "distance")
step = _scalar("h", "h", "length of a step")
bound = _scalar("b", "b", "a real bound")
distance = _scalar("q", "s", "distance from the centre of a ball", "length")
exponent = _scalar("p", "p", "exponent of the norm in exp(-||x||^p)")
unit = _scalar("eta", r"\eta", "factor of a change of unit")
epsilon = _scalar("epsilon", r"\varepsilon", "a tolerance")
constant = _scalar("C", "C", "a constant that an O-statement speaks of")
parameters = _scalar("N", "N", "parameters of attention and feed-forward layers", "count")
tokens = _scalar("D", "D", "training tokens", "count")
blocks = _scalar("A", "A", "parameters of one layer over the squared embedding width")
context = _integer("T_max", r"T_{\max}", "context length")
per_dimension = _scalar("kappa", r"\kappa", "parameters per dimension of a pattern")
width = _integer("d_emb", r"d_{\mathrm{emb}}", "embedding width")
inner_width = _integer("d_FF", r"d_{\mathrm{FF}}", "width of the feed-forward layer")
growth = _scalar("gamma", r"\gamma", "exponent of the model size as a power of the data size")
loss = _scalar("L", "L", "a reported loss", "nat")
entropy = _scalar("H", "H", "entropy of a source of text per token", "nat")
set_entropy = _scalar("H_set", r"H_{\mathrm{set}}", "entropy of a finite set of lines per token", "nat")
irreducible = _scalar("E_0", "E_0", "irreducible loss of formula (1)", "nat")
model_scale = _scalar("N_c", "N_c", "model size at which the loss of a power law is 1 nat", "count")
data_scale = _scalar("D_c", "D_c", "data size at which the loss of a power law is 1 nat", "count")
model_coefficient = _scalar("A_N", "A_N", "loss that a model of size 1 adds", "nat")
data_coefficient = _scalar("B_D", "B_D", "loss that data of size 1 add", "nat")
model_exponent = _scalar("alpha_N", r"\alpha_N", "exponent of the loss in the model size")
data_exponent = _scalar("alpha_D", r"\alpha_D", "exponent of the loss in the data size")
u, v = _scalar("u", "u", "a real number"), _scalar("v", "v", "a real number")

# Families.
x = _family("x", "x", "a point of R^n", "length")
y = _family("y", "y", "another point of R^n", "length")
z = _family("z", "z", "a third point of R^n", "length")
rho = _family("rho", r"\rho", "patterns: rho[i, k] is coordinate k of pattern i", "length")
rho_t = _family("rho_t", r"\rho", "patterns over layers: rho_t[t, j, k]", "length")
radii = _family("r_i", "r", "radii of the balls around the patterns", "length")
energies = _family("E", "E", "energies of the layers at one point", "nat")
energies_at_y = _family("F", "F", "energies of the layers at another point", "nat")
