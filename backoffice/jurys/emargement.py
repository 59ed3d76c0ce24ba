"""The attendance sheet to print and sign by hand: who is expected, for whom they sit, who holds their proxy."""

from django.template.loader import render_to_string
from django.utils import timezone

from registre.documents import phrases

from .models import MembreJury, Procuration, SessionJury


def lignes_par_college(session: SessionJury) -> list[dict]:
    """Per collège, titulaires then suppléants, each with what is known before the session."""
    membres = session.membres.select_related("utilisateur", "remplace__utilisateur").order_by(
        "college", "suppleant", "pk"
    )
    procurations = Procuration.objects.filter(mandant__session=session, retiree_le=None)
    mandataires = {
        p.mandant_id: p.mandataire.utilisateur for p in procurations.select_related("mandataire__utilisateur")
    }
    lignes = [{"membre": m, "place": _place(m), "mandataire": mandataires.get(m.pk)} for m in membres]
    return [
        {"libelle": libelle, "lignes": [ligne for ligne in lignes if ligne["membre"].college == college]}
        for college, libelle in MembreJury.College.choices
    ]


def _place(membre: MembreJury) -> str:
    if membre.suppleant:
        return f"suppléant de {membre.remplace.utilisateur}" if membre.remplace else "suppléant"
    return "titulaire" if membre.fonction == MembreJury.Fonction.MEMBRE else membre.get_fonction_display()


def feuille_emargement(session: SessionJury) -> bytes:
    """Return the PDF: the same composition gives the same sheet all day long."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    jour = timezone.localdate(session.debut)
    page = render_to_string(
        "documents/emargement.html",
        {
            "fige_le": f"{timezone.localdate()}T12:00:00Z",
            "session": session,
            "certifications": [phrases.typographie(str(c)) for c in session.certifications.all()],
            "colleges": lignes_par_college(session),
        },
    )
    return rendu.produire(page, "guide.css", {}, f"emargement {session.pk} {jour}", pages_maximum=None)
