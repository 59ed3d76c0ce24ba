"""The guided entry: one page per step, everything kept at each page, a review before the deposit."""

import hashlib
import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from backoffice.acces import Ecran
from backoffice.actes import adresse
from registre import journal
from registre.models import Titulaire
from registre.transitions import VERBES, Refus, executer, verifier_tour

from . import workflow
from .admission import versions_offertes
from .manques import ETAPES_DE_SAISIE, FORMATION, OBJECTIF, PERSONNE, PIECES, RELECTURE, Manque, manques_au_depot
from .models import Candidature
from .presentation import Lecture
from .saisie_forms import FormationForm, ObjectifForm, PersonneForm, PiecesForm, relire

FORMULAIRES = {OBJECTIF: ObjectifForm, PERSONNE: PersonneForm, FORMATION: FormationForm}
ORDRE = list(ETAPES_DE_SAISIE)
GARDE = "Ce que vous saisissez s’y garde à chaque étape."


def phrases_de_contrainte(erreur: IntegrityError) -> list[str]:
    """What to tell a person when the database itself refused: the sentence of the named constraint."""
    for modele in (Candidature, Titulaire):
        for contrainte in modele._meta.constraints:
            colonnes = ", ".join(
                f"{modele._meta.db_table}.{modele._meta.get_field(c).column}" for c in getattr(contrainte, "fields", ())
            )
            # SQLite names the columns of a unique constraint, PostgreSQL its name.
            if contrainte.name in str(erreur) or (colonnes and str(erreur).endswith(f": {colonnes}")):
                return [str(contrainte.violation_error_message)]
    return ["Ces informations contredisent un dossier déjà enregistré\u00a0: vérifiez-les, rien n’a été modifié."]


def adresse_de_l_etape(candidature: Candidature, etape: str) -> str:
    return reverse("candidatures:saisie", args=[candidature.pk, etape])


def cle_de_l_envoi(envoi) -> str:
    """Key of these very answers: sent twice they are one act, corrected after a « back » they are another."""
    if not envoi.get("cle"):
        return ""
    paires = sorted((nom, valeur) for nom in envoi for valeur in envoi.getlist(nom) if nom != "csrfmiddlewaretoken")
    return hashlib.sha256(repr(paires).encode()).hexdigest()


@dataclass
class Avancement:
    """Where the entry of one dossier stands: its steps, and what is missing in each."""

    candidature: Candidature

    @cached_property
    def manques(self) -> list[Manque]:
        return list(manques_au_depot(self.candidature))

    @property
    def lignes(self) -> list[dict]:
        """« Ce qui manque », each line leading to its field."""
        return [{"libelle": m.phrase, "url": m.url(self.candidature)} for m in self.manques]

    def onglets(self, courante: str) -> list[dict]:
        """The steps as links, each with the number of things it lacks."""
        return [
            {
                "libelle": f"{rang}. {titre}",
                "url": adresse_de_l_etape(self.candidature, etape),
                "actif": etape == courante,
                "compte": self._compte(etape),
            }
            for rang, (etape, titre) in enumerate(ETAPES_DE_SAISIE.items(), 1)
        ]

    def _compte(self, etape: str) -> str | None:
        nombre = sum(m.etape == etape for m in self.manques)
        return f"{nombre} à compléter" if nombre else None

    @property
    def etape_a_reprendre(self) -> str:
        """The first step where something is missing, the review when nothing is."""
        return next((etape for etape in ORDRE if any(m.etape == etape for m in self.manques)), RELECTURE)


