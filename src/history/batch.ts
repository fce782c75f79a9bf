/** Entries on their way to the writer's thread. */
import { Packr } from "msgpackr/pack";
import type { Entry } from "./entry.js";

// With records, each shape of an event is told once a batch: 1.2 µs an event, where JSON takes 2.8 (bench/history).
const packr = new Packr({ useRecords: true });

/** In a buffer of its own, which may be transferred. */
export function packBatch(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(packr.pack(entries));
}

export function unpackBatch(batch: Uint8Array): readonly Entry[] {
  return packr.unpack(batch);
}
