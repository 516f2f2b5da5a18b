import { BlendError } from "#formats/blend/error.ts";
import { readBlendFile } from "#formats/blend/read.ts";
import { thumbnailPng } from "#formats/blend/thumbnail.ts";
import type { BlendAnswer } from "./read-blend.ts";

/** Short enough for the reader of lines at the other side. */
const LINE_CHARACTERS = 4000;

/** The other side of `readBlendApart`: prints what a .blend says as JSON, cut into lines. Returns the exit code. */
export async function runReadBlendWorker(argv: readonly string[]): Promise<number> {
  const [path, offset, size] = argv;
  if (path === undefined || offset === undefined || size === undefined) return 2;
  const answer = await read(Bun.file(path).slice(Number(offset), Number(offset) + Number(size)));
  await Bun.write(Bun.stdout, cutIntoLines(asciiJson(answer)));
  return 0;
}

async function read(file: Blob): Promise<BlendAnswer> {
  try {
    const { file: blend, thumbnail } = await readBlendFile(file);
    return { ok: true, blend, thumbnailPng: thumbnail && Buffer.from(thumbnailPng(thumbnail)).toString("base64") };
  } catch (error) {
    if (error instanceof BlendError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

/** JSON in ASCII alone, so that it may be cut anywhere. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function cutIntoLines(text: string): string {
  return text.replace(new RegExp(`.{1,${LINE_CHARACTERS}}`, "g"), "$&\n");
}
