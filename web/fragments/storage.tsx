import { Facts } from "#web/components/facts.tsx";
import { tellCount } from "#web/words/count.ts";
import { tellSize } from "#web/words/size.ts";

export type StorageShown = {
  uploadBytes: number;
  frameBytes: number;
  videoBytes: number;
  framesFiled: number;
  freeBytes: number;
  totalBytes: number;
};

const PARTS = [
  ["frameBytes", "Frames", "done"],
  ["videoBytes", "Videos", "draft"],
  ["uploadBytes", "Uploads", "working"],
] as const;

/** What lies on the disk of the storage, and how much room is left. */
export function Storage({ storage }: { storage: StorageShown }) {
  const { freeBytes, totalBytes, framesFiled } = storage;
  const ours = PARTS.reduce((sum, [name]) => sum + storage[name], 0);
  const other = Math.max(0, totalBytes - freeBytes - ours);
  const parts = [...PARTS.map(([name, , tone]) => [storage[name], tone] as const), [other, "other"] as const];
  let x = 0;
  return (
    <section class="panel plot" aria-labelledby="storage">
      <div class="heading">
        <h2 id="storage">Storage</h2>
        <b>{tellSize(freeBytes)} free</b>
      </div>
      <svg class="parts" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(([bytes, tone]) => {
          const width = totalBytes === 0 ? 0 : (bytes / totalBytes) * 1000;
          x += width;
          return <rect class={tone} x={(x - width).toFixed(1)} y="0" width={width.toFixed(1)} height="10" />;
        })}
      </svg>
      <Facts
        of={[
          ...PARTS.map(
            ([name, text, tone]) => [<span class={`swatch ${tone}`}>{text}</span>, tellSize(storage[name])] as const,
          ),
          [<span class="swatch other">Other files</span>, tellSize(other)],
          ["Size", tellSize(totalBytes)],
          ["Ever filed", tellCount(framesFiled, "frame")],
        ]}
      />
    </section>
  );
}
