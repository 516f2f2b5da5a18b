"""All files of the project by their names, to find again what the .blend looks for elsewhere."""

import os
import re

from tile_names import TILE_TOKENS, has_tile_token


class ProjectIndex:
    """All files of the project, by name without regard to case."""

    def __init__(self, folder):
        self.folder = folder
        self._by_name = {}
        for parent, _, names in os.walk(folder):
            for name in names:
                self._by_name.setdefault(name.lower(), []).append(os.path.join(parent, name))

    def find(self, path):
        """The file that a stored path most likely means, wherever it lay on the artist's machine; None if there is none."""
        parts = [part for part in path.replace("\\", "/").split("/") if part]
        if not parts:
            return None
        candidates = self._named(parts[-1])
        if not candidates:
            return None
        best = min(candidates, key=lambda candidate: _distance(candidate, parts))
        # The name of a set of tiles stays as it is; only its folder is found.
        return os.path.join(os.path.dirname(best), parts[-1]) if has_tile_token(parts[-1]) else best

    def relative(self, path):
        return os.path.relpath(path, self.folder)

    def _named(self, name):
        if not has_tile_token(name):
            return self._by_name.get(name.lower(), [])
        pattern = re.escape(name)
        for token in TILE_TOKENS:
            pattern = pattern.replace(re.escape(token), r"[0-9uv_]+")
        whole = re.compile(pattern + r"\Z")
        return [path for paths in self._by_name.values() for path in paths if whole.match(os.path.basename(path))]


def _distance(candidate, parts):
    """Orders candidates: the same case first, then the most folders in common from the end, then the shortest path."""
    own = candidate.split("/")
    common = 0
    for a, b in zip(reversed(own), reversed(parts)):
        if a.lower() != b.lower():
            break
        common += 1
    same_case = own[-1] == parts[-1] or has_tile_token(parts[-1])
    return (not same_case, -common, len(own), candidate)
