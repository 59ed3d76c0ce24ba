"""Home of every role, dashboard, journal, search."""

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from backoffice.acces import TOUS, Ecran
from backoffice.actes import adresse
from backoffice.candidatures.models import Candidature
from backoffice.jurys.models import SessionJury
from registre.models import EntreeJournal, Parchemin
from registre.transitions import VERBES

from .a_faire import attendus_d_autres, echeances, taches_de
from .figures import entonnoir

PAR_TACHE = 8


class Accueil(Ecran, TemplateView):
    """« À faire »: what waits for me, oldest first, the next action as a button; what I wait for from others."""

    roles = TOUS
    template_name = "pilotage/accueil.html"

    def get_context_data(self, **kwargs):
        utilisateur = self.request.user
        taches = []
        for tache in taches_de(utilisateur):
            if compte := tache.candidatures.count():
                dossiers = list(tache.candidatures.completes()[:PAR_TACHE])
                taches.append(
                    {
                        "verbe": tache.verbe,
                        "compte": compte,
                        "reste": compte - len(dossiers),
                        "lignes": [(d, adresse(d, tache.verbe)) for d in dossiers],
                    }
                )
        siennes = Candidature.objects.filter(titulaire__utilisateur=utilisateur).visibles_par(utilisateur)
        return super().get_context_data(
            taches=taches,
            total=sum(t["compte"] for t in taches),
            autres=attendus_d_autres(utilisateur),
            echeances=echeances(utilisateur),
            mes_candidatures=list(siennes.completes()),
            mes_documents=list(
                Parchemin.objects.filter(titulaire__utilisateur=utilisateur).select_related("version", "certificateur")
            ),
            peut_ouvrir=utilisateur.a_role("employeur", "gestionnaire"),
            est_candidat=utilisateur.a_role("candidat"),
            **kwargs,
        )


class TableauDeBord(Ecran, TemplateView):
    """One chart, its table, the lists that prove each figure."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    template_name = "pilotage/tableau.html"
    LISTE = reverse_lazy("candidatures:liste")

    def get_context_data(self, **kwargs):
        candidatures = Candidature.objects.all().visibles_par(self.request.user)
        etats = Candidature.Etat
        cartes = [{"titre": "Candidatures en cours", "compte": candidatures.ouvertes().count(), "url": self.LISTE}]
        for titre, etat in (
            ("À examiner", etats.DEPOSEE),
            ("En évaluation", etats.EN_EVALUATION),
            ("Certifications validées", etats.VALIDEE),
        ):
            compte = candidatures.filter(etat=etat).count()
            cartes.append({"titre": titre, "compte": compte, "url": f"{self.LISTE}?etat={etat}"})
        return super().get_context_data(
            cartes=cartes,
            graphique=entonnoir(candidatures),
            **kwargs,
        )


class Journal(Ecran, TemplateView):
    """The acts of the whole platform, newest first. The dossiers carry their own journal."""

    roles = ("certificateur", "auditeur")
    template_name = "pilotage/journal.html"

    def get_context_data(self, **kwargs):
        entrees = EntreeJournal.objects.select_related("acteur").order_by("-sequence")
        page = Paginator(entrees, 50).get_page(self.request.GET.get("page"))
        libelles = {(v.modele, v.nom): v.libelle for v in VERBES.values()}
        lignes = [(e, libelles.get((e.objet_type, e.verbe), e.verbe.replace("_", " "))) for e in page]
        return super().get_context_data(page=page, lignes=lignes, **kwargs)


@method_decorator(sensitive_post_parameters("q"), name="dispatch")
class Recherche(Ecran, TemplateView):
    """Find a dossier, a person, a number. By POST: a name is personal data, it must not stand in an address."""

    roles = TOUS
    template_name = "pilotage/recherche.html"
    LIMITE = 25

    def post(self, request, *args, **kwargs):
        texte = request.POST.get("q", "").strip()[:100]
        visibles = Candidature.objects.all().visibles_par(request.user)
        if exacte := visibles.filter(reference__iexact=texte).first():
            return redirect(exacte)
        return self.render_to_response(self.get_context_data(texte=texte, visibles=visibles))

    def get_context_data(self, texte="", visibles=None, **kwargs):
        dossiers, documents, sessions = [], [], []
        if texte:
            dossiers = list(visibles.chercher(texte).completes()[: self.LIMITE])
            documents = list(
                Parchemin.objects.filter(numero__iexact=texte)
                .visibles_par(self.request.user)
                .select_related("version", "delivrance__candidature")
            )
            sessions = list(SessionJury.objects.filter(pv_numero__iexact=texte).visibles_par(self.request.user))
        return super().get_context_data(
            texte=texte, dossiers=dossiers, documents=documents, sessions=sessions, limite=self.LIMITE, **kwargs
        )
