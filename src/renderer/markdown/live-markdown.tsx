import { memo, type ReactNode, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { type Block, RUN_LENGTH, type Tail } from "./blocks.js";
import { Footnotes, IdPrefixContext } from "./footnotes.js";
import { GroupView } from "./group-view.js";
import type { LiveDocument } from "./live-document.js";
import { LinkContext, type LinkHandler } from "./markdown-components.js";
import { SelectionKeeper } from "./selection-keeper.js";
import "./markdown.css";

interface LiveMarkdownProps {
  readonly document: LiveDocument;
  /** `document.revision`: what tells that the document changed. */
  readonly revision: number;
  /** Called when a link is followed; returning true keeps the browser from opening it. */
  readonly onLink?: LinkHandler | undefined;
  /** Renders everything, also what is far from the screen: for finding text in it. */
  readonly complete?: boolean;
}

/** A Markdown document as it is written. Must be rendered again whenever the document's revision has grown. */
export const LiveMarkdown = memo(function LiveMarkdown(props: LiveMarkdownProps): ReactNode {
  const { document, onLink, complete = false } = props;
  const idPrefix = `md-${useId()}-`;
  return (
    <LinkContext value={onLink}>
      <IdPrefixContext value={idPrefix}>
        <Groups key={document.generation} document={document} complete={complete} />
      </IdPrefixContext>
    </LinkContext>
  );
});

function Groups({ document, complete }: { document: LiveDocument; complete: boolean }): ReactNode {
  const { groups, tail, definitions, footnotes } = document;
  const root = useRef<HTMLDivElement>(null);
  // What was there before, but for its end, waits until it is near the screen.
  const [waiting] = useState(groups.length - 2);
  const last = groups.at(-1);
  const tailOpensGroup = tail !== undefined && tail.kind !== "inside" && (!last || last.blocks.length >= RUN_LENGTH);
  const shown = tailOpensGroup ? [...groups, { id: groups.length, blocks: none }] : groups;
  useStillness(root, tail);
  return (
    <SelectionKeeper root={root}>
      <div className="md" ref={root}>
        {shown.map((group, index) => (
          <GroupView
            key={group.id}
            group={group}
            tail={index === shown.length - 1 ? tail : undefined}
            definitions={definitions}
            waits={!complete && index < waiting}
          />
        ))}
        {footnotes && <Footnotes section={footnotes} />}
      </div>
    </SelectionKeeper>
  );
}

/** Milliseconds without new text after which the caret starts to breathe. */
const STILL_AFTER = 500;

/** Marks `root` while nothing arrives: the caret's animation costs 0.5 ms an update, and nobody sees it in moving text. */
function useStillness(root: RefObject<HTMLElement | null>, tail: Tail | undefined): void {
  useLayoutEffect(() => {
    const element = root.current;
    if (!element || !tail) return undefined;
    const timer = setTimeout(() => element.setAttribute(STILL, ""), STILL_AFTER);
    return () => {
      clearTimeout(timer);
      if (element.hasAttribute(STILL)) element.removeAttribute(STILL);
    };
  }, [root, tail]);
}

const STILL = "data-still";
const none: readonly Block[] = [];
