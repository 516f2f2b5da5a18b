"""Whether anything of a scene can be heard."""

from scene_files import strips_of


def has_sound(scene, seen=()):
    """Sound strips, also those of scenes that are shown as strips, and speakers, of the scene behind it too; what is muted counts not."""
    if scene is None or scene in seen:
        return False
    for strip in strips_of(scene):
        if strip.mute:
            continue
        if strip.type == "SOUND":
            return True
        # A scene that is shown through its camera is silent.
        if strip.type == "SCENE" and strip.scene_input == "SEQUENCER" and has_sound(strip.scene, (*seen, scene)):
            return True
    return _has_speaker(scene)


def _has_speaker(scene):
    behind = []
    while scene is not None and scene not in behind:
        behind.append(scene)
        scene = scene.background_set
    return any(_is_heard(item) for each in behind for item in each.objects if item.type == "SPEAKER")


def _is_heard(item):
    """A speaker plays where its animation says so, and nowhere without."""
    speaker = item.data
    if speaker.sound is None or speaker.muted or item.animation_data is None:
        return False
    tracks = [track for track in item.animation_data.nla_tracks if not track.mute]
    return any(strip.type == "SOUND" and not strip.mute for track in tracks for strip in track.strips)
