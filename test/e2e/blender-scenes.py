"""Makes the scenes of the blender-*.test.ts: blender -b --factory-startup --python blender-scenes.py -- FOLDER"""

import os
import sys

import bpy

FOLDER = sys.argv[sys.argv.index("--") + 1]


def fresh():
    """A plane that fills the picture, seen from above by a camera, 32 x 18 pixels, one sample, nothing random in it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 1
    scene.cycles.seed = 1
    if hasattr(scene.cycles, "use_denoising"):
        scene.cycles.use_denoising = False
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 32, 18, 100
    scene.frame_start, scene.frame_end = 1, 5
    add_camera(scene, "Camera", (0, 0, 5))
    scene.camera = bpy.data.objects["Camera"]
    return scene


def add_camera(scene, name, location):
    camera = bpy.data.objects.new(name, bpy.data.cameras.new(name))
    camera.location = location
    scene.collection.objects.link(camera)
    return camera


def add_plane(scene, color, strength=1.0, name="Plane", size=10.0):
    """A square that shines by itself, so that its pixels have exactly this value."""
    mesh = bpy.data.meshes.new(name)
    h = size / 2
    mesh.from_pydata([(-h, -h, 0), (h, -h, 0), (h, h, 0), (-h, h, 0)], [], [(0, 1, 2, 3)])
    mesh.uv_layers.new(name="UVMap")
    plane = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(plane)
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    emission = nodes.new("ShaderNodeEmission")
    emission.inputs["Color"].default_value = (*color, 1)
    emission.inputs["Strength"].default_value = strength
    links.new(emission.outputs[0], nodes.new("ShaderNodeOutputMaterial").inputs["Surface"])
    mesh.materials.append(material)
    return plane, material, emission


def add_image(material, emission, path):
    nodes, links = material.node_tree.nodes, material.node_tree.links
    texture = nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(path)
    links.new(texture.outputs["Color"], emission.inputs["Color"])
    return texture.image


def compositor(scene):
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
        scene.compositing_node_group = tree
        return tree
    scene.use_nodes = True
    scene.node_tree.nodes.clear()
    return scene.node_tree


def finish_compositor(tree, layers):
    if hasattr(bpy.context.scene, "compositing_node_group"):
        tree.interface.new_socket(name="Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        tree.links.new(layers.outputs["Image"], tree.nodes.new("NodeGroupOutput").inputs[0])
    else:
        tree.links.new(layers.outputs["Image"], tree.nodes.new("CompositorNodeComposite").inputs[0])


def add_file_output(tree, source, name, folder, slots, file_format="OPEN_EXR"):
    node = tree.nodes.new("CompositorNodeOutputFile")
    node.name = name
    if hasattr(node, "base_path"):
        node.base_path = folder
        node.format.file_format = file_format
        named = node.layer_slots if file_format == "OPEN_EXR_MULTILAYER" else node.file_slots
        named.clear()
        for slot in slots:
            named.new(slot)
    else:
        node.directory, node.file_name = folder, "out"
        node.format.media_type = "MULTI_LAYER_IMAGE" if file_format == "OPEN_EXR_MULTILAYER" else "IMAGE"
        node.format.file_format = file_format
        node.file_output_items.clear()
        for slot in slots:
            node.file_output_items.new("RGBA", slot)
    for index in range(len(slots)):
        tree.links.new(source, node.inputs[index])
    return node


def save(name, folder=""):
    path = os.path.join(FOLDER, folder, name + ".blend")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=path, compress=False, relative_remap=False)


def picture(name, folder, color):
    """A tiny PNG of one colour."""
    path = os.path.join(FOLDER, folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    image = bpy.data.images.new(name, 4, 4)
    image.pixels = list(color) * 16
    image.filepath_raw = path
    image.file_format = "PNG"
    image.save()
    bpy.data.images.remove(image)
    return path


def make_bright():
    """Values above 1 on a transparent film, saved as JPEG over nothing that is already there."""
    scene = fresh()
    add_plane(scene, (1, 0.5, 0.25), 4.0, size=2.0)
    scene.render.film_transparent = True
    image = scene.render.image_settings
    if hasattr(image, "media_type"):
        image.media_type = "IMAGE"
    image.file_format = "JPEG"
    scene.render.use_overwrite = False
    scene.render.use_placeholder = True
    scene.render.filepath = "/tmp/{nowhere}/x"
    save("bright")


def make_moving():
    """Each frame is as bright as its number says."""
    scene = fresh()
    _, material, emission = add_plane(scene, (1, 1, 1))
    for frame in (0, 100):
        emission.inputs["Strength"].default_value = frame
        emission.inputs["Strength"].keyframe_insert("default_value", frame=frame)
    action = material.node_tree.animation_data.action
    curves = action.fcurves if hasattr(action, "fcurves") else action.layers[0].strips[0].channelbags[0].fcurves
    for curve in curves:
        for point in curve.keyframe_points:
            point.interpolation = "LINEAR"
    save("moving")


def make_cameras():
    """Two scenes; in the first, markers switch from a camera over a red plane to one over a green plane at frame 3."""
    scene = fresh()
    scene.name = "Shots"
    add_plane(scene, (1, 0, 0), name="Red")
    add_plane(scene, (0, 1, 0), name="Green")[0].location = (100, 0, 0)
    second = add_camera(scene, "Kamera ü", (100, 0, 5))
    for frame, camera in ((1, bpy.data.objects["Camera"]), (3, second)):
        scene.timeline_markers.new("cut", frame=frame).camera = camera
    other = bpy.data.scenes.new("Other")
    other.render.engine = "CYCLES"
    other.cycles.samples = 1
    if hasattr(other.cycles, "use_denoising"):
        other.cycles.use_denoising = False
    other.render.resolution_x, other.render.resolution_y = 16, 16
    add_plane(other, (0, 0, 1), name="Blue")
    other.camera = add_camera(other, "Other Camera", (0, 0, 5))
    save("cameras")


def make_no_camera():
    scene = fresh()
    add_plane(scene, (1, 1, 1))
    bpy.data.objects.remove(bpy.data.objects["Camera"])
    save("no-camera")


def make_sequence():
    """An edit of one colour strip, without a camera."""
    scene = fresh()
    bpy.data.objects.remove(bpy.data.objects["Camera"])
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    try:
        strip = strips.new_effect(name="Color", type="COLOR", channel=1, frame_start=1, length=10)
    except TypeError:
        strip = strips.new_effect(name="Color", type="COLOR", channel=1, frame_start=1, frame_end=10)
    strip.color = (1, 0, 0)
    save("sequence")


def make_stereo():
    scene = fresh()
    add_plane(scene, (1, 1, 1))
    scene.render.use_multiview = True
    scene.render.views["left"].file_suffix = "/../../../L"
    save("stereo")


def make_file_outputs():
    """File Output nodes to an absolute path and out of the project, one of them in layers, one of PNG, one in a group."""
    scene = fresh()
    add_plane(scene, (1, 1, 1))
    tree = compositor(scene)
    layers = tree.nodes.new("CompositorNodeRLayers")
    source = layers.outputs["Image"]
    escape = os.path.join(FOLDER, "escaped")
    add_file_output(tree, source, "Beauty & more", escape + "/abs/", ["Image", "../up/Ä b"])
    add_file_output(tree, source, "Layered", "//../escaped/layers_", ["one", "two"], "OPEN_EXR_MULTILAYER")
    add_file_output(tree, source, "Png", "//../escaped/png", ["mask"], "PNG")
    group = bpy.data.node_groups.new("Group", "CompositorNodeTree")
    if hasattr(group, "interface"):
        group.interface.new_socket(name="Image", in_out="INPUT", socket_type="NodeSocketColor")
    else:
        group.inputs.new("NodeSocketColor", "Image")
    add_file_output(group, group.nodes.new("NodeGroupInput").outputs[0], "Inner", escape + "/group/", ["Image"])
    node = tree.nodes.new("CompositorNodeGroup")
    node.node_tree = group
    tree.links.new(source, node.inputs[0])
    finish_compositor(tree, layers)
    save("file-outputs")


def make_hostile():
    """A text that would run on load, a driver with Python in it, and Freestyle in script mode: each would leave a file behind."""
    scene = fresh()
    plane = add_plane(scene, (1, 1, 1))[0]
    mark = os.path.join(FOLDER, "ran-")
    text = bpy.data.texts.new("run on load.py")
    text.use_module = True
    text.write("open(%r, 'w').close()\n" % (mark + "text"))
    driver = plane.driver_add("location", 0).driver
    driver.type = "SCRIPTED"
    driver.expression = "__import__('os').system('touch %sdriver') * 0" % mark
    scene.render.use_freestyle = True
    for owner in (scene, bpy.data.scenes.new("Hidden")):
        settings = owner.view_layers[0].freestyle_settings
        settings.mode = "SCRIPT"
        script = bpy.data.texts.new("lines.py")
        script.write("open(%r, 'w').close()\n" % (mark + "freestyle"))
        module = settings.modules.new()
        module.script, module.use = script, True
    save("hostile")


def make_denoised():
    scene = fresh()
    add_plane(scene, (1, 1, 1))
    if hasattr(scene.cycles, "use_denoising"):
        scene.cycles.use_denoising = True
    save("denoised")


def make_gpu():
    scene = fresh()
    add_plane(scene, (1, 1, 1))
    scene.cycles.device = "GPU"
    save("gpu")


def make_project():
    """Files that lie elsewhere than the .blend says: a texture, another in other letters, one of tiles, and a library."""
    library = fresh()
    add_plane(library, (1, 1, 1), name="Linked")
    bpy.data.objects["Linked"].location = (0, 0, 1)
    save("lib rary", "project/assets")
    scene = fresh()
    with bpy.data.libraries.load(os.path.join(FOLDER, "project/assets/lib rary.blend"), link=True) as (there, here):
        here.objects = ["Linked"]
    scene.collection.objects.link(here.objects[0])
    for name, stored in (("metal.png", "C:\\Users\\me\\tex\\metal.png"), ("cloth.png", "//tex/Cloth.PNG"), ("gone.png", "/nowhere/gone.png")):
        path = picture(name, "project/textures/ä ö", (0, 1, 0, 1))
        _, material, emission = add_plane(scene, (1, 1, 1), name=name, size=0.1)
        add_image(material, emission, path).filepath = stored
    os.remove(path)
    tile = picture("skin.1001.png", "project/textures/ä ö", (0, 1, 0, 1))
    _, material, emission = add_plane(scene, (1, 1, 1), name="Skin", size=0.1)
    tiles = add_image(material, emission, tile)
    tiles.source = "TILED"
    tiles.filepath = "//old/skin.<UDIM>.png"
    bpy.data.libraries[0].filepath = "//../elsewhere/lib rary.blend"
    save("main scene", "project/scenes")


def make_missing_library():
    scene = fresh()
    with bpy.data.libraries.load(os.path.join(FOLDER, "project/assets/lib rary.blend"), link=True) as (there, here):
        here.objects = ["Linked"]
    scene.collection.objects.link(here.objects[0])
    bpy.data.libraries[0].filepath = "//lost.blend"
    save("missing-library", "alone")


def make_physics():
    scene = fresh()
    add_plane(scene, (1, 1, 1), name="Flag")[0].modifiers.new("Cloth", "CLOTH")
    add_plane(scene, (1, 1, 1), name="Smoke")[0].modifiers.new("Particles", "PARTICLE_SYSTEM")
    save("physics")


for make in [value for name, value in sorted(globals().items()) if name.startswith("make_") and name != "make_missing_library"]:
    make()
make_missing_library()
