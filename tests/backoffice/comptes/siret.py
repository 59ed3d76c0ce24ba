"""SIRET that pass the check and belong to nobody."""

from itertools import count

from stdnum import luhn

_rang = count(1)


def nouveau_siret() -> str:
    """A number never given before in this session of tests, with its key (Luhn on the SIREN, then on the whole)."""
    siren = f"9{next(_rang):07d}"
    siren += luhn.calc_check_digit(siren)
    nic = siren + "0001"
    return nic + luhn.calc_check_digit(nic)
