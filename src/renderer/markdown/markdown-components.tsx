import type { Element, ElementContent } from "hast";
import { type ComponentProps, createContext, type ReactNode, useContext } from "react";
import type { Components, ExtraProps } from "react-markdown";
import { CodeBlock } from "./code-block.js";
import { safeHref } from "./safe-href.js";

/** Called with the address when a link is followed; returning false leaves it to the browser. */
export type LinkHandler = (href: string) => boolean;

export const LinkContext = createContext<LinkHandler | undefined>(undefined);

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & ExtraProps;

export function Link({ href, title, children, node: _node, ...rest }: Props<"a">): ReactNode {
  const onLink = useContext(LinkContext);
  if (href?.startsWith("#")) {
    return (
      <a
        {...rest}
        href={href}
        title={title}
        onClick={(event) => {
          // The address of the page is not the document's to change.
          event.preventDefault();
          event.currentTarget.ownerDocument
            .getElementById(decoded(href.slice(1)))
            ?.scrollIntoView({ block: "nearest" });
        }}
      >
        {children}
      </a>
    );
  }
  const safe = safeHref(href);
  if (safe === undefined) {
    return (
      <span className="md-refused-link" data-href={href} title={title ?? href}>
        {children}
      </span>
    );
  }
  return (
    <a
      href={safe}
      title={title}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (onLink?.(safe)) event.preventDefault();
      }}
    >
      {children}
    </a>
  );
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** An image is never fetched: its text stands for it, and leads to it where that is safe. */
export function Image({ src, alt, title }: Props<"img">): ReactNode {
  const source = typeof src === "string" ? src : undefined;
  return (
    <span className="md-image">
      <Link href={source} title={title}>
        {alt || source || "image"}
      </Link>
    </span>
  );
}

export function Table({ children }: { children?: ReactNode }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="md-table" tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

/** Code that is still being written. */
interface OpenCode {
  readonly open?: { readonly code: string; readonly language: string | undefined; readonly caret: boolean };
}

export function Pre({ node, open }: Props<"pre"> & OpenCode): ReactNode {
  if (open) return <CodeBlock {...open} closed={false} />;
  const code = node?.children[0];
  if (code?.type !== "element") return null;
  return <CodeBlock code={textOf(code)} language={languageOf(code)} caret={false} closed />;
}

function textOf(node: ElementContent): string {
  if (node.type === "text") return node.value;
  return node.type === "element" ? node.children.map(textOf).join("") : "";
}

function languageOf(code: Element): string | undefined {
  const classes = code.properties.className;
  const name = Array.isArray(classes) ? String(classes[0] ?? "") : "";
  return name.startsWith("language-") ? name.slice("language-".length) : undefined;
}

/** What stands for the elements that react-markdown makes. The open end of a document uses the same. */
/** The box of a task: its only name is whether it is done. */
export function TaskBox({ checked = false }: { checked?: boolean | undefined }): ReactNode {
  return <input type="checkbox" checked={checked} disabled aria-label={checked ? "done" : "to do"} />;
}

export const components: Components = {
  a: Link,
  img: Image,
  input: ({ checked }) => <TaskBox checked={checked} />,
  pre: Pre,
  table: Table,
};
