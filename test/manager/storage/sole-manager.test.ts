import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { becomeSoleManager } from "#manager/storage/sole-manager.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jiggablend-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const take = (db: string, storage: string) =>
  becomeSoleManager({ db: join(folder, db), storage: join(folder, storage) });
const refusal = (db: string, storage: string) => take(db, storage).catch((error: unknown) => error);

describe("beside a manager", () => {
  let free: () => void;
  beforeEach(async () => {
    await Bun.write(join(folder, "farm.db"), "");
    free = await take("farm.db", "storage");
  });
  afterEach(() => free());

  test("no other one works with the same storage", async () => {
    expect(await refusal("other.db", "storage")).toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`the storage ${join(folder, "storage")}`),
    });
  });

  test("no other one works with the same database, by whatever name", async () => {
    symlinkSync(join(folder, "farm.db"), join(folder, "alias.db"));
    for (const db of ["farm.db", "alias.db"])
      expect(await refusal(db, "storage 2")).toMatchObject({
        code: "conflict",
        message: expect.stringContaining(`the database ${join(folder, db)}`),
      });
  });

  test("one that is refused keeps nothing of its own", async () => {
    await refusal("farm.db", "storage 2");
    (await take("other.db", "storage 2"))();
  });

  test("another one may work with a database and a storage of its own", async () => {
    (await take("other.db", "other"))();
  });
});

test("when it has ended both are free", async () => {
  (await take("farm.db", "storage"))();
  (await take("farm.db", "storage"))();
});

test("a database in a folder that is not there is refused with a sentence", async () => {
  expect(await refusal("nowhere/farm.db", "storage")).toMatchObject({
    code: "not_found",
    message: `There is no folder ${join(folder, "nowhere")} for the database; make it first.`,
  });
});
