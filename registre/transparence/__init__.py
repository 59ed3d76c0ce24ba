"""The public log of what was issued: a Merkle tree that can only grow, checked by anyone without us.

`arbre` hashes (RFC 6962), `notes` signs (C2SP signed-note and tlog-cosignature), `tuiles` cuts the tree in files (C2SP
tlog-tiles), `journal_public` writes the leaves and publishes the checkpoints, `temoin` is what a witness runs.
"""
