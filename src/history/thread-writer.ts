import { Worker } from "node:worker_threads";
import type { HistoryWriter, SessionFacts } from "./entry.js";

export type WriterRequest = { readonly id: number } & (
  | { readonly kind: "write"; readonly batch: Uint8Array }
  | { readonly kind: "tell"; readonly facts: Partial<SessionFacts> }
  | { readonly kind: "close" }
);

export interface WriterAnswer {
  readonly id: number;
  readonly fault?: string;
}

type Distributed<R> = R extends unknown ? Omit<R, "id"> : never;

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Writes on another thread, which begins with the first write. It keeps no program alive that has nothing to write. */
export class ThreadWriter implements HistoryWriter {
  readonly #script: string;
  readonly #file: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  /** Why nothing more can be written. */
  #dead: Error | undefined;
  #lastId = 0;

  /**
   * @param script the built `writer-thread`
   * @param file the recording; its folder is made where it is missing
   */
  constructor(script: string, file: string) {
    this.#script = script;
    this.#file = file;
  }

  write(batch: Uint8Array): Promise<void> {
    return this.#ask({ kind: "write", batch }, [batch.buffer as ArrayBuffer]);
  }

  tell(facts: Partial<SessionFacts>): Promise<void> {
    return this.#ask({ kind: "tell", facts });
  }

  async close(): Promise<void> {
    if (this.#worker === undefined || this.#dead !== undefined) return;
    try {
      await this.#ask({ kind: "close" });
    } finally {
      await this.#worker?.terminate();
    }
  }

  #ask(request: Distributed<WriterRequest>, transfer: ArrayBuffer[] = []): Promise<void> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    const worker = this.#start();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // What is under way must reach the disk before the program ends.
      worker.ref();
      worker.postMessage({ ...request, id }, transfer);
    });
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#script, { workerData: { file: this.#file } });
    worker.unref();
    worker.on("message", (answer: WriterAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#fail(new Error("The thread that writes the history has ended")));
    this.#worker = worker;
    return worker;
  }

  #answered({ id, fault }: WriterAnswer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (fault === undefined) pending?.resolve();
    else pending?.reject(new Error(fault));
    if (this.#pending.size === 0) this.#worker?.unref();
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
