import type { Warning } from "#domain/warning.ts";
import type { RenderEvent } from "#programs/blender/render-event.ts";
import type { Log } from "#system/log.ts";
import type { FrameFiling } from "./frame-filing.ts";
import type { HeldTask } from "./held-tasks.ts";
import type { Time } from "./time.ts";

/** Follows one rendering: what is told of it in the logs, to the manager, and which frames are filed. */
export type TaskJournal = {
  /** What makes the picture differ from the artist's own, each once. */
  readonly warnings: readonly Warning[];
  onEvent: (event: RenderEvent) => void | Promise<void>;
};

type Following = {
  held: HeldTask;
  filing: FrameFiling;
  /** Writes a line of ours into the log of the attempt. */
  say: (text: string) => void;
  /** The runner's own log. */
  log: Log;
  time: Time;
};

export function createTaskJournal({ held, filing, say, log, time }: Following): TaskJournal {
  const warnings = new Map<string, Warning>();
  let frameSinceMs = time.monotonicMs();

  const fileFrame = async (event: Extract<RenderEvent, { type: "frame_saved" }>): Promise<void> => {
    const nowMs = time.monotonicMs();
    const seconds = Math.round((nowMs - frameSinceMs) / 100) / 10;
    frameSinceMs = nowMs;
    const done = held.progress.done + 1;
    held.report({ done, sample: null, samples: null });
    say(`frame ${event.frame} saved after ${seconds} s`);
    log.info("frame saved", { frame: event.frame, seconds, done, of: held.progress.total });
    await filing.file(event);
  };

  return {
    get warnings() {
      return [...warnings.values()];
    },
    onEvent: (event) => {
      switch (event.type) {
        case "started":
          return say(`Blender ${event.blenderVersion} renders "${event.scene}" with ${device(event)}`);
        case "file_found":
          return say(`${event.name}: "${event.path}" was found as "${event.found}"`);
        case "warning":
          warnings.set(`${event.code} ${event.message}`, { code: event.code, message: event.message });
          return say(`warning: ${event.message}`);
        case "frame_started":
          held.report({ frame: event.frame, sample: null, samples: null });
          return say(`rendering frame ${event.frame}`);
        case "progress":
          held.report({ frame: event.frame, sample: event.done, samples: event.total });
          return;
        case "frame_saved":
          return fileFrame(event);
        case "finished":
          held.report({ memoryBytes: event.peakMemoryBytes });
          return;
        default:
          return event satisfies never;
      }
    },
  };
}

function device({ engine, device }: Extract<RenderEvent, { type: "started" }>): string {
  return device === null ? engine : `${engine} on ${device}`;
}