class Nouvelle(Ecran, View):
    """Open a dossier: the CQP first, then what depends on it; the draft exists from there on."""

    roles = workflow.REDACTEURS
    model = Candidature

    def get(self, request):
        version = self._version(request.GET.get("version", ""))
        if version is None:
            return self._choisir()
        return self._page(ObjectifForm(acteur=request.user, instance=Candidature(version=version)))

    def _version(self, choix: str):
        offertes = versions_offertes(self.request.user)
        if not choix:
            deux = list(offertes[:2])
            return deux[0] if len(deux) == 1 else None
        return offertes.filter(pk=choix).first() if choix.isascii() and choix.isdigit() and len(choix) < 12 else None

    def _choisir(self, statut=200, phrase=""):
        contexte = {"versions": versions_offertes(self.request.user), "phrase": phrase}
        return render(self.request, "candidatures/saisie/cqp.html", contexte, status=statut)

    def _page(self, form, cle="", phrases=(), statut=200):
        cle = cle or secrets.token_hex(16)
        contexte = {"form": form, "version": form.instance.version, "cle": cle, "phrases": phrases}
        return render(self.request, "candidatures/saisie/ouverture.html", contexte, status=statut)

    def post(self, request):
        version, cle = self._version(request.POST.get("version", "")), request.POST.get("cle", "")[:64]
        if jumelle := journal.deja_cree(cle, "ouvrir", Candidature()):
            return redirect(adresse_de_l_etape(jumelle, PERSONNE))
        if version is None:
            return self._choisir(422, "Choisissez un CQP de la liste.")
        form = ObjectifForm(request.POST, acteur=request.user, instance=Candidature(version=version))
        if not form.is_valid():
            return self._page(form, cle, statut=422)
        try:
            candidature = workflow.ouvrir(request.user, Titulaire(), form.instance, cle)
        except Refus as refus:
            return self._page(form, phrases=refus.phrases, statut=refus.statut)
        except IntegrityError as erreur:
            return self._page(form, phrases=phrases_de_contrainte(erreur), statut=409)
        messages.success(request, f"Le brouillon {candidature.reference} est ouvert. {GARDE}")
        return redirect(adresse_de_l_etape(candidature, PERSONNE))


class _DossierASaisir(Ecran, View):
    """A dossier this person may still write; the page that says why, otherwise."""

    roles = workflow.REDACTEURS
    model = Candidature

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.a_role(*self.roles):
            candidatures = self.get_queryset().completes().prefetch_related("pieces")
            self.candidature = get_object_or_404(candidatures, pk=kwargs["pk"])
            cle = cle_de_l_envoi(request.POST)
            if not (cle and journal.deja_fait(cle, "modifier", self.candidature)) and (refus := self._refus()):
                return refus
        return super().dispatch(request, *args, **kwargs)

    def _refus(self):
        acte = VERBES[workflow.MODELE, "modifier"]
        try:
            verifier_tour(acte, self.candidature, self.request.user)
        except Refus as refus:
            contexte = {"acte": acte, "objet": self.candidature, "phrases": refus.phrases}
            reponse = render(self.request, "gestion/refus.html", contexte, status=refus.statut)
            reponse.headers["Cache-Control"] = "no-store, private"
            return reponse
        return None


class Modifier(_DossierASaisir):
    """Take the entry up where it was left."""

    def get(self, request, pk):
        return redirect(adresse_de_l_etape(self.candidature, Avancement(self.candidature).etape_a_reprendre))


