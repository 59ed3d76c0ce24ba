"""Headers that Django does not set by itself."""


class EntetesDeSecurite:
    """Close the browser's capabilities we never use, and empty the browser's storage at logout."""

    PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        reponse.headers.setdefault("Permissions-Policy", self.PERMISSIONS)
        if request.method == "POST" and request.path.endswith("/logout/"):
            reponse.headers["Clear-Site-Data"] = '"cache", "storage"'
        return reponse
