"""Names that stand for many files: the tiles of one picture."""

# What stands in the name for the number of the tile, and how such numbers look to glob.
TILE_TOKENS = {"<UDIM>": "[0-9][0-9][0-9][0-9]", "<UVTILE>": "u[0-9]*_v[0-9]*"}


def has_tile_token(name):
    return any(token in name for token in TILE_TOKENS)
