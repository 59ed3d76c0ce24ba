"""What Django does not do by itself before and after a request: whose address it is, how heavy, which headers."""

from django.conf import settings

from .views import trop_lourd


class AdresseDuVisiteur:
    """Put the visitor's address back in place of that of our own proxy: counters of attempts are kept by address.

    Only as many entries of X-Forwarded-For as we have proxies are believed; what a visitor writes there is not.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        relais = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()]
        if 0 < settings.PROXYS_DE_CONFIANCE <= len(relais):
            request.META["REMOTE_ADDR"] = relais[-settings.PROXYS_DE_CONFIANCE]
        return self.get_response(request)


class PoidsDesRequetes:
    """Refuse by its announced length what no form of ours accepts, before a byte of it is written to disk."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        longueur = request.META.get("CONTENT_LENGTH") or "0"
        if longueur.isdecimal() and int(longueur) > self._maximum(request):
            return trop_lourd()
        return self.get_response(request)

    @staticmethod
    def _maximum(request) -> int:
        particuliere = settings.TAILLES_PARTICULIERES.get(request.path)
        if particuliere and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return particuliere
        return settings.TAILLE_MAXIMALE_REQUETE


class EntetesDeSecurite:
    """Close the browser's capabilities we never use, and empty the browser's storage at logout."""

    PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
    # The editor writes styles and scripts in its pages: it may, and nothing comes from elsewhere for all that.
    EDITEUR = (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
        "frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'; object-src 'none'"
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        reponse.headers.setdefault("Permissions-Policy", self.PERMISSIONS)
        if request.path.startswith("/admin/"):
            reponse.headers.setdefault("Content-Security-Policy", self.EDITEUR)
        if request.method == "POST" and request.path.endswith("/logout/"):
            reponse.headers["Clear-Site-Data"] = '"cache", "storage"'
        return reponse
