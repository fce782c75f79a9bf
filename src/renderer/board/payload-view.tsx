import { type ReactNode, useMemo } from "react";
import { LiveDocument } from "../markdown/live-document.js";
import { LiveMarkdown } from "../markdown/live-markdown.js";
import { payloadText } from "../state/titles.js";

/** A payload as people read it: text as Markdown, all else as JSON. */
export function PayloadView({ payload, raw }: { payload: unknown; raw: boolean }): ReactNode {
  const text = payloadText(payload);
  return (
    <div className="payload" data-testid="artifact-payload">
      {text !== undefined && !raw ? <Markdown text={text} /> : <pre className="payload-json">{pretty(payload)}</pre>}
    </div>
  );
}

export function pretty(payload: unknown): string {
  return JSON.stringify(payload, null, 2) ?? "undefined";
}

export function Markdown({ text }: { text: string }): ReactNode {
  const document = useMemo(() => {
    const made = new LiveDocument(text);
    made.finish();
    return made;
  }, [text]);
  return <LiveMarkdown document={document} revision={document.revision} opensAt="start" />;
}
