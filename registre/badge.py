"""The credential of a document for machines: Open Badges 3.0, which is W3C Verifiable Credentials 2.0.

It says what the paper says, less birth, jury and access, and is made from the row alone, always the same bytes for the
same signing key. It stands inside the PDF, and its holder may download it. See `docs/decisions/0013-*.md`.
"""

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from registre import integrite, statuts
from registre.documents import phrases
from registre.models import Parchemin
from registre.models.certifications import adresse_fiche

CONTEXTES = [integrite.CONTEXTE_VC, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
NOM_DU_FICHIER = "attestation-numerique.json"
_REPERTOIRES = {
    "rncp": "Répertoire national des certifications professionnelles (RNCP)",
    "rs": "Répertoire spécifique (RS)",
}
_NATURES = {"attestation": "Attestation de réussite partielle", "bloc": "Attestation de bloc de compétences"}
_CADRE = "http://data.europa.eu/snb/eqf/"
_PARIS = ZoneInfo("Europe/Paris")


def attestation_numerique(parchemin: Parchemin) -> dict:
    """Return the signed credential of a document.

    Raises:
        registre.cles.CleIndisponible: there is no key to sign with.
    """
    statuts.attribuer(parchemin)
    fiche = parchemin.enregistrement
    adresse = f"{settings.ADRESSE_PUBLIQUE}/V/{parchemin.jeton}"
    delivre_le = _moment(fiche["delivre_le"])
    fin = _fin_de_validite(fiche)
    credential = {
        "@context": CONTEXTES,
        "id": adresse,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{_nature(fiche)}\u00a0: {_intitule(fiche)}",
        "issuer": {
            "id": integrite.did(),
            "type": ["Profile"],
            "name": settings.NOM_DU_SITE,
            "url": settings.ADRESSE_PUBLIQUE,
        },
        "validFrom": delivre_le.isoformat(),
        **({"validUntil": fin.isoformat()} if fin else {}),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "name",
                    "hashed": False,
                    "identityHash": phrases.noms(fiche["titulaire"]),
                }
            ],
            "achievement": _reussite(fiche),
        },
        "evidence": [
            {
                "id": adresse,
                "type": ["Evidence"],
                "name": "Page de vérification",
                "description": "Dit si le document est authentique, et s’il est valable aujourd’hui.",
            }
        ],
        "credentialStatus": statuts.entree(parchemin),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    return integrite.signer(credential, delivre_le)


def en_octets(attestation: dict) -> bytes:
    """Write the credential as the file that is kept and downloaded."""
    return json.dumps(attestation, ensure_ascii=False, indent=2).encode("utf-8")


def _reussite(fiche: dict) -> dict:
    """What was achieved: the certification of this version, or the blocs of it that were acquired."""
    certification = fiche["certification"]
    page = f"{settings.ADRESSE_PUBLIQUE}/cqp/{certification['slug']}/"
    return {
        "id": f"{page}#{'-'.join(_distinction(fiche))}",
        "type": ["Achievement"],
        "achievementType": "Certification" if fiche["nature"] == "parchemin" else "Certificate",
        "name": _intitule(fiche),
        "description": _description(fiche),
        **({"humanCode": certification["numero_fiche"]} if certification["numero_fiche"] else {}),
        "inLanguage": "fr",
        "creator": _certificateur(fiche),
        "criteria": {"id": page, "narrative": _criteres(fiche)},
        **({"alignment": alignements} if (alignements := _alignements(fiche)) else {}),
    }


def _distinction(fiche: dict) -> list[str]:
    """What tells this achievement from the others of the same certification."""
    if fiche["nature"] == "parchemin":
        return [fiche["certification"]["numero_fiche"] or fiche["nature"]]
    return [fiche["nature"], *(bloc["code"] for bloc in fiche["blocs"] if bloc["acquis"] and bloc["code"])]


def _certificateur(fiche: dict) -> dict:
    siret = fiche["certificateurs"][0]["siret"]
    annuaire = f"https://annuaire-entreprises.data.gouv.fr/etablissement/{siret}"
    return {
        "id": annuaire if siret else settings.ADRESSE_PUBLIQUE,
        "type": ["Profile"],
        "name": ", ".join(phrases.certificateur(c) for c in fiche["certificateurs"]),
    }


def _alignements(fiche: dict) -> list[dict]:
    """The fiche at France compétences, the level, the blocs that were acquired."""
    certification = fiche["certification"]
    numero, repertoire = certification["numero_fiche"], certification["repertoire"]
    if not numero:
        return []
    adresse, nom = adresse_fiche(repertoire, numero), _REPERTOIRES[repertoire]
    alignements = [_alignement(numero, certification["intitule"], adresse, nom)]
    if certification["niveau_cec"]:
        niveau, cec = certification["niveau"], certification["niveau_cec"]
        dit = f"Niveau {niveau} du cadre national, niveau {cec} du cadre européen"
        alignements.append(_alignement(str(cec), dit, f"{_CADRE}{cec}", "Cadre européen des certifications (CEC)"))
    acquis = [bloc for bloc in fiche["blocs"] if bloc["acquis"] and bloc["code"]]
    return alignements + [_alignement(bloc["code"], bloc["libelle"], adresse, nom) for bloc in acquis]


def _alignement(code: str, nom: str, adresse: str, cadre: str) -> dict:
    return {
        "type": ["Alignment"],
        "targetCode": code,
        "targetName": phrases.typographie(nom),
        "targetUrl": adresse,
        "targetFramework": cadre,
    }


def _nature(fiche: dict) -> str:
    return _NATURES.get(fiche["nature"]) or phrases.titre(fiche["certification"])


def _intitule(fiche: dict) -> str:
    certification = fiche["certification"]
    option = f", option {certification['option']}" if certification["option"] else ""
    return phrases.typographie(certification["intitule"] + option)


def _description(fiche: dict) -> str:
    if fiche["nature"] in _NATURES:
        seuls = "Elle ne certifie que les blocs cités\u00a0: ce n’est pas la certification entière."
        return f"{_nature(fiche)}, délivrée après décision d’un jury paritaire. {seuls}"
    return f"{phrases.titre(fiche['certification'])} délivré après décision d’un jury paritaire."


def _criteres(fiche: dict) -> str:
    blocs = "\u00a0; ".join(phrases.typographie(b["libelle"]) for b in fiche["blocs"] if b["acquis"])
    return f"Le jury a validé les compétences attestées par le référentiel. Blocs acquis\u00a0: {blocs}."


def _moment(jour: str, heure: time = time.min) -> datetime:
    return datetime.combine(date.fromisoformat(jour), heure, _PARIS)


def _fin_de_validite(fiche: dict) -> datetime | None:
    """The last second of the last bloc of an attestation; None for what does not end."""
    limites = [bloc["valide_jusqu_au"] for bloc in fiche["blocs"] if bloc["acquis"]]
    if fiche["nature"] not in _NATURES or not limites or not all(limites):
        return None
    return _moment(max(limites), time(23, 59, 59))
