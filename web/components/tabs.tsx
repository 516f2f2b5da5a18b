import { tellNumber } from "#web/words/count.ts";

/** A choice of what is shown, and how much of it there is, where that can be counted. */
export type Tab = { text: string; count?: number; url: string; current: boolean };

/** Links between what can be shown; `label` says what they are. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.url} aria-current={tab.current ? "true" : null}>
          {tab.text} {tab.count !== undefined && <span class="count">{tellNumber(tab.count)}</span>}
        </a>
      ))}
    </nav>
  );
}
