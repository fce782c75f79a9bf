/** Prints one bench's table and its checks. */
import os from "node:os";

export function machine() {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? "unknown",
    cores: cpus.length,
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
  };
}

export function printTable(rows) {
  if (rows.length === 0) return;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index].length)));
  for (const [index, line] of cells.entries()) {
    console.log(`  ${line.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`);
    if (index === 0) console.log(`  ${widths.map((width) => "─".repeat(width)).join("  ")}`);
  }
}

/** A check: `value` against `bound`, `at most` unless `atLeast`. */
export function check(name, value, bound, { atLeast = false } = {}) {
  return { name, value, bound, atLeast, ok: Number.isFinite(value) && (atLeast ? value >= bound : value <= bound) };
}

export function printChecks(checks) {
  for (const { name, value, bound, atLeast, ok } of checks) {
    const shown = Number.isFinite(value) ? Math.round(value * 1000) / 1000 : value;
    console.log(`  ${ok ? "✓" : "✕"} ${name}: ${shown} (${atLeast ? "at least" : "at most"} ${bound})`);
  }
}
