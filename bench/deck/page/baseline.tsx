/** What people build: one component a stream, whose state is the whole text, rendered by a Markdown library. */
import { type ReactElement, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Streamdown } from "streamdown";
import { countUpdate } from "./meter.js";
import type { StartOptions } from "./start.js";

const plugins = [remarkGfm];
const VIEWS: Record<string, (text: string) => ReactElement> = {
  "react-markdown": (text) => <Markdown remarkPlugins={plugins}>{text}</Markdown>,
  streamdown: (text) => <Streamdown>{text}</Streamdown>,
};

type View = (typeof VIEWS)[string];

/** The texts of the streams, as they come. */
class Source {
  readonly started: string[] = [];
  readonly #listeners = new Map<string, (chunk: string) => void>();
  readonly #early = new Map<string, string>();

  start(id: string): void {
    this.started.push(id);
  }

  text(id: string, chunk: string): void {
    const listener = this.#listeners.get(id);
    if (listener !== undefined) listener(chunk);
    else this.#early.set(id, (this.#early.get(id) ?? "") + chunk);
  }

  listen(id: string, listener: (chunk: string) => void): () => void {
    this.#listeners.set(id, listener);
    listener(this.#early.get(id) ?? "");
    return () => this.#listeners.delete(id);
  }
}

export async function startBaseline({ element, flock, variant }: StartOptions): Promise<void> {
  const view = VIEWS[variant];
  if (view === undefined) throw new Error(`No variant ${variant}`);
  const source = new Source();
  const carrier = await flock.open();
  await new Promise<void>((resolve) => {
    carrier.onMessage((messages) => {
      for (const message of messages) {
        if (message.type === "stream_started") source.start(message.stream_id);
        else if (message.type === "sync_complete") resolve();
        else if (message.type === "stream_chunk") source.text(message.stream_id, message.chunk);
      }
    });
    carrier.send({ type: "attach" });
  });
  carrier.send({ type: "publish", request_id: "1", artifact_type: "Topic", payload: { title: "Flight" } });
  await new Promise((resolve) => setTimeout(resolve, 100));
  createRoot(element).render(
    <div className="baseline-deck">
      {source.started.map((id) => (
        <Tile key={id} id={id} source={source} view={view} />
      ))}
    </div>,
  );
}

function Tile({ id, source, view }: { id: string; source: Source; view: View }): ReactElement {
  const [text, setText] = useState("");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => source.listen(id, (chunk) => setText((before) => before + chunk)), [id, source]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what moves the end
  useLayoutEffect(() => {
    countUpdate(id);
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <article className="baseline-tile">
      <h2>{id}</h2>
      <div ref={box} className="baseline-text">
        {view(text)}
      </div>
    </article>
  );
}
