import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { blender } from "../support/scenes.ts";
import { ffmpeg } from "./video-stage.ts";

/** A farm with one runner, and a project of short films, one with a sound file, that Blender has made (`fixtures/film.py`). */
export async function startFilmFarm(): Promise<{ farm: Farm; project: string }> {
  const farm = await startFarm({ settings: { "frames-per-render-task": "100" } });
  const project = join(farm.folder, "project");
  mkdirSync(project);
  ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "pcm_s16le", join(project, "tone.wav"));
  await blender(["--python", join(import.meta.dir, "../fixtures/film.py"), "--", project]);
  await farm.startRunner({ name: "box" });
  return { farm, project };
}
