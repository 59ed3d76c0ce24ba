"""The public registry: every version of every published certification, for people and for machines."""
