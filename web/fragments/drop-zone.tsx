import { tellSize } from "#web/words/size.ts";

/** What a scene may come as. */
const SCENE_FILES = ".blend,.zip,.tar,.tar.gz,.tgz,.tar.zst";

type Props = { action: string; problem: string | undefined; maxBytes: number };

/** Where a scene is dropped or chosen. Without a script it is a form with a button; with one, what is chosen is sent at once. */
export function DropZone({ action, problem, maxBytes }: Props) {
  return (
    <form class="drop-zone" method="post" action={action} enctype="multipart/form-data" data-drop-zone>
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <path d="M24 32V10m0 0-9 9m9-9 9 9M8 30v8a3 3 0 0 0 3 3h26a3 3 0 0 0 3-3v-8" />
      </svg>
      <p class="lead with-script">Drop a .blend, an archive or a whole project folder anywhere on this page.</p>
      <p class="lead without-script">Choose a .blend, or an archive of a project folder.</p>
      <div class="field file">
        <label for="file">Scene</label>
        <input
          type="file"
          id="file"
          name="file"
          required
          accept={SCENE_FILES}
          aria-describedby={problem ? "file-hint file-problem" : "file-hint"}
          aria-invalid={problem ? "true" : null}
        />
      </div>
      <p class="with-script">
        <input type="file" id="folder" class="hidden" webkitdirectory aria-describedby="file-hint" />
        <label class="button" for="folder">
          Choose a folder
        </label>
      </p>
      <button class="primary without-script">Upload</button>
      <p class="hint" id="file-hint">
        A .zip, .tar or .tar.gz takes textures and linked libraries along
        <span class="with-script">, and so does a folder</span>. At most {tellSize(maxBytes)}.{" "}
        <span class="with-script">A broken connection or a reload loses nothing: it goes on.</span>
      </p>
      <p class="problem" id="file-problem" role="alert" data-own>
        {problem ?? ""}
      </p>
    </form>
  );
}

/** A further file for a project: textures and libraries, by their own names. */
export function AddFiles({ jobId, problem }: { jobId: number; problem: string | undefined }) {
  return (
    <form
      id="add-file"
      method="post"
      action={`/jobs/${jobId}/draft/files`}
      enctype="multipart/form-data"
      data-drop-zone
      data-adds
    >
      <div class="field file">
        <label for="file">Add files</label>
        <input
          type="file"
          id="file"
          name="file"
          required
          aria-describedby={problem ? "file-hint file-problem" : "file-hint"}
          aria-invalid={problem ? "true" : null}
        />
      </div>
      <div class="actions with-script">
        <input type="file" id="folder" class="hidden" webkitdirectory aria-describedby="file-hint" />
        <label class="button" for="folder">
          Add a folder
        </label>
      </div>
      <p class="hint" id="file-hint">
        Textures, libraries, caches, or an archive of several<span class="with-script">; or drop them anywhere</span>.
        What the scene misses goes to where it looks for it; what has the same path is replaced.
      </p>
      <p class="problem" id="file-problem" role="alert" data-own>
        {problem ?? ""}
      </p>
      <button class="without-script">Add to the project</button>
    </form>
  );
}
