"""Tells what is in a .blend: blender -b --factory-startup -Y FILE --python-exit-code 97 --python read_scene.py -- request.json"""

import os
import sys

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from channel import mark_loaded, request, tell
from physics import unbaked_physics
from project_index import ProjectIndex
from scene_files import scene_files
from scene_info import scene_info


def tell_files(project):
    """Each needed file once; one that lies elsewhere in the project than the .blend says is found there by its name."""
    index = None
    told = set()
    for file in scene_files():
        if (file.kind, file.path) in told:
            continue
        told.add((file.kind, file.path))
        missing, near = file.missing(), None
        if missing:
            index = index or ProjectIndex(project)
            found = index.find(file.path)
            if found is not None:
                same = os.path.basename(found) == os.path.basename(file.path.replace("\\", "/"))
                missing, near = not same, None if same else index.relative(found)
        tell("file", kind=file.kind, name=file.name, path=file.path, packed=file.packed, missing=missing, nearMatch=near)


def main():
    asked = request()
    mark_loaded(asked["marker"])
    for scene in bpy.data.scenes:
        if scene.library is None:
            tell("scene", **scene_info(scene))
    tell_files(asked["projectFolder"])
    for text in bpy.data.texts:
        tell("text", name=text.name, register=text.use_module)
    for name in unbaked_physics():
        tell("unbaked_physics", name=name)
    tell(
        "read",
        blenderVersion="%d.%d.%d" % bpy.app.version,
        savedVersion="%d.%d" % tuple(bpy.data.version[:2]),
        activeScene=bpy.context.scene.name,
        blockedScript=bpy.app.autoexec_fail_message if bpy.app.autoexec_fail else None,
    )


main()
