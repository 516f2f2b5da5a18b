import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { createGroupCommit } from "#manager/db/group-commit.ts";

function table(): Database {
  const db = new Database(":memory:");
  db.run("CREATE TABLE t (x INTEGER UNIQUE)");
  return db;
}

const add = (db: Database, x: number) => db.query("INSERT INTO t VALUES (?)").run(x).changes;
const rows = (db: Database) =>
  db
    .query<{ x: number }, []>("SELECT x FROM t ORDER BY x")
    .all()
    .map((row) => row.x);

test("writes of one moment share one commit, and each gets its own value", async () => {
  const db = table();
  const group = createGroupCommit(db);
  const values = await Promise.all([1, 2, 3].map((x) => group.write(() => add(db, x) * 10)));
  expect(values).toEqual([10, 10, 10]);
  expect(rows(db)).toEqual([1, 2, 3]);
});

test("one that fails is rolled back alone, with all that it did", async () => {
  const db = table();
  const group = createGroupCommit(db);
  const bad = group.write(() => {
    add(db, 7);
    throw new Error("no");
  });
  const good = group.write(() => add(db, 8));
  await expect(bad).rejects.toThrow("no");
  await good;
  expect(rows(db)).toEqual([8]);
});

test("nothing is answered before it is committed", async () => {
  const db = table();
  const group = createGroupCommit(db);
  let answered = false;
  const write = group.write(() => add(db, 1)).then(() => (answered = true));
  await Promise.resolve();
  expect(answered).toBe(false);
  group.flush();
  await write;
  expect(db.inTransaction).toBe(false);
});

test("a commit that fails as a whole fails all of its writes", async () => {
  const db = table();
  const group = createGroupCommit(db);
  const writes = [1, 2].map((x) => group.write(() => add(db, x)));
  db.close();
  const outcomes = await Promise.allSettled(writes);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
});
