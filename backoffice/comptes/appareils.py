"""What a browser is, in words people recognise."""

# In this order: each browser also claims to be those that follow.
NAVIGATEURS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMES = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def appareil(agent: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself; people recognise that, not the header."""
    navigateur = next((nom for marque, nom in NAVIGATEURS.items() if marque in agent), "Navigateur inconnu")
    systeme = next((nom for marque, nom in SYSTEMES.items() if marque in agent), "")
    return f"{navigateur} sur {systeme}" if systeme else navigateur
