import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { article, longFence, longList, longTable, UPDATE_LENGTH } from "./sample.js";
import { variants } from "./variants.js";

const texts: Record<string, (length: number) => string> = {
  article,
  list: longList,
  fence: longFence,
  table: longTable,
};

/** Flush interval of the stream that is imitated, in milliseconds. */
const INTERVAL = 50;

const box = document.querySelector("#ink");
if (!box) throw new Error("The page has no tile");
const root = createRoot(box);

let text = "";
let shown = 0;
let view: ReturnType<(typeof variants)[string]>;

/** One update as a deck makes it: one commit, in the frame that was asked for. */
function show(length: number): void {
  flushSync(() => root.render(view(text.slice(shown, shown + length))));
  shown += length;
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

/** Shows the first `size` characters, in steps of `step`, and lets the page come to rest. */
async function prepare(variant: string, kind: string, size: number, step: number): Promise<void> {
  const make = variants[variant];
  const sample = texts[kind];
  if (!make || !sample) throw new Error(`No variant ${variant} or text ${kind}`);
  view = make();
  text = sample(size + 20_000);
  shown = 0;
  while (shown < size) {
    await frame();
    show(Math.min(step, size - shown));
  }
  for (let n = 0; n < 30; n += 1) await frame();
}

/** Streams `updates` updates at the flush interval. */
async function stream(updates: number): Promise<void> {
  for (let n = 0; n < updates; n += 1) {
    const next = new Promise((resolve) => setTimeout(resolve, INTERVAL));
    await frame();
    show(UPDATE_LENGTH);
    await next;
  }
}

Object.assign(window, { bench: { prepare, stream } });
