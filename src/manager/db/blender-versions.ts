import type { Database } from "bun:sqlite";
import type { BlenderAbilities, StoredBlender } from "#domain/stored-blender.ts";

type Row = Omit<StoredBlender, "abilities"> & { abilities: string | null };

const SELECT = `SELECT version, size, sha256, unpacked_bytes AS unpackedBytes, abilities, added_at_ms AS addedAtMs FROM blender_versions`;

function fromRow(row: Row): StoredBlender {
  return { ...row, abilities: row.abilities === null ? null : (JSON.parse(row.abilities) as BlenderAbilities) };
}

/** The Blenders that the farm keeps. */
export function listStoredBlenders(db: Database): StoredBlender[] {
  return db.query<Row, []>(SELECT).all().map(fromRow);
}

/** The Blender of exactly this version; null when the farm does not keep it. */
export function getStoredBlender(db: Database, version: string): StoredBlender | null {
  const row = db.query<Row, [string]>(`${SELECT} WHERE version = ?`).get(version);
  return row && fromRow(row);
}

/** Notes a Blender whose files are in their place. Returns false when there is one of that version already. */
export function insertStoredBlender(db: Database, blender: StoredBlender): boolean {
  const { version, size, sha256, unpackedBytes, abilities, addedAtMs } = blender;
  return (
    db
      .query(
        `INSERT INTO blender_versions (version, size, sha256, unpacked_bytes, abilities, added_at_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      )
      .run(version, size, sha256, unpackedBytes, abilities && JSON.stringify(abilities), addedAtMs).changes > 0
  );
}

/** Forgets a Blender. */
export function deleteStoredBlender(db: Database, version: string): void {
  db.query("DELETE FROM blender_versions WHERE version = ?").run(version);
}

/** The jobs under way whose frames are rendered with a version. */
export function listJobsRenderedWith(db: Database, version: string): { id: number; name: string }[] {
  return db
    .query<{ id: number; name: string }, [string]>(
      `SELECT id, name FROM jobs WHERE status IN ('queued', 'running', 'paused') AND blender_used = ? ORDER BY id`,
    )
    .all(version);
}
