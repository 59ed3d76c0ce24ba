"""Pages that an editor has given a day: they come online and leave by themselves, whoever is asleep.

Wagtail leaves this to a command that somebody must run. Our workers look every half minute, and the night does too.
"""

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from registre.reprise import a_reprendre


@a_reprendre("page(s) programmée(s)")
def suivre_le_calendrier() -> int:
    """Publish what is due, withdraw what has expired; return how many pages have changed."""
    maintenant = timezone.now()
    dues = Revision.objects.filter(approved_go_live_at__lte=maintenant).order_by("approved_go_live_at")
    expirees = Page.objects.live().filter(expire_at__lte=maintenant)
    return sum(
        [
            _chacune(expirees, lambda page: page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")),
            _chacune(dues, lambda revision: revision.publish(log_action="wagtail.publish.scheduled")),
        ]
    )


def _chacune(objets, acte) -> int:
    """Do it to each, alone under its lock: two workers that look at once act once."""
    nombre = 0
    for cle in list(objets.values_list("pk", flat=True)):
        with transaction.atomic():
            objet = objets.select_for_update().filter(pk=cle).first()
            if objet is not None:
                acte(objet)
                nombre += 1
    return nombre
