import { tellSize } from "#web/words/size.ts";

/** An upload of which not everything has arrived, or that no job has yet; `key` tells its file from others of the same name. */
export type UnfinishedUpload = { id: number; name: string; size: number; offset: number; key: string };

type Props = { jobId: number | null; maxBytes: number; uploads: readonly UnfinishedUpload[] };

/** What is on its way to the manager. Its content is the script's own; what the server says is where it begins. */
export function Sending({ jobId, maxBytes, uploads }: Props) {
  return (
    <section
      id="sending"
      aria-label="Uploads"
      data-own
      data-job={jobId === null ? "" : String(jobId)}
      data-max={String(maxBytes)}
    >
      {uploads.map(({ id, name, size, offset, key }) => (
        <div class="upload" data-upload={String(id)} data-name={name} data-size={String(size)} data-key={key}>
          <p>
            <b>{name}</b>
          </p>
          <progress value={offset} max={Math.max(1, size)} aria-label={`Upload of ${name}`} />
          <p class="told" role="status">
            {tellSize(offset)} of {tellSize(size)} have arrived.
          </p>
        </div>
      ))}
    </section>
  );
}
