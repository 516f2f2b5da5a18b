"""The GPUs that Cycles can use. Factory settings know none, so they are looked for, and chosen, in each run."""

import bpy

# The best first: OptiX is CUDA with ray tracing in hardware.
GPU_TYPES = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")


def cycles_preferences():
    """None where this Blender has no Cycles."""
    addon = bpy.context.preferences.addons.get("cycles")
    return addon.preferences if addon else None


def has_denoiser():
    """Whether Cycles and the compositor can denoise by OpenImageDenoise; distributions often build without it."""
    try:
        import _cycles
    except ImportError:
        return False
    return bool(getattr(_cycles, "with_openimagedenoise", False))


def gpus():
    """The devices of each type, as [{"type", "name"}]; one card is there once for each type that can drive it."""
    if cycles_preferences() is None:
        return []
    import _cycles

    found = []
    for kind in GPU_TYPES:
        try:
            devices = _cycles.available_devices(kind)
        except Exception:  # this version does not know the type, or its driver is broken
            continue
        found += [{"type": kind, "name": device[0]} for device in devices if device[1] == kind]
    return found


def use_gpus():
    """Lets Cycles use all GPUs of the best type there is. Returns the type, or None without a GPU."""
    found = gpus()
    if not found:
        return None
    kind = found[0]["type"]
    preferences = cycles_preferences()
    preferences.compute_device_type = kind
    # Called get_devices before 3.0.
    (getattr(preferences, "refresh_devices", None) or preferences.get_devices)()
    for device in preferences.devices:
        device.use = device.type == kind
    return kind


def use_cpu():
    preferences = cycles_preferences()
    if preferences:
        preferences.compute_device_type = "NONE"
