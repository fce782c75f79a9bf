/**
 * The floor: what the browser alone takes to show so much new text in so many boxes. Plain words, appended to a text
 * node in one frame for all boxes; no Markdown, no header, no framework. Not a program that anybody would use.
 */
import { countUpdate } from "./meter.js";
import type { StartOptions } from "./start.js";

/** A paragraph of the samples; then a new one begins. */
const PARAGRAPH_UNITS = 400;

interface Box {
  readonly id: string;
  readonly ink: HTMLElement;
  node: Text;
  pending: string;
}

export async function startFloor({ element, flock }: StartOptions): Promise<void> {
  const boxes = new Map<string, Box>();
  const deck = document.createElement("div");
  deck.className = "floor-deck";
  element.append(deck);
  const carrier = await flock.open();
  let due = false;
  const frame = () => {
    due = false;
    for (const box of boxes.values()) write(box);
  };
  carrier.onMessage((messages) => {
    if (!due) requestAnimationFrame(frame);
    due = true;
    for (const message of messages) {
      if (message.type === "sync_complete")
        carrier.send({ type: "publish", request_id: "1", artifact_type: "Topic", payload: { title: "Flight" } });
      else if (message.type === "stream_started") boxes.set(message.stream_id, addBox(deck, message.stream_id));
      else if (message.type === "stream_chunk") {
        const box = boxes.get(message.stream_id);
        if (box !== undefined) box.pending += message.chunk;
      }
    }
  });
  carrier.send({ type: "attach" });
}

function addBox(deck: HTMLElement, id: string): Box {
  const tile = document.createElement("article");
  tile.className = "floor-tile";
  const ink = document.createElement("div");
  ink.className = "floor-ink";
  tile.append(ink);
  deck.append(tile);
  return { id, ink, node: addParagraph(ink), pending: "" };
}

function addParagraph(ink: HTMLElement): Text {
  const paragraph = document.createElement("p");
  const node = new Text();
  paragraph.append(node);
  ink.append(paragraph);
  return node;
}

function write(box: Box): void {
  if (box.pending === "") return;
  if (box.node.length > PARAGRAPH_UNITS) box.node = addParagraph(box.ink);
  box.node.appendData(box.pending);
  box.pending = "";
  countUpdate(box.id);
}
