import { createApp } from "#manager/http/app.ts";
import type { FullFarm } from "./full-farm.ts";
import type { MemoryFarm } from "./memory-farm.ts";

/** A page of the full farm, or a part of one that htmx asks for. */
export type PageRow = {
  /** The route of the page, as the app has it. */
  route: string;
  path: (full: FullFarm) => string;
  /** What it must show, as it is called in the full farm but for what is put before that; nothing where nobody has named anything on it. */
  shows: string[];
  /** Whether it is no page by itself. */
  part?: true;
  /** Who opens it; else an admin does. */
  as?: "nobody" | "ann";
};

type More = Partial<Pick<PageRow, "part" | "as">>;

const page = (path: string, shows: string[] = [], more: More = {}): PageRow => {
  return { route: path.replace(/\?.*/, ""), path: () => path, shows, ...more };
};

const ofJob =
  (what: keyof FullFarm["jobs"], rest = "") =>
  ({ jobs }: FullFarm) =>
    `/jobs/${jobs[what]}${rest}`;
const ofTask =
  (what: keyof FullFarm["tasks"], rest = "") =>
  ({ jobs, tasks }: FullFarm) =>
    `/jobs/${jobs[what]}/tasks/${tasks[what]}${rest}`;

const JOBS = {
  draft: "Meadow",
  queued: "Dust, third try",
  running: "Harbour at night",
  paused: "Rain on the roof",
  completed: "Harbour at dawn",
  failed: "Castle",
  canceled: "Test of the smoke",
};
const RUNNERS = { busy: "render-01", idle: "render-02", offline: "attic" };
const FAILURE = "Out of GPU memory.";

/** Every page that the manager has, in each state that changes what is on it. */
export const EVERY_PAGE: PageRow[] = [
  page("/login", [], { as: "nobody" }),
  page("/login?next=/account", [], { as: "nobody" }),
  page("/register", [], { as: "nobody" }),
  { route: "/reset", path: ({ resetToken }) => `/reset?token=${resetToken}`, shows: [], as: "nobody" },
  page("/reset?token=spent", [], { as: "nobody" }),
  page("/api/docs", [], { as: "nobody" }),
  page("/api/docs"),
  page("/account", ["Bo", "my scripts"]),
  page("/account", ["Ann", "pipeline"], { as: "ann" }),
  page("/jobs", ["Ann", "harbour.zip", ...Object.values(JOBS)]),
  page("/jobs?q=harbour&state=running", [JOBS.running]),
  page("/jobs?q=no+such+job"),
  page("/jobs", Object.values(JOBS), { as: "ann" }),
  page("/jobs/new"),
  page("/jobs/new/frames?frames=1-10", [], { part: true }),
  ...Object.entries(JOBS).map(([what, name]) => ({
    route: what === "draft" ? "/jobs/:id/draft" : "/jobs/:id",
    path: ofJob(what as keyof typeof JOBS, what === "draft" ? "/draft" : ""),
    shows: [
      name,
      "harbour.zip",
      "shots/harbour.blend",
      "Scene",
      "Camera",
      what === "draft" ? "Bricks" : "The image tex/bricks.png is not in the project.",
    ],
  })),
  { route: "/jobs/:id", path: ofJob("running"), shows: [JOBS.running], as: "ann" },
  { route: "/jobs/:id", path: ofJob("queued", "?frames=2&show=queued"), shows: [JOBS.queued] },
  { route: "/jobs/:id", path: ofJob("failed", "?show=completed"), shows: [JOBS.failed] },
  { route: "/jobs/:id/frames/:frame", path: ofJob("completed", "/frames/1"), shows: [JOBS.completed] },
  { route: "/jobs/:id/frames/:frame", path: ofJob("failed", "/frames/1"), shows: [JOBS.failed, FAILURE] },
  { route: "/jobs/:id/frames/:frame", path: ofJob("queued", "/frames/1"), shows: [JOBS.queued] },
  { route: "/jobs/:id/outputs", path: ofJob("completed", "/outputs"), shows: [JOBS.completed] },
  { route: "/jobs/:id/outputs", path: ofJob("queued", "/outputs"), shows: [JOBS.queued] },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask("queued"), shows: [JOBS.queued] },
  { route: "/jobs/:id/log", path: ofJob("failed", "/log"), shows: ["Blender quit", RUNNERS.busy], part: true },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask("running"), shows: [JOBS.running, RUNNERS.busy] },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask("completed"), shows: [JOBS.completed, RUNNERS.busy] },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask("canceled"), shows: [JOBS.canceled] },
  { route: "/jobs/:id/tasks/:taskId", path: ofTask("failed"), shows: [JOBS.failed, FAILURE, "Blender quit"] },
  {
    route: "/jobs/:id/tasks/:taskId",
    path: ofTask("failed", "?attempt=1&after=0"),
    shows: [JOBS.failed, FAILURE, "Blender quit"],
  },
  { route: "/jobs/:id/tasks/:taskId/log", path: ofTask("failed", "/log"), shows: ["Blender quit"], part: true },
  { route: "/jobs/:id/tasks/:taskId/log.txt", path: ofTask("failed", "/log.txt"), shows: ["Blender quit"], part: true },
  page("/runners", [
    ...Object.values(RUNNERS),
    JOBS.running,
    "NVIDIA GeForce RTX 4090",
    "render-01.studio.example",
    "Ben",
  ]),
  page("/runners", [], { as: "ann" }),
  page("/runners/add"),
  page("/runners/add", [], { as: "ann" }),
  ...Object.entries(RUNNERS).map(([which, name]) => ({
    route: "/runners/:id",
    path: (of: FullFarm) => `/runners/${which === "busy" ? of.busy.id : of[which as "idle" | "offline"]}`,
    shows: [
      name,
      `${name}.studio.example`,
      "0.1.0 (1234abcd5678)",
      ...(which === "busy" ? [JOBS.running, JOBS.failed] : []),
    ],
  })),
  page("/admin/stats", [RUNNERS.busy, "Ann"]),
  page("/admin/stats?range=week", [RUNNERS.busy, "Ann"]),
  page("/admin/users", ["Bo", "Ann", "Ben"]),
  { route: "/admin/users/:id", path: ({ annId }) => `/admin/users/${annId}`, shows: ["Ann", "pipeline", "Bo"] },
  { route: "/admin/users/:id", path: ({ benId }) => `/admin/users/${benId}`, shows: ["Ben"] },
  page("/admin/keys", ["pipeline", "my scripts", "Ben"]),
  page("/admin/blender", [RUNNERS.busy]),
  page("/admin/settings"),
];

/** These only lead to others, or are pictures of numbers. */
const NO_PAGES = ["/", "/admin", "/jobs/many", "/icons/:name"];

/** The routes of an app that are pages or parts of them, from its own table. */
export function routesOfPages(farm: MemoryFarm): string[] {
  const paths = createApp(farm)
    .routes.filter(({ method }) => method === "GET")
    .map(({ path }) => path)
    .filter((path) => path === "/api/docs" || !/^\/(api|assets|healthz|metrics)(\/|$)/.test(path));
  return [...new Set(paths.filter((path) => !NO_PAGES.includes(path)))].sort();
}
