"""The acknowledgement of an appeal, to print or to post: what was received, when, by when the answer comes."""

from django.template.loader import render_to_string
from django.utils import timezone

from registre.documents import phrases

from .models import Recours


def composer(recours: Recours) -> bytes:
    """Return the PDF: read from what does not change any more, it is the same whenever it is made."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    candidature, session = recours.candidature, recours.inscription.session
    page = render_to_string(
        "documents/accuse_recours.html",
        {
            "fige_le": timezone.localtime(recours.accuse_le).isoformat(timespec="seconds"),
            "recours": recours,
            "depose_le": timezone.localdate(recours.depose_le),
            "accuse_le": timezone.localdate(recours.accuse_le),
            "reference": candidature.reference,
            "intitule": phrases.typographie(candidature.version.intitule),
            "candidat": candidature.titulaire.nom_complet,
            "porteur": candidature.porteur.raison_sociale,
            "certificateurs": [o.raison_sociale for o in candidature.version.certificateurs],
            "session": session,
        },
    )
    return rendu.produire(page, "guide.css", {}, f"accusé de recours {recours.pk}")
