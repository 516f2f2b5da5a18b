import { describe, expect, test } from "bun:test";
import { parcelsOf, type Chosen } from "#web/static/js/new-job/parcels.ts";
import { readAll, uploadOf } from "../../manager/storage/support/projects.ts";
import { tempLayout } from "../../manager/storage/support/temp-layout.ts";

const NOWHERE = { places: [], home: "" };
const file = (path: string, content = path, lastModified = 1): Chosen => ({
  path,
  file: new File([content], path.split("/").at(-1)!, { lastModified }),
});
const named = (...paths: string[]) => paths.map((path) => file(path));

/** What the manager finds in what is sent. */
async function unpacked(blob: Blob): Promise<Record<string, string>> {
  await using store = await tempLayout();
  return await readAll(await uploadOf(store, Buffer.from(await blob.arrayBuffer()), "sent"));
}

describe("what is sent as one upload", () => {
  test("is a single file as it is", () => {
    const [parcel, ...more] = parcelsOf(named("castle.blend"), NOWHERE);
    expect(more).toEqual([]);
    expect(parcel).toMatchObject({ name: "castle.blend", title: "castle", isProject: true });
    expect(parcel!.blob.size).toBe("castle.blend".length);
  });

  test("is a folder as a tar with all paths, also long ones and those beyond ASCII", async () => {
    const long = `Projekt/${"sehr langer Ordner/".repeat(9)}Bild.png`;
    const files = named("Projekt/Größe 1.blend", long, "Projekt/tex/木.png", "Projekt/empty.txt");
    files[3] = file("Projekt/empty.txt", "");
    const [parcel] = parcelsOf(files, NOWHERE);
    expect(parcel).toMatchObject({ name: "Projekt.tar", title: "Größe 1", isProject: true });
    expect(await unpacked(parcel!.blob)).toEqual(
      Object.fromEntries(files.map(({ path }, i) => [path, i === 3 ? "" : path])),
    );
  });

  test("is an archive by itself, and the rest together", async () => {
    const parcels = parcelsOf(named("textures.zip", "castle.blend", "wood.png"), NOWHERE);
    expect(parcels.map(({ name }) => name)).toEqual(["textures.zip", "castle.tar"]);
    expect(Object.keys(await unpacked(parcels[1]!.blob))).toEqual(["castle.blend", "wood.png"]);
  });

  test("leaves out what systems and editors leave behind", async () => {
    const junk = ["p/.git/config", "p/.DS_Store", "p/castle.blend1", "p/castle.blend32", "p/__MACOSX/x", "p/Thumbs.db"];
    const [parcel] = parcelsOf(named("p/castle.blend", "p/.github.png", ...junk), NOWHERE);
    expect(Object.keys(await unpacked(parcel!.blob)).sort()).toEqual(["p/.github.png", "p/castle.blend"]);
    expect(parcelsOf(named(".DS_Store"), NOWHERE)).toEqual([]);
  });

  test("is called like the folder where there are several .blend files", () => {
    expect(parcelsOf(named("Movie/a.blend", "Movie/b.blend"), NOWHERE)[0]!.title).toBe("Movie");
  });

  test("puts each file where a place waits for it, and the others beside the main .blend", async () => {
    const waiting = { places: ["castle/tex/wood.png", "castle/seq/f_0001.png"], home: "castle" };
    const [parcel] = parcelsOf(named("Downloads/WOOD.png", "Downloads/f_0002.png", "Downloads/notes.png"), waiting);
    expect(parcel!.isProject).toBe(false);
    expect(Object.keys(await unpacked(parcel!.blob)).sort()).toEqual([
      "castle/Downloads/notes.png",
      "castle/seq/f_0002.png",
      "castle/tex/wood.png",
    ]);
  });

  test("is the same for the same files in whatever order, and another one when a file has changed", async () => {
    const of = async (files: Chosen[]) => {
      const [parcel] = parcelsOf(files, NOWHERE);
      return [parcel!.key, new Bun.CryptoHasher("md5").update(await parcel!.blob.bytes()).digest("hex")] as const;
    };
    const [a, b] = [file("p/a.blend"), file("p/b.png")];
    expect(await of([a, b])).toEqual(await of([b, a]));
    expect((await of([a, file("p/b.png", "p/b.png", 2)]))[0]).not.toBe((await of([a, b]))[0]);
    expect((await of([a, file("p/b.png", "other")]))[0]).not.toBe((await of([a, b]))[0]);
  });
});
