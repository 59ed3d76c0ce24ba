"""OpenID Connect, the side of the one who asks: « who is this person? », and what is believed of the answer.

Authorization code with PKCE (RFC 7636), `state` and `nonce`, identity token whose signature is always checked
(OpenID Connect Core 1.0, section 3.1.3.7). Why not the one of allauth: docs/decisions/0007-connexion-organisation.md.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.crypto import constant_time_compare

from .jws import JetonInvalide, lire_jeton

SUFFIXE = "/.well-known/openid-configuration"
DELAI = 10  # seconds
TAILLE_MAXIMALE = 1_000_000
# Between leaving for the provider and coming back.
DUREE_ALLER_RETOUR = 600


class ConnexionRefusee(Exception):
    """A login that does not happen; `motif` names the sentence shown, the text stays in the logs."""

    def __init__(self, motif: str, detail: str = ""):
        super().__init__(f"{motif} {detail}".strip())
        self.motif = motif


@dataclass(frozen=True)
class Identite:
    """What the provider says of a person, once checked."""

    courriel: str
    deux_facteurs: bool


def active() -> bool:
    """Is a provider configured?"""
    return bool(settings.OIDC["decouverte"] and settings.OIDC["client"])


class _SansRedirection(HTTPRedirectHandler):
    """The addresses are those of the discovery document: an answer that leads elsewhere is an error."""

    def redirect_request(self, *args, **kwargs):
        return None


def _demander(adresse: str, donnees: dict | None = None, **entetes) -> dict:
    """GET, or POST when there are data, and read the JSON answer.

    Raises:
        ConnexionRefusee: the provider does not answer, answers an error, or something that is not an object.
    """
    parties = urlsplit(adresse)
    if parties.scheme != "https" and not (parties.scheme == "http" and parties.hostname in {"127.0.0.1", "localhost"}):
        raise ConnexionRefusee("injoignable", "adresse sans https")
    corps = urlencode(donnees).encode() if donnees is not None else None
    requete = Request(adresse, corps, {"Accept": "application/json", **entetes})  # noqa: S310 - scheme checked above
    try:
        with build_opener(_SansRedirection).open(requete, timeout=DELAI) as reponse:
            lue = json.loads(reponse.read(TAILLE_MAXIMALE))
    except (URLError, HTTPException, OSError, ValueError) as erreur:
        raise ConnexionRefusee("injoignable", type(erreur).__name__) from erreur
    if not isinstance(lue, dict):
        raise ConnexionRefusee("injoignable", "réponse illisible")
    return lue


def _fournisseur() -> dict:
    """The discovery document; its issuer is the very one of its address (Discovery 1.0, section 4.3)."""
    document = _demander(settings.OIDC["decouverte"])
    attendus = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if any(not isinstance(document.get(nom), str) for nom in attendus):
        raise ConnexionRefusee("injoignable", "document de découverte incomplet")
    if settings.OIDC["decouverte"] != document["issuer"].rstrip("/") + SUFFIXE:
        raise ConnexionRefusee("indigne", "émetteur d’un autre nom")
    return document


def _retour(chemin: str) -> str:
    return settings.ADRESSE_PUBLIQUE + chemin


def partir(chemin_de_retour: str, suite: str) -> tuple[str, dict]:
    """Return the address of the provider where the person goes, and what their session keeps until they are back.

    Raises:
        ConnexionRefusee: the provider does not answer.
    """
    etat, nonce, secret = (secrets.token_urlsafe(32) for _ in range(3))
    defi = base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).rstrip(b"=").decode()
    parametres = {
        "response_type": "code",
        "client_id": settings.OIDC["client"],
        "redirect_uri": _retour(chemin_de_retour),
        "scope": settings.OIDC["portee"],
        "state": etat,
        "nonce": nonce,
        "code_challenge": defi,
        "code_challenge_method": "S256",
    }
    if settings.OIDC["acr_surs"]:
        parametres["acr_values"] = " ".join(settings.OIDC["acr_surs"])
    depart = _fournisseur()["authorization_endpoint"]
    if urlsplit(depart).scheme not in {"https", "http"}:
        raise ConnexionRefusee("injoignable", "adresse de connexion illisible")
    lien = "&" if "?" in depart else "?"
    garde = {"state": etat, "nonce": nonce, "verifier": secret, "suite": suite, "le": time.time()}
    return f"{depart}{lien}{urlencode(parametres)}", garde


def revenir(parametres, garde: dict | None, chemin_de_retour: str) -> Identite:
    """Check what came back against what the session kept, and return who this is.

    Raises:
        ConnexionRefusee: anything is missing, late, forged, or the address is not verified by the provider.
    """
    etat = parametres.get("state", "")
    if not garde or not constant_time_compare(etat, garde["state"]) or time.time() - garde["le"] > DUREE_ALLER_RETOUR:
        raise ConnexionRefusee("inachevee", "state")
    if parametres.get("error") == "access_denied":
        raise ConnexionRefusee("interrompue")
    if parametres.get("error") or not parametres.get("code"):
        raise ConnexionRefusee("inachevee", "erreur du fournisseur")
    fournisseur = _fournisseur()
    # RFC 9207: a provider that names itself in its answer is the one we went to.
    if parametres.get("iss", fournisseur["issuer"]) != fournisseur["issuer"]:
        raise ConnexionRefusee("indigne", "iss")
    jetons = _echanger(fournisseur, parametres["code"], garde["verifier"], chemin_de_retour)
    try:
        cles = _demander(fournisseur["jwks_uri"]).get("keys", [])
        dit = lire_jeton(jetons.get("id_token", ""), cles, fournisseur["issuer"], settings.OIDC["client"])
    except JetonInvalide as erreur:
        raise ConnexionRefusee("indigne", str(erreur)) from erreur
    if not constant_time_compare(str(dit.get("nonce", "")), garde["nonce"]):
        raise ConnexionRefusee("indigne", "nonce")
    return _identite(fournisseur, jetons, dit)


def _echanger(fournisseur, code, verificateur, chemin_de_retour) -> dict:
    """The code against the tokens, with our secret and the proof that we are the one who left (PKCE)."""
    client, secret = settings.OIDC["client"], settings.OIDC["secret"]
    donnees = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _retour(chemin_de_retour),
        "client_id": client,
        "code_verifier": verificateur,
    }
    entetes = {}
    if "client_secret_post" in fournisseur.get("token_endpoint_auth_methods_supported", []) or not secret:
        donnees |= {"client_secret": secret} if secret else {}
    else:
        # RFC 6749, section 2.3.1: each half is form-encoded first.
        paire = ":".join(urlencode({"": moitie})[1:] for moitie in (client, secret))
        entetes["Authorization"] = "Basic " + base64.b64encode(paire.encode()).decode()
    return _demander(fournisseur["token_endpoint"], donnees, **entetes)


def _identite(fournisseur, jetons, dit) -> Identite:
    """The verified address of this person; asked of the provider's page of users when the token does not tell it."""
    reglages, parle = settings.OIDC, dit
    if reglages["claim_courriel"] not in dit and fournisseur.get("userinfo_endpoint"):
        porteur = f"Bearer {jetons.get('access_token', '')}"
        parle = _demander(fournisseur["userinfo_endpoint"], Authorization=porteur)
        if parle.get("sub") != dit["sub"]:
            raise ConnexionRefusee("indigne", "sub")
    courriel = parle.get(reglages["claim_courriel"])
    if not isinstance(courriel, str) or parle.get(reglages["claim_verifie"]) not in (True, "true"):
        raise ConnexionRefusee("non_verifiee")
    methodes = dit.get("amr") if isinstance(dit.get("amr"), list) else []
    surs = dit.get("acr") in reglages["acr_surs"] or any(m in reglages["amr_surs"] for m in methodes)
    return Identite(courriel.strip().lower(), bool(surs))
