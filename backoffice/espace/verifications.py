"""The verbs of a verification: a link sent to the holder, who proves who they are, then confirms or corrects."""

import hashlib
import secrets
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backoffice.courriels import composer
from registre import cog
from registre.models import Titulaire
from registre.textes import plier
from registre.transitions import executer, verbe

from .models import DemandeCorrection
from .verifications_models import ESSAIS, VALIDITE, VerificationEtatCivil
from .workflow import VERIFICATION

STAFF = ("gestionnaire", "certificateur")
REPONDENT = ("titulaire", "candidat")
ENVOIS_MAXIMUM, ENTRE_DEUX_ENVOIS, PAR_JOUR = 5, timedelta(minutes=10), 3
Etat = VerificationEtatCivil.Etat


class Invite:
    """The holder as an actor: no account, one link, their own civil status."""

    pk = None
    is_authenticated = False

    def __init__(self, verification: VerificationEtatCivil):
        self.invitation = verification

    def roles_par_verification(self, verification) -> set[str]:
        return {"titulaire"} if verification.pk == self.invitation.pk else set()

    def roles_par_correction(self, demande: DemandeCorrection) -> set[str]:
        return {"titulaire"} if demande.titulaire_id == self.invitation.titulaire_id and demande.pk is None else set()


def empreinte(jeton: str) -> str:
    """What the database keeps of the token of a link."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def demander_verification(acteur, titulaire: Titulaire, consigne: str, preuve: bool, cle: str) -> VerificationEtatCivil:
    """Send a link to the holder, at the address the register knows.

    Raises:
        registre.transitions.Refus: no address, nothing to prove oneself with, a link or a request that already waits.
    """
    with transaction.atomic():
        # One link at a time: two people who send together send one.
        titulaire = Titulaire.objects.select_for_update(of=("self",)).get(pk=titulaire.pk)
        verification = VerificationEtatCivil(
            titulaire=titulaire,
            courriel=titulaire.courriel,
            consigne=consigne,
            preuve_demandee=preuve,
            envoyee_par=acteur,
            expire_le=timezone.now() + VALIDITE,
            # Replaced before it leaves: a link has one token, that only its mail knows.
            empreinte_jeton=empreinte(secrets.token_urlsafe(32)),
        )
        return executer(VERIFICATION, "demander_verification", verification, acteur, cle=cle)


def _envoyable(verification, acteur, donnees):
    titulaire = verification.titulaire
    if not titulaire.courriel:
        yield "Le registre ne connaît pas l’adresse électronique de cette personne."
    if not (date_entiere(titulaire) or titulaire.parchemins.exists()):
        yield "Sans date de naissance complète ni document, cette personne ne pourrait pas se faire reconnaître."
    if titulaire.corrections.filter(decidee_le=None).exists():
        yield "Une correction demandée par cette personne attend déjà votre réponse."


def _demandable(verification, acteur, donnees):
    yield from _envoyable(verification, acteur, donnees)
    siennes = VerificationEtatCivil.objects.filter(titulaire=verification.titulaire)
    if attend := siennes.filter(etat=Etat.ENVOYEE).first():
        jour = timezone.localtime(attend.envoyee_le)
        yield f"Un lien est parti le {jour:%d/%m/%Y} à cette personne\u00a0: renvoyez-le, ou révoquez-le d’abord."
    if siennes.filter(envoyee_le__gt=timezone.now() - timedelta(days=1)).count() >= PAR_JOUR:
        yield f"{PAR_JOUR} liens sont déjà partis à cette personne depuis hier\u00a0: attendez sa réponse."


def _renouveler(verification) -> dict:
    """One more token: the former link stops working."""
    jeton = secrets.token_urlsafe(32)
    verification.empreinte_jeton, verification.echecs = empreinte(jeton), 0
    verification.envoyee_le = timezone.now()
    verification.expire_le = verification.envoyee_le + VALIDITE
    return {"jeton": jeton}


def _au_titulaire(verification, acteur, donnees, resultat):
    jeton = resultat["jeton"]
    return [
        composer("verification_demandee", verification.courriel, secret=jeton, verification=verification, jeton=jeton)
    ]


@verbe(
    VERIFICATION,
    "demander_verification",
    libelle="Demander au titulaire de vérifier son état civil",
    roles=STAFF,
    etape=10,
    vers=(Etat.ENVOYEE,),
    conditions=_demandable,
    courriels=_au_titulaire,
    creation=True,
)
def _demander(verification, acteur, donnees):
    return _renouveler(verification)


def _renvoyable(verification, acteur, donnees):
    yield from _envoyable(verification, acteur, donnees)
    if verification.envois >= ENVOIS_MAXIMUM:
        yield "Ce lien est parti cinq fois\u00a0: joignez cette personne autrement."
    elif verification.envoyee_le > timezone.now() - ENTRE_DEUX_ENVOIS:
        yield "Ce lien vient de partir\u00a0: laissez dix minutes au courriel pour arriver."


@verbe(
    VERIFICATION,
    "renvoyer_verification",
    libelle="Renvoyer le lien",
    roles=STAFF,
    etape=10,
    de=(Etat.ENVOYEE,),
    conditions=_renvoyable,
    courriels=_au_titulaire,
    aide="Un nouveau lien part à l’adresse du registre\u202f; l’ancien ne fonctionne plus.",
)
def _renvoyer(verification, acteur, donnees):
    verification.courriel = verification.titulaire.courriel
    verification.envois += 1
    return _renouveler(verification)


def _clore(verification, acteur, donnees):
    verification.close_le = timezone.now()
    return {}


verbe(
    VERIFICATION,
    "revoquer_verification",
    libelle="Révoquer le lien",
    roles=STAFF,
    etape=10,
    de=(Etat.ENVOYEE,),
    vers=(Etat.REVOQUEE,),
    danger=True,
    aide="Le lien envoyé ne fonctionne plus. L’état civil ne change pas.",
)(_clore)


def _encore_ouverte(verification, acteur, donnees):
    if verification.raison_de_fermeture():
        yield "Ce lien ne fonctionne plus\u00a0: demandez-en un autre."


verbe(
    VERIFICATION,
    "confirmer_etat_civil",
    libelle="Mon état civil est juste",
    roles=REPONDENT,
    etape=10,
    de=(Etat.ENVOYEE,),
    vers=(Etat.CONFIRMEE,),
    conditions=_encore_ouverte,
    courriels=lambda v, acteur, donnees, resultat: [
        composer("verification_confirmee", v.envoyee_par.email, verification=v)
    ],
    aide="Vous avez relu chaque ligne sur votre acte de naissance ou votre pièce d’identité.",
)(_clore)


@verbe(
    VERIFICATION,
    "repondre_verification",
    libelle="Demander une correction",
    roles=REPONDENT,
    etape=10,
    de=(Etat.ENVOYEE,),
    vers=(Etat.REPONDUE,),
    conditions=_encore_ouverte,
    interne=True,
    consequence_de=("deposer_correction",),
)
def _repondre(verification, acteur, donnees):
    verification.correction = donnees.get("correction")
    return _clore(verification, acteur, donnees)


verbe(
    VERIFICATION,
    "bloquer_verification",
    libelle="Fermer le lien après trop d’essais",
    roles=("titulaire",),
    etape=10,
    de=(Etat.ENVOYEE,),
    vers=(Etat.REVOQUEE,),
    courriels=lambda v, acteur, donnees, resultat: [
        composer("verification_bloquee", v.envoyee_par.email, verification=v)
    ],
    interne=True,
)(_clore)


# Who opens the link ------------------------------------------------------------------------------------------------


def date_entiere(titulaire: Titulaire) -> bool:
    """May the holder be recognised by their birth date, or by the number of a document only?"""
    return None not in (titulaire.annee_naissance, titulaire.mois_naissance, titulaire.jour_naissance)


def _est_connu_de(titulaire: Titulaire, date_naissance: date | None, numero: str) -> bool:
    """Is what was typed known to the holder alone: the birth date as registered, or the number of a document?"""
    if date_naissance and date_entiere(titulaire):
        connue = cog.Periode.de(titulaire.annee_naissance, titulaire.mois_naissance, titulaire.jour_naissance)
        if connue and connue.debut == date_naissance:
            return True
    cherche = plier(numero)
    return bool(cherche) and cherche in {plier(n) for n in titulaire.parchemins.values_list("numero", flat=True)}


def reconnaitre(verification: VerificationEtatCivil, date_naissance: date | None, numero: str) -> tuple[bool, int]:
    """Use one try: (is it the holder, how many tries are left). At the last wrong one the link closes.

    The try is counted before anything is compared: a hundred answers sent at once get five comparisons.
    """
    celle_ci = VerificationEtatCivil.objects.filter(pk=verification.pk, etat=Etat.ENVOYEE)
    if not celle_ci.filter(echecs__lt=ESSAIS).update(echecs=F("echecs") + 1):
        return False, 0
    if _est_connu_de(verification.titulaire, date_naissance, numero):
        celle_ci.update(echecs=0)
        return True, ESSAIS
    verification.refresh_from_db()
    reste = max(0, ESSAIS - verification.echecs)
    if not reste and verification.etat == Etat.ENVOYEE:
        executer(VERIFICATION, "bloquer_verification", verification, Invite(verification))
    return False, reste
