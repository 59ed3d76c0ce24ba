"""The verbs of the messages of a dossier: the candidate and the employer write, the porteur answers."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import VerbeForm
from backoffice.candidatures.models import CLOS, DECIDES, Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .models import Message

OUVERTS = tuple(etat for etat in Etat if etat not in (Etat.BROUILLON, Etat.ANNULEE))
# Who writes in which thread.
CORRESPONDANTS = (Message.Fil.CANDIDAT, Message.Fil.EMPLOYEUR)


def fin_des_echanges(candidature: Candidature):
    """The moment when one can no longer write about this dossier; None while it goes on."""
    if candidature.etat not in (*CLOS, *DECIDES):
        return None
    delivrance = getattr(candidature, "delivrance", None)
    dates = [candidature.etat_depuis, delivrance.approuvee_le if delivrance else None]
    return max(d for d in dates if d) + timedelta(days=settings.JOURS_D_ECHANGE_APRES_LA_FIN)


def _echange_ouvert(candidature, acteur, donnees):
    fin = fin_des_echanges(candidature)
    if fin and timezone.now() > fin:
        yield (
            f"Les échanges sur ce dossier sont clos depuis le {timezone.localdate(fin):%d/%m/%Y}. "
            "Les coordonnées du porteur sont sur la page de la certification."
        )


class MessageForm(VerbeForm):
    """What is written, as plain text."""

    texte = forms.CharField(
        label="Votre message",
        widget=forms.Textarea(attrs={"rows": 6}),
        min_length=2,
        max_length=4000,
        help_text="Ce message parle de ce dossier seulement. N’y écrivez ni numéro de sécurité sociale, ni information "
        "de santé, ni mot de passe.",
    )


class ReponseForm(MessageForm):
    """The answer of the porteur, and to whom it goes."""

    fil = forms.ChoiceField(label="Destinataire", widget=forms.RadioSelect)
    field_order = ["fil", "texte"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        titulaire, etablissement = self.objet.titulaire, self.objet.etablissement
        choix = [(Message.Fil.EMPLOYEUR.value, f"L’employeur\u00a0: {etablissement.raison_sociale}")]
        if titulaire.utilisateur_id:
            choix.insert(0, (Message.Fil.CANDIDAT.value, f"Le candidat\u00a0: {titulaire.nom_complet}"))
        self.fields["fil"].choices = choix
        en_attente = self.objet.messages.filter(attend_reponse=True).order_by("ecrit_le").first()
        self.fields["fil"].initial = en_attente.fil if en_attente else None


@verbe(
    MODELE,
    "ecrire",
    libelle="Écrire au porteur",
    roles=("candidat", "employeur"),
    etape=10,
    de=OUVERTS,
    conditions=_echange_ouvert,
    formulaire=MessageForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("message_recu", a, candidature=c) for a in adresses("gestionnaire", c.porteur)
    ],
    aide="Le porteur répond ici ; un courriel vous prévient. Seuls ceux qui suivent le dossier lisent votre message.",
)
def _ecrire(candidature, acteur, donnees):
    roles = candidature.roles_de(acteur)
    fil = next(fil for fil in CORRESPONDANTS if fil in roles)
    message = Message.objects.create(
        candidature=candidature, fil=fil, auteur=acteur, du_porteur=False, texte=donnees["texte"], attend_reponse=True
    )
    return {"details": {"message": message.pk, "fil": str(fil)}}


def _destinataires(candidature: Candidature, fil: str) -> list[str]:
    if fil == Message.Fil.CANDIDAT:
        return [candidature.titulaire.courriel]
    return adresses("employeur", candidature.etablissement)


def _candidat_joignable(candidature, acteur, donnees):
    yield from _echange_ouvert(candidature, acteur, donnees)
    if donnees.get("fil") == Message.Fil.CANDIDAT and not candidature.titulaire.utilisateur_id:
        yield "Le candidat n’a pas encore de compte\u00a0: il ne pourrait pas lire ce message."


@verbe(
    MODELE,
    "repondre",
    libelle="Écrire un message",
    roles=("gestionnaire", "certificateur"),
    etape=10,
    de=OUVERTS,
    conditions=_candidat_joignable,
    formulaire=ReponseForm,
    courriels=lambda c, acteur, donnees, resultat: [
        composer("message_recu", a, candidature=c) for a in _destinataires(c, donnees["fil"])
    ],
    attendu=Q(messages__attend_reponse=True),
    attente="Le porteur répond à un message",
    aide="Le destinataire reçoit un courriel qui l’invite à se connecter\u00a0; le texte ne part pas par courriel.",
)
def _repondre(candidature, acteur, donnees):
    recus = candidature.messages.filter(fil=donnees["fil"], du_porteur=False)
    recus.filter(attend_reponse=True).update(attend_reponse=False)
    message = Message.objects.create(
        candidature=candidature, fil=donnees["fil"], auteur=acteur, du_porteur=True, texte=donnees["texte"]
    )
    return {"details": {"message": message.pk, "fil": str(donnees["fil"])}}


def _message_en_attente(candidature, acteur, donnees):
    if not candidature.messages.filter(attend_reponse=True).exists():
        yield "Aucun message n’attend de réponse sur ce dossier."


@verbe(
    MODELE,
    "classer_messages",
    libelle="Classer les messages sans répondre",
    roles=("gestionnaire", "certificateur"),
    etape=10,
    de=OUVERTS,
    conditions=_message_en_attente,
    aide="Les messages restent lisibles ; ils n’attendent plus de réponse.",
)
def _classer_messages(candidature, acteur, donnees):
    candidature.messages.filter(attend_reponse=True).update(attend_reponse=False)
    return {}
