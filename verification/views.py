"""The public check: no account, no cookie, no script needed, nothing kept of what was looked for."""

from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import localize
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from registre import cles, comptages, jetons
from registre.comptages import Voie

from . import depot, limites, verdicts
from .constat import Constat, Statut, a_montrer, blocs_acquis, concorde, constater, inscription_au_journal, lire_jeton
from .forms import FichierForm, VerificationForm
from .reponses import Valeur, fichier_public, rendre_page, sans_trace, trop


@require_safe
@sans_trace
def parchemin(request, jeton):
    """Answer for a QR code: signature first, register only if it is good, names only if both agree."""
    lecture = lire_jeton(jeton.upper() if jeton.isascii() else jeton)
    if isinstance(lecture, jetons.Jeton):
        if limites.depassee(request, "jeton"):
            return trop(request)
        lecture = constater(lecture)
        _compter(request, lecture, Voie.CODE)
    return rendre_page("verification/parchemin.html", _contexte(lecture))


# Exempt: the form changes nothing, and the token against forgery would need a cookie on a page that sets none. It is
# a POST all the same, since a name in an address would stay in histories and logs.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sans_trace
def verifier(request):
    """Answer for a number and a birth name: they agree, or they do not, and no reason why."""
    formulaire = VerificationForm(request.POST if request.method == "POST" else None)
    resultat = trouve = None
    if formulaire.is_bound:
        if limites.depassee(request, "saisie"):
            return trop(request)
        if formulaire.is_valid():
            trouve = concorde(**formulaire.cleaned_data)
            resultat = trouve is not None
            if resultat:
                comptages.noter_verification(trouve.pk, Voie.SAISIE)
            # What was typed is not sent back: every negative answer has the same length.
            formulaire = VerificationForm()
    repris = verdicts.texte_repris(trouve) if trouve and trouve.repris else None
    contexte = {"form": formulaire, "fichier": FichierForm(), "resultat": resultat, "repris": repris}
    return render(request, "verification/verifier.html", contexte)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sans_trace
def fichier(request):
    """Answer for a file dropped on the page: hashed, searched for a token, forgotten."""
    if request.method != "POST":
        return redirect("verification:verifier")
    if limites.depassee(request, "saisie"):
        return trop(request)
    formulaire = FichierForm(request.POST, request.FILES)
    if not formulaire.is_valid():
        contexte = {"form": VerificationForm(), "fichier": formulaire, "resultat": None}
        return render(request, "verification/verifier.html", contexte, status=422)
    examen = depot.examiner(formulaire.cleaned_data["fichier"].read())
    constat = examen.constat or Constat(Statut.ALTERE)
    _compter(request, constat, Voie.FICHIER)
    contexte = _contexte(constat)
    contexte["verdict"] = verdicts.texte_du_fichier(examen)
    contexte["controles"] = verdicts.controles_du_fichier(examen, contexte["domaine"])
    return render(request, "verification/parchemin.html", contexte)


@require_safe
def cles_publiques(request):
    """Publish every key, active and retired, so that anyone checks signatures without us."""
    return fichier_public({"keys": [cle.jwk() for cle in cles.publiques().values()]})


def _compter(request, constat: Constat, voie: Voie) -> None:
    """One more check of the document that was found; what found none is counted nowhere."""
    if constat.parchemin is not None and request.method != "HEAD":
        comptages.noter_verification(constat.parchemin.pk, voie)


def _contexte(constat: Constat) -> dict:
    """What the page says; the texts that change with the document are marked, see `reponses.rendre_page`."""
    domaine = urlsplit(settings.ADRESSE_PUBLIQUE).netloc
    document = constat.parchemin
    journal = inscription_au_journal(document) if document else None
    return {
        "verdict": verdicts.texte(constat),
        "controles": [c | {"phrase": Valeur(c["phrase"])} for c in verdicts.controles(constat, domaine)],
        "faits": [fait | {"valeur": Valeur(fait["valeur"])} for fait in a_montrer(document)] if document else [],
        "blocs": [
            bloc | {"code": Valeur(bloc["code"]), "libelle": Valeur(bloc["libelle"])} for bloc in blocs_acquis(document)
        ]
        if document
        else [],
        "journal": journal and journal | {"rang": Valeur(localize(journal["rang"]))},
        "jeton": Valeur(constat.jeton.texte) if document else "",
        "certifie": constat.statut in (Statut.VALIDE, Statut.EXPIRE),
        "controle_le": Valeur(verdicts.moment(timezone.now())),
        "domaine": domaine,
    }
