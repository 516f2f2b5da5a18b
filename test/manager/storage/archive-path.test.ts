import { expect, test } from "bun:test";
import { projectPath } from "#manager/storage/archive-path.ts";

test.each([
  ["scene.blend", "scene.blend"],
  ["./project/scene.blend", "project/scene.blend"],
  ["a//b/./c.png", "a/b/c.png"],
  ["textures\\wood\\oak 2.png", "textures/wood/oak 2.png"],
  ["Szene für Zoë/木.png", "Szene für Zoë/木.png"],
  ["..a/b../...c", "..a/b../...c"],
  ["folder/", "folder"],
  [".hidden/.file", ".hidden/.file"],
])("%j becomes %j", (name, path) => {
  expect(projectPath(name)).toBe(path);
});

test.each(["./", "__MACOSX/._scene.blend", "a/.DS_Store", "Thumbs.db", "a/desktop.ini", "Icon\r"])(
  "%j is no part of a project",
  (name) => {
    expect(projectPath(name)).toBeNull();
  },
);

test.each([
  ["../evil", "leads out of its folder with .."],
  ["a/../../evil", "leads out of its folder with .."],
  ["a/..", "leads out of its folder with .."],
  ["a\\..\\..\\evil", "leads out of its folder with .."],
  ["__MACOSX/../evil", "leads out of its folder with .."],
  ["/etc/passwd", "has an absolute path"],
  ["\\\\server\\share", "has an absolute path"],
  ["C:\\Windows\\evil.exe", "has an absolute path"],
  ["c:evil", "has an absolute path"],
  ["a\0.png", "has a control character in its name"],
  ["a\nb", "has a control character in its name"],
  ["gr\ufffdn.png", "has a name that is not UTF-8"],
  ["ä".repeat(128), "has a name of more than 255 bytes"],
  ["a/".repeat(64) + "b", "lies more than 64 folders deep"],
  [`${"x".repeat(250)}/`.repeat(17) + "b", "has a path of more than 4096 bytes"],
])("%j is refused", (name, fault) => {
  expect(() => projectPath(name)).toThrow(`in the archive ${fault}.`);
});

test("a long name is shortened in the sentence that names it", () => {
  expect(() => projectPath(`/${"x".repeat(5000)}`)).toThrow(/^"\/x{99}…" in the archive has an absolute path\.$/);
});
