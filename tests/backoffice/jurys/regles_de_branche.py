"""The rules of juries seen in the branches, as sets of rules of a parcours, and what each one makes of the same facts.

The same jury sits each time (three members per collège, of as many organisations), the same four dossiers come before
it:

* `complet`: everything acquired, marks of 16;
* `premier_bloc`: the first bloc only, for both évaluateurs, marks of 16 then 6;
* `aucun`: nothing acquired, marks of 6;
* `divergent`: the métier finds everything acquired; the évaluateur habilité not the second bloc, which he marks 13.
"""

from dataclasses import dataclass, field

VALIDEE, PARTIELLE, NON_VALIDEE, AJOURNEE = "validee", "partielle", "non_validee", "ajournee"
HABITUEL = {"complet": VALIDEE, "premier_bloc": PARTIELLE, "aucun": NON_VALIDEE, "divergent": PARTIELLE}


@dataclass(frozen=True)
class Branche:
    """One set of rules and its expected outcome.

    `presents`: who sits, as (employeurs, salariés). `insuffisants`: a presence with which the jury may not open, and a
    piece of the refusal. `procurations`: ranks (giver, holder) among the six seats, employers first. `voix`: what the
    voices say of the second bloc of `divergent`, by rank of seat, when the jury votes on it. `accorde`: the jury grants
    that bloc with a reason. `resultats`: what becomes of the four dossiers.
    """

    regles: dict
    presents: tuple[int, int] = (3, 3)
    insuffisants: tuple[tuple[int, int], str] | None = None
    procurations: tuple[tuple[int, int], ...] = ()
    voix: dict[int, str] = field(default_factory=dict)
    accorde: bool = False
    refus_d_accorder: str = ""
    resultats: dict = field(default_factory=dict)

    @property
    def attendus(self) -> dict:
        return HABITUEL | self.resultats


POUR, CONTRE, ABSTENTION = "pour", "contre", "abstention"
NOTES = {"mode_evaluation": "notes", "note_maximale": 20, "seuil_bloc": 70}
PARTAGE = {0: POUR, 1: POUR, 2: CONTRE, 3: POUR, 4: CONTRE, 5: CONTRE}

BRANCHES = {
    "trois membres par collège": Branche(
        {"membres_minimum_par_college": 3, "sieges_par_college": 3},
        insuffisants=((2, 2), "2 membres présents pour le collège employeurs, il en faut au moins 3"),
    ),
    "un siège par organisation signataire": Branche(
        {"un_siege_par_organisation": True, "sieges_par_college": 5},
        insuffisants=((2, 3), "Parité\u00a0: 2 membres présents pour le collège employeurs et 3"),
    ),
    "au moins un de chaque collège": Branche(
        {"membres_minimum_par_college": 1, "parite_stricte": False},
        presents=(3, 1),
        insuffisants=((3, 0), "0 membre présent pour le collège salariés, il en faut au moins 1"),
    ),
    "majorité absolue des présents et représentés": Branche(
        {
            "concordance": "jury",
            "membres_minimum_par_college": 3,
            "quorum_represente": True,
            "procurations_par_membre": 1,
        },
        presents=(2, 2),
        insuffisants=((2, 2), "2 membres présents ou représentés pour le collège employeurs"),
        procurations=((2, 1), (5, 4)),
        voix={0: POUR, 1: POUR, 2: POUR, 3: POUR, 4: CONTRE, 5: ABSTENTION},
        resultats={"divergent": VALIDEE},
    ),
    "partage, sans voix prépondérante": Branche(
        {"concordance": "jury"}, voix=PARTAGE, resultats={"divergent": AJOURNEE}
    ),
    "partage, avec voix prépondérante": Branche(
        {"concordance": "jury", "voix_preponderante": True}, voix=PARTAGE, resultats={"divergent": VALIDEE}
    ),
    "majorité des exprimés": Branche(
        {"concordance": "jury", "majorite": "exprimes"},
        voix={0: POUR, 1: CONTRE, 2: ABSTENTION, 3: ABSTENTION, 4: ABSTENTION, 5: POUR},
        resultats={"divergent": VALIDEE},
    ),
    "majorité dans chaque collège": Branche(
        {"concordance": "jury", "majorite": "colleges"},
        voix={0: POUR, 1: POUR, 2: POUR, 3: POUR, 4: CONTRE, 5: CONTRE},
        resultats={"divergent": AJOURNEE},
    ),
    "le CQP si tous les blocs sont validés": Branche(
        {"validation_partielle": False}, resultats={"premier_bloc": NON_VALIDEE, "divergent": NON_VALIDEE}
    ),
    "70 % par bloc, rattrapage motivé (OCAPIAT)": Branche(
        NOTES | {"rattrapage_permis": True}, accorde=True, resultats={"divergent": VALIDEE}
    ),
    "pratique à 14 sur 20, sans rattrapage": Branche(
        NOTES | {"rattrapage_permis": False}, refus_d_accorder="ne permet pas au jury de l’accorder en rattrapage"
    ),
    "les deux favorables, sinon non acquis": Branche({"concordance": "favorables"}),
    "divergence : le jury examine": Branche(
        {"concordance": "jury"},
        voix=dict.fromkeys(range(6), POUR),
        resultats={"divergent": VALIDEE},
    ),
}
