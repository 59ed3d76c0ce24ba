"""The public list of cancelled documents (W3C Bitstring Status List): one bit per document, and nothing that names it.

Each document draws an index at random in a list of 131 072: who holds the credential asks for the whole list and reads
one bit; who serves the list learns nothing of which document is being checked, and neighbours say nothing of it.
"""

import base64
import gzip
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from registre import integrite
from registre.models import Parchemin

TAILLE = 131_072
VALIDITE = timedelta(hours=24)
# Seconds that a copy of the list may be older than the register: ours, then those of others.
FRAICHEUR = 120
# So many indexes found taken in a row: the list is more than half full, another one begins.
_TIRAGES = 16


def attribuer(parchemin: Parchemin) -> None:
    """Draw the place of a document that has none yet, in the transaction of its issue.

    The database refuses a place given twice: two issues at the same moment that draw the same one draw again.
    """
    if parchemin.statut_rang is not None:
        return
    liste, essais = derniere_liste(), 0
    sans_place = Parchemin.objects.filter(pk=parchemin.pk, statut_rang=None)
    while True:
        try:
            with transaction.atomic():
                sans_place.update(statut_liste=liste, statut_rang=secrets.randbelow(TAILLE))
            break
        except IntegrityError:
            essais += 1
            if essais % _TIRAGES == 0:
                liste += 1
    parchemin.refresh_from_db(fields=["statut_liste", "statut_rang"])


def attribuer_les_oublies() -> int:
    """Give a place to the documents issued before the list existed; return how many."""
    oublies = list(Parchemin.objects.filter(statut_rang=None).order_by("pk"))
    for parchemin in oublies:
        attribuer(parchemin)
    return len(oublies)


def derniere_liste() -> int:
    """Return the number of the list that is being filled: the first is 1."""
    return Parchemin.objects.aggregate(derniere=Max("statut_liste"))["derniere"] or 1


def adresse(liste: int) -> str:
    """Return the address of a list, written for ever in each credential."""
    return f"{settings.ADRESSE_PUBLIQUE}/statuts/{liste}"


def entree(parchemin: Parchemin) -> dict:
    """Return where the credential of this document tells to look."""
    liste = adresse(parchemin.statut_liste)
    return {
        "id": f"{liste}#{parchemin.statut_rang}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(parchemin.statut_rang),
        "statusListCredential": liste,
    }


def liste_signee(liste: int) -> dict:
    """Return the list as a signed credential, good for a day at most.

    Raises:
        LookupError: this list does not exist yet.
        registre.cles.CleIndisponible: there is no key to sign with.
    """
    if not 1 <= liste <= derniere_liste():
        raise LookupError(liste)
    le = timezone.now().replace(microsecond=0)
    return integrite.signer(
        {
            "@context": [integrite.CONTEXTE_VC],
            "id": adresse(liste),
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": integrite.did(),
            "validFrom": le.isoformat(),
            "validUntil": (le + VALIDITE).isoformat(),
            "credentialSubject": {
                "id": f"{adresse(liste)}#liste",
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": encoder(
                    Parchemin.objects.filter(statut_liste=liste, annule_le__isnull=False).values_list(
                        "statut_rang", flat=True
                    )
                ),
            },
        },
        le,
    )


def encoder(rangs) -> str:
    """Write the list whose bits of these ranks are set: GZIP, then multibase base64url (« u… »)."""
    bits = bytearray(TAILLE // 8)
    for rang in rangs:
        bits[rang // 8] |= 0x80 >> rang % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def lire_bit(liste_encodee: str, rang: int) -> bool:
    """Read one bit of a list, as a verifier does.

    Raises:
        ValueError: the list is not written so, or has no such rank.
    """
    corps = liste_encodee.removeprefix("u")
    try:
        bits = gzip.decompress(base64.urlsafe_b64decode(corps + "=" * (-len(corps) % 4)))
        return bool(bits[rang // 8] & 0x80 >> rang % 8)
    except (OSError, EOFError, IndexError) as erreur:
        raise ValueError("liste illisible") from erreur
