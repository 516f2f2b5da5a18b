import { Moment } from "./moment.tsx";

/** A value at a point of time; null where nothing is known. */
export type Point = { atMs: number; value: number | null };

export type PlotProps = {
  id: string;
  title: string;
  /** What the line says now. */
  now: string;
  kind: "bars" | "line";
  tone: "done" | "working" | "waiting" | "failed" | "draft";
  points: readonly Point[];
  /** A value as people read it. */
  tell: (value: number) => string;
  /** The end of the scale, where it is always the same. */
  most?: number;
};

/** The drawing's own measures; it is stretched over the room there is. */
const WIDTH = 1000;
const HEIGHT = 100;

/** Values over time, drawn as a picture and readable as a table. */
export function Plot({ id, title, now, kind, tone, points, tell, most }: PlotProps) {
  const top = most ?? niceTop(Math.max(0, ...points.map(({ value }) => value ?? 0)));
  const [first, last] = [points[0], points.at(-1)];
  return (
    <figure class="panel plot" aria-labelledby={id}>
      <figcaption>
        <h2 id={id}>{title}</h2>
        <b>{now}</b>
      </figcaption>
      <div class="chart">
        <div class="scale" aria-hidden="true">
          <span>{tell(top)}</span>
          <span>{tell(top / 2)}</span>
          <span>{tell(0)}</span>
        </div>
        <svg class={tone} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path class="lines" d={`M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`} />
          {kind === "bars" ? <Bars points={points} top={top} tell={tell} /> : <Line points={points} top={top} />}
        </svg>
        <div class="span" aria-hidden="true">
          {first && <Moment atMs={first.atMs} />}
          {last && <span>now</span>}
        </div>
      </div>
      <Numbers id={id} title={title} points={points} tell={tell} />
    </figure>
  );
}

type Drawn = { points: readonly Point[]; top: number };

/** One bar for each; what it stands for is told where the pointer is over it. */
function Bars({ points, top, tell }: Drawn & Pick<PlotProps, "tell">) {
  const each = WIDTH / Math.max(1, points.length);
  return (
    <>
      {points.map(({ atMs, value }, i) => {
        const height = top === 0 ? 0 : ((value ?? 0) / top) * HEIGHT;
        return (
          <g class="bar">
            <rect
              class="reach"
              x={round(i * each)}
              y="0"
              width={round(each)}
              height={HEIGHT}
              data-at={new Date(atMs).toISOString()}
              data-value={tell(value ?? 0)}
            >
              <title>{tell(value ?? 0)}</title>
            </rect>
            <rect
              x={round((i + 0.12) * each)}
              y={round(HEIGHT - height)}
              width={round(each * 0.76)}
              height={round(height)}
            />
          </g>
        );
      })}
    </>
  );
}

/** A line with the ground below it shaded; it breaks where nothing is known. */
function Line({ points, top }: Drawn) {
  const [from, to] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0];
  const x = (atMs: number) => round(to === from ? WIDTH : ((atMs - from) / (to - from)) * WIDTH);
  const y = (value: number) => round(HEIGHT - (top === 0 ? 0 : Math.min(1, value / top) * HEIGHT));
  const pieces = piecesOf(points).map((piece) => piece.map(({ atMs, value }) => `${x(atMs)} ${y(value)}`));
  const ends = piecesOf(points).map((piece) => [x(piece[0]!.atMs), x(piece.at(-1)!.atMs)]);
  return (
    <>
      <path
        class="ground"
        d={pieces.map((piece, i) => `M${ends[i]![0]} ${HEIGHT}L${piece.join("L")}L${ends[i]![1]} ${HEIGHT}Z`).join("")}
      />
      <path class="line" d={pieces.map((piece) => `M${piece.join("L")}`).join("")} />
    </>
  );
}

type Known = { atMs: number; value: number };

function piecesOf(points: readonly Point[]): Known[][] {
  const pieces: Known[][] = [[]];
  for (const { atMs, value } of points)
    if (value === null) pieces.push([]);
    else pieces.at(-1)!.push({ atMs, value });
  return pieces.filter((piece) => piece.length > 0);
}

/** A table has as many rows as can still be read. */
const MOST_ROWS = 31;

function Numbers({ id, title, points, tell }: Pick<PlotProps, "id" | "title" | "points" | "tell">) {
  const each = Math.ceil(points.length / MOST_ROWS);
  const rows = points.filter((_, i) => (points.length - 1 - i) % each === 0).reverse();
  return (
    <details id={`${id}-numbers`}>
      <summary>As a table</summary>
      <table class="plain" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">{title}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ atMs, value }) => (
            <tr>
              <th scope="row">
                <Moment atMs={atMs} />
              </th>
              <td class="number">{value === null ? "–" : tell(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The next of 2, 4, 6, 10, 20, 40, 60 … that is not below a value: each has a half that is as round. */
function niceTop(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 10].map((step) => step * power).find((step) => step >= value && step > 1)!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
