import { IncremarkContent } from "@incremark/react";
import "@incremark/theme/styles.css";
import type { ReactElement } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Streamdown } from "streamdown";
import { LiveDocument } from "../../../src/renderer/markdown/live-document.js";
import { LiveMarkdown } from "../../../src/renderer/markdown/live-markdown.js";
import { TailGrowth } from "../../../src/renderer/markdown/tail-growth.js";

/** Makes a function that takes the text to add and returns what to render. */
type Variant = () => (added: string) => ReactElement;

const whole =
  (view: (text: string) => ReactElement): Variant =>
  () => {
    let text = "";
    return (added) => {
      text += added;
      return view(text);
    };
  };

const plugins = [remarkGfm];

export const variants: Record<string, Variant> = {
  // As a tile does it: plain words need no render, and then the element is the one before.
  flockdeck: () => {
    const document = new LiveDocument();
    const growth = new TailGrowth();
    let shown: ReactElement | undefined;
    return (added) => {
      document.append(added);
      if (shown === undefined || !growth.grow(document)) {
        shown = <LiveMarkdown document={document} revision={document.revision} growth={growth} />;
      }
      return shown;
    };
  },
  "react-markdown": whole((text) => <Markdown remarkPlugins={plugins}>{text}</Markdown>),
  streamdown: whole((text) => <Streamdown>{text}</Streamdown>),
  incremark: whole((text) => <IncremarkContent content={text} isFinished={false} />),
  pre: whole((text) => <pre style={{ whiteSpace: "pre-wrap" }}>{text}</pre>),
};
