"""The screen of step 4: bloc by bloc, what is held already, what is to be evaluated, what the registry proposes."""

from django.views.generic import TemplateView

from backoffice.actes import actes_possibles, adresse
from registre.transitions import VERBES

from .credits import empechements, sources_au_registre
from .views_recevabilite import DEMANDEURS, EcranDuDossier
from .workflow import MODELE

ACTES = ("positionner", "reprendre_bloc", "admettre_preuve", "retirer_reprise")


class Positionnement(EcranDuDossier, TemplateView):
    """Read by the applicant and the candidate; the porteur finds here the acts of the step."""

    roles = DEMANDEURS
    template_name = "candidatures/positionnement/positionnement.html"

    def get_context_data(self, **kwargs):
        candidature = self.candidature
        agit = self.peut("reprendre_bloc") and candidature.parcours.positionnement_actif
        # What the registry knows of namesakes is shown to those who have to compare, and to nobody else.
        proposees = {s.bloc.pk: s for s in sources_au_registre(candidature)} if agit else {}
        vises = {b.pk for b in candidature.blocs_a_evaluer()}
        repris = {c.bloc_id: c for c in candidature.blocs_repris()}
        actes = actes_possibles(candidature, self.request.user, [VERBES[MODELE, nom] for nom in ACTES])
        return super().get_context_data(
            objet=candidature,
            blocs=[
                {
                    "bloc": bloc,
                    "credit": repris.get(bloc.pk),
                    "vise": bloc.pk in vises,
                    "source": proposees.get(bloc.pk),
                    "empeche": list(empechements(candidature, proposees[bloc.pk].credit()))
                    if bloc.pk in proposees
                    else [],
                }
                for bloc in candidature.version.blocs.all()
                if bloc.option_id in (None, candidature.option_id)
            ],
            actes=[a for a in actes if not a["manques"]],
            url_reprendre=adresse(candidature, VERBES[MODELE, "reprendre_bloc"]),
            **kwargs,
        )
