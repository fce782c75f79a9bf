import type { z } from "zod";
import { ERRORS, type ErrorInfo, faultText, isErrorCode, type Reply } from "../../protocol/index.js";
import { isShallow } from "../../runtime/service.js";
import { InvalidCursorError, type ListQuery, type ServerBackend, type ServerQueries } from "../backend.js";
import { ProblemError } from "../problem.js";
import { cancelBodySchema, listQuerySchema, publishBodySchema } from "./schemas.js";

/** What a route's answer needs of a request. */
export interface RestRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly id: string;
  /** The parsed body. Throws `ProblemError`. */
  body(): Promise<unknown>;
}

export interface RestAnswer {
  readonly status: 200 | 202;
  readonly body: unknown;
}

export interface RestRoute {
  readonly method: "get" | "post";
  readonly path: string;
  readonly role: "watch" | "control";
  answer(request: RestRequest): Promise<RestAnswer>;
}

export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ProblemError("invalid_request", faultText(parsed.error));
  return parsed.data;
}

function found<T>(thing: T | undefined, what: string): RestAnswer {
  if (thing === undefined) throw new ProblemError("not_found", `There is no such ${what}, or it is no longer kept.`);
  return { status: 200, body: thing };
}

/** A command's fault, as its reply tells it. Codes that are not of the table become `internal`. */
function refused(error: ErrorInfo | undefined): ProblemError {
  if (!error || !isErrorCode(error.code)) return new ProblemError("internal", ERRORS.internal.title);
  return new ProblemError(error.code, error.message);
}

function accepted(reply: Omit<Reply, "type" | "request_id">): RestAnswer {
  if (!reply.ok) throw refused(reply.error);
  return { status: 202, body: reply.result ?? {} };
}

const REST_REQUEST_ID = "rest";

export function restRoutes(backend: ServerBackend, queries: ServerQueries): readonly RestRoute[] {
  async function list(request: RestRequest, ask: (query: ListQuery) => Promise<unknown>): Promise<RestAnswer> {
    const query = validate(listQuerySchema, request.query);
    try {
      return { status: 200, body: await ask(query) };
    } catch (error) {
      if (error instanceof InvalidCursorError) throw new ProblemError("invalid_request", `cursor: ${error.message}`);
      throw error;
    }
  }

  return [
    {
      method: "get",
      path: "/api/v1/agents",
      role: "watch",
      answer: (request) => list(request, (query) => queries.agents(query)),
    },
    {
      method: "get",
      path: "/api/v1/artifacts",
      role: "watch",
      answer: (request) => list(request, (query) => queries.artifacts(query)),
    },
    {
      method: "get",
      path: "/api/v1/artifacts/:id",
      role: "watch",
      answer: async ({ id }) => found(await queries.artifact(id), "artifact"),
    },
    {
      method: "get",
      path: "/api/v1/streams",
      role: "watch",
      answer: (request) => list(request, (query) => queries.streams(query)),
    },
    {
      method: "get",
      path: "/api/v1/streams/:id",
      role: "watch",
      answer: async ({ id }) => found(await queries.stream(id), "stream"),
    },
    {
      method: "get",
      path: "/api/v1/workflows",
      role: "watch",
      answer: (request) => list(request, (query) => queries.workflows(query)),
    },
    {
      method: "get",
      path: "/api/v1/workflows/:id",
      role: "watch",
      answer: async ({ id }) => found(await queries.workflow(id), "workflow"),
    },
    {
      method: "post",
      path: "/api/v1/artifacts",
      role: "control",
      async answer(request) {
        const { type, ...rest } = validate(publishBodySchema, await request.body());
        if (!isShallow(rest.payload)) throw new ProblemError("invalid_request", "payload: nests too deep");
        return accepted(
          await backend.handleCommand({ type: "publish", request_id: REST_REQUEST_ID, artifact_type: type, ...rest }),
        );
      },
    },
    {
      method: "post",
      path: "/api/v1/cancel",
      role: "control",
      async answer(request) {
        const target = validate(cancelBodySchema, await request.body());
        return accepted(await backend.handleCommand({ type: "cancel", request_id: REST_REQUEST_ID, ...target }));
      },
    },
  ];
}
