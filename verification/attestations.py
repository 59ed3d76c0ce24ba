"""What verifiers of digital credentials read: who we are, and which documents are cancelled. Files for programs."""

from django.core.cache import cache
from django.http import Http404
from django.views.decorators.http import require_safe

from registre import integrite, statuts

from .reponses import fichier_public


@require_safe
def document_did(request):
    """Publish the DID document of the register: its keys, active and retired."""
    return fichier_public(integrite.document_did(), "application/did+json")


@require_safe
def liste_de_statuts(request, liste):
    """Serve one list of cancelled documents: signed at most two minutes ago, kept by others for as long.

    A cancellation is therefore seen within five minutes, however many verifiers ask.
    """
    cle = f"statuts:{liste}"
    signee = cache.get(cle)
    if signee is None:
        try:
            signee = statuts.liste_signee(liste)
        except LookupError:
            raise Http404 from None
        cache.set(cle, signee, statuts.FRAICHEUR)
    return fichier_public(signee, "application/vc", statuts.FRAICHEUR)
