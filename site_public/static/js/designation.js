// Filters by words: names are proposed while typing. Without this script, the words are understood when they are sent.
(function () {
  "use strict";
  document.querySelectorAll("[data-designation]").forEach(function (champ) {
    var noms = champ.list;
    var adresse = champ.form.dataset.designations;
    var attente = null;
    var demande = null;
    if (!noms || !adresse) return;

    function proposer() {
      if (demande) demande.abort();
      if (champ.value.trim().length < 2) return;
      demande = new AbortController();
      var saisie = new FormData();
      saisie.set("csrfmiddlewaretoken", champ.form.elements.csrfmiddlewaretoken.value);
      saisie.set("liste", champ.form.dataset.liste);
      saisie.set("filtre", champ.dataset.designation);
      saisie.set("q", champ.value);
      fetch(adresse, { method: "POST", body: saisie, signal: demande.signal, credentials: "same-origin", redirect: "error" })
        .then(function (reponse) {
          return reponse.ok ? reponse.json() : { noms: [] };
        })
        .then(function (reponse) {
          noms.replaceChildren.apply(
            noms,
            reponse.noms.map(function (nom) {
              var choix = document.createElement("option");
              choix.value = nom;
              return choix;
            })
          );
        })
        .catch(function () {
          // Connection lost or request overtaken: the words are understood when the form is sent.
        });
    }

    champ.addEventListener("input", function () {
      window.clearTimeout(attente);
      attente = window.setTimeout(proposer, 250);
    });
  });
})();
