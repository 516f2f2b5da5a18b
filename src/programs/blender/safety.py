"""Python in a .blend that Blender runs even with automatic execution off."""

import bpy
from channel import fail, warn


def disable_freestyle_scripts():
    """Freestyle's script mode runs the file's own text as a program; in all scenes, for one can render another."""
    for scene in bpy.data.scenes:
        for layer in scene.view_layers:
            settings = getattr(layer, "freestyle_settings", None)
            if settings is None or settings.mode != "SCRIPT":
                continue
            for module in list(settings.modules):
                settings.modules.remove(module)
            settings.mode = "EDITOR"
            # The editor's own lines were never meant to be seen, and may crash Blender where they have no style.
            layer.use_freestyle = False
            if settings.mode != "EDITOR" or len(settings.modules) > 0:
                fail("internal", 'The Freestyle scripts of the scene "%s" cannot be switched off.' % scene.name)
            warn(
                "freestyle_script_disabled",
                'The scene "%s" draws its Freestyle lines by a script, which does not run here; they are left out.' % scene.name,
            )


def warn_of_blocked_scripts():
    if bpy.app.autoexec_fail:
        what = bpy.app.autoexec_fail_message
        warn("script_blocked", "The file has scripts that did not run here: %s." % what)
