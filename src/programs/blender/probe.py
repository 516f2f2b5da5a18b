"""Tells what this Blender can do on this machine: blender -b --factory-startup --python-exit-code 97 --python probe.py -- request.json"""

import os
import sys

import bpy

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from addons import bundled_addons
from channel import mark_loaded, request, tell
from cycles_devices import gpus, has_denoiser
from overrides import set_engine

ENGINES = ("CYCLES", "BLENDER_EEVEE", "BLENDER_EEVEE_NEXT", "BLENDER_WORKBENCH")

mark_loaded(request()["marker"])
scene = bpy.context.scene
tell(
    "abilities",
    version="%d.%d.%d" % bpy.app.version,
    denoiser=has_denoiser(),
    gpus=gpus(),
    addons=bundled_addons(),
    engines=[name for name in ENGINES if set_engine(scene, name)],
)
