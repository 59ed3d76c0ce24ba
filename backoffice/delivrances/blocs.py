"""Which blocs may be attested, and what the attestation of one says.

A partial success gives one attestation de réussite partielle, always. The attestation of a bloc comes besides, when
somebody needs it (a funder, an employer, another certificateur): those who prepare choose the blocs, among those that
the sealed minutes granted. A bloc credited from elsewhere has its own proof: it is not attested again.
"""

from django.db.models import Exists, OuterRef

from backoffice.candidatures.models import Candidature, Etat
from backoffice.jurys.models import DecisionBloc, Inscription, SessionJury
from backoffice.jurys.revocations import inscription_decisive
from registre.models import Bloc

from .models import DelivranceDeBloc
from .workflow import contenu_du_document


def blocs_a_attester(candidature: Candidature) -> list[Bloc]:
    """The blocs that the decision in force granted and that have no attestation yet, in the order of the fiche."""
    inscription = inscription_decisive(candidature)
    if inscription is None or candidature.etat != Etat.PARTIELLE:
        return []
    acquis = inscription.decisions.filter(acquis=True).values("bloc")
    deja = candidature.attestations_de_bloc.en_vigueur().values("bloc")
    return list(Bloc.objects.filter(pk__in=acquis).exclude(pk__in=deja).order_by("ordre", "code"))


def a_attester(acteur):
    """The dossiers of this person with such a bloc."""
    deja = DelivranceDeBloc.objects.en_vigueur().filter(
        candidature=OuterRef("inscription__candidature"), bloc=OuterRef("bloc")
    )
    decisions = DecisionBloc.objects.filter(
        ~Exists(deja),
        acquis=True,
        inscription__issue=Inscription.Issue.DECIDEE,
        inscription__retiree_le=None,
        inscription__revoquee_le=None,
        inscription__session__etat=SessionJury.Etat.SCELLEE,
    ).exclude(inscription__session__instance=SessionJury.Instance.EVALUATION)
    siennes = Candidature.objects.filter(etat=Etat.PARTIELLE).visibles_par(acteur)
    return siennes.filter(pk__in=decisions.values("inscription__candidature")).completes().order_by("decidee_le", "pk")


def contenu_du_bloc(candidature: Candidature, bloc: Bloc, lieu: str) -> dict:
    """What `registre.delivrance` needs to issue the attestation of this bloc: that of the dossier, this bloc alone."""
    contenu = contenu_du_document(candidature, lieu)
    seul = [fige for fige in contenu["blocs"] if fige["code"] == bloc.code]
    return {**contenu, "nature": "bloc", "blocs": seul}
