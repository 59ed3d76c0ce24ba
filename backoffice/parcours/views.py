"""Reading the rules: which are in force, what they say, what the control finds, what changes."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from registre.models import Certification
from registre.textes import plier
from registre.transitions import verbes_de

from .comparaison import differences
from .constats import Gravite
from .controle import controler
from .lecture import lecture
from .models import LECTEURS, Parcours
from .releve import relever
from .sections import PAR_CLE, SECTIONS
from .simulation import GENRES, comptes, simuler
from .versions import brouillon_de

GESTION = ("gestionnaire", "certificateur", "auditeur")
REDACTEURS = ("gestionnaire", "certificateur")


class Liste(Ecran, ListView):
    """The certifications of one's scope with the rules in force, the draft, the versions before, the open dossiers."""

    roles = (*GESTION, *LECTEURS)
    template_name = "parcours/liste.html"
    paginate_by = 25

    def get_queryset(self):
        lisibles = Parcours.objects.all().visibles_par(self.request.user)
        gerees = Certification.objects.all().visibles_par(self.request.user)
        siennes = Certification.objects.filter(
            Q(pk__in=gerees.values("pk")) | Q(pk__in=lisibles.values("certification"))
        )
        for mot in plier(self.request.GET.get("q", "")[:100]).split():
            nommees = Certification.objects.filter(versions__intitule_plie__contains=mot)
            siennes = siennes.filter(pk__in=nommees.values("pk"))
        return siennes.select_related("porteur")

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        lignes = par_certification(list(contexte["object_list"]), self.request.user)
        peut_rediger = self.request.user.a_role(*REDACTEURS)
        return contexte | {"lignes": lignes, "peut_rediger": peut_rediger, "q": self.request.GET.get("q", "")[:100]}


def dossiers_ouverts(utilisateur):
    """The open dossiers that this person sees. The room of the dossiers stands above: read through the relation."""
    return Parcours._meta.get_field("candidatures").related_model.objects.ouvertes().visibles_par(utilisateur)


def par_certification(certifications: list, utilisateur) -> list[dict]:
    """Per certification and porteur: version in force, draft, older versions, number of open dossiers of each."""
    lus = Parcours.objects.visibles_par(utilisateur).filter(certification__in=certifications)
    lus = list(lus.select_related("certification", "porteur").order_by("certification", "porteur", "-numero"))
    comptes = dossiers_ouverts(utilisateur).filter(parcours__in=lus).order_by()
    comptes = dict(comptes.values_list("parcours").annotate(Count("pk")))
    lignes = []
    for certification in certifications:
        siens = [p for p in lus if p.certification_id == certification.pk]
        for porteur in dict.fromkeys(p.porteur for p in siens) or {None: None}:
            versions = [p for p in siens if p.porteur == porteur]
            lignes.append(
                {
                    "certification": certification,
                    "porteur": porteur,
                    "en_vigueur": next((p for p in versions if p.etat == Parcours.Etat.PUBLIE), None),
                    "brouillon": next((p for p in versions if p.etat == Parcours.Etat.BROUILLON), None),
                    "anciennes": [p for p in versions if p.retire_le],
                    "dossiers": sum(comptes.get(p.pk, 0) for p in versions),
                }
            )
    return lignes


class EcranDeVersion(Ecran, TemplateView):
    """Base of the pages of one version: the title, the rubrics, what this person may do."""

    roles = GESTION
    model = Parcours
    rubrique = ""

    @cached_property
    def objet(self) -> Parcours:
        lues = self.get_queryset().select_related("certification", "porteur", "redige_par")
        objet = get_object_or_404(lues, pk=self.kwargs["pk"])
        if not objet.roles_de(self.request.user) & set(self.roles):
            raise PermissionDenied("Cette page ne fait pas partie de ce que votre rôle permet.")
        return objet

    @cached_property
    def releve(self):
        return relever(self.objet)

    def get_context_data(self, **kwargs):
        roles = self.objet.roles_de(self.request.user)
        redige = bool(roles & set(REDACTEURS))
        return super().get_context_data(
            objet=self.objet,
            actes=actes_possibles(self.objet, self.request.user, verbes_de(self.objet)),
            onglets=self._onglets() if roles & set(GESTION) else [],
            modifiable=redige and self.objet.etat == Parcours.Etat.BROUILLON,
            premiere=SECTIONS[0].cle,
            renouvelable=redige and not brouillon_de(self.objet.certification, self.objet.porteur),
            **kwargs,
        )

    def _onglets(self) -> list[dict]:
        rubriques = [("version", "Les règles"), ("controle", "Contrôle"), ("comparer", "Ce qui change")]
        if self.objet.etat in (Parcours.Etat.BROUILLON, Parcours.Etat.PUBLIE):
            rubriques.append(("simulation", "Dossiers touchés"))
        return [
            {"libelle": mots, "url": reverse(f"parcours:{nom}", args=[self.objet.pk]), "actif": nom == self.rubrique}
            for nom, mots in rubriques
        ]


