// Keeps the deliberation room up to date: asks every few seconds, replaces only the parts that changed. Focus, choices
// and text under way survive; whoever wishes follows the chair from dossier to dossier. Without it, « Actualiser » does.
(function () {
  "use strict";
  var racine = document.querySelector("[data-salle]");
  if (!racine) return;
  var RYTHME = 2500;
  var etat = document.querySelector("[data-etat-vif]");
  var suivre = document.getElementById("suivre");
  var saisie = false;

  function vifs(source) { return Array.prototype.slice.call(source.querySelectorAll("[data-vif]")); }
  function champs(source) { return Array.prototype.slice.call(source.querySelectorAll("input:not([type=hidden]), textarea")); }
  function marque() { return '"' + vifs(document).map(function (v) { return v.dataset.version; }).join(".") + '"'; }

  function remplacer(neuf) {
    var ancien = document.getElementById(neuf.id);
    if (!ancien || ancien.dataset.version === neuf.dataset.version) return;
    var actif = ancien.contains(document.activeElement) ? document.activeElement.id : "";
    var tenus = champs(ancien).filter(function (c) { return c.id && (c.checked !== c.defaultChecked || c.value !== c.defaultValue); });
    ancien.replaceWith(neuf);
    tenus.forEach(function (c) {
      var meme = document.getElementById(c.id);
      if (meme && neuf.contains(meme)) { meme.checked = c.checked; meme.value = c.value; }
    });
    if (actif && document.getElementById(actif)) document.getElementById(actif).focus({ preventScroll: true });
  }

  function suite() {
    var lien = document.querySelector("#vif-annonce [data-suivre]");
    if (suivre && suivre.checked && lien && !saisie && !document.activeElement.matches("textarea, input[type=text]")) window.location.assign(lien.href);
  }

  function demander() {
    if (document.hidden) return planifier(RYTHME);
    fetch(racine.dataset.salle, { headers: { "If-None-Match": marque() }, credentials: "same-origin", cache: "no-store", redirect: "manual" })
      .then(function (reponse) {
        etat.textContent = "";
        if (reponse.status === 304) return planifier(RYTHME);
        if (!reponse.ok) { etat.textContent = "La page ne se met plus à jour\u00a0: actualisez-la."; return null; }
        return reponse.text().then(function (texte) {
          vifs(new DOMParser().parseFromString(texte, "text/html")).forEach(remplacer);
          suite();
          planifier(RYTHME);
        });
      })
      .catch(function () { etat.textContent = "Connexion perdue\u00a0: la page se mettra à jour au retour du réseau."; planifier(3 * RYTHME); });
  }

  function planifier(delai) { window.setTimeout(demander, delai); }

  document.querySelectorAll("[data-si-script]").forEach(function (element) { element.hidden = false; });
  document.addEventListener("input", function (e) { if (e.target.form) saisie = true; });
  if (suivre) {
    try { suivre.checked = sessionStorage.getItem("salle-suivre") === "oui"; } catch (erreur) { /* not kept, that is all */ }
    suivre.addEventListener("change", function () {
      try { sessionStorage.setItem("salle-suivre", suivre.checked ? "oui" : ""); } catch (erreur) { /* the same */ }
      suite();
    });
    suite();
  }
  planifier(RYTHME);
})();
