import { beforeAll, describe, expect, test } from "vitest";
import { builtCli, exampleFile, flockFile, startInTerminal } from "./drive.testing.js";
import { stringWidth } from "./terminal/text-width.js";

beforeAll(async () => {
  await builtCli();
}, 60_000);

const TEXT =
  "# A title\n\nSome **bold** words.\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nThe last line of it.";

/** `first` streams; `second` runs longer without streaming; `third` waits for both. */
const THREE = `
model: demo/echo?tps=40
types: { T: { type: object, properties: { s: { type: string } }, required: [s] }, A: text, B: text, F: text }
agents:
  - { name: first, consumes: [T], publishes: [A] }
  - { name: second, consumes: [T], publishes: [B], model: demo/echo?tps=25 }
  - { name: third, consumes: [A, B], publishes: [F], model: demo/echo?tps=200 }
publish: { T: { s: ${JSON.stringify(TEXT)} } }
`;

/** The title of the live panel, as `◐ name  Type · model`. */
const titles = (screen: readonly string[]) => screen.filter((line) => /^◐ \S+ {2}\w+ · demo/.test(line));
const liveName = (screen: readonly string[]) => titles(screen)[0]?.split(" ")[1];
const coloursIn = (raw: string) => raw.split("\u001b[").filter((part) => /^[\d;]*m/.test(part));
const count = (text: string, part: string) => text.split(part).length - 1;

describe("one live panel", () => {
  test("shows the stream, the others below, hands over with what was written meanwhile, and keeps what is finished", async () => {
    const session = await startInTerminal(["--cli", await flockFile(THREE)]);
    let mostPanels = 0;
    session.onScreen((screen) => {
      mostPanels = Math.max(mostPanels, titles(screen).length);
    });
    const start = await session.until((screen) => liveName(screen) === "first");
    expect(start.find((line) => line.includes("second"))).toMatch(/^◐ second +running +\d+s$/);
    expect(start.find((line) => line.includes("third"))).toMatch(/^◌ third +waiting for A, B$/);
    const handedOver = await session.until((screen) => liveName(screen) === "second");
    const at = handedOver.findIndex((line) => /^◐ second {2}/.test(line));
    expect(handedOver.slice(at).join("\n")).toContain("• one");
    expect(handedOver.find((line) => /^✓ first +done/.test(line))).toMatch(/\d+s +\d+ tok$/);
    expect(await session.exit).toBe(0);
    expect(mostPanels).toBe(1);
    const all = session.everything().join("\n");
    expect(all.match(/^✓ \w+ {2}/gm)).toEqual(["✓ first  ", "✓ second  ", "✓ third  "]);
    expect(count(all, "The last line of it.")).toBe(3);
    expect(all).toContain("A title\n\nSome bold words.\n\n• one\n• two\n\na  b\n─  ─\n1  2\n\nThe last line of it.");
    expect(all).not.toMatch(/^◐/m);
    expect(all).toMatch(/3 runs completed in \d+s, \d+ tok/);
  });

  test("is redrawn at most ten times a second", async () => {
    const session = await startInTerminal(["--cli", await flockFile(THREE.replaceAll(/tps=\d+/g, "tps=30"))]);
    await session.until((screen) => titles(screen).length > 0);
    const [before, start] = [count(session.raw(), "\u001b[?2026h"), Date.now()];
    await session.exit;
    const drawn = count(session.raw(), "\u001b[?2026h") - before;
    // Each finished text takes a few writes more.
    expect(drawn / ((Date.now() - start) / 100 + 15)).toBeLessThanOrEqual(1);
  });

  test("counts agents that do not fit, and never fills more than the screen", async () => {
    const session = await startInTerminal(["--cli", exampleFile("wide")], { rows: 16 });
    const screen = await session.until((lines) => lines.some((line) => /and \d+ agents: ◐ \d+ running/.test(line)));
    expect(screen.length).toBeLessThanOrEqual(16);
    expect(titles(screen)).toHaveLength(1);
    expect(session.everything().length).toBe(screen.length);
    session.type("\u0003");
    expect(await session.exit).toBe(130);
  });
});

