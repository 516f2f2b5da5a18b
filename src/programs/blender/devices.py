"""Where Cycles renders, and what it cannot do on this machine."""

import bpy
from channel import fail, warn
from cycles_devices import gpus, has_denoiser, use_cpu, use_gpus


def choose_device(scene, wanted):
    """
    `gpu` fails without one, `cpu` never looks for one, `auto` takes what there is. Returns the type of the GPUs, "CPU", or None for an
    engine that has no choice. `auto` warns of the CPU only where the scene asks for a GPU: otherwise the artist had none either.
    """
    if scene.render.engine != "CYCLES":
        return None
    asked = scene.cycles.device
    kind = None if wanted == "cpu" else use_gpus()
    if kind is None:
        if wanted == "gpu":
            fail("gpu_unavailable", "Cycles finds no GPU that it can use on this machine.")
        if wanted == "auto" and asked == "GPU":
            warn("cpu_instead_of_gpu", "The scene asks for a GPU; a machine without one rendered it on the CPU.")
        use_cpu()
    for each in bpy.data.scenes:
        if hasattr(each, "cycles"):
            each.cycles.device = "GPU" if kind else "CPU"
    return kind or "CPU"


def check_denoising():
    """A Blender without the denoiser that a scene asks for renders nothing at all, or silently leaves the noise in."""
    oidn = has_denoiser()
    for scene in bpy.data.scenes:
        cycles = getattr(scene, "cycles", None)
        if scene.render.engine == "CYCLES" and getattr(cycles, "use_denoising", False):
            # NLM, of before 3.0, is in every build.
            if cycles.denoiser == "NLM" or (cycles.denoiser == "OPTIX" and _has_optix()):
                pass
            elif oidn:
                cycles.denoiser = "OPENIMAGEDENOISE"
            else:
                cycles.use_denoising = False
                warn("no_denoiser", 'A Blender without OpenImageDenoise rendered the scene "%s" without denoising.' % scene.name)
        if not oidn and _composites_denoised(scene):
            warn("no_denoiser", 'A Blender without OpenImageDenoise skipped the Denoise node of the scene "%s".' % scene.name)


def _has_optix():
    return any(device["type"] == "OPTIX" for device in gpus())


def _composites_denoised(scene):
    tree = getattr(scene, "compositing_node_group", None) or getattr(scene, "node_tree", None)
    if not tree or not scene.render.use_compositing:
        return False
    return any(node.bl_idname == "CompositorNodeDenoise" and not node.mute for node in tree.nodes)
