"""The page behind the link: the holder proves who they are, reads what is declared about them, confirms or corrects."""

import time

from allauth.core.internal import ratelimit
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from registre import journal
from registre.models import Titulaire
from registre.transitions import Refus, executer

from .forms import CorrectionForm, ReconnaissanceForm
from .models import VerificationEtatCivil
from .verifications import Invite, date_entiere, empreinte, reconnaitre
from .workflow import CORRECTION, VERIFICATION

# Per address of origin, beside the few tries of each link: somebody types wrong, nobody guesses.
TOLERANCE = {"etat_civil": "30/h/ip"}
CLE_DE_SESSION = "etat_civil_reconnu"
# Long enough to look for a birth certificate, short enough for a shared computer.
RECONNU = 30 * 60
NON_RECONNU = "Cette réponse ne correspond pas à ce que le registre connaît."
DEJA = "Votre demande de correction est déjà enregistrée."


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class VerifierMonEtatCivil(View):
    """A GET shows, only a POST acts: scanners of mails consume nothing. Nothing personal before the proof."""

    def get(self, request, jeton):
        verification = self._verification(jeton)
        if verification is None or verification.raison_de_fermeture():
            return self._close(verification)
        if not self._reconnu(verification):
            return self._seuil(verification)
        return self._etat_civil(verification, self._formulaire(verification))

    def post(self, request, jeton):
        verification = self._verification(jeton)
        if verification is None or verification.raison_de_fermeture():
            return self._close(verification)
        if "reconnaissance" in request.POST:
            return self._reconnaitre(verification)
        if not self._reconnu(verification):
            return self._seuil(verification, statut=403)
        try:
            return self._confirmer(verification) if "confirmer" in request.POST else self._corriger(verification)
        except Refus as refus:
            return self._etat_civil(
                verification, self._formulaire(verification), phrases=refus.phrases, statut=refus.statut
            )

    @staticmethod
    def _verification(jeton) -> VerificationEtatCivil | None:
        lues = VerificationEtatCivil.objects.select_related("titulaire", "envoyee_par")
        return lues.filter(empreinte_jeton=empreinte(jeton)).first()

    # The proof: kept in the session for this very token, for half an hour.

    def _reconnu(self, verification) -> bool:
        jeton, instant = self.request.session.get(CLE_DE_SESSION, ("", 0))
        return jeton == verification.empreinte_jeton and 0 <= time.time() - instant < RECONNU

    def _reconnaitre(self, verification):
        if not ratelimit.consume(self.request, app="backoffice.espace", action="etat_civil", config=TOLERANCE):
            return ratelimit.respond_429(self.request)
        form = ReconnaissanceForm(self.request.POST, par_la_date=date_entiere(verification.titulaire))
        if not form.is_valid():
            return self._seuil(verification, form, statut=422)
        saisie = form.cleaned_data
        reconnu, reste = reconnaitre(verification, saisie.get("naissance"), saisie["numero"])
        if not reconnu:
            verification.refresh_from_db()
            if verification.raison_de_fermeture() or not reste:
                return self._close(verification)
            form.add_error(None, f"{NON_RECONNU} Essais restants\u00a0: {reste}.")
            return self._seuil(verification, form, statut=422)
        self.request.session[CLE_DE_SESSION] = (verification.empreinte_jeton, time.time())
        journal.consigner(Invite(verification), "titulaire", "ouvrir_verification", verification)
        return redirect(self.request.path)

    # What the holder answers.

    def _formulaire(self, verification, *donnees) -> CorrectionForm:
        # The form writes on a copy: what is stored changes once somebody has compared.
        copie = Titulaire.objects.get(pk=verification.titulaire_id)
        return CorrectionForm(*donnees, instance=copie, preuve_demandee=verification.preuve_demandee)

    def _confirmer(self, verification):
        executer(VERIFICATION, "confirmer_etat_civil", verification, Invite(verification))
        return self._fini(verification)

    def _corriger(self, verification):
        form = self._formulaire(verification, self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._etat_civil(verification, form, statut=422)
        demande = form.demande(verification.titulaire)
        try:
            with transaction.atomic():
                executer(CORRECTION, "deposer_correction", demande, Invite(verification))
        except IntegrityError:
            raise Refus(DEJA) from None
        except Refus as refus:
            return self._etat_civil(verification, form, phrases=refus.phrases, statut=refus.statut)
        return self._fini(verification)

    def _fini(self, verification):
        self.request.session.pop(CLE_DE_SESSION, None)
        return redirect(self.request.path)

    # The pages.

    def _seuil(self, verification, form=None, statut=200):
        form = form or ReconnaissanceForm(par_la_date=date_entiere(verification.titulaire))
        return self._repondre("espace/lien_seuil.html", {"form": form}, statut)

    def _etat_civil(self, verification, form, phrases=(), statut=200):
        contexte = {
            "verification": verification,
            "titulaire": Titulaire.objects.get(pk=verification.titulaire_id),
            "form": form,
            "phrases": phrases,
        }
        return self._repondre("espace/lien_etat_civil.html", contexte, statut)

    def _close(self, verification):
        raison = verification.raison_de_fermeture() if verification else ""
        faite = raison in (VerificationEtatCivil.Etat.REPONDUE, VerificationEtatCivil.Etat.CONFIRMEE)
        statut = 200 if faite else 410 if verification else 404
        return self._repondre("espace/lien_clos.html", {"raison": raison, "verification": verification}, statut)

    def _repondre(self, gabarit, contexte, statut):
        reponse = render(self.request, gabarit, contexte, status=statut)
        # The address of this page is a secret. Not « no-referrer »: browsers then send « Origin: null » with the form,
        # and the CSRF check refuses the answer.
        reponse.headers["Referrer-Policy"] = "same-origin"
        reponse.headers["X-Robots-Tag"] = "noindex"
        return reponse
