import { Action } from "#web/components/action.tsx";
import { ProgressBar } from "#web/components/progress-bar.tsx";
import { tellSize } from "#web/words/size.ts";

/** An addition of a Blender, under way or ended lately. */
export type AdditionRow = {
  id: number;
  name: string;
  status: "running" | "done" | "failed";
  progress: { step: keyof typeof STEPS; done: number; total: number | null };
  message: string | null;
  version: string | null;
};

const STEPS = {
  finding: "Looking for it, or waiting its turn",
  downloading: "Downloading",
  packing: "Packing",
  unpacking: "Unpacking",
  trying: "Trying it",
};

/** What is being added, with a button that stops it, and how what ended lately has ended. */
export function BlenderAdditions({ additions }: { additions: readonly AdditionRow[] }) {
  if (additions.length === 0) return null;
  return (
    <section>
      <h2>Additions</h2>
      <ul class="plain">
        {additions.map((addition) => (
          <li>
            <strong>{addition.name}</strong>: {tell(addition)}
            {addition.status === "running" && <Running addition={addition} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A download of a version that was stopped or cut off. */
export type DownloadRow = { version: string; bytes: number };

/** What has come of downloads that were not ended, with a button that goes on with each and one that removes it. */
export function BlenderDownloads({ downloads, mayFetch }: { downloads: readonly DownloadRow[]; mayFetch: boolean }) {
  if (downloads.length === 0) return null;
  return (
    <section>
      <h2>Downloads cut off</h2>
      <p class="hint">Each goes on where it was when it is added again; after a week it is removed.</p>
      <ul class="plain">
        {downloads.map(({ version, bytes }) => (
          <li>
            <strong>{version}</strong>: {tellSize(bytes)} have come {mayFetch && <GoOn version={version} />}
            <Action to={`/admin/blender/${version}/remove`} text="Remove" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function GoOn({ version }: { version: string }) {
  return (
    <form method="post" action="/admin/blender">
      <input type="hidden" name="version" value={version} />
      <button>Go on</button>
    </form>
  );
}

function Running({ addition: { id, name, progress } }: { addition: AdditionRow }) {
  const label = `Adding ${name}`;
  return (
    <>
      {" "}
      {progress.total !== null && <ProgressBar done={progress.done} total={progress.total} label={label} />}
      <Action to={`/admin/blender/additions/${id}/cancel`} text="Stop" />
    </>
  );
}

function tell({ status, progress: { step, done, total }, message, version }: AdditionRow): string {
  if (status === "done") return `Blender ${version} was added.`;
  if (status === "failed") return message ?? "It failed.";
  return total === null ? `${STEPS[step]}…` : `${STEPS[step]}, ${tellSize(done)} of ${tellSize(total)}`;
}
