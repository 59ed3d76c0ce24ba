"""By when the results of a jury must be told: counted from its day, shorter for a VAE."""

from datetime import date, timedelta

from django.utils import timezone

from backoffice.comptes.models import Utilisateur
from backoffice.courriels import adresses, composer
from backoffice.notifications.relances import Attendu, relance
from backoffice.parcours.models import ModaliteAcces

from .models import Inscription, SessionJury
from .workflow import SESSION

TENUES = (SessionJury.Etat.OUVERTE, SessionJury.Etat.CLOSE)


def limite_de_notification(inscription: Inscription) -> date:
    """Last day to tell this result; the rule of the parcours, and of the access mode."""
    candidature = inscription.candidature
    vae = candidature.modalite_acces == ModaliteAcces.VAE
    jours = candidature.parcours.delai_notification_vae if vae else candidature.parcours.delai_notification
    return inscription.session.tenue_le + timedelta(days=jours)


def limites_de(session: SessionJury) -> list[tuple[Inscription, date]]:
    """The results of a session that are not told yet, each with its last day, the most urgent first."""
    if session.etat not in TENUES:
        return []
    dues = session.inscriptions.filter(retiree_le=None, notifiee_le=None).select_related(
        "session", "candidature__parcours"
    )
    return sorted(((i, limite_de_notification(i)) for i in dues), key=lambda due: (due[1], due[0].pk))


def notification_de(session: SessionJury) -> dict | None:
    """What the page of a session says of this delay; None when everything is told, or nothing was heard."""
    limites, jour = limites_de(session), timezone.localdate()
    if not limites:
        return None
    tardifs = [i.candidature.reference for i, limite in limites if limite < jour]
    return {"avant": limites[0][1], "restants": len(limites), "tardifs": tardifs}


@relance(
    "notification_jury",
    "Résultats du jury à notifier",
    a_qui="La présidence, la vice-présidence et les gestionnaires du porteur",
    modele=SESSION,
    avant=True,
)
def _a_notifier(pk=None):
    tenues = SessionJury.objects.filter(etat__in=TENUES)
    for session in tenues.filter(pk=pk) if pk is not None else tenues:
        if limites := limites_de(session):
            jours = limites[0][0].candidature.parcours.relance_avant_jours
            yield Attendu(session, limites[0][1], jours, lambda s=session, le=limites[0][1]: _a_ceux_qui_signent(s, le))


def _a_ceux_qui_signent(session: SessionJury, limite: date):
    meneurs = Utilisateur.objects.filter(is_active=True, sieges__session=session).exclude(sieges__fonction="membre")
    gens = set(meneurs.values_list("email", flat=True))
    for certification in session.certifications.select_related("porteur"):
        gens.update(adresses("gestionnaire", certification.porteur))
    return [composer("relance_notification_jury", a, session=session, echeance=limite) for a in sorted(gens)]
