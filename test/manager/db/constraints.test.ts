import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { FAILURE_REASONS } from "#domain/failure.ts";
import { JOB_FORMATS, JOB_STATUSES } from "#domain/job.ts";
import { FILE_KINDS } from "#domain/output.ts";
import { RUNNER_STATUSES } from "#domain/runner.ts";
import { ATTEMPT_OUTCOMES, TASK_KINDS, TASK_STATUSES } from "#domain/task.ts";
import { VIDEO_FORMATS } from "#domain/video.ts";
import { KEY_SCOPES } from "#domain/user.ts";
import { openDatabase } from "#manager/db/open.ts";

function farm() {
  const db = openDatabase(":memory:");
  db.run("INSERT INTO users (id, email, name, created_at_ms) VALUES (1, 'a@x', 'a', 0)");
  db.run(
    "INSERT INTO jobs (id, name, status, format, priority, autostart, device, created_at_ms) VALUES (1, 'j', 'draft', 'EXR', 50, 1, 'auto', 0)",
  );
  db.run(
    "INSERT INTO runners (id, name, status, instance_id, address, capabilities, created_at_ms, last_seen_at_ms) VALUES (1, 'r', 'online', 'i', 'a', '{}', 0, 0)",
  );
  db.run("INSERT INTO tasks (id, job_id, kind, status, frames, rank) VALUES (1, 1, 'render', 'queued', '1', 0)");
  return db;
}

/** All migrations, in their order. */
async function schemas(): Promise<string> {
  const folder = "src/manager/db/migrations";
  const texts = readdirSync(folder)
    .sort()
    .map((name) => Bun.file(join(folder, name)).text());
  return (await Promise.all(texts)).join("\n");
}

