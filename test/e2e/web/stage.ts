import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { insertFrame } from "#manager/db/outputs.ts";
import { addFramesDone, listActiveJobs } from "#manager/db/jobs.ts";
import { createApp } from "#manager/http/app.ts";
import { addUser } from "#manager/services/accounts.ts";
import { endTask } from "#manager/services/completing.ts";
import { cancelJob } from "#manager/services/job-control.ts";
import { askForTasks, type GrantedTask } from "#manager/services/leasing.ts";
import { changeSetting } from "#manager/services/changing-settings.ts";
import { addTestRunner, memoryFarm, type MemoryFarm } from "../../support/memory-farm.ts";
import { listenForComplaints } from "./sound-page.ts";

const ANN = { email: "ann@example.com", password: "a long password of Ann's" };

export /** A WebP of one point, in place of what programs would make. */
const POINT = Buffer.from("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", "base64");
const PICTURES = {
  makePreview: async (_exr: string, to: string) => void (await Bun.write(to, POINT)),
  shrinkPreview: async (_picture: string, to: string) => void (await Bun.write(to, POINT)),
};

export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A real browser before a farm without programs: what is seen here is what no request alone can show. */
export type Stage = {
  farm: MemoryFarm;
  url: string;
  annId: number;
  /** Opens a page as Ann, in a browser that has never been here. */
  open: (path: string, options?: BrowserContextOptions) => Promise<Visit>;
  /** Opens a page and stays where that leads. */
  arrive: (path: string, options?: BrowserContextOptions) => Promise<Visit>;
  signIn: (page: Page) => Promise<void>;
  /** Leases the next task to the one runner. */
  take: () => Promise<GrantedTask>;
  /** Files the frame of a task and completes it. */
  complete: (granted: GrantedTask) => Promise<void>;
  /** Ends all jobs, so that the next test has the runner for itself. */
  clear: () => Promise<void>;
  close: () => Promise<void>;
};

export type Visit = {
  page: Page;
  /** What the browser has complained of, and requests that left the manager; `but` are complaints that belong to the test. */
  complaints: (...but: string[]) => string[];
  close: () => Promise<void>;
};

/** Sets up a farm with Ann and one runner, and a browser. */
export async function openStage(): Promise<Stage> {
  const farm = await memoryFarm({
    ...PICTURES,
    readBlend: () => Promise.resolve({ blend: {} as never, thumbnailPng: null }),
  });
  changeSetting(farm, "localauth", "on");
  const annId = await addUser(farm, { ...ANN, admin: false });
  const runner = await addTestRunner(farm, "box");
  const app = createApp(farm).listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${app.server!.port}`;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: CHROMIUM_FLAGS });
  const signIn = async (page: Page): Promise<void> => {
    await page.fill("#email", ANN.email);
    await page.fill("#password", ANN.password);
    await page.click("main button");
    await page.waitForURL((now) => now.pathname !== "/login");
  };
  return {
    farm,
    url,
    annId,
    signIn,
    arrive: (path, options = {}) => visit(browser, { url, path, options }),
    open: async (path, options = {}) => {
      const arrived = await visit(browser, { url, path, options });
      await signIn(arrived.page);
      return arrived;
    },
    take: async () => {
      const abort = new AbortController().signal;
      const [granted] = await askForTasks(farm, runner, { slots: 1, holding: [], waitMs: 0, abort });
      if (!granted) throw new Error("there is nothing to do");
      return granted;
    },
    complete: async ({ task: { id: taskId, attempt, jobId }, frames }) => {
      const frame = Number(frames);
      const name = `frame_${frames.padStart(4, "0")}.exr`;
      insertFrame(farm.db, { jobId, name, frame, parts: 1, size: 1, sha256: "00", createdAtMs: 0 });
      addFramesDone(farm.db, jobId, 1);
      await endTask(farm, runner, { taskId, attempt, warnings: [], end: { kind: "completed" } });
    },
    clear: async () => {
      for (const job of listActiveJobs(farm.db)) await cancelJob(farm, job.id);
    },
    close: async () => {
      await browser.close();
      await app.stop(true);
      await farm[Symbol.asyncDispose]();
    },
  };
}

type Wanted = { url: string; path: string; options: BrowserContextOptions };

async function visit(browser: Browser, { url, path, options }: Wanted): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = listenForComplaints(page, url);
  await page.goto(url + path);
  return {
    page,
    complaints,
    close: () => context.close(),
  };
}
