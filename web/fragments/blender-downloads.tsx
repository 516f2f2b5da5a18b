import { Action } from "#web/components/action.tsx";
import { tellSize } from "#web/words/size.ts";

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
