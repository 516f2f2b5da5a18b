import { tellNumber } from "#web/words/count.ts";

/** A choice of what a list shows, and how much of it there is. */
export type Tab = { text: string; count: number; url: string; current: boolean };

/** Links between parts of a list; `label` says by what they are. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.url} aria-current={tab.current ? "true" : null}>
          {tab.text} <span class="count">{tellNumber(tab.count)}</span>
        </a>
      ))}
    </nav>
  );
}
