"""The words of each verdict. One text per case, and none that says more than what was checked."""

from datetime import datetime

from django.utils.timezone import localtime

from registre import cles
from registre.documents.phrases import date_francaise, typographie
from registre.models import Parchemin
from verification.constat import Constat, Statut
from verification.depot import Cas, Examen

TEXTES = {
    Statut.VALIDE: (
        "valide",
        "Authentique",
        "Ce document a été délivré par le certificateur et il est valable aujourd’hui.",
    ),
    Statut.EXPIRE: (
        "partiel",
        "Authentique, validité dépassée",
        "Cette attestation a bien été délivrée, mais la durée de validité des blocs qu’elle cite est dépassée.",
    ),
    Statut.ANNULE: (
        "refus",
        "Annulé",
        "Ce document a bien été délivré, puis le certificateur l’a annulé. Il ne prouve plus rien.",
    ),
    Statut.REMPLACE: (
        "partiel",
        "Remplacé",
        "Ce document a bien été délivré, puis un autre l’a remplacé : il ne vaut plus. Demandez à la personne qui vous "
        "le présente celui qui le remplace.",
    ),
    Statut.CLE_REVOQUEE: (
        "refus",
        "Clé révoquée",
        "Ce code porte la signature d’une clé que le certificateur a révoquée, et rien ne montre qu’il soit antérieur. "
        "Ne vous y fiez pas\u00a0: demandez à la personne le document qui le remplace.",
    ),
    Statut.INCONNU: (
        "refus",
        "Inconnu du registre",
        "Le code porte une signature de ce registre, mais aucun document ne lui correspond. Ne vous y fiez pas "
        "et signalez-le au certificateur.",
    ),
    Statut.ALTERE: (
        "refus",
        "Altéré",
        "Ce code n’a pas été signé tel quel par ce registre : il a été modifié, mal recopié ou fabriqué. "
        "Scannez de nouveau le document ; si le résultat est le même, ne vous y fiez pas.",
    ),
}
# A recruiter reads the verdict alone: it says that this paper is not the certificate.
ATTESTATION_VALIDE = (
    "Cette attestation a été délivrée par le certificateur et elle est valable aujourd’hui. "
    "Elle ne vaut pas certificat."
)
# Issued before this platform: what could not be checked is said at once, with what is.
REPRIS = (
    "Le certificateur confirme ce document, qui n’a été ni annulé ni remplacé, d’après un registre antérieur à cette "
    "plateforme\u00a0: {registre}, repris le {jour}. Le papier d’origine, ses signatures et la décision du jury n’ont "
    "pas pu être contrôlés."
)
# The register itself no longer says what it signed: the paper may be good, nothing can be certified.
REGISTRE_DISCORDANT = (
    "refus",
    "Altéré",
    "Ce que dit le registre n’est plus ce qui a été signé. Rien ne peut être confirmé : signalez-le au certificateur.",
)
# A file dropped on the page; an original takes the text of its document, which may be cancelled since.
FICHIERS = {
    Cas.MAL_SCELLE: (
        "partiel",
        "Sceau non confirmé",
        "Ce fichier est, octet pour octet, celui qui a été délivré, mais son sceau électronique ne peut pas être "
        "confirmé aujourd’hui. Signalez-le au certificateur.",
    ),
    Cas.SCELLE: (
        "partiel",
        "Scellé, mais absent du registre",
        "Ce fichier porte un sceau intact de ce registre\u00a0: il n’a pas changé depuis. Mais le registre ne connaît "
        "pas ce fichier-là, et rien ne dit s’il est encore valable. Signalez-le au certificateur.",
    ),
    Cas.MODIFIE: (
        "refus",
        "Copie modifiée",
        "Ce fichier n’est pas celui qui a été délivré\u00a0: il a été modifié, réenregistré ou imprimé en PDF. Ce "
        "que le "
        "registre certifie est écrit ci-dessous\u202f; tout ce qui en diffère dans votre fichier est faux.",
    ),
    Cas.NUMERISE: (
        "partiel",
        "Image ou numérisation",
        "Une photographie ou une numérisation ne prouve rien par elle-même\u00a0: seul son code QR parle. "
        "Scannez-le avec "
        "votre téléphone.",
    ),
    Cas.INCONNU: (
        "refus",
        "Fichier inconnu",
        "Ce registre n’a pas délivré ce fichier, et n’y trouve aucun code qu’il aurait signé. Si un code QR y est "
        "imprimé, scannez-le\u202f; sinon, ne vous y fiez pas.",
    ),
    Cas.ILLISIBLE: (
        "partiel",
        "Fichier illisible",
        "Ce fichier n’est pas un PDF. Déposez le fichier reçu par le titulaire, tel quel.",
    ),
}
_BON, _MAUVAIS, _NON_FAIT = ("valide", "valide"), ("refus", "refus"), ("neutre", "aide")