describe("the database refuses", () => {
  test.each([
    ["user_admin_is_a_flag", "UPDATE users SET admin = 2"],
    ["user_disabled_is_a_flag", "UPDATE users SET disabled = 2"],
    ["user_local_only_is_a_flag", "UPDATE users SET local_only = 2"],
    ["user_email_verified_is_a_flag", "UPDATE users SET email_verified = 2"],
    [
      "upload_has_a_size",
      "INSERT INTO resumable_uploads (user_id, name, size, metadata, created_at_ms, touched_at_ms) VALUES (1, 'a', -1, '', 0, 0)",
    ],
    [
      "identity_provider_is_known",
      "INSERT INTO identities (provider, subject, user_id, email, created_at_ms) VALUES ('myspace', 's', 1, 'a@x', 0)",
    ],
    [
      "key_scope_is_known",
      "INSERT INTO api_keys (name, key_hash, prefix, scope, created_at_ms) VALUES ('k', 'h', 'p', 'all', 0)",
    ],
    [
      "user_key_has_a_user",
      "INSERT INTO api_keys (name, key_hash, prefix, scope, created_at_ms) VALUES ('k', 'h', 'p', 'user', 0)",
    ],
    [
      "key_local_only_is_a_flag",
      "INSERT INTO api_keys (name, key_hash, prefix, scope, local_only, created_at_ms) VALUES ('k', 'h', 'p', 'manager', 3, 0)",
    ],
    ["runner_status_is_known", "UPDATE runners SET status = 'asleep'"],
    ["runner_capabilities_are_json", "UPDATE runners SET capabilities = 'no'"],
    ["job_status_is_known", "UPDATE jobs SET status = 'lost'"],
    ["job_format_is_known", "UPDATE jobs SET format = 'GIF'"],
    ["job_priority_is_0_to_100", "UPDATE jobs SET priority = 101"],
    ["job_autostart_is_a_flag", "UPDATE jobs SET autostart = 7"],
    ["job_device_is_known", "UPDATE jobs SET device = 'tpu'"],
    ["job_metadata_is_json", "UPDATE jobs SET metadata = 'no'"],
    ["job_ends_when_its_status_says_so", "UPDATE jobs SET status = 'completed'"],
    ["job_ends_when_its_status_says_so", "UPDATE jobs SET ended_at_ms = 1"],
    ["file_kind_is_known", "INSERT INTO files (job_id, kind, name, size, created_at_ms) VALUES (1, 'note', 'n', 1, 0)"],
    [
      "file_of_a_frame_names_it",
      "INSERT INTO files (job_id, kind, name, size, sha256, created_at_ms) VALUES (1, 'frame', 'n', 1, 'h', 0)",
    ],
    [
      "file_parts_are_one_or_more",
      "INSERT INTO files (job_id, kind, name, size, parts, created_at_ms) VALUES (1, 'upload', 'n', 1, 0, 0)",
    ],
    [
      "output_is_hashed",
      "INSERT INTO files (job_id, kind, name, frame, size, created_at_ms) VALUES (1, 'frame', 'n', 1, 1, 0)",
    ],
    ["blender_abilities_are_json", "INSERT INTO blender_versions VALUES ('4.2.0', 1, 'h', 1, 'no', 0)"],
    ["job_addons_are_json", "UPDATE jobs SET addons = 'no'"],
    ["total_is_known", "INSERT INTO totals VALUES ('laughs', 1)"],
    ["figure_is_known", "INSERT INTO hourly VALUES (1, 'laughs', '1', 1)"],
    ["task_kind_is_known", "UPDATE tasks SET kind = 'dream'"],
    ["task_format_is_known", "UPDATE tasks SET kind = 'encode', format = 'GIF'"],
    ["task_of_a_video_names_its_format", "UPDATE tasks SET kind = 'encode'"],
    ["task_of_a_video_names_its_format", "UPDATE tasks SET format = 'EXR_264_MP4'"],
    ["task_status_is_known", "UPDATE tasks SET status = 'stuck'"],
    ["task_is_leased_to_a_runner", "UPDATE tasks SET status = 'leased'"],
    ["task_is_leased_to_a_runner", "UPDATE tasks SET status = 'leased', runner_id = 1"],
    ["removal_kind_is_known", "INSERT INTO removals (kind, id) VALUES ('video', 1)"],
    ["failed_task_has_a_reason", "UPDATE tasks SET status = 'failed', ended_at_ms = 1"],
    ["task_ends_when_its_status_says_so", "UPDATE tasks SET status = 'completed'"],
    [
      "attempt_outcome_is_known",
      "INSERT INTO attempts (task_id, attempt, job_id, runner_name, outcome, started_at_ms) VALUES (1, 1, 1, 'r', 'odd', 0)",
    ],
    [
      "attempt_ends_when_its_outcome_says_so",
      "INSERT INTO attempts (task_id, attempt, job_id, runner_name, outcome, started_at_ms, ended_at_ms) VALUES (1, 1, 1, 'r', 'running', 0, 1)",
    ],
    [
      "attempt_counted_is_a_flag",
      "INSERT INTO attempts (task_id, attempt, job_id, runner_name, outcome, started_at_ms, counted) VALUES (1, 1, 1, 'r', 'running', 0, 2)",
    ],
    [
      "failed_attempt_has_a_reason",
      "INSERT INTO attempts (task_id, attempt, job_id, runner_name, outcome, started_at_ms, ended_at_ms) VALUES (1, 1, 1, 'r', 'failed', 0, 1)",
    ],
  ])("%s", (name, sql) => {
    expect(() => farm().run(sql)).toThrow(name);
  });

  test("every named check of the schema has a line above", async () => {
    const schema = await schemas();
    const named = new Set([...schema.matchAll(/CONSTRAINT (\w+)/g)].map((match) => match[1]));
    const here = await Bun.file(import.meta.path).text();
    for (const name of named) expect(here).toContain(`"${name}"`);
  });

  test("a second output of one name in a job, and takes a second upload of one name", () => {
    const db = farm();
    const upload =
      "INSERT INTO files (job_id, kind, name, size, created_at_ms) VALUES (1, 'upload', 'scene.blend', 1, 0)";
    db.run(upload);
    db.run(upload);
    const frame =
      "INSERT INTO files (job_id, kind, name, frame, size, sha256, created_at_ms) VALUES (1, 'frame', 'frame_0001.exr', 1, 1, 'h', 0)";
    db.run(frame);
    expect(() => db.run(frame)).toThrow("UNIQUE");
  });
});

