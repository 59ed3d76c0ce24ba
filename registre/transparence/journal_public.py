"""The log itself: a leaf per event, in the transaction of the event; checkpoints signed every day and after a batch."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from registre import cles, gardien
from registre.canonique import canoniser
from registre.models import Cosignature, Duplicata, Feuille, Parchemin, PointDeControle, TeteTransparence, Tuile
from registre.quotidien import quotidienne

from . import arbre, notes, tuiles


class Incoherence(RuntimeError):
    """What the database holds is not what was published: it was changed, or restored from an older copy."""


def origine() -> str:
    """The name of this log, in its checkpoints for ever: the host of our public address, then « /journal »."""
    return f"{urlsplit(settings.ADRESSE_PUBLIQUE).netloc}/journal"


def engagement(sel: str, contenu: dict, sha256: str = "") -> str:
    """Return what a leaf says of an event without saying it: SHA-256(salt ‖ canonical content ‖ SHA-256 of the PDF)."""
    return hashlib.sha256(bytes.fromhex(sel) + canoniser(contenu) + bytes.fromhex(sha256)).hexdigest()


def inscrire(
    evenement: str,
    engage: str,
    jour: date | None = None,
    parchemin: Parchemin | None = None,
    duplicata: Duplicata | None = None,
) -> Feuille:
    """Append one leaf. Must run inside the transaction of the event: neither happens without the other.

    Acts that also write in the journal of the house take this lock first, then the journal's.
    """
    with transaction.atomic():
        TeteTransparence.objects.get_or_create(pk=1)
        tete = TeteTransparence.objects.select_for_update().get(pk=1)
        feuille = Feuille(
            rang=tete.taille,
            evenement=evenement,
            jour=jour or timezone.localdate(),
            engagement=engage,
            parchemin=parchemin,
            duplicata=duplicata,
        )
        feuille.hachage = arbre.hacher_feuille(feuille.entree).hex()
        feuille.save(force_insert=True)
        TeteTransparence.objects.filter(pk=1).update(taille=tete.taille + 1)
    return feuille


def inscrire_emission(parchemin: Parchemin) -> Feuille:
    """Append the leaf of a document that has just been made: what it says, and the hash of its file."""
    engage = engagement(parchemin.sel, parchemin.enregistrement, parchemin.sha256)
    return inscrire(Feuille.Evenement.EMISSION, engage, parchemin.delivre_le, parchemin)


def inscrire_les_emissions_oubliees() -> int:
    """Append the leaves of the documents made before the log existed, oldest first; return how many."""
    oubliees = list(_sans_feuille().order_by("pk"))
    for parchemin in oubliees:
        with transaction.atomic():
            inscrire_emission(parchemin)
    return len(oubliees)


def _sans_feuille():
    return Parchemin.objects.edites().exclude(feuilles__evenement=Feuille.Evenement.EMISSION)


def contenu_de_l_evenement(parchemin: Parchemin, evenement: str, jour: date) -> dict:
    """What the leaf of an event after the issue engages: which document, what happened, which day."""
    return {
        "format": "cqp-evenement-1",
        "identifiant": parchemin.identifiant,
        "evenement": str(evenement),
        "jour": jour.isoformat(),
    }


def inscrire_evenement(parchemin: Parchemin, evenement: str) -> Feuille:
    """Append the leaf of what happens to a document after its issue: annulation, replacement."""
    jour = timezone.localdate()
    contenu = contenu_de_l_evenement(parchemin, evenement, jour)
    return inscrire(evenement, engagement(parchemin.sel, contenu), jour, parchemin)


def _engagement_du_duplicata(duplicata: Duplicata, jour: date) -> str:
    """What the leaf of a duplicata engages: which document, which duplicata of it, the hash of its file."""
    contenu = contenu_de_l_evenement(duplicata.parchemin, Feuille.Evenement.DUPLICATA, jour)
    return engagement(duplicata.parchemin.sel, contenu | {"rang": duplicata.rang}, duplicata.sha256)


def inscrire_duplicata(duplicata: Duplicata) -> Feuille:
    """Append the leaf of a duplicata that has just been made."""
    jour, evenement = duplicata.delivre_le, Feuille.Evenement.DUPLICATA
    return inscrire(evenement, _engagement_du_duplicata(duplicata, jour), jour, duplicata.parchemin, duplicata)


def taille() -> int:
    """How many leaves the log has now."""
    return TeteTransparence.objects.filter(pk=1).values_list("taille", flat=True).first() or 0


def tuile(niveau: int, rang: int, jusqu_a: int) -> bytes:
    """Return the hashes of one tile of the tree of `jusqu_a` leaves, side by side.

    Raises:
        LookupError: this tree has no such tile.
    """
    presents = tuiles.largeur(niveau, rang, jusqu_a)
    if not presents:
        raise LookupError(rang)
    if presents == tuiles.LARGEUR and (gardee := Tuile.objects.filter(niveau=niveau, rang=rang).first()):
        return bytes(gardee.octets)
    debut = rang * tuiles.LARGEUR
    if niveau == 0:
        siennes = Feuille.objects.filter(rang__gte=debut, rang__lt=debut + presents).order_by("rang")
        return b"".join(bytes.fromhex(h) for h in siennes.values_list("hachage", flat=True))
    return b"".join(tuiles.sommet(tuile(niveau - 1, r, jusqu_a)) for r in range(debut, debut + presents))


def lecteur(jusqu_a: int) -> arbre.Lecteur:
    """Read the tree of the first `jusqu_a` leaves; each tile is read once."""
    lues: dict[tuple[int, int], bytes] = {}

    def lire(niveau: int, rang: int) -> bytes:
        if (niveau, rang) not in lues:
            lues[niveau, rang] = tuile(niveau, rang, jusqu_a)
        return lues[niveau, rang]

    return tuiles.lecteur_de_tuiles(lire)


def dernier_point() -> PointDeControle | None:
    """The last checkpoint published."""
    return PointDeControle.objects.prefetch_related("cosignatures").order_by("-taille").first()


def publier() -> PointDeControle | None:
    """Sign and keep a checkpoint of all the leaves, with the tiles that have become full; None when nothing is new.

    Raises:
        Incoherence: the tree is not the continuation of the last checkpoint; nothing is published.
        registre.cles.CleIndisponible: no key to sign with.
    """
    signataire = cles.signataire_du_journal(origine())
    with transaction.atomic():
        TeteTransparence.objects.get_or_create(pk=1)
        # The leaves stand still while they are counted; two publishers follow one another.
        n = TeteTransparence.objects.select_for_update().get(pk=1).taille
        dernier = dernier_point()
        if dernier is not None and dernier.taille == n:
            return None
        lire = lecteur(n)
        if dernier is not None:
            if dernier.taille > n or arbre.racine(lire, dernier.taille).hex() != dernier.racine:
                raise Incoherence(
                    f"Le journal public ne prolonge pas son dernier point de contrôle ({dernier.taille} feuilles)."
                )
        elif n == 0:
            return None
        _garder_les_tuiles_pleines(n)
        tete = notes.Tete(origine(), n, arbre.racine(lire, n))
        note = f"{tete.corps}\n{signataire.signer(tete.corps)}"
        point = PointDeControle.objects.create(taille=n, racine=tete.racine.hex(), note=note, publie_le=timezone.now())
        gardien.retenir_point(point)
        return point


def _garder_les_tuiles_pleines(n: int) -> None:
    niveau = 0
    while pleines := (n >> tuiles.HAUTEUR * niveau) // tuiles.LARGEUR:
        gardees = Tuile.objects.filter(niveau=niveau).count()
        Tuile.objects.bulk_create(
            Tuile(niveau=niveau, rang=rang, octets=tuile(niveau, rang, n)) for rang in range(gardees, pleines)
        )
        niveau += 1


@quotidienne("Publier le point de contrôle du journal public")
def publier_le_journal() -> str:
    """Every day, whatever was issued."""
    point = publier()
    return f"journal public à {point.taille} feuille(s)." if point else "rien de nouveau au journal public."


def note_complete(point: PointDeControle) -> str:
    """The checkpoint with the cosignatures of the witnesses, as it is served."""
    return point.note + "".join(c.ligne for c in point.cosignatures.all())


def temoins() -> list[notes.Verificateur]:
    """The witnesses whose cosignatures we show, from the settings."""
    return [notes.Verificateur.lire(ligne) for ligne in settings.TEMOINS_DU_JOURNAL]


def recevoir_cosignature(texte: str) -> Cosignature:
    """Keep the cosignature that a witness sends: the checkpoint it saw, with its line.

    Raises:
        registre.transparence.notes.NoteFausse: not one of our checkpoints, or not one of our witnesses.
    """
    corps, signatures = notes.separer(texte)
    point = PointDeControle.objects.filter(note__startswith=corps + "\n").first()
    if point is None:
        raise notes.NoteFausse("ce point de contrôle n’est pas de ce journal")
    connus = {(v.nom, v.identifiant): v for v in temoins() if v.genre == notes.COSIGNATURE}
    for nom, octets in signatures:
        if verificateur := connus.get((nom, octets[:4])):
            moment = verificateur.instant(corps, octets[4:])
            ligne = next(x for x in texte.splitlines() if x.startswith(f"— {nom} ")) + "\n"
            cosignature, _ = Cosignature.objects.get_or_create(
                point=point,
                temoin=nom,
                defaults={"ligne": ligne, "vue_le": datetime.fromtimestamp(moment, tz=UTC)},
            )
            return cosignature
    raise notes.NoteFausse("aucun témoin connu n’a signé ce point de contrôle")


def preuve(feuille: Feuille) -> str | None:
    """The proof that a leaf is in the log, to be kept beside the document; None before the next checkpoint.

    Text of C2SP tlog-proof: the entry (base64), its rank, the hashes, then the signed checkpoint.
    """
    point = dernier_point()
    if point is None or feuille.rang >= point.taille:
        return None
    chemin = arbre.preuve_inclusion(lecteur(point.taille), feuille.rang, point.taille)
    lignes = ["c2sp.org/tlog-proof@v1", f"extra {b64encode(feuille.entree).decode()}", f"index {feuille.rang}"]
    lignes += [b64encode(h).decode() for h in chemin]
    return "\n".join(lignes) + "\n\n" + note_complete(point)


def verifier() -> Iterator[str]:
    """Recompute the whole log from the database and yield a French sentence per fault; nothing when it is sound."""
    attendu, hachages = 0, []
    for feuille in (
        Feuille.objects.select_related("parchemin", "duplicata__parchemin").order_by("rang").iterator(chunk_size=2000)
    ):
        if feuille.rang != attendu:
            yield f"Feuille {attendu} du journal public\u00a0: absente."
            attendu = feuille.rang
        attendu += 1
        if arbre.hacher_feuille(feuille.entree).hex() != feuille.hachage:
            yield f"Feuille {feuille.rang} du journal public\u00a0: contenu modifié."
        if feuille.parchemin and feuille.parchemin.sel and _engagement_attendu(feuille) != feuille.engagement:
            yield f"Feuille {feuille.rang} du journal public\u00a0: le document n’est plus celui qui a été inscrit."
        hachages.append(bytes.fromhex(feuille.hachage))
    if taille() != attendu:
        yield f"Journal public\u00a0: {taille()} feuilles attendues, {attendu} lues."
    lire = arbre.lecteur(hachages)
    for point in PointDeControle.objects.order_by("taille"):
        if point.taille > len(hachages) or arbre.racine(lire, point.taille).hex() != point.racine:
            yield f"Point de contrôle à {point.taille} feuilles\u00a0: la racine publiée n’est plus celle du journal."
    for numero in _ressuscites().values_list("numero", flat=True):
        yield f"Document {numero}\u00a0: le journal public le dit annulé ou remplacé, la base ne le dit plus."
    if oubliees := _sans_feuille().count():
        yield (
            f"Journal public\u00a0: {oubliees} document(s) édité(s) sans feuille. Lancez «\u202fmanage.py "
            "reprendre\u202f»."
        )


def _ressuscites():
    """Documents that an event of the log ended, and that the database holds for valid: nothing may do that."""
    fins = (Feuille.Evenement.ANNULATION, Feuille.Evenement.REMPLACEMENT)
    return Parchemin.objects.filter(annule_le=None, feuilles__evenement__in=fins).distinct().order_by("pk")


def _engagement_attendu(feuille: Feuille) -> str:
    document = feuille.parchemin
    if feuille.evenement == Feuille.Evenement.EMISSION:
        return engagement(document.sel, document.enregistrement, document.sha256)
    if feuille.duplicata:
        return _engagement_du_duplicata(feuille.duplicata, feuille.jour)
    return engagement(document.sel, contenu_de_l_evenement(document, feuille.evenement, feuille.jour))
