import { describe, expect, test } from "bun:test";
import { JOB_STATUSES } from "#domain/job.ts";
import { AccountPage } from "#web/pages/account.tsx";
import { ErrorPage } from "#web/pages/error.tsx";
import { FrameContent, FramePage } from "#web/pages/frame.tsx";
import { JobContent, JobPage } from "#web/pages/job.tsx";
import { JobsContent, JobsPage } from "#web/pages/jobs.tsx";
import { LoginPage } from "#web/pages/login.tsx";
import { DraftContent } from "#web/pages/draft.tsx";
import { NewJobContent, SubmitPage } from "#web/pages/new-job.tsx";
import { OutputsPage } from "#web/pages/outputs.tsx";
import { RegisterPage } from "#web/pages/register.tsx";
import { RunnersContent, RunnersPage } from "#web/pages/runners.tsx";
import { TaskContent, TaskPage } from "#web/pages/task.tsx";
import { aMetadata, aScene } from "../../support/metadata.ts";
import { aChrome, aFile, aJob, aRunner, aTask, HOSTILE, NOON_MS } from "../support/fixtures.ts";
import { elementsOf, textOf } from "../support/parse.ts";

const chrome = aChrome({ user: { name: HOSTILE, admin: true } });
const progress = { frame: 1, done: 1, total: 2, sample: 1, samples: 2, memoryBytes: null, encoding: null };
const told = { reason: "out_of_memory", message: HOSTILE } as const;
const wishes = { scene: HOSTILE, camera: HOSTILE, engine: HOSTILE, blenderVersion: HOSTILE, mainFile: HOSTILE };
const job = aJob({ ...wishes, name: HOSTILE, fileName: HOSTILE, frames: HOSTILE, userName: HOSTILE, ...told });
const file = aFile({ name: HOSTILE });
const task = aTask({ frames: HOSTILE, runnerName: HOSTILE, progress, ...told });
const metadata = aMetadata({
  mainFile: HOSTILE,
  blendFiles: [HOSTILE, "other.blend"],
  blenderVersion: HOSTILE,
  hasThumbnail: true,
  scenes: [aScene({ name: HOSTILE, engine: HOSTILE, camera: HOSTILE, cameras: [HOSTILE] })],
  files: [{ kind: HOSTILE, name: HOSTILE, path: HOSTILE, packed: false, missing: true, nearMatch: null }],
});
const farm = { busy: 1, idle: 1, draining: 1, offline: 1, disabled: 1 };
const form = {
  values: { ...wishes, name: HOSTILE, frames: HOSTILE },
  problems: { name: HOSTILE, file: HOSTILE, form: HOSTILE },
};

const jobIn = (status: (typeof JOB_STATUSES)[number]) => (
  <JobContent
    job={{ ...job, status }}
    warnings={Array.from({ length: 9 }, () => ({ code: "other", message: HOSTILE }) as const)}
    reading={{ state: "read", metadata }}
    uploads={{ files: [file], more: true }}
    waiting={{ kind: "no_blender", reason: HOSTILE }}
    progress={{ percent: 10, etaSeconds: 60 }}
    videos={[{ format: "EXR_264_MP4", taskId: 1, status: "completed", fraction: 1, secondsLeft: null, files: [file] }]}
    film={{
      map: { frames: [1], states: ["done"] },
      page: { cells: [{ frame: 1, state: "done" }], page: 1, pages: 2, at: 1, counts: new Map([["done", 1]]) },
      latest: 1,
      fps: 24,
    }}
    work={[task]}
    tasks={{ tabs: [], tasks: [task], firstUrl: null, nextUrl: null }}
    settings={form}
    admin={false}
    framesUrl={(page) => `/jobs/7?frames=${page}`}
  />
);
const attempt = {
  attempt: 1,
  runnerName: HOSTILE,
  outcome: "failed",
  ...told,
  startedAtMs: NOON_MS,
  endedAtMs: NOON_MS,
} as const;
const piece = { text: HOSTILE, nextUrl: "/jobs/7/tasks/70/log" };
const log = { attempt: 1, piece, laterUrl: null, textUrl: "/jobs/7/tasks/70/log.txt" };
const shownTask = { job, task, attempts: [attempt], log };
const runner = aRunner({
  name: HOSTILE,
  address: HOSTILE,
  work: [{ jobId: 7, jobName: HOSTILE, taskId: 70, frames: HOSTILE, progress }],
  capabilities: {
    ...aRunner().capabilities,
    hostname: HOSTILE,
    sandbox: HOSTILE,
    gpus: [{ name: HOSTILE, type: HOSTILE }],
    blenders: [{ version: HOSTILE, denoiser: true, gpus: [] }],
  },
});
const row = { ...job, etaSeconds: 60, picture: file, waiting: { kind: "no_blender", reason: HOSTILE } as const };
const jobs = (
  <JobsContent
    jobs={[row, { ...row, status: "failed" }, { ...row, status: "draft" }, { ...row, status: "queued", reason: null }]}
    tabs={[{ text: HOSTILE, count: 1, url: "/jobs", current: true }]}
    {...{ farm, nowMs: NOON_MS, everyones: true, page: 2, pages: 3, filtered: true }}
    pageUrl={(page) => `/jobs?page=${page}`}
    manyUrl="/jobs/many"
  />
);
const ways = { providers: ["google", "discord"], enabled: true, registration: true, first: true } as const;
const login = { email: HOSTILE, next: HOSTILE, problem: HOSTILE, done: HOSTILE, ...ways };
const person = { name: HOSTILE, email: HOSTILE };
const account = {
  ...person,
  admin: true,
  hasPassword: true,
  ways: [{ provider: "google", email: HOSTILE, endable: true }],
  sessions: [false, true].map((current) => ({
    id: 1,
    current,
    userAgent: HOSTILE,
    address: HOSTILE,
    createdAtMs: NOON_MS,
    lastUsedAtMs: NOON_MS,
  })),
  keys: [{ id: 1, name: HOSTILE, prefix: HOSTILE, createdAtMs: NOON_MS, lastUsedAtMs: null }],
  newKey: HOSTILE,
  problem: { form: "key", message: HOSTILE },
  done: HOSTILE,
} as const;
const register = {
  ...person,
  problem: HOSTILE,
  state: "first",
  setupToken: HOSTILE,
  providers: ways.providers,
} as const;
const shownFrame = {
  ...{ job, frame: 1, state: "done" as const, files: [file], task, attempt },
  ...{ seconds: 12, before: 0, after: 2 },
};
const outputs = {
  job,
  files: [file],
  total: 1,
  page: 1,
  pages: 2,
  pageUrl: (page: number) => `/jobs/7/outputs?page=${page}`,
};

