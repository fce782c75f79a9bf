import { memo, type ReactNode, useMemo } from "react";
import { splitCode } from "./code-lines.js";
import { keyAt } from "./keyed-children.js";

interface CodeBlockProps {
  readonly code: string;
  readonly language?: string | undefined;
  /** False while more code may follow. */
  readonly closed: boolean;
  readonly caret: boolean;
}

/** A block of code, cut into parts so that growing it costs its last part only. */
export function CodeBlock({ code, language, closed, caret }: CodeBlockProps): ReactNode {
  const parts = useMemo(() => splitCode(code), [code]);
  return (
    <div className="md-code">
      <pre>
        <code className={language ? `language-${language}` : undefined}>
          {parts.map((part, index) => (
            <CodePart key={keyAt("part", index)} text={part} caret={caret && index === parts.length - 1} />
          ))}
        </code>
      </pre>
      {closed && <CopyButton code={code} />}
    </div>
  );
}

const CodePart = memo(function CodePart({ text, caret }: { text: string; caret: boolean }): ReactNode {
  return <span className={caret ? "md-code-part md-caret" : "md-code-part"}>{text}</span>;
});

function CopyButton({ code }: { code: string }): ReactNode {
  return (
    <button type="button" className="md-copy" onClick={() => void navigator.clipboard.writeText(code)}>
      Copy code
    </button>
  );
}
