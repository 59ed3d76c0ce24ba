// The list changes under the visitor: what they opened stays open, and the focus never falls on nothing.
(() => {
  "use strict";
  const liste = () => document.getElementById("catalogue");
  let ouverts = null;
  document.body.addEventListener("htmx:beforeSwap", (evenement) => {
    if (evenement.detail.target !== liste()) return;
    ouverts = [...liste().querySelectorAll("details[id]")].map((panneau) => [panneau.id, panneau.open]);
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const [id, ouvert] of ouverts ?? []) {
      const panneau = document.getElementById(id);
      if (panneau) panneau.open = ouvert || panneau.querySelector(":checked") !== null;
    }
    ouverts = null;
    if (document.activeElement === document.body) document.getElementById("resultats")?.focus();
  });
})();
