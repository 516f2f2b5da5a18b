import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Busboy, { type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import { AppError } from "#domain/app-error.ts";

/** Fields beside the file that a form may send; more are ignored. */
const MAX_FIELDS = 50;

/** The file of a form, as it arrives. */
export type FormFile = {
  name: string;
  content: AsyncIterable<Uint8Array>;
  /** The bytes of the whole form, of which the file is nearly all; null where they are not told beforehand. */
  formBytes: number | null;
};

/** What a form sends beside its file, by the names of its fields. */
export type FormFields = Map<string, string>;

/**
 * Hands the file of a form's field `file` to `receive` while it arrives, never holding more than a piece of it. Returns what `receive` does.
 * The form's other fields are put into `fields` as they arrive: those that stand before the file are there when `receive` is called. Throws `bad_request` for a form without that field, and `upload_incomplete` for one that is cut off.
 */
export async function receiveFormFile<T>(
  request: Request,
  receive: (file: FormFile) => Promise<T>,
  fields: FormFields = new Map(),
): Promise<T> {
  if (!request.body) throw new AppError("bad_request", "The form is empty.");
  const form = openForm(request.headers.get("content-type") ?? "");
  const refused = new AbortController();
  const received: Promise<T>[] = [];
  let file: Readable | undefined;
  form.on("field", (name: string, value: string) => fields.set(name, value));
  form.on("file", (field: string, stream: Readable, name: string) => {
    if (field !== "file" || received.length > 0) return void stream.resume();
    file = stream;
    stream.on("error", () => {}); // whoever reads it hears of it; where nobody does yet, it would end the process
    const result = receive({ name, content: stream, formBytes: announcedBytes(request) });
    result.catch(() => refused.abort());
    received.push(result);
  });
  try {
    await pipeline(Readable.fromWeb(request.body as never), form, { signal: refused.signal });
  } catch (error) {
    const wasRefused = refused.signal.aborted;
    // The parser leaves the file open when the body breaks off; whoever reads it would wait for ever.
    file?.destroy(error instanceof Error ? error : new Error(String(error)));
    const [outcome] = await Promise.allSettled(received);
    if (wasRefused && outcome?.status === "rejected") throw outcome.reason;
    throw new AppError("upload_incomplete", "The upload was cut off before its end.", { cause: error });
  }
  const first = received[0];
  if (!first) throw new AppError("bad_request", 'The form has no file in a field called "file".');
  return first;
}

/** The bytes that a request says its body has; null where it does not say. */
export function announcedBytes(request: Request): number | null {
  const length = request.headers.get("content-length");
  return length === null ? null : Number(length);
}

function openForm(contentType: string): BusboyInstance {
  try {
    const headers: BusboyHeaders = { "content-type": contentType };
    return new Busboy({ headers, limits: { fields: MAX_FIELDS, fieldSize: 100_000, headerPairs: 100 } });
  } catch (error) {
    throw new AppError("bad_request", "The form is not valid multipart/form-data.", { cause: error });
  }
}
