import { render } from "@testing-library/react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";
import { components } from "./markdown-components.js";
import { normalisedHtml } from "./normalised-html.testing.js";

/** Normalised HTML of react-markdown over the whole text. */
export function whole(markdown: string): string {
  const { container, unmount } = render(
    <Markdown remarkPlugins={[remarkGfm]} components={components}>
      {markdown}
    </Markdown>,
  );
  const html = normalisedHtml(container);
  unmount();
  return html;
}

/** Normalised HTML of the finished document, fed in chunks of pseudo-random length, rendered after each. */
export function streamed(markdown: string, seed: number): string {
  const document = new LiveDocument();
  const view = () => <LiveMarkdown document={document} revision={document.revision} />;
  const { container, rerender, unmount } = render(view());
  let random = seed;
  for (let from = 0; from < markdown.length; ) {
    random = (random * 1103515245 + 12345) % 2147483648;
    const size = 1 + (random % 12);
    document.append(markdown.slice(from, from + size));
    from += size;
    rerender(view());
  }
  document.finish();
  rerender(view());
  const html = normalisedHtml(container);
  unmount();
  return html;
}
