import type { Api } from "./api.ts";

/** Says more than it sends. */
const ANNOUNCED_BYTES = 5_000_000;

/** Begins an upload over a bare connection, and goes no further than `content`. Returns what cuts the connection. */
export async function cutOff(api: Api, jobId: number, kind: "raw" | "form", content: Uint8Array): Promise<() => void> {
  const { hostname, port } = new URL(api.url);
  const type = kind === "raw" ? "application/octet-stream" : "multipart/form-data; boundary=b";
  const part =
    'content-disposition: form-data; name="file"; filename="a.blend"\r\ncontent-type: application/octet-stream';
  const head = [
    `POST /api/jobs/${jobId}/upload${kind === "raw" ? "?filename=a.blend" : ""} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `content-type: ${type}`,
    `content-length: ${ANNOUNCED_BYTES}`,
    ...Object.entries(api.headers).map(([name, value]) => `${name}: ${value}`),
    "",
    kind === "raw" ? "" : `--b\r\n${part}\r\n\r\n`,
  ].join("\r\n");
  const socket = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } });
  socket.write(head);
  let sent = 0;
  while (sent < content.length) {
    sent += socket.write(content.subarray(sent));
    await Bun.sleep(1);
  }
  socket.flush();
  return () => socket.terminate();
}
