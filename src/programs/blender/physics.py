"""Physics that are simulated while playing, and so come out otherwise when frames are rendered apart."""

import os

import bpy


def unbaked_physics():
    """Names what is not baked, as in: cloth of "Flag"."""
    found = []
    for scene in bpy.data.scenes:
        world = scene.rigidbody_world
        if world and world.enabled and not world.point_cache.is_baked and world.collection and len(world.collection.objects):
            found.append('rigid bodies of the scene "%s"' % scene.name)
    for item in bpy.data.objects:
        found += ['%s of "%s"' % (kind, item.name) for kind in _unbaked_modifiers(item)]
    return found


def _unbaked_modifiers(item):
    for modifier in item.modifiers:
        if not modifier.show_render:
            continue
        if modifier.type in {"CLOTH", "SOFT_BODY"} and not modifier.point_cache.is_baked:
            yield "cloth" if modifier.type == "CLOTH" else "soft body"
        elif modifier.type == "PARTICLE_SYSTEM" and _is_simulated(modifier.particle_system):
            yield "particles"
        elif modifier.type == "DYNAMIC_PAINT" and modifier.canvas_settings:
            if not all(surface.point_cache.is_baked for surface in modifier.canvas_settings.canvas_surfaces):
                yield "dynamic paint"
        elif modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN":
            if not modifier.domain_settings.has_cache_baked_data:
                yield "fluid"
        elif modifier.type == "NODES" and _simulates(modifier.node_group, set()) and not _has_baked_nodes(modifier):
            yield "simulation nodes"


def _is_simulated(system):
    settings = system.settings
    moves = settings.physics_type not in {"NO", "KEYED"} if settings.type == "EMITTER" else system.use_hair_dynamics
    return moves and not system.point_cache.is_baked


def _simulates(tree, seen):
    if tree is None or tree.name in seen:
        return False
    seen.add(tree.name)
    for node in tree.nodes:
        if node.bl_idname == "GeometryNodeSimulationOutput":
            return True
        if node.bl_idname == "GeometryNodeGroup" and _simulates(node.node_tree, seen):
            return True
    return False


def _has_baked_nodes(modifier):
    """A bake leaves a folder with one folder for each node; its path is relative to the .blend."""
    folder = bpy.path.abspath(getattr(modifier, "bake_directory", "") or getattr(modifier, "simulation_bake_directory", ""))
    return bool(folder) and os.path.isdir(folder) and bool(os.listdir(folder))
