import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { startFarm, type Farm } from "../support/farm.ts";
import { run } from "../support/program.ts";
import { until } from "../support/until.ts";

/** A second manager where there is one already. */
const PATIENCE = 60_000;
setDefaultTimeout(PATIENCE);

let farm: Farm;
beforeAll(async () => {
  farm = await startFarm();
}, PATIENCE);
afterAll(() => farm?.stop(), PATIENCE);

const second = (db: string, storage: string) =>
  run(["manager", "--host", "127.0.0.1", "--port", "0", "--db", db, "--storage", storage], { cwd: farm.folder });

test("is refused on the same storage and on the same database, and disturbs nothing of the first", async () => {
  const { id } = await farm.api.createJob();
  let send: (bytes: Uint8Array) => void = () => {};
  let finish = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (bytes) => controller.enqueue(bytes);
      finish = () => controller.close();
    },
  });
  const upload = farm.api.upload(id, "half.blend", body);
  send(new Uint8Array(1024 * 1024));
  await until("the upload is under way", () => farm.received().length > 0);

  const database = join(farm.folder, "farm.db");
  for (const [db, storage, flag] of [
    ["other.db", farm.storage, "--storage"],
    [database, "other-storage", "--db"],
  ] as const) {
    const { exitCode, stdout, stderr } = await second(db, storage);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^jiggablend: Another manager works with [^\\n]+ ${flag} of its own\\.\\n$`));
  }
  expect(await farm.config("show")).toContain("localauth");

  finish();
  expect((await upload).status).toBe(422); // whole, and no scene: it came through to the end
});

test("takes the place of one that was killed at once", async () => {
  await farm.manager().kill();
  await farm.restart();
  expect((await farm.api.call("GET", "/healthz")).status).toBe(200);
});
