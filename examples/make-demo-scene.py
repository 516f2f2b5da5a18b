"""
Makes the demo scene: a wave that runs through a field of columns, 24 frames that loop.

    blender -b --factory-startup --python examples/make-demo-scene.py -- demo.blend

Works in Blender 3.4 and later. It shows what a farm must not lose: the background is transparent, the tips of the columns glow
brighter than 1.0, and the file's own output is a movie without alpha, as in so many files.
"""

import math
import sys

import bpy

FRAMES = 24
SIZE = (480, 270)
SAMPLES = 12
RINGS = 5
SPACING = 1.0
COLUMN_RADIUS = 0.5

DEEP_BLUE = (0.012, 0.03, 0.11)
WARM = (1.0, 0.22, 0.03)
COOL = (0.02, 0.3, 1.0)


def main():
    target = sys.argv[sys.argv.index("--") + 1]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    set_up_render(scene)
    add_light(scene)
    add_camera(scene)
    add_columns(scene)
    bpy.ops.wm.save_as_mainfile(filepath=target, compress=True)


def set_up_render(scene):
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = SIZE
    render.resolution_percentage = 100
    render.fps = 24
    render.film_transparent = True
    scene.frame_start, scene.frame_end = 1, FRAMES
    scene.cycles.device = "CPU"
    scene.cycles.samples = SAMPLES
    scene.cycles.seed = 7
    scene.cycles.use_adaptive_sampling = False
    # Not every Blender has the denoiser.
    scene.cycles.use_denoising = False
    scene.cycles.max_bounces = 2
    scene.cycles.sample_clamp_indirect = 1
    image = render.image_settings
    if hasattr(image, "media_type"):
        # 5.0 and later: decides which formats can be chosen.
        image.media_type = "VIDEO"
    image.file_format = "FFMPEG"
    image.color_mode = "RGB"


def add_light(scene):
    world = bpy.data.worlds.new("Sky")
    scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.25, 0.35, 0.6, 1)
    background.inputs["Strength"].default_value = 0.55
    sun = bpy.data.lights.new("Sun", "SUN")
    sun.energy = 2.2
    sun.angle = 0.6
    sun.color = (1.0, 0.86, 0.7)
    item = bpy.data.objects.new("Sun", sun)
    item.rotation_euler = (0.75, 0.2, 0.9)
    scene.collection.objects.link(item)


def add_camera(scene):
    camera = bpy.data.cameras.new("Camera")
    camera.lens = 47
    item = bpy.data.objects.new("Camera", camera)
    scene.collection.objects.link(item)
    focus = bpy.data.objects.new("Focus", None)
    focus.location = (0, -0.5, -0.35)
    scene.collection.objects.link(focus)
    item.location = (0, -14.5, 8.2)
    look = item.constraints.new("TRACK_TO")
    look.target = focus
    look.track_axis, look.up_axis = "TRACK_NEGATIVE_Z", "UP_Y"
    scene.camera = item


def add_columns(scene):
    column = hexagon(COLUMN_RADIUS * 0.94)
    body = body_material()
    for x, y in honeycomb(RINGS):
        distance = math.hypot(x, y) / (RINGS * SPACING)
        mesh = column.copy()
        mesh.materials.append(body)
        mesh.materials.append(tip_material(distance))
        # The top of the hexagon is its last face.
        mesh.polygons[-1].material_index = 1
        item = bpy.data.objects.new("Column", mesh)
        item.location = (x, y, 0)
        scene.collection.objects.link(item)
        animate(item, distance)


def honeycomb(rings):
    """The middles of a field of hexagons around the origin."""
    for q in range(-rings, rings + 1):
        for r in range(max(-rings, -q - rings), min(rings, -q + rings) + 1):
            yield SPACING * (q + r / 2), SPACING * r * math.sqrt(3) / 2


def hexagon(radius):
    """A column up to z = 0, with its edge cut so that it catches light."""
    rings = [(radius, -1.0), (radius, -0.06), (radius - 0.06, 0.0)]
    corners = [(math.cos(math.radians(60 * i + 30)), math.sin(math.radians(60 * i + 30))) for i in range(6)]
    points = [(x * size, y * size, z) for size, z in rings for x, y in corners]
    faces = [
        (6 * level + i, 6 * level + (i + 1) % 6, 6 * level + 6 + (i + 1) % 6, 6 * level + 6 + i)
        for level in range(2)
        for i in range(6)
    ]
    faces.append(tuple(range(12, 18)))
    mesh = bpy.data.meshes.new("Hexagon")
    mesh.from_pydata(points, [], faces)
    return mesh


def body_material():
    material = bpy.data.materials.new("Body")
    material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*DEEP_BLUE, 1)
    shader.inputs["Roughness"].default_value = 0.45
    return material


def tip_material(distance):
    """Glows from warm in the middle to cool at the rim, brighter the higher it stands."""
    material = bpy.data.materials.new("Tip")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    nodes.clear()
    glow = nodes.new("ShaderNodeEmission")
    color = [a + (b - a) * min(1, distance) for a, b in zip(WARM, COOL)]
    glow.inputs["Color"].default_value = (*color, 1)
    strength = glow.inputs["Strength"]
    for frame, phase in keys(distance):
        strength.default_value = 0.2 + 3.5 * max(0, math.sin(phase)) ** 3
        strength.keyframe_insert("default_value", frame=frame)
    output = nodes.new("ShaderNodeOutputMaterial")
    material.node_tree.links.new(glow.outputs["Emission"], output.inputs["Surface"])
    return material


def animate(item, distance):
    for frame, phase in keys(distance):
        item.location.z = 0.75 * math.sin(phase) * (1.15 - 0.65 * distance)
        item.keyframe_insert("location", index=2, frame=frame)


def keys(distance):
    """The frames that get a key, and where the wave stands there; the last one is the first again."""
    for step in range(9):
        yield 1 + FRAMES * step / 8, 2 * math.pi * (step / 8 - 1.1 * distance)


main()
