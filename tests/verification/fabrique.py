"""Documents of the register as delivery writes them, for the pages that read them."""

import secrets
from datetime import date

from registre import jetons
from registre.models import Certification, Filiere, Organisme, Parchemin, SerieNumeros, Titulaire, VersionCertification
from tests.registre.exemples import attestation, enregistrement


def document(fiche: dict | None = None, **champs) -> Parchemin:
    """Store a signed document; `fiche` is its frozen record, `champs` change the row."""
    fiche = fiche or enregistrement()
    prefixe, _, _ = fiche["numero"].partition("-")
    porteur, _ = Organisme.objects.get_or_create(raison_sociale=fiche["certificateurs"][0]["raison_sociale"])
    filiere, _ = Filiere.objects.get_or_create(slug="conditionnement", defaults={"libelle": "Conditionnement"})
    famille, _ = Certification.objects.get_or_create(
        slug=fiche["certification"]["slug"],
        defaults={"intitule_usuel": "Conducteur de ligne", "porteur": porteur, "filiere": filiere},
    )
    version, _ = VersionCertification.objects.get_or_create(
        certification=famille,
        repertoire=fiche["certification"]["repertoire"],
        numero=fiche["certification"]["numero_fiche"],
        defaults={"intitule": fiche["certification"]["intitule"], "niveau": fiche["certification"]["niveau"]},
    )
    serie, _ = SerieNumeros.objects.get_or_create(
        certificateur=porteur, nature=fiche["nature"], annee=2026, defaults={"prefixe": prefixe}
    )
    identifiant = secrets.token_hex(16)
    jeton = jetons.signer(fiche, identifiant)
    return Parchemin.objects.create(
        **{
            "nature": fiche["nature"],
            "serie": serie,
            "rang": int(fiche["numero"].rpartition("-")[2]),
            "numero": fiche["numero"],
            "titulaire": champs.get("titulaire")
            or Titulaire.objects.create(**fiche["titulaire"], courriel="elodie@exemple.fr"),
            "version": version,
            "certificateur": porteur,
            "delivre_le": date.fromisoformat(fiche["delivre_le"]),
            "lieu": fiche["lieu"],
            "enregistrement": fiche,
            "identifiant": identifiant,
            "sel": secrets.token_hex(32),
            "kid": jetons.lire(jeton).kid,
            "jeton": jeton,
        }
        | champs
    )


def document_partiel(**changements) -> Parchemin:
    """Store a signed attestation de réussite partielle."""
    return document(attestation(**changements))
