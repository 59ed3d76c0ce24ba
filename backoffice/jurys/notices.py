"""The individual notice of a result: what was decided, what is kept and until when, what may be done next."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.models import Candidature, Etat
from backoffice.parcours.validite import fin_de_validite
from registre.documents import phrases

from .models import Inscription, SessionJury
from .recours import limite_de_recours

RIEN = "–"
LECTEURS = ("candidat", "employeur", "gestionnaire", "certificateur", "auditeur")
VERDICTS = {
    "validee": ("Certification obtenue", "Le jury a validé tous les blocs de la certification."),
    "partielle": ("Résultat partiel", "Le jury a validé une partie des blocs de la certification."),
    "non_validee": ("Certification non obtenue", "Le jury n’a pas accordé la certification."),
    "ajournee": (
        "Dossier ajourné",
        "Le jury n’a pas rendu de décision\u00a0: une prochaine session examinera ce dossier.",
    ),
}


def notices_lisibles(utilisateur):
    """The results told to this person: sealed, final, on the dossiers they follow in one of the roles concerned."""
    inscriptions = Inscription.objects.filter(
        session__etat=SessionJury.Etat.SCELLEE,
        retiree_le=None,
        notifiee_le__isnull=False,
        candidature__in=Candidature.objects.all().visibles_par(utilisateur),
    )
    return inscriptions.exclude(issue="").select_related("session__certificateur", "candidature__parcours")


def verdict(inscription: Inscription) -> str:
    """What the minutes decided, whatever became of the dossier since; before they are written, what it is."""
    pv = inscription.session.pv
    dossiers = {d["reference"]: d for d in pv.contenu["dossiers"]} if pv else {}
    dit = dossiers.get(inscription.candidature.reference, {}).get("resultat")
    if dit:
        return dit
    return inscription.candidature.etat if inscription.issue == Inscription.Issue.DECIDEE else "ajournee"


def conserves(inscription: Inscription) -> list[dict]:
    """The blocs of this result, decided and credited: acquired or not, and until when they are kept."""
    candidature, jour = inscription.candidature, inscription.session.tenue_le
    mois = candidature.parcours.validite_blocs_mois
    partiel = verdict(inscription) != Etat.VALIDEE
    # Where the parcours says all or nothing, what was acquired is not kept without the rest.
    conserve = candidature.parcours.validation_partielle or not partiel
    fin = fin_de_validite(jour, mois) if mois and partiel else None
    limite = f"jusqu’au {date_format(fin, 'j F Y')}" if fin else "sans limite de durée"
    decides = inscription.decisions.select_related("bloc").order_by("bloc__ordre", "bloc__code")
    blocs = [
        {
            "code": d.bloc.code,
            "libelle": phrases.typographie(d.bloc.libelle),
            "acquis": d.acquis,
            "resultat": "Acquis" if d.acquis else "Non acquis",
            "validite": limite.capitalize() if d.acquis and conserve else RIEN,
        }
        for d in decides
    ]
    return blocs + [
        {
            "code": c.bloc.code,
            "libelle": phrases.typographie(c.bloc.libelle),
            "acquis": True,
            "resultat": "Déjà acquis",
            "validite": str(c.validite).capitalize(),
        }
        for c in candidature.blocs_repris()
        if c.est_valide(jour)
    ]


def _suites(dit: str, blocs: list[dict]) -> list[str]:
    manquants = ", ".join(b["code"] for b in blocs if not b["acquis"])
    if dit == Etat.VALIDEE:
        return ["Le parchemin est établi et signé, puis remis. Vous le retrouvez dans votre espace candidat."]
    if dit == Etat.PARTIELLE:
        phrases_ = ["Une attestation de réussite partielle vous est remise."]
        if manquants:
            phrases_.append(
                f"Il vous manque {manquants}\u00a0: une nouvelle candidature peut porter sur ces seuls blocs."
            )
        return phrases_
    if dit == Etat.NON_VALIDEE:
        return ["Vous pouvez vous présenter de nouveau\u00a0: votre employeur ou votre centre ouvre une candidature."]
    return ["Le dossier reprend sa place dans l’attente d’une session. Vous êtes prévenu de la prochaine date."]


def _contact(candidature) -> str:
    porteur = candidature.porteur
    moyens = [m for m in (porteur.courriel, porteur.telephone) if m]
    return ", ".join([porteur.raison_sociale, *moyens])


def blocs_gardes(inscription: Inscription) -> str:
    """What the mails say is kept: nothing where everything was obtained, or nothing was decided."""
    if verdict(inscription) not in (Etat.PARTIELLE, Etat.NON_VALIDEE):
        return ""
    gardes = [b for b in conserves(inscription) if b["acquis"] and b["validite"] != RIEN]
    lignes = (f"- {b['code']} {b['libelle']}\u00a0: {b['validite'][:1].lower()}{b['validite'][1:]}" for b in gardes)
    return "\n".join(["Blocs conservés\u00a0:", *lignes]) if gardes else ""


def voie_de_recours(inscription: Inscription) -> str:
    """What the mails say of appeals: until when and how, where something was refused."""
    if verdict(inscription) not in (Etat.PARTIELLE, Etat.NON_VALIDEE):
        return ""
    return (
        f"Recours\u00a0: jusqu’au {date_format(limite_de_recours(inscription), 'j F Y')}, depuis l’espace du candidat "
        f"(page du dossier, «\u202fDéposer un recours\u202f») ou par courrier à {_contact(inscription.candidature)}."
    )


def contexte_de_la_notice(inscription: Inscription) -> dict:
    """What the notice says."""
    candidature, session, dit = inscription.candidature, inscription.session, verdict(inscription)
    blocs, (mot, explication) = conserves(inscription), VERDICTS.get(dit, VERDICTS["ajournee"])
    return {
        "fige_le": timezone.localtime(inscription.notifiee_le).isoformat(timespec="seconds"),
        "reference": candidature.reference,
        "certificateur": session.certificateur.raison_sociale,
        "pv": session.pv.numero,
        "candidat": candidature.titulaire.nom_complet,
        "certification": phrases.typographie(candidature.version.intitule),
        "option": candidature.option.libelle if candidature.option else "",
        "instance": session.get_instance_display(),
        "jour": session.tenue_le,
        "notifiee_le": timezone.localdate(inscription.notifiee_le),
        "verdict": mot,
        "explication": explication,
        "motif": inscription.motif,
        "blocs": blocs,
        "recommandations": inscription.recommandations,
        "suites": _suites(dit, blocs),
        "recours_jusqu_au": limite_de_recours(inscription) if dit != "ajournee" else None,
        "contact": _contact(candidature),
    }


def dessiner_notice(inscription: Inscription) -> bytes:
    """The PDF: the same result gives the same bytes."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    page = render_to_string("documents/notice.html", contexte_de_la_notice(inscription))
    return rendu.produire(page, "jury.css", {}, f"notice {inscription.pk}", pages_maximum=None)