class Version(EcranDeVersion):
    """The rules in plain French, step by step."""

    roles = (*GESTION, *LECTEURS)
    template_name = "parcours/version.html"
    rubrique = "version"

    def get_context_data(self, **kwargs):
        soeurs = self.get_queryset().filter(certification=self.objet.certification, porteur=self.objet.porteur)
        return super().get_context_data(etapes=lecture(self.releve), historique=soeurs.order_by("-numero"), **kwargs)


def constats_lies(objet: Parcours, constats) -> list[dict]:
    """The findings with the place where each is corrected."""
    return [
        {
            "constat": c,
            "grave": c.gravite == Gravite.REFUS,
            "section": PAR_CLE.get(c.section),
            "url": f"{reverse('parcours:modifier', args=[objet.pk, c.section])}{_ancre(c)}" if c.section else "",
        }
        for c in constats
    ]


def _ancre(constat) -> str:
    champ = constat.champ if constat.champ in PAR_CLE[constat.section].champs else ""
    return f"#id_{champ}" if champ else ""


class Controle(EcranDeVersion):
    """What the control refuses, what it warns of, and where to correct it."""

    template_name = "parcours/controle.html"
    rubrique = "controle"

    def get_context_data(self, **kwargs):
        constats = constats_lies(self.objet, controler(self.releve))
        return super().get_context_data(
            refus=[c for c in constats if c["grave"]], avertissements=[c for c in constats if not c["grave"]], **kwargs
        )


class Comparaison(EcranDeVersion):
    """What changes from another version: the one in force, the one before, or the one asked for."""

    template_name = "parcours/comparer.html"
    rubrique = "comparer"

    def get_context_data(self, **kwargs):
        siennes = self.get_queryset().filter(certification=self.objet.certification).exclude(pk=self.objet.pk)
        autres = list(siennes.select_related("certification", "porteur"))
        demandee = self.request.GET.get("avec", "")
        if demandee:
            ancienne = get_object_or_404(siennes, pk=int(demandee) if demandee.isdecimal() else 0)
        else:
            ancienne = self._par_defaut(autres)
        changements = differences(relever(ancienne), self.releve) if ancienne else []
        return super().get_context_data(autres=autres, ancienne=ancienne, differences=changements, **kwargs)

    def _par_defaut(self, autres: list[Parcours]) -> Parcours | None:
        siennes = [p for p in autres if p.porteur_id == self.objet.porteur_id and p.publie_le]
        precedentes = [p for p in siennes if p.numero < self.objet.numero]
        return max(precedentes or siennes or autres, key=lambda p: p.numero, default=None)


class Simulation(EcranDeVersion):
    """The open dossiers that this version would touch, and how, although they keep their own."""

    template_name = "parcours/simulation.html"
    rubrique = "simulation"

    def get_context_data(self, **kwargs):
        touches = simuler(self.objet, self.request.user)
        genre = self.request.GET.get("genre", "")
        retenues = [t for t in touches if any(e.genre == genre for e in t.effets)] if genre in GENRES else touches
        page = Paginator(retenues, 25).get_page(self.request.GET.get("page"))
        chiffres = [
            {"valeur": c["compte"], "libelle": c["libelle"], "precision": "", "url": f"?genre={c['genre']}"}
            for c in comptes(touches)
            if c["compte"]
        ]
        return super().get_context_data(
            chiffres=chiffres, genre=GENRES.get(genre, ""), page_obj=page, total=len(touches), **kwargs
        )
