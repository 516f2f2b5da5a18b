import { Pager } from "#web/components/pager.tsx";

/** What a frame is: filed, being rendered, waiting, failed, or ended without a picture. */
export type FrameState = "done" | "working" | "waiting" | "failed" | "ended";

export type FrameCell = { frame: number; state: FrameState };

export type FramePage = {
  cells: readonly FrameCell[];
  /** Counted from 1. */
  page: number;
  pages: number;
};

const WORDS: Record<FrameState, string> = {
  done: "done",
  working: "running",
  waiting: "waiting",
  failed: "failed",
  ended: "not rendered",
};

/** The frames of a job as cells, one page of them; `pageUrl` is the address of another page. */
export function FrameGrid({
  jobId,
  frames,
  pageUrl,
}: {
  jobId: number;
  frames: FramePage;
  pageUrl: (page: number) => string;
}) {
  const { cells, page, pages } = frames;
  const link = (to: number, text: string) => ({ href: `${pageUrl(to)}#frames`, text });
  return (
    <section class="frames" id="frames" aria-labelledby="frames-heading">
      <div class="heading">
        <h2 id="frames-heading">Frames{pages > 1 && ` ${cells[0]?.frame}–${cells.at(-1)?.frame}`}</h2>
        <Legend states={new Set(cells.map((cell) => cell.state))} />
      </div>
      <div class="grid">
        {cells.map((cell) => (
          <Cell jobId={jobId} cell={cell} />
        ))}
      </div>
      <Pager
        label="Pages of frames"
        back={page > 1 ? link(page - 1, "Earlier frames") : null}
        on={page < pages ? link(page + 1, "Later frames") : null}
      />
    </section>
  );
}

function Cell({ jobId, cell: { frame, state } }: { jobId: number; cell: FrameCell }) {
  if (state === "waiting") return <i>{frame}</i>;
  const what = { class: state, title: WORDS[state] };
  if (state === "ended") return <i {...what}>{frame}</i>;
  return (
    <a {...what} href={`/jobs/${jobId}/frames/${frame}`}>
      {frame}
    </a>
  );
}

function Legend({ states }: { states: ReadonlySet<FrameState> }) {
  const shown = (Object.keys(WORDS) as FrameState[]).filter((state) => states.has(state));
  return (
    <p class="legend">
      {shown.map((state) => (
        <span class={`badge ${state}`}>{WORDS[state]}</span>
      ))}
    </p>
  );
}
