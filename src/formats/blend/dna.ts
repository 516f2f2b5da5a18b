import { damaged } from "./error.ts";
import type { BlendHeader } from "./header.ts";

/** A member of a struct as the file lays it out. */
export type DnaField = {
  type: string;
  /** Address, not value: `*name`, or a function's. */
  pointer: boolean;
  /** Elements of an array, 1 for a single value. */
  count: number;
  /** Bytes from the struct's start. */
  offset: number;
  /** Bytes of all elements. */
  size: number;
};

export type DnaStruct = { name: string; size: number; fields: ReadonlyMap<string, DnaField> };

/** The layouts of all structs in a file, so that it can be read by any version; `structs` is in the order that blocks refer to. */
export type Dna = { structs: readonly DnaStruct[]; byName: ReadonlyMap<string, DnaStruct> };

/**
 * Reads a DNA1 block: `SDNA`, then `NAME` (declarators such as `*next` and `mat[4][4]`), `TYPE` (names), `TLEN` (sizes in
 * bytes) and `STRC` (structs as type and members, members as type and name), each at a multiple of four bytes.
 * Throws `damaged`.
 */
export function parseDna(data: Uint8Array, header: BlendHeader): Dna {
  const cursor = new DnaCursor(data, header.littleEndian);
  cursor.expect("SDNA");
  cursor.expect("NAME");
  const declarators = cursor.texts(cursor.count(1));
  cursor.align();
  cursor.expect("TYPE");
  const types = cursor.texts(cursor.count(1));
  cursor.align();
  cursor.expect("TLEN");
  const sizes = types.map(() => cursor.uint16());
  cursor.align();
  cursor.expect("STRC");

  const members = new Map<number, Declarator>();
  const member = (index: number): Declarator => {
    const known = members.get(index) ?? parseDeclarator(at(declarators, index));
    members.set(index, known);
    return known;
  };
  const structs: DnaStruct[] = [];
  for (let left = cursor.count(4); left > 0; left--) {
    const type = cursor.uint16();
    const fields = new Map<string, DnaField>();
    let offset = 0;
    for (let n = cursor.uint16(); n > 0; n--) {
      const fieldType = cursor.uint16();
      const { name, pointer, count } = member(cursor.uint16());
      const size = count * (pointer ? header.pointerBytes : at(sizes, fieldType));
      if (!Number.isSafeInteger(offset + size)) throw damaged("a struct is impossibly large");
      fields.set(name, { type: at(types, fieldType), pointer, count, offset, size });
      offset += size;
    }
    structs.push({ name: at(types, type), size: at(sizes, type), fields });
  }
  return { structs, byName: new Map(structs.map((struct) => [struct.name, struct])) };
}

type Declarator = { name: string; pointer: boolean; count: number };

/** `*next`, `(*bind)()`, `mat[4][4]`, `*point_cache[2]`. */
function parseDeclarator(text: string): Declarator {
  const name = /[A-Za-z_]\w*/.exec(text)?.[0] ?? "";
  const dimensions = Array.from(text.matchAll(/\[(\d+)\]/g), (match) => Number(match[1]));
  return {
    name,
    pointer: text.startsWith("*") || text.startsWith("("),
    count: dimensions.reduce((product, dimension) => product * dimension, 1),
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw damaged("its struct descriptions do not fit together");
  return item;
}

const LATIN1 = new TextDecoder("latin1");

/** Reads DNA1 from front to back; everything past its end is `damaged`. */
class DnaCursor {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #offset = 0;

  constructor(data: Uint8Array, littleEndian: boolean) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#littleEndian = littleEndian;
  }

  expect(mark: string): void {
    const start = this.#advance(4);
    if (String.fromCharCode(...this.#data.subarray(start, start + 4)) !== mark) {
      throw damaged("its struct descriptions are unreadable");
    }
  }

  /** A number of things of at least `bytes` bytes each, which must fit into what is left. */
  count(bytes: number): number {
    const count = this.#view.getUint32(this.#advance(4), this.#littleEndian);
    if (count * bytes > this.#data.length - this.#offset) throw damaged("its struct descriptions are cut off");
    return count;
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), this.#littleEndian);
  }

  texts(count: number): string[] {
    return Array.from({ length: count }, () => {
      const end = this.#data.indexOf(0, this.#offset);
      if (end < 0) throw damaged("its struct descriptions are cut off");
      const text = LATIN1.decode(this.#data.subarray(this.#offset, end));
      this.#offset = end + 1;
      return text;
    });
  }

  align(): void {
    this.#offset = Math.ceil(this.#offset / 4) * 4;
  }

  #advance(bytes: number): number {
    const start = this.#offset;
    if (start + bytes > this.#data.length) throw damaged("its struct descriptions are cut off");
    this.#offset += bytes;
    return start;
  }
}
