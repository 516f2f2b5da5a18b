"""What the job says otherwise than the scene."""

import bpy
from channel import fail

# EEVEE had another name in 4.2 to 4.5.
EEVEE = ("BLENDER_EEVEE", "BLENDER_EEVEE_NEXT")


def choose_scene(name):
    """The scene of that name, or the one that was active when the file was saved."""
    if name is None:
        return bpy.context.scene
    own = [scene for scene in bpy.data.scenes if scene.library is None]
    for scene in own:
        if scene.name == name:
            return scene
    there = ", ".join('"%s"' % scene.name for scene in own)
    return fail("load_failed", 'The file has no scene "%s"; it has %s.' % (name, there))


def apply_overrides(scene, wanted):
    """Each is None where the scene decides."""
    if wanted["engine"] is not None:
        _use_engine(scene, wanted["engine"])
    if wanted["camera"] is not None:
        _use_camera(scene, wanted["camera"])
    if wanted["samples"] is not None:
        _use_samples(scene, wanted["samples"])
    if wanted["resolutionPercentage"] is not None:
        scene.render.resolution_percentage = wanted["resolutionPercentage"]


def set_engine(scene, engine):
    """Returns whether this Blender has the engine."""
    try:
        scene.render.engine = engine
    except TypeError:
        return False
    return True


def _use_engine(scene, engine):
    names = EEVEE if engine in EEVEE else (engine,)
    if not any(set_engine(scene, name) for name in names):
        fail("blender_unavailable", "Blender %s has no engine %s." % (bpy.app.version_string, engine))


def _use_camera(scene, name):
    cameras = [item for item in scene.objects if item.type == "CAMERA"]
    for camera in cameras:
        if camera.name == name:
            scene.camera = camera
            # A marker would switch to its own camera on the way.
            for marker in scene.timeline_markers:
                marker.camera = None
            return
    there = ", ".join('"%s"' % camera.name for camera in cameras) or "none"
    fail("no_camera", 'The scene "%s" has no camera "%s"; its cameras: %s.' % (scene.name, name, there))


def _use_samples(scene, samples):
    cycles = getattr(scene, "cycles", None)
    if cycles:
        cycles.samples = samples
        # Before 3.0 samples could be counted as squares, and apart for each kind of ray.
        if hasattr(cycles, "use_square_samples"):
            cycles.use_square_samples = False
        if hasattr(cycles, "progressive"):
            cycles.progressive = "PATH"
    eevee = getattr(scene, "eevee", None)
    if eevee:
        eevee.taa_render_samples = samples
