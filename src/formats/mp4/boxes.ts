/** A box of an MP4 (ISO/IEC 14496-12, 4.2): containers have children, all others a payload. */
export type Box = { type: string } & ({ children: Box[] } | { payload: Uint8Array });

export type Container = Extract<Box, { children: Box[] }>;

/** The boxes that are opened here; whatever is in others stays as it is. */
const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "edts", "tref"]);

const HEAD_BYTES = 8;

/** Reads the boxes that lie side by side in these bytes, whose payloads stay views of them. Throws an Error where they do not fit. */
export function parseBoxes(bytes: Uint8Array): Box[] {
  const boxes: Box[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength;) {
    const size = at + HEAD_BYTES <= bytes.byteLength ? view.getUint32(at) : 0;
    if (size < HEAD_BYTES || at + size > bytes.byteLength) throw new Error("The MP4 is damaged: a box does not fit.");
    const type = new TextDecoder("latin1").decode(bytes.subarray(at + 4, at + HEAD_BYTES));
    const payload = bytes.subarray(at + HEAD_BYTES, at + size);
    boxes.push(CONTAINERS.has(type) ? { type, children: parseBoxes(payload) } : { type, payload });
    at += size;
  }
  return boxes;
}

/** The bytes of a box. */
export function boxBytes(box: Box): Uint8Array {
  const payload = "children" in box ? Buffer.concat(box.children.map(boxBytes)) : box.payload;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(HEAD_BYTES + payload.byteLength);
  head.write(box.type, 4, "latin1");
  return Buffer.concat([head, payload]);
}

/** The first box at a path of types below a container; null where there is none. */
export function findBox(container: Container, ...path: string[]): Box | null {
  let found: Box | undefined = container;
  for (const type of path) {
    if (!found || !("children" in found)) return null;
    found = found.children.find((child) => child.type === type);
  }
  return found ?? null;
}

/** The payload of the box at a path; throws an Error where there is none. */
export function payloadOf(container: Container, ...path: string[]): DataView {
  const box = findBox(container, ...path);
  if (!box || "children" in box) throw new Error(`The MP4 is damaged: it has no ${path.join("/")}.`);
  return new DataView(box.payload.buffer, box.payload.byteOffset, box.payload.byteLength);
}
