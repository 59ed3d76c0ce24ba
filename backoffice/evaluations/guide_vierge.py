"""The guide d’évaluation des compétences (outil n° 4) to print: what the dossier says, boxes to fill in by hand."""

from django.template.loader import render_to_string
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from registre.documents import phrases

from .calcul import Regles
from .grille import ecrire_note
from .resultats import regle_en_mots


def guide_vierge(candidature: Candidature) -> bytes:
    """Return the PDF: the same dossier gives the same document all day long."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    regles, evaluation = Regles.de(candidature.parcours), candidature.evaluation
    poids = {p.competence_id: ecrire_note(p.coefficient) for p in candidature.parcours.ponderations.all()}
    page = render_to_string(
        "documents/guide.html",
        {
            "fige_le": f"{timezone.localdate()}T12:00:00Z",
            "reference": candidature.reference,
            "intitule": phrases.typographie(candidature.version.intitule),
            "numero": candidature.version.numero,
            "candidat": candidature.titulaire.nom_complet,
            "etablissement": candidature.etablissement.raison_sociale,
            "option": candidature.option,
            "en_notes": regles.en_notes,
            "note_maximale": regles.note_maximale,
            "evaluateurs": [str(e) for e in evaluation.evaluateurs],
            "metier": candidature.parcours.metier_requis,
            "regle": regle_en_mots(candidature),
            "blocs": [
                {
                    "code": bloc.code,
                    "libelle": phrases.typographie(bloc.libelle),
                    "competences": [
                        {
                            "code": c.code,
                            "libelle": phrases.typographie(c.libelle),
                            "coefficient": poids.get(c.pk, "1"),
                        }
                        for c in bloc.competences.all()
                    ],
                }
                for bloc in candidature.blocs_a_evaluer()
            ],
        },
    )
    return rendu.produire(page, "guide.css", {}, f"guide {candidature.reference}", pages_maximum=None)
