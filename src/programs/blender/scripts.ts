import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import addons from "./addons.py" with { type: "text" };
import channel from "./channel.py" with { type: "text" };
import cyclesDevices from "./cycles_devices.py" with { type: "text" };
import devices from "./devices.py" with { type: "text" };
import fileOutputs from "./file_outputs.py" with { type: "text" };
import forcedOutput from "./forced_output.py" with { type: "text" };
import missingFiles from "./missing_files.py" with { type: "text" };
import overrides from "./overrides.py" with { type: "text" };
import physics from "./physics.py" with { type: "text" };
import probe from "./probe.py" with { type: "text" };
import projectIndex from "./project_index.py" with { type: "text" };
import readScene from "./read_scene.py" with { type: "text" };
import render from "./render.py" with { type: "text" };
import safety from "./safety.py" with { type: "text" };
import savedFiles from "./saved_files.py" with { type: "text" };
import sceneFiles from "./scene_files.py" with { type: "text" };
import sceneInfo from "./scene_info.py" with { type: "text" };
import sceneSound from "./scene_sound.py" with { type: "text" };
import sound from "./sound.py" with { type: "text" };
import tileNames from "./tile_names.py" with { type: "text" };

const SCRIPTS = {
  "addons.py": addons,
  "channel.py": channel,
  "cycles_devices.py": cyclesDevices,
  "devices.py": devices,
  "file_outputs.py": fileOutputs,
  "forced_output.py": forcedOutput,
  "missing_files.py": missingFiles,
  "overrides.py": overrides,
  "physics.py": physics,
  "probe.py": probe,
  "project_index.py": projectIndex,
  "read_scene.py": readScene,
  "render.py": render,
  "safety.py": safety,
  "saved_files.py": savedFiles,
  "scene_files.py": sceneFiles,
  "scene_info.py": sceneInfo,
  "scene_sound.py": sceneSound,
  "sound.py": sound,
  "tile_names.py": tileNames,
};

/** The scripts that Blender is started with; the others are modules of theirs. */
export type BlenderScript = "probe.py" | "read_scene.py" | "render.py" | "sound.py";

/** Writes Blender's Python scripts, which are embedded in this program, into a new folder. */
export async function writeScripts(folder: string): Promise<void> {
  await mkdir(folder);
  await Promise.all(Object.entries(SCRIPTS).map(([name, text]) => writeFile(join(folder, name), text)));
}
