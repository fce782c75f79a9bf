/** `?variant=flockdeck&count=16&prefill=30000&more=60000&density=comfortable`: one deck on a memory transport. */

import type { FakeFlock } from "../../../src/renderer/dev/fake-flock.js";
import { wide } from "../../../src/renderer/dev/fake-flocks.js";
import { article } from "../../markdown/page/sample.js";
import { startBaseline } from "./baseline.js";
import { startFloor } from "./floor.js";
import { meter } from "./meter.js";
import { startProduct } from "./product.js";

const query = new URLSearchParams(window.location.search);
const count = Number(query.get("count") ?? 16);
const prefill = Number(query.get("prefill") ?? 0);
/** UTF-16 units that are written after those: by default for longer than any measurement lasts. */
const more = Number(query.get("more") ?? 60_000);
const variant = query.get("variant") ?? "flockdeck";

/** 50 tokens a second of four units each. */
const flock: FakeFlock = wide(
  count,
  { chars: prefill + more, speed: 200, prefill },
  { desktop: false, text: (_, units) => article(units) },
);

const element = document.getElementById("root");
if (element === null) throw new Error("The page has no #root");
const STARTS: Record<string, typeof startProduct> = { flockdeck: startProduct, floor: startFloor };
const start = STARTS[variant] ?? startBaseline;
await start({ element, flock, variant, density: query.get("density") ?? "comfortable" });

Object.assign(window, {
  bench: {
    ...meter,
    /** Lets go of what only the stand-in for the server holds. */
    forgetFlock: () => flock.forget(),
  },
});
