// Run on a small disk: receives more than fits, builds a context that does not fit, and says what came of it.
import { DEFAULT_ARCHIVE_LIMITS } from "#manager/storage/archive-guard.ts";
import { appendAttemptLog } from "#manager/storage/attempt-log.ts";
import { buildContext } from "#manager/storage/context.ts";
import { attemptLogPath, openLayout, uploadPath } from "#manager/storage/layout.ts";
import { receiveFile } from "#manager/storage/receive.ts";
import { chunks, failure, filesUnder } from "./temp-layout.ts";

const layout = await openLayout(process.argv[2]!);
const receive = (bytes: number) => receiveFile(layout, chunks(Buffer.alloc(bytes, "BLENDER")), { maxBytes: 1e9 });

const tooMuch = await failure(receive(9_000_000));
const leftOfUpload = await filesUnder(layout.root);
const fits = await receive(2_000_000);
await fits.commitTo(uploadPath(layout, 1));
const upload = { path: uploadPath(layout, 1), name: "scene.blend" };
const context = await failure(
  buildContext(layout, 1, [upload, { ...upload, name: "again.blend" }], DEFAULT_ARCHIVE_LIMITS),
);
const log = await failure(appendAttemptLog(attemptLogPath(layout, 1, 1, 1), 0, Buffer.alloc(9_000_000), 1e9));
const leftAtTheEnd = (await filesUnder(layout.root)).filter((path) => !path.endsWith(".log"));
console.log(
  JSON.stringify({ tooMuch: tooMuch.code, leftOfUpload, context: context.code, log: log.code, leftAtTheEnd }),
);
