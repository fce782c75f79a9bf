import { useAtomValue, useSetAtom } from "jotai/react";
import { memo, type ReactNode } from "react";
import type { StreamView } from "../../protocol/view-state.js";
import { useSession } from "../app-context.js";
import { goToStream, runAgain } from "../state/actions.js";
import { desktopAtom, mayControlAtom, runAtom } from "../state/atoms.js";
import { nextAttempt } from "../state/attempts.js";
import { dialogAtom } from "../state/interface.js";
import { Button } from "../ui/button.js";
import { plural, sentence } from "../ui/format.js";

/** What a button says; where there is no room for it, its icon and its tooltip have to do. */
function Step({ children }: { children: ReactNode }): ReactNode {
  return <span className="fault-step">{children}</span>;
}

const KEY_CODES = new Set(["missing_key", "provider_auth"]);

/** What messages say of the text; here it is told with its length. */
const KEPT = / ?The text so far is kept\./;

function kept({ length }: StreamView): string {
  if (length === 0) return "No text had come.";
  return `${plural(length, "character")} ${length === 1 ? "was" : "were"} kept.`;
}

/** What happened to a stream that failed, what was kept, and the one thing to do next. */
export const StreamFault = memo(function StreamFault({ stream }: { stream: StreamView }): ReactNode {
  return stream.status === "failed" ? <Fault stream={stream} /> : null;
});

function Fault({ stream }: { stream: StreamView }): ReactNode {
  const session = useSession();
  const setDialog = useSetAtom(dialogAtom);
  const mayControl = useAtomValue(mayControlAtom);
  const inApp = useAtomValue(desktopAtom) !== null;
  useAtomValue(runAtom(stream.started.run_id));
  const next = nextAttempt(session.view, stream);
  const error = stream.error ?? { code: "internal", message: "It failed without a reason." };
  // Keys are kept by the app: a browser can only run it again once one is set there.
  const needsKey = inApp && KEY_CODES.has(error.code);
  return (
    <div className="stream-fault" data-retried={next !== null}>
      <p>
        <strong>{sentence(error.message.replace(KEPT, ""))}</strong> <span className="fault-kept">{kept(stream)}</span>
      </p>
      {next !== null ? (
        next === "soon" ? (
          <span>It is tried again.</span>
        ) : (
          <Button
            look="outline"
            small
            icon="right"
            title={`Go to attempt ${next.started.attempt}`}
            onClick={() => goToStream(session, next.id)}
          >
            <Step>Go to attempt {next.started.attempt}</Step>
          </Button>
        )
      ) : needsKey && mayControl ? (
        <Button look="outline" small icon="key" title="Set a key" onClick={() => setDialog("settings")}>
          <Step>Set a key</Step>
        </Button>
      ) : mayControl ? (
        <Button
          look="outline"
          small
          icon="again"
          title="Run all again"
          onClick={() => void runAgain(session, stream.started.correlation_id)}
        >
          <Step>Run all again</Step>
        </Button>
      ) : null}
    </div>
  );
}
