import { GraveAction } from "#web/components/action.tsx";
import { tellSize } from "#web/words/size.ts";

/** A version of Blender, and where there is one. */
export type BlenderRow = {
  version: string;
  stored: { size: number; unpackedBytes: number } | null;
  onManager: boolean;
  runnerNames: readonly string[];
  downloadable: boolean;
};

/** Versions of Blender with their sources; what the farm keeps can be removed. */
export function BlenderTable({ versions, pinned }: { versions: readonly BlenderRow[]; pinned: string | null }) {
  return (
    <table class="blenders">
      <thead>
        <tr>
          <th>Version</th>
          <th>Kept by the farm</th>
          <th>On the manager</th>
          <th>On runners</th>
          <th>Release site</th>
          <th>
            <span class="hidden">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {versions.map((row) => (
          <Row row={row} pinned={row.version === pinned} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, pinned }: { row: BlenderRow; pinned: boolean }) {
  const { version, stored, onManager, runnerNames, downloadable } = row;
  const none = <span class="none">no</span>;
  return (
    <tr>
      <th scope="row">
        {version}
        {pinned && " (default)"}
      </th>
      <td data-label="Kept by the farm">
        {stored ? `${tellSize(stored.size)}, unpacked ${tellSize(stored.unpackedBytes)}` : none}
      </td>
      <td data-label="On the manager">{onManager ? "installed" : none}</td>
      <td data-label="On runners">
        {runnerNames.length > 0 ? runnerNames.join(", ") : <span class="none">none</span>}
      </td>
      <td data-label="Release site">{downloadable ? "can be fetched" : none}</td>
      <td class="do">
        {stored && (
          <GraveAction id={`remove-${version}`} to={`/admin/blender/${version}/remove`} text="Remove">
            Runners cannot fetch Blender {version} any more. While jobs are rendered with it, this is refused.
          </GraveAction>
        )}
      </td>
    </tr>
  );
}
