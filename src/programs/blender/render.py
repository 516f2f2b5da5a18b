"""Renders the frames of one task: blender -b --factory-startup -Y FILE --python-exit-code 97 --python render.py -- order.json"""

import os
import resource
import sys

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from addons import check_addons
from channel import fail, mark_loaded, request, tell
from devices import check_denoising, choose_device
from file_outputs import redirect_file_outputs
from forced_output import force_output
from missing_files import find_missing_files
from overrides import apply_overrides, choose_scene
from safety import disable_freestyle_scripts, warn_of_blocked_scripts
from saved_files import collect_files


def prepare(order):
    check_addons(order["addons"])
    find_missing_files(order["projectFolder"])
    scene = choose_scene(order["overrides"]["scene"])
    apply_overrides(scene, order["overrides"])
    disable_freestyle_scripts()
    warn_of_blocked_scripts()
    os.makedirs(order["extrasFolder"])
    redirect_file_outputs(order["extrasFolder"])
    force_output(scene, order["outputFolder"])
    device = choose_device(scene, order["device"])
    check_denoising()
    scene.render.use_persistent_data = order["persistentData"]
    version = "%d.%d.%d" % bpy.app.version
    tell("started", blenderVersion=version, scene=scene.name, engine=scene.render.engine, device=device)
    return scene


def watch(scene, order):
    """Tells of each frame as it is begun and saved. Blender swallows errors of handlers, so they are kept; scene strips render scenes of their own."""
    name, errors = scene.name, []

    def before(current, *_):
        if current.name == name:
            tell("frame_started", frame=current.frame_current)

    def saved(current, *_):
        try:
            frame = current.frame_current
            files = collect_files(current, frame, order["outputFolder"], order["extrasFolder"])
            tell("frame_saved", frame=frame, files=files)
        except Exception as error:
            errors.append(error)

    bpy.app.handlers.render_pre.append(before)
    bpy.app.handlers.render_write.append(saved)
    return errors


def render(scene, order):
    """Runs of frames go through one call each, so that Blender keeps what it has evaluated."""
    errors = watch(scene, order)
    for start, end, step in order["runs"]:
        scene.frame_start = start
        scene.frame_end = end
        scene.frame_step = step
        try:
            bpy.ops.render.render(animation=True, scene=scene.name)
        except RuntimeError as error:
            fail(None, str(error).strip())
        if errors:
            raise errors[0]


def main():
    order = request()
    mark_loaded(order["marker"])
    render(prepare(order), order)
    tell("finished", peakMemoryBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


main()
