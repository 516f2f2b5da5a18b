import { AppError } from "#domain/app-error.ts";
import { CHECKSUM_ALGORITHMS, type Checksum } from "#domain/resumable-upload.ts";

/** The one version of the protocol (https://tus.io/protocols/resumable-upload). */
export const TUS_VERSION = "1.0.0";

/** What goes beyond its core here. */
export const TUS_EXTENSIONS = "creation,creation-with-upload,expiration,termination,checksum";

export const PIECE_TYPE = "application/offset+octet-stream";

/** Longer metadata says no more of a file. */
const MAX_METADATA_LENGTH = 8192;

/** Refuses a request in another version of the protocol, or in none. */
export function mustSpeakTus(headers: Headers): void {
  if (headers.get("tus-resumable") === TUS_VERSION) return;
  throw new AppError("unsupported_version", `Say Tus-Resumable: ${TUS_VERSION}; this is the one version spoken here.`);
}

/** Refuses a body that is no piece of an upload. */
export function mustBePiece(headers: Headers): void {
  const type = headers.get("content-type")?.split(";")[0]!.trim().toLowerCase();
  if (type !== PIECE_TYPE) throw new AppError("unsupported_media_type", `The body of a piece is ${PIECE_TYPE}.`);
}

/** A header that says a number of bytes. Throws `bad_request`; null when it is not there. */
export function bytesIn(headers: Headers, name: string): number | null {
  const text = headers.get(name);
  if (text === null) return null;
  if (!/^\d{1,16}$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER)
    throw new AppError("bad_request", `The header ${name} takes a number of bytes.`);
  return Number(text);
}

/** The same of a header that must be there. */
export function mustHaveBytes(headers: Headers, name: string): number {
  const bytes = bytesIn(headers, name);
  if (bytes === null) throw new AppError("bad_request", `The header ${name} is missing.`);
  return bytes;
}

/** Reads the text of `Upload-Metadata`: keys and values in Base64 by their keys. Throws `bad_request`. */
export function readMetadata(text: string): Map<string, string> {
  if (text.length > MAX_METADATA_LENGTH) throw badMetadata(`at most ${MAX_METADATA_LENGTH} characters`);
  const metadata = new Map<string, string>();
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const [, key, value] = /^([!-+\--~]+)(?: ([A-Za-z0-9+/]*={0,2}))?$/.exec(pair.trim()) ?? [];
    if (key === undefined || metadata.has(key)) throw badMetadata("keys, each once, with their values in Base64");
    metadata.set(key, Buffer.from(value ?? "", "base64").toString());
  }
  return metadata;
}

/** Reads `Upload-Checksum`: the algorithm and the digest in Base64. Throws `bad_request`; null when it is not there. */
export function checksumIn(headers: Headers): Checksum | null {
  const text = headers.get("upload-checksum");
  if (text === null) return null;
  const [, name, value] = /^([a-z0-9]+) ([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name);
  if (!algorithm || value === undefined)
    throw new AppError(
      "bad_request",
      `Upload-Checksum takes one of ${CHECKSUM_ALGORITHMS.join(", ")} and a digest in Base64.`,
    );
  return { algorithm, digest: Buffer.from(value, "base64") };
}

function badMetadata(takes: string): AppError {
  return new AppError("bad_request", `Upload-Metadata takes ${takes}, separated by commas.`);
}
