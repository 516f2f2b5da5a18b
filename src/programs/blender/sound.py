"""Mixes the sound of a scene down to one file: blender -b --factory-startup -Y FILE --python-exit-code 97 --python sound.py -- order.json"""

import os
import sys
import time

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from addons import check_addons
from channel import fail, mark_loaded, request, tell
from forced_output import literal_path
from missing_files import find_missing_files
from overrides import choose_scene
from scene_sound import has_sound

# Mixing is many times faster than listening; after so long without an end there will be none.
LONGEST_WAIT_SECONDS = 600


def mix(scene, path):
    """FLAC alone comes out to the sample as long as the frames are; Blender's WAV is longer."""
    bpy.context.window.scene = scene
    bpy.ops.sound.mixdown(filepath=literal_path(path), check_existing=False, container="FLAC", codec="FLAC", format="S24")
    # From 5.0 on the file is written while we go on; its length is noted when it is whole.
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while _samples(path) == 0:
        if time.monotonic() > deadline:
            fail("internal", "Blender did not finish mixing the sound.")
        time.sleep(0.05)


def _samples(path):
    """The number of samples in the first block of a FLAC file: the last 36 of the eight bytes that begin with the rate."""
    try:
        with open(path, "rb") as file:
            head = file.read(26)
    except OSError:
        return 0
    return int.from_bytes(head[18:26], "big") & ((1 << 36) - 1) if len(head) == 26 else 0


def main():
    order = request()
    mark_loaded(order["marker"])
    check_addons(order["addons"])
    find_missing_files(order["projectFolder"])
    scene = choose_scene(order["scene"])
    tell("started", scene=scene.name)
    if not has_sound(scene):
        tell("mixed", hasSound=False)
        return
    scene.frame_start, scene.frame_end = order["firstFrame"], order["lastFrame"]
    mix(scene, order["output"])
    tell("mixed", hasSound=True)


main()
