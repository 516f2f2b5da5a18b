import { type Box, boxBytes, type Container, findBox } from "./boxes.ts";
import { handlerOf, trackIdOf, tracksOf } from "./movie.ts";

/** What an auxiliary track of this type is: the alpha of the track that it refers to (MPEG-B CICP; MIAF, ISO/IEC 23000-22). */
export const ALPHA_TYPE = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

const HANDLER_NAME = "AlphaHandler\0";

/** Handlers of tracks with pictures. */
const PICTURES = new Set(["vide", "auxv", "pict"]);

/**
 * Makes the second track with pictures the alpha of the first: its handler `auxv`, a reference `auxl` to the first, and the type in a box
 * `auxi` of its sample description. What is there already stays. Throws an Error unless there are two.
 */
export function withAlphaTrack(index: Container): Container {
  const pictures = tracksOf(index).filter((track) => PICTURES.has(handlerOf(track)));
  const [color, alpha] = pictures;
  if (!color || !alpha || pictures.length !== 2) {
    throw new Error(`The MP4 has ${pictures.length} tracks with pictures; colour and alpha are two.`);
  }
  const changed = inTrack(alpha, trackIdOf(color));
  return { type: index.type, children: index.children.map((box) => (box === alpha ? changed : box)) };
}

function inTrack(alpha: Container, colorId: number): Container {
  const children = alpha.children.map((box) => changeBelow(box, ["mdia", "hdlr"], withAuxiliaryHandler));
  const described = children.map((box) => changeBelow(box, ["mdia", "minf", "stbl", "stsd"], withAlphaType));
  if (findBox(alpha, "tref", "auxl")) return { type: alpha.type, children: described };
  const header = described.findIndex(({ type }) => type === "tkhd");
  return { type: alpha.type, children: described.toSpliced(header + 1, 0, reference(colorId)) };
}

/** Replaces the box at a path, the first type of which is that of `box` itself. */
function changeBelow(box: Box, [type, ...rest]: readonly string[], change: (payload: Buffer) => Uint8Array): Box {
  if (box.type !== type) return box;
  if (!("children" in box)) return { type, payload: change(Buffer.from(box.payload)) };
  return { type, children: box.children.map((child) => changeBelow(child, rest, change)) };
}

function reference(trackId: number): Box {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(trackId);
  return { type: "tref", children: [{ type: "auxl", payload }] };
}

/** Version and flags, four bytes, the type, twelve bytes, and a name. */
function withAuxiliaryHandler(handler: Buffer): Uint8Array {
  if (handler.toString("latin1", 8, 12) === "auxv") return handler;
  return Buffer.concat([handler.subarray(0, 8), Buffer.from("auxv"), Buffer.alloc(12), Buffer.from(HANDLER_NAME)]);
}

const DESCRIPTIONS_AT = 8;

/** Adds the type to the first sample description, behind the boxes in it. */
function withAlphaType(descriptions: Buffer): Uint8Array {
  if (descriptions.includes(ALPHA_TYPE)) return descriptions;
  const firstBytes = descriptions.readUInt32BE(DESCRIPTIONS_AT);
  const end = DESCRIPTIONS_AT + firstBytes;
  const payload = Buffer.concat([Buffer.alloc(4), Buffer.from(`${ALPHA_TYPE}\0`)]);
  const type = boxBytes({ type: "auxi", payload });
  const longer = Buffer.concat([descriptions.subarray(0, end), type, descriptions.subarray(end)]);
  longer.writeUInt32BE(firstBytes + type.byteLength, DESCRIPTIONS_AT);
  return longer;
}
