import { z } from "zod";
import { serverMessageSchema } from "../../protocol/index.js";
import { PROBLEM_TYPE } from "../problem.js";
import * as schemas from "./schemas.js";

interface Call {
  readonly path: string;
  readonly method: "get" | "post";
  readonly operationId: string;
  readonly summary: string;
  readonly role: "none" | "watch" | "control";
  readonly status: number;
  readonly answer: z.ZodType;
  /** Anything but JSON. */
  readonly contentType?: string;
  readonly body?: z.ZodType;
  readonly filters?: readonly (keyof typeof FILTERS)[];
  readonly faults: readonly number[];
}

const FILTERS = {
  type: "Artifact type",
  correlation_id: "Workflow",
  produced_by: "Name of the agent, or `external`",
  tag: "One of the artifact's tags",
  from: "Not before: milliseconds since 1970 or an ISO 8601 date",
  to: "Not after: milliseconds since 1970 or an ISO 8601 date",
} as const;

const ALL_FILTERS = ["type", "correlation_id", "produced_by", "tag", "from", "to"] as const;
const text = z.string();

const CALLS: readonly Call[] = [
  call("/healthz", "getHealth", "Whether the server is up", "none", schemas.healthSchema),
  {
    ...call("/session", "openSession", "Exchange a token for the session cookie", "none", schemas.sessionAnswerSchema),
    method: "post",
    body: schemas.sessionBodySchema,
    faults: [400, 401, 413, 415, 429],
  },
  list("/api/v1/agents", "listAgents", "Agents of the flock", schemas.agentPageSchema, ["type"]),
  list("/api/v1/artifacts", "listArtifacts", "Artifacts, oldest first", schemas.artifactPageSchema, ALL_FILTERS),
  one("/api/v1/artifacts/{id}", "getArtifact", "One artifact", schemas.artifactSchema),
  {
    ...call("/api/v1/artifacts", "publishArtifact", "Publish an artifact", "control", schemas.publishAnswerSchema),
    method: "post",
    status: 202,
    body: schemas.publishBodySchema,
    faults: [400, 401, 403, 413, 415, 422, 429],
  },
  list("/api/v1/streams", "listStreams", "Streams, oldest first, without their text", schemas.streamPageSchema, [
    "type",
    "correlation_id",
    "produced_by",
    "from",
    "to",
  ]),
  one("/api/v1/streams/{id}", "getStream", "One stream with its retained text", schemas.streamDetailSchema),
  list("/api/v1/workflows", "listWorkflows", "Workflows, oldest first", schemas.workflowPageSchema, ALL_FILTERS),
  one(
    "/api/v1/workflows/{correlation_id}",
    "getWorkflow",
    "One workflow with its runs, artifacts and streams",
    schemas.workflowDetailSchema,
  ),
  {
    ...call("/api/v1/cancel", "cancel", "Stop a stream, a run or a workflow", "control", schemas.cancelAnswerSchema),
    method: "post",
    status: 202,
    body: schemas.cancelBodySchema,
    faults: [400, 401, 403, 404, 409, 413, 415, 429],
  },
  {
    ...call("/api/v1/events", "watchEvents", "The protocol's messages as Server-Sent Events", "watch", text),
    contentType: "text/event-stream",
    faults: [401, 429, 503],
  },
  { ...call("/metrics", "getMetrics", "Figures in Prometheus' text format", "watch", text), contentType: "text/plain" },
  call("/api/v1/openapi.json", "getOpenApi", "This description", "watch", schemas.cancelAnswerSchema),
];

function call(path: string, operationId: string, summary: string, role: Call["role"], answer: z.ZodType): Call {
  return {
    path,
    method: "get",
    operationId,
    summary,
    role,
    status: 200,
    answer,
    faults: role === "none" ? [] : [401, 429],
  };
}

function list(
  path: string,
  operationId: string,
  summary: string,
  answer: z.ZodType,
  filters: readonly (keyof typeof FILTERS)[],
): Call {
  return { ...call(path, operationId, summary, "watch", answer), filters, faults: [400, 401, 429] };
}

function one(path: string, operationId: string, summary: string, answer: z.ZodType): Call {
  return { ...call(path, operationId, summary, "watch", answer), faults: [401, 404, 429] };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    unrepresentable: "any",
  });
  return rest;
}

function parametersOf({ path, filters }: Call): object[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  if (path === "/api/v1/events") {
    return [
      { name: "Last-Event-ID", in: "header", description: "Resume after this event", schema: { type: "string" } },
    ];
  }
  if (!filters) return inPath;
  const limit = { type: "integer", minimum: 1, maximum: schemas.LARGEST_LIMIT, default: schemas.DEFAULT_LIMIT };
  return [
    ...filters.map((name) => ({ name, in: "query", description: FILTERS[name], schema: { type: "string" } })),
    { name: "limit", in: "query", schema: limit },
    { name: "cursor", in: "query", description: "`next_cursor` of the former page", schema: { type: "string" } },
  ];
}

function operationOf(described: Call): object {
  const { operationId, summary, role, status, answer, contentType, body, faults } = described;
  const parameters = parametersOf(described);
  const fault = { content: { [PROBLEM_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } } };
  return {
    operationId,
    summary,
    description: role === "none" ? "Needs no token." : `Needs the role ${role}.`,
    security: role === "none" ? [] : [{ bearer: [] }, { session: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchema(body, "input") } } },
    }),
    responses: {
      [status]: {
        description: summary,
        content: { [contentType ?? "application/json"]: { schema: jsonSchema(answer, "output") } },
      },
      ...Object.fromEntries(faults.map((code) => [code, { description: "A problem, named by its code", ...fault }])),
    },
  };
}

/** OpenAPI 3.1 of every HTTP call, from the schemas that validate them. */
export function openApiDocument(version: string, cookieName: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const described of CALLS) {
    paths[described.path] = { ...paths[described.path], [described.method]: operationOf(described) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Flockdeck", version, license: { name: "MIT", identifier: "MIT" } },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    paths,
    components: {
      schemas: {
        Problem: jsonSchema(schemas.problemSchema, "output"),
        ServerMessage: jsonSchema(serverMessageSchema, "output"),
      },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: cookieName },
      },
    },
  };
}
