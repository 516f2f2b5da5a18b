// Submits the example scene to the farm that `make run` started, and shows each frame as it is filed: `demo.ts <state folder> <port>`.
import { existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";

const [state = ".run", port = "8080"] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}`;
const scene = resolve(".cache/demo.blend");
const BAR_CHARACTERS = 40;

type Job = {
  id: number;
  status: string;
  reason: string | null;
  message: string | null;
  progress: { frames: number; framesDone: number; etaSeconds: number | null };
};
type Output = { id: number; name: string; size: number; url: string };

if (!existsSync(scene)) await makeScene();
const cookie = await signIn();
const job = await api<Job>("POST", "/api/jobs", { name: "Demo" });
await api("POST", `/api/jobs/${job.id}/upload?filename=demo.blend`, Bun.file(scene).stream());
console.log(`Job ${job.id}: ${base}/jobs/${job.id}`);
const outputs = await watch(job.id);
console.log(
  `\nDone. ${outputs.length} frames: ${resolve(state, "storage/outputs", String(job.id))}\nAll of them as one file: ${base}/api/jobs/${job.id}/outputs/archive`,
);

async function watch(id: number): Promise<Output[]> {
  const seen: Output[] = [];
  for (;;) {
    const now = await api<Job>("GET", `/api/jobs/${id}`);
    const page = await api<{ items: Output[] }>(
      "GET",
      `/api/jobs/${id}/outputs?limit=1000${seen.length ? `&cursor=${seen.at(-1)!.id}` : ""}`,
    );
    for (const output of page.items) line(`  ${output.name}  ${Math.round(output.size / 1000)} kB`);
    seen.push(...page.items);
    bar(now);
    if (now.status === "completed") return seen;
    if (now.status === "failed" || now.status === "canceled") {
      console.error(`\nThe job ${now.status}: ${now.message ?? now.reason ?? ""}`);
      process.exit(1);
    }
    await Bun.sleep(300);
  }
}

function bar({ status, progress }: Job): void {
  const share = progress.frames === 0 ? 0 : progress.framesDone / progress.frames;
  const filled = Math.round(share * BAR_CHARACTERS);
  const eta = progress.etaSeconds === null ? "" : `, about ${progress.etaSeconds} s left`;
  const text = `${"█".repeat(filled)}${"░".repeat(BAR_CHARACTERS - filled)} ${progress.framesDone}/${progress.frames} ${status}${eta}`;
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : "");
}

function line(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}\n` : `${text}\n`);
}

async function makeScene(): Promise<void> {
  console.log("Making the example scene with Blender …");
  mkdirSync(".cache", { recursive: true });
  const blender = Bun.spawn(
    [
      "blender",
      "-b",
      "--factory-startup",
      "--python-exit-code",
      "1",
      "--python",
      "examples/make-demo-scene.py",
      "--",
      scene,
    ],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  if ((await blender.exited) !== 0) throw new Error("Blender could not make the example scene");
}

async function signIn(): Promise<string> {
  const answer = await fetch(`${base}/api/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "test@example.com", password: "testpassword" }),
  }).catch(() => null);
  if (!answer) {
    console.error(`No farm answers at ${base}; start it with: make run`);
    process.exit(1);
  }
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`signing in failed: ${await answer.text()}`);
  return cookie;
}

async function api<T>(method: string, path: string, body?: object | ReadableStream): Promise<T> {
  const isStream = body instanceof ReadableStream;
  const headers = {
    cookie,
    ...(body && { "content-type": isStream ? "application/octet-stream" : "application/json" }),
  };
  const answer = await fetch(base + path, {
    method,
    headers,
    ...(body && { body: isStream ? body : JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
