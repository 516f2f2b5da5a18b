import type { NeededFile, SceneInfo } from "#domain/scene.ts";
import { isObject, text } from "./decode.ts";
import { parseMissingEngine } from "./output.ts";
import { decodeNeededFile, decodeScene } from "./scene-event.ts";

/** What Blender itself says of a .blend, after it has turned whatever is old in it into what it is today. */
export type SceneReading = {
  /** The Blender that read it. */
  blenderVersion: string;
  /** The Blender that saved it, as X.Y. */
  savedVersion: string;
  activeScene: string;
  /** With the engine that the file names, also where this Blender does not have it. */
  scenes: SceneInfo[];
  files: NeededFile[];
  texts: { name: string; register: boolean }[];
  /** What Blender says of a script or driver that it did not run; null if there was none. */
  blockedScript: string | null;
  /** As in `cloth of "Flag"`. */
  unbakedPhysics: string[];
  /** Engines that this Blender does not have. */
  missingEngines: { scene: string; engine: string }[];
};

/** More than this of one kind is not a scene that anybody made. */
const MAX_ENTRIES = 100_000;

/** Puts a reading together from the events of `read_scene.py` and from what Blender prints. */
export class SceneCollector {
  readonly #scenes: SceneInfo[] = [];
  readonly #files: NeededFile[] = [];
  readonly #texts: SceneReading["texts"] = [];
  readonly #unbakedPhysics: string[] = [];
  readonly #missingEngines: SceneReading["missingEngines"] = [];
  #end: Pick<SceneReading, "blenderVersion" | "savedVersion" | "activeScene" | "blockedScript"> | null = null;

  /** Takes a line of output: only there does Blender name an engine that it does not have. */
  line(line: string): void {
    const missing = parseMissingEngine(line);
    if (missing) add(this.#missingEngines, missing);
  }

  /** Takes an event of the script; what is none is ignored. */
  event(event: unknown): void {
    if (!isObject(event)) return;
    switch (event["type"]) {
      case "scene":
        return add(this.#scenes, decodeScene(event));
      case "file":
        return add(this.#files, decodeNeededFile(event));
      case "text":
        return add(this.#texts, { name: text(event["name"], ""), register: event["register"] === true });
      case "unbaked_physics":
        return add(this.#unbakedPhysics, text(event["name"], ""));
      case "read":
        this.#end = {
          blenderVersion: text(event["blenderVersion"], ""),
          savedVersion: text(event["savedVersion"], ""),
          activeScene: text(event["activeScene"], ""),
          blockedScript: text(event["blockedScript"], null),
        };
    }
  }

  /** Returns all that was told; null while the script has not come to its end. */
  reading(): SceneReading | null {
    if (this.#end === null) return null;
    return {
      ...this.#end,
      scenes: this.#scenes.map((scene) => this.#withOwnEngine(scene)),
      files: this.#files,
      texts: this.#texts,
      unbakedPhysics: this.#unbakedPhysics,
      missingEngines: this.#missingEngines,
    };
  }

  /** Where an engine is missing, Blender's own data already say EEVEE. */
  #withOwnEngine(scene: SceneInfo): SceneInfo {
    const missing = this.#missingEngines.find((each) => each.scene === scene.name);
    return missing ? { ...scene, engine: missing.engine, samples: null } : scene;
  }
}

function add<T>(entries: T[], entry: T): void {
  if (entries.length < MAX_ENTRIES) entries.push(entry);
}
