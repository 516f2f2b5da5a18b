import type { Api } from "./api.ts";

const TUS = { "tus-resumable": "1.0.0" };
const PIECE = { ...TUS, "content-type": "application/offset+octet-stream" };

/** As the page sends them. */
const PIECE_BYTES = 64 * 1024 * 1024;

/** Begins an upload by tus, for a draft where one is given; returns its path. */
export async function beginResumable(api: Api, name: string, size: number, jobId?: number): Promise<string> {
  const said: [string, string][] = [["filename", name], ...(jobId ? [["job", String(jobId)] as [string, string]] : [])];
  const metadata = said.map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`).join(",");
  const headers = { ...TUS, "upload-length": String(size), "upload-metadata": metadata };
  const answer = await api.call("POST", "/api/uploads", undefined, headers);
  if (answer.status !== 201) throw new Error(`an upload was not begun: ${answer.status} ${await answer.text()}`);
  return answer.headers.get("location")!;
}

/** How much of an upload has arrived. */
export async function arrivedBytes(api: Api, path: string): Promise<number> {
  const answer = await api.call("HEAD", path, undefined, TUS);
  return Number(answer.headers.get("upload-offset"));
}

/** Sends a file from where the upload has it to its end, in pieces. */
export async function sendRest(api: Api, path: string, file: string): Promise<void> {
  const { size } = Bun.file(file);
  for (let at = await arrivedBytes(api, path); at < size;) {
    const end = Math.min(size, at + PIECE_BYTES);
    const headers = { ...PIECE, "upload-offset": String(at), "content-length": String(end - at) };
    const answer = await api.call("PATCH", path, Bun.file(file).slice(at, end).stream(), headers);
    if (answer.status !== 204) throw new Error(`a piece was refused: ${answer.status} ${await answer.text()}`);
    at = Number(answer.headers.get("upload-offset"));
  }
}
