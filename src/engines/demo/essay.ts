import type { EngineAgent } from "../../core/engine.js";
import { type BlockWriter, createBlockWriter, type EssaySubject } from "./essay-blocks.js";
import { type BlockKind, VOICES, type Voice } from "./essay-voices.js";
import { createRandom, type Random } from "./random.js";

export interface EssayRequest {
  readonly agent: Pick<EngineAgent, "name" | "description">;
  readonly subject: EssaySubject;
  readonly seed: number;
  /** UTF-16 units, at least 1. */
  readonly chars: number;
  /** Tells apart the texts of one fan-out. */
  readonly variant?: number;
}

/** After a block there is either nothing left or room for a whole sentence. */
const ROOM = 48;
const GAP = "\n\n";

/**
 * Markdown about the subject in the agent's voice, block by block: together exactly `chars` units, the same for the
 * same request. No block is cut: a fence that opens closes, and the last sentence ends where the text ends.
 */
export function* writeEssay(request: EssayRequest): Generator<string, void> {
  const random = createRandom(request.agent.name, request.agent.description, request.seed, request.variant ?? 0);
  const voice = voiceOf(request.agent);
  const writer = createBlockWriter(voice, request.subject, random);
  let left = request.chars;

  const title = `# ${request.subject.topic}: ${lead(request.agent.name, voice)}`;
  if (left >= title.length + GAP.length + ROOM) {
    yield title + GAP;
    left -= title.length + GAP.length;
  }
  for (const block of blocksOf(voice, writer, random)) {
    if (left < block.length + GAP.length + ROOM) break;
    yield block + GAP;
    left -= block.length + GAP.length;
  }
  yield closing(writer, left);
}

export function voiceOf(agent: EssayRequest["agent"]): Voice {
  const [essay, ...others] = VOICES;
  const called = (text: string) =>
    others.find((voice) => voice.calledBy.test(text.toLowerCase().replace(/[_-]/g, " ")));
  return called(agent.name) ?? called(agent.description) ?? essay;
}

function lead(name: string, voice: Voice): string {
  const spaced = name.replace(/[_-]+/g, " ");
  return voice.name === "essay" ? `notes of the ${spaced}` : `${voice.name}, by the ${spaced}`;
}

/** What every essay of 2000 units has, whatever the voice. */
const ESSENTIAL: readonly BlockKind[] = ["list", "table", "code", "links"];

function* blocksOf(voice: Voice, writer: BlockWriter, random: Random): Generator<string, never> {
  yield writer.block(voice.blocks[0]);
  let previous: BlockKind = voice.blocks[0];
  const due = [...ESSENTIAL];
  for (let count = 1; ; count++) {
    if (count % 4 === 1) yield writer.heading(count % 8 === 1 ? 2 : 3);
    let kind = due.splice(random.between(0, due.length - 1), 1)[0] ?? random.pick(voice.blocks);
    if (kind === previous) kind = "paragraph";
    previous = kind;
    yield writer.block(kind);
  }
}

/** A paragraph of exactly `length` units. */
function closing(writer: BlockWriter, length: number): string {
  let text = "";
  while (text.length < length) {
    const room = length - text.length - (text === "" ? 0 : 1);
    const sentence = fitting(writer, room) ?? pad(room);
    text += text === "" ? sentence : ` ${sentence}`;
  }
  return text;
}

function fitting(writer: BlockWriter, room: number): string | undefined {
  let shorter: string | undefined;
  for (let attempt = 0; attempt < 120; attempt++) {
    const sentence = writer.sentence();
    if (sentence.length === room) return sentence;
    if (sentence.length + 1 + ROOM <= room) shorter ??= sentence;
    if (shorter !== undefined && room > 160) return shorter;
  }
  return shorter;
}

/** One word of each length from 1 to 10. */
const WORD_OF_LENGTH = [
  "",
  "a",
  "so",
  "and",
  "then",
  "again",
  "slowly",
  "quietly",
  "together",
  "carefully",
  "eventually",
];
const LENGTHS = [5, 4, 7, 3, 6] as const;

/** Whole words of exactly `room` units, for the few lengths that no sentence has. */
function pad(room: number): string {
  if (room === 1) return "I";
  const words: string[] = [];
  let left = room - 1;
  for (let index = 0; left > 10; index++) {
    const length = LENGTHS[index % LENGTHS.length] ?? 5;
    words.push(WORD_OF_LENGTH[length] ?? "");
    left -= length + 1;
  }
  words.push(WORD_OF_LENGTH[left] ?? "");
  const text = `${words.join(" ")}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
