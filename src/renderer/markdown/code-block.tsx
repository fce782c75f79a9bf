import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { splitCode } from "./code-lines.js";
import { CopyButton } from "./copy-button.js";
import { canHighlight, highlightWhenIdle, type Segment } from "./highlight.js";
import { keyAt } from "./keyed-children.js";
import { changeSoon } from "./measures.js";
import { whenNearViewport } from "./near-viewport.js";
import { whenUnselected } from "./selection.js";

interface CodeBlockProps {
  readonly code: string;
  readonly language: string | undefined;
  /** False while more code may follow. */
  readonly closed: boolean;
  readonly caret: boolean;
}

/** A block of code, cut into parts so that growing it costs its last part only, and coloured some time after it closed. */
export function CodeBlock({ code, language, closed, caret }: CodeBlockProps): ReactNode {
  const parts = useMemo(() => splitCode(code), [code]);
  const box = useRef<HTMLDivElement>(null);
  const colours = useHighlight(box, code, closed ? language : undefined);
  return (
    <div className="md-code" ref={box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code className={language ? `language-${language}` : undefined}>
          {parts.map((part, index) => (
            <CodePart
              key={keyAt("part", index)}
              text={part}
              colours={colours?.[index]}
              caret={caret && index === parts.length - 1}
            />
          ))}
        </code>
      </pre>
      {closed && <CopyButton text={code.replace(/\n$/, "")} />}
    </div>
  );
}

interface CodePartProps {
  readonly text: string;
  readonly colours: readonly Segment[] | undefined;
  readonly caret: boolean;
}

const CodePart = memo(function CodePart({ text, colours, caret }: CodePartProps): ReactNode {
  return (
    <span className={caret ? "md-code-part md-caret" : "md-code-part"}>
      {colours
        ? colours.map(({ text: word, className }, index) =>
            className ? (
              <span key={keyAt("segment", index)} className={className}>
                {word}
              </span>
            ) : (
              word
            ),
          )
        : text}
    </span>
  );
});

type Colours = readonly (readonly Segment[])[];

/** Colours of `code` once the block has been near the screen and the page idle. */
function useHighlight(
  box: React.RefObject<HTMLElement | null>,
  code: string,
  language: string | undefined,
): Colours | undefined {
  const [result, setResult] = useState<{ readonly code: string; readonly colours: Colours }>();
  useEffect(() => {
    const element = box.current;
    if (!element || !canHighlight(code, language)) return undefined;
    let cancelStep: () => void = () => undefined;
    let cancelChange: () => void = () => undefined;
    const cancelWait = whenNearViewport(element, () => {
      cancelStep = highlightWhenIdle(code, language, (colours) => {
        cancelStep = whenUnselected(element, () => {
          cancelChange = changeSoon(() => setResult({ code, colours }));
        });
      });
    });
    return () => {
      cancelWait();
      cancelStep();
      cancelChange();
    };
  }, [box, code, language]);
  return result?.code === code ? result.colours : undefined;
}
