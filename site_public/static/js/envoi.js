// Guards a POST form against a second submit while the first one is on its way. `data-envoi-libre` opts out.
(function () {
  "use strict";
  document.addEventListener("submit", function (evenement) {
    var formulaire = evenement.target;
    if (evenement.defaultPrevented || formulaire.method !== "post" || formulaire.hasAttribute("data-envoi-libre")) return;
    if (formulaire.hasAttribute("data-envoye")) {
      evenement.preventDefault();
      return;
    }
    formulaire.setAttribute("data-envoye", "");
    var bouton = evenement.submitter;
    // aria-disabled, not disabled: a disabled button would lose the focus, and its name and value with it.
    if (bouton) {
      bouton.setAttribute("aria-busy", "true");
      bouton.setAttribute("aria-disabled", "true");
    }
  });
  // A page that comes back from the history, or a connection that never answered: the form must work again.
  function liberer() {
    document.querySelectorAll("form[data-envoye]").forEach(function (formulaire) {
      formulaire.removeAttribute("data-envoye");
      formulaire.querySelectorAll("[aria-busy]").forEach(function (bouton) {
        bouton.removeAttribute("aria-busy");
        bouton.removeAttribute("aria-disabled");
      });
    });
  }
  window.addEventListener("pageshow", liberer);
  window.addEventListener("online", liberer);
})();
