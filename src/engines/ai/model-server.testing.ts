import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request to the server, answered by hand. */
export interface Exchange {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The request's body, parsed. */
  readonly body: Record<string, unknown>;
  /** Resolves when the client has closed its side of the connection. */
  readonly closed: Promise<void>;
  /** Ends the answer with JSON. */
  json(status: number, body: unknown, headers?: Record<string, string>): void;
  /** Begins a stream of events. */
  begin(): void;
  /** Writes as it is, and resolves when it is on its way. */
  raw(text: string): Promise<void>;
  /** One event with JSON data. */
  event(data: unknown, name?: string): Promise<void>;
  end(): void;
  /** Breaks the connection without ending the answer. */
  drop(): void;
}

export type Answer = (exchange: Exchange) => void | Promise<void>;

export interface ModelServer {
  readonly url: string;
  /** Requests so far. */
  readonly exchanges: readonly Exchange[];
  /** Answers to the next requests, in order; the last one answers all others too. */
  answer(...answers: Answer[]): void;
  /** Resolves with the request of this number, from 0. */
  request(number: number): Promise<Exchange>;
  close(): Promise<void>;
}

/** A model provider whose every answer, and every fault, is scripted by the test. */
export async function startModelServer(): Promise<ModelServer> {
  const exchanges: Exchange[] = [];
  let answers: Answer[] = [];
  let waiting: { number: number; resolve: (exchange: Exchange) => void }[] = [];
  const server = createServer(async (request, response) => {
    const exchange = await makeExchange(request, response);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    exchanges.push(exchange);
    for (const waiter of waiting.filter(({ number }) => number < exchanges.length)) waiter.resolve(exchange);
    waiting = waiting.filter(({ number }) => number >= exchanges.length);
    await answer?.(exchange);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    answer: (...next) => {
      answers = next;
    },
    request: (number) => {
      const known = exchanges[number];
      return known === undefined ? new Promise((resolve) => waiting.push({ number, resolve })) : Promise.resolve(known);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function makeExchange(request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = (text: string) => new Promise<void>((resolve) => response.write(text, () => resolve()));
  return {
    path: request.url ?? "",
    headers: request.headers,
    body: JSON.parse(Buffer.concat(chunks).toString() || "{}"),
    closed: new Promise((resolve) => response.once("close", () => resolve())),
    json: (status, body, headers) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    },
    begin: () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
    },
    raw,
    event: (data, name) => raw(`${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`),
    end: () => response.end(),
    drop: () => response.destroy(),
  };
}

/** One chunk of OpenAI's chat completions format. */
export function chatChunk(delta: Record<string, unknown>, finish: string | null = null): Record<string, unknown> {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "test-model",
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** A whole answer in OpenAI's chat completions format, one chunk for each part. */
export function chatAnswer(parts: readonly string[], finish = "stop"): Answer {
  return async (exchange) => {
    exchange.begin();
    for (const part of parts) await exchange.event(chatChunk({ content: part }));
    await exchange.event(chatChunk({}, finish));
    await exchange.event({
      ...chatChunk({}),
      choices: [],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    });
    await exchange.raw("data: [DONE]\n\n");
    exchange.end();
  };
}
