import { AppError } from "#domain/app-error.ts";
import { addBlender } from "./adding-blender.ts";
import type { Addition, Additions, AddingProgress, BlenderSource } from "./blender-source.ts";
import { blenderOfficeOf } from "./blender-office.ts";
import type { Farm } from "./farm.ts";

/** Additions that have ended and are still told of. */
const KEPT = 10;

/** Makes an empty list. */
export function createAdditions(): Additions<Farm> {
  const additions: (Addition & { abort: AbortController })[] = [];
  let last: Promise<void> = Promise.resolve();
  let lastId = 0;

  const work = async (farm: Farm, addition: Addition & { abort: AbortController }, source: BlenderSource) => {
    const signal = AbortSignal.any([addition.abort.signal, farm.stopping]);
    try {
      signal.throwIfAborted();
      const onProgress = (progress: AddingProgress): void => void (addition.progress = progress);
      const { version } = await addBlender(blenderOfficeOf(farm), source, { signal, onProgress });
      Object.assign(addition, { status: "done", version });
      farm.log.info("a Blender was added", { version });
      farm.work.raise();
    } catch (error) {
      const message = signal.aborted ? "It was stopped." : sentenceOf(error);
      Object.assign(addition, { status: "failed", message });
      farm.log.warn("a Blender could not be added", { name: addition.name, error: String(error) });
      if (source.kind === "archive" && source.ours)
        await Bun.file(source.path)
          .delete()
          .catch(() => {});
    }
  };

  return {
    list: () => additions.map(({ abort: _, ...addition }) => addition),
    begin: (farm, name, source) => {
      const begun = { id: (lastId += 1), name, status: "running", message: null, version: null } as const;
      const progress: AddingProgress = { step: "finding", done: 0, total: null };
      const addition = { ...begun, progress, startedAtMs: farm.clock.nowMs(), abort: new AbortController() };
      additions.unshift(addition);
      const ended = additions.filter(({ status }) => status !== "running").slice(KEPT);
      for (const one of ended) additions.splice(additions.indexOf(one), 1);
      last = last.then(() => work(farm, addition, source));
      farm.background.add(last);
      const { abort: _, ...shown } = addition;
      return shown;
    },
    cancel: (id) => {
      const addition = additions.find((one) => one.id === id);
      if (!addition) throw new AppError("not_found", `There is no addition ${id}.`);
      addition.abort.abort(new Error("stopped"));
    },
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof AppError ? error.message : "Something went wrong; the manager's log says what.";
}
