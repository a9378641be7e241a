"""Which operation of an arithmetic computes which function."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

BASIC: Mapping[type, str] = {
    sp.exp: "exp",
    sp.log: "log",
    sp.Abs: "absolute",
    sp.sign: "sign",
    sp.gamma: "gamma",
    sp.loggamma: "log_gamma",
}
# What balls, jets and mpmath compute beyond that.
SPECIAL: Mapping[type, str] = {
    sp.sin: "sin",
    sp.cos: "cos",
    sp.tan: "tan",
    sp.asin: "asin",
    sp.acos: "acos",
    sp.atan: "atan",
    sp.sinh: "sinh",
    sp.cosh: "cosh",
    sp.tanh: "tanh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.LambertW: "lambert_w",
}
UNARY: Mapping[type, str] = {**BASIC, **SPECIAL}
BINARY: Mapping[type, str] = {sp.polygamma: "polygamma", sp.uppergamma: "upper_gamma"}
EULER = "euler"
BEYOND: tuple[type, ...] = (*SPECIAL, *BINARY, type(sp.EulerGamma))