const draft = (
  <DraftContent
    job={{ ...job, status: "draft", sceneFile: HOSTILE }}
    reading={{ state: "read", metadata }}
    checks={{
      problem: HOSTILE,
      warnings: Array.from({ length: 9 }, () => ({ code: "other", message: HOSTILE }) as const),
      missing: Array.from({ length: 9 }, () => ({ kind: HOSTILE, name: HOSTILE, path: HOSTILE, place: HOSTILE })),
    }}
    uploads={[file]}
    unfinished={[{ id: 1, name: HOSTILE, size: 2, offset: 1, key: HOSTILE }]}
    form={{
      jobId: 7,
      values: { ...wishes, name: HOSTILE, frames: HOSTILE, addons: HOSTILE, samples: HOSTILE, format: HOSTILE },
      problems: { name: HOSTILE, frames: HOSTILE, format: HOSTILE, form: HOSTILE, addons: HOSTILE },
      known: { metadata, scene: metadata.scenes[0]!, frames: HOSTILE },
      mainFiles: [HOSTILE, "other.blend"],
      canStartItself: true,
      counted: HOSTILE,
      blender: { versions: [HOSTILE], chosen: HOSTILE, reason: HOSTILE, warning: HOSTILE },
      admin: true,
      start: { can: false, text: HOSTILE },
    }}
    maxBytes={1e9}
  />
);

const PAGES: [name: string, page: string][] = [
  [
    "jobs",
    String(<JobsPage chrome={chrome} search={{ text: HOSTILE, state: "failed" }} live={jobs} result={HOSTILE} />),
  ],
  [
    "new job",
    String(
      <SubmitPage
        chrome={chrome}
        title="New job"
        live={<NewJobContent problems={{ file: HOSTILE, form: HOSTILE }} maxBytes={1e9} />}
      />,
    ),
  ],
  ["draft", String(<SubmitPage chrome={chrome} title={HOSTILE} live={draft} />)],
  ["frame", String(<FramePage chrome={chrome} shown={shownFrame} live={<FrameContent shown={shownFrame} />} />)],
  ["files", String(<OutputsPage chrome={chrome} shown={outputs} />)],
  ["task", String(<TaskPage chrome={chrome} shown={shownTask} live={<TaskContent {...shownTask} />} />)],
  ["runners", String(<RunnersPage chrome={chrome} live={<RunnersContent farm={farm} runners={[runner]} />} />)],
  ["login", String(<LoginPage chrome={chrome} login={login} />)],
  ["register", String(<RegisterPage chrome={chrome} form={register} />)],
  ["account", String(<AccountPage chrome={chrome} account={account} />)],
  [
    "error",
    String(
      <ErrorPage
        chrome={chrome}
        told={{ status: 500, message: HOSTILE, requestId: HOSTILE, back: { href: "/", text: HOSTILE } }}
      />,
    ),
  ],
  ...JOB_STATUSES.map((status): [string, string] => [
    `${status} job`,
    String(<JobPage chrome={chrome} job={job} percent={10} live={jobIn(status)} />),
  ]),
];

describe.each(PAGES)("the page %s with names that are HTML", (name, page) => {
  const elements = elementsOf(page);

  test("has no script but its own, which are files", () => {
    const scripts = elements.filter(({ tag }) => tag === "script");
    const file = ["new job", "draft"].includes(name) ? "new-job.js" : / job$/.test(name) ? "player.js" : null;
    const own = file ? [["src", `/assets/0/${file}`]] : [];
    expect(scripts.map(({ attributes }) => attributes[0])).toEqual([
      ["src", "/assets/0/htmx.js"],
      ["src", "/assets/0/app.js"],
      ...own,
    ] as never);
  });

  test("has no attribute that runs anything, no style, and no picture from elsewhere", () => {
    for (const { tag, attributes } of elements)
      for (const [name, value] of attributes) {
        expect(name).not.toMatch(/^(on|style|hx-on|hx-vals|srcdoc)/);
        if (tag === "img" && name === "src") expect(value).toMatch(/^\/(assets|api)\//);
      }
  });

  test("leads nowhere else, whatever something is called", () => {
    for (const { attributes } of elements)
      for (const [name, value] of attributes)
        if (["href", "src", "action", "hx-get", "hx-post"].includes(name)) expect(value).toMatch(/^[/#][^/]?/);
  });

  test("shows the names as they are", () => {
    expect(textOf(page)).toContain(HOSTILE.replace(/\s+/g, " "));
  });
});
