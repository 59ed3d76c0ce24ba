"""What a person does with a mail that did not arrive: send it again, to a corrected address if need be, or drop it."""

from dataclasses import replace

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from . import journal
from .courriels import Message, deposer
from .models import CourrielSortant, Titulaire
from .transitions import VERBES, Refus

DEJA = "Ce courriel a déjà été renvoyé ou classé."
CANDIDATURE = "candidatures.candidature"
# Acts of the journal about mails, in words: no verb carries them out.
LIBELLES = {
    "relancer": "Relance envoyée",
    "convoquer_dossier": "Convocation envoyée au candidat",
    "annoncer_un_changement": "Changement de la session annoncé au candidat",
    "remettre_les_dossiers": "Dossiers ouverts aux membres du jury",
    "renvoyer_courriel": "Courriel renvoyé",
    "classer_courriel": "Courriel classé sans suite",
    "adapter_courriel": "Texte de courriel adapté",
    "retablir_courriel": "Texte de courriel d’origine rétabli",
    "regler_relance": "Relance réglée",
}


def libelle_de_la_cause(courriel: CourrielSortant) -> str:
    """The act that caused this mail, in words."""
    verbe = courriel.cause.verbe
    acte = VERBES.get((courriel.cause.objet_type, verbe))
    return acte.libelle if acte else LIBELLES.get(verbe) or verbe.replace("_", " ").capitalize()


def objet_de(courriel: CourrielSortant):
    """The object on which the act of this mail was done, by its id only: the journal asks no more."""
    return apps.get_model(courriel.cause.objet_type)(pk=courriel.cause.objet_id)


def _reparable(pk: int) -> CourrielSortant:
    courriel = CourrielSortant.objects.select_for_update(of=("self",)).select_related("cause").get(pk=pk)
    if courriel.remplace_par_id or courriel.classe_le:
        raise Refus(DEJA)
    if not (courriel.echec_le or courriel.retour_le):
        raise Refus("Ce courriel n’a pas échoué\u00a0: il part, ou il est parti.")
    return courriel


def renvoyer(courriel: CourrielSortant, acteur, role: str, adresse: str = "", cle: str = "") -> CourrielSortant:
    """Send again a mail that failed or came back; a corrected address is kept on the candidate's record too.

    The new mail is another row, caused by this act, which the journal of the same object tells.

    Raises:
        Refus: it did not fail, it was dealt with already, or its single-use link is gone or belongs to one address.
    """
    with transaction.atomic():
        objet = objet_de(courriel)
        if journal.deja_fait(cle, "renvoyer_courriel", objet):
            return CourrielSortant.objects.get(pk=courriel.pk).remplace_par
        courriel = _reparable(courriel.pk)
        if courriel.lien_perdu:
            raise Refus(
                "Ce courriel portait un lien personnel, qui n’est conservé nulle part\u00a0: "
                "renvoyez l’invitation elle-même."
            )
        nouvelle = adresse.strip() or courriel.destinataire
        corrigee = nouvelle.lower() != courriel.destinataire.lower()
        if corrigee and courriel.secret:
            raise Refus(
                "Ce courriel porte un lien personnel\u00a0: il ne part qu’à son adresse. Révoquez l’invitation, "
                "puis invitez à la bonne adresse."
            )
        details = {"courriel": courriel.pk, "adresse_corrigee": corrigee}
        entree = journal.consigner(acteur, role, "renvoyer_courriel", objet, details=details, cle=cle)
        message = Message(nouvelle, courriel.sujet, courriel.corps, courriel.modele, courriel.secret)
        message = replace(message, porteur=courriel.porteur_id, piece=courriel.piece, dans_application=False)
        nouveau = deposer(message, entree)
        if corrigee and courriel.cause.objet_type == CANDIDATURE:
            siens = Titulaire.objects.filter(candidatures=objet.pk, courriel__iexact=courriel.destinataire)
            siens.update(courriel=nouvelle)
        courriel.remplace_par = nouveau
        courriel.masquer()
        courriel.save(update_fields=["remplace_par", "corps", "secret"])
    return nouveau


def classer(courriel: CourrielSortant, acteur, role: str, cle: str = "") -> None:
    """Leave a mail that did not arrive as it is: the person was told in another way, or is gone.

    Raises:
        Refus: it did not fail, or it was dealt with already.
    """
    with transaction.atomic():
        objet = objet_de(courriel)
        if journal.deja_fait(cle, "classer_courriel", objet):
            return
        courriel = _reparable(courriel.pk)
        journal.consigner(acteur, role, "classer_courriel", objet, details={"courriel": courriel.pk}, cle=cle)
        courriel.classe_le = timezone.now()
        courriel.masquer()
        courriel.save(update_fields=["classe_le", "corps", "secret"])
