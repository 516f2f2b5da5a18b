import { stat } from "node:fs/promises";
import { AppError } from "#domain/app-error.ts";
import { type ByteRange, parseRange } from "./byte-range.ts";
import { contentDisposition, contentType } from "./content-type.ts";
import { errorCode } from "./storage-error.ts";

/** A file to be sent, and what its receiver is told of it. */
export type DownloadFile = {
  path: string;
  /** What it is called for its receiver; also decides the media type. */
  name: string;
  /** Hex; becomes the ETag. Null while it is not known. */
  sha256: string | null;
  /** When it came to be, on the wall clock; null for the file's own time. */
  mtimeMs: number | null;
  disposition?: "attachment" | "inline";
  /** By default it may be kept by the receiver's browser alone, and asked for again each time. */
  cacheControl?: string;
};

/** The validators of RFC 9110, section 8.8: `etag` quoted, times in whole seconds as HTTP dates have them. */
type Validators = { etag: string | null; modifiedMs: number };

/**
 * Answers with a file, by sendfile where the whole or one range of it is sent. Honours `If-None-Match`,
 * `If-Modified-Since`, `Range` and `If-Range`, and HEAD. Throws `not_found` when the file is gone.
 */
export async function download(request: Request, file: DownloadFile): Promise<Response> {
  const stats = await statFile(file);
  const validators: Validators = {
    etag: file.sha256 === null ? null : `"${file.sha256}"`,
    modifiedMs: Math.floor((file.mtimeMs ?? stats.mtimeMs) / 1000) * 1000,
  };
  const headers = commonHeaders(file, validators);
  if (isUnchanged(request.headers, validators)) return new Response(null, { status: 304, headers });
  const range = wantedRange(request, stats.size, validators);
  headers.set("content-type", contentType(file.name));
  headers.set("content-disposition", contentDisposition(file.disposition ?? "attachment", file.name));
  switch (range.kind) {
    case "whole":
      return new Response(wholeBody(request, file.path), { headers });
    case "part":
      headers.set("content-range", `bytes ${range.first}-${range.last}/${stats.size}`);
      return new Response(Bun.file(file.path).slice(range.first, range.last + 1), { status: 206, headers });
    case "unsatisfiable":
      headers.set("content-range", `bytes */${stats.size}`);
      return new Response(null, { status: 416, headers });
    default:
      return range satisfies never;
  }
}

async function statFile(file: DownloadFile): Promise<{ size: number; mtimeMs: number }> {
  try {
    return await stat(file.path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") throw new AppError("not_found", `${file.name} is no longer there.`);
    throw error;
  }
}

function commonHeaders(file: DownloadFile, { etag, modifiedMs }: Validators): Headers {
  const headers = new Headers({
    "accept-ranges": "bytes",
    "cache-control": file.cacheControl ?? "private, no-cache",
    "last-modified": new Date(modifiedMs).toUTCString(),
    "x-content-type-options": "nosniff",
  });
  if (etag !== null) headers.set("etag", etag);
  return headers;
}

/** RFC 9110, section 13.2.2: the time counts only when no ETag was sent along. */
function isUnchanged(headers: Headers, { etag, modifiedMs }: Validators): boolean {
  const known = headers.get("if-none-match");
  if (known === null) return Date.parse(headers.get("if-modified-since") ?? "") >= modifiedMs;
  if (known.trim() === "*") return true;
  return known.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag);
}

/** A range counts for GET only, and with `If-Range` only when the file is still the one that the client has a part of. */
function wantedRange(request: Request, size: number, { etag, modifiedMs }: Validators): ByteRange {
  const condition = request.headers.get("if-range");
  const isSame = condition === null || condition === etag || Date.parse(condition) === modifiedMs;
  return parseRange(request.method === "GET" && isSame ? request.headers.get("range") : null, size);
}

/** Bun answers a `Range` header by itself when it is given a file. Where it must not, it gets a stream. */
function wholeBody(request: Request, path: string): Blob | ReadableStream<Uint8Array> {
  const file = Bun.file(path);
  const isLeftToBun = request.method !== "GET" || !request.headers.has("range");
  return isLeftToBun ? file : file.stream().pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
}
