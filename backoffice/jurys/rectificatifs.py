"""Corrections of sealed minutes: « au lieu de… lire… », signed by the same two people; the original never changes."""

from django.utils import timezone

from registre.canonique import empreinte
from registre.textes import en_nfc
from registre.transitions import verbe

from .forms_pv import RectificatifForm, SignatureRectificatifForm
from .models import ProcesVerbal, SessionJury, SignaturePV
from .pv_documents import fabriquer_pv
from .signatures import manques_de_signature, places_de
from .workflow import ORGANISATEURS, SESSION

FORMAT = "cqp-pv-rectificatif-1"


def contenu_du_rectificatif(pv: ProcesVerbal, donnees: dict) -> dict:
    """What the correction freezes: which minutes it corrects, down to their hash, and how they read from now on."""
    original = pv.session.pv
    return {
        "format": FORMAT,
        "numero": pv.numero,
        "rectifie": {"numero": original.numero, "empreinte": original.empreinte, "date": original.contenu["date"]},
        "certificateur": pv.session.certificateur.raison_sociale,
        "instance": pv.session.instance,
        "date": timezone.localdate().isoformat(),
        "membres": [{"siege": m.get("siege"), "nom": m["nom"]} for m in original.contenu["membres"]],
        "au_lieu_de": donnees["au_lieu_de"],
        "lire": donnees["lire"],
        "motif": donnees["motif"],
    }


@verbe(
    SESSION,
    "preparer_rectificatif",
    libelle="Préparer un PV rectificatif",
    roles=("president", *ORGANISATEURS),
    etape=8,
    de=("scellee",),
    formulaire=RectificatifForm,
    aide=(
        "Il corrige une erreur d’écriture et s’ajoute au procès-verbal, qui ne change pas. Il est signé par les mêmes "
        "personnes. Une décision ne se corrige pas ainsi\u202f: elle se révoque."
    ),
)
def _preparer_rectificatif(session, acteur, donnees):
    pv = session.rectificatif_a_signer
    if pv is None:
        rang = session.proces_verbaux.count()
        pv = ProcesVerbal(session=session, rang=rang, numero=f"{session.pv.numero}-R{rang}")
    else:
        # A text that nobody sealed gives way to the next one, its signatures with it.
        pv.signatures.all().delete()
    pv.motif = donnees["motif"]
    pv.contenu = en_nfc(contenu_du_rectificatif(pv, donnees))
    pv.empreinte = empreinte(pv.contenu, FORMAT)
    pv.arrete_par, pv.arrete_le = acteur, timezone.now()
    pv.save()
    return {"details": {"pv": pv.numero, "empreinte": pv.empreinte}}


def _signature_possible(session, acteur, donnees):
    pv = session.rectificatif_a_signer
    if pv is None:
        yield "Aucun procès-verbal rectificatif n’attend de signature."
        return
    yield from manques_de_signature(session, pv, acteur, donnees)


@verbe(
    SESSION,
    "signer_rectificatif",
    libelle="Signer le PV rectificatif",
    roles=("jury",),
    etape=8,
    de=("scellee",),
    conditions=_signature_possible,
    formulaire=SignatureRectificatifForm,
    principal=True,
    reauthentifier=True,
    aide="Vous signez le texte ci-dessous, celui-là seulement. La dernière signature le scelle.",
)
def _signer_rectificatif(session: SessionJury, acteur, donnees):
    pv, preuve = session.rectificatif_a_signer, donnees["preuve"]
    membre = session.membres.get(utilisateur=acteur)
    SignaturePV.objects.create(
        proces_verbal=pv, membre=membre, empreinte=pv.empreinte, signee_le=timezone.now(), preuve=preuve.moyen
    )
    details = {"pv": pv.numero, "empreinte": pv.empreinte, "membre": membre.pk, "preuve": preuve.moyen}
    if all(place.signature for place in places_de(session, pv)):
        pv.scelle_le = timezone.now()
        pv.save(update_fields=["scelle_le"])
        fabriquer_pv.enqueue(pv.pk)
        details["scelle"] = True
    return {"details": details}
