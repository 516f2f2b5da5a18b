"""Which files a frame came out as."""

import os
import re

from file_outputs import safe_name
from forced_output import frame_stem, view_suffixes


def collect_files(scene, frame, folder, extras):
    """
    All files of a frame that has just been saved, as [{"name", "main"}]. What File Output nodes wrote is moved beside the frame,
    as frame_0001.<node>-<slot>.exr; the first view of several is the main one.
    """
    stem = frame_stem(frame)
    main = [stem + suffix + ".exr" for suffix in view_suffixes(scene)]
    files = [{"name": name, "main": number == 0} for number, name in enumerate(main)]
    for path in _files_in(extras):
        name = _extra_name(os.path.relpath(path, extras), frame, stem)
        os.replace(path, os.path.join(folder, name))
        files.append({"name": name, "main": False})
    return files


def _files_in(folder):
    return sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)


def _extra_name(path, frame, stem):
    node, slot = path.split("/", 1)
    text, extension = os.path.splitext(slot)
    # Blender puts the frame number after the slot's name, and the view after that.
    match = re.match(r"(.*?)_?0*%d(_[A-Za-z0-9]+)?\Z" % frame, text)
    name, view = (match.group(1), match.group(2) or "") if match else (text, "")
    return "%s.%s-%s%s%s" % (stem, node, safe_name(name, "image"), view, extension.lower())