def texte(constat: Constat) -> dict:
    """Return tone, word and sentence of the large verdict."""
    ton, mot, phrase = TEXTES[constat.statut] if constat.registre_concorde else REGISTRE_DISCORDANT
    if constat.statut is Statut.VALIDE and constat.parchemin.nature != Parchemin.Nature.PARCHEMIN:
        phrase = ATTESTATION_VALIDE
    if _vaut_comme_repris(constat):
        return texte_repris(constat.parchemin)
    return {"ton": ton, "mot": mot, "phrase": phrase}


def texte_repris(parchemin: Parchemin) -> dict:
    """Return tone, word and sentence for a document taken over from an older register and still in force."""
    repris = parchemin.repris
    phrase = REPRIS.format(registre=typographie(repris["registre"]), jour=date_francaise(repris["le"]))
    return {"ton": "partiel", "mot": "Registre repris", "phrase": phrase}


def _vaut_comme_repris(constat: Constat) -> bool:
    return constat.statut is Statut.VALIDE and constat.registre_concorde and bool(constat.parchemin.repris)


def texte_du_fichier(examen: Examen) -> dict:
    """Return tone, word and sentence for a file dropped on the page."""
    if examen.cas is Cas.AUTHENTIQUE:
        dit, duplicata = texte(examen.constat), examen.duplicata
        quoi = _le_duplicata(duplicata) if duplicata else ""
        if examen.constat.statut is Statut.VALIDE and not _vaut_comme_repris(examen.constat):
            dit["phrase"] = (
                f"Ce fichier est, octet pour octet, {quoi or 'celui qui a été délivré'}, "
                "et le document est valable aujourd’hui."
            )
        elif duplicata:
            dit["phrase"] += f" Ce fichier en est {quoi}\u00a0: il suit le sort du document."
        return dit
    constat = examen.constat
    perdu = examen.cas is Cas.SCELLE and constat and constat.statut is Statut.INCONNU
    if constat and not perdu and not (constat.statut is Statut.VALIDE and constat.registre_concorde):
        # Cancelled, replaced, unknown: what became of the document comes before what became of the file.
        return texte(constat)
    ton, mot, phrase = FICHIERS[examen.cas]
    return {"ton": ton, "mot": mot, "phrase": phrase}


def _le_duplicata(duplicata) -> str:
    jour = date_francaise(duplicata.delivre_le.isoformat())
    return f"le duplicata n°\u00a0{duplicata.rang}, délivré le {jour}"


def controles_du_fichier(examen: Examen, domaine: str) -> list[dict]:
    """Return the checks of a dropped file: the integrity is that of the file, not of the code found in it."""
    if examen.constat is None:
        return [_controle("Sceau", *_sceau(examen))] if examen.pose.present else []
    lus = controles(examen.constat, domaine)
    if examen.cas is Cas.SCELLE:
        autre = "Le registre ne garde pas l’empreinte de ce fichier."
        lus[0] = _controle("Intégrité", _MAUVAIS, "Autre fichier", autre)
    elif examen.cas is Cas.MODIFIE:
        lus[0] = _controle(
            "Intégrité", _MAUVAIS, "Fichier modifié", "Ce fichier n’est pas, octet pour octet, celui qui a été délivré."
        )
    elif examen.constat.registre_concorde and examen.constat.parchemin:
        identique = "Son empreinte est celle que garde le registre, et les mentions sont celles qui ont été signées."
        lus[0] = _controle("Intégrité", _BON, "Fichier d’origine", identique)
    return [*lus, _controle("Sceau", *_sceau(examen))]


def controles(constat: Constat, domaine: str) -> list[dict]:
    """Return the three checks, apart from one another: integrity, status, issuer."""
    return [
        _controle("Intégrité", *_integrite(constat)),
        _controle("Statut", *_statut(constat)),
        _controle("Émetteur", *_emetteur(constat, domaine)),
    ]


def _controle(nom: str, apparence: tuple[str, str], mot: str, phrase: str) -> dict:
    ton, icone = apparence
    return {"nom": nom, "ton": ton, "icone": icone, "mot": mot, "phrase": phrase}


