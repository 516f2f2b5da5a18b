/**
 * JSX that escapes by construction: every string becomes text, in children and in attributes alike. Only a `Safe`,
 * which nothing but this file and `raw` makes, passes through as HTML.
 */
export class Safe {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
  toString(): string {
    return this.html;
  }
}

export type Child = Safe | string | number | bigint | boolean | null | undefined | readonly Child[];
type Attribute = string | number | boolean | null | undefined;
type Props = { children?: Child; [name: string]: unknown };

export namespace JSX {
  export type Element = Safe;
  export type ElementChildrenAttribute = { children: unknown };
  export type IntrinsicElements = { [tag: string]: { children?: Child; [name: string]: Attribute | Child } };
}

const VOID_TAGS = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
const RAW_TEXT_TAGS = new Set(["script", "style"]);
const URL_ATTRIBUTES = new Set(["href", "src", "action", "formaction", "poster"]);
const ATTRIBUTE_NAME = /^[A-Za-z_:@][\w:.\-@]*$/;
const SCRIPT_URL = /^[\s\0-\x1f]*(javascript|data|vbscript):/i;

/** Returns the HTML of one child, escaped unless it is already `Safe`. */
export function renderChild(child: Child): string {
  if (child === null || child === undefined || typeof child === "boolean") return "";
  if (child instanceof Safe) return child.html;
  if (Array.isArray(child)) return child.map(renderChild).join("");
  if (typeof child === "object") throw new TypeError("only text, numbers and elements can be shown");
  return Bun.escapeHTML(String(child));
}

function renderAttribute(name: string, value: Attribute): string {
  if (value === null || value === undefined || value === false) return "";
  if (!ATTRIBUTE_NAME.test(name)) throw new TypeError(`not an attribute name: ${name}`);
  if (value === true) return ` ${name}`;
  if (URL_ATTRIBUTES.has(name) && SCRIPT_URL.test(String(value))) throw new TypeError(`not a safe URL in ${name}`);
  return ` ${name}="${Bun.escapeHTML(String(value))}"`;
}

/** Renders one element or calls one component; the compiler calls it for every tag. */
export function jsx(tag: string | ((props: never) => Safe), props: Props): Safe {
  if (typeof tag === "function") return tag(props as never);
  let html = `<${tag}`;
  for (const name in props) if (name !== "children") html += renderAttribute(name, props[name] as Attribute);
  if (VOID_TAGS.has(tag)) return new Safe(`${html}>`);
  if (RAW_TEXT_TAGS.has(tag) && props.children !== undefined && !(props.children instanceof Safe))
    throw new TypeError(`<${tag}> takes only raw() content`);
  return new Safe(`${html}>${renderChild(props.children)}</${tag}>`);
}

export { jsx as jsxs, jsx as jsxDEV };

/** Groups children without an element of their own. */
export function Fragment(props: { children?: Child }): Safe {
  return new Safe(renderChild(props.children));
}

/** Marks a string as HTML that is safe as it stands; never call it with anything a user wrote. */
export function raw(html: string): Safe {
  return new Safe(html);
}
