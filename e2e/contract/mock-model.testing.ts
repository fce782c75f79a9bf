/** A local endpoint that speaks OpenAI's chat completions, streamed, as `providers:` of a flock file names it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  /** Resolves once the caller has hung up. */
  readonly closed: Promise<void>;
}

export class Answer {
  private readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  open(): this {
    this.response.writeHead(200, { "content-type": "text/event-stream" });
    return this.delta({ role: "assistant", content: "" });
  }

  private delta(delta: object, finish: string | null = null): this {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const chunk = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "small", choices };
    this.response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    return this;
  }

  text(...pieces: string[]): this {
    for (const piece of pieces) this.delta({ content: piece });
    return this;
  }

  finish(): void {
    this.delta({}, "stop");
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "small" };
    this.response.write(`data: ${JSON.stringify({ ...base, choices: [], usage })}\n\n`);
    this.response.end("data: [DONE]\n\n");
  }

  /** The body ends as if it were whole, but without the provider's finish. */
  end(): void {
    this.response.end();
  }

  drop(): void {
    this.response.destroy();
  }

  refuse(status: number, headers: Record<string, string> = {}): void {
    this.response.writeHead(status, { "content-type": "application/json", ...headers });
    this.response.end(JSON.stringify({ error: { message: "Refused by the mock", type: "mock", code: "mock" } }));
  }
}

export interface MockModel {
  readonly url: string;
  readonly asked: Asked[];
  /** Resolves with the first question. */
  readonly first: Promise<Asked>;
}

export async function mockModel(reply: (answer: Answer, count: number) => void): Promise<MockModel> {
  const asked: Asked[] = [];
  let heard: (asked: Asked) => void = () => {};
  const first = new Promise<Asked>((resolve) => {
    heard = resolve;
  });
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const closed = new Promise<void>((resolve) => response.on("close", () => resolve()));
      const question = { path: request.url ?? "", headers: request.headers, body: JSON.parse(body || "{}"), closed };
      asked.push(question);
      heard(question);
      reply(new Answer(response), asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, asked, first };
}
