"""The verbs of a link of sharing: made by the holder for a time, closed by them whenever they want."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.utils import timezone

from backoffice.candidatures.forms import TextesSains
from registre import journal
from registre.models import Parchemin, Partage
from registre.transitions import executer, verbe

PARTAGE = "registre.partage"
MAXIMUM = 20
DUREES = ((7, "7 jours"), (30, "30 jours"), (90, "90 jours"))
Etat, Champ = Partage.Etat, Partage.Champ


class PartageForm(TextesSains, forms.Form):
    """What the link shows, to whom in the holder's own words, until when."""

    libelle = forms.CharField(
        label="Pour qui, ou pour quoi",
        max_length=60,
        help_text="Pour vous y retrouver, par exemple «\u202fEntretien du 12 mars\u202f». Vous seul le lisez.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    champs = forms.MultipleChoiceField(
        label="Montrer aussi",
        required=False,
        choices=[(champ.value, champ.label[0].upper() + champ.label[1:]) for champ in Champ],
        widget=forms.CheckboxSelectMultiple,
        initial=[Champ.NOM, Champ.DATE],
        help_text="Le lien montre toujours l’intitulé, la fiche, le certificateur, et si le document est valable au "
        "jour où on l’ouvre. Jamais vos notes ni vos autres documents. Votre naissance n’est que dans le PDF\u00a0: "
        "ne le joignez que si on vous le demande.",
    )
    jours = forms.TypedChoiceField(
        label="Ouvert pendant", coerce=int, choices=DUREES, initial=30, widget=forms.RadioSelect
    )


def _partageable(partage, acteur, donnees):
    document = partage.parchemin
    if document.annule_le is not None:
        yield "Ce document est annulé ou remplacé\u00a0: il ne se partage plus."
    elif document.partages.ouverts().count() >= MAXIMUM:
        yield f"Vous avez déjà {MAXIMUM} liens ouverts pour ce document\u00a0: fermez d’abord ceux qui ne servent plus."


@verbe(
    PARTAGE,
    "partager",
    libelle="Créer un lien de partage",
    roles=("candidat",),
    etape=10,
    vers=(Etat.ACTIF,),
    conditions=_partageable,
    creation=True,
)
def _partager(partage, acteur, donnees):
    partage.full_clean(exclude=["empreinte"])
    return {"details": {"parchemin": partage.parchemin_id, "champs": sorted(partage.champs)}}


@verbe(
    PARTAGE,
    "fermer_partage",
    libelle="Fermer ce lien",
    roles=("candidat",),
    etape=10,
    de=(Etat.ACTIF,),
    vers=(Etat.REVOQUE,),
    danger=True,
    aide="Dès maintenant, ce lien n’ouvre plus rien. Votre document, lui, ne change pas.",
)
def _fermer(partage, acteur, donnees):
    partage.revoque_le = timezone.now()
    return {}


def partager(acteur, document: Parchemin, donnees: dict, cle: str) -> tuple[Partage, str]:
    """Make one link and return it with its key; the key is empty when this very request was carried out already.

    Raises:
        Refus: the document may not be shown, or too many links are open.
    """
    with transaction.atomic():
        if cle and (deja := journal.deja_cree(cle, "partager", Partage())):
            return deja, ""
        partage = Partage(
            parchemin=document,
            libelle=donnees["libelle"],
            champs=[champ.value for champ in Champ if champ in donnees["champs"]],
            expire_le=timezone.now() + timedelta(days=donnees["jours"]),
        )
        jeton = partage.prendre_cle()
        return executer(PARTAGE, "partager", partage, acteur, cle=cle), jeton
