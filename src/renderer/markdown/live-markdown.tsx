import {
  memo,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from "react";
import { type Block, GROUP_LENGTH } from "./blocks.js";
import { Footnotes, IdPrefixContext } from "./footnotes.js";
import { GroupView } from "./group-view.js";
import type { LiveDocument } from "./live-document.js";
import { LinkContext, type LinkHandler } from "./markdown-components.js";
import { SelectionKeeper } from "./selection-keeper.js";
import { TailGrowth } from "./tail-growth.js";
import { useHiddenGroups } from "./use-hidden-groups.js";
import "./markdown.css";

interface LiveMarkdownProps {
  readonly document: LiveDocument;
  /** `document.revision`: what tells that the document changed. */
  readonly revision: number;
  /** Called when a link is followed; returning true keeps the browser from opening it. */
  readonly onLink?: LinkHandler | undefined;
  /** Where the reader begins; what is far from there is rendered when it comes near the screen. */
  readonly opensAt?: "start" | "end" | undefined;
  /** Renders everything, also what is far from the screen: for finding text in it. */
  readonly complete?: boolean;
  /** The box that shows the end of the document and nothing else, while it does: what lies above is not rendered. */
  readonly end?: RefObject<HTMLElement | null> | undefined;
  /** Lets the owner show new text without a render of its own: `growth.show(document)`. */
  readonly growth?: TailGrowth | undefined;
}

/** A Markdown document as it is written. Must be rendered again whenever the document's revision has grown, unless `growth` has shown that. */
export const LiveMarkdown = memo(function LiveMarkdown(props: LiveMarkdownProps): ReactNode {
  const { document, onLink, complete = false, end, opensAt = "end", growth } = props;
  const [own] = useState(() => new TailGrowth());
  const idPrefix = `md-${useId()}-`;
  return (
    <LinkContext value={onLink}>
      <IdPrefixContext value={idPrefix}>
        <Groups
          key={document.generation}
          document={document}
          complete={complete}
          end={end}
          opensAt={opensAt}
          growth={growth ?? own}
        />
      </IdPrefixContext>
    </LinkContext>
  );
});

interface GroupsProps {
  readonly document: LiveDocument;
  readonly complete: boolean;
  readonly end: RefObject<HTMLElement | null> | undefined;
  readonly opensAt: "start" | "end";
  readonly growth: TailGrowth;
}

function Groups({ document, complete, end, opensAt, growth }: GroupsProps): ReactNode {
  const { groups, tail, definitions, footnotes, length } = document;
  const [, render] = useReducer((renders: number) => renders + 1, 0);
  const root = useRef<HTMLDivElement>(null);
  const { hidden, show } = useHiddenGroups({ groups, root, end, opensAt, complete });
  // A reader at the end comes to no other first; each that is watched costs every frame.
  const lowest = Math.max(...hidden.keys());
  const last = groups.at(-1);
  const tailOpensGroup = tail !== undefined && tail.kind !== "inside" && (!last || last.blocks.length >= GROUP_LENGTH);
  const shown = tailOpensGroup ? [...groups, { id: groups.length, blocks: none }] : groups;
  useLayoutEffect(() => {
    if (root.current) growth.rendered(root.current, document, tail, length);
  });
  useLayoutEffect(() => growth.rendersBy(render), [growth]);
  useEffect(() => () => growth.stop(), [growth]);
  return (
    <SelectionKeeper root={root} onBeforeUpdate={() => growth.restore()}>
      <div className={end && !complete ? "md md-at-end" : "md"} ref={root}>
        {shown.map((group, index) => (
          <GroupView
            key={group.id}
            group={group}
            tail={index === shown.length - 1 ? tail : undefined}
            definitions={definitions}
            hiddenHeight={hidden.get(group.id)}
            onNear={!end || group.id === lowest ? show : undefined}
          />
        ))}
        {footnotes && <Footnotes section={footnotes} />}
      </div>
    </SelectionKeeper>
  );
}

const none: readonly Block[] = [];
