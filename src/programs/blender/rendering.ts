import type { Clock } from "#system/clock.ts";
import type { Usage } from "../command.ts";
import { LastLines } from "./last-lines.ts";
import type { RenderOrder } from "./order.ts";
import type { RenderFacts } from "./outcome.ts";
import { parseMissingEngine, parseProgress } from "./output.ts";
import { decodeScriptEvent, type RenderEvent, type SavedFrame, type ScriptEvent } from "./render-event.ts";
import { takeSavedFrame } from "./saved-frame.ts";
import { Watchdog } from "./watchdog.ts";

type OnEvent = (event: RenderEvent) => void | Promise<void>;

/** A rendering under way: collects what Blender prints, tells and uses, and ends it when it is not to go on. */
export class Rendering {
  readonly frames: SavedFrame[] = [];
  peakMemoryBytes = 0;
  started = false;
  failed: RenderFacts["failed"] = null;
  endedFor: RenderFacts["endedFor"] = null;
  frame: number | null = null;
  readonly lastLines = new LastLines();

  readonly #order: RenderOrder;
  readonly #workFolder: string;
  readonly #onEvent: OnEvent;
  readonly #clock: Clock;
  readonly #watchdog: Watchdog;
  readonly #end = new AbortController();
  readonly #missingEngines = new Map<string, string>();

  constructor(order: RenderOrder, options: { workFolder: string; onEvent: OnEvent; clock: Clock }) {
    this.#order = order;
    this.#workFolder = options.workFolder;
    this.#onEvent = options.onEvent;
    this.#clock = options.clock;
    this.#watchdog = new Watchdog(order, options.clock.monotonicMs());
  }

  /** Aborted when Blender is to be ended. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** The frames of the order that were not saved. */
  get missingFrames(): number[] {
    const saved = new Set(this.frames.map(({ frame }) => frame));
    return this.#order.frames.filter((frame) => !saved.has(frame));
  }

  /** Takes a line of Blender's output. */
  async line(line: string): Promise<void> {
    this.#watchdog.output(this.#clock.monotonicMs());
    this.lastLines.add(line);
    const missing = parseMissingEngine(line);
    if (missing) this.#missingEngines.set(missing.scene, missing.engine);
    const progress = parseProgress(line);
    if (progress && this.frame !== null) await this.#onEvent({ type: "progress", frame: this.frame, ...progress });
  }

  /** Takes what the script tells; what it tells after a failure does not count. */
  async event(told: unknown): Promise<void> {
    this.#watchdog.output(this.#clock.monotonicMs());
    const event = decodeScriptEvent(told);
    if (event && this.failed === null) await this.#take(event);
  }

  /** Takes what Blender has used, and ends one that hangs or takes too long. */
  usage(usage: Usage): void {
    const nowMs = this.#clock.monotonicMs();
    this.#watchdog.usage(usage.cpuSeconds, nowMs);
    this.endedFor ??= this.#watchdog.verdict(nowMs);
    if (this.endedFor !== null) this.#end.abort();
  }

  async #take(event: ScriptEvent): Promise<void> {
    switch (event.type) {
      case "failed":
        this.failed = event;
        return;
      case "frame_saved":
        return this.#takeFrame(event);
      case "started":
        if (this.#lacksEngine(event)) return this.#end.abort();
        this.started = true;
        return this.#onEvent(event);
      case "frame_started":
        this.frame = event.frame;
        return this.#onEvent(event);
      case "finished":
        this.peakMemoryBytes = event.peakMemoryBytes;
        return this.#onEvent(event);
      case "file_found":
      case "warning":
        return this.#onEvent(event);
      default:
        return event satisfies never;
    }
  }

  /** A frame whose files are not as told stays missing. */
  async #takeFrame({ frame, files }: Extract<ScriptEvent, { type: "frame_saved" }>): Promise<void> {
    if (!this.missingFrames.includes(frame)) return;
    const folders = { from: this.#workFolder, to: this.#order.outputFolder };
    const saved = await takeSavedFrame(folders, frame, files);
    if (!saved) return;
    this.#watchdog.frameSaved(this.#clock.monotonicMs());
    this.frames.push(saved);
    await this.#onEvent({ type: "frame_saved", ...saved });
  }

  /** The scene's own engine may be an add-on; Blender would take EEVEE in its place. */
  #lacksEngine({ scene, blenderVersion }: Extract<ScriptEvent, { type: "started" }>): boolean {
    const engine = this.#missingEngines.get(scene);
    if (engine === undefined || this.#order.overrides.engine !== null) return false;
    const message = `The scene renders with "${engine}", an add-on that Blender ${blenderVersion} here does not have.`;
    this.failed = { reason: "blender_unavailable", message };
    return true;
  }
}
