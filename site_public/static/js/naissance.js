// Birthplace: proposals while typing, one click fills the commune, its code and the country. Without this script the
// same field works at save: the server gives the proposals back as choices.
(function () {
  "use strict";
  var zone = document.querySelector("[data-lieux]");
  var champ = zone && document.getElementById(zone.dataset.champ);
  if (!champ) return;
  var prefixe = champ.name.replace(/lieu_naissance$/, "");
  var annonce = zone.querySelector("[data-lieux-annonce]");
  var liste = zone.querySelector("[data-lieux-liste]");
  var attente = null;
  var demande = null;

  function voisin(nom) {
    return champ.form.elements[prefixe + nom];
  }

  function chercher() {
    if (demande) demande.abort();
    liste.textContent = "";
    annonce.textContent = "";
    if (champ.value.trim().length < 2) return;
    demande = new AbortController();
    var parametres = new URLSearchParams({ q: champ.value });
    ["jour_naissance", "mois_naissance", "annee_naissance"].forEach(function (nom) {
      parametres.set(nom, voisin(nom).value);
    });
    fetch(zone.dataset.lieux + "?" + parametres, { signal: demande.signal, credentials: "same-origin", redirect: "error" })
      .then(function (reponse) {
        return reponse.ok ? reponse.text() : "";
      })
      .then(function (texte) {
        // Our own page, escaped by the server: parsed apart, no script of it would run.
        var fragment = new DOMParser().parseFromString(texte, "text/html").body;
        liste.replaceChildren.apply(liste, Array.prototype.slice.call(fragment.childNodes));
        var nombre = liste.querySelectorAll("[data-lieu]").length;
        annonce.textContent = nombre ? nombre + (nombre > 1 ? " lieux proposés." : " lieu proposé.") : "";
      })
      .catch(function () {
        // Connection lost or request overtaken: saving still finds the place.
      });
  }

  function choisir(bouton) {
    Array.prototype.forEach.call(bouton.attributes, function (attribut) {
      var cible = attribut.name.indexOf("data-") === 0 && voisin(attribut.name.slice(5));
      if (cible) cible.value = attribut.value;
    });
    annonce.textContent = "Lieu repris\u00a0: " + bouton.textContent.trim() + ".";
    champ.value = "";
    liste.textContent = "";
    champ.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "choisi" }));
    var suite = voisin("commune_naissance");
    suite.focus();
  }

  champ.addEventListener("input", function (evenement) {
    window.clearTimeout(attente);
    if (evenement.detail === "choisi") return;
    attente = window.setTimeout(chercher, 250);
  });
  zone.addEventListener("click", function (evenement) {
    var bouton = evenement.target.closest("[data-lieu]");
    if (bouton) choisir(bouton);
  });
})();
