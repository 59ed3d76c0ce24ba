"""The witness of a public log: it remembers what it saw, refuses a log that was rewritten, and cosigns the others.

Run by each collège and by the certificateur, each on a machine of their own: it needs Python, `cryptography` and this
folder, neither the database nor Django.

    python -m registre.transparence.temoin creer  --nom cpne-employeurs --dossier ~/temoin --journal ADRESSE --cle LIGNE
    python -m registre.transparence.temoin signer --dossier ~/temoin

`creer` makes the key of the witness and keeps what it trusts: the address of the log and the public key that its
operator gave by another way than the site. `signer`, once a day, reads the last checkpoint, checks that the tree only
grew since the last time, signs and sends. It exits with 1 and says so loudly when the log was rewritten.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import arbre, notes, tuiles

# A tile holds 8 KB; a checkpoint much less. What is larger is not an answer of a log.
_MAXIMUM = 64 * 1024
_DELAI = 30


class JournalReecrit(RuntimeError):
    """The log does not continue what this witness has already signed."""


class Temoin:
    """One witness: its folder holds its key, what it trusts and what it saw last."""

    def __init__(self, dossier: Path):
        self.dossier = Path(dossier)
        reglages = json.loads((self.dossier / "temoin.json").read_text(encoding="utf-8"))
        self.journal = reglages["journal"].rstrip("/")
        self.cle_du_journal = notes.Verificateur.lire(reglages["cle_du_journal"])
        secret = serialization.load_pem_private_key((self.dossier / "temoin.pem").read_bytes(), password=None)
        self.signataire = notes.Signataire(reglages["nom"], secret, notes.COSIGNATURE)

    @classmethod
    def creer(cls, dossier: Path, nom: str, journal: str, cle_du_journal: str) -> "Temoin":
        """Make the key of a new witness, and keep what it trusts.

        Raises:
            FileExistsError: there is a witness in this folder already.
            ValueError: the address is not https, or the name or key is not one.
        """
        adresse = urlsplit(journal)
        if adresse.scheme != "https" and adresse.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("l’adresse du journal commence par https://")
        if not nom or any(c in nom for c in " +\n"):
            raise ValueError("le nom d’un témoin n’a ni espace ni signe plus")
        notes.Verificateur.lire(cle_du_journal)
        dossier = Path(dossier)
        dossier.mkdir(parents=True, exist_ok=True, mode=0o700)
        octets = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        descripteur = os.open(dossier / "temoin.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
        reglages = {"nom": nom, "journal": journal, "cle_du_journal": cle_du_journal}
        (dossier / "temoin.json").write_text(json.dumps(reglages, ensure_ascii=False, indent=1), encoding="utf-8")
        return cls(dossier)

    @property
    def vu(self) -> notes.Tete | None:
        """What this witness signed last."""
        chemin = self.dossier / "vu.txt"
        return notes.Tete.lire(chemin.read_text(encoding="utf-8")) if chemin.exists() else None

    def observer(self) -> str:
        """Read the last checkpoint, check that the log only grew, and return the note with our line under it.

        Raises:
            JournalReecrit: what we signed before is no longer the beginning of the log.
            registre.transparence.notes.NoteFausse: the answer is not a checkpoint signed by this log.
            OSError: the log does not answer.
        """
        note = self._lire("checkpoint").decode("utf-8")
        corps, _ = notes.separer(note)
        tete = notes.Tete.lire(corps)
        if self.cle_du_journal.nom not in notes.instants(note, [self.cle_du_journal]):
            raise notes.NoteFausse("ce point de contrôle n’est pas signé par la clé de ce journal")
        if tete.origine != self.cle_du_journal.nom:
            raise notes.NoteFausse("ce point de contrôle est celui d’un autre journal")
        self._comparer(tete)
        ligne = self.signataire.signer(corps, int(time.time()))
        provisoire = self.dossier / "vu.txt.nouveau"
        provisoire.write_text(corps, encoding="utf-8")
        # Kept before it is sent: a witness never signs two histories, whatever stops it here.
        os.replace(provisoire, self.dossier / "vu.txt")
        return f"{corps}\n{ligne}"

    def _comparer(self, tete: notes.Tete) -> None:
        vu = self.vu
        if vu is None:
            return
        if tete.taille < vu.taille:
            raise JournalReecrit(f"le journal a {tete.taille} feuilles, nous en avons vu {vu.taille}")
        lire = tuiles.lecteur_de_tuiles(lambda niveau, rang: self._tuile(niveau, rang, tete.taille))
        try:
            preuve = arbre.preuve_coherence(lire, vu.taille, tete.taille)
            arbre.verifier_coherence(vu.taille, tete.taille, vu.racine, tete.racine, preuve)
        except (arbre.PreuveFausse, IndexError) as erreur:
            raise JournalReecrit(f"le journal ne prolonge pas ce que nous avons vu à {vu.taille} feuilles") from erreur

    def _tuile(self, niveau: int, rang: int, taille: int) -> bytes:
        presents = tuiles.largeur(niveau, rang, taille)
        partie = "" if presents == tuiles.LARGEUR else f".p/{presents}"
        octets = self._lire(f"tile/{niveau}/{tuiles.ecrire_rang(rang)}{partie}")
        if len(octets) != presents * tuiles.TAILLE_DE_HACHAGE:
            raise JournalReecrit("une tuile du journal est coupée")
        return octets

    def envoyer(self, note: str) -> None:
        """Send our cosignature to the log."""
        demande = urllib.request.Request(  # noqa: S310 - https or this machine, checked when the witness was made
            f"{self.journal}/cosignature", data=note.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
        )
        with urllib.request.urlopen(demande, timeout=_DELAI):  # noqa: S310 - idem
            pass

    def _lire(self, chemin: str) -> bytes:
        with urllib.request.urlopen(f"{self.journal}/{chemin}", timeout=_DELAI) as reponse:  # noqa: S310 - idem
            octets = reponse.read(_MAXIMUM + 1)
        if len(octets) > _MAXIMUM:
            raise notes.NoteFausse("réponse trop longue pour un journal")
        return octets


def principal(arguments: list[str] | None = None) -> int:
    """Run the witness; return 0 when all is well, 1 when the log was rewritten, 2 when nothing could be checked."""
    analyseur = argparse.ArgumentParser(prog="temoin", description="Témoin du journal public d’un registre de CQP.")
    actes = analyseur.add_subparsers(dest="acte", required=True)
    creer = actes.add_parser("creer", help="crée la clé du témoin")
    creer.add_argument("--nom", required=True)
    creer.add_argument("--journal", required=True, help="adresse du journal, par exemple https://…/journal")
    creer.add_argument("--cle", required=True, help="clé publique du journal, reçue de son exploitant")
    signer = actes.add_parser("signer", help="contrôle le journal et le contresigne")
    signer.add_argument("--sans-envoi", action="store_true", help="écrit la cosignature au lieu de l’envoyer")
    for acte in (creer, signer):
        acte.add_argument("--dossier", required=True, type=Path)
    options = analyseur.parse_args(arguments)
    try:
        if options.acte == "creer":
            temoin = Temoin.creer(options.dossier, options.nom, options.journal, options.cle)
            print(f"Témoin créé. Donnez cette ligne à l’exploitant du journal\u00a0:\n{temoin.signataire.verificateur}")
            return 0
        temoin = Temoin(options.dossier)
        note = temoin.observer()
        if options.sans_envoi:
            print(note, end="")
        else:
            temoin.envoyer(note)
            print(f"Journal contrôlé et contresigné\u00a0: {temoin.vu.taille} feuille(s).")
        return 0
    except JournalReecrit as alerte:
        print(f"ALERTE\u00a0: {alerte}. Gardez ce dossier et prévenez les deux collèges.", file=sys.stderr)
        return 1
    except (OSError, ValueError, urllib.error.URLError) as erreur:
        print(f"Rien n’a été contrôlé\u00a0: {erreur}.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(principal())
