"""The files outside the .blend that a scene needs, and where it finds them."""

import glob
import os

import bpy
from tile_names import TILE_TOKENS


class SceneFile:
    """One needed file. `use(path)` makes the scene read another file in its place."""

    def __init__(self, kind, owner, path, packed, use, name=None):
        self.kind = kind
        self.name = name or owner.name
        self.path = path
        self.packed = packed
        self.use = use
        library = owner.parent if kind == "library" else getattr(owner, "library", None)
        self.absolute = os.path.normpath(bpy.path.abspath(path, library=library).replace("\\", "/"))

    def missing(self):
        return not self.packed and not exists(self.absolute)


def exists(path):
    for token, pattern in TILE_TOKENS.items():
        if token in path:
            start, end = path.split(token, 1)
            return bool(glob.glob(glob.escape(start) + pattern + glob.escape(end)))
    return os.path.exists(path)


def scene_files():
    """All needed files, libraries first; several data-blocks may need the same one."""
    data = bpy.data
    found = [SceneFile("library", item, item.filepath, _is_packed(item), _reload_from(item)) for item in data.libraries]
    for item in data.images:
        if item.source in {"FILE", "SEQUENCE", "MOVIE", "TILED"} and item.filepath:
            found.append(SceneFile("image", item, item.filepath, _is_packed(item), _set(item, "filepath")))
    for kind, items in (
        ("sound", data.sounds),
        ("movie clip", data.movieclips),
        ("cache", data.cache_files),
        ("volume", getattr(data, "volumes", ())),
    ):
        for item in items:
            if item.filepath:
                found.append(SceneFile(kind, item, item.filepath, _is_packed(item), _set(item, "filepath")))
    for item in data.fonts:
        if item.filepath and item.filepath != "<builtin>":
            found.append(SceneFile("font", item, item.filepath, _is_packed(item), _replace_font(item)))
    return found + list(_strip_files()) + list(_modifier_files()) + list(_light_profiles())


def all_node_trees():
    """Every node tree of the file: of scenes, materials, lights and worlds, and the groups."""
    owners = [*bpy.data.scenes, *bpy.data.materials, *bpy.data.lights, *bpy.data.worlds]
    trees = [getattr(owner, "node_tree", None) for owner in owners]
    return [tree for tree in trees if tree] + list(bpy.data.node_groups)


def strips_of(scene):
    """All strips of a scene's sequence editor, also those inside meta strips. Called sequences before 4.4."""
    editor = scene.sequence_editor
    if not editor:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)


def _strip_files():
    for scene in bpy.data.scenes:
        for strip in strips_of(scene):
            if strip.type == "MOVIE":
                yield SceneFile("movie strip", scene, strip.filepath, False, _set(strip, "filepath"), strip.name)
            elif strip.type == "IMAGE":
                for element in {item.filename: item for item in strip.elements}.values():
                    path = os.path.join(strip.directory, element.filename)
                    yield SceneFile("image strip", scene, path, False, _move_element(strip, element), strip.name)


def _modifier_files():
    for item in bpy.data.objects:
        for modifier in item.modifiers:
            if modifier.type == "MESH_CACHE" and modifier.filepath:
                yield SceneFile("mesh cache", item, modifier.filepath, False, _set(modifier, "filepath"))


def _light_profiles():
    for tree in all_node_trees():
        for node in tree.nodes:
            if node.bl_idname == "ShaderNodeTexIES" and node.mode == "EXTERNAL" and node.filepath:
                yield SceneFile("light profile", tree, node.filepath, False, _set(node, "filepath"), node.name)


def _is_packed(item):
    return bool(getattr(item, "packed_file", None)) or len(getattr(item, "packed_files", ())) > 0


def _set(owner, attribute):
    return lambda path: setattr(owner, attribute, path)


def _reload_from(library):
    def use(path):
        library.filepath = path
        library.reload()

    return use


def _replace_font(font):
    # The path of a loaded font cannot be changed.
    return lambda path: font.user_remap(bpy.data.fonts.load(path))


def _move_element(strip, element):
    def use(path):
        strip.directory = os.path.dirname(path) + "/"
        element.filename = os.path.basename(path)

    return use
