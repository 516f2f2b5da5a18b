import { frameRuns, type FrameMap, type FrameState } from "#domain/frame-state.ts";
import { formatFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { framePictureUrl } from "./job-files.tsx";

/** More stretches than this on the line below the picture would be thinner than a point. */
const MOST_STRETCHES = 600;

/** A picture has this shape until the first frame says its own. */
const USUAL_SIZE = { width: 1920, height: 1080 };

type Props = {
  job: Job;
  frames: FrameMap;
  /** The frame that was filed last; null before the first. */
  latest: number | null;
  fps: number;
};

/**
 * The frames of a job as a film: what `player.js` plays by the data here. Without a script it shows the latest frame. What is the
 * script's own is marked `data-own`, so that news of the job leave it as it is.
 */
export function Player({ job, frames, latest, fps }: Props) {
  const only = (state: FrameState) => formatFrames(frames.frames.filter((_, place) => frames.states[place] === state));
  const { width, height } = job.width && job.height ? { width: job.width, height: job.height } : USUAL_SIZE;
  return (
    <section
      class="player"
      id="player"
      aria-label="Player"
      data-player={job.id}
      data-frames={job.frames}
      data-done={only("done")}
      data-working={only("working")}
      data-failed={only("failed")}
      data-ended={only("ended")}
      data-latest={latest}
      data-fps={fps}
      data-keys-own
    >
      <div class="stage" data-own>
        <svg class="shape" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" />
        <a
          class="picture"
          href={latest === null ? `/jobs/${job.id}#frames` : `/jobs/${job.id}/frames/${latest}`}
          aria-label={latest === null ? "Frames" : `Frame ${latest}, large`}
        >
          {latest !== null && <img src={framePictureUrl(job.id, latest)} alt={`Frame ${latest}`} />}
        </a>
        <p class="hole" hidden={latest !== null}>
          No frame is filed yet.
        </p>
      </div>
      <div class="line">
        <Strip frames={frames} />
        <div data-own>
          <input
            class="with-script"
            type="range"
            id="scrub"
            min="0"
            max={frames.frames.length - 1}
            aria-label="Frame"
          />
        </div>
      </div>
      <Controls />
    </section>
  );
}

/** All frames on one line, each stretch in the colour of its state. */
function Strip({ frames: { states } }: { frames: FrameMap }) {
  return (
    <svg class="strip" viewBox={`0 0 ${states.length} 1`} preserveAspectRatio="none" aria-hidden="true">
      {frameRuns(states, MOST_STRETCHES).map(({ state, first, count }) => (
        <rect class={state} x={first} width={count} height="1" />
      ))}
    </svg>
  );
}

/** Outlines in a square of 16. */
const SHAPES = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M11 3v10L4 8z",
  play: "M4 2v12l10-6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  on: "M5 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
} as const;

function Shape({ of }: { of: keyof typeof SHAPES }) {
  return (
    <svg class={`shape-${of}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[of]} />
    </svg>
  );
}

function Control({ name, label, shapes }: { name: string; label: string; shapes: readonly (keyof typeof SHAPES)[] }) {
  return (
    <button type="button" class="quiet" data-do={name} aria-label={label} title={label}>
      {shapes.map((shape) => (
        <Shape of={shape} />
      ))}
    </button>
  );
}

function Controls() {
  return (
    <div class="controls with-script" data-own>
      <Control name="first" label="First frame (Home)" shapes={["first"]} />
      <Control name="back" label="One frame back (left arrow)" shapes={["back"]} />
      <Control name="play" label="Play (space)" shapes={["play", "pause"]} />
      <Control name="on" label="One frame on (right arrow)" shapes={["on"]} />
      <Control name="last" label="Last frame (End)" shapes={["last"]} />
      <output for="scrub" class="number" />
      <button type="button" class="quiet" data-do="latest" hidden>
        Latest frame
      </button>
      <a class="open" href="#frames">
        Large view
      </a>
    </div>
  );
}
