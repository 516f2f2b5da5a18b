import { expect, test } from "bun:test";
import { loginUrl, nextPath } from "#manager/http/pages/next-path.ts";

test.each(["/jobs/7", "/jobs/7?frames=2&tasks=50", "/runners", "/jobs/7#play-12", "/jobs/7#//elsewhere.example"])(
  "%p is where one goes on",
  (path) => {
    expect(nextPath(path)).toBe(path);
  },
);

test.each([
  null,
  undefined,
  "",
  "jobs",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "/\t/elsewhere.example",
  "/.//elsewhere.example",
  "/jobs/..//elsewhere.example",
  "https://elsewhere.example/jobs",
  "https:elsewhere.example",
  "javascript:alert(1)",
  "/login",
  "/login?next=/login",
  "/logout",
  "/register",
  "/reset?token=x",
])("%p is not; one goes on at the jobs", (path) => {
  expect(nextPath(path)).toBe("/jobs");
});

const request = (path: string, init: RequestInit = {}) => new Request(`http://localhost${path}`, init);

test("sign-in leads back to the page that was asked for", () => {
  expect(loginUrl(request("/jobs/7?frames=2"))).toBe("/login?next=%2Fjobs%2F7%3Fframes%3D2");
});

test("sign-in leads back to the page that htmx asked from, not to the part that it asked for", () => {
  const headers = { "hx-current-url": "http://localhost/jobs/7" };
  expect(loginUrl(request("/jobs/7/tasks/1/log", { headers }))).toBe("/login?next=%2Fjobs%2F7");
});

test("sign-in leads back to the frame that was played, where htmx says which", () => {
  const headers = { "hx-current-url": "http://localhost/jobs/7#play-12" };
  expect(loginUrl(request("/jobs/7", { headers }))).toBe("/login?next=%2Fjobs%2F7%23play-12");
});

test("sign-in does not lead back to what was to be done", () => {
  expect(loginUrl(request("/jobs/7/cancel", { method: "POST" }))).toBe("/login");
});
