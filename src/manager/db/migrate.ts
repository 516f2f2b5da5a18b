import type { Database } from "bun:sqlite";
import farm from "./migrations/001-farm.sql" with { type: "text" };
import accounts from "./migrations/002-accounts.sql" with { type: "text" };
import figures from "./migrations/003-figures.sql" with { type: "text" };
import blender from "./migrations/004-blender.sql" with { type: "text" };
import videos from "./migrations/005-videos.sql" with { type: "text" };
import uploads from "./migrations/006-uploads.sql" with { type: "text" };
import jobViews from "./migrations/007-job-views.sql" with { type: "text" };
import stats from "./migrations/008-stats.sql" with { type: "text" };
import removals from "./migrations/009-removals.sql" with { type: "text" };
import jobLogs from "./migrations/010-job-logs.sql" with { type: "text" };

/** In their order; the number of those applied is the database's `user_version`. */
const MIGRATIONS: readonly string[] = [
  farm,
  accounts,
  figures,
  blender,
  videos,
  uploads,
  jobViews,
  stats,
  removals,
  jobLogs,
];

/**
 * Applies the migrations that a database does not have yet, each whole or not at all. Refuses a database of a newer JiggaBlend. Foreign
 * keys are not looked after meanwhile, for a table that is made anew would take with it what refers to it; they are checked at the end.
 */
export function migrate(db: Database): void {
  const apply = db.transaction(() => {
    const version = (db.query("PRAGMA user_version").get() as { user_version: number }).user_version;
    if (version > MIGRATIONS.length)
      throw new Error(
        `the database was made by a newer JiggaBlend (schema ${version}, this one knows ${MIGRATIONS.length})`,
      );
    if (version === MIGRATIONS.length) return;
    for (const sql of MIGRATIONS.slice(version)) db.run(sql);
    const dangling = db.query("PRAGMA foreign_key_check").all().length;
    if (dangling > 0) throw new Error(`the database has ${dangling} rows that refer to nothing`);
    db.run(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
  const { foreign_keys: enforced } = db.query("PRAGMA foreign_keys").get() as { foreign_keys: number };
  db.run("PRAGMA foreign_keys = OFF");
  try {
    apply.immediate();
  } finally {
    db.run(`PRAGMA foreign_keys = ${enforced}`);
  }
}
