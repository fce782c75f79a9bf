import { InvalidCursorError, type ListQuery, type Page } from "./backend.js";

/**
 * One page of items in the order in which they came. The cursor names the last item of the former page, so that a page
 * is the same whatever was added since. Throws `InvalidCursorError`.
 */
export function pageOf<Item>(
  items: Iterable<Item>,
  idOf: (item: Item) => string,
  matches: (item: Item) => boolean,
  query: Pick<ListQuery, "limit" | "cursor">,
): Page<Item> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const page: Item[] = [];
  let isPast = after === undefined;
  for (const item of items) {
    if (!isPast) {
      isPast = idOf(item) === after;
      continue;
    }
    if (!matches(item)) continue;
    if (page.length === query.limit) {
      const last = page[page.length - 1];
      return { items: page, next_cursor: last === undefined ? null : encodeCursor(idOf(last)) };
    }
    page.push(item);
  }
  if (!isPast) throw unknownCursor();
  return { items: page, next_cursor: null };
}

/** Of the last item of a page. */
export function encodeCursor(id: string): string {
  return Buffer.from(`1:${id}`).toString("base64url");
}

/** The id of the last item of the former page. Throws `InvalidCursorError`. */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (!text.startsWith("1:") || encodeCursor(text.slice(2)) !== cursor) {
    throw new InvalidCursorError("The cursor is malformed.");
  }
  return text.slice(2);
}

export function unknownCursor(): InvalidCursorError {
  return new InvalidCursorError("The cursor is not known here.");
}

/** Whether a time lies in the query's range; both ends count. */
export function isInRange(time: number, query: Pick<ListQuery, "from" | "to">): boolean {
  return (query.from === undefined || time >= query.from) && (query.to === undefined || time <= query.to);
}
