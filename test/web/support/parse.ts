export type Parsed = { tag: string; attributes: [name: string, value: string][] };

/** Reads HTML as a browser would: its elements with their attributes, character references resolved. */
export function elementsOf(html: string): Parsed[] {
  const elements: Parsed[] = [];
  const collect = { element: (element: HTMLRewriterTypes.Element) => void elements.push(read(element)) };
  new HTMLRewriter().on("*", collect).transform(html);
  return elements;
}

/** The elements of a kind whose attributes are as given. */
export function find(html: string, tag: string, attributes: Record<string, string> = {}): Parsed[] {
  const wanted = Object.entries(attributes);
  return elementsOf(html).filter(
    (element) => element.tag === tag && wanted.every(([name, value]) => attributeOf(element, name) === value),
  );
}

/** The value of an attribute; null where the element has none of that name. */
export function attributeOf(element: Parsed | undefined, name: string): string | null {
  return element?.attributes.find(([own]) => own === name)?.[1] ?? null;
}

/** The text of a page, without its tags. */
export function textOf(html: string): string {
  return unescape(html.replace(/<[^>]*>/g, " "))
    .replace(/\s+/g, " ")
    .trim();
}

function read(element: HTMLRewriterTypes.Element): Parsed {
  return {
    tag: element.tagName,
    attributes: [...element.attributes].map(([name, value]) => [name!, unescape(value!)]),
  };
}

function unescape(text: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&", "#x27": "'", "#39": "'" };
  return text.replace(/&(#?\w+);/g, (whole, name: string) => named[name] ?? whole);
}
