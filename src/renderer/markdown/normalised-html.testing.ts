/** HTML of `root` without what Flockdeck adds around and inside Markdown's own elements. */
export function normalisedHtml(root: Element): string {
  const copy = root.cloneNode(true) as Element;
  for (const element of copy.querySelectorAll(".md-copy")) element.remove();
  for (const element of copy.querySelectorAll(".md, .md-group, .md-code, .md-table, .md-code-part, [class^='hljs']")) {
    element.replaceWith(...element.childNodes);
  }
  for (const element of copy.querySelectorAll("[class]")) {
    const classes = [...element.classList].filter((name) => !name.startsWith("md-"));
    if (classes.length > 0) element.setAttribute("class", classes.join(" "));
    else element.removeAttribute("class");
  }
  return serialise(copy)
    .trim()
    .replaceAll(/(?:md-[^"\s]*?-|user-content-|)(?=fn-|fnref-|footnote-label)/g, "");
}

const blocks = /^(p|h\d|ul|ol|li|blockquote|pre|table|thead|tbody|tr|td|th|hr|section)$/;

/** White space next to block elements does not show, and is left out. */
function serialise(parent: Element): string {
  const nodes = mergeText([...parent.childNodes]);
  return nodes
    .map((node, index) => {
      if (typeof node !== "string") return element(node);
      if (parent.closest("pre")) return node;
      let text = node;
      if (isEdge(nodes[index - 1], parent)) text = text.trimStart();
      if (isEdge(nodes[index + 1], parent)) text = text.trimEnd();
      return text;
    })
    .join("");
}

function element(node: Element): string {
  const name = node.tagName.toLowerCase();
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).sort();
  return `<${name}${attributes.join("")}>${serialise(node)}</${name}>`;
}

function isEdge(neighbour: Element | string | undefined, parent: Element): boolean {
  if (neighbour === undefined) return blocks.test(parent.tagName.toLowerCase()) || parent.tagName === "DIV";
  return typeof neighbour !== "string" && blocks.test(neighbour.tagName.toLowerCase());
}

function mergeText(nodes: readonly Node[]): (Element | string)[] {
  const merged: (Element | string)[] = [];
  for (const node of nodes) {
    if (node.nodeType === 3) {
      const previous = merged.at(-1);
      if (typeof previous === "string") merged[merged.length - 1] = previous + node.nodeValue;
      else merged.push(node.nodeValue ?? "");
    } else if (node.nodeType === 1) merged.push(node as Element);
  }
  return merged;
}