class Etape(_DossierASaisir):
    """One step of the entry: shown as it was left, stored whatever it holds."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.etape = kwargs["etape"]
        if self.etape not in ETAPES_DE_SAISIE:
            raise Http404

    def _options(self) -> dict:
        if self.etape == PERSONNE:
            return {"instance": self.candidature.titulaire}
        return {"instance": self.candidature, "acteur": self.request.user}

    def get(self, request, pk, etape):
        if etape == RELECTURE:
            return self._page(None)
        if etape == PIECES:
            return self._page(PiecesForm(candidature=self.candidature))
        defauts = self.candidature.saisie.get(etape, {})
        return self._page(relire(FORMULAIRES[etape], defauts, "manques" in request.GET, **self._options()))

    def _page(self, form, cle="", phrases=(), statut=200):
        candidature, rang = self.candidature, ORDRE.index(self.etape)
        if statut != 200:
            # What is shown beside the form is what is stored, not what the form has just been given.
            candidature = self.get_queryset().completes().prefetch_related("pieces").get(pk=candidature.pk)
        avancement = Avancement(candidature)
        contexte = {
            "form": form,
            "objet": candidature,
            "titulaire": candidature.titulaire,
            "etape": self.etape,
            "titre": ETAPES_DE_SAISIE[self.etape],
            "rang": rang + 1,
            "total": len(ORDRE),
            "onglets": avancement.onglets(self.etape),
            "manques": avancement.lignes,
            "precedente": adresse_de_l_etape(candidature, ORDRE[rang - 1]) if rang else "",
            "suivante": adresse_de_l_etape(candidature, ORDRE[rang + 1]) if rang + 1 < len(ORDRE) else "",
            "cle": cle or secrets.token_hex(16),
            "phrases": phrases,
            "partie": f"candidatures/saisie/{self.etape}.html",
            "dossier": Lecture(candidature, self.request.user),
            "url_depot": adresse(candidature, VERBES[workflow.MODELE, "deposer"]),
        }
        return render(self.request, "candidatures/saisie/etape.html", contexte, status=statut)

    def post(self, request, pk, etape):
        if etape == RELECTURE:
            return redirect(adresse_de_l_etape(self.candidature, RELECTURE))
        cle = cle_de_l_envoi(request.POST)
        if etape == PIECES:
            return self._joindre(request.POST.get("cle", "")[:40])
        if journal.deja_fait(cle, "modifier", self.candidature):
            return self._suite()
        return self._enregistrer(cle)

    def _enregistrer(self, cle):
        form = FORMULAIRES[self.etape](self.request.POST, **self._options())
        complet = form.is_valid()
        mal_ecrits = form.mal_ecrits
        if not complet:
            form.vider_les_fautifs()
        donnees = {
            "titulaire": self.candidature.titulaire,
            "candidature": self.candidature,
            "defauts": {self.etape: mal_ecrits},
        }
        try:
            executer(workflow.MODELE, "modifier", self.candidature, self.request.user, donnees, cle)
        except Refus as refus:
            return self._page(form, phrases=refus.phrases, statut=refus.statut)
        except IntegrityError as erreur:
            return self._page(form, phrases=phrases_de_contrainte(erreur), statut=409)
        if mal_ecrits and self.request.POST.get("suite", "continuer") == "continuer":
            form.taire_les_absences()
            return self._page(form, statut=422)
        return self._suite()

    def _joindre(self, cle):
        """Take in each good file by the verb itself; the others are told beside their field."""
        form = PiecesForm(self.request.POST, self.request.FILES, candidature=self.candidature)
        form.is_valid()
        for nom, requise in form.requises.items():
            if fichier := form.cleaned_data.get(nom):
                donnees = {"requise": requise, "fichier": fichier}
                propre = f"{cle}-{requise.pk}" if cle else ""
                executer(workflow.MODELE, "joindre_piece", self.candidature, self.request.user, donnees, propre)
        if form.errors:
            self.candidature = self.get_queryset().completes().prefetch_related("pieces").get(pk=self.candidature.pk)
            return self._page(form, statut=422)
        return self._suite()

    def _suite(self):
        """Where the button leads: the next step, the one before, or the dossier."""
        choix, rang = self.request.POST.get("suite", "continuer"), ORDRE.index(self.etape)
        if choix == "quitter":
            quoi = "brouillon" if self.candidature.etat == Candidature.Etat.BROUILLON else "dossier"
            messages.success(self.request, f"Le {quoi} est enregistré. Vous le reprendrez quand vous voudrez.")
            return redirect(self.candidature)
        voisine = ORDRE[max(0, rang - 1)] if choix == "precedente" else ORDRE[rang + 1]
        return redirect(adresse_de_l_etape(self.candidature, voisine))
