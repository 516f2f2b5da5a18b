import type { Database } from "bun:sqlite";
import type { Runner, RunnerCapabilities, RunnerStatus } from "#domain/runner.ts";

type Row = Omit<Runner, "capabilities"> & { capabilities: string };

const COLUMNS = `id, owner_id AS ownerId, name, status, instance_id AS instanceId, address, capabilities, frames_done AS framesDone,
  created_at_ms AS createdAtMs, last_seen_at_ms AS lastSeenAtMs`;

function fromRow(row: Row): Runner {
  const told = JSON.parse(row.capabilities) as Omit<RunnerCapabilities, "videoFormats"> & Partial<RunnerCapabilities>;
  // What an older runner said of itself has no video formats.
  return { ...row, capabilities: { videoFormats: [], ...told } };
}

/** All runners, by name. */
export function listRunners(db: Database): Runner[] {
  return db.query<Row, []>(`SELECT ${COLUMNS} FROM runners ORDER BY name, id`).all().map(fromRow);
}

export type Registration = {
  ownerId: number | null;
  name: string;
  instanceId: string;
  address: string;
  capabilities: RunnerCapabilities;
  nowMs: number;
};

/** Adds a runner, or gives the one of this owner and name its new instance; a disabled one stays disabled. Returns it. */
export function upsertRunner(db: Database, registration: Registration): Runner {
  const row = db
    .query<Row, [number | null, string, string, string, string, number, number]>(
      `INSERT INTO runners (owner_id, name, status, instance_id, address, capabilities, created_at_ms, last_seen_at_ms)
       VALUES (?, ?, 'online', ?, ?, ?, ?, ?)
       ON CONFLICT (COALESCE(owner_id, 0), name) DO UPDATE SET
         status = CASE WHEN status = 'disabled' THEN 'disabled' ELSE 'online' END,
         instance_id = excluded.instance_id, address = excluded.address, capabilities = excluded.capabilities,
         last_seen_at_ms = excluded.last_seen_at_ms
       RETURNING ${COLUMNS}`,
    )
    .get(
      registration.ownerId,
      registration.name,
      registration.instanceId,
      registration.address,
      JSON.stringify(registration.capabilities),
      registration.nowMs,
      registration.nowMs,
    );
  if (!row) throw new Error("a runner that was stored is not there");
  return fromRow(row);
}

/** Sets what a runner is to the farm. */
export function setRunnerStatus(db: Database, id: number, status: RunnerStatus): void {
  db.query("UPDATE runners SET status = ? WHERE id = ?").run(status, id);
}

/** Stores what a runner can do by now. */
export function setRunnerCapabilities(db: Database, id: number, capabilities: RunnerCapabilities): void {
  db.query("UPDATE runners SET capabilities = ? WHERE id = ?").run(JSON.stringify(capabilities), id);
}

/** Notes when a runner was last heard of. */
export function setRunnerSeen(db: Database, id: number, nowMs: number): void {
  db.query("UPDATE runners SET last_seen_at_ms = ? WHERE id = ?").run(nowMs, id);
}

/** Counts frames that a runner has rendered. */
export function addRunnerFrames(db: Database, id: number, frames: number): void {
  db.query("UPDATE runners SET frames_done = frames_done + ? WHERE id = ?").run(frames, id);
}

/** How many frames each runner has rendered, by its id. */
export function listRunnerFrames(db: Database): Map<number, number> {
  const rows = db.query<{ id: number; frames: number }, []>("SELECT id, frames_done AS frames FROM runners").all();
  return new Map(rows.map(({ id, frames }) => [id, frames]));
}

/** Gives a runner another name. Returns whether it could: its owner may have another of that name. */
export function setRunnerName(db: Database, id: number, name: string): boolean {
  return db.query("UPDATE OR IGNORE runners SET name = ? WHERE id = ?").run(name, id).changes > 0;
}

/** Forgets a runner; what it has rendered stays. */
export function deleteRunner(db: Database, id: number): void {
  db.query("DELETE FROM runners WHERE id = ?").run(id);
}
