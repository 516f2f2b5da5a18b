import { expect, test } from "bun:test";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { defaultWorkspace, openWorkspace } from "#runner/workspace.ts";
import { tempFolder } from "./support/temp-folder.ts";

test("a folder is made with all its parts, for this user alone", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "state/box");
  const workspace = await openWorkspace(path);
  expect((await readdir(path)).sort()).toEqual(["blenders", "contexts", "home", "lock", "outbox", "tasks", "videos"]);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  workspace.unlock();
});

test("two runners never share a workspace", async () => {
  await using folder = await tempFolder();
  const first = await openWorkspace(folder.path);
  expect(await openWorkspace(folder.path).catch((error: unknown) => error)).toMatchObject({
    code: "conflict",
    message: expect.stringContaining(folder.path),
  });
  first.unlock();
  (await openWorkspace(folder.path)).unlock();
});

test("the workspace of a runner that was killed is free at once, though its lock file is still there", async () => {
  await using folder = await tempFolder();
  const script = join(import.meta.dir, "fixtures/hold-workspace.ts");
  await using other = Bun.spawn([process.execPath, script, folder.path], { stdout: "pipe" });
  await other.stdout.getReader().read();
  expect(await openWorkspace(folder.path).catch((error: unknown) => error)).toMatchObject({ code: "conflict" });
  other.kill("SIGKILL");
  await other.exited;
  (await openWorkspace(folder.path)).unlock();
});

test("what a killed runner left half done is removed; projects, finished frames and shaders stay", async () => {
  await using folder = await tempFolder();
  for (const file of [
    "tasks/11.1/frames/frame_0001.exr",
    "contexts/7-1/context.json",
    "outbox/1.json",
    "home/.cache/shader",
  ])
    await Bun.write(join(folder.path, file), "x");
  const workspace = await openWorkspace(folder.path);
  workspace.unlock();
  expect(await readdir(workspace.tasks)).toEqual([]);
  for (const kept of ["contexts/7-1/context.json", "outbox/1.json", "home/.cache/shader"])
    expect(await Bun.file(join(folder.path, kept)).exists()).toBe(true);
});

const PLACES: [string, Record<string, string>, boolean, RegExp][] = [
  [
    "root",
    { HOME: "/root", XDG_STATE_HOME: "/x" },
    true,
    /^\/var\/lib\/jiggablend\/runners\/farm.example.org_8080-box-[0-9a-f]{8}$/,
  ],
  [
    "a user",
    { HOME: "/home/ann" },
    false,
    /^\/home\/ann\/\.local\/state\/jiggablend\/runners\/farm.example.org_8080-box-[0-9a-f]{8}$/,
  ],
  [
    "a user who keeps state elsewhere",
    { HOME: "/home/ann", XDG_STATE_HOME: "/data" },
    false,
    /^\/data\/jiggablend\/runners\//,
  ],
];
test.each(PLACES)("by default the workspace of %s is in the usual place", (_, environment, isRoot, expected) => {
  expect(defaultWorkspace("http://farm.example.org:8080", "box", environment, isRoot)).toMatch(expected);
});

test("each manager and each name has a workspace of its own, however alike they look", () => {
  const places = [
    defaultWorkspace("http://farm:8080", "box"),
    defaultWorkspace("https://farm:8080", "box"),
    defaultWorkspace("http://farm:8080/a", "box"),
    defaultWorkspace("http://farm:8080", "box 1"),
    defaultWorkspace("http://farm:8080", "box/1"),
  ];
  expect(new Set(places).size).toBe(5);
});

test("a name with strange letters stays inside the folder of runners", () => {
  expect(defaultWorkspace("http://farm", "../../etc", { HOME: "/h" }, false)).toStartWith(
    "/h/.local/state/jiggablend/runners/farm-.._.._etc-",
  );
});
