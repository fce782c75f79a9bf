import { type ReactNode, useEffect, useRef } from "react";
import { watchFit } from "./fit.js";

interface TruncatedProps {
  readonly as?: "span" | "h2";
  readonly className?: string;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

/**
 * One line that ends in an ellipsis where its words do not fit. Words that do fit are not clipped: every frame of a
 * deck pays for every clip in it.
 */
export function Truncated({ as: Tag = "span", className = "", title, children }: TruncatedProps): ReactNode {
  const box = useRef<HTMLHeadingElement>(null);
  // Anew with each render: new words may fit where the old ones did not.
  useEffect(() => (box.current === null ? undefined : watchFit(box.current)));
  return (
    <Tag ref={box} className={`truncate ${className}`} title={title}>
      {children}
    </Tag>
  );
}
