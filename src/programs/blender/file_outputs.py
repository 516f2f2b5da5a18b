"""File Output nodes write where the artist's machine has its folders; here each writes into a folder of its own in the workspace."""

import os
import re

import bpy
from channel import warn
from forced_output import literal_path


def redirect_file_outputs(folder):
    """Redirects the nodes of all scenes and groups, and names what they write by safe characters only."""
    taken = set()
    for tree in _compositor_trees():
        for node in tree.nodes:
            if node.bl_idname != "CompositorNodeOutputFile":
                continue
            own = os.path.join(folder, _unique(safe_name(node.label or node.name, "output"), taken))
            os.makedirs(own)
            stored = _redirect(node, own)
            if not node.mute:
                warn(
                    "file_output_redirected",
                    'The File Output node "%s" would write to "%s"; what it writes is filed with the frames.'
                    % (node.name, stored),
                )


def safe_name(text, otherwise):
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or otherwise


def _compositor_trees():
    # Before 5.0 the scene owned its tree; since then it is one of the groups.
    owned = [getattr(scene, "node_tree", None) for scene in bpy.data.scenes]
    trees = [tree for tree in owned if tree] + list(bpy.data.node_groups)
    return list({tree.as_pointer(): tree for tree in trees if tree.bl_idname == "CompositorNodeTree"}.values())


def _redirect(node, folder):
    """Returns the path that was stored in the node."""
    taken = set()
    # Then there is one file, and the names are those of its layers.
    layered = node.format.file_format == "OPEN_EXR_MULTILAYER"
    if hasattr(node, "base_path"):
        stored = node.base_path
        node.base_path = os.path.join(folder, "layers_####" if layered else "")
        for slot in node.file_slots:
            slot.path = _unique(safe_name(slot.path, "image"), taken) + "_####"
        return stored
    stored = os.path.join(node.directory, node.file_name)
    node.directory = literal_path(folder + "/")
    node.file_name = "layers_" if layered else ""
    for item in () if layered else node.file_output_items:
        item.name = _unique(safe_name(item.name, "image"), taken)
    return stored


def _unique(name, taken):
    number, candidate = 1, name
    while candidate.lower() in taken:
        number += 1
        candidate = "%s-%d" % (name, number)
    taken.add(candidate.lower())
    return candidate
