import { tellNumber } from "#web/words/count.ts";

/** How many runners there are of each kind, and how many frames were filed in the last hour. */
export type FarmCounts = {
  busy: number;
  idle: number;
  draining: number;
  offline: number;
  disabled: number;
  /** Left out where it is not told. */
  framesPerHour?: number;
};

const KINDS = [
  ["busy", "working"],
  ["idle", "done"],
  ["draining", "held"],
  ["offline", "ended"],
  ["disabled", "failed"],
] as const;

/** Always told, also when there are none. */
const ALWAYS = new Set(["busy", "idle", "offline"]);

/** The state of the farm in one line. */
export function FarmLine({ counts }: { counts: FarmCounts }) {
  return (
    <p class="farm-line">
      {KINDS.filter(([kind]) => ALWAYS.has(kind) || counts[kind] > 0).map(([kind, tone]) => (
        <span class={`badge ${counts[kind] > 0 ? tone : "none"}`}>
          {tellNumber(counts[kind])} {kind}
        </span>
      ))}
      {counts.framesPerHour !== undefined && <span class="none">{tellPace(counts.framesPerHour)} frames/h</span>}
    </p>
  );
}

/** No more exact than it can be known, and so that it does not change with every frame. */
function tellPace(framesPerHour: number): string {
  return tellNumber(Number(framesPerHour.toPrecision(2)));
}
