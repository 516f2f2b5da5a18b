import { describe, expect, test } from "bun:test";
import { join } from "node:path";

/** The colours of both themes must differ enough from what they stand on: 4.5 for text (WCAG 2.2, 1.4.3). */

type Colours = Record<string, string>;

const css = await Bun.file(join(import.meta.dir, "../../web/static/css/tokens.css")).text();
const [darkCss, lightCss] = css.split("@media (prefers-color-scheme: light)") as [string, string];
const dark = coloursIn(darkCss);
const themes: [string, Colours][] = [
  ["dark", dark],
  ["light", { ...dark, ...coloursIn(lightCss) }],
];

const TEXTS = ["text", "muted", "link", "draft", "waiting", "working", "done", "held", "failed", "ended"];
const GROUNDS = ["ground", "panel", "raised"];

describe.each(themes)("in the %s theme", (_name, colours) => {
  test.each(TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)))(
    "%s can be read on %s",
    (text, ground) => {
      expect(contrast(rgb(colours[text]!), rgb(colours[ground]!))).toBeGreaterThanOrEqual(4.5);
    },
  );

  test("a primary button can be read", () => {
    expect(contrast(rgb(colours["on-accent"]!), rgb(colours["accent"]!))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["done", "working", "failed"])("the number in a cell that is %s can be read", (tone) => {
    const share = Number.parseFloat(colours["shade"]!) / 100;
    const under = rgb(colours["ground"]!);
    const cell = rgb(colours[tone]!).map((value, i) => value * share + under[i]! * (1 - share));
    expect(contrast(rgb(colours["text"]!), cell)).toBeGreaterThanOrEqual(4.5);
  });

  test("the edge of what one can type into is seen", () => {
    for (const ground of GROUNDS.slice(0, 2))
      expect(contrast(rgb(colours["edge"]!), rgb(colours[ground]!))).toBeGreaterThanOrEqual(3);
  });
});

function coloursIn(text: string): Colours {
  return Object.fromEntries(
    [...text.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6}|\d+%);/g)].map(([, name, value]) => [name!, value!]),
  );
}

function rgb(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** WCAG 2.2's contrast ratio of two colours. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [light, dim] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dim + 0.05);
}

function luminance(colour: readonly number[]): number {
  const linear = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
}
