"""What a scene says of itself, with the names of domain/scene.ts."""

from scene_files import strips_of
from scene_sound import has_sound


def scene_info(scene):
    render = scene.render
    view = scene.view_settings
    return {
        "name": scene.name,
        "frameStart": scene.frame_start,
        "frameEnd": scene.frame_end,
        "frameStep": scene.frame_step,
        "fps": render.fps,
        "fpsBase": render.fps_base,
        "resolutionX": render.resolution_x,
        "resolutionY": render.resolution_y,
        "resolutionPercentage": render.resolution_percentage,
        "cropped": render.use_border and render.use_crop_to_border,
        "engine": render.engine,
        "samples": _samples(scene),
        "camera": scene.camera.name if scene.camera else None,
        "cameras": [item.name for item in scene.objects if item.type == "CAMERA"],
        "cameraMarkers": [{"frame": m.frame, "camera": m.camera.name} for m in scene.timeline_markers if m.camera],
        "viewLayers": [{"name": layer.name, "use": layer.use} for layer in scene.view_layers],
        "transparent": render.film_transparent,
        "multiview": render.use_multiview,
        "sequencer": render.use_sequencer and any(s.type != "SOUND" and not s.mute for s in strips_of(scene)),
        "hasSound": has_sound(scene),
        "outputFormat": render.image_settings.file_format,
        "color": {
            "display": scene.display_settings.display_device,
            "view": view.view_transform,
            "look": view.look,
            "exposure": view.exposure,
            "gamma": view.gamma,
        },
    }


def _samples(scene):
    if scene.render.engine == "CYCLES":
        samples = scene.cycles.samples
        # Before 3.0 the number could stand for its square.
        return samples * samples if getattr(scene.cycles, "use_square_samples", False) else samples
    if scene.render.engine.startswith("BLENDER_EEVEE"):
        return scene.eevee.taa_render_samples
    return None
