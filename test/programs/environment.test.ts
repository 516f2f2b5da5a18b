import { expect, test } from "bun:test";
import { cleanEnvironment } from "#programs/environment.ts";

test("without folders there is only PATH and a language", () => {
  expect(Object.keys(cleanEnvironment()).sort()).toEqual(["LANG", "PATH"]);
});

test("with folders all that programs write at home lies in them", () => {
  const environment = cleanEnvironment({ home: "/work space/home", temporary: "/tmp/x" });
  expect(environment).toMatchObject({
    HOME: "/work space/home",
    XDG_CACHE_HOME: "/work space/home/.cache",
    TMPDIR: "/tmp/x",
  });
  const allowed = /^(PATH|LANG|HOME|TMPDIR|XDG_[A-Z]+(_HOME|_DIR))$/;
  expect(Object.keys(environment).filter((name) => !allowed.test(name))).toEqual([]);
});
