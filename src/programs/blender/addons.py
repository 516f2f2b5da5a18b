"""The add-ons that come with this Blender. Those that a job needs are switched on by the command line, before its file is opened."""

import addon_utils
import bpy

from channel import fail


def check_addons(wanted):
    """Blender only prints that an add-on is not there, and renders without it."""
    missing = [name for name in wanted if not addon_utils.check(name)[1]]
    if missing:
        version = "%d.%d.%d" % bpy.app.version
        names = ", ".join(f'"{name}"' for name in missing)
        fail("blender_unavailable", f"Blender {version} does not come with the add-on {names}, or it does not start.")


def bundled_addons():
    """The modules of all add-ons of this Blender. What a user has installed is no part of it, and there is no user here."""
    return sorted({module.__name__ for module in addon_utils.modules(refresh=True)})
