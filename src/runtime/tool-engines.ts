/** Engines of the agents that may call tools of MCP servers: each agent is offered its own tools and no other. */
import type { Engine } from "../core/index.js";
import { createEngineResolver, type EngineOptions, type McpTools, openMcpTools } from "../engines/index.js";
import type { AgentDefinition } from "../flockfile/index.js";

export interface ToolEngines {
  /** Undefined for an agent without tools. Servers are started when a run first needs them. */
  engineOf(agent: AgentDefinition): Engine | undefined;
  close(): Promise<void>;
}

export function toolEngines(options: EngineOptions): ToolEngines {
  const open: McpTools[] = [];
  return {
    engineOf(agent) {
      if (agent.tools.length === 0) return undefined;
      const mcp = openMcpTools(agent.tools);
      open.push(mcp);
      const resolve = createEngineResolver({ ...options, tools: () => mcp.tools() });
      return {
        name: agent.model,
        // Resolved at each run, so that a missing key is that run's failure and not the flock's.
        evaluate: (engineAgent, context, inputs) => resolve(agent.model).evaluate(engineAgent, context, inputs),
      };
    },
    async close() {
      await Promise.all(open.map((mcp) => mcp.close()));
    },
  };
}
