import { expect, test } from "bun:test";
import { openDatabase } from "#manager/db/open.ts";

// a connection of its own: a plan of an UPDATE that is not finalized would keep others from committing
test("leasing looks up one row by an index, however many tasks wait", async () => {
  const db = openDatabase(":memory:");
  const source = await Bun.file("src/manager/db/tasks.ts").text();
  const sql = /`UPDATE tasks SET status = 'leased'.*?ORDER BY t\.rank, t\.id LIMIT 1\)/s.exec(source)![0].slice(1);
  const statement = db.prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`);
  const plan = statement.all().map((row) => row.detail);
  statement.finalize();
  expect(plan.some((line) => line.includes("SEARCH t USING INDEX tasks_queued"))).toBe(true);
  expect(plan.filter((line) => /SCAN|TEMP B-TREE/.test(line))).toEqual([]);
});