test("the checks of the database list what the types list", async () => {
  const schema = await schemas();
  // A table that was made anew has the last word.
  const listed = (name: string): string[] => {
    const checks = [...schema.matchAll(new RegExp(`CONSTRAINT ${name}\\s+CHECK \\(\\w+ IN \\(([^)]*)\\)`, "g"))];
    const text = checks.at(-1)?.[1] ?? "";
    return text.split(",").map((item) => item.trim().replaceAll("'", ""));
  };
  expect(listed("job_status_is_known")).toEqual(JOB_STATUSES);
  expect(listed("job_format_is_known")).toEqual([...JOB_FORMATS]);
  expect(listed("task_status_is_known")).toEqual(TASK_STATUSES);
  expect(listed("task_kind_is_known")).toEqual([...TASK_KINDS]);
  expect(listed("task_format_is_known")).toEqual([...VIDEO_FORMATS]);
  expect(listed("attempt_outcome_is_known")).toEqual([...ATTEMPT_OUTCOMES]);
  expect(listed("runner_status_is_known")).toEqual([...RUNNER_STATUSES]);
  expect(listed("file_kind_is_known")).toEqual([...FILE_KINDS]);
  expect(listed("key_scope_is_known")).toEqual([...KEY_SCOPES]);
  expect(FAILURE_REASONS).toContain("runner_lost");
});

test("ids are never used again", () => {
  const db = farm();
  db.run("DELETE FROM jobs");
  db.run(
    "INSERT INTO jobs (name, status, format, priority, autostart, device, created_at_ms) VALUES ('j', 'draft', 'EXR', 50, 1, 'auto', 0)",
  );
  expect(db.query("SELECT id FROM jobs").get()).toEqual({ id: 2 });
});

test("the counters of a job follow its tasks", () => {
  const db = farm();
  const counts = () =>
    db
      .query(
        "SELECT tasks_total AS total, tasks_queued AS queued, tasks_leased AS leased, tasks_done AS done, tasks_failed AS failed, tasks_blocked AS blocked FROM jobs",
      )
      .get();
  expect(counts()).toEqual({ total: 1, queued: 1, leased: 0, done: 0, failed: 0, blocked: 0 });
  db.run("UPDATE tasks SET status = 'leased', runner_id = 1, attempt = 1");
  expect(counts()).toEqual({ total: 1, queued: 0, leased: 1, done: 0, failed: 0, blocked: 0 });
  db.run("UPDATE tasks SET status = 'failed', reason = 'internal', ended_at_ms = 1");
  expect(counts()).toEqual({ total: 1, queued: 0, leased: 0, done: 0, failed: 1, blocked: 0 });
  db.run("UPDATE tasks SET status = 'completed'");
  expect(counts()).toEqual({ total: 1, queued: 0, leased: 0, done: 1, failed: 0, blocked: 0 });
  db.run(
    "INSERT INTO tasks (job_id, kind, format, status, frames, rank) VALUES (1, 'encode', 'EXR_264_MP4', 'blocked', '1', 1)",
  );
  expect(counts()).toEqual({ total: 2, queued: 0, leased: 0, done: 1, failed: 0, blocked: 1 });
  db.run("DELETE FROM tasks WHERE kind = 'encode'");
  expect(counts()).toEqual({ total: 1, queued: 0, leased: 0, done: 1, failed: 0, blocked: 0 });
});
