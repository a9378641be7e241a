"""The energies, and the bounds of Propositions 1 to 3, of (8) and of theorem 10.2, as printed and as amended."""

from theory.bounds.bound import ceiling, floor, value
from theory.energies import global_energy, layer, mchn, mchn_v1, nearest
from theory.notation import beta, energies, energies_at_y, rho, x

_SQUARED, _PLAIN = "squared length", "length"


def _proposition_1(claims: tuple, unit: str) -> tuple:
    definition, low, high = claims
    return value(definition, x, rho, unit=unit), floor(low, x, rho, unit=unit), ceiling(high, x, rho, unit=unit)


BOUNDS = (
    value(nearest.well_posed_v2[0], x, rho, unit=_SQUARED),
    value(nearest.well_posed_v1[0], x, rho, unit=_PLAIN),
    *_proposition_1(layer.proposition_1_v2, _SQUARED),
    *_proposition_1(layer.proposition_1_v1, _PLAIN),
    value(mchn.definition, x, rho, beta, unit=_SQUARED),
    ceiling(mchn.proposition_2, x, rho, unit=_SQUARED),
    ceiling(mchn_v1.proposition_2, x, rho, unit=_SQUARED),
    ceiling(mchn_v1.proposition_2_amended, x, rho, unit=_SQUARED),
    floor(mchn.one_sided_floor, x, rho, beta, unit=_SQUARED),
    ceiling(mchn.one_sided_ceiling, x, rho, beta, unit=_SQUARED),
    floor(mchn.proposition_3_floor, x, rho, unit=_SQUARED),
    floor(mchn.proposition_3_floor_amended, x, rho, unit=_SQUARED),
    ceiling(mchn.proposition_3_ceiling, x, rho, unit=_SQUARED),
    ceiling(mchn.proposition_3_sharp_ceiling, x, rho, unit=_SQUARED),
    floor(mchn_v1.proposition_3_floor, x, rho, unit=_SQUARED),
    floor(mchn_v1.proposition_3_floor_amended, x, rho, unit=_SQUARED),
    ceiling(mchn_v1.proposition_3_ceiling, x, rho, unit=_SQUARED),
    ceiling(mchn_v1.proposition_3_ceiling_amended, x, rho, unit=_SQUARED),
    value(global_energy.definition, energies, unit="nat"),
    floor(global_energy.floor, energies, unit="nat"),
    ceiling(global_energy.strict_ceiling, energies, unit="nat"),
    ceiling(global_energy.ceiling, energies, unit="nat"),
    ceiling(global_energy.strict_ceiling_two, energies, unit="nat"),
    ceiling(global_energy.modulus, energies, energies_at_y, unit="nat"),
)
