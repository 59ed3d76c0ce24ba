"""The end of the certificate that seals: told sixty days before, then fifteen, to those who deliver.

Once it is out of date no document is made any more; numbers given wait for their file until another one is put.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.comptes.models import Role
from backoffice.courriels import adresses, composer
from backoffice.notifications.catalogue import courriels, variable
from registre import certificats, journal
from registre import courriels as boite
from registre.models import Organisme
from registre.quotidien import quotidienne

SEUILS = (15, 60)
AVERTIR = "avertir_de_la_fin_du_sceau"

variable(
    "fin_du_sceau", "dernier jour du certificat de sceau", lambda c: date_format(c["fin"], "j F Y"), "30 novembre 2026"
)
variable(
    "lien_delivrances",
    "lien vers les délivrances",
    lambda c: f"{settings.ADRESSE_PUBLIQUE}/gestion/delivrances/",
    "ADRESSE/gestion/delivrances/",
)
# fmt: off
courriels("Délivrance", [
    ("sceau_bientot_echu", "Fin prochaine du certificat de sceau",
     "Le certificat qui scelle les documents finit dans 60 jours, puis dans 15", "Les certificateurs",
     ("fin_du_sceau!", "lien_delivrances"), ("certificateur",)),
])
# fmt: on


def fin_prochaine() -> date | None:
    """The last day of the certificate in use when it is sixty days away or less; None when nothing presses.

    Without a certificate there is nothing to date: documents wait, and the worker says so.
    """
    try:
        fin = timezone.localdate(certificats.actif().certificat.not_valid_after_utc)
    except (certificats.SceauIndisponible, OSError):
        return None
    return fin if (fin - timezone.localdate()).days <= max(SEUILS) else None


@quotidienne("Avertit 60 jours, puis 15 jours, avant la fin du certificat de sceau")
def avertir_de_la_fin_du_sceau() -> str:
    """Each body once per threshold and per certificate, whatever day the task missed."""
    fin = fin_prochaine()
    if fin is None:
        return "Rien à dire du certificat de sceau."
    seuil = next(s for s in SEUILS if (fin - timezone.localdate()).days <= s)
    cle = f"sceau-{certificats.empreinte(certificats.actif().certificat)}-{seuil}"
    organismes = Organisme.objects.filter(
        pk__in=Role.objects.actifs().filter(nom="certificateur").values("organisme")
    ).order_by("pk")
    prevenus = sum(_prevenir(organisme, fin, seuil, cle) for organisme in organismes)
    return f"{prevenus} organisme(s) averti(s) de la fin du certificat de sceau."


def _prevenir(organisme: Organisme, fin: date, seuil: int, cle: str) -> bool:
    with transaction.atomic():
        if journal.deja_fait(cle, AVERTIR, organisme):
            return False
        cause = journal.consigner(None, "plateforme", AVERTIR, organisme, details={"jours": seuil}, cle=cle)
        for adresse in adresses("certificateur", organisme):
            boite.deposer(composer("sceau_bientot_echu", adresse, fin=fin), cause)
    return True
