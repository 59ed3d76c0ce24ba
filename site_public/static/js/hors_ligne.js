// Checks a parchemin in this browser alone: nothing typed here leaves it. The rules are those of hors_ligne.py.
(() => {
  const formulaire = document.querySelector("[data-hors-ligne]");
  if (!formulaire) return;
  const cles = JSON.parse(document.getElementById("cles-publiques").textContent).keys;
  const sortie = document.getElementById("verdict-hors-ligne");
  const OUVERTURES = { "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ł": "l", "Ł": "L", "ø": "o",
    "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i" };
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const texte = new TextEncoder();

  const formeLue = (mot) =>
    [...mot].map((c) => OUVERTURES[c] || c).join("").normalize("NFKD").replace(/\p{M}/gu, "")
      .replace(/[^\p{L}\p{N}]/gu, " ").toUpperCase().trim().split(/\s+/).join(" ").normalize("NFC");

  const joindre = (...parts) => {
    const tout = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    parts.reduce((n, p) => { tout.set(p, n); return n + p.length; }, 0);
    return tout;
  };

  const base32 = (jeton) => {
    const octets = [];
    let bits = 0, reste = 0;
    for (const c of jeton) {
      reste = (reste << 5) | ALPHABET.indexOf(c);
      bits += 5;
      if (bits >= 8) { bits -= 8; octets.push((reste >> bits) & 255); reste &= (1 << bits) - 1; }
    }
    return new Uint8Array(octets);
  };

  const depuisBase64Url = (mot) =>
    Uint8Array.from(atob(mot.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const cleDe = (octets) => cles.find((c) => Number(c.kid) === octets[1]);

  async function signatureBonne(octets) {
    const cle = cleDe(octets);
    if (octets[0] !== 1 || !cle) return false;
    const publique = await crypto.subtle.importKey("raw", depuisBase64Url(cle.x), "Ed25519", false, ["verify"]);
    const message = joindre(texte.encode("cqp-jeton-1\0"), octets.slice(0, 41));
    return crypto.subtle.verify("Ed25519", publique, octets.slice(41), message);
  }

  async function mentionsSignees(octets, dites) {
    const lues = {};
    for (const nom of Object.keys(dites).sort()) lues[nom] = nom === "date" ? dites[nom] : formeLue(dites[nom]);
    const message = joindre(texte.encode("cqp-engagement-1\0"), octets.slice(9, 25), texte.encode(JSON.stringify(lues)));
    const calcule = new Uint8Array(await crypto.subtle.digest("SHA-256", message)).slice(0, 16);
    return calcule.every((octet, rang) => octet === octets[25 + rang]);
  }

  async function verdict(code, dites) {
    const jeton = code.replace(/\s/g, "").replace(/\/+$/, "").split("/").pop().toUpperCase();
    if (!/^[A-Z2-7]{168}$/.test(jeton)) return ["refus", "forme"];
    const octets = base32(jeton);
    if (!(await signatureBonne(octets))) return ["refus", "signature"];
    const { etat, depuis } = cleDe(octets);
    if (etat === "revoquee" || depuis !== undefined) return ["refus", "revoquee"];
    if (![1, 2, 3].includes(octets[2] >> 4)) return ["refus", "signature"];
    const { date, ...mots } = dites;
    if (!date && !Object.values(mots).some((mot) => mot.trim())) return ["valide", "code"];
    return (await mentionsSignees(octets, dites)) ? ["valide", "authentique"] : ["refus", "mentions"];
  }

  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    const { qr, ...dites } = Object.fromEntries(new FormData(formulaire));
    let reponse;
    try {
      reponse = await verdict(qr, dites);
    } catch {
      reponse = ["refus", "navigateur"];
    }
    for (const bloc of sortie.querySelectorAll("[data-reponse]")) bloc.hidden = bloc.dataset.reponse !== reponse[1];
    sortie.focus();
  });
  formulaire.hidden = false;
})();
