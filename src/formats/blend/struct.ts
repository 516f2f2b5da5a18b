import type { BlockIndex } from "./block-index.ts";
import type { Block, Datablock } from "./blocks.ts";
import type { DnaField, DnaStruct } from "./dna.ts";
import { readNumber, readText } from "./values.ts";

/** So that the limit on steps also limits how much text comes out of a file in which many structs share one name. */
const CHARACTERS_PER_STEP = 8;

type Place = { field: DnaField; at: number };

/**
 * A struct in the file, read by the names of its fields: `number("r.im_format.planes")` goes into embedded structs. Where a
 * field has had several names all are given, and the first that this file knows counts. What a file does not know, or holds
 * only in part, is null, zero or empty; nothing here throws, but for the limit on steps.
 */
export class Struct {
  readonly type: DnaStruct;
  readonly #index: BlockIndex;
  readonly #owner: Datablock;
  readonly #bytes: Uint8Array;
  readonly #start: number;

  constructor(index: BlockIndex, owner: Datablock, type: DnaStruct, bytes: Uint8Array, start: number) {
    this.type = type;
    this.#index = index;
    this.#owner = owner;
    this.#bytes = bytes;
    this.#start = start;
  }

  /** Name of this ID, without the two letters of its kind. */
  get idName(): string {
    return this.text("id.name", "name").slice(2);
  }

  /** Whether the version that saved the file knew this field. */
  has(path: string): boolean {
    return this.#place([path]) !== null;
  }

  /** The value of a field (of an array, the first); null if there is none, or none that is finite. */
  number(...paths: string[]): number | null {
    const place = this.#place(paths);
    return place && !place.field.pointer ? this.#numberAt(place, place.field.type) : null;
  }

  /** The value that begins where a field begins, read as another type: unions are declared as one of theirs. */
  numberAs(path: string, type: string): number | null {
    const place = this.#place([path]);
    return place && this.#numberAt(place, type);
  }

  /** Whether any bit of the mask is set. */
  flag(path: string, mask: number): boolean {
    return ((this.number(path) ?? 0) & mask) !== 0;
  }

  /** A text, in the struct itself or where a pointer points to. */
  text(...paths: string[]): string {
    const place = this.#place(paths);
    if (!place) return "";
    const bytes = place.field.pointer
      ? this.#index.dataOf(this.#owner, this.#address(place))?.data
      : this.#bytes.subarray(place.at, place.at + place.field.size);
    const text = bytes ? readText(bytes) : "";
    this.#index.step(text.length / CHARACTERS_PER_STEP);
    return text;
  }

  /** Whether a pointer is set. */
  points(...paths: string[]): boolean {
    const place = this.#place(paths);
    return place !== null && this.#address(place) !== 0n;
  }

  /** The embedded struct, or the one that a pointer points to (the first of an array) among this datablock's DATA. */
  follow(...paths: string[]): Struct | null {
    return this.array(...paths)[0] ?? null;
  }

  /** All structs of the array that a pointer points to, as many as were kept. */
  array(...paths: string[]): Struct[] {
    const place = this.#place(paths);
    if (!place) return [];
    if (place.field.pointer) return this.#dataAt(this.#address(place));
    const type = this.#index.dna.byName.get(place.field.type);
    return type ? [new Struct(this.#index, this.#owner, type, this.#bytes, place.at)] : [];
  }

  /** The members of a ListBase, in order. It ends where a member is missing or comes again. */
  *list(path: string): Generator<Struct> {
    const first = this.#place([`${path}.first`]);
    const seen = new Set<bigint>();
    let address = first ? this.#address(first) : 0n;
    while (address !== 0n && !seen.has(address)) {
      seen.add(address);
      const member = this.#dataAt(address)[0];
      if (!member) return;
      yield member;
      const next = member.#place(["next", "modifier.next"]); // all modifiers begin with the struct that links them
      address = next ? member.#address(next) : 0n;
    }
  }

  /** The datablock that a pointer points to; of a linked one only the name is known. Null for kinds that are not kept. */
  datablock(path: string): Struct | null {
    const place = this.#place([path]);
    const datablock = place ? this.#index.datablock(this.#address(place)) : null;
    return datablock ? (structsIn(this.#index, datablock, datablock)[0] ?? null) : null;
  }

  /** The name of the datablock that a pointer points to. */
  datablockName(path: string): string | null {
    return this.datablock(path)?.idName ?? null;
  }

  /** All of this datablock's DATA of one type, whatever points to it. */
  *dataOfType(name: string): Generator<Struct> {
    for (const block of this.#owner.blocks) {
      this.#index.step();
      if (this.#index.typeOf(block)?.name === name) yield* structsIn(this.#index, this.#owner, block);
    }
  }

  #dataAt(address: bigint): Struct[] {
    const block = this.#index.dataOf(this.#owner, address);
    return block ? structsIn(this.#index, this.#owner, block) : [];
  }

  #numberAt({ at }: Place, type: string): number | null {
    return readNumber(this.#bytes, at, type, this.#index.header.littleEndian);
  }

  #place(paths: readonly string[]): Place | null {
    for (const path of paths) {
      const place = this.#placeOf(path.split("."));
      if (place) return place;
    }
    return null;
  }

  #placeOf(names: readonly string[]): Place | null {
    let type: DnaStruct | undefined = this.type;
    let field: DnaField | undefined;
    let at = this.#start;
    for (const name of names) {
      field = type?.fields.get(name);
      if (!field) return null;
      at += field.offset;
      type = field.pointer ? undefined : this.#index.dna.byName.get(field.type);
    }
    return field ? { field, at } : null;
  }

  #address({ field, at }: Place): bigint {
    const { pointerBytes, littleEndian } = this.#index.header;
    if (!field.pointer || at + pointerBytes > this.#bytes.length) return 0n;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    return pointerBytes === 8 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
  }
}

/** All datablocks with this code. */
export function datablocks(index: BlockIndex, code: string): Struct[] {
  return index.withCode(code).flatMap((datablock) => structsIn(index, datablock, datablock));
}

/** Those that are the file's own: what belongs to a linked library is that library's matter. */
export function localDatablocks(index: BlockIndex, code: string): Struct[] {
  return datablocks(index, code).filter((struct) => !struct.points("id.lib"));
}

/** The structs in a block: one, or of an array as many as were kept. */
function structsIn(index: BlockIndex, owner: Datablock, block: Block): Struct[] {
  const type = index.typeOf(block);
  if (!type) return [];
  const size = Math.max(1, type.size);
  const count = Math.max(1, Math.min(block.count, Math.floor(block.data.length / size)));
  return Array.from({ length: count }, (_, n) => {
    index.step();
    return new Struct(index, owner, type, block.data, n * size);
  });
}
