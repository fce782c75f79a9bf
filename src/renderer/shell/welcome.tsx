import { useAtomValue } from "jotai/react";
import type { ReactNode } from "react";
import { PublishForm } from "../publish/publish-form.js";
import { helloAtom, mayControlAtom } from "../state/atoms.js";
import { flockNameAtom } from "../state/interface.js";
import { stages } from "../state/stages.js";
import { plural, shortModel } from "../ui/format.js";
import { StateIcon } from "../ui/state-icon.js";

/** The first view: the sample ready to publish, one button, and who will write. */
export function Welcome(): ReactNode {
  const hello = useAtomValue(helloAtom);
  const mayControl = useAtomValue(mayControlAtom);
  const name = useAtomValue(flockNameAtom);
  const agents = hello?.agents ?? [];
  const order = stages(agents);
  return (
    <div className="welcome">
      <section className="welcome-form" aria-label="Publish">
        {mayControl ? (
          <>
            <h2 className="welcome-title">{name} is ready</h2>
            <p className="welcome-lead">
              Publish the sample, or edit it first: {startsWords(order[0]?.length ?? 0, agents.length)}
            </p>
            <PublishForm />
          </>
        ) : (
          <>
            <h2 className="welcome-title">{name} is quiet</h2>
            <p className="welcome-lead">
              You are watching. As soon as somebody publishes, every stream appears here by itself.
            </p>
          </>
        )}
      </section>
      <section className="welcome-agents" aria-label="Agents">
        {order.map((stage, at) => (
          <div key={stage.map(({ name }) => name).join()} className="stage">
            <h3 className="stage-title">{at === 0 ? "At once" : at === 1 ? "When those are done" : "Then"}</h3>
            <ul className="stage-agents">
              {stage.map((agent) => (
                <li key={agent.name} className="stage-agent" title={agent.description}>
                  <StateIcon shape="waiting" />
                  <span className="stage-name truncate">{agent.name}</span>
                  <span className="stage-flow truncate">
                    {agent.consumes.join(" + ")} → {agent.publishes.join(", ") || "nothing"}
                  </span>
                  <span className="stage-model truncate">{shortModel(agent.model)}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </section>
    </div>
  );
}

function startsWords(first: number, all: number): string {
  const start = `${plural(first, "agent")} ${first === 1 ? "starts" : "start at once"}`;
  return all > first ? `${start}, ${all - first} more ${all - first === 1 ? "follows" : "follow"}.` : `${start}.`;
}
