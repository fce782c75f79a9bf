import { Component, type ReactNode, type RefObject } from "react";
import { selectionIn } from "./selection.js";

interface Props {
  readonly root: RefObject<HTMLElement | null>;
  /** Called when the selection is known and before anything under it changes. */
  readonly onBeforeUpdate: () => void;
  readonly children: ReactNode;
}

interface Place {
  readonly node: Node;
  readonly offset: number;
  /** The group around `node`, which outlives it, and characters of text before the place in it. */
  readonly group: Element | null;
  readonly before: number;
}

interface Kept {
  readonly anchor: Place;
  readonly focus: Place;
}

/**
 * Keeps what a reader has selected while the text under it grows, or is replaced by its finished form: setting the
 * data of a text node, as React does, moves every selection in it to its start.
 */
export class SelectionKeeper extends Component<Props> {
  override getSnapshotBeforeUpdate(): Kept | null {
    const kept = this.#read();
    this.props.onBeforeUpdate();
    return kept;
  }

  #read(): Kept | null {
    const root = this.props.root.current;
    const selection = root && selectionIn(root);
    if (!selection?.anchorNode || !selection.focusNode) return null;
    return {
      anchor: placeOf(selection.anchorNode, selection.anchorOffset),
      focus: placeOf(selection.focusNode, selection.focusOffset),
    };
  }

  override componentDidUpdate(_props: Props, _state: unknown, kept: Kept | null): void {
    const selection = kept && this.props.root.current?.ownerDocument.getSelection();
    if (
      !selection ||
      (isAt(kept.anchor, selection.anchorNode, selection.anchorOffset) &&
        isAt(kept.focus, selection.focusNode, selection.focusOffset))
    ) {
      return;
    }
    const anchor = find(kept.anchor);
    const focus = find(kept.focus);
    if (anchor && focus) selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  }

  override render(): ReactNode {
    return this.props.children;
  }
}

function placeOf(node: Node, offset: number): Place {
  const element = node instanceof Element ? node : node.parentElement;
  const group = element?.closest(".md-group") ?? null;
  if (!group) return { node, offset, group, before: 0 };
  const range = node.ownerDocument?.createRange();
  range?.setStart(group, 0);
  range?.setEnd(node, offset);
  return { node, offset, group, before: range?.toString().length ?? 0 };
}

function isAt(place: Place, node: Node | null, offset: number): boolean {
  return place.node === node && place.offset === offset;
}

function find({ node, offset, group, before }: Place): { node: Node; offset: number } | undefined {
  const length = node instanceof Text ? node.length : node.childNodes.length;
  if (node.isConnected && offset <= length) return { node, offset };
  if (!group?.isConnected) return undefined;
  const walker = group.ownerDocument.createTreeWalker(group, NodeFilter.SHOW_TEXT);
  let left = before;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const size = text.nodeValue?.length ?? 0;
    if (left <= size) return { node: text, offset: left };
    left -= size;
  }
  return undefined;
}
