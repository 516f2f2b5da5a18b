import type { Child } from "#jsx/jsx-runtime";
import { AdminLayout } from "#web/admin-layout.tsx";
import type { Chrome } from "#web/chrome.ts";
import { Field } from "#web/components/field.tsx";
import { Live } from "#web/components/live.tsx";
import { Notice } from "#web/components/notice.tsx";
import { UploadProgress } from "#web/components/upload-progress.tsx";
import { BlenderAdditions, type AdditionRow } from "#web/fragments/blender-additions.tsx";
import { BlenderDownloads, type DownloadRow } from "#web/fragments/blender-downloads.tsx";
import { BlenderTable, type BlenderRow } from "#web/fragments/blender-table.tsx";

export type BlenderShown = {
  versions: readonly BlenderRow[];
  additions: readonly AdditionRow[];
  downloads: readonly DownloadRow[];
  /** Whether the farm fetches versions by number. */
  mayFetch: boolean;
  /** The version that the farm's settings pin as the default. */
  pinned: string | null;
};

export type BlenderNews = {
  /** What was typed for a version that could not be added, and why. */
  adding?: { version: string; problem: string };
  /** Why an archive was not taken. */
  uploadProblem?: string;
  /** A version that was not removed, and why. */
  refused?: { version: string; problem: string };
};

type Props = { chrome: Chrome; live: Child; mayFetch: boolean; news: BlenderNews };

/** The versions of Blender that there are, with the ways to add one. */
export function BlenderPage({ chrome, live, mayFetch, news }: Props) {
  const { adding, uploadProblem, refused } = news;
  return (
    <AdminLayout chrome={chrome} page="blender" title="Blender">
      {refused && <Refused refused={refused} />}
      <Live content={live} />
      <h2>Add a version</h2>
      {mayFetch ? (
        <form method="post" action="/admin/blender" class="panel fields">
          <Field
            name="version"
            label="Version"
            hint="Such as 4.2, for its newest patch, or 4.2.3. It is fetched from the release site and checked."
            problem={adding?.problem}
            input={{ required: true, maxlength: 20, autocomplete: "off", value: adding?.version ?? null }}
          />
          <button class="primary">Fetch</button>
        </form>
      ) : (
        <p class="hint">
          Fetching by number is switched off; the setting blender-download in the <a href="/admin/settings">settings</a>{" "}
          allows it.
        </p>
      )}
      <form method="post" action="/admin/blender/upload" enctype="multipart/form-data" class="panel fields" data-upload>
        <Field
          name="file"
          label="Archive"
          hint="As Blender is released for Linux: blender-X.Y.Z-linux-x64.tar.xz."
          problem={uploadProblem}
          input={{ type: "file", required: true }}
        />
        <button>Upload</button>
        <UploadProgress />
      </form>
    </AdminLayout>
  );
}

/** What keeps itself up to date while something is added. */
export function BlenderContent({ versions, additions, downloads, mayFetch, pinned }: BlenderShown) {
  return (
    <>
      <p class="hint">
        {pinned === null ? "No default is pinned: each file gets what fits it." : `Pinned default: Blender ${pinned}.`}{" "}
        <a href="/admin/settings">Settings</a>
      </p>
      <BlenderAdditions additions={additions} />
      <BlenderDownloads downloads={downloads} mayFetch={mayFetch} />
      {versions.length > 0 ? (
        <BlenderTable versions={versions} pinned={pinned} />
      ) : (
        <Notice kind="info">There is no Blender yet. Add one, and runners fetch it when they need it.</Notice>
      )}
    </>
  );
}

function Refused({ refused: { version, problem } }: { refused: { version: string; problem: string } }) {
  return (
    <Notice kind="bad">
      <p>{problem}</p>
      <form method="post" action={`/admin/blender/${version}/remove`}>
        <input type="hidden" name="force" value="true" />
        <button class="danger">Remove {version} all the same</button>
      </form>
    </Notice>
  );
}
