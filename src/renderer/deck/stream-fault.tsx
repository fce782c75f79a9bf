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
          <Button look="outline" small icon="right" onClick={() => goToStream(session, next.id)}>
            Go to attempt {next.started.attempt}
          </Button>
        )
      ) : needsKey && mayControl ? (
        <Button look="outline" small icon="key" onClick={() => setDialog("settings")}>
          Set a key
        </Button>
      ) : mayControl ? (
        <Button look="outline" small icon="again" onClick={() => void runAgain(session, stream.started.correlation_id)}>
          Run all again
        </Button>
      ) : null}
    </div>
  );
}
