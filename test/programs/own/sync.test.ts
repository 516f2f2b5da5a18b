import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { syncFiles } from "#programs/own/sync.ts";

test("files are synced by their folder, and a folder that is not there is an error", async () => {
  await syncFiles(tmpdir());
  expect(syncFiles("/no/such/folder")).rejects.toThrow(/syncing \/no\/such\/folder/);
}, 60_000);
