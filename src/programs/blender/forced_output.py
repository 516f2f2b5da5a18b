"""What every frame is, whatever the scene says: a 16-bit half float RGBA EXR, ZIP, one file for each view."""

import os
import re

import bpy

STEM = "frame_"


def frame_stem(frame):
    return "%s%04d" % (STEM, frame)


def force_output(scene, folder):
    """Makes the scene save its frames in `folder` as frame_0001.exr, and over whatever is there."""
    render = scene.render
    image = render.image_settings
    if hasattr(image, "media_type"):
        # 5.0 and later: decides which formats can be chosen at all, and resets the views.
        image.media_type = "IMAGE"
    image.file_format = "OPEN_EXR"
    image.color_mode = "RGBA"
    image.color_depth = "16"
    image.exr_codec = "ZIP"
    image.views_format = "INDIVIDUAL"
    for name, value in (("use_preview", False), ("use_zbuffer", False), ("color_management", "FOLLOW_SCENE")):
        if hasattr(image, name):
            setattr(image, name, value)
    render.use_file_extension = True
    render.use_overwrite = True
    render.use_placeholder = False
    if hasattr(render, "use_render_cache"):
        render.use_render_cache = False
    render.filepath = literal_path(os.path.join(folder, STEM + "####"))
    _name_views(render)


def literal_path(path):
    """5.0 and later fill in {templates} in output paths."""
    return path.replace("{", "{{").replace("}", "}}") if bpy.app.version >= (5, 0, 0) else path


def view_suffixes(scene):
    """What follows the frame number in the names of the files of one frame: an empty text, or one for each view."""
    render = scene.render
    if not render.use_multiview:
        return [""]
    views = [view for view in render.views if view.use]
    if render.views_format == "STEREO_3D":
        views = [view for view in views if view.name in {"left", "right"}]
    return [view.file_suffix for view in views]


def _name_views(render):
    """A suffix is the artist's own text, and becomes part of a path."""
    taken = set()
    for view in render.views:
        suffix = "_" + (re.sub(r"[^A-Za-z0-9]+", "", view.file_suffix) or re.sub(r"[^A-Za-z0-9]+", "", view.name) or "view")
        while suffix.lower() in taken:
            suffix += "x"
        taken.add(suffix.lower())
        view.file_suffix = suffix