describe("any terminal", () => {
  const wide =
    "漢字仮名 and 👩‍👩‍👧‍👦 families, Ünïcödé, 한국어 텍스트, and a_word_that_is_longer_than_the_terminal_is_wide_by_far. ";
  const wideFlock = THREE.replace(JSON.stringify(TEXT), JSON.stringify(wide.repeat(3))).replaceAll("first", "編集者");

  test("of 40 columns, with characters of two columns", async () => {
    const session = await startInTerminal(["--cli", await flockFile(wideFlock)], { columns: 40 });
    let widest = 0;
    session.onScreen((screen) => {
      widest = Math.max(widest, ...screen.map((line) => stringWidth(line)));
    });
    expect(await session.exit).toBe(0);
    expect(widest).toBeLessThanOrEqual(40);
    expect(session.wrapped()).toBe(false);
    expect(session.everything().join("\n")).toContain("編集者");
  });

  test("without colour where NO_COLOR says so", async () => {
    const plain = await startInTerminal(["--cli", await flockFile(THREE)], { env: { NO_COLOR: "1" } });
    expect(await plain.exit).toBe(0);
    expect(coloursIn(plain.raw())).toEqual([]);
    const coloured = await startInTerminal(["--cli", await flockFile(THREE)]);
    expect(await coloured.exit).toBe(0);
    expect(coloursIn(coloured.raw())).not.toEqual([]);
  });

  test("that cannot redraw gets plain text", async () => {
    const session = await startInTerminal(["--cli", await flockFile(THREE)], { env: { TERM: "dumb" } });
    expect(await session.exit).toBe(0);
    expect(session.raw()).not.toContain("\u001b");
    expect(session.raw()).toContain("== first · A");
  });

  test("that changes its size in mid-run", async () => {
    // A frame that is under way while the size changes cannot be right; so there are few.
    const calm = THREE.replaceAll(/tps=\d+/g, "tps=3&chunk=40");
    const session = await startInTerminal(["--cli", await flockFile(calm)], { columns: 80, rows: 24 });
    await session.until((screen) => screen.some((line) => line.includes("Some bold")));
    session.resize(50, 20);
    const narrow = await session.until((screen) =>
      screen.some((line) => /^─{20,} .* tok$/.test(line) && line.length === 49),
    );
    expect(titles(narrow)).toHaveLength(1);
    session.resize(100, 30);
    const broad = await session.until((screen) =>
      screen.some((line) => /^─{20,} .* tok$/.test(line) && line.length === 99),
    );
    expect(titles(broad)).toHaveLength(1);
    expect(await session.exit).toBe(0);
    expect(count(session.everything().join("\n"), "The last line of it.")).toBe(3);
  });

  test("that goes away ends the program", async () => {
    const session = await startInTerminal(["--cli", exampleFile("newsroom")]);
    await session.until((screen) => titles(screen).length > 0);
    session.hangUp();
    expect(await session.exit).toBe(130);
    expect(() => process.kill(session.pid, 0)).toThrow();
  });
});

describe("Ctrl-C", () => {
  test("once stops, prints what there is, shows the cursor again, and is exit code 130", async () => {
    const session = await startInTerminal(["--cli", exampleFile("newsroom")]);
    await session.until((screen) => titles(screen).length > 0);
    session.type("\u0003");
    expect(await session.exit).toBe(130);
    const all = session.everything().join("\n");
    expect(all.match(/^⏹ .* {2}/gm)).toHaveLength(8);
    expect(all).toMatch(/8 stopped in/);
    expect(session.raw().lastIndexOf("\u001b[?25h")).toBeGreaterThan(session.raw().lastIndexOf("\u001b[?25l"));
  });
});
