"""Home of every role, dashboard, journal, search."""

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from backoffice.acces import TOUS, TOUS_ET_LE_SITE, Ecran
from backoffice.candidatures.models import CLOS, DECIDES, Candidature
from backoffice.comptes.attente import comptes_en_attente
from backoffice.comptes.bascule import ACCUEIL, accueil_de
from backoffice.delivrances.sceau import fin_prochaine
from backoffice.jurys.models import ProcesVerbal, SessionJury
from backoffice.jurys.preparation import sessions_a_preparer
from backoffice.rappels import rappels_de
from registre.models import EntreeJournal, Parchemin
from registre.textes import plier

from .a_faire import (
    attendus_d_autres,
    courriels_perdus,
    documents_a_refaire,
    echeances,
    fins_d_habilitation,
    fins_de_mandat,
    signatures_attendues,
    taches_de,
    taches_hors_dossiers,
)
from .figures import entonnoir, liste_des_etats
from .lecture import en_clair


class Accueil(Ecran, TemplateView):
    """« À faire »: what waits for me, oldest first, the next action as a button; what I wait for from others."""

    # An editor holds nothing here, and is led to the site that they edit.
    roles = TOUS_ET_LE_SITE
    template_name = "pilotage/accueil.html"

    def get(self, request, *args, **kwargs):
        accueil = accueil_de(request.user)
        return redirect(accueil) if accueil != ACCUEIL else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        utilisateur = self.request.user
        taches, sessions = taches_de(utilisateur), echeances(utilisateur)
        autres_taches = taches_hors_dossiers(utilisateur)
        siege = utilisateur.a_role("jury")
        return super().get_context_data(
            taches=[tache for tache in taches if tache.compte],
            autres_taches=autres_taches,
            total=sum(tache.compte for tache in [*taches, *autres_taches]),
            autres=attendus_d_autres(utilisateur),
            comptes_a_faire=comptes_en_attente(utilisateur),
            seances=[s for s in sessions if siege and s.etat == SessionJury.Etat.OUVERTE],
            signatures=signatures_attendues(utilisateur) if siege else [],
            echeances=sessions,
            peut_ouvrir=utilisateur.a_role("employeur", "gestionnaire"),
            premiers_pas=self._sans_dossier(),
            courriels_perdus=courriels_perdus(utilisateur),
            documents_a_refaire=documents_a_refaire(utilisateur),
            fin_du_sceau=fin_prochaine() if utilisateur.a_role("certificateur") else None,
            preparatifs=sessions_a_preparer(utilisateur),
            habilitations=fins_d_habilitation(utilisateur),
            mandats=fins_de_mandat(utilisateur),
            rappels=rappels_de(utilisateur),
            **kwargs,
        )

    def _sans_dossier(self) -> bool:
        """An employer who has not opened any dossier yet: told how to begin, rather than that nothing awaits."""
        employeur = self.request.user.a_role("employeur")
        return employeur and not Candidature.objects.all().visibles_par(self.request.user).exists()


class TableauDeBord(Ecran, TemplateView):
    """One chart, its table, the lists that prove each figure."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    template_name = "pilotage/tableau.html"

    def get_context_data(self, **kwargs):
        candidatures = Candidature.objects.all().visibles_par(self.request.user)
        etats = Candidature.Etat
        ouverts = [etat for etat in etats if etat not in {*CLOS, *DECIDES}]
        cartes = [
            {"titre": titre, "compte": candidatures.filter(etat__in=siens).count(), "url": liste_des_etats(siens)}
            for titre, siens in (
                ("Candidatures en cours", ouverts),
                ("À examiner", [etats.DEPOSEE]),
                ("En évaluation", [etats.EN_EVALUATION]),
                ("En attente de jury", [etats.EVALUEE, etats.AJOURNEE, etats.INSCRITE_JURY, etats.PROPOSEE]),
                ("Certifications validées", [etats.VALIDEE]),
                ("Réussites partielles", [etats.PARTIELLE]),
            )
        ]
        return super().get_context_data(cartes=cartes, graphique=entonnoir(candidatures), **kwargs)


class Journal(Ecran, TemplateView):
    """The acts of the whole platform, newest first. The dossiers carry their own journal."""

    roles = ("certificateur", "auditeur")
    template_name = "pilotage/journal.html"

    def get_context_data(self, **kwargs):
        entrees = EntreeJournal.objects.select_related("acteur").order_by("-sequence")
        page = Paginator(entrees, 50).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, lignes=en_clair(page), **kwargs)


@method_decorator(sensitive_post_parameters("q"), name="dispatch")
class Recherche(Ecran, TemplateView):
    """Find a dossier, a person, a number. By POST: a name is personal data, it must not stand in an address."""

    roles = TOUS
    template_name = "pilotage/recherche.html"
    LIMITE = 25

    def post(self, request, *args, **kwargs):
        texte = "".join(c for c in request.POST.get("q", "") if c.isprintable()).strip()[:100]
        visibles = Candidature.objects.all().visibles_par(request.user)
        if not plier(texte):
            # Signs alone are found nowhere: they would otherwise match everything.
            visibles = visibles.none()
        if exacte := visibles.filter(reference__iexact=texte).first():
            return redirect(exacte)
        return self.render_to_response(self.get_context_data(texte=texte, visibles=visibles))

    def get_context_data(self, texte="", visibles=None, **kwargs):
        dossiers, documents, proces_verbaux = [], [], []
        if texte:
            dossiers = list(visibles.chercher(texte).completes()[: self.LIMITE])
            documents = list(
                Parchemin.objects.filter(numero__iexact=texte)
                .visibles_par(self.request.user)
                .select_related(
                    "version", "delivrance__candidature", "delivrance__defaite_pour", "delivrancedebloc__candidature"
                )
            )
            numerotes = ProcesVerbal.objects.filter(numero__iexact=texte).visibles_par(self.request.user)
            proces_verbaux = list(numerotes.select_related("session"))
        return super().get_context_data(
            texte=texte,
            dossiers=dossiers,
            documents=documents,
            proces_verbaux=proces_verbaux,
            limite=self.LIMITE,
            **kwargs,
        )
