import type { Child } from "#jsx/jsx-runtime";
import type { StoredFile } from "#domain/output.ts";
import { tellSize } from "#web/words/size.ts";
import { downloadUrl } from "./job-files.tsx";

/** More are only counted. */
const SHOWN = 12;

/** What was uploaded to a draft, the newest first; `children` is the way to add more. */
export function ProjectFiles({ files, children }: { files: readonly StoredFile[]; children?: Child }) {
  const newest = files.toReversed();
  return (
    <section class="panel" aria-labelledby="files-heading">
      <h2 id="files-heading">Uploaded</h2>
      {files.length === 0 && <p class="hint">No files yet.</p>}
      <ul class="files">
        {newest.slice(0, SHOWN).map((file) => (
          <li>
            <a href={downloadUrl(file)} download={file.name.split("/").at(-1)}>
              {file.name}
            </a>
            <span class="sub number">{tellSize(file.size)}</span>
          </li>
        ))}
      </ul>
      {files.length > SHOWN && <p class="hint">These are the newest {SHOWN}.</p>}
      {children}
    </section>
  );
}
