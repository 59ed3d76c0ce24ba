"""The verbs of the room: what the jury concludes, dossier by dossier."""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.resultats import bloc_acquis_selon_evaluation
from registre.transitions import verbe

from .composition import conduit, empechements, votants
from .forms import DeliberationForm
from .models import DecisionBloc, Inscription, SessionJury
from .workflow import AVANT_CLOTURE, inscription_active


def _deliberation_possible(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        yield "La séance n’est pas ouverte : le jury délibère en séance."
        return
    if not conduit(inscription.session, inscription, acteur):
        yield "La présidence de la séance enregistre la décision, sauf déport sur ce dossier."
    # To postpone takes no quorum: a dossier on which members are recused must not hold up the others.
    if donnees.get("issue") == Inscription.Issue.DECIDEE:
        yield from empechements(inscription.session, inscription)
        yield from _decisions_motivees(candidature, donnees["blocs"])


def _decisions_motivees(candidature, decisions):
    for bloc in candidature.blocs_a_evaluer():
        acquis, motif = decisions.get(bloc.pk, (None, ""))
        evalue = bloc_acquis_selon_evaluation(candidature, bloc)
        if acquis is None:
            yield f"Il manque la décision du jury sur le bloc {bloc.code}."
        elif evalue is not None and acquis != evalue and not motif.strip():
            yield f"Bloc {bloc.code} : la décision s’écarte de l’évaluation, donnez-en le motif."


@verbe(
    MODELE,
    "deliberer",
    libelle="Enregistrer la décision du jury",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    conditions=_deliberation_possible,
    formulaire=DeliberationForm,
    principal=True,
    attendu=Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_CLOTURE),
    attente="Le jury délibère",
    aide="La décision se modifie jusqu’au PV, puis elle est figée.",
)
def _deliberer(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    inscription.issue = donnees["issue"]
    inscription.recommandations = donnees.get("recommandations", "")
    inscription.deliberee_le = timezone.now()
    inscription.save()
    inscription.decisions.all().delete()
    if inscription.issue == Inscription.Issue.DECIDEE:
        permis = {b.pk for b in candidature.blocs_a_evaluer()}
        DecisionBloc.objects.bulk_create(
            DecisionBloc(inscription=inscription, bloc_id=bloc, acquis=acquis, motif=motif)
            for bloc, (acquis, motif) in donnees["blocs"].items()
            if bloc in permis
        )
    votes = [m.pk for m in votants(inscription.session, inscription)]
    return {"details": {"inscription": inscription.pk, "issue": inscription.issue, "votants": votes}}
