"""Each day: files of exports that have expired, old reports, grouped acts that a cut left half way."""

from datetime import timedelta

from django.utils import timezone

from registre.quotidien import quotidienne

from .exports import effacer_les_fichiers
from .lots import derouler, interrompus
from .models import ActeGroupe, Export

TRACE = timedelta(days=365)


@quotidienne("Efface les exports expirés et les vieux comptes rendus, reprend les actes groupés interrompus.")
def entretenir_les_listes() -> str:
    maintenant = timezone.now()
    fichiers = effacer_les_fichiers(Export.objects.filter(expire_le__lte=maintenant))
    vieux = Export.objects.filter(demande_le__lt=maintenant - TRACE)
    effacer_les_fichiers(vieux)
    vieux.delete()
    ActeGroupe.objects.filter(prepare_le__lt=maintenant - TRACE).delete()
    # Prepared, then left: the selection itself is of no use after a day.
    ActeGroupe.objects.filter(lance_le=None, prepare_le__lt=maintenant - timedelta(days=1)).delete()
    repris = list(interrompus())
    for lot in repris:
        derouler.enqueue(lot.pk)
    return f"{fichiers} fichier(s) d’export effacé(s), {len(repris)} acte(s) groupé(s) repris."
