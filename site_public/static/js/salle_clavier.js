// Keys of the deliberation room: j and k or the arrows go from dossier to dossier, a, n and b answer the bloc at hand.
// Silent in a text field, and when cut off (WCAG 2.1.4): the help panel says both.
(function () {
  "use strict";
  var aide = document.getElementById("aide-clavier");
  var coupe = document.getElementById("sans-raccourcis");
  if (!aide) return;
  var LIENS = { j: "suivant", ArrowRight: "suivant", k: "precedent", ArrowLeft: "precedent" };
  var CHOIX = { a: ["pour", "oui"], n: ["contre", "non"], b: ["abstention"] };

  function repondus(bloc) { return bloc.querySelector("input:checked"); }

  function blocs() {
    var formulaire = document.querySelector("form[data-voter]") || document.querySelector("form[data-brouillon]");
    return formulaire ? Array.prototype.slice.call(formulaire.querySelectorAll(".champ-radioselect")).filter(function (bloc) {
      return bloc.querySelector("input[value=pour], input[value=oui]");
    }) : [];
  }

  function repondre(valeurs) {
    var tous = blocs();
    var bloc = tous.filter(function (b) { return b.contains(document.activeElement); })[0]
      || tous.filter(function (b) { return !repondus(b); })[0] || tous[0];
    var choix = bloc && valeurs.map(function (v) { return bloc.querySelector("input[value=" + v + "]"); }).filter(Boolean)[0];
    if (!choix) return;
    choix.checked = true;
    choix.dispatchEvent(new Event("input", { bubbles: true }));
    var reste = tous.filter(function (b) { return !repondus(b); })[0];
    (reste ? reste.querySelector("input") : choix.form.querySelector("button[type=submit]")).focus();
  }

  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || (coupe && coupe.checked)) return;
    var radio = e.target.matches("input[type=radio]");
    if (e.target.matches("textarea, select, input") && !e.target.matches("input[type=radio], input[type=checkbox]")) return;
    if (e.key === "?") { aide.open = !aide.open; e.preventDefault(); return; }
    if (CHOIX[e.key]) { repondre(CHOIX[e.key]); e.preventDefault(); return; }
    var lien = LIENS[e.key] && !(radio && e.key.indexOf("Arrow") === 0) && document.getElementById(LIENS[e.key]);
    if (lien) { e.preventDefault(); lien.click(); }
  });

  try { coupe.checked = localStorage.getItem("salle-sans-raccourcis") === "oui"; } catch (erreur) { /* not kept, that is all */ }
  coupe.addEventListener("change", function () {
    try { localStorage.setItem("salle-sans-raccourcis", coupe.checked ? "oui" : ""); } catch (erreur) { /* the same */ }
  });
})();
