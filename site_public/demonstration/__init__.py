"""The demonstration: true certifications, invented people, dossiers carried by the real verbs."""
