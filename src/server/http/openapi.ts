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
  readonly isList?: boolean;
  readonly faults: readonly number[];
}

const FILTERS = {
  type: "Artifact type: an artifact's, what a stream writes, what a workflow holds, what an agent takes or gives",
  correlation_id: "Workflow; of agents: that ran in it",
  produced_by: "Name of the agent, or `external`; of workflows: that holds one of its artifacts",
  tag: "One of the artifact's tags; of anything else: whose workflow holds such an artifact",
  from: "Not before: milliseconds since 1970 or an ISO 8601 date; of agents: that began a run then",
  to: "Not after: as `from`",
} as const;

/** Any request may have a foreign Host or Origin, or be malformed. */
const ANY = [400, 403, 421];
const WITH_TOKEN = [...ANY, 401, 429];
const WITH_BODY = [...WITH_TOKEN, 413, 415, 503];
const text = z.string();

const CALLS: readonly Call[] = [
  call("/healthz", "getHealth", "Whether the server is up", "none", schemas.healthSchema),
  {
    ...call("/session", "openSession", "Exchange a token for the session cookie", "none", schemas.sessionAnswerSchema),
    method: "post",
    body: schemas.sessionBodySchema,
    faults: [...WITH_TOKEN, 413, 415],
  },
  {
    ...call("/", "getViewer", "The viewer for browsers, where the dashboard is served", "watch", text),
    contentType: "text/html",
    faults: [...WITH_TOKEN, 404],
  },
  list("/api/v1/agents", "listAgents", "Agents of the flock", schemas.agentPageSchema),
  list("/api/v1/artifacts", "listArtifacts", "Artifacts, oldest first", schemas.artifactPageSchema),
  one("/api/v1/artifacts/{id}", "getArtifact", "One artifact", schemas.artifactSchema),
  {
    ...call("/api/v1/artifacts", "publishArtifact", "Publish an artifact", "control", schemas.publishAnswerSchema),
    method: "post",
    status: 202,
    body: schemas.publishBodySchema,
    faults: [...WITH_BODY, 422],
  },
  list("/api/v1/streams", "listStreams", "Streams, oldest first, without their text", schemas.streamPageSchema),
  one("/api/v1/streams/{id}", "getStream", "One stream with its retained text", schemas.streamDetailSchema),
  list("/api/v1/workflows", "listWorkflows", "Workflows, oldest first", schemas.workflowPageSchema),
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
    faults: [...WITH_BODY, 404, 409],
  },
  {
    ...call("/api/v1/events", "watchEvents", "The protocol's messages as Server-Sent Events", "watch", text),
    contentType: "text/event-stream",
    faults: [...WITH_TOKEN, 503],
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
    faults: role === "none" ? ANY : WITH_TOKEN,
  };
}

function list(path: string, operationId: string, summary: string, answer: z.ZodType): Call {
  return { ...call(path, operationId, summary, "watch", answer), isList: true };
}

function one(path: string, operationId: string, summary: string, answer: z.ZodType): Call {
  return { ...call(path, operationId, summary, "watch", answer), faults: [...WITH_TOKEN, 404] };
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    unrepresentable: "any",
  });
  return rest;
}

function parametersOf({ path, isList }: Call): object[] {
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
  if (!isList) return inPath;
  const limit = { type: "integer", minimum: 1, maximum: schemas.LARGEST_LIMIT, default: schemas.DEFAULT_LIMIT };
  return [
    ...Object.entries(FILTERS).map(([name, description]) => ({
      name,
      in: "query",
      description,
      schema: { type: "string" },
    })),
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
