/** Tables with aligned columns; too wide a table becomes a list of its rows. */
import type { Tokens } from "marked";
import { inline } from "./inline.js";
import type { MarkdownStyle } from "./markdown.js";
import { stringWidth } from "./text-width.js";
import { wrap } from "./wrap.js";

const GAP = "  ";

export function tableLines(table: Tokens.Table, { chalk, width }: MarkdownStyle): string[] {
  const header = table.header.map((cell) => inline(cell.tokens, chalk));
  const rows = table.rows.map((row) => row.map((cell) => inline(cell.tokens, chalk)));
  const widths = header.map((title, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const total = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1);
  if (total > width) return rowLists(header, rows, { chalk, width });
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, table.align[column]))
      .join(GAP)
      .trimEnd();
  return [
    chalk.bold(line(header)),
    chalk.dim(widths.map((one) => "─".repeat(one)).join(GAP)),
    ...rows.map((row) => line(row)),
  ];
}

function pad(cell: string, width: number, align: "center" | "left" | "right" | null | undefined): string {
  const room = Math.max(0, width - stringWidth(cell));
  if (align === "right") return " ".repeat(room) + cell;
  if (align === "center") return " ".repeat(room >> 1) + cell + " ".repeat(room - (room >> 1));
  return cell + " ".repeat(room);
}

function rowLists(header: readonly string[], rows: readonly string[][], { chalk, width }: MarkdownStyle): string[] {
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [""] : []),
    ...row.flatMap((cell, column) => {
      const title = chalk.bold(header[column] ?? "");
      return wrap(`${title} ${cell}`, width);
    }),
  ]);
}
