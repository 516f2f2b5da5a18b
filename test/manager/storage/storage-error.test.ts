import { expect, test } from "bun:test";
import { storageError } from "#manager/storage/storage-error.ts";

test("no space left, on the disk or in the quota, is disk_full; other errors stay what they are", () => {
  for (const code of ["ENOSPC", "EDQUOT"]) {
    const cause = Object.assign(new Error("write"), { code });
    expect(storageError(cause)).toMatchObject({ name: "AppError", code: "disk_full", cause });
  }
  const other = Object.assign(new Error("write"), { code: "EIO" });
  expect(storageError(other)).toBe(other);
  expect(storageError("text")).toBe("text");
});
