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
