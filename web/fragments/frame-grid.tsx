import type { FrameState } from "#domain/frame-state.ts";
import { Pages } from "#web/components/pages.tsx";
import { tellNumber } from "#web/words/count.ts";
import { FRAME_WORDS } from "#web/words/status.ts";
import { framePictureUrl } from "./job-files.tsx";

export type FrameCell = { frame: number; state: FrameState };

export type FramePage = {
  cells: readonly FrameCell[];
  /** Counted from 1. */
  page: number;
  pages: number;
  /** The frame that was looked for, if any. */
  at: number | null;
  /** How many frames of the whole job there are in each state. */
  counts: ReadonlyMap<FrameState, number>;
};

type Props = {
  jobId: number;
  frames: FramePage;
  /** The address of another page. */
  pageUrl: (page: number) => string;
};

/** The frames of a job as cells in the colour of their state, with their picture once it is filed; one page of them. */
export function FrameGrid({ jobId, frames, pageUrl }: Props) {
  const { cells, page, pages, at, counts } = frames;
  return (
    <section class="frames" id="frames" aria-labelledby="frames-heading">
      <div class="heading">
        <h2 id="frames-heading">
          Frames{pages > 1 && ` ${tellNumber(cells[0]!.frame)}–${tellNumber(cells.at(-1)!.frame)}`}
        </h2>
        <Legend counts={counts} />
        {pages > 1 && <GoTo jobId={jobId} />}
      </div>
      <div class="grid">
        {cells.map((cell) => (
          <Cell jobId={jobId} cell={cell} found={cell.frame === at} />
        ))}
      </div>
      <Pages
        label="Pages of frames"
        {...{ page, pages, back: "Earlier frames", on: "Later frames" }}
        url={(to) => `${pageUrl(to)}#frames`}
      />
    </section>
  );
}

function Cell({ jobId, cell: { frame, state }, found }: { jobId: number; cell: FrameCell; found: boolean }) {
  const what = { id: `f${frame}`, class: state === "waiting" ? null : state, "aria-current": found ? "true" : null };
  if (state === "waiting") return <i {...what}>{frame}</i>;
  if (state === "ended")
    return (
      <i {...what} title={FRAME_WORDS[state]}>
        {frame}
      </i>
    );
  return (
    <a {...what} title={FRAME_WORDS[state]} href={`/jobs/${jobId}/frames/${frame}`}>
      {state === "done" && <img class="thumbnail" src={framePictureUrl(jobId, frame, "small")} alt="" loading="lazy" />}
      <b>{frame}</b>
    </a>
  );
}

/** Leads to the page that a frame is on. */
function GoTo({ jobId }: { jobId: number }) {
  return (
    <form class="go-to" action={`/jobs/${jobId}#frames`}>
      <label for="at">Go to frame</label>
      <input type="number" id="at" name="at" min="0" required />
      <button>Go</button>
    </form>
  );
}

function Legend({ counts }: { counts: ReadonlyMap<FrameState, number> }) {
  const shown = (Object.keys(FRAME_WORDS) as FrameState[]).filter((state) => (counts.get(state) ?? 0) > 0);
  return (
    <p class="legend">
      {shown.map((state) => (
        <span class={`badge ${state}`}>
          {tellNumber(counts.get(state) ?? 0)} {FRAME_WORDS[state]}
        </span>
      ))}
    </p>
  );
}
