"""Sizes and fitted losses: the parameter count and the token count of (2), formula (1), and the forms behind it."""

from theory import scaling, scaling_forms
from theory.bounds.bound import floor, value
from theory.notation import (
    blocks,
    context,
    d,
    data_coefficient,
    data_exponent,
    data_scale,
    irreducible,
    l,
    model_coefficient,
    model_exponent,
    model_scale,
    n,
    parameters,
    tokens,
    width,
)

_SIZES = (parameters, tokens)
_FREE = (*_SIZES, irreducible, model_coefficient, data_coefficient, model_exponent, data_exponent)

BOUNDS = (
    value(scaling.fitted, *_SIZES, unit="nat"),
    floor(scaling.fitted_floor, *_SIZES, irreducible, unit="nat"),
    value(scaling.model_size, blocks, l, width, unit="count"),
    value(scaling.model_size_in_dimension, blocks, l, width, context, n, unit="count"),
    value(scaling.data_size, context, d, unit="count"),
    value(scaling_forms.kaplan, *_SIZES, model_scale, data_scale, model_exponent, data_exponent, unit="nat"),
    value(scaling_forms.chinchilla, *_FREE, unit="nat"),
    floor(scaling_forms.chinchilla_floor, *_FREE, unit="nat"),
)
