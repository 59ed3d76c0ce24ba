"""A true identity provider, small and honest unless told otherwise, on 127.0.0.1."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "registre-des-cqp", "secret:du client"


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _nombre(n: int) -> str:
    return b64(n.to_bytes((n.bit_length() + 7) // 8))


class Fournisseur:
    """Knobs: `dit` (claims to add or replace; None takes one out), `algorithme`, `signer_avec`, `utilisateur` (what the
    page of users says), `refus` (the error it answers), `decouverte` (what its discovery document says otherwise)."""

    def __init__(self):
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.intrus = rsa.generate_private_key(65537, 2048)
        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), self._guichet())
        self.adresse = f"http://127.0.0.1:{self.serveur.server_port}"
        self.fil = threading.Thread(target=self.serveur.serve_forever, daemon=True)
        self.fil.start()
        self.regler()

    def regler(self):
        self.dit, self.algorithme, self.signer_avec, self.utilisateur = {}, "RS256", self.rsa, {}
        self.decouverte, self.refus, self.codes, self.cles = {}, "", {}, None
        return self

    def fermer(self):
        self.serveur.shutdown()
        self.serveur.server_close()
        self.fil.join()

    # What it answers.

    def document(self) -> dict:
        return {
            "issuer": self.adresse,
            "authorization_endpoint": f"{self.adresse}/autoriser",
            "token_endpoint": f"{self.adresse}/jeton",
            "jwks_uri": f"{self.adresse}/cles",
            "userinfo_endpoint": f"{self.adresse}/utilisateur",
            **self.decouverte,
        }

    def jwks(self) -> dict:
        n, e = self.rsa.public_key().public_numbers().n, self.rsa.public_key().public_numbers().e
        point = self.ec.public_key().public_numbers()
        return {
            "keys": [
                {"kty": "RSA", "kid": "r", "use": "sig", "n": _nombre(n), "e": _nombre(e)},
                {"kty": "EC", "kid": "e", "crv": "P-256", "x": _nombre(point.x), "y": _nombre(point.y)},
                {"kty": "oct", "kid": "o", "k": b64(b"x" * 32)},
            ]
        }

    def autoriser(self, demande: dict) -> str:
        if self.refus:
            return f"{demande['redirect_uri']}?{urlencode({'state': demande['state'], 'error': self.refus})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = demande
        return f"{demande['redirect_uri']}?{urlencode({'state': demande['state'], 'code': code})}"

    def jeton(self, demande: dict, autorisation: str) -> dict | None:
        depart = self.codes.pop(demande.get("code"), None)
        attendu = "Basic " + base64.b64encode(b"registre-des-cqp:secret%3Adu+client").decode()
        if depart is None or autorisation != attendu or demande["redirect_uri"] != depart["redirect_uri"]:
            return None
        if b64(hashlib.sha256(demande["code_verifier"].encode()).digest()) != depart["code_challenge"]:
            return None
        return {"access_token": "acces", "id_token": self.identite(depart["nonce"])}

    def identite(self, nonce: str) -> str:
        dit = {
            "iss": self.adresse,
            "aud": CLIENT,
            "sub": "u-1",
            "exp": int(time.time()) + 300,
            "iat": int(time.time()),
            "nonce": nonce,
            "email": "paul.durand@example.org",
            "email_verified": True,
            **self.dit,
        }
        kid = {"RS256": "r", "ES256": "e", "HS256": "o"}.get(self.algorithme)
        entete = {"alg": self.algorithme, "kid": kid}
        dit = {nom: valeur for nom, valeur in dit.items() if valeur is not None}
        message = f"{b64(json.dumps(entete).encode())}.{b64(json.dumps(dit).encode())}"
        return f"{message}.{b64(self._signer(message.encode()))}"

    def _signer(self, message: bytes) -> bytes:
        if self.algorithme == "ES256":
            r, s = decode_dss_signature(self.ec.sign(message, ec.ECDSA(SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        if self.algorithme == "none":
            return b""
        if self.algorithme == "HS256":
            return hmac.digest(b"x" * 32, message, "sha256")
        return self.signer_avec.sign(message, padding.PKCS1v15(), SHA256())

    def _guichet(fournisseur):
        class Guichet(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def _json(self, objet, statut=200):
                corps = json.dumps(objet).encode()
                self.send_response(statut)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(corps)))
                self.end_headers()
                self.wfile.write(corps)

            def do_GET(self):
                parties = urlsplit(self.path)
                if parties.path == "/autoriser":
                    demande = {cle: valeurs[0] for cle, valeurs in parse_qs(parties.query).items()}
                    self.send_response(302)
                    self.send_header("Location", fournisseur.autoriser(demande))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif parties.path == "/cles":
                    self._json(fournisseur.cles or fournisseur.jwks())
                elif parties.path == "/utilisateur":
                    self._json(fournisseur.utilisateur)
                elif parties.path == "/.well-known/openid-configuration":
                    self._json(fournisseur.document())
                else:
                    self._json({}, 404)

            def do_POST(self):
                corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
                demande = {cle: valeurs[0] for cle, valeurs in parse_qs(corps).items()}
                reponse = fournisseur.jeton(demande, self.headers.get("Authorization", ""))
                self._json(reponse or {"error": "invalid_grant"}, 200 if reponse else 400)

        return Guichet
