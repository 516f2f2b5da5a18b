import type { Farm } from "./farm.ts";
import { changeSetting } from "./settings.ts";

/** Changes settings of a farm that runs, all or none; they hold at once. Throws `bad_request` with what one of them takes. */
export async function changeSettings(farm: Farm, values: Readonly<Record<string, string>>): Promise<void> {
  await farm.commit.write(() => {
    for (const [name, value] of Object.entries(values)) changeSetting(farm, name, value);
  });
  farm.log.info("settings changed", { names: Object.keys(values).join(",") });
}