def _sceau(examen: Examen) -> tuple:
    """What the seal itself says: absent, whole and ours, or the first thing that is wrong with it."""
    lu = examen.pose
    if not lu.present:
        if not examen.etait_scelle:
            return _NON_FAIT, "Sans sceau", "Ce document a été délivré avant que les fichiers ne soient scellés."
        return _MAUVAIS, "Sceau absent", "Ce fichier ne porte pas le sceau électronique que nous posons sur chacun."
    if not lu.intact:
        return _MAUVAIS, "Sceau rompu", "Le contenu n’est plus celui qui a été scellé."
    if not lu.de_confiance:
        return _MAUVAIS, "Sceau étranger", "Ce sceau n’a pas été posé avec un certificat reconnu de ce registre."
    if not lu.entier:
        return _MAUVAIS, "Sceau partiel", "Le sceau ne couvre pas tout le fichier\u00a0: quelque chose y a été ajouté."
    return (
        _BON,
        "Sceau intact",
        f"Posé par «\u202f{lu.au_nom_de}\u202f» le "
        f"{date_francaise(localtime(lu.scelle_le).date().isoformat())}, il couvre le fichier entier, "
        "et rien n’y a changé depuis.",
    )


def _integrite(constat: Constat) -> tuple:
    if not constat.signature_bonne:
        return _MAUVAIS, "Signature refusée", "Le code lu n’est pas celui qui a été signé."
    if not constat.registre_concorde:
        return _MAUVAIS, "Registre discordant", "La signature est bonne, mais le registre dit aujourd’hui autre chose."
    if constat.statut is Statut.CLE_REVOQUEE:
        return _NON_FAIT, "Sans garantie", "Le code est intact, mais qui a pris cette clé a pu le fabriquer."
    if constat.parchemin is None:
        return _BON, "Signature bonne", "Le code est intact, mais rien dans le registre ne permet de le comparer."
    if constat.parchemin.repris:
        return _NON_FAIT, "Signé à la reprise", "Le code est intact, mais il date de la reprise, non de la délivrance."
    return _BON, "Mentions intactes", "La signature est bonne et le registre dit exactement ce qui a été signé."


def _statut(constat: Constat) -> tuple:
    parchemin = constat.parchemin
    if constat.statut is Statut.INCONNU:
        return _MAUVAIS, "Inconnu", "Aucun document du registre ne porte cet identifiant."
    if constat.statut is Statut.CLE_REVOQUEE:
        return _MAUVAIS, "À remplacer", "Le certificateur délivre de nouveau les documents que cette clé a signés."
    if parchemin is None:
        return _NON_FAIT, "Non contrôlé", "Sans code intact, le registre n’est pas consulté."
    if constat.statut is Statut.REMPLACE:
        return ("partiel", "dupliquer"), "Remplacé", f"Un autre document le remplace depuis le {_jour(parchemin)}."
    if constat.statut is Statut.ANNULE:
        return _MAUVAIS, "Annulé", f"Le certificateur l’a annulé le {_jour(parchemin)}."
    if constat.statut is Statut.EXPIRE:
        return ("partiel", "horloge"), "Validité dépassée", "Les dates de validité sont données avec chaque bloc."
    return _BON, "Valable", "Il n’est ni annulé ni remplacé."


def _emetteur(constat: Constat, domaine: str) -> tuple:
    if not constat.signature_bonne:
        return _NON_FAIT, "Non reconnu", "Aucune clé publiée par ce registre n’a signé ce code."
    if constat.statut is Statut.CLE_REVOQUEE:
        return _MAUVAIS, "Clé révoquée", _phrase_de_la_coupure(constat.jeton.kid)
    return (
        _BON,
        "Reconnu",
        f"Signé par la clé n°\u00a0{constat.jeton.kid} de ce registre. "
        f"L’adresse que montre votre navigateur doit être celle de {domaine}.",
    )


def _phrase_de_la_coupure(kid: int) -> str:
    coupure = cles.publiques()[kid].coupure
    return (
        f"Le {date_francaise(coupure.le.isoformat())}, le certificateur a révoqué sa clé n°\u00a0{kid}\u00a0: ce "
        f"qu’elle a signé ne vaut plus rien à partir de l’inscription n°\u00a0{coupure.depuis} du journal public."
    )


def moment(instant: datetime) -> str:
    """Return when a check was made, as it is written on the page and printed."""
    ici = localtime(instant)
    return f"{date_francaise(ici.date().isoformat())} à {ici.hour}\u00a0h\u00a0{ici:%M}, heure de Paris"


def _jour(parchemin) -> str:
    return date_francaise(localtime(parchemin.annule_le).date().isoformat())
